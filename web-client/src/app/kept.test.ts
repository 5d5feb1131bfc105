import { renderHook } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { useKeptKey } from './kept';

afterEach(() => sessionStorage.clear());

it('sends again under the same key after the page was left, until it was done', () => {
  const content = { note: '用途' };
  const before = renderHook(() => useKeptKey('grant.new'));
  const key = before.result.current.keyOf(content);
  before.unmount();
  const after = renderHook(() => useKeptKey('grant.new'));
  expect(after.result.current.keyOf(content)).toBe(key);
  expect(renderHook(() => useKeptKey('grant.other')).result.current.keyOf(content)).not.toBe(key);
  after.result.current.renew();
  expect(renderHook(() => useKeptKey('grant.new')).result.current.keyOf(content)).not.toBe(key);
});
