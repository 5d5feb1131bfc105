// What every browser test begins with: a watched page, signed in or not, and what each screen has to satisfy.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import axe from 'axe-core';
import { complaintsOf, launch, open, settled, signIn, watch } from './browser.mjs';

export { base, complaintsOf, forgive, intercept, open, settled, signIn } from './browser.mjs';

let browser;
after(() => browser?.close());

/** The cookies of those who signed in by the form already. */
const sessions = new Map();

/**
 * Opens a page, signed in as somebody of the demo market or as nobody, and works with it. Fails when anything went wrong on
 * the page that the work did not forgive; what failed is left as a picture in GONGSHU_SCREENSHOTS.
 */
export async function visit(t, { as, width = 1440, locale = 'zh-CN' } = {}, work) {
  browser ??= await launch();
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    locale,
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  try {
    const page = await watch(await context.newPage());
    page.setDefaultTimeout(30_000); // a busy machine is no failure
    try {
      if (as && sessions.has(as)) await context.addCookies(sessions.get(as));
      else if (as) {
        await signIn(page, as);
        sessions.set(as, await context.cookies());
      }
      await work(page);
      assert.deepEqual(complaintsOf(page), []);
    } catch (error) {
      const folder = process.env.GONGSHU_SCREENSHOTS;
      if (folder) {
        mkdirSync(folder, { recursive: true });
        const file = join(folder, `${t.name.replaceAll(/[^\p{L}\d]+/gu, '-')}.png`);
        await page.screenshot({ path: file });
        error.message += `\nscreenshot: ${file}`;
      }
      throw error;
    }
  } finally {
    // What a page still asks for when its test is over is nobody's answer.
    await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })));
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  }
}

/** Counts activations as journeys are measured by: a press of a pointer, or Enter. Typing costs none. */
export function clicks() {
  let count = 0;
  return {
    async press(locator) {
      count += 1;
      await locator.click();
    },
    async enter(page) {
      count += 1;
      await page.keyboard.press('Enter');
    },
    get count() {
      return count;
    },
  };
}

/** All keys of the texts: in a Chinese page none of them is what a person should read. */
const locale = new URL('../src/locales/zh-CN/', import.meta.url);
const keysOf = (value, path) =>
  typeof value === 'string'
    ? [path]
    : Object.entries(value).flatMap(([key, inner]) => keysOf(inner, path ? `${path}.${key}` : key));
const keys = readdirSync(locale).flatMap((file) => keysOf(JSON.parse(readFileSync(new URL(file, locale), 'utf8')), ''));

const widths = { 'zh-CN': [1440, 390, 320], en: [390, 320, 1440] };

/**
 * Opens a screen in both languages, each width and the large-type view, and holds against it what every screen promises:
 * WCAG 2.2 AA as far as axe sees it, no error and no violation of the policy, no scrolling sideways, one h1, its language,
 * words for every text, and content that stays where it was shown. `ready` waits for what comes later than the page.
 */
export async function checkScreen(page, path, { ready, absent } = {}) {
  if (process.env.GONGSHU_SCREENS === 'open') {
    // On a further database it is enough that the screen comes, with nothing wrong on the page.
    await open(page, path);
    await ready?.(page);
    return;
  }
  const wrong = [];
  const seen = complaintsOf(page).length;
  for (const language of ['zh-CN', 'en']) {
    await page.setViewportSize({ width: widths[language][0], height: 900 });
    await open(page, path, language);
    await ready?.(page);
    const shifted = await page.evaluate(() => globalThis.shifted);
    if (shifted > 0.05) wrong.push(`${language} ${widths[language][0]}: content was shifted by ${shifted.toFixed(3)}`);
    for (const width of widths[language]) {
      await page.setViewportSize({ width, height: 900 });
      wrong.push(...(await look(page, language, { absent })).map((what) => `${language} ${width}: ${what}`));
    }
    await page.evaluate(() => {
      document.documentElement.dataset.scale = 'large';
    });
    for (const width of [1440, 320]) {
      await page.setViewportSize({ width, height: 900 });
      const found = await look(page, language, { absent, axe: width === 320 });
      wrong.push(...found.map((what) => `${language} ${width} in large type: ${what}`));
    }
  }
  wrong.push(...complaintsOf(page).splice(seen));
  assert.deepEqual([...new Set(wrong)], [], `${path} does not keep what screens promise`);
}

/** What is wrong with a page as it is now. */
async function look(page, language, { absent = false, axe: whole = true } = {}) {
  await settled(page);
  if (whole && !(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(
    async ([language, keys, whole, absent]) => {
      const wrong = [];
      const root = document.documentElement;
      if (root.scrollWidth > innerWidth) wrong.push(`scrolls sideways: ${root.scrollWidth} > ${innerWidth}`);
      if (root.lang !== language) wrong.push(`its language is ${root.lang}`);
      const heads = document.querySelectorAll('h1').length;
      if (heads !== 1) wrong.push(`it has ${heads} h1`);
      if (!document.title) wrong.push('it has no title');
      // What stands in the place of a page has its h1 out of sight.
      const stood = document.querySelector('main h1.sr-only');
      if (stood && !absent) wrong.push(`it is not shown: ${stood.textContent}`);

      const isKey = new Set(keys);
      const isSaid = (text) =>
        !/{{|}}|\$t\(/.test(text) &&
        !/^[A-Z]\w*\.[A-Z][A-Z_]+$/.test(text) && // Type.VALUE
        !/^[A-Z]+(_[A-Z]+)+$/.test(text) &&
        !(isKey.has(text) && (language === 'zh-CN' || text.includes('.')));
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const text = walk.currentNode.textContent.trim();
        if (text && !walk.currentNode.parentElement.closest('code, pre, script, [translate=no]') && !isSaid(text)) {
          wrong.push(`shows ${text}`);
        }
      }
      for (const name of ['aria-label', 'placeholder', 'alt', 'title']) {
        for (const element of document.querySelectorAll(`[${name}]`)) {
          const text = element.getAttribute(name);
          if (text && !isSaid(text)) wrong.push(`${name} is ${text}`);
        }
      }

      if (whole) {
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
        const { violations } = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
        for (const { id, nodes } of violations) {
          for (const node of nodes.slice(0, 3))
            wrong.push(`axe ${id}: ${node.target.join(' ')}: ${node.html.slice(0, 160)}`);
        }
      }
      return wrong;
    },
    [language, keys, whole, absent],
  );
}
