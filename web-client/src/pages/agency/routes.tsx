import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { addressOf, oneOf, text } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

const loader = () => loadTexts('agency', 'tariff');

export const batchesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/batches',
  loader,
  component: page(() => import('./batches')),
});

export const operatorsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/operators',
  loader,
  component: page(() => import('./operators')),
});

const tabs = ['agreements', 'grants', 'products'] as const;
export type OperatorTab = (typeof tabs)[number];

export const operatorRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/operators/$id',
  validateSearch: addressOf({ tab: oneOf(tabs) }),
  loader,
  component: page(() => import('./operator')),
});

export const draftRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/operators/$id/agreement',
  loader,
  component: page(() => import('./draft')),
});

export const agreementRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/agreements/$id',
  loader,
  component: page(() => import('./agreement')),
});

export const productsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/products',
  validateSearch: addressOf({ status: oneOf(enums.ProductStatus) }),
  loader,
  component: page(() => import('./products')),
});

export const productRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/products/$id',
  loader,
  component: page(() => import('./product')),
});

export const rightsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/rights',
  validateSearch: addressOf({ status: oneOf(enums.EntitlementStatus) }),
  loader,
  component: page(() => import('./rights')),
});

export const domainsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/domains',
  loader,
  component: page(() => import('./domains')),
});

export const synonymsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/synonyms',
  validateSearch: addressOf({ q: text(200) }),
  loader: () => loadTexts('agency', 'search'),
  component: page(() => import('./synonyms')),
});

export const organisationsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/agency/organisations',
  validateSearch: addressOf({ status: oneOf(enums.OrganisationStatus) }),
  loader,
  component: page(() => import('./organisations')),
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
  synonymsRoute,
  organisationsRoute,
] as const;
