import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProblemState } from './problem-state';

vi.mock('./viewer', () => ({ useViewer: () => ({ viewer: null, reload: () => {} }) }));
vi.mock('./title', () => ({ useTitle: () => {} }));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', async () => ({ ok: true }));
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('reads again what is missing once the server is there, and does nothing else by itself', async () => {
  const reload = vi.fn();
  const onRetry = vi.fn();
  render(
    <>
      <ProblemState problem={{ kind: 'offline' }} reload={reload} />
      <ProblemState problem={{ kind: 'missing' }} onRetry={onRetry} />
    </>,
  );
  await act(() => vi.advanceTimersByTimeAsync(4000));
  expect(reload).toHaveBeenCalledTimes(1);
  await act(() => vi.advanceTimersByTimeAsync(100_000));
  expect(onRetry).not.toHaveBeenCalled();
});

it('stands while it is asked again, and says so', () => {
  const problem = { kind: 'failed' } as const;
  const { rerender } = render(<ProblemState problem={problem} reload={() => {}} />);
  const button = screen.getByRole('button');
  fireEvent.click(button);
  expect(button.getAttribute('aria-busy') ?? button.getAttribute('aria-disabled')).toBe('true');
  rerender(<ProblemState problem={{ ...problem }} reload={() => {}} />);
  expect(button.getAttribute('aria-busy') ?? button.getAttribute('aria-disabled')).not.toBe('true');
});
