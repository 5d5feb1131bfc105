import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonLimit } from '../../app/act';
import { late } from '../../app/late';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextArea, TextInput } from '../../ui/input';
import { toast } from '../../ui/toast';
import { ConfirmPayoutDocument } from './confirm.gql';

const Dialog = late(() => import('../../ui/dialog').then((m) => m.Dialog));

/** Says that the bank paid a line, by the bank's own reference, and why where it had failed; what was typed stays when it is refused. */
export function Paid({
  batchId,
  contributorId,
  who,
  amount,
  afterAll,
}: {
  batchId: string;
  contributorId: string;
  who: string;
  amount: string;
  /** The line was recorded as failed. */
  afterAll: boolean;
}) {
  const { t } = useTranslation('settlement');
  const form = useId();
  const [open, setOpen] = useState(false);
  const [reference, setReference] = useState('');
  const [reason, setReason] = useState('');
  const { submit, pending, faults, problem, reset } = useSubmit(ConfirmPayoutDocument, {
    typenames: ['PayoutBatch', 'Statement'],
  });
  const { at, errors, attempt, ready } = useFormErrors(
    {
      reference: !reference.trim() && t('paid.missing'),
      reason: afterAll && !reason.trim() && t('paid.reasonMissing'),
    },
    faults,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const input = {
      contributorId,
      paid: true,
      reference: reference.trim(),
      reason: afterAll ? reason.trim() : undefined,
    };
    const outcome = await submit({ id: batchId, input });
    if (!outcome?.done) return;
    setOpen(false);
    toast(t('paid.done'));
  };
  return (
    <>
      <Button
        size="small"
        kind={afterAll ? 'secondary' : 'primary'}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t(afterAll ? 'paid.after' : 'paid.act')}
      </Button>
      {open && (
        <Dialog
          open
          onOpenChange={(next) => {
            setOpen(next);
            if (!next) reset();
          }}
          title={t('paid.title', { name: who })}
          description={t(afterAll ? 'paid.afterConsequence' : 'paid.consequence', { amount })}
          focus="reference"
          actions={
            <>
              <Button onClick={() => setOpen(false)}>{t('ui:cancel')}</Button>
              <Button type="submit" form={form} kind="primary" pending={pending}>
                {t('paid.confirm')}
              </Button>
            </>
          }
        >
          <form id={form} onSubmit={send} noValidate className="space-y-4">
            <FormErrors errors={errors} attempt={attempt} />
            <Trouble problem={problem} />
            <Field id="reference" label={t('paid.reference')} hint={t('paid.hint')} error={at('reference')} required>
              <TextInput autoComplete="off" value={reference} onChange={(event) => setReference(event.target.value)} />
            </Field>
            {afterAll && (
              <Field id="reason" label={t('paid.reason')} hint={t('paid.reasonHint')} error={at('reason')} required>
                <TextArea limit={reasonLimit} value={reason} onChange={(event) => setReason(event.target.value)} />
              </Field>
            )}
          </form>
        </Dialog>
      )}
    </>
  );
}
