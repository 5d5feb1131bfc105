import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { addressOf, flag, id, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

export const applyRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/free-use/apply/$productId',
  validateSearch: addressOf({
    purpose: oneOf(enums.Purpose),
    /** The application that this one is made after. */
    after: id('prc'),
  }),
  loader: () => loadTexts('freeuse'),
  component: page(() => import('./apply')),
});

export const applicationsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/free-use',
  loader: () => loadTexts('freeuse'),
  component: page(() => import('./applications')),
});

export const applicationRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/free-use/$id',
  validateSearch: addressOf({ sent: flag }),
  loader: () => loadTexts('freeuse'),
  component: page(() => import('./application')),
});

export const routes = [applyRoute, applicationsRoute, applicationRoute] as const;
