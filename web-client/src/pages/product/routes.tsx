import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { enums, type Purpose } from '../../lib/schema.gql';

/** What is chosen in the quote panel, so that the address leads back to it. */
export interface ProductSearch {
  purpose?: Purpose;
  plan?: string;
  quantity?: string;
}

export const productSearch = (search: Record<string, unknown>): ProductSearch => ({
  purpose: enums.Purpose.find((purpose) => purpose === search.purpose),
  plan: typeof search.plan === 'string' ? search.plan.slice(0, 60) : undefined,
  quantity: /^\d{1,12}$/.test(String(search.quantity ?? '')) ? String(search.quantity) : undefined,
});

export const productRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/products/$id',
  validateSearch: productSearch,
  loader: () => loadTexts('product'),
  component: lazyRouteComponent(() => import('./screen'), 'Screen'),
});

export const routes = [productRoute] as const;
