import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums, type OrderStatus } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { LoadMore } from '../../ui/code';
import { Field } from '../../ui/field';
import { PageHead } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import type { Tone } from '../../ui/styles';
import { DataTable } from '../../ui/table';
import { OrdersDocument, type OrdersQuery } from './orders.gql';
import { ordersRoute } from './routes';

const orders = (data: OrdersQuery) => data.orders;

export const tones: Record<OrderStatus, Tone> = { PLACED: 'attention', PAID: 'success', CANCELLED: 'neutral' };

/** What the viewer's organisation bought, newest first. */
export function Screen() {
  const { t } = useTranslation('orders');
  useTitle(t('title'));
  const { status } = ordersRoute.useSearch();
  const navigate = ordersRoute.useNavigate();
  const { viewer, known } = useViewer();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const variables = useMemo(() => ({ status, first: 20 }), [status]);
  const list = useList(OrdersDocument, variables, orders, { typenames: ['Order'], pause: !viewer });
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      <div className="mb-4 w-56">
        <Field label={t('status')}>
          <Select
            options={[
              { value: '', label: t('all') },
              ...enums.OrderStatus.map((value) => ({ value, label: name('OrderStatus', value) })),
            ]}
            value={status ?? ''}
            onValueChange={(value) =>
              navigate({ search: { status: enums.OrderStatus.find((one) => one === value) }, resetScroll: false })
            }
          />
        </Field>
      </div>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} onRetry={list.reload} />
      ) : !list.data ? (
        <Skeleton shape="table" lines={6} columns={6} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('empty.title')} action={<ButtonLink to="/">{t('empty.action')}</ButtonLink>}>
            {t('empty.why')}
          </EmptyState>
        </div>
      ) : (
        <>
          <DataTable
            caption={t('title')}
            rows={list.nodes}
            rowKey={(order) => order.id}
            columns={[
              {
                key: 'product',
                head: t('product'),
                rowHeader: true,
                cell: (order) => (
                  <>
                    <Link to="/orders/$id" params={{ id: order.id }} className="text-brand hover:underline">
                      {order.product
                        ? named(order.product)
                        : named({ name: order.terms.productName, nameEn: order.terms.productNameEn })}
                    </Link>
                    <span className="block text-ink-3 text-xs">
                      {named({ name: order.terms.planName, nameEn: order.terms.planNameEn })}
                    </span>
                  </>
                ),
              },
              { key: 'purpose', head: t('purpose'), nowrap: true, cell: (order) => name('Purpose', order.purpose) },
              {
                key: 'status',
                head: t('status'),
                nowrap: true,
                cell: (order) => (
                  <StatusBadge tone={tones[order.status]}>{name('OrderStatus', order.status)}</StatusBadge>
                ),
              },
              { key: 'quantity', head: t('quantity'), numeric: true, cell: (order) => format.count(order.quantity) },
              { key: 'total', head: t('total'), numeric: true, cell: (order) => format.money(order.total) },
              { key: 'placed', head: t('placed'), nowrap: true, cell: (order) => format.moment(order.createdAt) },
            ]}
          />
          <LoadMore shown={list.nodes.length} hasMore={list.hasMore} pending={list.loadingMore} onMore={list.more} />
        </>
      )}
    </>
  );
}
