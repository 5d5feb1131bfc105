import { expect, it } from 'vitest';
import { formats, percent } from './format';
import { grouped } from './grouped';

const zh = formats('zh-CN');
const en = formats('en');

it('groups digits without making them a float', () => {
  expect(grouped('12345678901234567890.10')).toBe('12,345,678,901,234,567,890.10');
  expect(grouped('-1000')).toBe('-1,000');
  expect(grouped('0.005')).toBe('0.005');
});

it('says money as it is', () => {
  expect(zh.money({ amount: '1234.50' })).toBe('¥1,234.50');
  expect(en.money({ amount: '-0.10' })).toBe('-¥0.10');
});

it('says rates with their fen, and what is below', () => {
  expect(['0', '0.2', '0.005', '30000', '1234.50'].map(zh.rate)).toEqual([
    '¥0.00',
    '¥0.20',
    '¥0.005',
    '¥30,000.00',
    '¥1,234.50',
  ]);
});

it('says days and moments of Asia/Shanghai', () => {
  expect(zh.day('2026-01-31')).toBe('2026年1月31日');
  expect(zh.day('2026-01-31T16:30:00Z')).toBe('2026年2月1日');
  expect(zh.lastDay('2027-11-28T16:00:00Z')).toBe('2027年11月28日');
  expect(en.day('2026-01-31')).toBe('Jan 31, 2026');
  expect(en.moment('2026-01-31T16:30:00Z')).toBe('Feb 1, 2026, 00:30');
  expect(zh.moment('2026-01-31T16:30:00Z')).toBe('2026年2月1日 00:30');
  expect(zh.month('2026-02')).toBe('2026年2月');
});

it('says sizes by thousands', () => {
  expect([0, 999, 1000, 1_500_000].map(zh.bytes)).toEqual(['0 B', '999 B', '1 KB', '1.5 MB']);
});

it('says shares as percent', () => {
  expect(['0.06', '0.13', '1', '0.125', '0.0005', '0', '12.5'].map(percent)).toEqual([
    '6%',
    '13%',
    '100%',
    '12.5%',
    '0.05%',
    '0%',
    '1250%',
  ]);
});
