import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { enums, type ProductStatus } from '../../lib/schema.gql';

const texts = () => loadTexts('operator');

export const overviewRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator',
  loader: texts,
  component: page(() => import('./overview')),
});

export const productsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/products',
  validateSearch: (search: Record<string, unknown>): { status?: ProductStatus } => ({
    status: enums.ProductStatus.find((status) => status === search.status),
  }),
  loader: texts,
  component: page(() => import('./products')),
});

export const newRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/products/new',
  loader: texts,
  component: page(() => import('./new')),
});

export const editRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/products/$id',
  loader: texts,
  component: page(() => import('./product')),
});

export const checkRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/products/$id/check',
  loader: texts,
  component: page(() => import('./check')),
});

export const grantsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/grants',
  loader: texts,
  component: page(() => import('./grants')),
});

const id = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 100) : undefined);

export const applyRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/grants/apply',
  // Of which resource items are wanted, or like which grant the application is begun.
  validateSearch: (search: Record<string, unknown>): { resource?: string; like?: string } => ({
    resource: id(search.resource),
    like: id(search.like),
  }),
  loader: texts,
  component: page(() => import('./apply')),
});

export const routes = [overviewRoute, productsRoute, newRoute, editRoute, checkRoute, grantsRoute, applyRoute] as const;
