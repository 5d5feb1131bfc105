import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonLimit } from '../../app/act';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useIdempotencyKey, useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { RadioGroup } from '../../ui/choice';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextArea, TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { toast } from '../../ui/toast';
import { SettleBankTransferDocument } from './settle-transfer.gql';
import type { OneTransfer } from './transfer';

/** Says what becomes of a transfer whose end no statement tells; where no account is known, one is stated. A second person then agrees. */
export function SettleTransfer({ transfer }: { transfer: OneTransfer }) {
  const { t } = useTranslation('bank');
  const [action, setAction] = useState(transfer.allowedActions[0]);
  const [other, setOther] = useState(!transfer.payee);
  const [name, setName] = useState(transfer.payee?.name ?? '');
  const [bank, setBank] = useState('');
  const [number, setNumber] = useState('');
  const [reason, setReason] = useState('');
  const { keyOf, renew } = useIdempotencyKey();
  const stating = action === 'REORDER' && other;
  const { submit, pending, faults, problem } = useSubmit(SettleBankTransferDocument, {
    typenames: ['BankTransfer', 'Proceeding'],
  });
  const missing = (text: string) => stating && !text.trim() && t('transferSettle.missing');
  const { at, errors, attempt, ready } = useFormErrors(
    {
      'payee.name': missing(name),
      'payee.bank': missing(bank),
      'payee.number': missing(number),
      reason: !reason.trim() && t('transferSettle.reasonMissing'),
    },
    faults,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready() || !action) return;
    const content = { action, reason: reason.trim(), payee: stating ? { name, bank, number } : undefined };
    const idempotencyKey = keyOf({ id: transfer.id, ...content });
    const outcome = await submit({ id: transfer.id, input: { ...content, idempotencyKey } });
    if (!outcome?.done) return;
    renew();
    toast(t('transferSettle.done'));
  };
  return (
    <Section title={t('transferSettle.title')} lead={t('transferSettle.lead')} card>
      <form onSubmit={send} noValidate className="space-y-4">
        <FormErrors errors={errors} attempt={attempt} />
        <Trouble problem={problem} />
        <Field as="group" label={t('transfer.action')}>
          <RadioGroup
            name="action"
            options={transfer.allowedActions.map((one) => ({
              value: one,
              label: t(`transferAction.${one}`),
              hint: t(`transferSettle.how.${one}`),
            }))}
            value={action ?? ''}
            onValueChange={(next) => setAction(transfer.allowedActions.find((one) => one === next) ?? action)}
          />
        </Field>
        {action === 'REORDER' && transfer.payee && (
          <Field as="group" label={t('transferSettle.account')}>
            <RadioGroup
              name="account"
              options={[
                {
                  value: 'same',
                  label: t('transferSettle.keep'),
                  hint: `${transfer.payee.name} ${t('line.ending', { bank: transfer.payee.bank, digits: transfer.payee.lastDigits })}`,
                },
                { value: 'other', label: t('transferSettle.other') },
              ]}
              value={other ? 'other' : 'same'}
              onValueChange={(next) => setOther(next === 'other')}
            />
          </Field>
        )}
        {stating && (
          <div className="grid gap-3 sm:grid-cols-2">
            <Field id="payee.name" label={t('transferSettle.name')} error={at('payee.name')} required>
              <TextInput autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
            </Field>
            <Field id="payee.bank" label={t('transferSettle.bank')} error={at('payee.bank')} required>
              <TextInput autoComplete="off" value={bank} onChange={(event) => setBank(event.target.value)} />
            </Field>
            <Field id="payee.number" label={t('transferSettle.number')} error={at('payee.number')} required>
              <TextInput
                autoComplete="off"
                inputMode="numeric"
                value={number}
                onChange={(event) => setNumber(event.target.value)}
              />
            </Field>
          </div>
        )}
        <Field
          id="reason"
          label={t('transferSettle.reason')}
          hint={t('transferSettle.reasonHint')}
          error={at('reason')}
          required
        >
          <TextArea limit={reasonLimit} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Button type="submit" kind="primary" pending={pending}>
          {t('transferSettle.act')}
        </Button>
      </form>
    </Section>
  );
}
