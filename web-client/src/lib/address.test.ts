import { expect, test } from 'vitest';
import { text } from './address';

test('words that are too long stay so, for the API to say it', () => {
  const read = text(200);
  expect(read('降水')).toBe('降水');
  expect(read(42)).toBe('42');
  expect(read('')).toBeUndefined();
  expect(read(['降水'])).toBeUndefined();
  expect(read('𠮷'.repeat(200))).toBe('𠮷'.repeat(200));
  expect([...(read('𠮷'.repeat(3000)) ?? '')]).toHaveLength(201);
});
