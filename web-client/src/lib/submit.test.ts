import { act, renderHook } from '@testing-library/react';
import { CombinedError, gql } from '@urql/core';
import { createElement, type ReactNode } from 'react';
import { Provider } from 'urql';
import { expect, it } from 'vitest';
import { useEvents } from './events';
import { faultAt, useIdempotencyKey, useSubmit } from './submit';

const lost = { error: new CombinedError({ networkError: new TypeError('Failed to fetch') }) };
const broken = { error: new CombinedError({ networkError: new Error(), response: new Response('', { status: 504 }) }) };
const limited = {
  error: new CombinedError({ networkError: new Error(), response: new Response('', { status: 429 }) }),
};
const refused = { data: { orderPay: { errors: [{ code: 'NO', message: 'No.' }] } } };

it.each([
  ['done', { data: { orderPay: { errors: [] } } }, true],
  ['sent, and its answer was lost', lost, true],
  ["sent, and its answer was another than the program's", broken, true],
  ['not let in', limited, false],
  ['refused', refused, false],
])('reads again what it touched when it was %s', async (_, result, reads) => {
  const client = { mutation: () => ({ toPromise: async () => result }) };
  const wrapper = ({ children }: { children: ReactNode }) =>
    createElement(Provider, { value: client as never }, children);
  const touched: unknown[] = [];
  const hook = renderHook(
    () => {
      useEvents((event) => touched.push(event.types));
      return useSubmit(gql`mutation { orderPay { errors { code } } }`, { typenames: ['Order'] });
    },
    { wrapper },
  );
  await act(async () => void (await hook.result.current.submit({})));
  expect(touched).toEqual(reads ? [['Order']] : []);
});

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
