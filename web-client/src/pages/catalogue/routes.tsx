import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { catalogueSearch } from './search';

export const catalogueRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/',
  validateSearch: catalogueSearch,
  loader: () => loadTexts('catalogue'),
  component: lazyRouteComponent(() => import('./screen'), 'Screen'),
});

export const routes = [catalogueRoute] as const;
