// An enterprise pays by card on the page of the provider, which another program stands in for, and comes back to its right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, checkScreen, forgive, open, settled, visit } from './harness.mjs';
import { as } from './scene.mjs';
import { does, paidLast, state, stripe } from './standin.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const skip = stripe ? false : 'no provider of cards is set up';
/** Orders by card, and stands on the provider's page. */
async function toTheirPage(page) {
  const { products } = await (await as('')).ask(
    '{ products(query: "公交线路小时客流", first: 1) { edges { node { id plans { id mode settlement } } } } }',
  );
  const [{ node: product }] = products.edges;
  const plan = product.plans.find((one) => one.mode === 'PER_CALL' && one.settlement === 'PREPAID');
  const search = new URLSearchParams({ purpose: 'INDUSTRY', plan: plan.id, quantity: '500' });
  await open(page, `/checkout/${product.id}?${search}`);
  await page.locator('output').getByText('¥300.00').waitFor();
  await page.getByRole('radiogroup', { name: '付款方式' }).getByText('银行卡在线支付').click();
  await button(page, '同意并付款').click();
  await page.waitForURL((url) => url.origin !== new URL(base).origin);
  await page.getByText('300.00').first().waitFor();
}

test('a card is charged on the provider’s page, and the buyer comes back to its right', { skip }, (t) =>
  visit(t, { as: 'bank.buyer' }, async (page) => {
    await toTheirPage(page);
    await page.locator('button[value="challenge"]').click();
    await page.locator('button[value="confirm"]').click();
    await page.waitForURL(/\/orders\/ord_/);
    await page.getByText('权益已生效').waitFor({ timeout: 30_000 });
    await page.getByText('付款 ¥300.00：已到账').waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1);
    const { order } = await (await as('bank.buyer')).ask(
      'query ($id: ID!) { order(id: $id) { status payments { provider state } entitlement { usable } } }',
      { id },
    );
    assert.deepEqual(order, {
      status: 'PAID',
      payments: [{ provider: 'stripe', state: 'SUCCEEDED' }],
      entitlement: { usable: true },
    });
    forgive(page, /\/c\/pay\/|404/); // their page, and its icon
  }),
);

test('who leaves the provider’s page may go on there, or pay another way', { skip }, (t) =>
  visit(t, { as: 'bank.buyer' }, async (page) => {
    await toTheirPage(page);
    await page.locator('button[value="decline"]').click();
    await page.locator('button[value="cancel"]').click();
    await page.waitForURL(/\/orders\/ord_/);
    await page.getByText('请到支付机构的页面完成付款').waitFor();
    await page.getByRole('link', { name: '去付款' }).waitFor();
    await settled(page);
    if (process.env.GONGSHU_SCREENSHOTS)
      await page.screenshot({ path: `${process.env.GONGSHU_SCREENSHOTS}/card-left.png` });
    await button(page, '换一种方式付款').click();
    await button(page.getByRole('dialog'), '换一种方式付款').click();
    await page.getByRole('radiogroup', { name: '付款方式' }).getByText('测试支付').waitFor();
    await button(page, '付款').click();
    await page.getByText('权益已生效').waitFor();
    await page.getByText('付款 ¥300.00：已放弃或超时').waitFor();
    forgive(page, /\/c\/pay\/|404/); // their page, and its icon
  }),
);

test('what the bank asks back suspends the right, and a payment that stays gives it back', { skip }, (t) =>
  visit(t, { as: 'bank.buyer' }, async (page) => {
    await toTheirPage(page);
    await page.locator('button[value="pay"]').click();
    await page.waitForURL(/\/orders\/ord_/);
    await page.getByText('权益已生效').waitFor();
    const { pathname } = new URL(page.url());
    await does('dispute', { session: await paidLast(), amount: '30000' });
    await page.getByText('付款方银行拒付 ¥300.00：拒付处理中').waitFor();
    await page.getByText('权益已暂停').first().waitFor();
    await visit(t, { as: 'platform.finance' }, async (finance) => {
      await checkScreen(finance, '/settlement/disputes', {
        ready: () => finance.locator(`a[href="${pathname}"]`).waitFor(),
      });
    });
    const { Disputes: disputes } = await state();
    await does('close-dispute', { id: disputes.at(-1).id, status: 'won' });
    await page.getByText('付款方银行拒付 ¥300.00：未成立').waitFor();
    await page.getByText('权益已暂停').waitFor({ state: 'detached' });
    await checkScreen(page, pathname, { ready: () => page.locator('#main section').first().waitFor() });
    forgive(page, /\/c\/pay\/|404/); // their page, and its icon
  }),
);
