import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { addressOf, id, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

const loader = () => loadTexts('bank', 'settlement');

export const bankRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/bank',
  loader,
  component: page(() => import('./bank')),
});

export const bankLinesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/bank/lines',
  validateSearch: addressOf({ state: oneOf(enums.BankLineState), statement: id('bst') }),
  loader,
  component: page(() => import('./lines')),
});

export const bankLineRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/bank/lines/$id',
  loader,
  component: page(() => import('./line')),
});

export const transfersRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/bank/transfers',
  validateSearch: addressOf({ kind: oneOf(enums.TransferKind), state: oneOf(enums.TransferState) }),
  loader,
  component: page(() => import('./transfers')),
});

export const transferRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/settlement/bank/transfers/$id',
  loader,
  component: page(() => import('./transfer')),
});

export const routes = [bankRoute, bankLinesRoute, bankLineRoute, transfersRoute, transferRoute] as const;
