import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { loadTexts } from '../../lib/i18n';
import { enums, type OrderStatus } from '../../lib/schema.gql';

/** A period of months; without one, the last twelve. */
export interface PeriodSearch {
  from?: string;
  to?: string;
}

const month = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? value : undefined;

export const periodSearch = (search: Record<string, unknown>): PeriodSearch => ({
  from: month(search.from),
  to: month(search.to),
});

export const revenueRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/revenue',
  validateSearch: periodSearch,
  loader: () => loadTexts('revenue'),
  component: page(() => import('./revenue')),
});

export const salesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/orders',
  validateSearch: (search: Record<string, unknown>): { status?: OrderStatus } => ({
    status: enums.OrderStatus.find((status) => status === search.status),
  }),
  loader: () => loadTexts('revenue'),
  component: page(() => import('./sales')),
});

export const usageRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/usage',
  validateSearch: (search: Record<string, unknown>): { days?: number } => ({
    days: [7, 30, 90].find((days) => days === Number(search.days)),
  }),
  loader: () => loadTexts('revenue'),
  component: page(() => import('./usage')),
});

export const routes = [revenueRoute, salesRoute, usageRoute] as const;
