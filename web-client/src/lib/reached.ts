import { useEffect, useRef } from 'react';

/** How long a server that is away is left alone at first, and at most. */
const soonest = 4000;
const longest = 60_000;

/** All of the tab that waits for the server: it is asked by one, whatever the number. */
const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let pause = soonest;
let asking = false;

/** Asks whether the server can answer, which takes its database, and tells all who wait. A tab that nobody sees asks nothing. */
async function ask() {
  clearTimeout(timer);
  if (asking || waiting.size === 0 || document.hidden) return;
  asking = true;
  const answer = await fetch('/readyz', { cache: 'no-store' }).catch(() => undefined);
  asking = false;
  pause = Math.min(2 * pause, longest); // also where it answers: who was told, and waits on, is refused by something else
  timer = setTimeout(ask, pause);
  if (answer?.ok) for (const reached of [...waiting]) reached();
}

/** Asks at once, and soon again: the browser is back, or somebody looks. */
function askNow() {
  pause = soonest;
  ask();
}

function wait(reached: () => void): () => void {
  if (waiting.size === 0) {
    addEventListener('online', askNow);
    document.addEventListener('visibilitychange', askNow);
  }
  waiting.add(reached);
  pause = soonest;
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
  return () => {
    waiting.delete(reached);
    if (waiting.size > 0) return;
    clearTimeout(timer);
    removeEventListener('online', askNow);
    document.removeEventListener('visibilitychange', askNow);
  };
}

/** While it waits for the server, calls once it answers: what was lost with the connection is read by itself. */
export function useReached(waits: boolean, reached: () => void) {
  const latest = useRef(reached);
  latest.current = reached;
  useEffect(() => (waits ? wait(() => latest.current()) : undefined), [waits]);
}
