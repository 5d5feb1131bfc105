import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { Disclosure } from '../../ui/disclosure';
import { Section } from '../../ui/layout';
import { DataTable } from '../../ui/table';
import type { EntitlementQuery } from './right.gql';

type Day = NonNullable<EntitlementQuery['entitlement']>['usageByDay'][number];

/** What was used on each of the last days: a bar a day, and the figures as a table. A right has one purpose, so one of the two is nought. */
export function Days({ days }: { days: readonly Day[] }) {
  const { t } = useTranslation('rights');
  const format = useFormats();
  const bars = days.map((day) => ({ day: day.usedOn, calls: day.paid.calls + day.free.calls, of: day }));
  const most = Math.max(...bars.map((bar) => bar.calls));
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last || most === 0) return null;
  const total = bars.reduce((sum, bar) => sum + bar.calls, 0);
  const used = bars.filter((bar) => bar.calls > 0).reverse();
  return (
    <Section title={t('days.title')} lead={t('days.lead')} card>
      <svg
        viewBox={`0 0 ${bars.length * 8} 60`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('days.finding', {
          from: format.day(first.day),
          to: format.day(last.day),
          total: format.count(total),
          most: format.count(most),
        })}
        className="h-24 w-full"
      >
        {bars.map((bar, i) => {
          const height = bar.calls === 0 ? 1 : Math.max(2, (bar.calls / most) * 58);
          return (
            <rect
              key={bar.day}
              x={i * 8 + 1}
              y={60 - height}
              width={6}
              height={height}
              className={bar.calls === 0 ? 'fill-line-strong' : 'fill-brand'}
            />
          );
        })}
      </svg>
      <p className="mt-1 flex flex-wrap justify-between gap-x-4 text-ink-3 text-xs tabular-nums">
        <span>{format.day(first.day)}</span>
        <span>{t('days.most', { most: format.count(most) })}</span>
        <span>{format.day(last.day)}</span>
      </p>
      <Disclosure summary={t('days.table')}>
        <DataTable
          caption={t('days.title')}
          rows={used}
          rowKey={(bar) => bar.day}
          columns={[
            { key: 'day', head: t('days.day'), rowHeader: true, nowrap: true, cell: (bar) => format.day(bar.day) },
            { key: 'calls', head: t('quota.calls'), numeric: true, cell: (bar) => format.count(bar.calls) },
            {
              key: 'rows',
              head: t('uses.rows'),
              numeric: true,
              cell: (bar) => format.count(bar.of.paid.rows + bar.of.free.rows),
            },
            {
              key: 'bytes',
              head: t('uses.bytes'),
              numeric: true,
              cell: (bar) => format.bytes(bar.of.paid.bytes + bar.of.free.bytes),
            },
          ]}
        />
      </Disclosure>
    </Section>
  );
}
