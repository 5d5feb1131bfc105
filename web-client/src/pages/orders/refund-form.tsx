import { useTranslation } from 'react-i18next';
import { reasonLimit } from '../../app/act';
import { EvidenceField } from '../../app/evidence-field';
import { useKept, useKeptEvidence, useKeptKey } from '../../app/kept';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextArea, useDecimalFault } from '../../ui/input';
import { toast } from '../../ui/toast';
import { RequestRefundDocument } from './refund.gql';
import { type Paid, refundForm, typenames } from './refunds';
import { RightAfterNotice } from './right-after';
import { UnusedDocument } from './unused.gql';

/** Asks for a part of what was paid, or all of it. */
export function RefundForm({ paid, onDone }: { paid: Paid; onDone: () => void }) {
  const { t } = useTranslation('refunds');
  const format = useFormats();
  const place = refundForm(paid);
  const {
    typed: { amount, reason },
    change,
    drop,
  } = useKept(place, { amount: '', reason: '' });
  const evidence = useKeptEvidence(place);
  const { keyOf, renew } = useKeptKey(place);
  const { submit, pending, faults, problem } = useSubmit(RequestRefundDocument, { typenames });
  const decimal = useDecimalFault();
  // Bills say what was used of theirs.
  const ofOrder = !paid.paymentId;
  const { data } = useLoad(
    UnusedDocument,
    { orderId: paid.orderId },
    { pause: !ofOrder, typenames: ['Refund', 'Order', 'Entitlement'] },
  );
  const unused = ofOrder ? data?.order?.unused : undefined;
  const { at, errors, attempt, ready } = useFormErrors(
    {
      amount: decimal(amount, 2) ?? (!amount && t('amountMissing')),
      reason: !reason.trim() && t('reasonMissing'),
      evidence: evidence.uploading && t('uploading'),
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
    const content = { paymentId: paid.paymentId, amount, reason: reason.trim(), evidence: evidence.ids };
    const outcome = await submit({ orderId: paid.orderId, input: { ...content, idempotencyKey: keyOf(content) } });
    if (!outcome?.done) return;
    leave();
    toast(t('asked'));
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
        label={t('amount')}
        hint={t('most', { amount: format.money(paid.refundable) })}
        error={at('amount')}
        required
      >
        <NumberInput places={2} value={amount} suffix={t('yuan')} onValueChange={(next) => change({ amount: next })} />
      </Field>
      {unused && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13 text-ink-2">
          {t('unused', { amount: format.money(unused) })}
          {Number(unused.amount) > 0 && (
            <Button size="small" onClick={() => change({ amount: unused.amount })}>
              {t('fillUnused')}
            </Button>
          )}
        </p>
      )}
      {ofOrder && <RightAfterNotice orderId={paid.orderId} amount={amount && !decimal(amount, 2) ? amount : ''} />}
      <Field id="refund-reason" label={t('reason')} error={at('reason')} required>
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
        label={t('evidence')}
        hint={t('evidenceHint')}
        error={at('evidence')}
        required={false}
      />
      <div className="flex flex-wrap gap-2">
        <Button onClick={leave}>{t('leave')}</Button>
        <Button type="submit" kind="primary" pending={pending}>
          {t('send')}
        </Button>
      </div>
    </form>
  );
}
