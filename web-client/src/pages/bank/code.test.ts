import { expect, test } from 'vitest';
import { inFours, wholeCode } from './code';

test('a code is asked for once all of it is there, however it is written', () => {
  const code = 'GS6QE23RJAMW5';
  for (let typed = 0; typed < code.length; typed++) expect(wholeCode(code.slice(0, typed))).toBe('');
  for (const written of [code, code.toLowerCase(), ' GS 6QE2-3RJ AMW5 ']) expect(wholeCode(written)).toBe(code);
  expect(wholeCode(`${code}X`)).toBe('');
  expect(wholeCode('6QE23RJAMW5GS')).toBe('');
});

test('a number is compared in groups of four', () => {
  expect(inFours('6222001234567890')).toBe('6222 0012 3456 7890');
  expect(inFours('62220012345678901')).toBe('6222 0012 3456 7890 1');
});
