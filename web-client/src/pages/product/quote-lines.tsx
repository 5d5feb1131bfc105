import clsx from 'clsx';
import { useTranslation } from 'react-i18next';
import { percent, useFormats } from '../../lib/format';
import { useEnum } from '../../lib/i18n';
import { unitOf } from './plans';
import type { Quotation } from './use-quote';

/** How a price comes about: each line with its rate, the cap beside it and its rule, then what it adds up to. */
export function QuoteLines({
  quotation,
  plan,
  stale,
}: {
  quotation: Quotation;
  /** What its caps are for one of. */
  plan: Parameters<typeof unitOf>[1];
  stale?: boolean;
}) {
  const { t } = useTranslation('product');
  const name = useEnum();
  const format = useFormats();
  const unit = unitOf(t, plan);
  return (
    <dl aria-busy={stale} className={clsx('text-sm', stale && 'opacity-60')}>
      {quotation.lines.map((line) => (
        <div key={line.band} className="flex items-baseline justify-between gap-3 py-1">
          <dt className="min-w-0">
            <span className="tabular-nums">
              {t('quote.line', { quantity: format.count(line.quantity), rate: format.rate(line.rate) })}
            </span>
            <span className="block text-ink-3 text-xs">
              {quotation.lines.length > 1 && `${t('quote.band', { n: line.band + 1 })} · `}
              {name('QuotationRule', line.rule)} ·{' '}
              {quotation.trial
                ? t('quote.trial')
                : line.cap
                  ? t('quote.cap', { cap: format.rate(line.cap), unit })
                  : t('quote.noCap')}
            </span>
          </dt>
          <dd className="shrink-0 tabular-nums">{format.money(line.amount)}</dd>
        </div>
      ))}
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
export function useQuotaText(): (quota: Quotation['quota']) => string {
  const { t } = useTranslation('product');
  const format = useFormats();
  return ({ calls, megabytes, months }) =>
    calls != null
      ? t('quota.calls', { n: format.count(calls) })
      : megabytes != null
        ? t('quota.megabytes', { n: format.count(megabytes) })
        : months != null
          ? t('quota.months', { count: months })
          : t('quota.unlimited');
}
