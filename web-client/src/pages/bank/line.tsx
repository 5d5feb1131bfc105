import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { lineTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { linkText } from '../../ui/styles';
import { BankLineDocument, type BankLineQuery, type TransferFactsFragment } from './line.gql';
import { bankLineRoute } from './routes';
import { Settle } from './settle';

export type Line = NonNullable<BankLineQuery['bankLine']>;

/** One movement: what the bank says of it, what it may be, and what becomes of it. */
export function Screen() {
  const { t } = useTranslation('bank');
  const { id } = bankLineRoute.useParams();
  const name = useEnum();
  const format = useFormats();
  const { data, loading, problem, reload } = useLoad(
    BankLineDocument,
    { id },
    { typenames: ['BankLine', 'Proceeding'] },
  );
  const line = data?.bankLine ?? undefined;
  const title = line && t('line.title', { name: line.counterparty.name || t('lines.nobody') });
  useTitle(title);
  if (loading || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!line) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const { settlement, counterparty } = line;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'bank', node: <Link to="/settlement/bank">{t('title')}</Link> },
              { key: 'lines', node: <Link to="/settlement/bank/lines">{t('lines.title')}</Link> },
              { key: 'this', node: title },
            ]}
          />
        }
        title={title}
        meta={
          <>
            <StatusBadge tone={lineTones[line.state]}>{name('BankLineState', line.state)}</StatusBadge>
            {line.reason && <Badge tone="attention">{name('BankLineReason', line.reason)}</Badge>}
            <span className="font-semibold text-base text-ink tabular-nums">{format.money(line.amount)}</span>
          </>
        }
      />
      {line.state === 'PROPOSED' && line.proceeding && (
        <Notice
          tone="info"
          className="mb-5"
          title={t('line.second')}
          actions={
            <Link to="/review/$id" params={{ id: line.proceeding.id }} className={linkText}>
              {t('line.toDesk')}
            </Link>
          }
        >
          {t('line.secondWhy')}
        </Notice>
      )}
      {line.canSettle && <Settle line={line} />}
      {settlement && (
        <Section title={t('line.settlement')} card>
          <DescriptionList
            facts={[
              { key: 'action', term: t('line.action'), value: t(`action.${settlement.action}`) },
              { key: 'apply', term: t('line.apply'), value: format.money(settlement.apply) },
              { key: 'return', term: t('line.return'), value: format.money(settlement.return) },
              { key: 'reason', term: t('line.reason'), value: settlement.reason },
            ]}
          />
        </Section>
      )}
      <Section title={t('line.facts')} card>
        <DescriptionList
          columns={2}
          facts={[
            { key: 'day', term: t('column.day'), value: format.day(line.bookedOn) },
            { key: 'amount', term: t('column.amount'), value: format.money(line.amount) },
            { key: 'counterparty', term: t('column.counterparty'), value: counterparty.name },
            {
              key: 'account',
              term: t('column.account'),
              value:
                counterparty.lastDigits &&
                t('line.ending', { bank: counterparty.bank, digits: counterparty.lastDigits }),
            },
            { key: 'remark', term: t('column.remark'), value: line.remark },
            { key: 'serial', term: t('column.serial'), value: line.serial },
            {
              key: 'file',
              term: t('line.file'),
              value: (
                <Link to="/settlement/bank/lines" search={{ statement: line.statement.id }} className={linkText}>
                  {t('line.row', { file: line.statement.fileName, number: line.number })}
                </Link>
              ),
            },
          ]}
        />
      </Section>
      {line.transfer && (
        <Section title={t(line.state === 'QUEUED' ? 'line.maybe' : 'line.transfer')} card>
          <Transfer of={line.transfer} />
        </Section>
      )}
    </div>
  );
}

/** What is expected: by whom, how much, and what of it came. */
export function Transfer({ of }: { of: TransferFactsFragment }) {
  const { t } = useTranslation('bank');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  return (
    <DescriptionList
      columns={2}
      facts={[
        { key: 'kind', term: t('transfer.kind'), value: name('TransferKind', of.kind) },
        { key: 'state', term: t('transfer.state'), value: name('TransferState', of.state) },
        { key: 'who', term: t('transfer.who'), value: of.organisation && named(of.organisation) },
        { key: 'code', term: t('transfer.code'), value: <code className="font-mono">{of.code}</code> },
        { key: 'amount', term: t('transfer.amount'), value: format.money(of.amount) },
        {
          key: 'received',
          term: t('transfer.received'),
          value: of.kind === 'PAYMENT' ? format.money(of.received) : null,
        },
        { key: 'since', term: t('transfer.since'), value: format.moment(of.createdAt) },
      ]}
    />
  );
}
