import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { type Address, addressOf, id, oneOf, text } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

const chosen = { q: text(200), domain: id('dom'), unit: id('org'), sort: oneOf(enums.ResourceOrder) };
/** What the address of the list chooses: words, a domain, a source unit, a sort. */
export type ResourceSearch = Address<typeof chosen>;

export const resourcesRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/resources',
  validateSearch: addressOf(chosen),
  loader: () => loadTexts('resources', 'search'),
  component: page(() => import('./list')),
});

export const resourceRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/resources/$id',
  loader: () => loadTexts('resources', 'metadata'),
  component: page(() => import('./resource')),
});

export const routes = [resourcesRoute, resourceRoute] as const;
