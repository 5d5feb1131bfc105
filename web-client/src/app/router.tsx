import { createRouter } from '@tanstack/react-router';
import { readSearch, writeSearch } from '../lib/address';
import { routes as account } from '../pages/account/routes';
import { routes as agency } from '../pages/agency/routes';
import { routes as bank } from '../pages/bank/routes';
import { routes as bills, consoleRoutes as salesBills } from '../pages/bills/routes';
import { routes as catalogue } from '../pages/catalogue/routes';
import { routes as checkout } from '../pages/checkout/routes';
import { routes as disclosure } from '../pages/disclosure/routes';
import { routes as freeUse } from '../pages/freeuse/routes';
import { routes as help } from '../pages/help/routes';
import { consoleRoutes as salesInvoices } from '../pages/invoices/routes';
import { routes as notifications } from '../pages/notifications/routes';
import { routes as operator } from '../pages/operator/routes';
import { routes as orders } from '../pages/orders/routes';
import { publicRoutes as calculators, consoleRoutes as pricingConsole } from '../pages/pricing/routes';
import { routes as product } from '../pages/product/routes';
import { routes as resources } from '../pages/resources/routes';
import { routes as revenue } from '../pages/revenue/routes';
import { routes as review } from '../pages/review/routes';
import { routes as rights } from '../pages/rights/routes';
import { routes as settlement } from '../pages/settlement/routes';
import { routes as source } from '../pages/source/routes';
import { consoleRoute, publicRoute, rootRoute } from './route';

const tree = rootRoute.addChildren([
  publicRoute.addChildren([
    ...catalogue,
    ...product,
    ...resources,
    ...disclosure,
    ...help,
    ...calculators,
    ...account,
    ...notifications,
    ...checkout,
    ...orders,
    ...bills,
    ...rights,
    ...freeUse,
  ]),
  consoleRoute.addChildren([
    ...operator,
    ...salesBills,
    ...salesInvoices,
    ...revenue,
    ...pricingConsole,
    ...review,
    ...agency,
    ...source,
    ...settlement,
    ...bank,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: 300,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
