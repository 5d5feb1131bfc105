import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonLimit } from '../../app/act';
import { ProblemState } from '../../app/problem-state';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useLoad } from '../../lib/graphql';
import type { BankLineAction } from '../../lib/schema.gql';
import { useIdempotencyKey, useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { RadioGroup } from '../../ui/choice';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextArea, TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { toast } from '../../ui/toast';
import { wholeCode } from './code';
import type { Line } from './line';
import { Transfer } from './line';
import { SettleBankLineDocument } from './settle.gql';
import { BankTransfersDocument } from './transfers.gql';

/** Says what becomes of a movement: applied to the transfer of a code, returned, or noted. A second person then agrees. */
export function Settle({ line }: { line: Line }) {
  const { t } = useTranslation('bank');
  const outgoing = line.amount.amount.startsWith('-');
  const otherwise = outgoing ? 'NOTE' : 'RETURN';
  const actions: BankLineAction[] = ['APPLY', otherwise];
  const kind = line.transfer?.kind;
  const fits = kind && (kind !== 'PAYMENT') === outgoing && line.transfer?.state !== 'DONE' && line.reason !== 'LATE';
  const [action, setAction] = useState<BankLineAction>(fits ? 'APPLY' : otherwise);
  const [code, setCode] = useState(line.transfer?.code ?? '');
  const [reason, setReason] = useState('');
  // A code is asked for once it is whole, not at each key.
  const wanted = wholeCode(code);
  const found = useLoad(
    BankTransfersDocument,
    { code: wanted, kind: outgoing ? undefined : 'PAYMENT', first: 1 },
    { pause: action !== 'APPLY' || !wanted, typenames: ['BankTransfer'] },
  );
  const known = wanted ? found.data?.bankTransfers.edges[0]?.node : undefined;
  const transfer = known && (known.kind !== 'PAYMENT') === outgoing ? known : undefined;
  const { submit, pending, faults, problem } = useSubmit(SettleBankLineDocument, {
    typenames: ['BankLine', 'Proceeding'],
  });
  const { at, errors, attempt, ready } = useFormErrors(
    {
      transferId: action === 'APPLY' && !transfer && t('settle.codeMissing'),
      reason: !reason.trim() && t('settle.reasonMissing'),
    },
    faults,
  );
  const { keyOf, renew } = useIdempotencyKey();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const content = { action, reason: reason.trim(), transferId: action === 'APPLY' ? transfer?.id : undefined };
    const outcome = await submit({
      id: line.id,
      input: { ...content, idempotencyKey: keyOf({ id: line.id, ...content }) },
    });
    if (!outcome?.done) return;
    renew();
    toast(t('settle.done'));
  };
  return (
    <Section title={t('settle.title')} lead={t('settle.lead')} card>
      <form onSubmit={send} noValidate className="space-y-4">
        <FormErrors errors={errors} attempt={attempt} />
        <Trouble problem={problem} />
        <Field as="group" label={t('line.action')}>
          <RadioGroup
            name="action"
            options={actions.map((one) => ({
              value: one,
              label: t(`action.${one}`),
              hint: t(`settle.how.${outgoing && one === 'APPLY' ? 'WENT' : one}`),
            }))}
            value={action}
            onValueChange={(next) => setAction(actions.find((one) => one === next) ?? action)}
          />
        </Field>
        {action === 'APPLY' && (
          <>
            <div className="sm:w-72">
              <Field
                id="transferId"
                label={t('settle.code')}
                hint={t('settle.codeHint')}
                error={at('transferId')}
                required
              >
                <TextInput autoComplete="off" value={code} onChange={(event) => setCode(event.target.value)} />
              </Field>
            </div>
            {found.problem && <ProblemState problem={found.problem} reload={found.reload} />}
            {transfer && (
              <div className="rounded-lg border border-line bg-sunken p-3">
                <Transfer of={transfer} />
              </div>
            )}
          </>
        )}
        <Field id="reason" label={t('settle.reason')} hint={t('settle.reasonHint')} error={at('reason')} required>
          <TextArea limit={reasonLimit} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Button type="submit" kind="primary" pending={pending}>
          {t('settle.act')}
        </Button>
      </form>
    </Section>
  );
}
