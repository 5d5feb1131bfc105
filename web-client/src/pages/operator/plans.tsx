import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { type ChargingMode, enums } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Checkbox, RadioCards } from '../../ui/choice';
import { ConfirmDialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { Meter } from '../../ui/figures';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { CheckPlanDocument } from './check.gql';
import { AddPlanDocument } from './plan.gql';
import type { Edited } from './product';
import { WithdrawPlanDocument } from './withdraw.gql';

/** The plans of a product beside their caps, and a form for another one. */
export function Plans({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const [adding, setAdding] = useState(false);
  const [gone, setGone] = useState<Edited['plans'][number]>();
  const plans = product.plans.filter((plan) => !plan.withdrawnAt);
  return (
    <Section
      id="plans"
      title={t('tasks.plans')}
      lead={t('plans.lead')}
      card
      actions={!adding && plans.length > 0 && <Button onClick={() => setAdding(true)}>{t('plans.add')}</Button>}
    >
      {plans.length > 0 && (
        <DataTable
          caption={t('tasks.plans')}
          rows={plans}
          rowKey={(plan) => plan.id}
          columns={[
            {
              key: 'name',
              head: t('plans.name'),
              rowHeader: true,
              cell: (plan) => (
                <>
                  {named(plan)} {plan.trial && <Badge tone="attention">{t('plans.trial')}</Badge>}
                </>
              ),
            },
            { key: 'mode', head: t('plans.mode'), nowrap: true, cell: (plan) => name('ChargingMode', plan.mode) },
            {
              key: 'rate',
              head: t('plans.rate'),
              numeric: true,
              cell: (plan) => plan.bands.map((band) => format.rate(band.rate)).join(' / '),
            },
            {
              key: 'cap',
              head: t('plans.cap'),
              numeric: true,
              cell: (plan) => (plan.cap ? format.rate(plan.cap.rate) : '—'),
            },
            {
              key: 'act',
              head: t('plans.act'),
              nowrap: true,
              cell: (plan) => (
                <Button size="small" kind="danger" onClick={() => setGone(plan)}>
                  {t('plans.withdraw')}
                </Button>
              ),
            },
          ]}
        />
      )}
      {(adding || plans.length === 0) && <Add product={product} onDone={() => setAdding(false)} />}
      {gone && <Withdraw plan={gone} onDone={() => setGone(undefined)} />}
    </Section>
  );
}

function Add({ product, onDone }: { product: Edited; onDone: () => void }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const say = useFaultText();
  const format = useFormats();
  const problemText = useProblemText();
  const [form, setForm] = useState<{
    name: string;
    mode: ChargingMode;
    rate: string;
    months: string;
    period: string;
    trial: boolean;
  }>({
    name: '',
    mode: 'PER_CALL',
    rate: '',
    months: '12',
    period: '12',
    trial: false,
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));
  const input = useMemo(
    () => ({
      name: form.name.trim() || t('plans.name'),
      mode: form.mode,
      scheme: 'FLAT' as const,
      bands: [{ rate: form.rate || '0' }],
      periodMonths: form.mode === 'PER_PERIOD' ? Number(form.period) : undefined,
      termMonths: Number(form.months),
      trial: form.trial,
    }),
    [form, t],
  );
  const priced = /^\d{1,9}(\.\d{1,6})?$/.test(form.rate);
  const [asked, setAsked] = useState(input);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(input), 200);
    return () => clearTimeout(timer);
  }, [input]);
  const check = useLoad(
    CheckPlanDocument,
    { productId: product.id, input: asked },
    { pause: !priced || !(Number(form.months) > 0), typenames: ['PriceCap'] },
  );
  const judged = priced ? check.data?.planCheck : undefined;
  const { submit, pending, faults, problem } = useSubmit(AddPlanDocument, { typenames: ['Plan', 'Product'] });
  const { at, errors, attempt, ready } = useFormErrors(
    {
      name: !form.name.trim() && t('missing.plan'),
      bands: !priced && t('missing.rate'),
      termMonths: !(Number(form.months) > 0) && t('missing.months'),
      periodMonths: form.mode === 'PER_PERIOD' && !(Number(form.period) > 0) && t('missing.months'),
    },
    faults,
  );
  const save = async () => {
    if (!ready()) return;
    const outcome = await submit({ productId: product.id, input: { ...input, name: form.name.trim() } });
    if (!outcome?.done) return;
    toast(t('plans.saved'));
    onDone();
  };
  const warned = judged?.errors[0];
  return (
    <div className="mt-4 space-y-4">
      <FormErrors
        errors={errors.map((error) => ({ ...error, field: 'field' in error ? `plan-${error.field}` : undefined }))}
        attempt={attempt}
      />
      {problem && (
        <Notice tone="attention" live title={problemText(problem).title}>
          {problemText(problem).what}
        </Notice>
      )}
      <Field as="group" label={t('plans.mode')}>
        <RadioCards
          name="mode"
          columns={2}
          options={enums.ChargingMode.map((value) => ({ value, label: name('ChargingMode', value) }))}
          value={form.mode}
          onValueChange={(mode) => set({ mode: mode as ChargingMode })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="plan-name" label={t('plans.name')} error={at('name')}>
          <TextInput value={form.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Field
          id="plan-bands"
          label={t('plans.rate')}
          hint={t('plans.rateHint')}
          error={at('bands') ?? (warned && say(warned))}
        >
          <NumberInput
            places={6}
            value={form.rate}
            onValueChange={(rate) => set({ rate })}
            suffix={t(`plans.unit.${form.mode}`)}
          />
        </Field>
        {form.mode === 'PER_PERIOD' && (
          <Field id="plan-periodMonths" label={t('plans.period')} error={at('periodMonths')}>
            <NumberInput value={form.period} onValueChange={(period) => set({ period })} suffix={t('plans.months')} />
          </Field>
        )}
        <Field id="plan-termMonths" label={t('plans.term')} error={at('termMonths')}>
          <NumberInput value={form.months} onValueChange={(months) => set({ months })} suffix={t('plans.months')} />
        </Field>
      </div>
      <Checkbox
        label={t('plans.isTrial')}
        hint={t('plans.trialHint')}
        checked={form.trial}
        onCheckedChange={(trial) => set({ trial })}
      />
      {judged?.capRate && judged.effective && (
        <Meter
          label={t('plans.meter')}
          value={Number(judged.usedPercent ?? '0')}
          max={100}
          valueText={format.rate(judged.effective.rate)}
          maxText={format.rate(judged.capRate)}
          note={judged.leftRate ? t('plans.left', { rate: format.rate(judged.leftRate) }) : undefined}
        />
      )}
      {judged && !judged.capRate && <p className="text-13 text-ink-3">{t('plans.noCap')}</p>}
      <div className="flex gap-2">
        {product.plans.length > 0 && <Button onClick={onDone}>{t('cancel')}</Button>}
        <Button kind="primary" pending={pending} onClick={save}>
          {t('plans.save')}
        </Button>
      </div>
    </div>
  );
}

function Withdraw({ plan, onDone }: { plan: Edited['plans'][number]; onDone: () => void }) {
  const { t } = useTranslation('operator');
  const say = useFaultText();
  const named = useNamed();
  const { submit, pending, faults } = useSubmit(WithdrawPlanDocument, { typenames: ['Plan', 'Product'] });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onDone()}
      title={t('plans.withdrawTitle', { name: named(plan) })}
      consequence={t('plans.withdrawConsequence')}
      confirm={t('plans.withdraw')}
      danger
      pending={pending}
      error={faults[0] && say(faults[0])}
      onConfirm={async () => {
        const outcome = await submit({ id: plan.id });
        if (outcome?.done) onDone();
      }}
    />
  );
}
