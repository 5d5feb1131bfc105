import { useCallback } from 'react';
import type { PaymentState } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { PayOrderDocument } from './pay.gql';

/** The provider of payment that the program comes with; what it moves is no money. */
export const provider = 'test';

/** What is known of an order that is to be paid. */
export interface Payable {
  id: string;
  payments: { state: PaymentState }[];
}

/** How many payments of an order failed. */
export const failedOf = ({ payments }: Payable) => payments.filter((payment) => payment.state === 'FAILED').length;

/**
 * Pays an order. The same press again, and one after a lost answer, is the same payment; after one that failed it is another.
 * pay answers the entitlement that it brought, or undefined, and what became of the payment is read with the order.
 */
export function usePay() {
  const { submit, ...sending } = useSubmit(PayOrderDocument, { typenames: ['Order', 'Payment', 'Entitlement'] });
  const pay = useCallback(
    async (order: Payable): Promise<{ id: string } | undefined> => {
      const input = { provider, idempotencyKey: `${order.id}.${failedOf(order)}` };
      const outcome = await submit({ id: order.id, input });
      return outcome?.done ? (outcome.data.orderPay.entitlement ?? undefined) : undefined;
    },
    [submit],
  );
  return { pay, ...sending };
}
