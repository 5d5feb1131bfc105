import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useReached } from './reached';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('what waits is called once the server answers, and not before', async () => {
  const fetch = vi.fn().mockRejectedValueOnce(new TypeError('away')).mockResolvedValueOnce({ ok: false });
  fetch.mockResolvedValue({ ok: true });
  vi.stubGlobal('fetch', fetch);
  const reached = vi.fn();
  const { rerender } = renderHook(({ waits }) => useReached(waits, reached), { initialProps: { waits: true } });
  await vi.advanceTimersByTimeAsync(10_500); // after 4 s, and 6 s more
  expect(fetch).toHaveBeenCalledTimes(2);
  expect(reached).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(9000);
  expect(reached).toHaveBeenCalledTimes(1);
  rerender({ waits: false });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(fetch).toHaveBeenCalledTimes(3);
});

test('one asks for all that wait, and nobody while the page is hidden', async () => {
  const fetch = vi.fn().mockResolvedValue({ ok: true });
  vi.stubGlobal('fetch', fetch);
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const reached = [vi.fn(), vi.fn()];
  for (const one of reached) renderHook(() => useReached(true, one));
  await vi.advanceTimersByTimeAsync(4000);
  expect(fetch).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(0);
  expect(fetch).toHaveBeenCalledTimes(1);
  for (const one of reached) expect(one).toHaveBeenCalledTimes(1);
});

test('a browser that comes back asks at once', async () => {
  vi.stubGlobal('fetch', vi.fn().mockResolvedValue({ ok: true }));
  const reached = vi.fn();
  renderHook(() => useReached(true, reached));
  dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect(reached).toHaveBeenCalledTimes(1);
});
