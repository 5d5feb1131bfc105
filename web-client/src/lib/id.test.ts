import { afterEach, expect, it, vi } from 'vitest';
import { newId } from './id';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('makes ids where the page came without https', () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 100 }, newId);
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
