import { lazyRouteComponent } from '@tanstack/react-router';
import { ProblemState } from './problem-state';

type Module = { Screen: () => React.ReactNode };

/** A screen whose files do not come: the server is away, or its pages were replaced by newer ones. */
const unreachable: Module = {
  Screen: () => <ProblemState whole problem={{ kind: 'offline' }} onRetry={() => location.reload()} />,
};

/**
 * The screen of a route, loaded when it is first gone to. Where it cannot be, the page says so and stays: the router would load
 * it again whole, and lose it where no server answers.
 */
export const page = (load: () => Promise<unknown>) =>
  lazyRouteComponent<Module, 'Screen'>(() => (load() as Promise<Module>).catch(() => unreachable), 'Screen');
