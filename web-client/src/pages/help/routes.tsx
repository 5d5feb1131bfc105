import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';

export const helpRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/help',
  loader: () => loadTexts('help'),
  component: page(() => import('./screen')),
});

export const routes = [helpRoute] as const;
