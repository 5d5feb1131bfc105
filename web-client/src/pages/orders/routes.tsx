import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { addressOf, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

export const ordersRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/orders',
  validateSearch: addressOf({ status: oneOf(enums.OrderStatus) }),
  loader: () => loadTexts('orders', 'product'),
  component: page(() => import('./orders')),
});

export const orderRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/orders/$id',
  loader: () => loadTexts('orders', 'product', 'tariff'),
  component: page(() => import('./order')),
});

export const routes = [ordersRoute, orderRoute] as const;
