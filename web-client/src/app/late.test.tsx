import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { late } from './late';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('leaves its fallback where its file does not come, and asks for it again', async () => {
  const load = vi
    .fn<() => Promise<(props: { name: string }) => string>>()
    .mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'))
    .mockResolvedValue(({ name }) => `Good day, ${name}`);
  const Greeting = late(load);
  const page = <Greeting name="Wang" fallback="…" />;
  const { rerender, unmount } = render(page);
  await act(() => vi.advanceTimersByTimeAsync(1000));
  rerender(page);
  expect(screen.getByText('…')).toBeTruthy();
  await act(() => vi.advanceTimersByTimeAsync(3000));
  expect(screen.getByText('Good day, Wang')).toBeTruthy();
  unmount();
  render(page); // it is there from now on
  expect(screen.getByText('Good day, Wang')).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(2);
});
