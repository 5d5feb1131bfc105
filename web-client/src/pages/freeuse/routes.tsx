import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { enums, type Purpose } from '../../lib/schema.gql';

export const applyRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/free-use/apply/$productId',
  validateSearch: (search: Record<string, unknown>): { purpose?: Purpose; after?: string } => ({
    purpose: enums.Purpose.find((purpose) => purpose === search.purpose),
    // The application that this one is made after.
    after: typeof search.after === 'string' ? search.after : undefined,
  }),
  loader: () => loadTexts('freeuse'),
  component: page(() => import('./apply')),
});

export const applicationsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/free-use',
  loader: () => loadTexts('freeuse'),
  component: page(() => import('./applications')),
});

export const applicationRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/free-use/$id',
  validateSearch: (search: Record<string, unknown>): { sent?: true } => (search.sent ? { sent: true } : {}),
  loader: () => loadTexts('freeuse'),
  component: page(() => import('./application')),
});

export const routes = [applyRoute, applicationsRoute, applicationRoute] as const;
