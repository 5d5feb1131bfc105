import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { payoutLineTones, payoutTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { ButtonAnchor } from '../../ui/button';
import { LoadMore } from '../../ui/code';
import { Breadcrumbs, DescriptionList, PageHead, Row, Rows, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { linkText } from '../../ui/styles';
import { ConfirmPayoutDocument } from './confirm.gql';
import { Paid } from './paid';
import { PayoutDocument, type PayoutQuery } from './payout.gql';
import { payoutRoute } from './routes';

export type Batch = NonNullable<PayoutQuery['payoutBatch']>;
export type Line = Batch['lines'][number];

/** How many lines are shown at a time; a batch has up to two thousand. */
const step = 100;

/** One payout batch: who approves it, its bank file, and what the bank says of each line. */
export function Screen() {
  const { t } = useTranslation('settlement');
  const { id } = payoutRoute.useParams();
  const format = useFormats();
  const name = useEnum();
  const [shown, setShown] = useState(step);
  const { data, loading, problem, reload } = useLoad(
    PayoutDocument,
    { id },
    { typenames: ['PayoutBatch', 'Proceeding'] },
  );
  const batch = data?.payoutBatch ?? undefined;
  const title = batch && t('payouts.of', { month: format.month(batch.month) });
  useTitle(title);
  if (loading || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!batch) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const missing = batch.lines.some((line) => line.accountMissing && line.state === 'PENDING');
  const changed = batch.lines.some((line) => line.accountChanged && line.state === 'PENDING');
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/settlement/payouts">{t('payouts.title')}</Link> },
              { key: 'this', node: title },
            ]}
          />
        }
        title={title}
        meta={
          <>
            <StatusBadge tone={payoutTones[batch.status]}>{name('PayoutBatchStatus', batch.status)}</StatusBadge>
            <span className="font-semibold text-base text-ink tabular-nums">{format.money(batch.total)}</span>
          </>
        }
        actions={
          batch.bankFile && (
            <ButtonAnchor href={batch.bankFile} download>
              {t('payout.file')}
            </ButtonAnchor>
          )
        }
      />
      {batch.status === 'SUBMITTED' && (
        <Notice
          tone="info"
          className="mb-5"
          title={t('payout.second')}
          actions={
            batch.proceeding && (
              <Link to="/review/$id" params={{ id: batch.proceeding.id }} className={linkText}>
                {t('payout.toDesk')}
              </Link>
            )
          }
        >
          {t('payout.secondWhy')}
        </Notice>
      )}
      {missing && (
        <Notice tone="attention" className="mb-5" title={t('payout.missingTitle')}>
          {t('payout.missingWhy')}
        </Notice>
      )}
      {changed && (
        <Notice tone="attention" className="mb-5" title={t('payout.changedTitle')}>
          {t('payout.changedWhy')}
        </Notice>
      )}
      <Section title={t('payout.facts')} card>
        <DescriptionList
          columns={2}
          facts={[
            {
              key: 'number',
              term: t('payout.number'),
              value: <span className="break-all font-mono text-13">{batch.id}</span>,
            },
            { key: 'created', term: t('payout.created'), value: format.moment(batch.createdAt) },
            {
              key: 'approved',
              term: t('payout.approved'),
              value: batch.approvedAt && format.moment(batch.approvedAt),
            },
            {
              key: 'desk',
              term: t('payout.desk'),
              value: batch.proceeding && (
                <Link to="/review/$id" params={{ id: batch.proceeding.id }} className={linkText}>
                  {t('payout.record')}
                </Link>
              ),
            },
          ]}
        />
      </Section>
      <Section title={t('payout.lines')} lead={batch.canConfirm ? t('payout.linesLead') : undefined}>
        <Rows label={t('payout.lines')}>
          {batch.lines.slice(0, shown).map((line, i) => (
            <One key={line.contributor?.id ?? i} batch={batch} line={line} />
          ))}
        </Rows>
        <LoadMore
          shown={Math.min(shown, batch.lines.length)}
          total={batch.lines.length}
          hasMore={shown < batch.lines.length}
          pending={false}
          onMore={() => setShown((now) => now + step)}
        />
      </Section>
    </>
  );
}

function One({ batch, line }: { batch: Batch; line: Line }) {
  const { t } = useTranslation('settlement');
  const format = useFormats();
  const named = useNamed();
  const name = useEnum();
  const { contributor } = line;
  const who = contributor ? named(contributor) : t('contributor');
  const { account } = line;
  return (
    <Row
      title={who}
      marks={
        <>
          <StatusBadge tone={payoutLineTones[line.state]}>{name('PayoutLineState', line.state)}</StatusBadge>
          {line.accountMissing && <Badge tone="attention">{t('payout.missing')}</Badge>}
          {line.accountChanged && <Badge tone="attention">{t('payout.changed')}</Badge>}
        </>
      }
      meta={
        <>
          <span>{t('payout.into', { payee: name('Payee', line.payee) })}</span>
          {account && (
            <span>{t('payout.account', { name: account.name, bank: account.bank, digits: account.lastDigits })}</span>
          )}
          {line.provider && <span>{t('payout.byProvider')}</span>}
          {line.reference && <span className="break-all">{t('payout.reference', { reference: line.reference })}</span>}
          {line.reason && (
            <span className="break-words">
              {t(line.state === 'FAILED' ? 'payout.failed' : 'payout.reason', { reason: line.reason })}
            </span>
          )}
        </>
      }
      aside={
        <>
          <span className="block font-semibold text-base text-ink tabular-nums">{format.money(line.amount)}</span>
          {batch.canConfirm && line.state !== 'CONFIRMED' && !line.provider && contributor && (
            <span className="mt-2 flex flex-wrap gap-2 sm:justify-end">
              {!line.accountMissing && (
                <Paid
                  batchId={batch.id}
                  contributorId={contributor.id}
                  who={who}
                  amount={format.money(line.amount)}
                  afterAll={line.state === 'FAILED'}
                />
              )}
              {line.state === 'PENDING' && (
                <Act
                  size="small"
                  label={t('notPaid.act')}
                  title={t('notPaid.title', { name: who })}
                  consequence={t('notPaid.consequence', { amount: format.money(line.amount) })}
                  done={t('notPaid.done')}
                  asksReason={false}
                  mutation={ConfirmPayoutDocument}
                  variables={() => ({ id: batch.id, input: { contributorId: contributor.id, paid: false } })}
                  typenames={['PayoutBatch', 'Statement']}
                />
              )}
            </span>
          )}
        </>
      }
    />
  );
}
