import clsx from 'clsx';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../app/confirm';
import { useKept } from '../../app/kept';
import { useProblemText } from '../../app/problem-state';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { type ChargingMode, enums, type PeriodUnit, type Settlement } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Checkbox, RadioCards } from '../../ui/choice';
import { Field } from '../../ui/field';
import { Meter } from '../../ui/figures';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextInput } from '../../ui/input';
import { Select } from '../../ui/select';
import { toast } from '../../ui/toast';
import type { Tariff } from '../tariffs/tariff';
import { CheckPlanDocument, type PlanInput } from './check.gql';
import { Examples } from './examples';
import { AddPlanDocument } from './plan.gql';
import type { Edited } from './product';
import {
  isCount,
  missingOf,
  scheduleOf,
  type TypedSchedule,
  type TypedVariant,
  typedSchedule,
  typedVariant,
} from './schedule';
import { ScheduleFields } from './schedule-fields';
import { Variants } from './variants';

interface Typed extends TypedSchedule {
  name: string;
  nameEn: string;
  settlement: Settlement;
  mode: ChargingMode;
  months: string;
  period: string;
  periodUnit: PeriodUnit;
  bundle: boolean;
  allowance: string;
  fee: string;
  variants: TypedVariant[];
  once: string;
  minimum: string;
  maximum: string;
  trial: boolean;
  /** How many orders there may be of it, empty for any number. */
  limitedTo: string;
}

/** Under which a plan that is begun for a product is kept. */
export const planForm = (productId: string) => `plan.${productId}`;

const yuanShape = /^\d{1,12}(\.\d{1,2})?$/;

/** A tariff as it is typed. */
const typedTariff = (tariff?: Tariff) => ({
  mode: tariff?.mode ?? 'PER_CALL',
  period: String(tariff?.period?.count ?? 1),
  periodUnit: tariff?.period?.unit ?? 'YEAR',
  ...typedSchedule(tariff),
  bundle: tariff?.package != null,
  allowance: String(tariff?.package?.allowance ?? ''),
  fee: tariff?.package?.fee.amount ?? '',
  variants: tariff?.variants.map(typedVariant) ?? [],
  once: String(tariff?.onceDays ?? ''),
  minimum: tariff?.minimum?.amount ?? '',
  maximum: tariff?.maximum?.amount ?? '',
});

/** A plan as it is begun: empty, or like one that is there. */
export const begunPlan = (copied?: Edited['plans'][number]): Typed => ({
  name: copied?.name ?? '',
  nameEn: copied?.nameEn ?? '',
  settlement: copied?.settlement ?? 'PREPAID',
  ...typedTariff(copied?.tariff),
  months: String(copied?.termMonths ?? 12),
  trial: copied?.trial ?? false,
  limitedTo: String(copied?.limitedTo ?? ''),
});

/** What a plan of this kind may have; of the rest nothing is sent. */
const rules = ({ mode, settlement }: Pick<Typed, 'mode' | 'settlement'>) => ({
  periodic: mode === 'PER_PERIOD' || mode === 'PER_ITEM_PERIOD',
  packaged: mode !== 'PER_PRODUCT',
  free: settlement === 'METERED' && (mode === 'PER_CALL' || mode === 'PER_VOLUME'),
  once: settlement === 'METERED' && mode === 'PER_CALL',
  bounds: settlement === 'METERED',
});

/** The plan as it is sent. */
function inputOf(typed: Typed): PlanInput {
  const may = rules(typed);
  return {
    name: typed.name.trim(),
    nameEn: typed.nameEn.trim() || undefined,
    settlement: typed.settlement,
    mode: typed.mode,
    period: may.periodic ? { unit: typed.periodUnit, count: Number(typed.period) } : undefined,
    ...scheduleOf(typed, typed.mode, may.free),
    package: may.packaged && typed.bundle ? { allowance: Number(typed.allowance), fee: typed.fee } : undefined,
    variants:
      typed.variants.length > 0
        ? typed.variants.map((variant) => ({
            class: variant.class.trim() || undefined,
            channel: variant.channel || undefined,
            ...scheduleOf(variant, typed.mode, may.free),
          }))
        : undefined,
    onceDays: may.once && typed.once ? Number(typed.once) : undefined,
    minimum: (may.bounds && typed.minimum) || undefined,
    maximum: (may.bounds && typed.maximum) || undefined,
    termMonths: Number(typed.months),
    trial: typed.trial,
    limitedTo: typed.limitedTo ? Number(typed.limitedTo) : undefined,
  };
}

/** A form for another plan, with what the API says to it while it is typed. */
export function PlanForm({
  product,
  onCancel,
  onSaved,
}: {
  product: Edited;
  /** Gives it up; left out where the product has no plan to go back to. */
  onCancel?: () => void;
  onSaved: () => void;
}) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const { typed, change, drop } = useKept(planForm(product.id), begunPlan());
  const input = useMemo(() => inputOf(typed), [typed]);
  const may = rules(typed);
  const { submit, pending, faults, problem, reset } = useSubmit(AddPlanDocument, { typenames: ['Plan', 'Product'] });
  const amount = (text: string) => text !== '' && !yuanShape.test(text) && t('missing.amount');
  const missing: Record<string, string | false> = {
    name: !input.name && t('missing.plan'),
    nameEn: false,
    settlement: false,
    mode: false,
    period: may.periodic && !isCount(typed.period) && t('missing.months'),
    termMonths: !isCount(typed.months) && t('missing.months'),
    limitedTo: typed.limitedTo !== '' && !isCount(typed.limitedTo) && t('missing.limit'),
    ...missingOf(t, '', typed, typed.mode, may.free),
    'package.allowance': may.packaged && typed.bundle && !isCount(typed.allowance) && t('missing.allowance'),
    'package.fee': may.packaged && typed.bundle && !yuanShape.test(typed.fee) && t('missing.amount'),
    package: false,
    ...Object.assign(
      {},
      ...typed.variants.map((variant, i) => ({
        [`variants.${i}.class`]: !variant.class.trim() && !variant.channel && t('missing.variant'),
        [`variants.${i}.channel`]: false,
        ...missingOf(t, `variants.${i}.`, variant, typed.mode, may.free),
        [`variants.${i}`]: false,
      })),
    ),
    variants: false,
    onceDays: may.once && typed.once !== '' && !isCount(typed.once) && t('missing.days'),
    minimum: may.bounds && amount(typed.minimum),
    maximum: may.bounds && amount(typed.maximum),
  };
  const { at, errors, attempt, ready, reset: begin } = useFormErrors(missing, faults);
  // The name does not bear on the price; whoever types the price first is answered too.
  const { name: _, ...priced } = missing;
  const check = useCheck(
    product.id,
    { ...input, name: input.name || t('plans.name') },
    Object.values(priced).some(Boolean),
  );
  const live = useFormErrors({}, check.judged?.errors ?? [], Object.keys(missing));
  const said = (field: string) => at(field) ?? live.at(field);
  const [doubted, setDoubted] = useState(false);
  const costsNothing = check.judged?.effective && Number(check.judged.effective.total.amount) === 0;
  const save = async (meant = false) => {
    if (!ready()) return;
    if (costsNothing && !meant) return setDoubted(true);
    setDoubted(false);
    const outcome = await submit({ productId: product.id, input });
    if (!outcome?.done) return;
    toast(t('plans.saved'));
    drop();
    begin();
    onSaved();
  };
  // What was refused was said of other fields.
  const turn = (part: Partial<Typed>) => {
    reset();
    change(part);
  };
  const schedule = { mode: typed.mode, free: may.free, said };
  return (
    <div className="mt-4 space-y-4">
      <FormErrors
        errors={errors.map((error) => ({ ...error, field: 'field' in error ? `plan-${error.field}` : undefined }))}
        attempt={attempt}
      />
      <Trouble problem={problem} />
      <Examples
        onChoose={(tariff) => turn({ ...typedTariff(tariff), ...(tariff.onceDays && { settlement: 'METERED' }) })}
      />
      <Field as="group" id="plan-mode" label={t('plans.mode')} error={said('mode')}>
        <RadioCards
          name="mode"
          columns={2}
          options={enums.ChargingMode.map((value) => ({ value, label: name('ChargingMode', value) }))}
          value={typed.mode}
          onValueChange={(mode) => turn({ mode: mode as ChargingMode })}
        />
      </Field>
      <Field as="group" id="plan-settlement" label={t('plans.settlement')} error={said('settlement')}>
        <RadioCards
          name="settlement"
          columns={2}
          options={enums.Settlement.map((value) => ({
            value,
            label: name('Settlement', value),
            hint: t(`plans.settlementHint.${value}`),
          }))}
          value={typed.settlement}
          onValueChange={(settlement) => turn({ settlement: settlement as Settlement })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="plan-name" label={t('plans.name')} error={said('name')}>
          <TextInput value={typed.name} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field id="plan-nameEn" label={t('plans.nameEn')} error={said('nameEn')} required={false}>
          <TextInput lang="en" value={typed.nameEn} onChange={(event) => change({ nameEn: event.target.value })} />
        </Field>
        {may.periodic && (
          <>
            <Field id="plan-period" label={t('plans.period')} error={said('period')}>
              <NumberInput maxLength={4} value={typed.period} onValueChange={(period) => change({ period })} />
            </Field>
            <Field label={t('plans.periodUnit')}>
              <Select
                options={enums.PeriodUnit.map((value) => ({ value, label: name('PeriodUnit', value) }))}
                value={typed.periodUnit}
                onValueChange={(value) => change({ periodUnit: value as PeriodUnit })}
              />
            </Field>
          </>
        )}
        <Field id="plan-termMonths" label={t('plans.term')} error={said('termMonths')}>
          <NumberInput
            maxLength={4}
            value={typed.months}
            onValueChange={(months) => change({ months })}
            suffix={t('plans.months')}
          />
        </Field>
        <Field
          id="plan-limitedTo"
          label={t('plans.limit')}
          hint={t('plans.limitHint')}
          error={said('limitedTo')}
          required={false}
        >
          <NumberInput
            maxLength={7}
            value={typed.limitedTo}
            onValueChange={(limitedTo) => change({ limitedTo })}
            suffix={t('plans.orders')}
          />
        </Field>
      </div>
      <ScheduleFields
        {...schedule}
        path=""
        typed={typed}
        onChange={(part) => change(part)}
        onTurn={(part) => turn(part)}
      />
      {may.packaged && (
        <Checkbox
          label={t('plans.bundle')}
          hint={t('plans.bundleHint')}
          checked={typed.bundle}
          onCheckedChange={(bundle) => turn({ bundle })}
        />
      )}
      {may.packaged && typed.bundle && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            id="plan-package.allowance"
            label={t('plans.allowance')}
            error={said('package.allowance') ?? said('package')}
          >
            <NumberInput
              maxLength={13}
              value={typed.allowance}
              onValueChange={(allowance) => change({ allowance })}
              suffix={t(`plans.per.${typed.mode}`)}
            />
          </Field>
          <Field id="plan-package.fee" label={t('plans.fee')} error={said('package.fee')}>
            <NumberInput
              places={2}
              value={typed.fee}
              onValueChange={(fee) => change({ fee })}
              suffix={t('plans.yuan')}
            />
          </Field>
        </div>
      )}
      <Variants
        {...schedule}
        variants={typed.variants}
        onChange={(variants) => (variants.length === typed.variants.length ? change : turn)({ variants })}
      />
      {(may.once || may.bounds) && (
        <div className="grid gap-4 sm:grid-cols-3">
          {may.once && (
            <Field id="plan-onceDays" label={t('plans.once')} error={said('onceDays')} required={false}>
              <NumberInput
                maxLength={4}
                value={typed.once}
                onValueChange={(once) => change({ once })}
                suffix={t('plans.days')}
              />
            </Field>
          )}
          <Field id="plan-minimum" label={t('plans.minimum')} error={said('minimum')} required={false}>
            <NumberInput
              places={2}
              value={typed.minimum}
              onValueChange={(minimum) => change({ minimum })}
              suffix={t('plans.yuan')}
            />
          </Field>
          <Field id="plan-maximum" label={t('plans.maximum')} error={said('maximum')} required={false}>
            <NumberInput
              places={2}
              value={typed.maximum}
              onValueChange={(maximum) => change({ maximum })}
              suffix={t('plans.yuan')}
            />
          </Field>
        </div>
      )}
      <Checkbox
        label={t('plans.isTrial')}
        hint={t('plans.trialHint')}
        checked={typed.trial}
        onCheckedChange={(trial) => change({ trial })}
      />
      <Verdict check={check} mode={typed.mode} others={live.errors.flatMap((e) => ('field' in e ? [] : [e.message]))} />
      <div className="flex flex-wrap gap-2">
        {onCancel && (
          <Button
            onClick={() => {
              drop();
              onCancel();
            }}
          >
            {t('cancel')}
          </Button>
        )}
        <Button kind="primary" pending={pending} onClick={() => save()}>
          {t('plans.save')}
        </Button>
      </div>
      <ConfirmDialog
        open={doubted}
        onOpenChange={setDoubted}
        title={t('plans.costsNothing')}
        consequence={t('plans.costsNothingWhat')}
        confirm={t('plans.save')}
        onConfirm={() => save(true)}
      />
    </div>
  );
}

/** Asks what planAdd would say, a moment after the last change; says nothing while it is paused. */
function useCheck(productId: string, input: PlanInput, pause: boolean) {
  const text = JSON.stringify(input);
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), 200);
    return () => clearTimeout(timer);
  }, [text]);
  const variables = useMemo(() => ({ productId, input: JSON.parse(asked) as PlanInput }), [productId, asked]);
  // What is asked must be what is typed: before, it may still be what could not be asked.
  const waits = asked !== text;
  const { data, stale, problem } = useLoad(CheckPlanDocument, variables, {
    pause: pause || waits,
    typenames: ['PriceCap', 'Plan'],
  });
  if (pause) return {};
  return { judged: data?.planCheck, stale: stale || waits, problem };
}

/** What the price comes to at its dearest, and how it stands to the cap; an aside while newer is asked for. */
function Verdict({
  check: { judged, stale, problem },
  mode,
  others,
}: {
  check: ReturnType<typeof useCheck>;
  mode: ChargingMode;
  /** What the API says that concerns no field. */
  others: string[];
}) {
  const { t } = useTranslation('operator');
  const format = useFormats();
  const problemText = useProblemText();
  const effective = judged?.effective;
  return (
    <div aria-live="polite" aria-busy={stale} className={clsx('space-y-3 empty:hidden', stale && 'opacity-60')}>
      {problem && <p className="text-13 text-ink-2">{problemText(problem).what}</p>}
      {effective && (
        <p className="text-sm">
          {t('plans.dearest', {
            quantity: format.count(effective.quantity),
            unit: t(`plans.per.${mode}`),
            total: format.money(effective.total),
            rate: format.rate(effective.rate),
          })}
        </p>
      )}
      {effective && judged.capRate && (
        <Meter
          label={t('plans.meter')}
          value={Number(judged.usedPercent ?? '0')}
          max={100}
          valueText={format.rate(effective.rate)}
          maxText={format.rate(judged.capRate)}
          note={
            judged.leftRate && (
              <>
                {t(judged.leftRate.startsWith('-') ? 'plans.above' : 'plans.left', {
                  rate: format.rate(judged.leftRate.replace('-', '')),
                })}
                {effective.limit &&
                  t('plans.limit', {
                    quantity: format.count(effective.quantity),
                    limit: format.money(effective.limit),
                  })}
              </>
            )
          }
        />
      )}
      {judged && !judged.capRate && <p className="text-13 text-ink-3">{t('plans.noCap')}</p>}
      {others.map((message) => (
        <p key={message} className="text-rose text-sm">
          {message}
        </p>
      ))}
    </div>
  );
}
