import { createContext, use } from 'react';

/** What waits at the desk, in its order. */
export const QueueContext = createContext<readonly string[]>([]);

/** What follows a proceeding in the queue: the next, the one before where there is none, or nothing. */
export function useNextOf(id: string): string | undefined {
  return nextOf(use(QueueContext), id);
}

export function nextOf(ids: readonly string[], id: string): string | undefined {
  const at = ids.indexOf(id);
  return at < 0 ? ids[0] : (ids[at + 1] ?? ids[at - 1]);
}
