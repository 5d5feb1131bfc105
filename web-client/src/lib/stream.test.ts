import { gql } from '@urql/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ViewerEvent } from './events';
import type { Problem } from './problem';

/** A stream that comes in pieces of any length. */
function pieces(text: string, length: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let i = 0; i < bytes.length; i += length) controller.enqueue(bytes.slice(i, i + length));
      controller.close();
    },
  });
}

it.each([1, 7, 1000])('finds the events of a stream that comes in pieces of %i bytes', async (length) => {
  const { eventsIn } = await import('./stream');
  const text =
    ': hello\n\nevent: next\ndata: {"a":"公"}\n\n: beat\n\nevent: next\ndata: {"a":\ndata: 2}\n\nevent: complete\ndata: \n\n';
  const found: string[] = [];
  for await (const data of eventsIn(pieces(text, length))) found.push(data);
  expect(found).toEqual(['{"a":"公"}', '{"a":\n2}']);
});

const document = gql`
  subscription {
    viewerEvents {
      kind
    }
  }
`;

/** A request for a stream: what it is answered, and whether it still is open. */
class Asked {
  open = false;
  at = Date.now();
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      this.controller = controller;
    },
  });

  constructor(private readonly signal: AbortSignal) {}

  /** Answers it with a stream. */
  stream() {
    this.open = true;
    this.signal.addEventListener('abort', () => {
      if (this.open) this.controller?.error(new DOMException('', 'AbortError'));
      this.open = false;
    });
    return new Response(this.body, { headers: { 'content-type': 'text/event-stream' } });
  }

  tells(event: ViewerEvent) {
    this.controller?.enqueue(
      new TextEncoder().encode(`event: next\ndata: ${JSON.stringify({ data: { viewerEvents: event } })}\n\n`),
    );
  }

  ends() {
    if (this.open) this.controller?.close();
    this.open = false;
  }
}

let asked: Asked[];
const opened = () => asked.filter((one) => one.open);
/** What a request is answered; by itself with a stream. */
let answer: (one: Asked) => Response;
let hidden: boolean;
const ends: (() => void)[] = [];

const stream = (one: Asked) => one.stream();
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  asked = [];
  answer = stream;
  hidden = false;
  vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
    signal.throwIfAborted();
    const one = new Asked(signal);
    asked.push(one);
    return answer(one);
  });
  Object.defineProperty(globalThis.document, 'hidden', { configurable: true, get: () => hidden });
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'locks');
  Reflect.deleteProperty(globalThis.document, 'hidden');
});

/** Locks and channels as the tabs of one browser have them. */
function browser() {
  const queues = new Map<string, Promise<unknown>>();
  const locks = {
    request(name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>) {
      const turn = (queues.get(name) ?? Promise.resolve()).then(() => {
        signal.throwIfAborted();
        return work();
      });
      queues.set(
        name,
        turn.catch(() => {}),
      );
      return turn;
    },
  };
  Object.defineProperty(navigator, 'locks', { configurable: true, value: locks });
  const channels = new Set<Channel>();
  class Channel extends EventTarget {
    constructor(readonly name: string) {
      super();
      channels.add(this);
    }
    postMessage(data: unknown) {
      const copy = JSON.stringify(data);
      for (const other of channels)
        if (other !== this && other.name === this.name)
          queueMicrotask(() => other.dispatchEvent(new MessageEvent('message', { data: JSON.parse(copy) })));
    }
    close() {
      channels.delete(this);
    }
  }
  vi.stubGlobal('BroadcastChannel', Channel);
}

/** A tab of a viewer: modules of its own, as each page has. */
async function tab(viewer = 'wang bank') {
  vi.resetModules();
  const [{ useEvents: _, ...events }, { keepStream, again, shareUnread }] = await Promise.all([
    import('./events'),
    import('./stream'),
  ]);
  const told: ViewerEvent[] = [];
  const refused: Problem[] = [];
  const { renderHook } = await import('@testing-library/react');
  const { useEvents } = await import('./events');
  renderHook(() => useEvents((event) => told.push(event)));
  const close = keepStream(viewer, document, (problem) => refused.push(problem));
  ends.push(close);
  await settle();
  return { told, refused, close, again, shareUnread, unread: events.unreadNow };
}

async function look(now: boolean) {
  hidden = !now;
  globalThis.document.dispatchEvent(new Event('visibilitychange'));
}

const ready: ViewerEvent = { kind: 'READY', unreadCount: 2 };
const changed: ViewerEvent = { kind: 'CHANGED', subject: { kind: 'ORDER', id: 'ord_1' } };

it('has one stream while it is looked at, however quickly it is left and looked at again', async () => {
  const { told } = await tab();
  for (let i = 0; i < 5; i++) {
    look(false);
    look(true);
  }
  await settle();
  expect(opened()).toHaveLength(1);
  opened()[0]?.tells(ready);
  await settle();
  expect(told).toHaveLength(1);
  look(false);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(opened()).toHaveLength(0);
});

it('says that something was missed, but for the first stream of a page that was just read', async () => {
  const first = await tab();
  opened()[0]?.tells(ready);
  await settle();
  expect(first.told).toEqual([{ ...ready, missed: false }]);
  opened()[0]?.ends();
  await vi.advanceTimersByTimeAsync(2_000);
  opened()[0]?.tells(ready);
  await settle();
  expect(first.told.at(-1)).toEqual({ ...ready, missed: true });
  first.close();

  hidden = true; // opened in the background, and looked at later
  const later = await tab();
  await vi.advanceTimersByTimeAsync(600_000);
  look(true);
  await settle();
  opened()[0]?.tells(ready);
  await settle();
  expect(later.told).toEqual([{ ...ready, missed: true }]);
});

const pauses = () => asked.slice(1).map((one, i) => one.at - (asked[i]?.at ?? 0));

it.each([
  ['is refused', () => new Response('', { status: 500 })],
  [
    'only errs',
    () =>
      new Response('event: next\ndata: {"errors":[{"message":"no"}]}\n\nevent: complete\n\n', {
        headers: { 'content-type': 'text/event-stream' },
      }),
  ],
  [
    'is not reached',
    () => {
      throw new TypeError('offline');
    },
  ],
])('tries a stream that %s ever less often, and at once when the network is back', async (_, answers) => {
  answer = answers;
  await tab();
  await vi.advanceTimersByTimeAsync(400_000);
  expect(pauses().slice(0, 7)).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000]);
  const before = asked.length;
  dispatchEvent(new Event('online'));
  await settle();
  expect(asked).toHaveLength(before + 1);
});

it('tries a stream that tells something but never lasts ever less often too', async () => {
  answer = (one) => {
    const response = stream(one);
    one.tells(ready);
    one.ends();
    return response;
  };
  await tab();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(pauses().slice(0, 3)).toEqual([1_500, 3_000, 6_000]);
});

it('waits as long as the server asks for', async () => {
  answer = () => new Response('{}', { status: 429, headers: { 'retry-after': '90' } });
  const { refused } = await tab();
  await vi.advanceTimersByTimeAsync(89_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked).toHaveLength(2);
  expect(refused[0]?.kind).toBe('tooMany');
});

it('opens a stream again at once when somebody signed in again', async () => {
  answer = () => new Response('{}', { status: 401 });
  const { again, told } = await tab();
  await vi.advanceTimersByTimeAsync(300_000);
  answer = stream;
  again();
  await settle();
  expect(opened()).toHaveLength(1);
  expect(told).toEqual([{ kind: 'READY', missed: true }]);
});

it('shares one stream with the other tabs of its viewer, and passes it on when it closes', async () => {
  browser();
  const tabs = [await tab(), await tab(), await tab()];
  expect(opened()).toHaveLength(1);
  opened()[0]?.tells(ready);
  opened()[0]?.tells(changed);
  await settle();
  for (const { told, unread } of tabs) {
    expect(told).toEqual([{ ...ready, missed: false }, changed]);
    expect(unread()).toBe(2);
  }
  const stranger = await tab('li bank');
  expect(opened()).toHaveLength(2);
  stranger.close();

  tabs[0]?.close();
  await settle();
  expect(opened()).toHaveLength(1);
  opened()[0]?.tells(ready);
  opened()[0]?.tells(changed);
  await settle();
  expect(tabs[0]?.told).toHaveLength(2);
  for (const { told } of tabs.slice(1)) expect(told.slice(2)).toEqual([{ ...ready, missed: true }, changed]);
  expect(stranger.told).toEqual([]);
});

it('tells a tab that comes later, and it alone, that the stream is open', async () => {
  browser();
  const first = await tab();
  const early = await tab();
  expect(early.told).toEqual([]); // there is none yet
  opened()[0]?.tells(ready);
  await settle();
  first.shareUnread(5);
  const late = await tab();
  expect(late.told).toEqual([{ kind: 'READY', unreadCount: 5, missed: false }]);
  expect(early.told).toEqual([{ ...ready, missed: false }]);
  expect(early.unread()).toBe(5);
});

it('reads again in all tabs when somebody signed in again in one', async () => {
  browser();
  answer = () => new Response('{}', { status: 401 });
  const [first, second] = [await tab(), await tab()];
  await vi.advanceTimersByTimeAsync(300_000);
  answer = stream;
  second.again(); // the other one has the lock
  await settle();
  expect(opened()).toHaveLength(1);
  expect(first.told).toEqual([{ kind: 'READY', missed: true }]);
  expect(second.told).toEqual([{ kind: 'READY', missed: true }]);
});
