import { createRoute } from '@tanstack/react-router';
import { page } from '../../app/page';
import { consoleRoute, publicRoute } from '../../app/route';
import { type Address, addressOf } from '../../lib/address';
import { loadTexts } from '../../lib/i18n';

const loader = () => loadTexts('pricing');

const ofYear = {
  year: (value: unknown) => {
    const year = Number(value);
    return Number.isInteger(year) && year >= 2000 && year <= 2200 ? year : undefined;
  },
};
/** A year; without one, the present. */
export type YearSearch = Address<typeof ofYear>;

export const ownRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/pricing',
  validateSearch: addressOf(ofYear),
  loader,
  component: page(() => import('./own')),
});

export const surveyRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/operator/pricing/survey',
  loader,
  component: page(() => import('./survey')),
});

export const listRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/pricing',
  loader,
  component: page(() => import('./list')),
});

export const operatorRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/pricing/$id',
  validateSearch: addressOf(ofYear),
  loader,
  component: page(() => import('./operator')),
});

export const reportRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/pricing/$id/report',
  validateSearch: addressOf(ofYear),
  loader,
  component: page(() => import('./report')),
});

export const calculatorsRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/calculators',
  loader,
  component: page(() => import('./calculators')),
});

export const permittedCalculatorRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/calculators/permitted-revenue',
  loader,
  component: page(() => import('./calculate-permitted')),
});

export const deviationCalculatorRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/calculators/deviation',
  loader,
  component: page(() => import('./calculate-deviation')),
});

export const carryOverCalculatorRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/calculators/carry-over',
  loader,
  component: page(() => import('./calculate-carry-over')),
});

export const chargeCalculatorRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/calculators/charge',
  loader: () => loadTexts('pricing', 'operator', 'tariff'),
  component: page(() => import('./calculate-charge')),
});

export const splitCalculatorRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/calculators/split',
  loader,
  component: page(() => import('./calculate-split')),
});

export const consoleRoutes = [ownRoute, surveyRoute, listRoute, operatorRoute, reportRoute] as const;
export const publicRoutes = [
  calculatorsRoute,
  permittedCalculatorRoute,
  deviationCalculatorRoute,
  carryOverCalculatorRoute,
  chargeCalculatorRoute,
  splitCalculatorRoute,
] as const;
