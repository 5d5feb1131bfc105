import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import type { ChargingMode, TariffScheme } from '../../lib/schema.gql';
import { Button, IconButton } from '../../ui/button';
import { Field } from '../../ui/field';
import { NumberInput } from '../../ui/input';

/** A band as it is typed; the last has no upper bound, whatever stands there. */
export interface Band {
  key: string;
  upTo: string;
  rate: string;
}

export const newBand = (rate = ''): Band => ({ key: crypto.randomUUID(), upTo: '', rate });

/** The bands of a tariff under one another, each with its upper bound and rate; what is wrong stands at the field. */
export function Bands({
  path = '',
  mode,
  scheme,
  bands,
  onBands,
  at,
}: {
  /** Before the names of its fields: variants.0. */
  path?: string;
  mode: ChargingMode;
  scheme: Exclude<TariffScheme, 'FLAT'>;
  bands: Band[];
  onBands: (bands: Band[]) => void;
  /** What is wrong with a field: bands.0.rate. */
  at: (field: string) => string | undefined;
}) {
  const { t } = useTranslation('operator');
  const format = useFormats();
  const set = (i: number, change: Partial<Band>) =>
    onBands(bands.map((band, j) => (i === j ? { ...band, ...change } : band)));
  const quantity = (text: string) => (text ? format.count(Number(text)) : '…');
  return (
    <div className="space-y-3">
      <ol className="space-y-3">
        {bands.map((band, i) => {
          const last = i === bands.length - 1;
          const after = bands[i - 1];
          return (
            <li key={band.key} className="rounded-lg border border-line p-3">
              <div className="mb-2 flex items-center justify-between gap-3">
                <p className="font-medium text-sm">
                  {t('bands.band', { n: i + 1 })}
                  {after && (
                    <span className="ml-2 font-normal text-ink-3 text-xs">
                      {t(`bands.after.${scheme}`, { quantity: quantity(after.upTo), unit: t(`plans.per.${mode}`) })}
                    </span>
                  )}
                </p>
                {bands.length > 2 && (
                  <IconButton
                    label={t('bands.remove', { n: i + 1 })}
                    icon={<Trash2 aria-hidden className="size-4" />}
                    size="small"
                    onClick={() => onBands(bands.filter((_, j) => j !== i))}
                  />
                )}
              </div>
              <div className="grid gap-3 sm:grid-cols-2">
                {last ? (
                  <div className="text-sm">
                    <p className="mb-1 font-medium">{t('bands.upTo')}</p>
                    <p className="flex min-h-9 items-center text-ink-3">{t('bands.open')}</p>
                  </div>
                ) : (
                  <Field
                    id={`plan-${path}bands.${i}.upTo`}
                    label={t('bands.upTo')}
                    error={at(`${path}bands.${i}.upTo`)}
                  >
                    <NumberInput
                      maxLength={13}
                      value={band.upTo}
                      onValueChange={(upTo) => set(i, { upTo })}
                      suffix={t(`plans.per.${mode}`)}
                    />
                  </Field>
                )}
                <Field id={`plan-${path}bands.${i}.rate`} label={t('plans.rate')} error={at(`${path}bands.${i}.rate`)}>
                  <NumberInput
                    places={6}
                    value={band.rate}
                    onValueChange={(rate) => set(i, { rate })}
                    suffix={t(`plans.unit.${mode}`)}
                  />
                </Field>
              </div>
            </li>
          );
        })}
      </ol>
      <Button
        size="small"
        icon={<Plus aria-hidden className="size-4" />}
        // Before the last one, which keeps having no end.
        onClick={() => onBands([...bands.slice(0, -1), newBand(), ...bands.slice(-1)])}
      >
        {t('bands.add')}
      </Button>
    </div>
  );
}
