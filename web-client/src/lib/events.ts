import { stringifyDocument } from '@urql/core';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { accept, endpoint } from './graphql';

/** What a stream tells: a hint that something is new, as viewerEvents has it. */
export interface ViewerEvent {
  kind: 'READY' | 'NOTIFICATION' | 'CHANGED' | 'JOB';
  unreadCount?: number | null;
  subject?: { kind: string; id: string } | null;
  /** Of a change that was made here: the types that it touched. */
  types?: readonly string[];
  job?: { id: string; state: string } | null;
}

/** The types of the API whose objects an event may tell of. */
const typeOf: Record<string, string> = {
  ORGANISATION: 'Organisation',
  RESOURCE: 'Resource',
  AGREEMENT: 'Agreement',
  GRANT: 'Grant',
  PROCEEDING: 'Proceeding',
  PRODUCT: 'Product',
  ORDER: 'Order',
  ENTITLEMENT: 'Entitlement',
  CREDENTIAL: 'Credential',
};

/** Splits a stream of server-sent events into the data of its "next" events; comments and other events pass. */
export async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let kept = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    kept += value.replaceAll('\r\n', '\n');
    const blocks = kept.split('\n\n');
    kept = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      if (!lines.includes('event: next')) continue;
      yield lines
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
    }
  }
}

const listeners = new Set<(event: ViewerEvent) => void>();
let unread = 0;
const counted = new Set<() => void>();

function tell(event: ViewerEvent) {
  if (typeof event.unreadCount === 'number') setUnread(event.unreadCount);
  for (const listener of listeners) listener(event);
}

/**
 * Tells this tab of a change that it made itself. What was being read while the change was made may be from before it, and the
 * document cache takes such an answer for the new one: it is read again.
 */
export const changedHere = (types: readonly string[]) => tell({ kind: 'CHANGED', types });

/** Makes everything that is shown be read again: somebody signed in anew. */
export function again() {
  reconnected = true;
  tell({ kind: 'READY' });
}

/** How many notifications are unread, up to 100; a page that marks some as read says so here. */
export function setUnread(count: number) {
  unread = count;
  for (const told of counted) told();
}

export function useUnread(): number {
  return useSyncExternalStore(
    (told) => {
      counted.add(told);
      return () => counted.delete(told);
    },
    () => unread,
  );
}

/** Is told of every event of this tab's stream. */
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

/** Calls again when something of these types changed elsewhere, and after the stream was away: what was missed is not sent again. */
export function useChanges(typenames: string | undefined, again: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEvents((event) => {
    if (!typenames) return;
    const of = event.subject ? typeOf[event.subject.kind] : undefined;
    const missed = event.kind === 'READY' && reconnected;
    const touched = event.types ?? (of ? [of] : []);
    const own = typenames.split(' ');
    if (!missed && !(event.kind === 'CHANGED' && touched.some((type) => own.includes(type)))) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(again, 300); // several changes of one act are one reload
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

let reconnected = false;

/**
 * Keeps one stream of this tab open while it is looked at, and opens it again after it was cut, ever more slowly. Returns what
 * ends it.
 */
export function keepStream(
  document: Parameters<typeof stringifyDocument>[0],
  refused: (status: number) => void,
): () => void {
  let ended = false;
  let stop = new AbortController();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const query = stringifyDocument(document);

  const open = async () => {
    if (ended || globalThis.document.hidden) return;
    stop = new AbortController();
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { accept: accept.stream, 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: stop.signal,
      });
      if (!response.ok || !response.body || !response.headers.get('content-type')?.startsWith(accept.stream)) {
        failures += 3; // signed out, or too many streams
        refused(response.status);
      } else {
        for await (const data of eventsIn(response.body)) {
          const event = (JSON.parse(data) as { data?: { viewerEvents?: ViewerEvent } }).data?.viewerEvents;
          if (!event) continue;
          failures = 0;
          tell(event);
          if (event.kind === 'READY') reconnected = true;
        }
      }
    } catch {
      failures++;
    }
    if (!ended && !globalThis.document.hidden) timer = setTimeout(open, Math.min(1000 * 2 ** failures, 60_000));
  };
  const looked = () => {
    clearTimeout(timer);
    if (globalThis.document.hidden) stop.abort();
    else open();
  };
  globalThis.document.addEventListener('visibilitychange', looked);
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    stop.abort();
    globalThis.document.removeEventListener('visibilitychange', looked);
    reconnected = false;
  };
}
