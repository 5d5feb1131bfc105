import { expect, test } from 'vitest';
import { purchaseSearch } from './purchase';

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
])('%s', (_, search, kept) => {
  expect(purchaseSearch(search)).toEqual(kept);
});
