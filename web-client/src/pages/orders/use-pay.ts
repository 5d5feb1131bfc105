import { useCallback } from 'react';
import { follow } from '../../app/payment/ways';
import type { PaymentState } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { PayOrderDocument } from './pay.gql';

/** What is known of an order that is to be paid. */
export interface Payable {
  id: string;
  payments: { state: PaymentState }[];
}

/** How many payments of an order ended without its being paid. */
const endedOf = ({ payments }: Payable) =>
  payments.filter((payment) => payment.state === 'FAILED' || payment.state === 'EXPIRED').length;

/** Whether the last payment of an order failed. */
export const hasFailed = ({ payments }: Payable) => payments.at(-1)?.state === 'FAILED';

/**
 * Pays an order by a provider. The same press again, and one after a lost answer, is the same payment; after one that failed it is
 * another. pay answers the entitlement that it brought, or undefined, and what became of the payment is read with the order; where the
 * provider has a page of its own it goes there.
 */
export function usePay() {
  const { submit, ...sending } = useSubmit(PayOrderDocument, { typenames: ['Order', 'Payment', 'Entitlement'] });
  const pay = useCallback(
    async (order: Payable, provider: string): Promise<{ id: string } | undefined> => {
      const input = { provider, idempotencyKey: `${order.id}.${endedOf(order)}` };
      const outcome = await submit({ id: order.id, input });
      if (!outcome?.done) return undefined;
      follow(outcome.data.orderPay.payment?.next);
      return outcome.data.orderPay.entitlement ?? undefined;
    },
    [submit],
  );
  return { pay, ...sending };
}
