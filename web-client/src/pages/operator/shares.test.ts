import { expect, test } from 'vitest';
import { partsOf } from './shares';

const who = (id: string) => ({ id, name: id, nameEn: '' });
const part = (id: string, weight: number, basis: string) => ({
  contributor: who(id),
  weight,
  basis,
  channel: 'COST' as const,
});
const blank = () => ({ basis: 'new', channel: 'PROFIT' as const });

test('a rule in force is begun with as it is: every part, in its order, also of whom nobody names now', () => {
  const parts = partsOf(
    [part('unit', 30, 'data'), part('vendor', 5, 'model'), part('unit', 10, 'quality'), part('operator', 55, 'work')],
    [who('operator'), who('unit'), who('platform')],
    blank,
  );
  expect(parts.map(({ id, weight, basis }) => [id, weight, basis])).toEqual([
    ['unit', '30', 'data'],
    ['vendor', '5', 'model'],
    ['unit', '10', 'quality'],
    ['operator', '55', 'work'],
    ['platform', '', 'new'],
  ]);
  expect(new Set(parts.map(({ key }) => key)).size).toBe(5);
});

test('whoever may contribute on several grounds is offered once', () => {
  const parts = partsOf([], [who('operator'), who('unit'), who('unit')], blank);
  expect(parts.map(({ id, weight }) => [id, weight])).toEqual([
    ['operator', ''],
    ['unit', ''],
  ]);
});
