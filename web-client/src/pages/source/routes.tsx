import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { enums, type ResourceStatus } from '../../lib/schema.gql';
import { periodSearch } from '../revenue/routes';

export const sourceResourcesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/resources',
  validateSearch: (search: Record<string, unknown>): { status?: ResourceStatus } => ({
    status: enums.ResourceStatus.find((status) => status === search.status),
  }),
  loader: () => loadTexts('source'),
  component: page(() => import('./resources')),
});

export const sourceResourceRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/resources/$id',
  loader: () => loadTexts('source'),
  component: page(() => import('./resource')),
});

export const incomeRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/income',
  validateSearch: periodSearch,
  loader: () => loadTexts('source', 'revenue'),
  component: page(() => import('./income')),
});

export const routes = [sourceResourcesRoute, sourceResourceRoute, incomeRoute] as const;
