import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { addressOf, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

export const deskRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/review',
  /** The kind of proceeding that is looked at; all when it says none. */
  validateSearch: addressOf({ kind: oneOf(enums.ProceedingKind) }),
  loader: () => loadTexts('review', 'bank', 'tariff', 'shares', 'revenue'),
  component: page(() => import('./desk')),
});

export const noneRoute = createRoute({
  getParentRoute: () => deskRoute,
  path: '/',
});

export const proceedingRoute = createRoute({
  getParentRoute: () => deskRoute,
  path: '$id',
  component: page(() => import('./proceeding')),
});

export const registrationsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/registrations',
  loader: () => loadTexts('review', 'bank', 'tariff', 'shares', 'revenue'),
  component: page(() => import('./registrations')),
});

export const routes = [deskRoute.addChildren([noneRoute, proceedingRoute]), registrationsRoute] as const;
