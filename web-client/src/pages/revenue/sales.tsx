import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { OrderState } from '../../app/order-state';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { ButtonLink } from '../../ui/button';
import { Field } from '../../ui/field';
import { PageHead } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { DataTable } from '../../ui/table';
import { salesRoute } from './routes';
import { SalesDocument, type SalesQuery } from './sales.gql';

const orders = (data: SalesQuery) => data.salesOrders;
/** The orders of an operator's products. */
export function Screen() {
  const { t } = useTranslation('revenue');
  useTitle(t('sales.title'));
  const { status } = salesRoute.useSearch();
  const navigate = salesRoute.useNavigate();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const variables = useMemo(() => ({ status, first: 20 }), [status]);
  const list = useList(SalesDocument, variables, orders, { typenames: ['Order'] });
  return (
    <>
      <PageHead title={t('sales.title')} lead={t('sales.lead')} />
      <div className="mb-4 w-56">
        <Field label={t('sales.status')}>
          <Select
            options={[
              { value: '', label: t('sales.all') },
              ...enums.OrderStatus.map((value) => ({ value, label: name('OrderStatus', value) })),
            ]}
            value={status ?? ''}
            onValueChange={(value) =>
              navigate({ search: { status: enums.OrderStatus.find((known) => known === value) }, resetScroll: false })
            }
          />
        </Field>
      </div>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : !list.data ? (
        <Skeleton shape="table" lines={8} columns={6} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          {status ? (
            <EmptyState
              title={t('sales.noneOf', { status: name('OrderStatus', status) })}
              action={<ButtonLink to="/operator/orders">{t('sales.showAll')}</ButtonLink>}
            />
          ) : (
            <EmptyState title={t('sales.empty')}>{t('sales.emptyWhy')}</EmptyState>
          )}
        </div>
      ) : (
        <>
          <DataTable
            caption={t('sales.title')}
            rows={list.nodes}
            rowKey={(order) => order.id}
            columns={[
              {
                key: 'product',
                head: t('product'),
                rowHeader: true,
                cell: (order) => (
                  <>
                    {order.product ? named(order.product) : order.terms.productName}
                    <span className="block font-normal text-ink-3 text-xs">{order.terms.planName}</span>
                  </>
                ),
              },
              { key: 'buyer', head: t('sales.buyer'), cell: (order) => order.buyer && named(order.buyer) },
              { key: 'purpose', head: t('sales.purpose'), cell: (order) => name('Purpose', order.purpose) },
              {
                key: 'status',
                head: t('sales.status'),
                cell: (order) => <OrderState order={order} />,
              },
              {
                key: 'quantity',
                head: t('sales.quantity'),
                numeric: true,
                cell: (order) => format.count(order.quantity),
              },
              {
                key: 'total',
                head: t('sales.total'),
                numeric: true,
                nowrap: true,
                cell: (order) => (order.terms.settlement === 'METERED' ? '—' : format.money(order.total)),
              },
              { key: 'placed', head: t('sales.placed'), nowrap: true, cell: (order) => format.moment(order.createdAt) },
            ]}
          />
          <More list={list} />
        </>
      )}
    </>
  );
}
