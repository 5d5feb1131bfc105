import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Footer } from './footer';
import { Header } from './header';

/** Around the pages of everybody. */
export function PublicShell({ children = <Outlet /> }: { children?: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <Header />
      <main id="main" className="mx-auto w-full max-w-page flex-1 px-4 py-6 lg:px-8">
        {children}
      </main>
      <Footer />
    </div>
  );
}
