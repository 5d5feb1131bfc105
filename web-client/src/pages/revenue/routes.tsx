import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { type Address, addressOf, id, month, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

const period = { from: month, to: month };
/** A period of months; without one, the last twelve. */
export type PeriodSearch = Address<typeof period>;
export const periodSearch = addressOf(period);

const line = { product: id('prd'), month, contributor: id('org') };
/** A line of a report: a product and a month, and where it is one contributor's, whose. */
export type LineSearch = Address<typeof line>;
export const lineSearch = addressOf(line);

export const revenueRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/revenue',
  validateSearch: periodSearch,
  loader: () => loadTexts('revenue'),
  component: page(() => import('./revenue')),
});

export const revenueLineRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/revenue/line',
  validateSearch: lineSearch,
  loader: () => loadTexts('revenue', 'shares'),
  component: page(() => import('./revenue-line')),
});

export const salesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/orders',
  validateSearch: addressOf({ status: oneOf(enums.OrderStatus) }),
  loader: () => loadTexts('revenue'),
  component: page(() => import('./sales')),
});

export const usageRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/usage',
  validateSearch: addressOf({ days: (value) => [7, 30, 90].find((days) => days === Number(value)) }),
  loader: () => loadTexts('revenue'),
  component: page(() => import('./usage')),
});

export const routes = [revenueRoute, revenueLineRoute, salesRoute, usageRoute] as const;
