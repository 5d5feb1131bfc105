import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';

/** What the address of the list chooses: a domain or a source unit, by id. */
export interface ResourceSearch {
  domain?: string;
  unit?: string;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined);

export const resourcesRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/resources',
  validateSearch: (search: Record<string, unknown>): ResourceSearch => ({
    domain: text(search.domain),
    unit: text(search.unit),
  }),
  loader: () => loadTexts('resources'),
  component: page(() => import('./list')),
});

export const resourceRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/resources/$id',
  loader: () => loadTexts('resources'),
  component: page(() => import('./resource')),
});

export const routes = [resourcesRoute, resourceRoute] as const;
