import { expect, test } from 'vitest';
import { agreementOf, coalitionKey, coalitionsOf, givenOf, partsOf, type Typed, worthOf } from './shares';

const who = (id: string) => ({ id, name: id, nameEn: '' });
const part = (id: string, weight: number, basis: string) => ({
  contributor: who(id),
  weight,
  cost: null,
  uses: null,
  quality: null,
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

const typed = (kind: Typed['kind'], more: Partial<Typed> = {}): Typed => ({
  kind,
  parts: partsOf([part('unit', 3, 'data'), part('operator', 7, 'work')], [who('platform')], blank, true),
  worth: {},
  effectiveOn: '',
  source: ' agreed ',
  ...more,
});

test('a part says the measures that its kind reads, and those without one take no part', () => {
  const fixed = agreementOf(typed('FIXED'));
  expect(fixed.parts.map(({ contributorId, weight, cost, uses }) => [contributorId, weight, cost, uses])).toEqual([
    ['unit', 3, undefined, undefined],
    ['operator', 7, undefined, undefined],
  ]);
  expect([fixed.sourceDocument, fixed.effectiveOn, fixed.coalitions]).toEqual(['agreed', undefined, undefined]);
  const { parts } = typed('COST_PROPORTIONAL');
  const spent = parts.map((one, i) => (i === 1 ? { ...one, cost: '12.50' } : one));
  expect(agreementOf(typed('COST_PROPORTIONAL', { parts: spent })).parts).toMatchObject([
    { contributorId: 'operator', cost: '12.50' },
  ]);
  const used = parts.map((one, i) => (i === 0 ? { ...one, uses: '9', quality: '0.8' } : one));
  expect(agreementOf(typed('USE_WEIGHTED', { parts: used })).parts).toMatchObject([
    { contributorId: 'unit', uses: 9, quality: '0.8' },
  ]);
});

test('by Shapley value every set of those that take part has its worth, whatever the order of its members', () => {
  const worth = worthOf([
    { members: [who('operator'), who('unit')], value: 10 },
    { members: [who('unit')], value: 3 },
    { members: [who('operator')], value: 4 },
  ]);
  const rule = typed('SHAPLEY', { worth });
  expect(givenOf(rule).map(({ id }) => id)).toEqual(['unit', 'operator']);
  expect(coalitionsOf(givenOf(rule)).map((members) => coalitionKey(members.map(({ id }) => id)))).toEqual([
    'unit',
    'operator',
    'operator unit',
  ]);
  expect(agreementOf(rule).coalitions).toEqual([
    { memberIds: ['unit'], value: 3 },
    { memberIds: ['operator'], value: 4 },
    { memberIds: ['unit', 'operator'], value: 10 },
  ]);
});
