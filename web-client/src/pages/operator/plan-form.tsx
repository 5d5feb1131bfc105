import clsx from 'clsx';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKept } from '../../app/kept';
import { useProblemText } from '../../app/problem-state';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { type ChargingMode, enums, type TariffScheme } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Checkbox, RadioCards } from '../../ui/choice';
import { Field } from '../../ui/field';
import { Meter } from '../../ui/figures';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextInput } from '../../ui/input';
import { toast } from '../../ui/toast';
import { type Band, Bands, newBand } from './bands';
import { CheckPlanDocument, type PlanInput } from './check.gql';
import { AddPlanDocument } from './plan.gql';
import type { Edited } from './product';

interface Typed {
  name: string;
  nameEn: string;
  mode: ChargingMode;
  scheme: TariffScheme;
  /** Of a flat tariff the first one counts. */
  bands: Band[];
  months: string;
  period: string;
  trial: boolean;
}

/** Under which a plan that is begun for a product is kept. */
export const planForm = (productId: string) => `plan.${productId}`;

const rateShape = /^\d{1,9}(\.\d{1,6})?$/;
const isCount = (text: string) => /^\d+$/.test(text) && Number(text) > 0;

/** A plan as it is begun: empty, or like one that is there. */
export const begunPlan = (copied?: Edited['plans'][number]): Typed => ({
  name: copied?.name ?? '',
  nameEn: copied?.nameEn ?? '',
  mode: copied?.mode ?? 'PER_CALL',
  scheme: copied?.scheme ?? 'FLAT',
  bands: copied?.bands.map((band) => ({ ...newBand(band.rate), upTo: String(band.upTo ?? '') })) ?? [newBand()],
  months: String(copied?.termMonths ?? 12),
  period: String(copied?.periodMonths ?? 12),
  trial: copied?.trial ?? false,
});

/** The tariff as it is sent: a price per product has no bands, and the last band no end. */
function tariffOf(typed: Typed) {
  const scheme = typed.mode === 'PER_PRODUCT' ? 'FLAT' : typed.scheme;
  const bands = scheme === 'FLAT' ? typed.bands.slice(0, 1) : typed.bands;
  return {
    scheme,
    bands: bands.map((band, i) => ({
      rate: band.rate,
      ...(i < bands.length - 1 && { upTo: Number(band.upTo) }),
    })),
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
  const input = useMemo(
    () => ({
      name: typed.name.trim(),
      nameEn: typed.nameEn.trim() || undefined,
      mode: typed.mode,
      ...tariffOf(typed),
      periodMonths: typed.mode === 'PER_PERIOD' ? Number(typed.period) : undefined,
      termMonths: Number(typed.months),
      trial: typed.trial,
    }),
    [typed],
  );
  const { scheme, bands } = input;
  const { submit, pending, faults, problem, reset } = useSubmit(AddPlanDocument, { typenames: ['Plan', 'Product'] });
  const missing = {
    name: !input.name && t('missing.plan'),
    nameEn: false as const,
    mode: false as const,
    scheme: false as const,
    ...Object.fromEntries(
      bands.flatMap((band, i) => [
        [`bands.${i}.upTo`, i < bands.length - 1 && !isCount(String(band.upTo)) && t('missing.upTo')],
        [`bands.${i}.rate`, !rateShape.test(band.rate) && t('missing.rate')],
      ]),
    ),
    bands: false as const,
    periodMonths: typed.mode === 'PER_PERIOD' && !isCount(typed.period) && t('missing.months'),
    termMonths: !isCount(typed.months) && t('missing.months'),
  } satisfies Record<string, string | false>;
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
  const save = async () => {
    if (!ready()) return;
    const outcome = await submit({ productId: product.id, input });
    if (!outcome?.done) return;
    toast(t('plans.saved'));
    drop();
    begin();
    onSaved();
  };
  const choose = (next: TariffScheme) => {
    reset();
    const [only] = typed.bands;
    const one = next !== 'FLAT' && typed.bands.length < 2 && only;
    change({ scheme: next, ...(one && { bands: [one, newBand()] }) });
  };
  return (
    <div className="mt-4 space-y-4">
      <FormErrors
        errors={errors.map((error) => ({ ...error, field: 'field' in error ? `plan-${error.field}` : undefined }))}
        attempt={attempt}
      />
      <Trouble problem={problem} />
      <Field as="group" id="plan-mode" label={t('plans.mode')} error={said('mode')}>
        <RadioCards
          name="mode"
          columns={2}
          options={enums.ChargingMode.map((value) => ({ value, label: name('ChargingMode', value) }))}
          value={typed.mode}
          onValueChange={(mode) => {
            reset();
            change({ mode: mode as ChargingMode });
          }}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="plan-name" label={t('plans.name')} error={said('name')}>
          <TextInput value={typed.name} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field id="plan-nameEn" label={t('plans.nameEn')} error={said('nameEn')} required={false}>
          <TextInput lang="en" value={typed.nameEn} onChange={(event) => change({ nameEn: event.target.value })} />
        </Field>
        {typed.mode === 'PER_PERIOD' && (
          <Field id="plan-periodMonths" label={t('plans.period')} error={said('periodMonths')}>
            <NumberInput
              maxLength={4}
              value={typed.period}
              onValueChange={(period) => change({ period })}
              suffix={t('plans.months')}
            />
          </Field>
        )}
        <Field id="plan-termMonths" label={t('plans.term')} error={said('termMonths')}>
          <NumberInput
            maxLength={4}
            value={typed.months}
            onValueChange={(months) => change({ months })}
            suffix={t('plans.months')}
          />
        </Field>
      </div>
      {typed.mode !== 'PER_PRODUCT' && (
        <Field as="group" id="plan-scheme" label={t('plans.scheme')} error={said('scheme')}>
          <RadioCards
            name="scheme"
            columns={2}
            options={enums.TariffScheme.map((value) => ({
              value,
              label: name('TariffScheme', value),
              hint: t(`plans.schemeHint.${value}`),
            }))}
            value={typed.scheme}
            onValueChange={(next) => choose(next as TariffScheme)}
          />
        </Field>
      )}
      {scheme === 'FLAT' ? (
        <Field
          id="plan-bands.0.rate"
          className="sm:w-1/2"
          label={t('plans.rate')}
          hint={t('plans.rateHint')}
          error={said('bands.0.rate') ?? said('bands')}
        >
          <NumberInput
            places={6}
            value={typed.bands[0]?.rate ?? ''}
            onValueChange={(rate) =>
              change({ bands: typed.bands.map((band, i) => (i === 0 ? { ...band, rate } : band)) })
            }
            suffix={t(`plans.unit.${typed.mode}`)}
          />
        </Field>
      ) : (
        <Field as="group" id="plan-bands" label={t('bands.title')} hint={t('plans.rateHint')} error={said('bands')}>
          <Bands
            mode={typed.mode}
            scheme={scheme}
            bands={typed.bands}
            onBands={(next) => {
              if (next.length !== typed.bands.length) reset(); // what was refused was said of other places
              change({ bands: next });
            }}
            at={said}
          />
        </Field>
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
        <Button kind="primary" pending={pending} onClick={save}>
          {t('plans.save')}
        </Button>
      </div>
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
