import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';

export const notificationsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/notifications',
  validateSearch: (search: Record<string, unknown>): { unread?: true } =>
    search.unread === true || search.unread === 'true' ? { unread: true } : {},
  loader: () => loadTexts('notifications'),
  component: lazyRouteComponent(() => import('./screen'), 'Screen'),
});

export const routes = [notificationsRoute] as const;
