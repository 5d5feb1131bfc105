import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute, publicRoute } from '../../app/route';
import { addressOf, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

const search = addressOf({ status: oneOf(enums.BillStatus) });

export const billsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/bills',
  validateSearch: search,
  loader: () => loadTexts('bills'),
  component: page(() => import('./bills')),
});

export const billRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/bills/$id',
  loader: () => loadTexts('bills', 'tariff'),
  component: page(() => import('./bill')),
});

export const salesBillsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/bills',
  validateSearch: search,
  loader: () => loadTexts('bills'),
  component: page(() => import('./sales')),
});

export const routes = [billsRoute, billRoute] as const;
export const consoleRoutes = [salesBillsRoute] as const;
