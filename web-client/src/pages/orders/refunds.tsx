import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act, reasonLimit } from '../../app/act';
import { EvidenceField } from '../../app/evidence-field';
import { useIsKept, useKept, useKeptEvidence, useKeptKey } from '../../app/kept';
import { refundTones } from '../../app/tones';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useEnum } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextArea, useDecimalFault } from '../../ui/input';
import { Section } from '../../ui/layout';
import { linkText } from '../../ui/styles';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { WithdrawApplicationDocument } from '../freeuse/withdraw.gql';
import type { OrderQuery } from './order.gql';
import { RequestRefundDocument } from './refund.gql';

type Order = NonNullable<OrderQuery['order']>;

const typenames = ['Refund', 'Order', 'Proceeding'];

/** Under which a refund that is begun is kept. */
const refundForm = (orderId: string) => `refund.${orderId}`;

/** What went back of an order or is on its way, and a form that asks for more of it. */
export function Refunds({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const name = useEnum();
  const format = useFormats();
  const kept = useIsKept(refundForm(order.id));
  const [asking, setAsking] = useState(kept);
  if (!order.canRefund && order.refunds.length === 0) return null;
  const open = asking && order.canRefund;
  return (
    <Section
      id="refunds"
      title={t('refunds.title')}
      lead={t('refunds.lead')}
      card
      actions={order.canRefund && !open && <Button onClick={() => setAsking(true)}>{t('refunds.ask')}</Button>}
    >
      {order.refunds.length > 0 && (
        <DataTable
          caption={t('refunds.title')}
          rows={order.refunds}
          rowKey={(refund) => refund.id}
          columns={[
            {
              key: 'asked',
              head: t('refunds.askedAt'),
              rowHeader: true,
              nowrap: true,
              cell: (refund) => format.moment(refund.createdAt),
            },
            { key: 'amount', head: t('refunds.amount'), numeric: true, cell: (refund) => format.money(refund.amount) },
            {
              key: 'status',
              head: t('refunds.status'),
              nowrap: true,
              cell: (refund) => (
                <>
                  <StatusBadge tone={refundTones[refund.status]}>{name('RefundStatus', refund.status)}</StatusBadge>
                  {refund.paidAt && <span className="ml-2 text-ink-3 text-xs">{format.moment(refund.paidAt)}</span>}
                </>
              ),
            },
            { key: 'reason', head: t('refunds.reason'), cell: (refund) => refund.reason },
            {
              key: 'act',
              head: t('refunds.act'),
              nowrap: true,
              cell: ({ proceeding }) =>
                proceeding && (
                  <span className="flex items-center gap-2">
                    {proceeding.allowedSteps.length > 0 && (
                      <Link to="/review/$id" params={{ id: proceeding.id }} className={linkText}>
                        {t('refunds.decide')}
                      </Link>
                    )}
                    {proceeding.canWithdraw && (
                      <Act
                        size="small"
                        label={t('refunds.withdraw')}
                        title={t('refunds.withdrawTitle')}
                        consequence={t('refunds.withdrawConsequence')}
                        done={t('refunds.withdrawn')}
                        mutation={WithdrawApplicationDocument}
                        variables={() => ({ id: proceeding.id })}
                        typenames={typenames}
                        asksReason={false}
                        danger
                      />
                    )}
                  </span>
                ),
            },
          ]}
        />
      )}
      {open && (
        <div className={order.refunds.length > 0 ? 'mt-4' : undefined}>
          <Form order={order} onDone={() => setAsking(false)} />
        </div>
      )}
    </Section>
  );
}

function Form({ order, onDone }: { order: Order; onDone: () => void }) {
  const { t } = useTranslation('orders');
  const format = useFormats();
  const place = refundForm(order.id);
  const {
    typed: { amount, reason },
    change,
    drop,
  } = useKept(place, { amount: '', reason: '' });
  const evidence = useKeptEvidence(place);
  const { keyOf, renew } = useKeptKey(place);
  const { submit, pending, faults, problem } = useSubmit(RequestRefundDocument, { typenames });
  const decimal = useDecimalFault();
  const { at, errors, attempt, ready } = useFormErrors(
    {
      amount: decimal(amount, 2) ?? (!amount && t('refunds.amountMissing')),
      reason: !reason.trim() && t('refunds.reasonMissing'),
      evidence: evidence.uploading && t('refunds.uploading'),
    },
    faults,
  );
  const leave = () => {
    drop();
    evidence.drop();
    renew();
    onDone();
  };
  const send = async () => {
    if (!ready()) return;
    const content = { amount, reason: reason.trim(), evidence: evidence.ids };
    const outcome = await submit({ orderId: order.id, input: { ...content, idempotencyKey: keyOf(content) } });
    if (!outcome?.done) return;
    leave();
    toast(t('refunds.asked'));
  };
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <FormErrors
        errors={errors.map((error) => ({ ...error, field: 'field' in error ? `refund-${error.field}` : undefined }))}
        attempt={attempt}
      />
      <Trouble problem={problem} />
      <Field
        id="refund-amount"
        className="max-w-xs"
        label={t('refunds.amount')}
        hint={t('refunds.most', { amount: format.money(order.refundable) })}
        error={at('amount')}
        required
      >
        <NumberInput
          places={2}
          value={amount}
          suffix={t('refunds.yuan')}
          onValueChange={(next) => change({ amount: next })}
        />
      </Field>
      <Field id="refund-reason" label={t('refunds.reason')} error={at('reason')} required>
        <TextArea
          rows={3}
          value={reason}
          limit={reasonLimit}
          onChange={(event) => change({ reason: event.target.value })}
        />
      </Field>
      <EvidenceField
        id="refund-evidence"
        evidence={evidence}
        label={t('refunds.evidence')}
        hint={t('refunds.evidenceHint')}
        error={at('evidence')}
        required={false}
      />
      <div className="flex flex-wrap gap-2">
        <Button onClick={leave}>{t('refunds.leave')}</Button>
        <Button type="submit" kind="primary" pending={pending}>
          {t('refunds.send')}
        </Button>
      </div>
    </form>
  );
}
