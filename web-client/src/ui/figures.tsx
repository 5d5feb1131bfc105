import clsx from 'clsx';
import { ArrowDown, ArrowRight, ArrowUp, CalendarClock } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';

export interface Kpi {
  key: string;
  label: string;
  value: ReactNode;
  unit?: string;
  /** Against the period before: which way, and by how much, already formatted. */
  delta?: { direction: 'up' | 'down' | 'same'; text: string; good?: boolean };
  /** What it is counted on. */
  basis?: ReactNode;
}

const arrows = { up: ArrowUp, down: ArrowDown, same: ArrowRight };

/** The figures that matter, in one card with dividers, and as of when. */
export function KpiStrip({ items, asOf, label }: { items: readonly Kpi[]; asOf?: string; label?: string }) {
  const { t } = useTranslation('ui');
  return (
    <section
      aria-label={label ?? t('kpi.label')}
      className="mb-6 overflow-hidden rounded-xl border border-line bg-surface"
    >
      {/* Each cell draws its own left and top line; the outer ones are pushed out of sight. None is narrower than its figure. */}
      <dl className="-mt-px -ml-px flex flex-wrap">
        {items.map((item) => {
          const Arrow = item.delta && arrows[item.delta.direction];
          return (
            <div
              key={item.key}
              className="min-w-min max-w-full flex-[1_1_11rem] border-line border-t border-l px-4 py-3 sm:px-5"
            >
              <dt className="text-ink-3 text-sm">{item.label}</dt>
              <dd className="mt-0.5 font-semibold text-[1.375rem]/[1.875rem] text-ink tabular-nums">
                {item.value}
                {item.unit && <span className="ml-1 font-normal text-ink-3 text-xs">{item.unit}</span>}
              </dd>
              {item.delta && Arrow && (
                <dd
                  className={clsx(
                    'mt-0.5 flex flex-wrap items-center gap-1 text-xs tabular-nums',
                    item.delta.good === undefined ? 'text-ink-2' : item.delta.good ? 'text-jade' : 'text-rose',
                  )}
                >
                  <Arrow aria-hidden className="size-3.5" />
                  {t(`delta.${item.delta.direction}`)} {item.delta.text}
                </dd>
              )}
              {item.basis && <dd className="mt-0.5 text-ink-3 text-xs">{item.basis}</dd>}
            </div>
          );
        })}
      </dl>
      {asOf && <p className="border-line border-t px-4 py-1.5 text-ink-3 text-xs sm:px-5">{t('kpi.asOf', { asOf })}</p>}
    </section>
  );
}

/** A value against its limit, with words: the price under its cap, the calls of a quota. */
export function Meter({
  label,
  value,
  max,
  valueText,
  maxText,
  note,
}: {
  label: ReactNode;
  /** For the length of the bar only; what is read is the text. */
  value: number;
  max: number;
  valueText: string;
  maxText: string;
  note?: ReactNode;
}) {
  const { t } = useTranslation('ui');
  const id = useId();
  const share = max > 0 ? value / max : value > 0 ? 1 : 0;
  const over = value > max;
  return (
    <div className="text-sm">
      <div className="flex flex-wrap justify-between gap-x-3">
        <span id={id} className="text-ink-2">
          {label}
        </span>
        <span className={clsx('tabular-nums', over ? 'font-medium text-rose' : 'text-ink')}>
          {t('meter.of', { value: valueText, max: maxText })}
          {over && ` · ${t('meter.over')}`}
        </span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers do not let the element be styled alike */}
      <div
        role="meter"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={Math.min(value, max)}
        aria-valuetext={t('meter.of', { value: valueText, max: maxText })}
        className="mt-1 h-2 overflow-hidden rounded-full border border-field bg-sunken"
      >
        <div
          className={clsx('h-full', over ? 'bg-rose' : share >= 0.9 ? 'bg-amber' : 'bg-brand')}
          style={{ width: `${Math.min(100, share * 100)}%` }}
        />
      </div>
      {note && <p className="mt-1 text-ink-3 text-xs">{note}</p>}
    </div>
  );
}

/** Long work: how far it is, what it is doing, and how long it still takes. */
export function Progress({
  label,
  percent,
  doing,
  left,
}: {
  label: string;
  /** 0 to 100; null when nobody knows. */
  percent: number | null;
  doing?: string;
  /** The time left in words, such as 2 分钟. */
  left?: string;
}) {
  const { t } = useTranslation('ui');
  const whole = percent === null ? undefined : Math.floor(percent);
  return (
    <div className="text-sm">
      <div className="flex flex-wrap justify-between gap-x-3">
        <span className="font-medium">{label}</span>
        {whole !== undefined && <span className="tabular-nums">{t('progress.percent', { percent: whole })}</span>}
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={whole}
        aria-valuetext={
          [whole !== undefined && t('progress.percent', { percent: whole }), doing].filter(Boolean).join(' ') ||
          undefined
        }
        className="my-1 h-2 overflow-hidden rounded-full border border-field bg-sunken"
      >
        <div
          className={clsx('h-full bg-brand', whole === undefined && 'w-1/3 animate-pulse motion-reduce:animate-none')}
          style={whole === undefined ? undefined : { width: `${whole}%` }}
        />
      </div>
      {(doing || left) && (
        <p className="flex flex-wrap justify-between gap-x-3 text-ink-3 text-xs">
          <span>{doing}</span>
          {left && <span>{t('progress.left', { left })}</span>}
        </p>
      )}
    </div>
  );
}

/**
 * The time a statutory step still has, in words. The server counts the days; below zero it is
 * overdue.
 */
export function Deadline({
  days,
  working,
  date,
}: {
  days: number;
  /** Counts working days. */
  working?: boolean;
  /** The day itself, already formatted. */
  date?: string;
}) {
  const { t } = useTranslation('ui');
  const count = Math.abs(days);
  const unit = working ? 'WorkingDays' : 'Days';
  const text =
    days === 0
      ? t('deadline.today')
      : days < 0
        ? t(`deadline.over${unit}`, { count })
        : t(working ? 'deadline.workingDays' : 'deadline.days', { count });
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1 text-sm tabular-nums',
        days < 0 ? 'font-medium text-rose' : days <= 2 ? 'font-medium text-amber' : 'text-ink-2',
      )}
    >
      <CalendarClock aria-hidden className="size-4 shrink-0" />
      {text}
      {date && <span className="font-normal text-ink-3">{t('bracketed', { text: date })}</span>}
    </span>
  );
}
