import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { faultAt, useIdempotencyKey } from './submit';

it('keeps the key of a content until it was done', () => {
  const { result } = renderHook(useIdempotencyKey);
  const first = result.current.keyOf({ quantity: 1 });
  expect(result.current.keyOf({ quantity: 1 })).toBe(first);
  const other = result.current.keyOf({ quantity: 2 });
  expect(other).not.toBe(first);
  result.current.renew();
  expect(result.current.keyOf({ quantity: 2 })).not.toBe(other);
});

it('finds the fault of a field, and of what is inside it', () => {
  const faults = [{ code: 'RATE_INVALID', message: 'x', field: 'input.bands.0.rate' }];
  expect(faultAt(faults, 'input.bands')?.code).toBe('RATE_INVALID');
  expect(faultAt(faults, 'input.band')).toBeUndefined();
});
