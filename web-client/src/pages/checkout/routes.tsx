import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { type Address, addressOf, id } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { purchase } from '../product/purchase';

const checkout = { ...purchase, order: id('ord') };
/** What is to be bought; once it was ordered, the order alone. */
export type CheckoutSearch = Address<typeof checkout>;

export const checkoutRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/checkout/$productId',
  validateSearch: (search: Record<string, unknown>): CheckoutSearch =>
    addressOf(checkout)(search.order ? { order: search.order } : search),
  loader: () => loadTexts('checkout', 'product', 'tariff', 'rights'),
  component: page(() => import('./screen')),
});

export const routes = [checkoutRoute] as const;
