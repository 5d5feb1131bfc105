import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { addressOf, month, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

const loader = () => loadTexts('settlement');

export const statementsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/statements',
  loader,
  component: page(() => import('./statements')),
});

export const statementRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/statements/$id',
  loader,
  component: page(() => import('./statement')),
});

export const monthRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/statements',
  validateSearch: addressOf({ month, status: oneOf(enums.StatementStatus) }),
  loader,
  component: page(() => import('./month')),
});

export const payoutsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/payouts',
  loader,
  component: page(() => import('./payouts')),
});

export const payoutRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/payouts/$id',
  loader,
  component: page(() => import('./payout')),
});

export const disputesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/disputes',
  validateSearch: addressOf({ show: oneOf(['all'] as const) }),
  loader,
  component: page(() => import('./disputes')),
});

export const discrepanciesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/discrepancies',
  validateSearch: addressOf({ show: oneOf(['resolved'] as const) }),
  loader,
  component: page(() => import('./discrepancies')),
});

export const routes = [
  statementsRoute,
  statementRoute,
  monthRoute,
  payoutsRoute,
  payoutRoute,
  disputesRoute,
  discrepanciesRoute,
] as const;
