import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { enums, type OrderStatus } from '../../lib/schema.gql';

export const ordersRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/orders',
  validateSearch: (search: Record<string, unknown>): { status?: OrderStatus } => ({
    status: enums.OrderStatus.find((status) => status === search.status),
  }),
  loader: () => loadTexts('orders'),
  component: lazyRouteComponent(() => import('./orders'), 'Screen'),
});

export const orderRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/orders/$id',
  loader: () => loadTexts('orders'),
  component: lazyRouteComponent(() => import('./order'), 'Screen'),
});

export const routes = [ordersRoute, orderRoute] as const;
