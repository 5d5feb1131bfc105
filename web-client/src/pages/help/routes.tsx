import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';

export const helpRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/help',
  loader: () => loadTexts('help'),
  component: lazyRouteComponent(() => import('./screen'), 'Screen'),
});

export const routes = [helpRoute] as const;
