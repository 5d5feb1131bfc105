import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../../app/route';
import { addressOf, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

export const deskRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/review',
  /** The kind of proceeding that is looked at; all when it says none. */
  validateSearch: addressOf({ kind: oneOf(enums.ProceedingKind) }),
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
