import { useTranslation } from 'react-i18next';
import { useEnum } from '../../lib/i18n';
import { type ChargingMode, enums, type TariffScheme } from '../../lib/schema.gql';
import { Checkbox, RadioCards } from '../../ui/choice';
import { Field } from '../../ui/field';
import { NumberInput } from '../../ui/input';
import { Select } from '../../ui/select';
import { Bands, newBand } from './bands';
import type { TypedSchedule } from './schedule';

/** How uses are priced by their number: the scheme, its bands, and what is free. */
export function ScheduleFields({
  path,
  mode,
  free,
  typed,
  said,
  onChange,
  onTurn,
}: {
  /** Before the names of its fields: variants.0. */
  path: string;
  mode: ChargingMode;
  /** Whether there may be a free allowance. */
  free: boolean;
  typed: TypedSchedule;
  /** What is wrong with a field. */
  said: (field: string) => string | undefined;
  onChange: (part: Partial<TypedSchedule>) => void;
  /** Changes what fields there are: what was refused is of other ones. */
  onTurn: (part: Partial<TypedSchedule>) => void;
}) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const scheme = mode === 'PER_PRODUCT' ? 'FLAT' : typed.scheme;
  const choose = (next: TariffScheme) => {
    const [only] = typed.bands;
    const one = next !== 'FLAT' && typed.bands.length < 2 && only;
    onTurn({ scheme: next, ...(one && { bands: [one, newBand()] }) });
  };
  return (
    <>
      {mode !== 'PER_PRODUCT' && (
        <Field as="group" id={`plan-${path}scheme`} label={t('plans.scheme')} error={said(`${path}scheme`)}>
          <RadioCards
            name={`${path}scheme`}
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
          id={`plan-${path}bands.0.rate`}
          className="sm:w-1/2"
          label={t('plans.rate')}
          hint={t('plans.rateHint')}
          error={said(`${path}bands.0.rate`) ?? said(`${path}bands`)}
        >
          <NumberInput
            places={6}
            value={typed.bands[0]?.rate ?? ''}
            onValueChange={(rate) =>
              onChange({ bands: typed.bands.map((band, i) => (i === 0 ? { ...band, rate } : band)) })
            }
            suffix={t(`plans.unit.${mode}`)}
          />
        </Field>
      ) : (
        <Field
          as="group"
          id={`plan-${path}bands`}
          label={t('bands.title')}
          hint={t('plans.rateHint')}
          error={said(`${path}bands`)}
        >
          <Bands
            path={path}
            mode={mode}
            scheme={scheme}
            bands={typed.bands}
            onBands={(bands) => (bands.length === typed.bands.length ? onChange : onTurn)({ bands })}
            at={said}
          />
        </Field>
      )}
      {free && (
        <Checkbox
          label={t('plans.free')}
          hint={t('plans.freeHint')}
          checked={typed.free}
          onCheckedChange={(next) => onTurn({ free: next })}
        />
      )}
      {free && typed.free && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id={`plan-${path}free`} label={t('plans.freeQuantity')} error={said(`${path}free`)}>
            <NumberInput
              maxLength={13}
              value={typed.freeQuantity}
              onValueChange={(freeQuantity) => onChange({ freeQuantity })}
              suffix={t(`plans.per.${mode}`)}
            />
          </Field>
          <Field label={t('plans.freePer')}>
            <Select
              options={(['MONTH', 'YEAR'] as const).map((value) => ({ value, label: name('PeriodUnit', value) }))}
              value={typed.freePer}
              onValueChange={(freePer) => onChange({ freePer: freePer as TypedSchedule['freePer'] })}
            />
          </Field>
        </div>
      )}
    </>
  );
}
