import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { enums, type ProductStatus } from '../../lib/schema.gql';

const texts = () => loadTexts('operator');

export const overviewRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator',
  loader: texts,
  component: lazyRouteComponent(() => import('./overview'), 'Screen'),
});

export const productsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/products',
  validateSearch: (search: Record<string, unknown>): { status?: ProductStatus } => ({
    status: enums.ProductStatus.find((status) => status === search.status),
  }),
  loader: texts,
  component: lazyRouteComponent(() => import('./products'), 'Screen'),
});

export const newRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/products/new',
  loader: texts,
  component: lazyRouteComponent(() => import('./new'), 'Screen'),
});

export const editRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/products/$id',
  loader: texts,
  component: lazyRouteComponent(() => import('./product'), 'Screen'),
});

export const grantsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/grants',
  loader: texts,
  component: lazyRouteComponent(() => import('./grants'), 'Screen'),
});

export const routes = [overviewRoute, productsRoute, newRoute, editRoute, grantsRoute] as const;
