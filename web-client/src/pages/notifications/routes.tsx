import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';

export const notificationsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/notifications',
  validateSearch: (search: Record<string, unknown>): { unread?: true } =>
    search.unread === true || search.unread === 'true' ? { unread: true } : {},
  loader: () => loadTexts('notifications'),
  component: page(() => import('./screen')),
});

export const routes = [notificationsRoute] as const;
