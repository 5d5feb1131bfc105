import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { addressOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';

/** An address of this site to go on to: a path, never another host. */
const ownPath = (value: unknown) => (typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined);

export const signInRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/sign-in',
  validateSearch: addressOf({ to: ownPath }),
  loader: () => loadTexts('account'),
  component: page(() => import('./sign-in')),
});

const account = (
  path: '/sign-up' | '/organisation' | '/invitation',
  load: () => Promise<{ Screen: () => React.ReactNode }>,
) =>
  createRoute({
    getParentRoute: () => publicRoute,
    path,
    loader: () => loadTexts('account'),
    component: page(load),
  });

export const routes = [
  signInRoute,
  account('/sign-up', () => import('./sign-up')),
  account('/organisation', () => import('./organisation')),
  account('/invitation', () => import('./invitation')),
] as const;
