import { lazyRouteComponent } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { comes } from '../lib/comes';
import { Skeleton } from '../ui/skeleton';
import { late } from './late';
import { ProblemState } from './problem-state';

type Module = { Screen: () => ReactNode };

/**
 * The screen of a route, loaded when it is first gone to. Where it cannot be, since the server is away or its pages were replaced by
 * newer ones, the page says so and stays, and its file is asked for again. The page is loaded anew by who presses for it alone: the
 * router would do so by itself, lose it where no server answers, and begin again and again where one does without the file.
 */
export function page(load: () => Promise<unknown>) {
  const ask = () => comes(load) as Promise<Module>;
  const Again = late(() => ask().then((module) => module.Screen));
  const missing = <ProblemState whole problem={{ kind: 'missing' }} onRetry={() => location.reload()} />;
  const unreachable: Module = {
    Screen: () => <Again fallback={<Skeleton shape="text" lines={6} />} missing={missing} />,
  };
  return lazyRouteComponent<Module, 'Screen'>(() => ask().catch(() => unreachable), 'Screen');
}
