import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useIdempotencyKey } from './submit';

test('a retry keeps the key; another content and a success get a new one', () => {
  const { result } = renderHook(() => useIdempotencyKey());
  const first = result.current.keyFor({ quantity: 1 });
  expect(result.current.keyFor({ quantity: 1 })).toBe(first);
  const second = result.current.keyFor({ quantity: 2 });
  expect(second).not.toBe(first);
  result.current.renew();
  expect(result.current.keyFor({ quantity: 2 })).not.toBe(second);
});
