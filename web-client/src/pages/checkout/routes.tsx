import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { type PurchaseSearch, purchaseSearch } from '../product/purchase';

/** What is to be bought; once it was ordered, the order alone. */
export type CheckoutSearch = PurchaseSearch & { order?: string };

export const checkoutRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/checkout/$productId',
  validateSearch: (search: Record<string, unknown>): CheckoutSearch =>
    typeof search.order === 'string' && search.order !== ''
      ? { order: search.order.slice(0, 100) }
      : purchaseSearch(search),
  loader: () => loadTexts('checkout', 'product', 'rights'),
  component: page(() => import('./screen')),
});

export const routes = [checkoutRoute] as const;
