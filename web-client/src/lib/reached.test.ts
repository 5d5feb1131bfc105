import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useReached } from './reached';

const hidden = vi.spyOn(document, 'hidden', 'get');
beforeEach(() => {
  vi.useFakeTimers();
  hidden.mockReturnValue(false);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function served(answer: () => Promise<unknown>) {
  const fetch = vi.fn(answer);
  vi.stubGlobal('fetch', fetch);
  return fetch;
}
const away = () => Promise.reject(new TypeError('away'));

test('what waits is called once the server can answer, and not before', async () => {
  const fetch = served(away);
  const reached = vi.fn();
  const { rerender } = renderHook(({ waits }) => useReached(waits, reached), { initialProps: { waits: true } });
  await vi.advanceTimersByTimeAsync(4000);
  fetch.mockResolvedValue({ ok: false }); // it is there without its database
  await vi.advanceTimersByTimeAsync(8000);
  expect(fetch.mock.calls).toEqual([
    ['/readyz', { cache: 'no-store' }],
    ['/readyz', { cache: 'no-store' }],
  ]);
  expect(reached).not.toHaveBeenCalled();
  fetch.mockResolvedValue({ ok: true });
  await vi.advanceTimersByTimeAsync(16_000);
  expect(reached).toHaveBeenCalledTimes(1);
  rerender({ waits: false });
  await vi.advanceTimersByTimeAsync(200_000);
  expect(fetch).toHaveBeenCalledTimes(3);
});

test('however many wait, one asks, and less and less often', async () => {
  const fetch = served(async () => ({ ok: true }));
  const reached = [vi.fn(), vi.fn(), vi.fn()];
  for (const one of reached) renderHook(() => useReached(true, one));
  await vi.advanceTimersByTimeAsync(4000);
  expect(fetch).toHaveBeenCalledTimes(1);
  for (const one of reached) expect(one).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(600_000); // 8, 16 and 32 seconds, and minutes from then on
  expect(fetch).toHaveBeenCalledTimes(1 + 3 + 9);
});

test('a tab that nobody sees asks nothing, and at once when it is looked at', async () => {
  const fetch = served(away);
  renderHook(() => useReached(true, vi.fn()));
  hidden.mockReturnValue(true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(fetch).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(fetch).toHaveBeenCalledTimes(1);
});

test('a browser that comes back asks at once', async () => {
  served(async () => ({ ok: true }));
  const reached = vi.fn();
  renderHook(() => useReached(true, reached));
  dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect(reached).toHaveBeenCalledTimes(1);
});
