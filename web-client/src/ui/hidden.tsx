import type { ReactNode } from 'react';

/** Text for those who listen to the page, not for those who look at it. */
export function VisuallyHidden({ children, live }: { children: ReactNode; live?: boolean }) {
  return (
    <span className="sr-only" role={live ? 'status' : undefined}>
      {children}
    </span>
  );
}
