// What programs read: the head of a product's page as the server sends it, and the links to the other forms.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, checkScreen, open, settled, visit } from './harness.mjs';

test('a product says to programs what it is, on a page whose policy lets no script in', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/');
    await settled(page);
    const path = await page.locator('a[href^="/products/"]').first().getAttribute('href');
    const [, id] = /^\/products\/(prd_[0-9a-z]+)/.exec(path);

    const answer = await page.request.get(`${base}/products/${id}`, { headers: { Accept: 'text/html' } });
    const sent = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(await answer.text());
    const said = JSON.parse(sent[1]);
    assert.equal(said['@type'], 'Dataset');
    assert.equal(said.url, `${base}/products/${id}`);

    await open(page, `/products/${id}`);
    await settled(page);
    assert.deepEqual(JSON.parse(await page.locator('script[type="application/ld+json"]').textContent()), said);
    assert.equal(await page.title(), `${said.name} · 公数`);
    assert.equal(await page.locator('meta[name=description]').count(), 1);

    const forms = page.getByRole('region', { name: '机器可读' }).getByRole('link');
    assert.equal(await forms.count(), 4);
    for (const link of [...(await forms.all()), ...(await page.locator('head link[rel=alternate]').all())]) {
      const href = new URL(await link.getAttribute('href'), base);
      assert.equal((await page.request.get(href.href)).status(), 200, href.href);
    }
    for (const name of ['机器可读目录', '更新订阅'])
      assert.ok(await page.getByRole('contentinfo').getByRole('link', { name }).isVisible());
    await checkScreen(page, `/products/${id}`);
  }));

test('a page that there is no product for says nothing of one', (t) =>
  visit(t, {}, async (page) => {
    const of = async (id) =>
      (await page.request.get(`${base}/products/${id}`, { headers: { Accept: 'text/html' } })).text();
    assert.equal(await of('prd_00000000000000000000000001'), await of('nothing'));
    assert.doesNotMatch(await of('nothing'), /ld\+json/);
  }));
