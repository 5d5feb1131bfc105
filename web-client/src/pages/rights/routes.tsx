import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';

export const rightsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/data',
  loader: () => loadTexts('rights'),
  component: page(() => import('./rights')),
});

export const rightRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/data/$id',
  loader: () => loadTexts('rights', 'product'),
  component: page(() => import('./right')),
});

export const routes = [rightsRoute, rightRoute] as const;
