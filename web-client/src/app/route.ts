import { createRootRoute, createRoute } from '@tanstack/react-router';
import { ConsoleShell } from './console-shell';
import { PublicShell } from './public-shell';
import { NotFound, Root, Trouble } from './root';

/** The route above all others. */
export const rootRoute = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: Trouble });

/** Above the pages of everybody: the catalogue, help, one's own orders. */
export const publicRoute = createRoute({ getParentRoute: () => rootRoute, id: 'public', component: PublicShell });

/** Above the consoles of those who run the scheme. */
export const consoleRoute = createRoute({ getParentRoute: () => rootRoute, id: 'console', component: ConsoleShell });
