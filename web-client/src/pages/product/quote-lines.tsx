import clsx from 'clsx';
import { useTranslation } from 'react-i18next';
import { percent, useFormats } from '../../lib/format';
import type { Settlement } from '../../lib/schema.gql';
import { PriceLines } from '../tariffs/price-lines';
import type { Tariff } from '../tariffs/tariff';
import { usePeriodText, useUnit } from '../tariffs/units';
import type { Quotation } from './use-quote';

/** How a price comes about: each line with its rate, the cap beside it and its rule, then what it adds up to. */
export function QuoteLines({
  quotation,
  tariff,
  stale,
}: {
  quotation: Quotation;
  /** Of what its caps are, and whose variants its lines count. */
  tariff: Pick<Tariff, 'mode' | 'period'> & {
    variants: readonly Pick<Tariff['variants'][number], 'class' | 'channel'>[];
  };
  stale?: boolean;
}) {
  const { t } = useTranslation('product');
  const format = useFormats();
  const unitOf = useUnit();
  const unit = unitOf(tariff);
  return (
    <dl aria-busy={stale} className={clsx('text-sm', stale && 'opacity-60')}>
      <PriceLines
        lines={quotation.lines}
        variants={tariff.variants}
        unit={unit}
        beside={(line) =>
          line.rate === null || line.rule === 'CAP'
            ? undefined
            : quotation.trial
              ? t('quote.trial')
              : line.cap
                ? t('quote.cap', { cap: format.rate(line.cap), unit })
                : t('quote.noCap')
        }
      />
      <div className="mt-1 flex justify-between gap-3 border-line border-t pt-2 text-ink-2">
        <dt>{t('quote.net')}</dt>
        <dd className="tabular-nums">{format.money(quotation.net)}</dd>
      </div>
      <div className="flex justify-between gap-3 pt-0.5 text-ink-2">
        <dt>{t('quote.vat', { percent: percent(quotation.vatRate) })}</dt>
        <dd className="tabular-nums">{format.money(quotation.vat)}</dd>
      </div>
    </dl>
  );
}

/** What the order lets one use. */
export function useQuotaText(): (quota: Quotation['quota'], settlement?: Settlement) => string {
  const { t } = useTranslation('product');
  const format = useFormats();
  const periodText = usePeriodText();
  return ({ calls, megabytes, items, term }, settlement) => {
    if (settlement === 'METERED') return t('quota.metered');
    if (calls != null) return t('quota.calls', { n: format.count(calls) });
    if (megabytes != null) return t('quota.megabytes', { n: format.count(megabytes) });
    if (items != null) return t('quota.items', { n: format.count(items) });
    return term ? t('quota.term', { term: periodText(term) }) : t('quota.unlimited');
  };
}
