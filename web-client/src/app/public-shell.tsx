import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Footer } from './footer';
import { Header } from './header';

/** Around the pages of everybody. */
export function PublicShell({ children = <Outlet /> }: { children?: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <Header />
      {/* As long as its content is on its way, the foot waits below the window: it would jump. */}
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-page flex-1 px-4 py-6 empty:min-h-dvh has-data-skeleton:min-h-dvh lg:px-8"
      >
        {children}
      </main>
      <Footer />
    </div>
  );
}
