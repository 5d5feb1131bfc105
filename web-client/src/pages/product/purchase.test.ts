import { expect, test } from 'vitest';
import { askable, purchaseSearch } from './purchase';

test.each([
  [
    'what is chosen is kept',
    { purpose: 'INDUSTRY', plan: 'pln_01h455vb4pex5vsknk084sn02q', quantity: 12 },
    { purpose: 'INDUSTRY', plan: 'pln_01h455vb4pex5vsknk084sn02q', quantity: 12 },
  ],
  ['what nobody knows is dropped', { purpose: 'FUN', plan: 7, other: 1 }, {}],
  ['a quantity is whole', { quantity: '1.5' }, {}],
  ['nought is a quantity, which the API refuses', { quantity: '0' }, { quantity: 0 }],
  ['a quantity that no float holds stays exact', { quantity: '9007199254740993' }, { quantity: '9007199254740993' }],
  ['a quantity that was read as another is none', { quantity: 1e20 }, {}],
])('%s', (_, search, kept) => {
  expect(purchaseSearch(search)).toEqual(kept);
});

test('what is more than 64 bits hold is asked as much, too', () => {
  expect(askable('99999999999999999999')).toBe('999999999999999999');
  expect(askable('9007199254740993')).toBe('9007199254740993');
  expect(askable(12)).toBe(12);
});
