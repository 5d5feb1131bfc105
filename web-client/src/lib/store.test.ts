import { afterEach, expect, it, vi } from 'vitest';
import { ofTab } from './store';

afterEach(() => {
  vi.restoreAllMocks();
  ofTab.clear();
});

it('keeps in the tab, and forgets', () => {
  ofTab.set('draft', 'one');
  expect(sessionStorage.getItem('draft')).toBe('one');
  ofTab.remove('draft');
  expect(ofTab.get('draft')).toBeNull();
});

it('goes on where the browser is full, and where it lets nothing be kept', () => {
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  ofTab.set('draft', 'one');
  expect(ofTab.get('draft')).toBe('one');
  full.mockRestore();
  ofTab.set('draft', 'two'); // there is room again
  expect(sessionStorage.getItem('draft')).toBe('two');
  vi.spyOn(window, 'sessionStorage', 'get').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  expect(ofTab.get('draft')).toBeNull();
  ofTab.set('draft', 'three');
  expect(ofTab.get('draft')).toBe('three');
  ofTab.clear();
  expect(ofTab.get('draft')).toBeNull();
});
