import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { enums, type ProceedingKind } from '../../lib/schema.gql';

/** What the address of the desk says: the kind of proceeding that is looked at; all when it says none. */
export interface DeskSearch {
  kind?: ProceedingKind;
}

export const deskRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/review',
  validateSearch: (search: Record<string, unknown>): DeskSearch => {
    const kind = enums.ProceedingKind.find((known) => known === search.kind);
    return kind ? { kind } : {};
  },
  loader: () => loadTexts('review'),
  component: lazyRouteComponent(() => import('./desk'), 'Desk'),
});

export const noneRoute = createRoute({
  getParentRoute: () => deskRoute,
  path: '/',
});

export const proceedingRoute = createRoute({
  getParentRoute: () => deskRoute,
  path: '$id',
  component: lazyRouteComponent(() => import('./proceeding'), 'Proceeding'),
});

export const registrationsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/registrations',
  loader: () => loadTexts('review'),
  component: lazyRouteComponent(() => import('./registrations'), 'Registrations'),
});

export const routes = [deskRoute.addChildren([noneRoute, proceedingRoute]), registrationsRoute] as const;
