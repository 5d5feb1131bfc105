import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { OrderState } from '../../app/order-state';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { ButtonLink } from '../../ui/button';
import { Field } from '../../ui/field';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { useQuotaText } from '../product/quote-lines';
import { OrdersDocument, type OrdersQuery } from './orders.gql';
import { ordersRoute } from './routes';

type Order = OrdersQuery['orders']['edges'][number]['node'];

const orders = (data: OrdersQuery) => data.orders;

/** What the viewer's organisation bought, newest first. */
export function Screen() {
  const { t } = useTranslation('orders');
  useTitle(t('title'));
  const { status } = ordersRoute.useSearch();
  const navigate = ordersRoute.useNavigate();
  const { viewer, known } = useViewer();
  const name = useEnum();
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
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : !list.data ? (
        <div className="rounded-xl border border-line bg-surface">
          <Skeleton shape="row" lines={6} />
        </div>
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('empty.title')} action={<ButtonLink to="/">{t('empty.action')}</ButtonLink>}>
            {t('empty.why')}
          </EmptyState>
        </div>
      ) : (
        <>
          <Rows label={t('title')}>
            {list.nodes.map((order) => (
              <One key={order.id} order={order} />
            ))}
          </Rows>
          <More list={list} />
        </>
      )}
    </>
  );
}

function One({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const quotaText = useQuotaText();
  const { terms } = order;
  return (
    <Row
      level={2}
      title={
        <Link to="/orders/$id" params={{ id: order.id }}>
          {named(order.product ?? { name: terms.productName, nameEn: terms.productNameEn })}
        </Link>
      }
      marks={<OrderState order={order} />}
      meta={
        <>
          <span>{named({ name: terms.planName, nameEn: terms.planNameEn })}</span>
          <span>{quotaText(terms.quotation.quota, terms.settlement)}</span>
          <span>{name('Purpose', order.purpose)}</span>
          <span>{t('placedAt', { at: format.moment(order.createdAt) })}</span>
        </>
      }
      aside={
        terms.settlement === 'PREPAID' && (
          <>
            <span className="font-semibold text-base text-ink tabular-nums">{format.money(order.total)}</span>{' '}
            <span className="text-ink-3 text-xs">{t('withVat')}</span>
          </>
        )
      }
    />
  );
}
