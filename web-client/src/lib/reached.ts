import { useEffect, useRef } from 'react';
import { accept, endpoint } from './graphql';

/** How soon a server that is away is first asked whether it is back, and how long it is left alone at most. */
const first = 4000;
const longest = 60_000;

/** All that waits for the server; one asks for them all. */
const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let wait = first;
let asking = false;

function later() {
  clearTimeout(timer);
  timer = waiting.size > 0 ? setTimeout(ask, wait) : undefined;
  // Whoever still waits after an answer is waiting for something that is away longer.
  wait = Math.min(wait * 1.5, longest);
}

async function ask() {
  if (asking || waiting.size === 0) return;
  if (document.hidden) return later();
  asking = true;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { accept: accept.answer, 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
    signal: AbortSignal.timeout?.(longest),
  }).catch(() => undefined);
  asking = false;
  if (answer?.ok) for (const reached of [...waiting]) reached();
  later();
}

function askNow() {
  if (!document.hidden) ask();
}

/** While it waits for the server, asks for it, and calls as soon as it answers: what was lost with the connection is read by itself. */
export function useReached(waits: boolean, reached: () => void) {
  const latest = useRef(reached);
  latest.current = reached;
  useEffect(() => {
    if (!waits) return;
    const one = () => latest.current();
    if (waiting.size === 0) {
      wait = first;
      addEventListener('online', askNow);
      document.addEventListener('visibilitychange', askNow);
    }
    waiting.add(one);
    if (waiting.size === 1) later();
    return () => {
      waiting.delete(one);
      if (waiting.size > 0) return;
      clearTimeout(timer);
      removeEventListener('online', askNow);
      document.removeEventListener('visibilitychange', askNow);
    };
  }, [waits]);
}
