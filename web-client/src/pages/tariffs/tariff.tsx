import { useTranslation } from 'react-i18next';
import { type Amount, useFormats } from '../../lib/format';
import { useEnum } from '../../lib/i18n';
import type { ChargingMode, PeriodUnit, ServiceChannel, TariffScheme } from '../../lib/schema.gql';
import { useVariantText } from './classes';
import { type Period, useUnit } from './units';

interface Schedule {
  scheme: TariffScheme;
  bands: readonly { upTo: number | null; rate: string }[];
  free: { quantity: number; per: PeriodUnit } | null;
}

export interface Tariff extends Schedule {
  mode: ChargingMode;
  period: Period | null;
  package: { allowance: number; fee: Amount } | null;
  variants: readonly (Schedule & { class: string | null; channel: ServiceChannel | null })[];
  onceDays: number | null;
  minimum: Amount | null;
  maximum: Amount | null;
}

/** What a tariff says, a line for each price and for each rule beside them. */
export function TariffText({ tariff }: { tariff: Tariff }) {
  const { t } = useTranslation('tariff');
  const format = useFormats();
  const unit = useUnit()(tariff);
  const variantText = useVariantText(tariff.variants);
  const { package: bundle, onceDays, minimum, maximum } = tariff;
  return (
    <ul className="space-y-1 text-left">
      {bundle && (
        <li>
          <span className="font-medium tabular-nums">{format.money(bundle.fee)}</span>{' '}
          <span className="text-ink-3 text-xs">{t('package', { quantity: format.count(bundle.allowance), unit })}</span>
        </li>
      )}
      <li>
        {bundle && <span className="text-ink-3 text-xs">{t('beyond')}</span>}
        <Prices schedule={tariff} unit={unit} />
      </li>
      {tariff.variants.map((variant) => (
        <li key={`${variant.class} ${variant.channel}`}>
          <span className="text-ink-3 text-xs">{variantText(variant)}</span>
          <Prices schedule={variant} unit={unit} />
        </li>
      ))}
      {onceDays && <li className="text-ink-2 text-xs">{t('once', { count: onceDays })}</li>}
      {minimum && <li className="text-ink-2 text-xs">{t('minimum', { amount: format.money(minimum) })}</li>}
      {maximum && <li className="text-ink-2 text-xs">{t('maximum', { amount: format.money(maximum) })}</li>}
    </ul>
  );
}

function Prices({ schedule, unit }: { schedule: Schedule; unit: string }) {
  const { t } = useTranslation('tariff');
  const name = useEnum();
  const format = useFormats();
  const { bands, free, scheme } = schedule;
  return (
    <>
      {bands.length > 1 && <span className="block text-ink-3 text-xs">{name('TariffScheme', scheme)}</span>}
      {bands.map((band, i) => (
        <span key={band.upTo} className="block whitespace-nowrap">
          {bands.length > 1 && (
            <span className="mr-2 text-ink-3 text-xs">{bandText(bands, i, t('from'), t('to'), format.count)}</span>
          )}
          <span className="font-medium tabular-nums">{format.rate(band.rate)}</span>{' '}
          <span className="text-ink-3 text-xs">/ {unit}</span>
        </span>
      ))}
      {free && (
        <span className="block text-jade text-xs">
          {t(`free.${free.per}`, { quantity: format.count(free.quantity), unit })}
        </span>
      )}
    </>
  );
}

/** From how much on a band holds, and up to where: 1–100, 101 起. */
function bandText(bands: Schedule['bands'], i: number, from: string, to: string, count: (n: number) => string): string {
  const first = count((bands[i - 1]?.upTo ?? 0) + 1);
  const last = bands[i]?.upTo;
  return last == null ? first + from : first + to + count(last);
}
