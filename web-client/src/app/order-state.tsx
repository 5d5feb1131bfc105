import { useTranslation } from 'react-i18next';
import { useEnum } from '../lib/i18n';
import type { OrderStatus, Settlement } from '../lib/schema.gql';
import { StatusBadge } from '../ui/badge';
import { orderTones } from './tones';

/** What an order is at. One that is charged by the month begins without a payment, and is not called paid. */
export function OrderState({ order }: { order: { status: OrderStatus; terms: { settlement: Settlement } } }) {
  const { t } = useTranslation();
  const name = useEnum();
  return (
    <StatusBadge tone={orderTones[order.status]}>
      {order.status === 'PAID' && order.terms.settlement === 'METERED'
        ? t('order.metered')
        : name('OrderStatus', order.status)}
    </StatusBadge>
  );
}
