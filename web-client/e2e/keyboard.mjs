// A person who has a keyboard and nothing else: goes from control to control, and sees where they are.
import assert from 'node:assert/strict';
import { settled } from './browser.mjs';

/** So many presses bring one to anything on a page. */
const presses = 150;

/** What has the focus, as a person sees it. */
const here = () => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    what: `${at.tagName.toLowerCase()} ${at.ariaLabel ?? at.id} ${at.textContent.trim().slice(0, 40)}`,
    lost: at === document.body,
    // A line is drawn around it, under a heading; an entry of an open list is marked instead.
    drawn:
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) ||
      (at.matches('h1, h2, h3') && style.textDecorationLine === 'underline') ||
      at.matches('[data-highlighted]'),
    inView: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
};

/** The keyboard of a page. Wherever it stops the focus has to be seen, and after whatever it does somewhere. */
export function keyboard(page) {
  // Chromium hands choosers of files over from the first listener on, but not at once: later a press would be faster.
  page.on('filechooser', () => {});
  const press = (key) => page.keyboard.press(key);
  const has = (locator) => locator.evaluateAll((found) => found.includes(document.activeElement));

  async function look(after) {
    const until = Date.now() + 3000;
    let now = await page.evaluate(here);
    for (; (now.lost || !now.drawn) && Date.now() < until; now = await page.evaluate(here))
      await page.waitForTimeout(40);
    assert.ok(!now.lost, `after ${after} nothing has the focus`);
    assert.ok(now.drawn, `after ${after} the focus is not seen at ${now.what}`);
    assert.ok(now.inView, `after ${after} the focus is out of view at ${now.what}`);
    return now;
  }

  const self = {
    /** Presses Tab, or with it Shift, until one of what is looked for has the focus. */
    async to(locator, { back = false } = {}) {
      const stops = [];
      for (let i = 0; i < presses && !(await has(locator)); i++) {
        await press(back ? 'Shift+Tab' : 'Tab');
        const { what } = await look('Tab');
        stops.push(what);
      }
      assert.ok(await has(locator), `Tab does not come to ${locator}; it comes to ${stops.join(' · ')}`);
    },
    /** Goes there and presses a key; waits until the page stands, and something on it has the focus. */
    async press(locator, { key = 'Enter', back } = {}) {
      await self.to(locator, { back });
      await press(key);
      await settled(page);
      await look(`${key} on ${locator}`);
    },
    /** Goes to a field and types, instead of what stands in it. */
    async type(locator, text) {
      await self.to(locator);
      await press('Control+A');
      await page.keyboard.type(text);
      assert.equal(await locator.inputValue(), text);
    },
    /** Goes to a group of radios, and by arrows to the one that is wanted. */
    async choose(radio) {
      const name = await radio.getAttribute('name');
      await self.to(page.locator(`input[type=radio][name="${name}"]`));
      if (!(await radio.isChecked())) await press('Space');
      for (let i = 0; i < presses && !(await radio.isChecked()); i++) await press('ArrowDown');
      assert.ok(await radio.isChecked(), `the arrows do not come to ${radio}`);
      assert.ok(await has(radio), `${radio} is chosen without having the focus`);
    },
    /** Chooses a file: the button that asks for one is pressed, and the window of the system answers. */
    async file(button, file) {
      await self.to(button);
      const chooser = page.waitForEvent('filechooser');
      await press('Enter');
      await (await chooser).setFiles(file);
      await look('the choice of a file');
    },
    /** What is expected to have the focus has it. */
    async at(locator) {
      const until = Date.now() + 5000;
      while (!(await has(locator)) && Date.now() < until) await page.waitForTimeout(40);
      assert.ok(await has(locator), `the focus is at ${(await page.evaluate(here)).what}, not at ${locator}`);
      await look('a step');
    },
    /** Signs a person of the demo market in, from any page. */
    async signIn(person) {
      await self.press(page.getByRole('banner').getByRole('link', { name: '登录', exact: true }));
      const form = page.locator('form:has([autocomplete=current-password])');
      await self.type(form.locator('[autocomplete=username]'), `${person}@demo.gongshu.example`);
      await self.type(form.locator('[autocomplete=current-password]'), 'gongshu-demo');
      await press('Enter');
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      await settled(page);
      await look('signing in');
    },
  };
  return self;
}
