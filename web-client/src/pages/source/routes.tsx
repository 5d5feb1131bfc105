import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
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
  component: lazyRouteComponent(() => import('./resources'), 'Screen'),
});

export const sourceResourceRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/resources/$id',
  loader: () => loadTexts('source'),
  component: lazyRouteComponent(() => import('./resource'), 'Screen'),
});

export const incomeRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/source/income',
  validateSearch: periodSearch,
  loader: () => loadTexts('source', 'revenue'),
  component: lazyRouteComponent(() => import('./income'), 'Screen'),
});

export const routes = [sourceResourcesRoute, sourceResourceRoute, incomeRoute] as const;
