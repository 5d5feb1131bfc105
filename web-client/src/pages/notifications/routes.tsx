import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { addressOf, flag } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';

export const notificationsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/notifications',
  validateSearch: addressOf({ unread: flag }),
  loader: () => loadTexts('notifications'),
  component: page(() => import('./screen')),
});

export const routes = [notificationsRoute] as const;
