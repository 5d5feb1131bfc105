import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../../app/route';
import { addressOf, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

const loader = () => loadTexts('agency');

export const batchesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/batches',
  loader,
  component: lazyRouteComponent(() => import('./batches'), 'Batches'),
});

export const operatorsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/operators',
  loader,
  component: lazyRouteComponent(() => import('./operators'), 'Operators'),
});

const tabs = ['agreements', 'grants', 'products'] as const;
export type OperatorTab = (typeof tabs)[number];

export const operatorRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/operators/$id',
  validateSearch: addressOf({ tab: oneOf(tabs) }),
  loader,
  component: lazyRouteComponent(() => import('./operator'), 'Operator'),
});

export const draftRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/operators/$id/agreement',
  loader,
  component: lazyRouteComponent(() => import('./draft'), 'Draft'),
});

export const agreementRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/agreements/$id',
  loader,
  component: lazyRouteComponent(() => import('./agreement'), 'Agreement'),
});

export const productsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/products',
  validateSearch: addressOf({ status: oneOf(enums.ProductStatus) }),
  loader,
  component: lazyRouteComponent(() => import('./products'), 'Products'),
});

export const productRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/products/$id',
  loader,
  component: lazyRouteComponent(() => import('./product'), 'Product'),
});

export const rightsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/rights',
  validateSearch: addressOf({ status: oneOf(enums.EntitlementStatus) }),
  loader,
  component: lazyRouteComponent(() => import('./rights'), 'Rights'),
});

export const domainsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/domains',
  loader,
  component: lazyRouteComponent(() => import('./domains'), 'Domains'),
});

export const organisationsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/organisations',
  validateSearch: addressOf({ status: oneOf(enums.OrganisationStatus) }),
  loader,
  component: lazyRouteComponent(() => import('./organisations'), 'Organisations'),
});

export const routes = [
  batchesRoute,
  operatorsRoute,
  operatorRoute,
  draftRoute,
  agreementRoute,
  productsRoute,
  productRoute,
  rightsRoute,
  domainsRoute,
  organisationsRoute,
] as const;
