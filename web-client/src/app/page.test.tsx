import { act, cleanup, render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page } from './page';

vi.mock('./problem-state', () => ({
  ProblemState: ({ problem }: { problem: { kind: string } }) => <p>{problem.kind}</p>,
}));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const failed = () => new TypeError('Failed to fetch dynamically imported module');

it('shows a screen whose files did not come when it was pointed at, and come once it is gone to', async () => {
  const load = vi
    .fn()
    .mockRejectedValueOnce(failed())
    .mockResolvedValue({ Screen: () => 'Orders' });
  const Page = page(load);
  await Page.preload?.();
  await act(async () => void render(<Page />, { wrapper: Suspense }));
  expect(screen.getByText('Orders')).toBeTruthy();
});

it('says that its files do not come, and asks for them again', async () => {
  const load = vi
    .fn()
    .mockRejectedValueOnce(failed())
    .mockRejectedValueOnce(failed())
    .mockResolvedValue({ Screen: () => 'Orders' });
  const Page = page(load);
  await act(async () => void render(<Page />, { wrapper: Suspense }));
  expect(screen.getByText('missing')).toBeTruthy();
  await act(() => vi.advanceTimersByTimeAsync(3000));
  expect(screen.getByText('Orders')).toBeTruthy();
});
