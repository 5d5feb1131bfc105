import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { FirstCall } from './first-call';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const product = {
  callUrl: '/data/v1/products/prd_1/rows',
  delivery: 'API' as const,
  dictionary: [{ name: 'line', label: '线路', labelEn: '', type: 'TEXT', unit: '' }],
};
const call = (usable: boolean) => (
  <FirstCall product={product} purpose="INDUSTRY" usable={usable} secret="gs_secret" stored={false} />
);

it('keeps the rows of the last call when there is no other', async () => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ rows: [{ line: '12 路' }], hasMore: false })));
  const { rerender } = render(call(true));
  const button = screen.getByRole('button', { name: '试一下' });
  button.focus();
  fireEvent.click(button);
  await screen.findByText('12 路');
  rerender(call(false));
  expect(screen.getByText('12 路')).toBeTruthy();
  expect(screen.queryByRole('button', { name: '试一下' })).toBeNull();
  expect(document.activeElement).not.toBe(document.body);
});

it('is not there for what cannot be used', () => {
  render(call(false));
  expect(screen.queryByRole('button')).toBeNull();
});
