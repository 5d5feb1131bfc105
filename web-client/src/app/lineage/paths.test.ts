import { expect, test } from 'vitest';
import { type Lineage, neighbours, pathOf, stepFrom } from './paths';

const node = (id: string, kind: Lineage['nodes'][number]['kind'], stated = true) => ({
  id,
  kind,
  name: id,
  nameEn: '',
  stated,
});
const edge = (from: string, to: string, stated = true) => ({ from, to, stated });

const lineage: Lineage = {
  id: 'p',
  nodes: [
    node('u', 'SOURCE_UNIT'),
    node('r', 'RESOURCE'),
    node('i1', 'ITEM'),
    node('i2', 'ITEM'),
    node('p/line', 'COLUMN'),
    node('p/month', 'COLUMN', false),
    node('p', 'PRODUCT'),
  ],
  edges: [
    edge('u', 'r'),
    edge('r', 'i1'),
    edge('r', 'i2'),
    edge('i1', 'p/line'),
    edge('p/line', 'p'),
    edge('p/month', 'p'),
    edge('i2', 'p', false),
  ],
  rest: [],
};
const around = neighbours(lineage.edges);

test('the path of a column goes up to its source unit and down to its product, and nowhere else', () => {
  expect([...pathOf(lineage, around, 'p/line')].sort()).toEqual(['i1', 'p', 'p/line', 'r', 'u']);
});

test('a column that names no items comes from all of them', () => {
  expect([...pathOf(lineage, around, 'p/month')].sort()).toEqual(['i1', 'i2', 'p', 'p/month', 'r', 'u']);
});

test('the path of an item goes into what is made of it', () => {
  expect([...pathOf(lineage, around, 'i2')].sort()).toEqual(['i2', 'p', 'r', 'u']);
});

test('arrows walk among things of a kind and along the lines', () => {
  const go = (from: string, key: string) => stepFrom(lineage, around, from, key);
  expect(go('i1', 'ArrowDown')).toBe('i2');
  expect(go('i1', 'ArrowUp')).toBeUndefined();
  expect(go('i2', 'Home')).toBe('i1');
  expect(go('p/line', 'End')).toBe('p/month');
  expect(go('p/line', 'ArrowLeft')).toBe('i1');
  expect(go('i1', 'ArrowRight')).toBe('p/line');
  expect(go('p/month', 'ArrowLeft')).toBeUndefined();
  expect(go('u', 'Enter')).toBeUndefined();
});
