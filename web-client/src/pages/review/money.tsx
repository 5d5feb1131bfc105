import { Link } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { DescriptionList, Section } from '../../ui/layout';
import { linkText } from '../../ui/styles';
import { DataTable } from '../../ui/table';
import { inFours } from '../bank/code';
import { RightAfter } from '../orders/right-after';
import type { ProceedingFacts } from './proceeding';
import type { DeskRuleFragment } from './proceeding.gql';

type Of<Name extends string> = Extract<NonNullable<ProceedingFacts['subject']>, { __typename: Name }>;

/** Among whom a fee is shared, each part in percent of the whole. */
export function RuleFacts({ rule, product }: { rule: DeskRuleFragment; product?: Of<'AllocationRule'>['product'] }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  return (
    <>
      <Section title={t('rule.title', { number: rule.number })} card>
        <DescriptionList
          facts={[
            { key: 'product', term: t('rule.product'), value: product && named(product) },
            { key: 'kind', term: t('rule.kind'), value: name('AllocationKind', rule.allocationKind) },
            {
              key: 'from',
              term: t('rule.from'),
              value: rule.effectiveOn ? format.day(rule.effectiveOn) : t('rule.atOnce'),
            },
            { key: 'document', term: t('rule.document'), value: rule.sourceDocument },
          ]}
        />
      </Section>
      <Section title={t('rule.parts')}>
        <DataTable
          caption={t('rule.parts')}
          rows={rule.parts.map((part, i) => ({ ...part, place: String(i) }))}
          rowKey={(part) => part.place}
          columns={[
            {
              key: 'who',
              head: t('rule.who'),
              rowHeader: true,
              cell: (part) => part.contributor && named(part.contributor),
            },
            { key: 'share', head: t('rule.share'), numeric: true, cell: (part) => `${part.sharePercent}%` },
            { key: 'channel', head: t('rule.channel'), nowrap: true, cell: (part) => name('Channel', part.channel) },
            { key: 'basis', head: t('rule.basis'), cell: (part) => part.basis },
          ]}
        />
      </Section>
    </>
  );
}

/** What goes back of which payment. */
export function RefundFacts({ refund }: { refund: Of<'Refund'> }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const format = useFormats();
  const { payment } = refund;
  return (
    <Section title={t('refund.title')} card>
      <DescriptionList
        facts={[
          { key: 'amount', term: t('refund.amount'), value: <strong>{format.money(refund.amount)}</strong> },
          { key: 'status', term: t('refund.status'), value: name('RefundStatus', refund.refundStatus) },
          {
            key: 'order',
            term: t('refund.order'),
            value: refund.order && (
              <Link to="/orders/$id" params={{ id: refund.order.id }} className={linkText}>
                {t('refund.open')}
              </Link>
            ),
          },
          {
            key: 'payee',
            term: t('refund.payee'),
            value:
              payment?.provider !== 'bank'
                ? t('refund.sameWay')
                : refund.payee
                  ? t('payout.ending', ending(refund.payee))
                  : t('refund.payeeMissing'),
          },
          {
            key: 'right',
            term: t('refund.right'),
            value: refund.rightAfter && (
              <Suspense fallback={null}>
                <RightAfter after={refund.rightAfter} />
              </Suspense>
            ),
          },
          { key: 'paid', term: t('refund.paid'), value: payment && format.money(payment.amount) },
          { key: 'paidAt', term: t('refund.paidAt'), value: payment?.settledAt && format.moment(payment.settledAt) },
        ]}
      />
    </Section>
  );
}

/** What each contributor is paid. */
export function PayoutFacts({ batch }: { batch: Of<'PayoutBatch'> }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  return (
    <Section
      title={t('payout.title', { month: batch.month })}
      lead={t('payout.total', { amount: format.money(batch.total) })}
    >
      <DataTable
        caption={t('payout.title', { month: batch.month })}
        rows={batch.lines.map((line, i) => ({ ...line, place: String(i) }))}
        rowKey={(line) => line.place}
        columns={[
          {
            key: 'who',
            head: t('rule.who'),
            rowHeader: true,
            cell: (line) => line.contributor && named(line.contributor),
          },
          { key: 'payee', head: t('payout.payee'), nowrap: true, cell: (line) => name('Payee', line.payee) },
          { key: 'account', head: t('payout.account'), cell: (line) => <Into line={line} /> },
          { key: 'amount', head: t('payout.amount'), numeric: true, cell: (line) => format.money(line.amount) },
        ]}
      />
    </Section>
  );
}

/** A movement on the platform's account, and what one person proposes for it. */
export function ReceiptFacts({ line }: { line: Of<'BankLine'> }) {
  const { t } = useTranslation('review');
  const named = useNamed();
  const format = useFormats();
  const { settlement, transfer } = line;
  return (
    <Section title={t('receipt.title')} card>
      <DescriptionList
        columns={2}
        facts={[
          { key: 'amount', term: t('receipt.amount'), value: <strong>{format.money(line.amount)}</strong> },
          { key: 'from', term: t('receipt.from'), value: line.counterparty.name },
          { key: 'day', term: t('receipt.day'), value: format.day(line.bookedOn) },
          { key: 'remark', term: t('receipt.remark'), value: line.remark },
          { key: 'action', term: t('receipt.action'), value: settlement && t(`bank:action.${settlement.action}`) },
          { key: 'apply', term: t('receipt.apply'), value: settlement && format.money(settlement.apply) },
          { key: 'return', term: t('receipt.return'), value: settlement && format.money(settlement.return) },
          {
            key: 'to',
            term: t('receipt.to'),
            value:
              settlement?.action === 'APPLY' && transfer ? (
                <>
                  {transfer.organisation && named(transfer.organisation)} {format.money(transfer.amount)}{' '}
                  <code className="font-mono">{transfer.code}</code>
                </>
              ) : null,
          },
          {
            key: 'open',
            term: t('receipt.open'),
            value: (
              <Link to="/settlement/bank/lines/$id" params={{ id: line.id }} className={linkText}>
                {t('receipt.look')}
              </Link>
            ),
          },
        ]}
      />
    </Section>
  );
}

/** A transfer, and what one person proposes for it. */
export function TransferFacts({ transfer }: { transfer: Of<'BankTransfer'> }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const format = useFormats();
  const { proposal } = transfer;
  const stated = proposal?.payee;
  return (
    <Section title={t('transfer.title')} card>
      <DescriptionList
        columns={2}
        facts={[
          { key: 'kind', term: t('transfer.kind'), value: name('TransferKind', transfer.transferKind) },
          { key: 'amount', term: t('transfer.amount'), value: <strong>{format.money(transfer.amount)}</strong> },
          { key: 'code', term: t('transfer.code'), value: <code className="font-mono">{transfer.code}</code> },
          {
            key: 'received',
            term: t('transfer.received'),
            value: transfer.transferKind === 'PAYMENT' ? format.money(transfer.received) : null,
          },
          {
            key: 'action',
            term: t('transfer.action'),
            value: proposal && <strong>{t(`bank:transferAction.${proposal.action}`)}</strong>,
          },
          {
            key: 'same',
            term: t('transfer.same'),
            value: transfer.refundPayee && t('payout.ending', ending(transfer.refundPayee)),
          },
          {
            key: 'payee',
            term: t('transfer.payee'),
            value: stated && (
              <strong>
                {proposal?.payeeNumber
                  ? t('transfer.whole', { name: stated.name, bank: stated.bank, number: inFours(proposal.payeeNumber) })
                  : t('payout.ending', ending(stated))}
              </strong>
            ),
          },
          {
            key: 'open',
            term: t('transfer.open'),
            value: (
              <Link to="/settlement/bank/transfers/$id" params={{ id: transfer.id }} className={linkText}>
                {t('transfer.look')}
              </Link>
            ),
          },
        ]}
      />
    </Section>
  );
}

const ending = (account: { name: string; bank: string; lastDigits: string }) => ({
  name: account.name,
  bank: account.bank,
  digits: account.lastDigits,
});

/** Into which bank account a line goes, and whether that is missing or another than the last. */
function Into({ line }: { line: Of<'PayoutBatch'>['lines'][number] }) {
  const { t } = useTranslation('review');
  const { account } = line;
  if (line.accountMissing) return <Badge tone="attention">{t('payout.missing')}</Badge>;
  if (!account) return null;
  return (
    <span className="flex flex-wrap items-center gap-2">
      {t('payout.ending', { name: account.name, bank: account.bank, digits: account.lastDigits })}
      {line.accountChanged && <Badge tone="attention">{t('payout.changed')}</Badge>}
    </span>
  );
}
