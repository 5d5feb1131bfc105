import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checks } from './checks';

test('every check of the books has its Chinese, and nothing else has', () => {
  const sql = readFileSync('../internal/store/invariants.sql', 'utf8');
  const names = [...sql.matchAll(/^-- name: (.+)$/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(0);
  const told = [
    ...readFileSync('../internal/store/discrepancies.go', 'utf8').matchAll(/^\tTold\w+ +=? *"(.+)"$/gm),
  ].map(([, name]) => name);
  expect(told.length).toBe(6);
  names.push(...told);
  expect(Object.keys(checks).sort()).toEqual(names.sort());
});
