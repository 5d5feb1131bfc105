import { expect, test } from 'vitest';
import { takesLetters } from './keys';

function focused(html: string): Element {
  document.body.innerHTML = html;
  return document.querySelector('[data-here]') as Element;
}

test.each([
  ['a text', '<textarea data-here></textarea>', true],
  ['a line', '<input data-here type="text">', true],
  ['a day', '<input data-here type="date">', true],
  ['a button of a dialog', '<div role="dialog"><button data-here></button></div>', true],
  ['a choice', '<input data-here type="radio">', false],
  ['a link', '<a data-here href="/"></a>', false],
])('%s takes letters or leaves them to the desk', (_, html, takes) => {
  expect(takesLetters(focused(html))).toBe(takes);
});
