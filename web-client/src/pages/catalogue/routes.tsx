import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { catalogueSearch } from './search';

export const catalogueRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/',
  validateSearch: catalogueSearch,
  loader: () => loadTexts('catalogue', 'search'),
  component: page(() => import('./screen')),
});

export const routes = [catalogueRoute] as const;
