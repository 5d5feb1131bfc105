import { Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormErrors } from '../../lib/form';
import { dayFromNow, percent, useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { type ChargingMode, enums, type PeriodUnit } from '../../lib/schema.gql';
import { Button, IconButton } from '../../ui/button';
import { Field } from '../../ui/field';
import { DateInput, NumberInput, TextInput } from '../../ui/input';
import { DescriptionList, Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { missingOf, scheduleOf, type TypedSchedule, typedSchedule } from '../operator/schedule';
import { ScheduleFields } from '../operator/schedule-fields';
import { PriceLines } from '../tariffs/price-lines';
import { useUnit } from '../tariffs/units';
import { Calculator } from './calculator';
import { CalculateChargeDocument, type CalculateChargeQueryVariables } from './charge.gql';

type Input = CalculateChargeQueryVariables['input'];

interface UseTyped {
  key: number;
  day: string;
  quantity: string;
  subject: string;
}

const mostUses = 50;
const use = (key: number, day: string): UseTyped => ({ key, day, quantity: '', subject: '' });

/** What the uses of a month cost under a tariff, line by line. */
export function Screen() {
  const { t } = useTranslation('pricing');
  const { t: tOperator } = useTranslation('operator');
  const format = useFormats();
  const name = useEnum();
  const unit = useUnit();
  const [mode, setMode] = useState<ChargingMode>('PER_CALL');
  const [typed, setTyped] = useState<TypedSchedule>(() => typedSchedule());
  const [count, setCount] = useState('1');
  const [periodUnit, setPeriodUnit] = useState<PeriodUnit>('YEAR');
  const [once, setOnce] = useState('');
  const [minimum, setMinimum] = useState('');
  const [maximum, setMaximum] = useState('');
  const [cap, setCap] = useState('');
  const [uses, setUses] = useState([use(0, dayFromNow())]);
  const [asked, setAsked] = useState<Input>();
  const variables = useMemo(() => ({ input: asked as Input }), [asked]);
  const { data, loading, problem } = useLoad(CalculateChargeDocument, variables, { pause: !asked });
  const found = asked ? data?.calculateCharge : undefined;
  const periodic = mode === 'PER_PERIOD' || mode === 'PER_ITEM_PERIOD';
  const free = mode === 'PER_CALL' || mode === 'PER_VOLUME';
  // The fields of a schedule are named as those of a plan are; here they are of the tariff.
  const ofSchedule = missingOf(tOperator, '', typed, mode, free);
  const missing = {
    ...Object.fromEntries(Object.entries(ofSchedule).map(([field, wrong]) => [`tariff.${field}`, wrong])),
    'tariff.period': periodic && !count && t('charge.periodMissing'),
    'tariff.onceDays': false,
    'tariff.minimum': false,
    'tariff.maximum': false,
    cap: false,
    ...Object.fromEntries(
      uses.flatMap((one, i) => [
        [`uses.${i}.usedAt`, !one.day && t('charge.dayMissing', { n: i + 1 })],
        [`uses.${i}.quantity`, !one.quantity && t('charge.quantityMissing', { n: i + 1 })],
        [`uses.${i}.subject`, false],
      ]),
    ),
  };
  const { at, errors, attempt, ready } = useFormErrors(missing, found?.errors ?? []);
  const idOf = (field?: string) =>
    field?.startsWith('tariff.') && field.slice('tariff.'.length) in ofSchedule
      ? `plan-${field.slice('tariff.'.length)}`
      : field;
  const ask = () => {
    if (!ready()) return;
    setAsked({
      tariff: {
        mode,
        period: periodic ? { unit: periodUnit, count: Number(count) } : undefined,
        ...scheduleOf(typed, mode, free),
        onceDays: mode === 'PER_CALL' && once ? Number(once) : undefined,
        minimum: minimum || undefined,
        maximum: maximum || undefined,
      },
      cap: cap || undefined,
      uses: uses.map((one) => ({
        usedAt: `${one.day}T04:00:00Z`, // noon there
        quantity: Number(one.quantity),
        subject: one.subject.trim() || undefined,
      })),
    });
  };
  const change = (i: number, part: Partial<UseTyped>) =>
    setUses(uses.map((one, place) => (place === i ? { ...one, ...part } : one)));
  const tariff = asked?.tariff;
  return (
    <Calculator
      title={t('calculators.charge')}
      lead={t('calculators.chargeLead')}
      // The summary leads to the fields of the schedule by the ids that they have there.
      errors={errors.map(({ message, ...of }) => ({ message, field: idOf((of as { field?: string }).field) }))}
      attempt={attempt}
      problem={problem}
      pending={loading}
      onAsk={ask}
      result={
        found?.total &&
        found.net &&
        found.vat &&
        tariff && (
          <Section title={t('charge.result')} card>
            <dl>
              <PriceLines lines={found.lines} unit={unit({ mode: tariff.mode, period: tariff.period ?? null })} />
            </dl>
            <DescriptionList
              facts={[
                { key: 'priced', term: t('charge.priced'), value: format.count(found.priced) },
                { key: 'net', term: t('charge.net'), value: format.money(found.net) },
                {
                  key: 'vat',
                  term: t('charge.vat', { rate: percent(found.vatRate ?? '0') }),
                  value: format.money(found.vat),
                },
                { key: 'total', term: t('charge.total'), value: <strong>{format.money(found.total)}</strong> },
              ]}
            />
          </Section>
        )
      }
    >
      <Section title={t('charge.tariff')} card>
        <div className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="mode" label={t('report.mode')}>
              <Select
                value={mode}
                options={enums.ChargingMode.map((value) => ({ value, label: name('ChargingMode', value) }))}
                onValueChange={(value) => setMode(value as ChargingMode)}
              />
            </Field>
            {periodic && (
              <div className="grid grid-cols-2 gap-4">
                <Field id="tariff.period" label={t('charge.count')} error={at('tariff.period')} required>
                  <NumberInput value={count} onValueChange={setCount} />
                </Field>
                <Field id="periodUnit" label={t('charge.unit')}>
                  <Select
                    value={periodUnit}
                    options={enums.PeriodUnit.map((value) => ({ value, label: name('PeriodUnit', value) }))}
                    onValueChange={(value) => setPeriodUnit(value as PeriodUnit)}
                  />
                </Field>
              </div>
            )}
          </div>
          <ScheduleFields
            path=""
            mode={mode}
            free={free}
            typed={typed}
            said={(field) => at(`tariff.${field}`)}
            onChange={(part) => setTyped({ ...typed, ...part })}
            onTurn={(part) => setTyped({ ...typed, ...part })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            {mode === 'PER_CALL' && (
              <Field
                id="tariff.onceDays"
                label={t('charge.once')}
                hint={t('charge.onceHint')}
                error={at('tariff.onceDays')}
              >
                <NumberInput value={once} suffix={t('charge.days')} onValueChange={setOnce} />
              </Field>
            )}
            <Field id="cap" label={t('charge.cap')} hint={t('charge.capHint')} error={at('cap')}>
              <NumberInput places={6} value={cap} suffix={t('yuan')} onValueChange={setCap} />
            </Field>
            <Field id="tariff.minimum" label={t('charge.minimum')} error={at('tariff.minimum')}>
              <NumberInput places={2} value={minimum} suffix={t('yuan')} onValueChange={setMinimum} />
            </Field>
            <Field id="tariff.maximum" label={t('charge.maximum')} error={at('tariff.maximum')}>
              <NumberInput places={2} value={maximum} suffix={t('yuan')} onValueChange={setMaximum} />
            </Field>
          </div>
        </div>
      </Section>
      <Section title={t('charge.uses')} lead={t('charge.usesLead')} card>
        <ol className="space-y-4">
          {uses.map((one, i) => (
            <li key={one.key} className="flex flex-wrap items-end gap-3">
              <Field
                id={`uses.${i}.usedAt`}
                className="flex-[1_1_10rem]"
                label={t('charge.day', { n: i + 1 })}
                error={at(`uses.${i}.usedAt`)}
                required
              >
                <DateInput value={one.day} onValueChange={(day) => change(i, { day })} />
              </Field>
              <Field
                id={`uses.${i}.quantity`}
                className="flex-[1_1_8rem]"
                label={t('charge.quantity')}
                error={at(`uses.${i}.quantity`)}
                required
              >
                <NumberInput value={one.quantity} onValueChange={(quantity) => change(i, { quantity })} />
              </Field>
              {mode === 'PER_CALL' && once && (
                <Field
                  id={`uses.${i}.subject`}
                  className="flex-[1_1_8rem]"
                  label={t('charge.subject')}
                  error={at(`uses.${i}.subject`)}
                >
                  <TextInput value={one.subject} onChange={(event) => change(i, { subject: event.target.value })} />
                </Field>
              )}
              {uses.length > 1 && (
                <IconButton
                  label={t('charge.remove', { n: i + 1 })}
                  icon={<Trash2 aria-hidden className="size-4" />}
                  onClick={() => setUses(uses.filter((other) => other !== one))}
                />
              )}
            </li>
          ))}
        </ol>
        {uses.length < mostUses && (
          <div className="mt-4">
            <Button
              icon={<Plus aria-hidden className="size-4" />}
              onClick={() =>
                setUses([...uses, use(Math.max(...uses.map((one) => one.key)) + 1, uses.at(-1)?.day ?? dayFromNow())])
              }
            >
              {t('charge.add')}
            </Button>
          </div>
        )}
      </Section>
    </Calculator>
  );
}
