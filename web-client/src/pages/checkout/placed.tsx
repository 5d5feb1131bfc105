import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { focusHeading } from '../../app/focus';
import { Waiting, WayChoice } from '../../app/payment/late';
import { onItsWay, useWay, type Way } from '../../app/payment/ways';
import { ProblemState, useProblemText } from '../../app/problem-state';
import { Refused } from '../../app/refused';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { useReached } from '../../lib/reached';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/code';
import { DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { hasFailed } from '../orders/use-pay';
import { FirstCall } from '../rights/first-call';
import { Credential } from './credential';
import { CheckoutOrderDocument, type CheckoutOrderQuery } from './order.gql';
import type { Purchase } from './use-purchase';

export type Order = NonNullable<CheckoutOrderQuery['order']>;

/** An order as it stands: to be paid, or paid, with what it brought. */
export function Placed({ orderId, purchase }: { orderId: string; purchase: Purchase }) {
  const { t } = useTranslation('checkout');
  const { data, loading, stale, problem, reload } = useLoad(
    CheckoutOrderDocument,
    { id: orderId },
    { typenames: ['Order', 'Payment', 'Entitlement', 'Credential'] },
  );
  const order = data?.order;
  const busy = loading || stale;
  const [stored, setStored] = useState(false);
  const metered = order?.terms.settlement === 'METERED';
  const title = !order
    ? t('title')
    : order.status === 'PAID'
      ? t(metered ? 'metered.placed' : 'paid.title')
      : order.status === 'CANCELLED'
        ? t('cancelled.title')
        : order.status === 'EXPIRED'
          ? t('expired.title')
          : purchase.step
            ? t('paying')
            : t('unpaid.title');
  useTitle(title);
  // After each step, answered or not, the order is read again: an answer that was on its way meanwhile may be from before it.
  const { step } = purchase;
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) reload();
    before.current = step;
  }, [step, reload]);
  // What was ordered is read out where the button was pressed.
  const head = useRef<HTMLDivElement>(null);
  const status = order?.status;
  useEffect(() => {
    if (status !== 'PAID') return;
    focusHeading(head.current?.querySelector('h1'));
    scrollTo({ top: 0 });
  }, [status]);
  // What became of a payment whose answer was lost, the order says once it can be read again.
  const away = purchase.unanswered;
  const reading = useRef(false);
  const [known, setKnown] = useState(false);
  useEffect(() => {
    if (away && reading.current && !busy && !problem) setKnown(true);
    if (!away) setKnown(false);
    reading.current = away && busy;
  }, [away, busy, problem]);
  const asking = away && !known;
  useReached(asking && problem !== undefined, reload);
  if (!order && (asking || (problem && step === 'pay'))) return <Asking orderId={orderId} />;
  if (!data && !problem) return <Skeleton shape="facts" lines={8} />;
  if (!order) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  return (
    <div className="mx-auto max-w-4xl" ref={head}>
      <PageHead
        title={title}
        lead={
          order.status === 'PAID'
            ? t(purchase.secret && !stored ? 'paid.lead' : 'paid.later')
            : order.status === 'CANCELLED'
              ? t('cancelled.lead')
              : order.status === 'EXPIRED'
                ? t('expired.lead')
                : t('unpaid.lead')
        }
      />
      {order.status === 'PLACED' && (
        <Pay
          order={order}
          ways={data.paymentProviders}
          purchase={purchase}
          asking={asking}
          away={away}
          reload={reload}
        />
      )}
      <Facts order={order} />
      {order.status === 'PAID' && order.entitlement && (
        <Credential entitlement={order.entitlement} purchase={purchase} onStored={() => setStored(true)} />
      )}
      {order.product && (
        <FirstCall
          key={order.id}
          product={order.product}
          purpose={order.purpose}
          usable={order.entitlement?.usable ?? false}
          secret={purchase.secret}
          stored={stored}
        />
      )}
      <p className="flex flex-wrap gap-x-5 [&_a]:inline-flex [&_a]:min-h-8 [&_a]:items-center [&_a]:text-brand [&_a]:hover:underline">
        <Link to="/orders/$id" params={{ id: order.id }}>
          {t('toOrder')}
        </Link>
        {order.entitlement && (
          <Link to="/data/$id" params={{ id: order.entitlement.id }}>
            {t('toData')}
          </Link>
        )}
        <Link to="/">{t('toCatalogue')}</Link>
      </p>
    </div>
  );
}

/** Stands for an order of which nothing could be read since it was sent to be paid. */
function Asking({ orderId }: { orderId: string }) {
  const { t } = useTranslation('checkout');
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead title={t('asking.title')} lead={<code translate="no">{orderId}</code>} />
      <Notice tone="attention" live title={t('common:problem.offline.title')}>
        {t('asking.what')}
      </Notice>
    </div>
  );
}

/** The order is kept until it is paid; paying it again never orders again. */
function Pay({
  order,
  ways,
  purchase,
  asking,
  away,
  reload,
}: {
  order: Order;
  ways: readonly Way[];
  purchase: Purchase;
  /** What became of the payment is being asked. */
  asking: boolean;
  /** Its answer was lost. */
  away: boolean;
  reload: () => void;
}) {
  const { t } = useTranslation('checkout');
  const format = useFormats();
  const problemText = useProblemText();
  const pending = onItsWay(order.payments);
  const { way, setWay } = useWay(ways);
  const idle = purchase.step === undefined;
  // What a payment came to is said by its refusal, and by the order once that is forgotten.
  const quiet = idle && purchase.faults.length === 0;
  return (
    <div className="mb-6 space-y-3">
      {quiet && !pending && hasFailed(order) && (
        <Notice tone="refused" live title={t('unpaid.failed')}>
          {t('unpaid.kept')}
        </Notice>
      )}
      {quiet && !pending && order.expiresAt && (
        <p className="text-ink-2">{t('unpaid.until', { time: format.moment(order.expiresAt) })}</p>
      )}
      {pending && <Waiting payment={pending} amount={order.total} reload={reload} />}
      {away && !asking && order.payments.length === 0 && <Notice live>{t('unpaid.none')}</Notice>}
      <Refused faults={purchase.faults} />
      {asking && purchase.problem && (
        <Notice tone="attention" live title={problemText(purchase.problem).title}>
          {t('asking.what')}
        </Notice>
      )}
      <Trouble problem={away ? undefined : purchase.problem}>{t('unpaid.kept')}</Trouble>
      {order.canPay ? (
        <>
          <WayChoice ways={ways} way={way} onChange={setWay} />
          <Button
            kind="primary"
            size="large"
            pending={!idle || asking}
            disabled={!way}
            onClick={() => way && purchase.pay(order, way.name)}
          >
            {t('unpaid.button', { total: format.money(order.total) })}
          </Button>
        </>
      ) : (
        !pending && <Notice tone="attention">{t('unpaid.notYou')}</Notice>
      )}
    </div>
  );
}

function Facts({ order }: { order: Order }) {
  const { t } = useTranslation('checkout');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const { entitlement } = order;
  const metered = order.terms.settlement === 'METERED';
  return (
    <Section title={t('order')} card>
      <DescriptionList
        columns={2}
        facts={[
          {
            key: 'reference',
            term: t('reference'),
            value: (
              <span className="flex flex-wrap items-center gap-2">
                <code translate="no" className="break-all font-mono text-13">
                  {order.id}
                </code>
                <CopyButton text={order.id} />
              </span>
            ),
          },
          {
            key: 'status',
            term: t('status'),
            value: order.paidAt
              ? t(metered ? 'statusMetered' : 'statusPaid', { at: format.moment(order.paidAt) })
              : name('OrderStatus', order.status),
          },
          {
            key: 'product',
            term: t('product'),
            value: order.product ? (
              <Link
                to="/products/$id"
                params={{ id: order.product.id }}
                className="text-brand underline-offset-2 hover:underline"
              >
                {named(order.product)}
              </Link>
            ) : (
              named({ name: order.terms.productName, nameEn: order.terms.productNameEn })
            ),
          },
          {
            key: 'plan',
            term: t('plan'),
            value: named({ name: order.terms.planName, nameEn: order.terms.planNameEn }),
          },
          { key: 'purpose', term: t('purpose'), value: name('Purpose', order.purpose) },
          { key: 'total', term: t('product:quote.total'), value: metered ? null : format.money(order.total) },
          {
            key: 'entitlement',
            term: t('entitlement'),
            value: entitlement && (
              <>
                {entitlement.quotaCalls != null
                  ? t('usedCalls', {
                      used: format.count(entitlement.usedCalls),
                      quota: format.count(entitlement.quotaCalls),
                    })
                  : entitlement.quotaBytes != null
                    ? t('usedBytes', {
                        used: format.bytes(entitlement.usedBytes),
                        quota: format.bytes(entitlement.quotaBytes),
                      })
                    : t('product:quota.unlimited')}
                <span className="block text-ink-3 text-xs">
                  {t('until', { day: format.lastDay(entitlement.endsAt) })}
                </span>
              </>
            ),
          },
          {
            key: 'licence',
            term: t('licenceTerm'),
            value: t('licenceVersion', { version: order.terms.licence.version }),
          },
        ]}
      />
    </Section>
  );
}
