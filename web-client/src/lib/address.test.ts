import { expect, test } from 'vitest';
import { readSearch, text, writeSearch } from './address';

test('words that are too long stay so, for the API to say it', () => {
  const read = text(200);
  expect(read('降水')).toBe('降水');
  expect(read('')).toBeUndefined();
  expect(read(['降水', '气温'])).toBe('降水');
  expect(read('𠮷'.repeat(200))).toBe('𠮷'.repeat(200));
  expect([...(read('𠮷'.repeat(3000)) ?? '')]).toHaveLength(201);
});

test('a search is read as it stands, and as it was written', () => {
  for (const q of [
    '12345678901234567890',
    '1e3',
    '"线路公交"',
    'true',
    '[1,2]',
    '["a"]',
    '[',
    '公交 -客流',
    'a&b=c#d%',
  ])
    expect(text(200)(readSearch(writeSearch({ q })).q)).toBe(q);
  expect(readSearch('?q=1e3&q=b')).toEqual({ q: ['1e3', 'b'] });
  expect(readSearch('?q=%22a b%22&days=7')).toEqual({ q: '"a b"', days: '7' });
  expect(readSearch(writeSearch({ domain: ['a', 'b'], none: undefined, sent: true }))).toEqual({
    domain: ['a', 'b'],
    sent: 'true',
  });
  expect(writeSearch({})).toBe('');
});
