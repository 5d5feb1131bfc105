import { useEffect, useRef, useState, useSyncExternalStore } from 'react';

/** What a stream tells: a hint that something is new, as viewerEvents has it. */
export interface ViewerEvent {
  kind: 'READY' | 'NOTIFICATION' | 'CHANGED' | 'JOB';
  unreadCount?: number | null;
  subject?: { kind: string; id: string } | null;
  job?: { id: string; state: string } | null;
  /** Of a change that was made here: the types that it touched. */
  types?: readonly string[];
  /** Of READY: what is shown may have changed while nothing was heard. */
  missed?: boolean;
}

/** The type of the API whose object an event tells of: PERMITTED_REVENUE is PermittedRevenue. */
const typeOf = (kind: string) => kind.toLowerCase().replace(/(^|_)[a-z]/g, (part) => part.slice(-1).toUpperCase());

const listeners = new Set<(event: ViewerEvent) => void>();
let told = 0;
let unread = 0;
const counted = new Set<() => void>();

/** Tells this tab of an event. */
export function tell(event: ViewerEvent) {
  told += 1;
  if (typeof event.unreadCount === 'number') setUnread(event.unreadCount);
  for (const listener of listeners) listener(event);
}

/**
 * Tells this tab of a change that it made itself. What was being read while the change was made may be from before it, and the
 * document cache takes such an answer for the new one: it is read again.
 */
export const changedHere = (types: readonly string[]) => tell({ kind: 'CHANGED', types });

/** How many events this tab was told of so far: what was read as of so many is from after them. */
export const toldNow = () => told;

export function setUnread(count: number) {
  unread = count;
  for (const told of counted) told();
}

/** How many notifications are unread, up to 100. */
export const unreadNow = () => unread;

export function useUnread(): number {
  return useSyncExternalStore((told) => {
    counted.add(told);
    return () => counted.delete(told);
  }, unreadNow);
}

/** Is told of every event of this tab. */
export function useEvents(on: (event: ViewerEvent) => void) {
  const latest = useRef(on);
  latest.current = on;
  useEffect(() => {
    const listener = (event: ViewerEvent) => latest.current(event);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
}

/**
 * Calls again when something of these types changed, and when changes may have been missed: they are not told again. Again says
 * whether it has read what is there now; useChanges answers how many events had been told when it last began to.
 */
export function useChanges(typenames: string | undefined, again: () => Promise<boolean>): number {
  const [asOf, setAsOf] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ typenames, again });
  latest.current = { typenames, again };
  useEvents((event) => {
    if (!typenames) return;
    const touched = event.types ?? (event.subject ? [typeOf(event.subject.kind)] : []);
    const own = typenames.split(' ');
    if (!event.missed && !(event.kind === 'CHANGED' && touched.some((type) => own.includes(type)))) return;
    // Several changes of one act are one reload, of what is shown by then; changes that go on do not put it off.
    timer.current ??= setTimeout(async () => {
      timer.current = undefined;
      const before = told;
      if (latest.current.typenames && (await latest.current.again())) setAsOf(before);
    }, 300);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return asOf;
}
