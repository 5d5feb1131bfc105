import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useFormErrors } from '../../lib/form';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextArea, TextInput } from '../../ui/input';
import { Notice } from '../../ui/notice';
import { toast } from '../../ui/toast';
import { DecideClawbackDocument } from './standing.gql';

/** Decides over how many cycles what a cycle earned too much is deducted. */
export function ClawbackForm({ operatorId, year, excess }: { operatorId: string; year: number; excess: string }) {
  const { t } = useTranslation('pricing');
  const problemText = useProblemText();
  const [cycles, setCycles] = useState('1');
  const [document, setDocument] = useState('');
  const [reason, setReason] = useState('');
  const { submit, pending, faults, problem } = useSubmit(DecideClawbackDocument, { typenames: ['PermittedRevenue'] });
  const { at, errors, attempt, ready } = useFormErrors(
    {
      cycles: !cycles && t('clawback.cyclesMissing'),
      sourceDocument: !document.trim() && t('missing.document'),
      reason: !reason.trim() && t('missing.reason'),
    },
    faults,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const outcome = await submit({
      input: { operatorId, year, cycles: Number(cycles), sourceDocument: document.trim(), reason: reason.trim() },
    });
    if (outcome?.done) toast(t('clawback.done'));
  };
  return (
    <form noValidate onSubmit={send} className="mt-4 max-w-2xl space-y-4 rounded-xl border border-line bg-surface p-4">
      <h3 className="font-semibold">{t('clawback.title')}</h3>
      <p className="text-ink-2">{t('clawback.lead', { excess })}</p>
      <FormErrors errors={errors} attempt={attempt} />
      {problem && (
        <Notice tone="attention" live title={problemText(problem).title}>
          {problemText(problem).what}
        </Notice>
      )}
      <Field id="cycles" label={t('clawback.cycles')} hint={t('clawback.cyclesHint')} error={at('cycles')} required>
        <NumberInput value={cycles} onValueChange={setCycles} />
      </Field>
      <Field id="sourceDocument" label={t('document')} error={at('sourceDocument')} required>
        <TextInput value={document} onChange={(event) => setDocument(event.target.value)} />
      </Field>
      <Field id="reason" label={t('reason')} error={at('reason')} required>
        <TextArea rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <Button type="submit" kind="primary" pending={pending}>
        {t('clawback.send')}
      </Button>
    </form>
  );
}
