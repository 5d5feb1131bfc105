import { expect, test } from 'vitest';
import { nextOf } from './queue';

test.each([
  ['the next', 'a', 'b'],
  ['the one before, after the last', 'c', 'b'],
  ['the first, where it is not in the queue', 'x', 'a'],
])('%s follows', (_, id, follows) => {
  expect(nextOf(['a', 'b', 'c'], id)).toBe(follows);
});

test('nothing follows the only one', () => {
  expect(nextOf(['a'], 'a')).toBeUndefined();
  expect(nextOf([], 'a')).toBeUndefined();
});
