import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { changedHere, tell, toldNow, useChanges } from './events';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('reads again what is shown by then, and not what was when the change came', () => {
  const asked: string[] = [];
  const { rerender, unmount } = renderHook(({ what }) => useChanges('Order', async () => asked.push(what) > 0), {
    initialProps: { what: 'the first page' },
  });
  changedHere(['Order']);
  rerender({ what: 'the second page' });
  vi.advanceTimersByTime(300);
  expect(asked).toEqual(['the second page']);
  unmount();
});

it('reads again once for several changes, and though changes go on', () => {
  const again = vi.fn(async () => true);
  const { unmount } = renderHook(() => useChanges('Order Payment', again));
  for (let i = 0; i < 10; i++) {
    tell({ kind: 'CHANGED', subject: { kind: 'ORDER', id: 'ord_1' } });
    vi.advanceTimersByTime(100);
  }
  expect(again).toHaveBeenCalledTimes(3);
  unmount();
});

it('says how much it had been told of when it began to read again, once it has read', async () => {
  let read = (_: boolean) => {};
  const again = () =>
    new Promise<boolean>((done) => {
      read = done;
    });
  const { result, unmount } = renderHook(() => useChanges('Order', again));
  const begins = () => act(() => vi.advanceTimersByTimeAsync(300));
  const ends = (ok: boolean) => act(async () => read(ok));
  changedHere(['Order']);
  const first = toldNow();
  await begins();
  changedHere(['Order']);
  expect(result.current).toBeLessThan(first);
  await ends(true);
  expect(result.current).toBe(first);
  await begins();
  await ends(false);
  expect(result.current).toBe(first);
  changedHere(['Order']);
  await begins();
  await ends(true);
  expect(result.current).toBe(toldNow());
  unmount();
});

it('reads nothing again for what it does not show, after it is gone, or while it asks nothing', () => {
  const again = vi.fn(async () => true);
  const { rerender, unmount } = renderHook(({ of }) => useChanges(of, again), {
    initialProps: { of: 'Order' as string | undefined },
  });
  tell({ kind: 'CHANGED', subject: { kind: 'GRANT', id: 'gra_1' } });
  tell({ kind: 'READY' });
  tell({ kind: 'JOB', job: { id: 'job_1', state: 'DONE' } });
  vi.advanceTimersByTime(1000);
  tell({ kind: 'READY', missed: true });
  rerender({ of: undefined });
  vi.advanceTimersByTime(1000);
  rerender({ of: 'Order' });
  tell({ kind: 'READY', missed: true });
  act(unmount);
  vi.advanceTimersByTime(1000);
  expect(again).not.toHaveBeenCalled();
});
