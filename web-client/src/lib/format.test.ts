import { expect, test } from 'vitest';
import { count, date, dateTime, money } from './format';

test('money keeps every digit', () => {
  expect(money('12345678901234567890.1')).toBe('¥12,345,678,901,234,567,890.10');
  expect(money('0.0035')).toBe('¥0.0035');
  expect(money('-1200')).toBe('−¥1,200.00');
  expect(() => money('1e3')).toThrow();
});

test('counts keep every digit', () => {
  expect(count('9007199254740993')).toBe('9,007,199,254,740,993');
});

test('moments are told in Shanghai time, days as they are', () => {
  expect(dateTime('2026-11-27T16:30:00Z', 'en')).toContain('28 Nov 2026');
  expect(date('2026-11-28', 'zh-CN')).toBe('2026年11月28日');
});
