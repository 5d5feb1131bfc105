import { CSPProvider } from '@base-ui/react/csp-provider';
import type { ReactNode } from 'react';
import { Toaster } from './toast';

/**
 * What the components need around the whole application, once: Base UI must put no style elements
 * into the page, since the content security policy forbids them; and what is said when something
 * is done needs a place.
 */
export function UiProvider({ children }: { children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      {children}
      <Toaster />
    </CSPProvider>
  );
}
