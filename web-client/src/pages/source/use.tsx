import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { StackedBars } from '../../charts';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { KpiStrip } from '../../ui/figures';
import { Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { ResourceUseDocument } from './use.gql';

/** Who uses a resource, in numbers: operators and products by name, buyers only counted. */
export function Use({ id }: { id: string }) {
  const { t } = useTranslation('source');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const { data, loading, problem, reload } = useLoad(ResourceUseDocument, { id }, { typenames: ['Product', 'Usage'] });
  const use = data?.resourceUse;
  const total = (key: 'paid' | 'free') => use?.months.map((month) => month[key].calls) ?? [];
  const latest = use?.months.at(-1);
  return (
    <Section title={t('use.title')} lead={t('use.lead')}>
      {loading ? (
        <Skeleton shape="table" lines={3} />
      ) : !use ? (
        <ProblemState problem={problem ?? { kind: 'failed' }} reload={reload} />
      ) : (
        <>
          <KpiStrip
            asOf={format.moment(use.asOf)}
            items={[
              {
                key: 'operators',
                label: t('use.operators'),
                value: format.count(use.operators.length),
                basis: use.operators.map(named).join(t('separator')),
              },
              {
                key: 'products',
                label: t('use.products'),
                value: format.count(use.productCount),
                basis: t('use.productsBasis'),
              },
              {
                key: 'organisations',
                label: t('use.organisations'),
                value: format.count(use.organisations),
                basis: t('use.organisationsBasis'),
              },
            ]}
          />
          {use.products.length > 0 && (
            <DataTable
              caption={t('use.products')}
              rows={use.products}
              rowKey={(product) => `${product.name} ${product.operator.id}`}
              columns={[
                {
                  key: 'name',
                  head: t('use.product'),
                  rowHeader: true,
                  cell: (product) =>
                    product.product ? (
                      <Link
                        to="/products/$id"
                        params={{ id: product.product.id }}
                        className="text-brand hover:underline"
                      >
                        {named(product)}
                      </Link>
                    ) : (
                      named(product)
                    ),
                },
                { key: 'operator', head: t('use.operator'), cell: (product) => named(product.operator) },
                {
                  key: 'status',
                  head: t('resources.status'),
                  nowrap: true,
                  cell: (product) => name('ProductStatus', product.status),
                },
                {
                  key: 'organisations',
                  head: t('use.organisations'),
                  numeric: true,
                  cell: (product) => format.count(product.organisations),
                },
              ]}
            />
          )}
          {latest && [...total('paid'), ...total('free')].some((n) => n > 0) && (
            <div className="mt-4 rounded-xl border border-line bg-surface p-4">
              <StackedBars
                finding={t('use.finding', {
                  month: format.month(latest.month),
                  paid: format.count(latest.paid.calls),
                  free: format.count(latest.free.calls),
                })}
                basis={t('use.basis')}
                labels={use.months.map((month) => format.month(month.month))}
                labelHead={t('use.month')}
                series={[
                  { name: t('use.paid'), values: total('paid') },
                  { name: t('use.free'), values: total('free') },
                ]}
                format={format.count}
              />
            </div>
          )}
        </>
      )}
    </Section>
  );
}
