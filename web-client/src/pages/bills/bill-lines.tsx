import clsx from 'clsx';
import { useTranslation } from 'react-i18next';
import { type Amount, useFormats } from '../../lib/format';
import { type PriceLine, PriceLines } from '../tariffs/price-lines';
import type { Tariff } from '../tariffs/tariff';
import { useUnit } from '../tariffs/units';

interface Billed {
  lines: readonly PriceLine[];
  adjustments: readonly { month: string; rated: Amount; billed: Amount; refunded: Amount; amount: Amount }[];
  brought: Amount;
  carried: Amount;
  /** Of a bill that is issued. */
  returned?: Amount;
  net: Amount;
  vat: Amount;
  total: Amount;
}

const nothing = (amount: Amount) => /^-?0(\.0+)?$/.test(amount.amount);

/** How a bill comes about: the month's uses, corrections of earlier months, credit, and what they add up to. */
export function BillLines({
  of,
  tariff,
  total,
}: {
  of: Billed;
  tariff: Pick<Tariff, 'mode' | 'period'> & {
    variants: readonly Pick<Tariff['variants'][number], 'class' | 'channel'>[];
  };
  /** What the total is called. */
  total: string;
}) {
  const { t } = useTranslation('bills');
  const format = useFormats();
  const unit = useUnit();
  return (
    <>
      {of.lines.length === 0 && <p className="py-1 text-ink-2 text-sm">{t('noUse')}</p>}
      <dl className="text-sm">
        <PriceLines lines={of.lines} variants={tariff.variants} unit={unit(tariff)} />
        {of.adjustments.map((adjustment) => (
          <Line
            key={adjustment.month}
            term={t('adjustment', { month: format.month(adjustment.month) })}
            hint={t(nothing(adjustment.refunded) ? 'adjusted' : 'adjustedRefunded', {
              rated: format.money(adjustment.rated),
              billed: format.money(adjustment.billed),
              refunded: format.money(adjustment.refunded),
            })}
            amount={adjustment.amount}
          />
        ))}
        {!nothing(of.brought) && <Line term={t('brought')} amount={of.brought} />}
        {!nothing(of.carried) && <Line term={t('carried')} amount={of.carried} />}
        {of.returned && !nothing(of.returned) && <Line term={t('returned')} amount={of.returned} />}
        <Line term={t('net')} amount={of.net} className="mt-1 border-line border-t pt-2 text-ink-2" />
        <Line term={t('vat')} amount={of.vat} className="text-ink-2" />
      </dl>
      <p className="mt-2 flex items-baseline justify-between gap-3 border-line border-t pt-2">
        <span>{total}</span>
        <span className="font-semibold text-lg tabular-nums">{format.money(of.total)}</span>
      </p>
    </>
  );
}

function Line({ term, hint, amount, className }: { term: string; hint?: string; amount: Amount; className?: string }) {
  const format = useFormats();
  return (
    <div className={clsx('flex items-baseline justify-between gap-3 py-1', className)}>
      <dt className="min-w-0">
        {term}
        {hint && <span className="block text-ink-3 text-xs">{hint}</span>}
      </dt>
      <dd className="shrink-0 tabular-nums">{format.money(amount)}</dd>
    </div>
  );
}
