// What is used is billed: a metered plan is ordered without paying, its use shows at once, and the bill of a month is paid.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { base, checkScreen, forgive, open, settled, visit } from './harness.mjs';
import { as, creditCode } from './scene.mjs';
import { does, paidLast, state, stripe } from './standin.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });

test('a metered plan is ordered without paying, and what is called stands on the month at once', (t) =>
  visit(t, { as: 'bank.buyer' }, async (page) => {
    const { products } = await (await as('')).ask(
      '{ products(query: "公交线路小时客流", first: 1) { edges { node { id } } } }',
    );
    await open(page, `/products/${products.edges[0].node.id}`);
    await page.getByRole('heading', { level: 1, name: '公交线路小时客流' }).waitFor();
    await page.getByText('每月免费 100 次').waitFor();
    const panel = page.getByRole('region', { name: '您的用途' });
    await panel.getByLabel('按月后付').click();
    await panel.getByLabel('调用次数').fill('5200');
    // 100 are free, 5,000 at 0.60 and 100 at 0.36.
    await panel.getByText('免费额度内 100 次').waitFor();
    await panel.locator('output').getByText('¥3,036.00').waitFor();
    await panel.getByRole('button', { name: '去核对订单' }).click();
    await page.getByRole('heading', { level: 1, name: '核对订单' }).waitFor();
    await page.locator('output').getByText('¥3,036.00').waitFor();
    await page.getByText('下单后立即生效').waitFor();
    await button(page, '同意并下单').click();
    await page.getByRole('heading', { level: 1, name: '下单成功，可以使用了' }).waitFor();
    await button(page, '试一下').click();
    await page.getByText('返回 5 行，后面还有。').waitFor();
    await page.getByRole('link', { name: '查看订单' }).click();
    await page.getByRole('heading', { level: 2, name: '本月费用' }).waitFor();
    await page.getByText('免费额度内 1 次').waitFor();
    await page.getByText('已生效，按月结算').waitFor();
    assert.equal(await page.getByText('已付款').count(), 0);
    await settled(page);
    await checkScreen(page, new URL(page.url()).pathname, {
      ready: () => page.locator('dl').nth(1).waitFor(),
    });
  }));

/** Pays a bill by card, and has its bank take a part back: that much is to be paid again. */
async function takenBack(page, id) {
  await page.getByText('银行卡在线支付').click();
  await button(page, '付款').click();
  await page.waitForURL((url) => url.origin !== new URL(base).origin);
  await page.locator('button[value="pay"]').click();
  await page.waitForURL(new RegExp(`/bills/${id}`));
  await page.getByText('已结清').first().waitFor();
  const session = await paidLast();
  await does('dispute', { session, amount: '12000' });
  const { Disputes: disputes } = await state();
  await does('close-dispute', { id: disputes.at(-1).id, status: 'lost' });
  const buyer = await as('insurer.finance');
  const owed = 'query ($id: ID!) { bill(id: $id) { owed { amount } } }';
  for (let i = 0; i < 60 && (await buyer.ask(owed, { id })).bill.owed.amount !== '120.00'; i += 1) await sleep(500);
  await open(page, `/bills/${id}`);
  await page.getByText('付款被银行扣回').waitFor();
  await page.getByText('待付款 ¥120.00').waitFor();
  forgive(page, /\/c\/pay\/|404/); // their page, and its icon
  if (process.env.GONGSHU_SCREENSHOTS)
    await page.screenshot({ path: `${process.env.GONGSHU_SCREENSHOTS}/bill-taken-back.png`, fullPage: true });
  await checkScreen(page, `/bills/${id}`, { ready: () => page.locator('dl').nth(1).waitFor() });
  await open(page, `/bills/${id}`);
}

test('the bill of a month is issued once, and its buyer pays it', async (t) => {
  await visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, '/operator/bills');
    await button(page, '出账').click();
    await page
      .getByText(/^已出账 \d+ 张$/)
      .first()
      .waitFor();
    await page
      .getByRole('link', { name: /公交线路小时客流/ })
      .first()
      .waitFor();
    await settled(page);
    await checkScreen(page, '/operator/bills', { ready: () => page.locator('a[href^="/bills/"]').first().waitFor() });
  });
  await visit(t, { as: 'insurer.finance' }, async (page) => {
    const { bills } = await (await as('insurer.finance')).ask(
      '{ bills(first: 5) { edges { node { id month status total { amount } } } } }',
    );
    assert.equal(bills.edges.length, 1, 'one month has one bill');
    const [{ node: bill }] = bills.edges;
    // 600 uses: 100 are free, and 500 at 0.60.
    assert.equal(bill.total.amount, '300.00');
    await open(page, '/bills');
    await page.getByRole('link', { name: /公交线路小时客流/ }).click();
    await page.getByText('免费额度内 100 次').waitFor();
    await page.getByText('500 × ¥0.60').waitFor();
    if (bill.status === 'ISSUED') {
      if (stripe) await takenBack(page, bill.id);
      await page.getByText('测试支付').first().click();
      await button(page, '付款').click();
      await page.getByText('已付款').first().waitFor();
    }
    await page.getByText('已结清').first().waitFor();
    assert.equal(await button(page, '付款').count(), 0);
    const invoices = page.getByRole('region', { name: '发票' });
    await button(invoices, '申请开票').click();
    const dialog = page.getByRole('dialog', { name: '申请开票' });
    await dialog.getByLabel('抬头').fill('绵阳某保险股份有限公司');
    await dialog.getByLabel('纳税人识别号').fill(creditCode('91510700'));
    await button(dialog, '提交申请').click();
    await invoices.getByText('待开票').waitFor();
    // Each payment has its own invoice; of the first, so much is left.
    await invoices.getByText(stripe ? '¥180.00' : '¥300.00').waitFor();
    await settled(page);
    await checkScreen(page, `/bills/${bill.id}`, { ready: () => page.locator('dl').nth(1).waitFor() });
  });
});

test('an operator makes a plan with a package, a class of its own and a least amount, and is told what cannot be', (t) =>
  visit(t, { as: 'operator.publisher' }, async (page) => {
    const { operatorProducts } = await (await as('operator.publisher')).ask(
      '{ operatorProducts(first: 50) { edges { node { id name } } } }',
    );
    const product = operatorProducts.edges.map((edge) => edge.node).find((node) => node.name === '公交线路小时客流');
    await open(page, `/operator/products/${product.id}#plans`);
    await button(page, '增加方案').click();
    await button(page, '从公布的收费标准开始').click();
    await page.getByRole('combobox', { name: '公布的收费标准' }).click();
    await page.getByRole('option', { name: /^企业信用报告（2025/ }).click();
    assert.equal(await page.locator('#plan-onceDays').inputValue(), '30');
    assert.equal(await page.locator('[id="plan-variants.0.class"]').inputValue(), 'PREFERENTIAL');
    await page.getByLabel('方案名称').fill('信用报告');
    await page.getByLabel('每期账单最低').fill('10');
    // Above its cap, which says so at the bands; as a trial price it may be.
    await page.getByText(/超出上限/).waitFor();
    await page.getByLabel('试行价格').check();
    // What orders priced one by one cannot do is said where it stands.
    await page.getByLabel('预付').check();
    assert.equal(await page.locator('#plan-onceDays').count(), 0);
    await page.locator('[id="plan-variants.0.class"]').fill('');
    await button(page, '保存方案').click();
    await page.getByText('请选择用户类别或办理渠道。').first().waitFor();
  }));
