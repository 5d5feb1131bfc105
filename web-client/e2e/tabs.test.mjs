// Many pages of one browser: each works, and is told what is new, over one stream.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { complaintsOf, watch } from './browser.mjs';
import { open, visit } from './harness.mjs';
import { as } from './scene.mjs';

const buyer = 'bank.buyer';
const made = [];
before(async () => {
  const bank = await as(buyer);
  const { licence, products } = await bank.ask(
    '{ licence { version } products(first: 50) { edges { node { id delivery plans { id mode } } } } }',
  );
  const [product, plan] = products.edges
    .flatMap(({ node }) => node.plans.map((one) => [node, one]))
    .find(([node, one]) => node.delivery === 'API' && one.mode === 'PER_CALL');
  for (const quantity of [610, 620]) {
    const { order } = await bank.send(
      'mutation ($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code message } } }',
      {
        i: {
          productId: product.id,
          planId: plan.id,
          purpose: 'INDUSTRY',
          quantity,
          licenceVersion: licence.version,
          idempotencyKey: `tabs-${Math.random()}`,
        },
      },
    );
    made.push(order.id);
  }
});

/** Cancels an order elsewhere. */
const cancel = async (id) =>
  (await as(buyer)).send('mutation ($id: ID!) { orderCancel(id: $id) { errors { code message } } }', { id });

test('eight tabs share one stream: all open, and all are told of what happens elsewhere', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const streams = new Map(); // the tab of each that is open
    page.context().on('request', (request) => {
      if (!request.headers().accept?.startsWith('text/event-stream')) return;
      streams.set(request, request.frame().page());
    });
    const over = (request) => streams.delete(request);
    page.context().on('requestfailed', over);
    page.context().on('requestfinished', over);

    // Each is opened while it is in front: behind others a page is drawn once a second.
    const tabs = [];
    while (tabs.length < 8) {
      const tab = tabs.length === 0 ? page : await watch(await page.context().newPage());
      await open(tab, `/orders/${made[tabs.length % 2]}`);
      tabs.push(tab);
    }
    const shows = (of) => Promise.all(of.map((tab) => tab.getByText('已取消').first().waitFor()));
    const ofOrder = (n) => tabs.filter((tab) => tab.url().includes(made[n]) && !tab.isClosed());

    assert.equal(streams.size, 1);
    await cancel(made[0]);
    await shows(ofOrder(0));
    assert.equal(streams.size, 1);

    // The tab that has the stream is closed: another opens one for all.
    const [leader] = streams.values();
    assert.deepEqual(complaintsOf(leader), []);
    if (leader !== page) await leader.close();
    else await page.goto('about:blank');
    tabs.splice(tabs.indexOf(leader), 1);
    await cancel(made[1]);
    await shows(ofOrder(1));
    assert.equal(streams.size, 1);
    for (const tab of tabs) assert.deepEqual(complaintsOf(tab), []);
  }));

test('when the session is over in two tabs, signing in again in one is enough', (t) =>
  visit(t, { as: 'welfare.admin' }, async (page) => {
    await open(page, '/organisation');
    const other = await watch(await page.context().newPage());
    await open(other, '/organisation');
    await page.context().clearCookies();
    const over = (tab) => tab.getByRole('dialog', { name: '登录已失效' });
    for (const tab of [page, other]) {
      await tab.getByLabel('电子邮箱').fill('colleague@example.org');
      await tab.getByRole('button', { name: '生成邀请链接' }).click();
      await over(tab).waitFor();
    }
    await over(page).getByLabel('电子邮箱').fill('welfare.admin@demo.gongshu.example');
    await over(page).getByLabel('密码').fill('gongshu-demo');
    await over(page).getByRole('button', { name: '登录' }).click();
    for (const tab of [page, other]) await over(tab).waitFor({ state: 'hidden' });
    assert.equal(await other.getByLabel('电子邮箱').inputValue(), 'colleague@example.org');
    assert.deepEqual(complaintsOf(other), []);
  }));
