import { useState } from 'react';
import type { PaymentState } from '../../lib/schema.gql';

/** A way to pay. */
export interface Way {
  name: string;
}

/** What the buyer is to do so that a payment succeeds. */
export interface Next {
  url?: string | null;
  transfer?: { payee: string; bank: string; account: string; code: string } | null;
}

/** A payment, as far as it is waited for. */
export interface Awaited {
  id: string;
  state: PaymentState;
  expiresAt?: string | null;
  canCancel: boolean;
  next?: Next | null;
}

const open: readonly PaymentState[] = ['PREPARED', 'PENDING', 'UNKNOWN', 'RECONCILING'];

/** The payment that is on its way, if there is one. */
export const onItsWay = <P extends { state: PaymentState }>(payments: readonly P[]) =>
  payments.find((payment) => open.includes(payment.state));

/** The way to pay that was chosen among those that are set up: the first, until another is. */
export function useWay(ways: readonly Way[] = []) {
  const [chosen, setWay] = useState<string>();
  return { way: ways.find((one) => one.name === chosen) ?? ways[0], setWay };
}

/** Goes to the provider's page where there is one. */
export function follow(next: Next | null | undefined) {
  if (next?.url) location.assign(next.url);
}
