import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useFaultText } from './i18n';

const said = (code: string, params: Record<string, string> = {}) => {
  const { result } = renderHook(useFaultText);
  return result.current({
    code,
    message: 'In English.',
    params: Object.entries(params).map(([name, value]) => ({ name, value })),
  });
};

test('a fault is said with its values, and the labels of enums among them', () => {
  expect(said('PASSWORD_TOO_SHORT', { min: '10' })).toBe('密码至少 10 个字符。');
  expect(said('ROLE_REQUIRED', { role: 'FINANCE' })).toContain('“财务”');
  expect(said('COLUMN_NAME_TAKEN', { name: '$t(enums:Role.FINANCE)' })).toContain('“$t(enums:Role.FINANCE)”');
});

test('an obstacle is said by what it is found at', () => {
  expect(said('ITEM_NOT_GRANTED', { item: '车牌' })).toContain('“车牌”');
  expect(said('ITEM_NOT_GRANTED', { subjectKind: 'ITEM', subjectName: '车牌' })).toContain('“车牌”');
  expect(said('ITEM_UNPROTECTED', { subjectKind: 'ITEM', subjectName: '车牌' })).toContain('“车牌”');
  expect(said('NO_PLAN', { subjectKind: 'PRODUCT', subjectName: '公交客流' })).toBe('请至少设置一个收费方案。');
});

test('what has no text is said in English', () => {
  expect(said('NEVER_HEARD_OF')).toBe('In English.');
});
