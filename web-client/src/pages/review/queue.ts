import { createContext, use } from 'react';

/** What waits at the desk, in its order, and the working days that are left where the API counts them. */
export interface Queue {
  ids: readonly string[];
  left: ReadonlyMap<string, number>;
}

export const QueueContext = createContext<Queue>({ ids: [], left: new Map() });

/** The working days that a proceeding has left, below 0 once they are over. */
export const useLeft = (id: string): number | undefined => use(QueueContext).left.get(id);

/** What follows a proceeding in the queue: the next, the one before where there is none, or nothing. */
export function useNextOf(id: string): string | undefined {
  return nextOf(use(QueueContext).ids, id);
}

export function nextOf(ids: readonly string[], id: string): string | undefined {
  const at = ids.indexOf(id);
  return at < 0 ? ids[0] : (ids[at + 1] ?? ids[at - 1]);
}
