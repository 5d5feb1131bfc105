import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { ProblemState } from '../../app/problem-state';
import { invoiceTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { BillInvoicesDocument, OrderInvoicesDocument } from './invoices.gql';
import { Issued, useSigned } from './parts';
import { RequestDialog } from './request-form';
import { WithdrawInvoiceDocument } from './withdraw.gql';

export const typenames = ['Invoice', 'Order', 'Bill'];

/**
 * The invoices of an order or a bill, and what asks for one. How many there are and whether one may be asked for the page knows:
 * their place is about as high before they come as with them.
 */
export function Invoices({
  orderId,
  billId,
  count,
  canRequest,
}: {
  orderId?: string;
  billId?: string;
  count: number;
  canRequest: boolean;
}) {
  const { t } = useTranslation('invoices');
  const name = useEnum();
  const format = useFormats();
  const signed = useSigned();
  const [asking, setAsking] = useState(false);
  const ofOrder = useLoad(OrderInvoicesDocument, { id: orderId ?? '' }, { typenames, pause: !orderId });
  const ofBill = useLoad(BillInvoicesDocument, { id: billId ?? '' }, { typenames, pause: !billId });
  const { problem, reload } = orderId ? ofOrder : ofBill;
  const about = orderId ? ofOrder.data?.order : ofBill.data?.bill;
  const mayAsk = about ? about.canRequestInvoice : canRequest && !problem;
  return (
    <Section
      id="invoices"
      title={t('title')}
      lead={t('lead')}
      card
      actions={
        mayAsk && (
          <Button disabled={!about} onClick={() => setAsking(true)}>
            {t('ask')}
          </Button>
        )
      }
    >
      {!about && problem ? (
        <ProblemState problem={problem} reload={reload} />
      ) : !about ? (
        <Skeleton lines={Math.max(1, 3 * count)} />
      ) : about.invoices.length > 0 ? (
        <ul className="divide-y divide-line">
          {about.invoices.map((invoice) => (
            <li key={invoice.id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3 text-sm">
              <div className="min-w-0 flex-[1_1_16rem] space-y-1">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span className="font-medium">{name('InvoiceKind', invoice.kind)}</span>
                  {invoice.colour === 'RED' && <span className="text-rose">{name('InvoiceColour', 'RED')}</span>}
                  <StatusBadge tone={invoiceTones[invoice.status]}>{name('InvoiceStatus', invoice.status)}</StatusBadge>
                </p>
                <Issued invoice={invoice} />
                <p className="flex flex-wrap gap-x-3 break-words text-ink-3 text-xs">
                  <span>{invoice.holder.title}</span>
                  <span>{format.moment(invoice.issuedAt ?? invoice.createdAt)}</span>
                </p>
                {invoice.reason && <p className="break-words text-ink-2">{t('reason', { reason: invoice.reason })}</p>}
              </div>
              <div className="ml-auto flex items-center gap-3">
                <span className="font-semibold text-base tabular-nums">{signed(invoice, invoice.total)}</span>
                {invoice.canWithdraw && (
                  <Act
                    size="small"
                    label={t('withdraw.act')}
                    title={t('withdraw.title')}
                    consequence={t('withdraw.consequence')}
                    done={t('withdraw.done')}
                    mutation={WithdrawInvoiceDocument}
                    variables={() => ({ id: invoice.id })}
                    typenames={typenames}
                    asksReason={false}
                    danger
                  />
                )}
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-2 text-sm">{t('none')}</p>
      )}
      {asking && about?.canRequestInvoice && <RequestDialog id={about.id} onDone={() => setAsking(false)} />}
    </Section>
  );
}
