import { afterEach, beforeEach, expect, test } from 'vitest';
import { focusPage, keepFocus } from './focus';

let stop: () => void;
const page = document.createElement('div');
beforeEach(() => {
  page.innerHTML = `<main><h1>Product</h1><button id="act">List</button>
    <section><h2>Plans</h2><ul><li><button id="save">Save</button></li><li><button id="other">Other</button></li></ul></section></main>`;
  document.body.replaceChildren(page);
  stop = keepFocus(page);
});
afterEach(() => stop());

const at = (id: string) => document.getElementById(id) as HTMLElement;
const later = () => new Promise((done) => setTimeout(done, 60));

test('what had the focus goes: the heading of its part has it', async () => {
  at('save').focus();
  at('save').remove();
  await later();
  expect(document.activeElement?.textContent).toBe('Plans');
});

test('its whole part goes: the heading of the page has it', async () => {
  at('save').focus();
  page.querySelector('section')?.remove();
  await later();
  expect(document.activeElement?.textContent).toBe('Product');
});

test('a dialog goes, and what it was opened from', async () => {
  at('act').focus();
  const dialog = document.createElement('div');
  dialog.innerHTML = '<h2>Sure?</h2><button>Yes</button>';
  document.body.append(dialog);
  dialog.querySelector('button')?.focus();
  at('act').remove();
  dialog.remove();
  await later();
  expect(document.activeElement?.textContent).toBe('Product');
});

test('who gives it to something else at once is not disturbed', async () => {
  at('save').focus();
  at('save').remove();
  at('other').focus();
  await later();
  expect(document.activeElement?.id).toBe('other');
});

test('where nothing had it nothing gets it', async () => {
  page.querySelector('section')?.remove();
  await later();
  expect(document.activeElement).toBe(document.body);
});

test('a page that was gone to has its heading later: it gets the focus then', async () => {
  page.innerHTML = '<main><p>…</p></main>';
  focusPage();
  await later();
  page.innerHTML = '<main><h1>Order</h1></main>';
  await later();
  expect(document.activeElement?.textContent).toBe('Order');
});
