import { expect, test } from 'vitest';
import { rowsOf } from './sample';

test('cells are apart by tab, else by comma of either width', () => {
  expect(rowsOf('甲, 7\n\n乙，8\n丙,丁\t9', 2)).toEqual([
    ['甲', '7'],
    ['乙', '8'],
    ['丙,丁', '9'],
  ]);
});

test('a comma in the cells of one column is of the cell', () => {
  expect(rowsOf('涪城区,高新区\n游仙区，安州区', 1)).toEqual([['涪城区,高新区'], ['游仙区，安州区']]);
});
