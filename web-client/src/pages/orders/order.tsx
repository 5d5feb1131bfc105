import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { ProblemState, useProblemText } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { orderTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useLanguage, useNamed } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { Timeline } from '../../ui/steps';
import { toast } from '../../ui/toast';
import { BillLines } from '../bills/bill-lines';
import { BillRows, SalesBillRows } from '../bills/bill-rows';
import { QuoteLines, useQuotaText } from '../product/quote-lines';
import { CancelOrderDocument } from './cancel.gql';
import { OrderDocument, type OrderQuery } from './order.gql';
import { BillPreviewDocument } from './preview.gql';
import { Refunds } from './refunds';
import { orderRoute } from './routes';
import { Trail } from './trail';
import { failedOf, provider, usePay } from './use-pay';
import { Uses } from './uses';

type Order = NonNullable<OrderQuery['order']>;

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
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  if (loading || !known || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!order) return <ProblemState whole problem={problem ?? { kind: 'absent' }} onRetry={reload} />;
  const { licence, quotation } = order.terms;
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
            <StatusBadge tone={orderTones[order.status]}>{name('OrderStatus', order.status)}</StatusBadge>
            <span className="font-semibold text-base text-ink tabular-nums">{format.money(order.total)}</span>
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
      {order.canPay && <Pay order={order} />}
      {order.entitlement?.status === 'ACTIVE' && (
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
      <Refunds order={order} />
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
                  : payment.state === 'FAILED'
                    ? ('refused' as const)
                    : ('current' as const),
              children:
                payment.provider === provider ? (
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
                    children: t('event.waitingHow'),
                  },
                ]
              : []),
            ...(order.cancelledAt
              ? [
                  {
                    key: 'cancelled',
                    title: t('event.cancelled'),
                    time: format.moment(order.cancelledAt),
                    state: 'done' as const,
                  },
                ]
              : []),
          ]}
        />
      </Section>
      {(order.entries.length > 0 || order.buyer?.id !== viewer?.organisation?.id) && <Trail order={order} />}
      <Section title={t('licence')} lead={t('licenceLead', { version: licence.version })} card>
        <p className="max-w-prose whitespace-pre-wrap rounded-lg bg-sunken px-4 py-3 text-ink-2">
          {(language === 'en' && licence.textEn) || licence.text}
        </p>
      </Section>
    </div>
  );
}

/** What the running month comes to so far, and the bills of those before it. */
function Months({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const format = useFormats();
  const { data, problem, reload } = useLoad(
    BillPreviewDocument,
    { orderId: order.id },
    { pause: order.status !== 'PAID', typenames: ['Bill', 'Usage'] },
  );
  const preview = data?.billPreview;
  const { viewer } = useViewer();
  const mine = order.buyer?.id === viewer?.organisation?.id;
  return (
    <>
      <Section title={t('month.title')} lead={t('month.lead')} card>
        {preview ? (
          <>
            <BillLines of={preview} tariff={order.terms.tariff} total={t('month.sofar')} />
            <p className="mt-2 text-ink-3 text-xs">
              {t('month.asOf', { month: format.month(preview.month), at: format.moment(preview.asOf) })}
            </p>
          </>
        ) : (
          problem && <ProblemState problem={problem} onRetry={reload} />
        )}
      </Section>
      <Section title={t('month.bills')} lead={t('month.billsLead')}>
        {mine ? <BillRows orderId={order.id} /> : <SalesBillRows orderId={order.id} />}
      </Section>
    </>
  );
}

function Pay({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const say = useFaultText();
  const format = useFormats();
  const problemText = useProblemText();
  const { pay, pending, faults, problem } = usePay();
  const refused =
    faults.map(say).join(' ') ||
    (problem && problemText(problem).what) ||
    (failedOf(order) > 0 && !pending ? t('pay.failed') : undefined);
  return (
    <Notice
      tone="attention"
      className="mb-5"
      title={t('pay.title', { amount: format.money(order.total) })}
      actions={
        <Button
          kind="primary"
          pending={pending}
          onClick={async () => {
            if (await pay(order)) toast(t('pay.done'));
          }}
        >
          {t('pay.act')}
        </Button>
      }
    >
      {refused ? (
        <span role="alert" className="text-rose">
          {refused}
        </span>
      ) : (
        t('pay.why')
      )}
    </Notice>
  );
}
