import { lazyRouteComponent } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Skeleton } from '../ui/skeleton';
import { late } from './late';
import { ProblemState } from './problem-state';

type Module = { Screen: () => ReactNode };

/**
 * The screen of a route, loaded when it is first gone to. Where it cannot be, since the server is away or its pages were replaced by
 * newer ones, the page says so and stays, and it is asked for again: the router would load the page again whole, and lose it where
 * no server answers.
 */
export function page(load: () => Promise<unknown>) {
  const ask = () => load() as Promise<Module>;
  const Again = late(() => ask().then((module) => module.Screen));
  const missing = <ProblemState whole byHand problem={{ kind: 'offline' }} onRetry={() => location.reload()} />;
  const unreachable: Module = {
    Screen: () => <Again fallback={<Skeleton shape="text" lines={6} />} missing={missing} />,
  };
  return lazyRouteComponent<Module, 'Screen'>(() => ask().catch(() => unreachable), 'Screen');
}
