import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';

export const rightsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/data',
  loader: () => loadTexts('rights'),
  component: lazyRouteComponent(() => import('./rights'), 'Screen'),
});

export const rightRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/data/$id',
  loader: () => loadTexts('rights'),
  component: lazyRouteComponent(() => import('./right'), 'Screen'),
});

export const routes = [rightsRoute, rightRoute] as const;
