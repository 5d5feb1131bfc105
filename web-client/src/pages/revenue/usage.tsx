import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { StackedBars } from '../../charts';
import { dayFromNow, useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useNamed } from '../../lib/i18n';
import { Field } from '../../ui/field';
import { KpiStrip } from '../../ui/figures';
import { PageHead, Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { DataTable } from '../../ui/table';
import { usageRoute } from './routes';
import { SalesUsageDocument } from './usage.gql';

/** How much an operator's products are used, paid and free apart. */
export function Screen() {
  const { t } = useTranslation('revenue');
  useTitle(t('usage.title'));
  const days = usageRoute.useSearch().days ?? 30;
  const navigate = usageRoute.useNavigate();
  const named = useNamed();
  const format = useFormats();
  const variables = useMemo(() => ({ filter: { fromOn: dayFromNow(1 - days), toOn: dayFromNow() } }), [days]);
  const { data, loading, stale, problem, reload } = useLoad(SalesUsageDocument, variables, { typenames: ['Usage'] });
  const usage = data?.salesUsage;
  const paid = t('usage.paid');
  const free = t('usage.free');
  return (
    <>
      <PageHead title={t('usage.title')} lead={t('usage.lead')} />
      <div className="mb-4 w-56">
        <Field label={t('usage.period')}>
          <Select
            options={[7, 30, 90].map((n) => ({ value: String(n), label: t('usage.days', { count: n }) }))}
            value={String(days)}
            onValueChange={(value) => navigate({ search: { days: Number(value) }, resetScroll: false })}
          />
        </Field>
      </div>
      {loading ? (
        <Skeleton shape="card" lines={3} />
      ) : !usage ? (
        <ProblemState problem={problem ?? { kind: 'failed' }} reload={reload} />
      ) : (
        <div aria-busy={stale}>
          <KpiStrip
            asOf={format.moment(usage.asOf)}
            items={[
              {
                key: 'paid',
                label: t('usage.paidCalls'),
                value: format.count(usage.paid.calls),
                basis: t('usage.rows', { n: format.count(usage.paid.rows) }),
              },
              { key: 'paidBytes', label: t('usage.paidBytes'), value: format.bytes(usage.paid.bytes) },
              {
                key: 'free',
                label: t('usage.freeCalls'),
                value: format.count(usage.free.calls),
                basis: t('usage.rows', { n: format.count(usage.free.rows) }),
              },
              { key: 'freeBytes', label: t('usage.freeBytes'), value: format.bytes(usage.free.bytes) },
            ]}
          />
          {usage.byProduct.length === 0 ? (
            <div className="rounded-xl border border-line bg-surface">
              <EmptyState title={t('usage.empty')}>{t('usage.emptyWhy')}</EmptyState>
            </div>
          ) : (
            <>
              <Section title={t('usage.byDay')} card>
                <StackedBars
                  finding={t('usage.finding', {
                    paid: format.count(usage.paid.calls),
                    free: format.count(usage.free.calls),
                  })}
                  basis={t('usage.basis', { from: format.day(usage.fromOn), to: format.day(usage.toOn) })}
                  labels={usage.byDay.map((day) => format.day(day.usedOn))}
                  labelHead={t('usage.day')}
                  series={[
                    { name: paid, values: usage.byDay.map((day) => day.paid.calls) },
                    { name: free, values: usage.byDay.map((day) => day.free.calls) },
                  ]}
                  format={format.count}
                />
              </Section>
              <Section title={t('usage.byProduct')}>
                <DataTable
                  caption={t('usage.byProduct')}
                  rows={usage.byProduct}
                  rowKey={(row) => row.product.id}
                  columns={[
                    { key: 'product', head: t('product'), rowHeader: true, cell: (row) => named(row.product) },
                    {
                      key: 'paid',
                      head: t('usage.paidCalls'),
                      numeric: true,
                      cell: (row) => format.count(row.paid.calls),
                    },
                    {
                      key: 'free',
                      head: t('usage.freeCalls'),
                      numeric: true,
                      cell: (row) => format.count(row.free.calls),
                    },
                    {
                      key: 'rows',
                      head: t('usage.paidRows'),
                      numeric: true,
                      cell: (row) => format.count(row.paid.rows),
                    },
                    {
                      key: 'freeRows',
                      head: t('usage.freeRows'),
                      numeric: true,
                      cell: (row) => format.count(row.free.rows),
                    },
                    {
                      key: 'bytes',
                      head: t('usage.paidBytes'),
                      numeric: true,
                      cell: (row) => format.bytes(row.paid.bytes),
                    },
                    {
                      key: 'freeBytes',
                      head: t('usage.freeBytes'),
                      numeric: true,
                      cell: (row) => format.bytes(row.free.bytes),
                    },
                  ]}
                />
              </Section>
            </>
          )}
        </div>
      )}
    </>
  );
}
