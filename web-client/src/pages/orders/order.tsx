import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { late } from '../../app/late';
import { OrderState } from '../../app/order-state';
import { Pay as PayPanel, Waiting } from '../../app/payment/late';
import { onItsWay, type Way } from '../../app/payment/ways';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { loadTexts, useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { ButtonLink } from '../../ui/button';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { Timeline } from '../../ui/steps';
import { toast } from '../../ui/toast';
import { Invoices } from '../invoices/late';
import { QuoteLines, useQuotaText } from '../product/quote-lines';
import { CancelOrderDocument } from './cancel.gql';
import { OrderDocument, type OrderQuery } from './order.gql';
import { Refunds } from './refunds';
import { orderRoute } from './routes';
import { hasFailed, usePay } from './use-pay';
import { Uses } from './uses';

export type Order = NonNullable<OrderQuery['order']>;

const Months = late(() => Promise.all([import('./months'), loadTexts('bills')]).then(([m]) => m.Months));
const Trail = late(() => Promise.all([import('./trail'), loadTexts('shares')]).then(([m]) => m.Trail));

/** One order with its frozen terms, its charges, its payments and how it went. */
export function Screen() {
  const { t } = useTranslation('orders');
  const { id } = orderRoute.useParams();
  const { viewer, known } = useViewer();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const language = useLanguage();
  const quotaText = useQuotaText();
  const { data, loading, problem, reload } = useLoad(
    OrderDocument,
    { id },
    { typenames: ['Order', 'Payment', 'Refund', 'Proceeding'], pause: !viewer },
  );
  const order = data?.order ?? undefined;
  const title =
    order &&
    (order.product
      ? named(order.product)
      : named({ name: order.terms.productName, nameEn: order.terms.productNameEn }));
  useTitle(title);
  const pending = order && onItsWay(order.payments);
  const invoiced = order !== undefined && (order.canRequestInvoice || order.invoices.length > 0);
  const there = [
    Waiting.useThere(pending !== undefined),
    PayPanel.useThere(order?.canPay === true),
    Months.useThere(order?.terms.settlement === 'METERED'),
    Invoices.useThere(invoiced),
  ].every(Boolean);
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  if (loading || !known || !there || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!order) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const { licence, quotation } = order.terms;
  const mine = order.buyer?.id === viewer?.organisation?.id;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/orders">{t('title')}</Link> },
              { key: 'this', node: title },
            ]}
          />
        }
        title={title}
        meta={
          <>
            <OrderState order={order} />
            {order.terms.settlement === 'PREPAID' && (
              <span className="font-semibold text-base text-ink tabular-nums">{format.money(order.total)}</span>
            )}
          </>
        }
        actions={
          order.canCancel && (
            <Act
              label={t('cancel.act')}
              title={t('cancel.title')}
              consequence={t('cancel.consequence')}
              done={t('cancel.done')}
              mutation={CancelOrderDocument}
              variables={() => ({ id: order.id })}
              typenames={['Order']}
              asksReason={false}
              danger
              kind="secondary"
            />
          )
        }
      />
      {order.canPay && <Pay order={order} ways={data?.paymentProviders ?? []} />}
      {mine && pending && <Waiting payment={pending} amount={order.total} reload={reload} />}
      {mine && order.entitlement?.status === 'ACTIVE' && (
        <Notice
          tone="success"
          className="mb-5"
          title={t('right.title')}
          actions={
            <ButtonLink to="/data/$id" params={{ id: order.entitlement.id }} kind="primary">
              {t('right.use')}
            </ButtonLink>
          }
        >
          {t('right.until', { day: format.lastDay(order.entitlement.endsAt) })}
        </Notice>
      )}
      <Section title={t('facts')} card>
        <DescriptionList
          columns={2}
          facts={[
            {
              key: 'number',
              term: t('number'),
              value: <span className="break-all font-mono text-13">{order.id}</span>,
            },
            {
              key: 'product',
              term: t('product'),
              value: order.product ? (
                <Link to="/products/$id" params={{ id: order.product.id }} className="text-brand hover:underline">
                  {named(order.product)}
                </Link>
              ) : (
                title
              ),
            },
            { key: 'purpose', term: t('purpose'), value: name('Purpose', order.purpose) },
            { key: 'scenario', term: t('scenario'), value: order.terms.scenario && named(order.terms.scenario) },
            {
              key: 'plan',
              term: t('plan'),
              value: named({ name: order.terms.planName, nameEn: order.terms.planNameEn }),
            },
            { key: 'quota', term: t('quantity'), value: quotaText(quotation.quota, order.terms.settlement) },
            { key: 'term', term: t('term'), value: t('months', { count: order.terms.termMonths }) },
            {
              key: 'version',
              term: t('version'),
              value: t('versionValue', { number: order.terms.productContentNumber }),
            },
          ]}
        />
      </Section>
      {order.terms.settlement === 'METERED' ? (
        <Months order={order} />
      ) : (
        <Section title={t('charges')} lead={t('chargesLead')} card>
          <QuoteLines quotation={quotation} tariff={order.terms.tariff} />
          <p className="mt-2 flex items-baseline justify-between gap-3 border-line border-t pt-2">
            <span>{t('total')}</span>
            <span className="font-semibold text-lg tabular-nums">{format.money(order.total)}</span>
          </p>
        </Section>
      )}
      {order.entitlement && <Uses entitlementId={order.entitlement.id} />}
      <Refunds paid={{ ...order, orderId: order.id }} />
      {invoiced && <Invoices orderId={order.id} count={order.invoices.length} canRequest={order.canRequestInvoice} />}
      <Section title={t('course')} card>
        <Timeline
          label={t('course')}
          events={[
            { key: 'placed', title: t('event.placed'), time: format.moment(order.createdAt), state: 'done' },
            ...order.payments.map((payment) => ({
              key: payment.id,
              title: t('event.payment', {
                amount: format.money(payment.amount),
                state: name('PaymentState', payment.state),
              }),
              time: format.moment(payment.settledAt ?? payment.createdAt),
              state:
                payment.state === 'SUCCEEDED'
                  ? ('done' as const)
                  : payment.state === 'FAILED' || payment.state === 'EXPIRED'
                    ? ('refused' as const)
                    : ('current' as const),
              children:
                payment.provider === 'test' ? (
                  <span className="text-ink-3 text-xs">{t('event.test', { reference: payment.id })}</span>
                ) : (
                  <span className="break-all font-mono text-ink-3 text-xs">{payment.id}</span>
                ),
            })),
            ...(order.entitlement && order.paidAt
              ? [
                  {
                    key: 'right',
                    title: t('event.right', { day: format.lastDay(order.entitlement.endsAt) }),
                    time: format.moment(order.paidAt),
                    state: 'done' as const,
                  },
                ]
              : []),
            ...order.payments
              .flatMap((payment) => payment.disputes)
              .map((dispute) => ({
                key: dispute.id,
                title: t('event.dispute', {
                  amount: format.money(dispute.amount),
                  state: name('DisputeState', dispute.state),
                }),
                time: format.moment(dispute.closedAt ?? dispute.openedAt),
                state:
                  dispute.state === 'WON'
                    ? ('done' as const)
                    : dispute.state === 'LOST'
                      ? ('refused' as const)
                      : ('current' as const),
              })),
            ...(order.entitlement && order.entitlement.status !== 'ACTIVE'
              ? [
                  {
                    key: 'ended',
                    title: t('event.rightIs', { status: name('EntitlementStatus', order.entitlement.status) }),
                    state: 'refused' as const,
                  },
                ]
              : []),
            ...(order.status === 'PLACED'
              ? [
                  {
                    key: 'topay',
                    title: t('event.waiting'),
                    state: 'current' as const,
                    children: order.canCancel && t('event.waitingHow'),
                  },
                ]
              : []),
            ...(order.cancelledAt
              ? [
                  {
                    key: 'cancelled',
                    title: t(order.status === 'EXPIRED' ? 'event.expired' : 'event.cancelled'),
                    time: format.moment(order.cancelledAt),
                    state: 'done' as const,
                  },
                ]
              : []),
          ]}
        />
      </Section>
      {(order.entries.length > 0 || !mine) && <Trail order={order} />}
      <Section title={t('licence')} lead={t('licenceLead', { version: licence.version })} card>
        <p className="max-w-prose whitespace-pre-wrap rounded-lg bg-sunken px-4 py-3 text-ink-2">
          {(language === 'en' && licence.textEn) || licence.text}
        </p>
      </Section>
    </div>
  );
}

function Pay({ order, ways }: { order: Order; ways: readonly Way[] }) {
  const { t } = useTranslation('orders');
  const format = useFormats();
  const { pay, ...sending } = usePay();
  return (
    <PayPanel
      {...sending}
      ways={ways}
      title={t('pay.title', { amount: format.money(order.total) })}
      why={[t('pay.why'), order.expiresAt && t('pay.until', { time: format.moment(order.expiresAt) })].join(' ')}
      failed={hasFailed(order)}
      onPay={async (provider) => {
        if (await pay(order, provider)) toast(t('pay.done'));
      }}
    />
  );
}
