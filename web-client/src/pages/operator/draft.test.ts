import { afterEach, expect, test } from 'vitest';
import { forget, keep } from '../../app/kept';
import { type Begun, begunBefore, type Column, newForm, redrafted, sent } from './draft';

const column = (name: string): Omit<Column, 'of'> => ({
  name,
  label: name,
  labelEn: '',
  type: 'TEXT',
  unit: '',
  description: '',
  descriptionEn: '',
  sensitivity: 'PUBLIC',
  quasiIdentifier: false,
  required: false,
  filterable: false,
  items: [{ id: `itm_${name}`, name, nameEn: '' }],
});

const asSent = (name: string) => {
  const { items, ...rest } = column(name);
  return { ...rest, itemIds: items.map((item) => item.id) };
};

afterEach(() => sessionStorage.clear());

test('what was changed in a column outlives drafting again, also under another name', () => {
  const [a, b] = redrafted([column('a'), column('b')], []);
  const changed = [{ ...a, name: 'renamed', unit: '元' } as Column, b as Column];
  expect(sent(redrafted([column('c'), column('a')], changed))).toEqual([
    asSent('c'),
    { ...asSent('a'), name: 'renamed', unit: '元' },
  ]);
});

test('a column that was kept before columns had items has none', () => {
  const { items: _, ...before } = column('a');
  expect(sent([{ ...before, of: 'a' } as Column])[0]?.itemIds).toEqual([]);
});

test('what was begun is kept for its owner alone, less what is granted no more', () => {
  const begun: Begun = { ...begunBefore('one', new Set()), step: 1, chosen: ['x', 'y'], sample: '甲,7' };
  keep('one', newForm, begun);
  expect(begunBefore('one', new Set(['x', 'y', 'z']))).toEqual(begun);
  expect(begunBefore('one', new Set(['y']))).toEqual({ ...begun, step: 0, chosen: ['y'] });
  expect(begunBefore('two', new Set(['x', 'y'])).chosen).toEqual([]);
  forget('one', newForm);
  expect(begunBefore('one', new Set(['x', 'y'])).sample).toBe('');
});
