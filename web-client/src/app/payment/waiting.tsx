import { Printer } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { Button, ButtonAnchor } from '../../ui/button';
import { CopyButton } from '../../ui/code';
import { DescriptionList } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Act } from '../act';
import { CancelPaymentDocument } from './cancel.gql';
import type { Awaited } from './ways';

/** How often it is looked whether a payment came, in milliseconds. */
const every = 10_000;

/** A payment that is on its way: what its buyer is to do, and that it is looked for by itself. */
export function Waiting({
  payment,
  amount,
  reload,
}: {
  payment: Awaited;
  amount: { amount: string };
  reload: () => void;
}) {
  const { t } = useTranslation('payment');
  const format = useFormats();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, every);
    return () => clearInterval(timer);
  }, [reload]);
  const transfer = payment.next?.transfer;
  const giveUp = payment.canCancel && (
    <Act
      label={t('giveUp.act')}
      title={t('giveUp.title')}
      consequence={t(transfer ? 'giveUp.transfer' : 'giveUp.consequence')}
      done={t('giveUp.done')}
      asksReason={false}
      mutation={CancelPaymentDocument}
      variables={() => ({ id: payment.id })}
      typenames={['Order', 'Payment', 'Bill']}
    />
  );
  if (!transfer) {
    return (
      <Notice
        live
        className="mb-5"
        title={t(payment.next?.url ? 'page.title' : 'asking.title')}
        actions={
          (payment.next?.url || giveUp) && (
            <>
              {payment.next?.url && (
                <ButtonAnchor kind="primary" href={payment.next.url}>
                  {t('page.act')}
                </ButtonAnchor>
              )}
              {giveUp}
            </>
          )
        }
      >
        {t(payment.next?.url ? 'page.what' : 'asking.what')}
      </Notice>
    );
  }
  const copied = (key: string, term: string, text: string) => ({
    key,
    term,
    value: (
      <span className="flex flex-wrap items-center gap-2">
        <span className="break-all">{text}</span>
        <span className="print:hidden">
          <CopyButton text={text} />
        </span>
      </span>
    ),
  });
  return (
    <section
      aria-labelledby="transfer"
      className="mb-6 rounded-xl border border-amber bg-surface p-4 sm:p-5 print:border-ink"
    >
      <div className="mb-3 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 id="transfer" className="font-semibold text-lg">
            {t('transfer.title', { amount: format.money(amount) })}
          </h2>
          <p className="text-ink-2">{t('transfer.lead')}</p>
        </div>
        <Button
          size="small"
          icon={<Printer aria-hidden className="size-4" />}
          onClick={() => print()}
          className="print:hidden"
        >
          {t('transfer.print')}
        </Button>
      </div>
      <p className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-amber-soft px-4 py-3">
        <span className="text-ink-2">{t('transfer.code')}</span>
        <code translate="no" className="font-mono font-semibold text-xl tracking-wide">
          {transfer.code}
        </code>
        <span className="print:hidden">
          <CopyButton text={transfer.code} />
        </span>
        <span className="basis-full text-ink-2 text-xs">{t('transfer.codeWhy')}</span>
      </p>
      <DescriptionList
        columns={2}
        facts={[
          copied('payee', t('transfer.payee'), transfer.payee),
          copied('account', t('transfer.account'), transfer.account),
          copied('bank', t('transfer.bank'), transfer.bank),
          copied('amount', t('transfer.amount'), amount.amount),
        ]}
      />
      <p className="mt-3 text-ink-2 text-sm">
        {t('transfer.then')} {payment.expiresAt && t('transfer.until', { time: format.moment(payment.expiresAt) })}
      </p>
      <div className="mt-3 print:hidden">{giveUp}</div>
    </section>
  );
}
