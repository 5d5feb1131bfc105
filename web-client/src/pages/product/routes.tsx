import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { purchaseSearch } from './purchase';

export const productRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/products/$id',
  validateSearch: purchaseSearch,
  loader: () => loadTexts('product', 'tariff', 'metadata'),
  component: page(() => import('./screen')),
});

export const routes = [productRoute] as const;
