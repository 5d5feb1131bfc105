import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { addressOf, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { lineSearch, periodSearch } from '../revenue/routes';

export const sourceResourcesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/resources',
  validateSearch: addressOf({ status: oneOf(enums.ResourceStatus) }),
  loader: () => loadTexts('source'),
  component: page(() => import('./resources')),
});

export const sourceResourceRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/resources/$id',
  loader: () => loadTexts('source', 'metadata'),
  component: page(() => import('./resource')),
});

export const incomeRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/income',
  validateSearch: periodSearch,
  loader: () => loadTexts('source', 'revenue'),
  component: page(() => import('./income')),
});

export const incomeLineRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/income/line',
  validateSearch: lineSearch,
  loader: () => loadTexts('source', 'revenue', 'shares'),
  component: page(() => import('./income-line')),
});

export const routes = [sourceResourcesRoute, sourceResourceRoute, incomeRoute, incomeLineRoute] as const;
