import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { transferTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { linkText } from '../../ui/styles';
import { inFours } from './code';
import { Transfer } from './line';
import { transferRoute } from './routes';
import { SettleTransfer } from './settle-transfer';
import { BankTransferDocument, type BankTransferQuery } from './transfer.gql';

export type OneTransfer = NonNullable<BankTransferQuery['bankTransfer']>;

/** One expected transfer: where it goes, when the bank was told, and what becomes of one whose end no statement tells. */
export function Screen() {
  const { t } = useTranslation('bank');
  const { id } = transferRoute.useParams();
  const name = useEnum();
  const format = useFormats();
  const { data, loading, problem, reload } = useLoad(
    BankTransferDocument,
    { id },
    { typenames: ['BankTransfer', 'Proceeding'] },
  );
  const transfer = data?.bankTransfer ?? undefined;
  const title = transfer && t('transfer.title', { code: transfer.code });
  useTitle(title);
  if (loading || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!transfer) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const { proposal, payee } = transfer;
  const into = (account: { name: string; bank: string; lastDigits: string }) =>
    `${account.name} ${t('line.ending', { bank: account.bank, digits: account.lastDigits })}`;
  const stated = (account: { name: string; bank: string; lastDigits: string }) =>
    proposal?.payeeNumber ? `${account.name} ${account.bank} ${inFours(proposal.payeeNumber)}` : into(account);
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'bank', node: <Link to="/settlement/bank">{t('title')}</Link> },
              { key: 'transfers', node: <Link to="/settlement/bank/transfers">{t('transfers.title')}</Link> },
              { key: 'this', node: title },
            ]}
          />
        }
        title={title}
        meta={
          <>
            <StatusBadge tone={transferTones[transfer.state]}>{name('TransferState', transfer.state)}</StatusBadge>
            <Badge>{name('TransferKind', transfer.kind)}</Badge>
            <span className="font-semibold text-base text-ink tabular-nums">{format.money(transfer.amount)}</span>
          </>
        }
      />
      {proposal && (
        <Notice
          tone="info"
          className="mb-5"
          title={t('line.second')}
          actions={
            transfer.proceeding && (
              <Link to="/review/$id" params={{ id: transfer.proceeding.id }} className={linkText}>
                {t('line.toDesk')}
              </Link>
            )
          }
        >
          {t('line.secondWhy')}
        </Notice>
      )}
      {transfer.allowedActions.length > 0 && <SettleTransfer transfer={transfer} />}
      {proposal && (
        <Section title={t('transfer.proposal')} card>
          <DescriptionList
            facts={[
              { key: 'action', term: t('transfer.action'), value: t(`transferAction.${proposal.action}`) },
              { key: 'payee', term: t('transfer.payee'), value: proposal.payee && stated(proposal.payee) },
              { key: 'reason', term: t('transfer.reason'), value: proposal.reason },
            ]}
          />
        </Section>
      )}
      <Section title={t('transfer.facts')} card>
        <Transfer of={transfer} />
        <DescriptionList
          columns={2}
          facts={[
            {
              key: 'order',
              term: t('transfer.order'),
              value: transfer.order && (
                <Link to="/orders/$id" params={{ id: transfer.order.id }} className={linkText}>
                  {t('transfer.toOrder')}
                </Link>
              ),
            },
            { key: 'payee', term: t('transfer.payee'), value: payee && into(payee) },
            {
              key: 'exported',
              term: t('transfer.exported'),
              value: transfer.exportedAt && format.moment(transfer.exportedAt),
            },
          ]}
        />
      </Section>
    </div>
  );
}
