import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { purchaseSearch } from './purchase';

export const productRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/products/$id',
  validateSearch: purchaseSearch,
  loader: () => loadTexts('product'),
  component: lazyRouteComponent(() => import('./screen'), 'Screen'),
});

export const routes = [productRoute] as const;
