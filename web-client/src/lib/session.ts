import { useSyncExternalStore } from 'react';
import type { Problem } from './problem';

let over = false;
const listeners = new Set<() => void>();
const set = (now: boolean) => {
  if (over === now) return;
  over = now;
  for (const told of listeners) told();
};

/** Is told of what the API refuses; that the session is over concerns the whole page, and that it is another's too. */
export function tellProblem(problem: Problem) {
  if (problem.kind === 'signedOut') set(true);
}

/** The session goes on, or nobody minds. */
export const endOver = () => set(false);

/** Whether the session ended under somebody's hands. */
export function useOver(): boolean {
  return useSyncExternalStore(
    (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    () => over,
  );
}
