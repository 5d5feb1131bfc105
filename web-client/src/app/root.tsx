import { createRootRoute, HeadContent, Outlet } from '@tanstack/react-router';
import { NotFound } from './not-found';

/** The parent of every route: the areas name it with getParentRoute. */
export const root = createRootRoute({
  component: () => (
    <>
      <HeadContent />
      <Outlet />
    </>
  ),
  notFoundComponent: NotFound,
});
