import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { addressOf, id, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

const texts = () => loadTexts('operator', 'tariff', 'shares', 'revenue', 'metadata');

export const overviewRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator',
  loader: texts,
  component: page(() => import('./overview')),
});

export const productsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/products',
  validateSearch: addressOf({ status: oneOf(enums.ProductStatus) }),
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

export const applyRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/grants/apply',
  // Of which resource items are wanted, or like which grant the application is begun.
  validateSearch: addressOf({ resource: id('res'), like: id('gnt') }),
  loader: texts,
  component: page(() => import('./apply')),
});

export const routes = [overviewRoute, productsRoute, newRoute, editRoute, checkRoute, grantsRoute, applyRoute] as const;
