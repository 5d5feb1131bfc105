import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { publicRoute } from '../../app/route';
import { addressOf, text } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';

export const pricesRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/prices',
  validateSearch: addressOf({ q: text(200) }),
  loader: () => loadTexts('disclosure', 'tariff'),
  component: page(() => import('./prices')),
});

export const disclosureRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/disclosure',
  loader: () => loadTexts('disclosure'),
  component: page(() => import('./disclosure')),
});

export const routes = [pricesRoute, disclosureRoute] as const;
