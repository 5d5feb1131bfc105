import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute } from '../../app/route';
import { addressOf, oneOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';

export const salesInvoicesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/invoices',
  validateSearch: addressOf({ status: oneOf(enums.InvoiceStatus) }),
  loader: () => loadTexts('invoices'),
  component: page(() => import('./sales')),
});

export const consoleRoutes = [salesInvoicesRoute] as const;
