import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Pay as PayPanel, Waiting } from '../../app/payment/late';
import { follow, onItsWay, type Way } from '../../app/payment/ways';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { billTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { useIdempotencyKey, useSubmit } from '../../lib/submit';
import { Badge, StatusBadge } from '../../ui/badge';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { toast } from '../../ui/toast';
import { Invoices } from '../invoices/late';
import { Refunds } from '../orders/refunds';
import { BillDocument, type BillQuery } from './bill.gql';
import { BillLines } from './bill-lines';
import { PayBillDocument } from './pay.gql';
import { billRoute } from './routes';

type Bill = NonNullable<BillQuery['bill']>;

/** Whether the buyer's bank took back what was paid of a bill, so that it is to be paid again. */
const isReopened = (bill: Bill) => bill.status === 'ISSUED' && bill.refunds.some((refund) => refund.dispute);

/** One bill: the month's uses, corrections of earlier months, what is to be paid, and its payments. */
export function Screen() {
  const { t } = useTranslation('bills');
  const { id } = billRoute.useParams();
  const { viewer, known } = useViewer();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const { data, loading, problem, reload } = useLoad(
    BillDocument,
    { id },
    { typenames: ['Bill', 'Payment', 'Refund', 'Proceeding'], pause: !viewer },
  );
  const bill = data?.bill ?? undefined;
  const product =
    bill && named(bill.product ?? { name: bill.order.terms.productName, nameEn: bill.order.terms.productNameEn });
  const title = bill && t('of', { month: format.month(bill.month), product });
  useTitle(title);
  const pending = bill && onItsWay(bill.payments);
  const invoiced = bill !== undefined && (bill.canRequestInvoice || bill.invoices.length > 0);
  const there = [
    Waiting.useThere(pending !== undefined),
    PayPanel.useThere(bill?.canPay === true),
    Invoices.useThere(invoiced),
  ].every(Boolean);
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  if (loading || !known || !there || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!bill) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const mine = bill.buyer?.id === viewer?.organisation?.id;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              {
                key: 'list',
                node: mine ? (
                  <Link to="/bills">{t('title')}</Link>
                ) : (
                  <Link to="/operator/bills">{t('sales.title')}</Link>
                ),
              },
              { key: 'this', node: title },
            ]}
          />
        }
        title={title}
        meta={
          <>
            <StatusBadge tone={billTones[bill.status]}>{name('BillStatus', bill.status)}</StatusBadge>
            {bill.overdue && <Badge tone="refused">{t('overdue')}</Badge>}
            <span className="font-semibold text-base text-ink tabular-nums">{format.money(bill.total)}</span>
          </>
        }
      />
      {bill.canPay && <Pay bill={bill} ways={data?.paymentProviders ?? []} />}
      {mine && pending && <Waiting payment={pending} amount={pending.amount} reload={reload} />}
      <Section title={t('facts')} card>
        <DescriptionList
          columns={2}
          facts={[
            {
              key: 'number',
              term: t('number'),
              value: <span className="break-all font-mono text-13">{bill.id}</span>,
            },
            {
              key: 'order',
              term: t('order'),
              value: (
                <Link to="/orders/$id" params={{ id: bill.order.id }} className="text-brand hover:underline">
                  {named({ name: bill.order.terms.planName, nameEn: bill.order.terms.planNameEn })}
                </Link>
              ),
            },
            { key: 'buyer', term: t('buyer'), value: bill.buyer && named(bill.buyer) },
            { key: 'purpose', term: t('purpose'), value: name('Purpose', bill.order.purpose) },
            { key: 'issued', term: t('issuedAt'), value: format.moment(bill.createdAt) },
            { key: 'due', term: t('due'), value: format.day(bill.dueOn) },
            { key: 'heard', term: t('heard'), value: format.moment(bill.heardUntil) },
            { key: 'owed', term: t('stillOwed'), value: isReopened(bill) && format.money(bill.owed) },
            { key: 'paid', term: t('paidAt'), value: bill.paidAt && format.moment(bill.paidAt) },
          ]}
        />
      </Section>
      <Section title={t('charges')} lead={t('chargesLead')} card>
        <BillLines of={bill} tariff={bill.order.terms.tariff} total={t('total')} />
      </Section>
      {bill.payments.length > 0 && (
        <Section title={t('payments')} card>
          <ul className="text-sm">
            {bill.payments.map((payment) => (
              <li key={payment.id} className="flex flex-wrap items-baseline justify-between gap-x-3 py-1">
                <span>
                  {format.moment(payment.settledAt ?? payment.createdAt)} · {name('PaymentState', payment.state)}
                  <span className="block break-all text-ink-3 text-xs">
                    {payment.provider === 'test' ? t('test', { reference: payment.id }) : payment.id}
                  </span>
                </span>
                <span className="tabular-nums">{format.money(payment.amount)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {invoiced && <Invoices billId={bill.id} count={bill.invoices.length} canRequest={bill.canRequestInvoice} />}
      <Refunds
        paid={{
          ...bill,
          orderId: bill.order.id,
          paymentId: bill.refundablePayment?.id,
        }}
      />
    </div>
  );
}

function Pay({ bill, ways }: { bill: Bill; ways: readonly Way[] }) {
  const { t } = useTranslation('bills');
  const format = useFormats();
  const { keyOf, renew } = useIdempotencyKey();
  const { submit, ...sending } = useSubmit(PayBillDocument, { typenames: ['Bill', 'Payment'] });
  // A payment that failed is an answer too; the bill stays as it is, and is paid by another.
  const [failed, setFailed] = useState(false);
  return (
    <PayPanel
      {...sending}
      ways={ways}
      title={t('pay.title', { amount: format.money(bill.owed), day: format.day(bill.dueOn) })}
      why={t(isReopened(bill) ? 'pay.reopened' : 'pay.why')}
      failed={failed}
      onPay={async (provider) => {
        const outcome = await submit({ id: bill.id, input: { provider, idempotencyKey: keyOf([bill.id, provider]) } });
        setFailed(false);
        if (!outcome?.done) return;
        renew();
        const payment = outcome.data.billPay.payment;
        follow(payment?.next);
        if (payment?.state === 'SUCCEEDED') toast(t('pay.done'));
        else setFailed(payment?.state === 'FAILED');
      }}
    />
  );
}
