import { useTranslation } from 'react-i18next';
import { type Amount, useFormats } from '../../lib/format';
import { useEnum } from '../../lib/i18n';
import type { LineRule, ServiceChannel } from '../../lib/schema.gql';
import { useVariantText } from './classes';

export interface PriceLine {
  rule: LineRule;
  variant: number;
  band: number;
  from: number | null;
  to: number | null;
  quantity: number;
  rate: string | null;
  amount: Amount;
  cap: string | null;
  policy: { source: string } | null;
}

const banded: LineRule[] = ['FLAT', 'GRADUATED_BAND', 'VOLUME_TIER'];

/** The lines of a quotation or a bill, each with what it is for and the rule that it is there by. */
export function PriceLines({
  lines,
  variants,
  unit,
  beside,
}: {
  lines: readonly PriceLine[];
  /** Those of the tariff, which the lines count. */
  variants?: readonly { class: string | null; channel: ServiceChannel | null }[];
  /** What one of it is. */
  unit?: string;
  /** What is said of a line's price besides: how it stands to a cap. */
  beside?: (line: PriceLine) => string | undefined;
}) {
  const { t } = useTranslation('tariff');
  const name = useEnum();
  const format = useFormats();
  const variantText = useVariantText(variants ?? []);
  const title = (line: PriceLine) => {
    const quantity = format.count(line.quantity);
    return banded.includes(line.rule)
      ? t('line.band', { quantity, rate: format.rate(line.rate ?? '0') })
      : t(`line.${line.rule}`, { quantity, unit: unit ?? '', rate: format.rate(line.rate ?? '0') });
  };
  const why = (line: PriceLine) => {
    const variant = variants?.[line.variant - 1];
    return [
      variant && variantText(variant),
      banded.includes(line.rule) && name('LineRule', line.rule),
      line.rule !== 'FLAT' &&
        banded.includes(line.rule) &&
        line.from !== null &&
        line.to !== null &&
        t('line.units', { from: format.count(line.from), to: format.count(line.to) }),
      line.policy?.source,
      beside?.(line),
    ]
      .filter(Boolean)
      .join(' · ');
  };
  return lines.map((line) => (
    <div key={`${line.rule} ${line.variant} ${line.band}`} className="flex items-baseline justify-between gap-3 py-1">
      <dt className="min-w-0">
        <span className="tabular-nums">{title(line)}</span>
        <span className="block text-ink-3 text-xs">{why(line)}</span>
      </dt>
      <dd className="shrink-0 tabular-nums">{format.money(line.amount)}</dd>
    </div>
  ));
}
