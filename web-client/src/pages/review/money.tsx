import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { DescriptionList, Section } from '../../ui/layout';
import { linkText } from '../../ui/styles';
import { DataTable } from '../../ui/table';
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
          { key: 'amount', head: t('payout.amount'), numeric: true, cell: (line) => format.money(line.amount) },
        ]}
      />
    </Section>
  );
}
