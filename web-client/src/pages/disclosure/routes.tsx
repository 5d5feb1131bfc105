import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';

export const pricesRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/prices',
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({
    q: typeof search.q === 'string' && search.q ? search.q.slice(0, 200) : undefined,
  }),
  loader: () => loadTexts('disclosure'),
  component: page(() => import('./prices')),
});

export const disclosureRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/disclosure',
  loader: () => loadTexts('disclosure'),
  component: page(() => import('./disclosure')),
});

export const routes = [pricesRoute, disclosureRoute] as const;
