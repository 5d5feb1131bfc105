import { stringifyDocument } from '@urql/core';
import { setUnread, tell, unreadNow, type ViewerEvent } from './events';
import { accept, actingAs, endpoint } from './graphql';
import { newId } from './id';
import { type Problem, problemIn } from './problem';

/** Splits a stream of server-sent events into the data of its "next" events; comments and other events pass. */
export async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let kept = '';
  try {
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
  } finally {
    reader.cancel().catch(() => {}); // it may have been cut off
  }
}

/** How long a stream lasts that is not counted as one that failed. */
const lasting = 10_000;

/** How long to wait after so many failures: twice as long each time, up to a minute, never at once with all others. */
function pauseOf(failures: number, seconds = 0): number {
  const step = Math.min(1000 * 2 ** failures, 60_000);
  return Math.max(step / 2, seconds * 1000) + (Math.random() * step) / 2;
}

/** What ends the pauses of this tab: it is worth trying at once. */
const waiting = new Set<() => void>();

const pause = (length: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const go = () => {
      clearTimeout(timer);
      waiting.delete(go);
      signal.removeEventListener('abort', go);
      resolve();
    };
    const timer = setTimeout(go, length);
    waiting.add(go);
    signal.addEventListener('abort', go);
  });

const hurry = () => {
  for (const go of [...waiting]) go();
};

interface Following {
  query: string;
  told: (event: ViewerEvent) => void;
  /** A stream ended, or was none. */
  cut: () => void;
  refused: (problem: Problem) => void;
}

/** Reads one stream after the other, until the signal is given. */
async function follow({ query, told, cut, refused }: Following, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const began = performance.now();
    let seconds: number | undefined;
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { accept: accept.stream, 'content-type': 'application/json', ...actingAs() },
        body: JSON.stringify({ query }),
        signal,
      });
      if (response.ok && response.body && response.headers.get('content-type')?.startsWith(accept.stream)) {
        for await (const data of eventsIn(response.body)) {
          const event = (JSON.parse(data) as { data?: { viewerEvents?: ViewerEvent } }).data?.viewerEvents;
          if (event) told(event);
        }
      } else {
        const problem = await problemIn(response);
        seconds = problem.seconds;
        if (!signal.aborted) refused(problem);
      }
    } catch {
      // Not reached, or cut off: it is tried again.
    }
    cut();
    failures = performance.now() - began > lasting ? 0 : failures + 1;
    if (!signal.aborted) await pause(pauseOf(failures, seconds), signal);
  }
}

/** What the tabs of one viewer say to each other. */
interface Word {
  /** What the stream told; of one tab alone where it names one. */
  event?: ViewerEvent;
  to?: string;
  /** A tab begins to listen, and asks whether a stream is open. */
  joined?: string;
  /** Somebody signed in anew. */
  again?: boolean;
  unread?: number;
}

/** The way to the other tabs of the same viewer, where there is one. */
let others: BroadcastChannel | undefined;

/** Says in all tabs how many notifications are unread: this one showed them, or read them. */
export function shareUnread(count: number) {
  setUnread(count);
  others?.postMessage({ unread: count } satisfies Word);
}

/** Makes everything that is shown be read again, here and in the other tabs: somebody signed in anew. */
export function again() {
  others?.postMessage({ again: true } satisfies Word);
  hurry();
  tell({ kind: 'READY', missed: true });
}

/** How long what a page read at first is taken for what there is when its stream is ready. */
const fresh = 5_000;

/**
 * Keeps this tab told of what is new for a viewer, as long as it is looked at, and returns what ends that.
 *
 * The tabs of a browser share one stream: a browser opens six connections to a host at most, and each stream holds one. One of
 * the tabs that are looked at has a lock and with it the stream, and passes on what it is told; when it is left, another gets
 * the lock. Where a browser has no locks (they need https) each tab has a stream of its own.
 */
export function keepStream(
  viewer: string,
  document: Parameters<typeof stringifyDocument>[0],
  refused: (problem: Problem) => void,
): () => void {
  const page = globalThis.document;
  const name = `gongshu.events ${viewer}`;
  const me = newId();
  const began = performance.now();
  let heard = false;
  let ready = false; // this tab has the stream, and it is open
  let here: AbortController | undefined; // the tab is looked at

  const channel = navigator.locks && globalThis.BroadcastChannel ? new BroadcastChannel(name) : undefined;
  const say = (word: Word) => channel?.postMessage(word);
  const hear = (event: ViewerEvent) => {
    if (event.kind !== 'READY') return tell(event);
    tell({ ...event, missed: heard || performance.now() - began > fresh });
    heard = true;
  };
  const following: Following = {
    query: stringifyDocument(document),
    told: (event) => {
      ready ||= event.kind === 'READY';
      hear(event);
      say({ event });
    },
    cut: () => {
      ready = false;
    },
    refused,
  };
  const heardOthers = ({ data }: MessageEvent<Word>) => {
    if (data.joined !== undefined && ready)
      say({ event: { kind: 'READY', unreadCount: unreadNow() }, to: data.joined });
    if (data.unread !== undefined) setUnread(data.unread);
    if (data.again) {
      hurry();
      if (here) tell({ kind: 'READY', missed: true });
    }
    if (data.event && here && (data.to ?? me) === me) hear(data.event);
  };
  channel?.addEventListener('message', heardOthers);
  others = channel;

  const begin = async (signal: AbortSignal) => {
    say({ joined: me });
    if (!channel) return follow(following, signal);
    try {
      await navigator.locks.request(name, { signal }, () => follow(following, signal));
    } catch {
      // It was left before its turn came.
    }
  };
  const looked = () => {
    here?.abort();
    here = page.hidden ? undefined : new AbortController();
    if (here) begin(here.signal);
  };
  page.addEventListener('visibilitychange', looked);
  addEventListener('online', hurry);
  looked();
  return () => {
    here?.abort();
    page.removeEventListener('visibilitychange', looked);
    removeEventListener('online', hurry);
    channel?.close();
    if (others === channel) others = undefined;
  };
}
