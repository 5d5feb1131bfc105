import { useEffect, useRef } from 'react';
import { accept, endpoint } from './graphql';

/** How often a server that is away is asked whether it is back. */
const every = 4000;

/** While it waits for the server, asks for it, and calls as soon as it answers: what was lost with the connection is read by itself. */
export function useReached(waits: boolean, reached: () => void) {
  const latest = useRef(reached);
  latest.current = reached;
  useEffect(() => {
    if (!waits) return;
    let asked = false;
    const ask = async () => {
      if (asked) return;
      asked = true;
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { accept: accept.answer, 'content-type': 'application/json' },
        body: '{"query":"{ __typename }"}',
      }).catch(() => undefined);
      asked = false;
      if (answer?.ok && timer !== undefined) latest.current();
    };
    let timer: ReturnType<typeof setInterval> | undefined = setInterval(ask, every);
    addEventListener('online', ask);
    return () => {
      clearInterval(timer);
      timer = undefined;
      removeEventListener('online', ask);
    };
  }, [waits]);
}
