import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { showAs, useLoad } from '../lib/graphql';
import type { Problem } from '../lib/problem';
import type { Party, Role } from '../lib/schema.gql';
import { endOver, tellProblem } from '../lib/session';
import { ViewerDocument, type ViewerQuery } from './viewer.gql';

export type Viewer = NonNullable<ViewerQuery['viewer']>;

interface ViewerState {
  /** Who is signed in; null when nobody is, or before that is known. */
  viewer: Viewer | null;
  /** Whether it is known yet. */
  known: boolean;
  /** Their session ended; the page stays theirs until they sign in again. */
  over: boolean;
  problem: Problem | undefined;
  reload: () => void;
}

const Context = createContext<ViewerState>({
  viewer: null,
  known: false,
  over: false,
  problem: undefined,
  reload: () => {},
});

/** Asks once who is signed in, again as long as no answer comes, and tells everything below. */
export function ViewerProvider({ children }: { children: ReactNode }) {
  const { data, problem, reload } = useLoad(ViewerDocument, {}, { typenames: ['Viewer'] });
  useEffect(() => {
    if (data || !problem) return;
    const again = setTimeout(reload, 1000 * (problem.seconds ?? 3));
    return () => clearTimeout(again);
  }, [data, problem, reload]);
  const now = data?.viewer ?? null;
  // Who was here stays here when the session ends: the page, and what was typed on it, is theirs until they sign in again.
  const [kept, setKept] = useState(now);
  if (now && now !== kept) {
    if (kept && whoIs(now) !== whoIs(kept)) location.reload(); // somebody else: nothing of the page is theirs
    setKept(now);
  }
  const viewer = now ?? kept;
  showAs(viewer?.organisation?.id);
  const over = data !== undefined && !now && kept !== null;
  useEffect(() => {
    if (over) tellProblem({ kind: 'signedOut' });
    if (now) endOver(); // somebody is signed in, perhaps in another tab
  }, [over, now]);
  return <Context value={{ viewer, known: data !== undefined, over, problem, reload }}>{children}</Context>;
}

const whoIs = (viewer: Viewer) => `${viewer.person.id} ${viewer.organisation?.id}`;

export const useViewer = () => use(Context);

/**
 * Whether somebody acts as one of these parties, and where roles are named, with one of them. It chooses what a menu offers;
 * what may be done is the API's to say.
 */
export function actsAs(viewer: Viewer | null, parties: readonly Party[], roles: readonly Role[] = []): boolean {
  const verified = viewer?.organisation?.status === 'VERIFIED';
  const of = viewer?.organisation?.parties.some((party) => parties.includes(party)) ?? false;
  return verified && of && (roles.length === 0 || (viewer?.roles.some((role) => roles.includes(role)) ?? false));
}
