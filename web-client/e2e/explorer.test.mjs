// The explorer in a browser: it opens, runs an example and shows data, signed in or not, within its policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { base, forgive, intercept, visit } from './harness.mjs';

/** Opens the explorer in English. */
const explore = (t, work, width = 1440) =>
  visit(t, { width, locale: 'en-GB' }, async (page) => {
    await page.goto(`${base}/explorer`);
    await page.getByRole('heading', { name: 'API explorer' }).waitFor();
    await work(page);
  });

const result = (page) => page.locator('.result-window');

test('an example runs without signing in', (t) =>
  explore(t, async (page) => {
    await page.getByLabel('Open an example').selectOption('Search the catalogue');
    await page.getByRole('button', { name: 'Catalogue', exact: true }).nth(1).waitFor();
    await page.getByRole('button', { name: 'Execute query' }).click();
    await result(page).getByText('totalCount').first().waitFor();
    assert.doesNotMatch(await result(page).innerText(), /"errors"/);
  }));

test('who signs in sees what is theirs, and leads back to the market', (t) =>
  explore(t, async (page) => {
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill('operator.publisher@demo.gongshu.example');
    await page.getByLabel('Password').fill('gongshu-demo');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.getByLabel('Open an example').selectOption('My products and what keeps them off the market');
    await page.getByRole('button', { name: 'Products', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Execute query' }).click();
    await result(page).getByText('operatorProducts').waitFor();
    assert.match(await result(page).innerText(), /"status": "LISTED"/);
    assert.equal(await page.getByRole('link', { name: 'Back to the market' }).getAttribute('href'), '/');
  }));

test('a wrong password is told, and nothing is lost', (t) =>
  explore(t, async (page) => {
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill('operator.publisher@demo.gongshu.example');
    await page.getByLabel('Password').fill('not it');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'Cannot sign in' }).waitFor();
    assert.equal(await page.getByLabel('E-mail').inputValue(), 'operator.publisher@demo.gongshu.example');
  }));

test('where no server answers it says so, and asks again when told to', (t) =>
  explore(t, async (page) => {
    const release = await intercept(page, '**/graphql', (route) => route.abort());
    await page.reload();
    const trouble = page.getByRole('alert').filter({ hasText: 'Cannot reach the server' });
    await trouble.waitFor();
    release();
    await trouble.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Not signed in').waitFor();
    assert.equal(await trouble.count(), 0);
    forgive(page, /ERR_FAILED/);
  }));

test('the language that is chosen here is that of the market, and the other way round', (t) =>
  explore(t, async (page) => {
    const language = () => page.evaluate(() => document.documentElement.lang);
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('link', { name: '返回公数' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await language(), 'zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    await page.waitForFunction(() => document.documentElement.lang === 'en');
    await page.goto(`${base}/explorer`);
    await page.getByRole('heading', { name: 'API explorer' }).waitFor();
  }));

test('who may not see the schema is told to sign in, and then sees it', (t) =>
  explore(t, async (page) => {
    const response = await fetch(`${base}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __schema { queryType { name } } }' }),
    });
    const open = (await response.json()).errors === undefined;
    await page.getByText('Not signed in').waitFor();
    const notice = page.getByText('Sign in to see the documentation');
    assert.equal(await notice.isVisible(), !open);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill('platform.admin@demo.gongshu.example');
    await page.getByLabel('Password').fill('gongshu-demo');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(await notice.isVisible(), false);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('Root Types').waitFor();
  }));

/** Holds the page as it is now against WCAG 2.2 AA as far as axe sees it. */
async function accessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const wrong = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target} ${node.html.slice(0, 160)}`),
    );
  });
  assert.deepEqual([...new Set(wrong)], [], state);
}

for (const width of [1440, 390]) {
  test(`nothing of it keeps people out, ${width} px wide`, (t) =>
    explore(
      t,
      async (page) => {
        const press = (name) => page.getByRole('button', { name, exact: true }).click();
        await page.locator('.graphiql-query-editor .cm-property').first().waitFor();
        await accessible(page, 'as it opens');
        await page.getByRole('button', { name: 'Execute query' }).click();
        await result(page).getByText('totalCount').first().waitFor();
        await page.getByLabel('Open an example').selectOption('Search the catalogue');
        await page.getByRole('button', { name: 'Close Tab' }).first().waitFor();
        await accessible(page, 'with an answer and two tabs');
        await press('Show History');
        await page.getByRole('button', { name: 'Clear' }).waitFor();
        await accessible(page, 'with its history');
        for (const [name, title] of [
          ['Open short keys dialog', 'Short Keys'],
          ['Open settings dialog', 'Settings'],
        ]) {
          await press(name);
          await page.getByRole('dialog').getByText(title).first().waitFor();
          await accessible(page, title);
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
        await press('Sign in');
        await accessible(page, 'signing in');
        await page.getByLabel('E-mail').fill('platform.admin@demo.gongshu.example');
        await page.getByLabel('Password').fill('gongshu-demo');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Sign out' }).waitFor();
        await press('Show Documentation Explorer');
        await page.getByRole('link', { name: 'Query', exact: true }).click();
        await page.getByText('Who is signed in, null when nobody is.').waitFor();
        await accessible(page, 'with the documentation');
      },
      width,
    ));
}

test('the keyboard goes through it, into its editors and out again', (t) =>
  explore(t, async (page) => {
    await page.locator('.graphiql-query-editor .cm-property').first().waitFor();
    const names = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent);
      if (name === 'Execute query (Ctrl-Enter)') await page.keyboard.press('Enter');
      names.push(name);
      if (name === 'Answer') break;
    }
    for (const stop of ['Operation', 'Execute query (Ctrl-Enter)', 'Answer'])
      assert.ok(names.includes(stop), `${names}`);
    await result(page).getByText('totalCount').first().waitFor();
    await page.keyboard.press('Shift+Tab');
    assert.notEqual(await page.evaluate(() => document.activeElement.ariaLabel), 'Answer');
  }));
