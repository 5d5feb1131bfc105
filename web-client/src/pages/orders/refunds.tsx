import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { useIsKept } from '../../app/kept';
import { late } from '../../app/late';
import { refundTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { loadTexts, useEnum } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Row, Rows, Section } from '../../ui/layout';
import { linkText } from '../../ui/styles';
import { WithdrawApplicationDocument } from '../freeuse/withdraw.gql';
import type { OrderQuery } from './order.gql';

/** What was paid: an order, or a bill of one. */
export interface Paid extends Pick<NonNullable<OrderQuery['order']>, 'refunds' | 'refundable' | 'canRefund'> {
  orderId: string;
  /** The payment of a bill. */
  paymentId?: string;
}

export const typenames = ['Refund', 'Order', 'Bill', 'Proceeding'];

/** Under which a refund that is begun is kept. */
export const refundForm = ({ orderId, paymentId }: Paid) => `refund.${paymentId ?? orderId}`;

// The texts come with the form: most who look at an order ask for nothing back.
const RefundForm = late(async () => {
  const [module] = await Promise.all([import('./refund-form'), loadTexts('refunds')]);
  return module.RefundForm;
});

/** What went back of what was paid or is on its way, and a form that asks for more of it. */
export function Refunds({ paid }: { paid: Paid }) {
  const { t } = useTranslation('orders');
  const name = useEnum();
  const format = useFormats();
  const kept = useIsKept(refundForm(paid));
  const [asking, setAsking] = useState(kept);
  if (!paid.canRefund && paid.refunds.length === 0) return null;
  const open = asking && paid.canRefund;
  return (
    <Section
      id="refunds"
      title={t('refunds.title')}
      lead={t('refunds.lead')}
      card
      actions={paid.canRefund && !open && <Button onClick={() => setAsking(true)}>{t('refunds.ask')}</Button>}
    >
      {paid.refunds.length > 0 && (
        <Rows label={t('refunds.title')}>
          {paid.refunds.map((refund) => (
            <Row
              key={refund.id}
              level={3}
              title={format.money(refund.amount)}
              marks={<StatusBadge tone={refundTones[refund.status]}>{name('RefundStatus', refund.status)}</StatusBadge>}
              meta={
                <>
                  <span>{t('refunds.asked', { moment: format.moment(refund.createdAt) })}</span>
                  {refund.paidAt && <span>{t('refunds.paidAt', { moment: format.moment(refund.paidAt) })}</span>}
                </>
              }
              aside={<Acts proceeding={refund.proceeding} />}
            >
              <p className="whitespace-pre-line">{refund.dispute ? t('refunds.disputed') : refund.reason}</p>
            </Row>
          ))}
        </Rows>
      )}
      {open && (
        <div className={paid.refunds.length > 0 ? 'mt-4' : undefined}>
          <RefundForm paid={paid} onDone={() => setAsking(false)} />
        </div>
      )}
    </Section>
  );
}

/** What the viewer may do with a refund that is not decided yet. */
function Acts({ proceeding }: { proceeding: Paid['refunds'][number]['proceeding'] }) {
  const { t } = useTranslation('orders');
  if (!proceeding || !(proceeding.allowedSteps.length > 0 || proceeding.canWithdraw)) return null;
  return (
    <span className="flex flex-wrap items-center gap-2">
      {proceeding.allowedSteps.length > 0 && (
        <Link to="/review/$id" params={{ id: proceeding.id }} className={linkText}>
          {t('refunds.decide')}
        </Link>
      )}
      {proceeding.canWithdraw && (
        <Act
          size="small"
          label={t('refunds.withdraw')}
          title={t('refunds.withdrawTitle')}
          consequence={t('refunds.withdrawConsequence')}
          done={t('refunds.withdrawn')}
          mutation={WithdrawApplicationDocument}
          variables={() => ({ id: proceeding.id })}
          typenames={typenames}
          asksReason={false}
          danger
        />
      )}
    </span>
  );
}
