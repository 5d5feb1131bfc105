// A buyer asks for the invoice of what it paid, the operator's finance issues it with a file, and a refund makes a red one due.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { base, checkScreen, open, settled, visit } from './harness.mjs';
import { as, creditCode, decide } from './scene.mjs';

const made = {};
const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;
const button = (page, name) => page.getByRole('button', { name, exact: true });
const numberOf = () => Array.from({ length: 20 }, () => Math.floor(Math.random() * 10)).join('');
const file = { name: '发票.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 合成发票') };

before(async () => {
  const buyer = await as('bank.buyer');
  const { products, licence } = await buyer.ask(
    '{ licence { version } products(first: 40) { edges { node { id name plans { id mode settlement stoppedBy } } } } }',
  );
  const paid = (plan) => plan.mode === 'PER_CALL' && plan.settlement === 'PREPAID' && !plan.stoppedBy;
  const product = products.edges.map((edge) => edge.node).find((node) => node.plans.some(paid));
  const { order } = await buyer.send(
    'mutation ($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id total { amount } } errors { code field message } } }',
    {
      i: {
        productId: product.id,
        planId: product.plans.find(paid).id,
        purpose: 'INDUSTRY',
        quantity: 200,
        licenceVersion: licence.version,
        idempotencyKey: mark(),
      },
    },
  );
  await buyer.send(
    'mutation ($id: ID!, $k: String!) { orderPay(id: $id, input: { provider: "test", idempotencyKey: $k }) { errors { code message } } }',
    { id: order.id, k: mark() },
  );
  made.order = order.id;
  made.total = order.total.amount;
  made.otherTotal = (Number(order.total.amount) + 1).toFixed(2);
  made.product = product.name;
  made.title = `绵阳某银行股份有限公司${mark()}`;
});

test('a buyer asks for a special invoice, is told what is wrong, and sees that it waits', (t) =>
  visit(t, { as: 'bank.finance' }, async (page) => {
    await open(page, `/orders/${made.order}`);
    const section = page.getByRole('region', { name: '发票' });
    await button(section, '申请开票').click();
    const dialog = page.getByRole('dialog', { name: '申请开票' });
    await dialog.getByText('专用发票', { exact: true }).click();
    await dialog.getByLabel('抬头').fill(made.title);
    await dialog.getByLabel('纳税人识别号').fill('915107000000000000');
    await dialog.getByLabel('注册地址').fill(''); // which the organisation may have said before
    await button(dialog, '提交申请').click();
    await dialog.getByText('专用发票须填写注册地址。').first().waitFor();
    await dialog.getByLabel('注册地址').fill('绵阳市涪城区临园路1号');
    await dialog.getByLabel('注册电话').fill('0816-2220000');
    await dialog.getByLabel('开户行').fill('示例银行绵阳分行');
    await dialog.getByLabel('银行账号').fill('6222 0000 1111 2222');
    await button(dialog, '提交申请').click();
    await dialog.getByText('纳税人识别号有误：应为 18 位统一社会信用代码。').first().waitFor();
    await dialog.getByLabel('纳税人识别号').fill(creditCode('91510700'));
    await button(dialog, '提交申请').click();
    await page.getByText('已提交开票申请').first().waitFor();
    await section.getByText('待开票').waitFor();
    await section.getByText(made.title).waitFor();
    assert.equal(await button(section, '申请开票').count(), 0);
    await settled(page);
    await checkScreen(page, `/orders/${made.order}`, { ready: () => page.locator('#invoices li').waitFor() });
  }));

test('the operator exports what it has to issue, and issues it with its number and its file', (t) =>
  visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, '/operator');
    await page.getByRole('link', { name: '发票', exact: true }).first().click();
    const row = page.locator('li').filter({ hasText: made.title });
    await row.getByText('待开票').waitFor();
    const href = await page.getByRole('link', { name: '导出待开发票' }).getAttribute('href');
    const exported = await page.request.get(`${base}${href}`);
    assert.equal(exported.status(), 200);
    const text = await exported.text();
    assert.ok(text.startsWith('\uFEFF') && text.includes(made.title) && text.includes(made.order), text);
    await checkScreen(page, '/operator/invoices', { ready: () => page.locator('main li').first().waitFor() });
    await open(page, '/operator/invoices', 'zh-CN');
    await button(row, '开票').click();
    const dialog = page.getByRole('dialog', { name: '登记已开发票' });
    await dialog.getByLabel('发票号码').fill('123');
    await dialog.locator('input[type=file]').setInputFiles(file);
    await dialog.getByText('发票.pdf').waitFor();
    await button(dialog, '确认开票').click();
    await dialog.getByText('请填写发票文件上的价税合计。').first().waitFor();
    await dialog.getByLabel('发票文件上的价税合计').fill(made.total);
    await button(dialog, '确认开票').click();
    await dialog.getByText('发票号码应为 20 位数字，或 8 位数字加发票代码。').first().waitFor();
    made.number = numberOf();
    await dialog.getByLabel('发票号码').fill(made.number);
    // The file was made before a refund, or for another: what it says is told, and not what the page says.
    const total = dialog.getByLabel('发票文件上的价税合计');
    await total.fill(made.otherTotal);
    await button(dialog, '确认开票').click();
    await dialog
      .getByText(/应开金额已变为/)
      .first()
      .waitFor();
    await total.fill(made.total);
    await button(dialog, '确认开票').click();
    await page.getByText('已登记开票').first().waitFor();
    await page.getByRole('tab', { name: '已开票' }).click();
    await row.getByText(made.number).waitFor();
  }));

test('the buyer sees its number and downloads it', (t) =>
  visit(t, { as: 'bank.buyer' }, async (page) => {
    await open(page, '/notifications');
    await page
      .getByRole('link', { name: /发票已开具/ })
      .first()
      .click();
    const section = page.getByRole('region', { name: '发票' });
    await section.getByText(made.number).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      section.getByRole('link', { name: '下载发票' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /\.pdf$/);
    assert.equal(await button(section, '撤回').count(), 0);
  }));

test('a refund makes a red invoice due, which the operator issues', async (t) => {
  const buyer = await as('bank.buyer');
  const { refund } = await buyer.send(
    'mutation ($id: ID!, $i: RefundRequestInput!) { refundRequest(orderId: $id, input: $i) { refund { proceeding { id } } errors { code field message } } }',
    { id: made.order, i: { amount: '1.00', reason: '有一部分没有用到', idempotencyKey: mark() } },
  );
  await decide('operator.finance', refund.proceeding.id, 'OPERATOR');
  await visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, '/operator/invoices');
    const row = page.locator('li').filter({ hasText: made.title });
    await row.getByText('红字').waitFor();
    await row.getByText('-¥1.00').waitFor();
    assert.equal(await button(row, '不予开票').count(), 0);
    await button(row, '开票').click();
    const dialog = page.getByRole('dialog', { name: '登记已开红字发票' });
    await dialog.getByText(made.number).waitFor();
    await dialog.getByLabel('发票号码').fill(numberOf());
    await dialog.getByLabel('发票文件上的价税合计').fill('1.00');
    await dialog.locator('input[type=file]').setInputFiles(file);
    await dialog.getByText('发票.pdf').waitFor();
    await button(dialog, '确认开票').click();
    await page.getByText('已登记开票').first().waitFor();
  });
  await visit(t, { as: 'bank.buyer' }, async (page) => {
    await open(page, `/orders/${made.order}`);
    const section = page.getByRole('region', { name: '发票' });
    await section.getByText('红字', { exact: true }).waitFor();
    assert.equal(await section.getByRole('link', { name: '下载发票' }).count(), 2);
  });
});

test('what the operator does not issue is told with its reason, and asked for again with what was said last', async (t) => {
  const buyer = await as('bank.buyer');
  const { orders } = await buyer.ask('{ orders(first: 50) { edges { node { id canRequestInvoice } } } }');
  const other = orders.edges.map((edge) => edge.node).find((node) => node.canRequestInvoice);
  assert.ok(other, 'the bank has another order that it paid');
  const ask = (page) => button(page.getByRole('region', { name: '发票' }), '申请开票');
  await visit(t, { as: 'bank.finance' }, async (page) => {
    await open(page, `/orders/${other.id}`);
    await ask(page).click();
    const dialog = page.getByRole('dialog', { name: '申请开票' });
    assert.equal(await dialog.getByLabel('抬头').inputValue(), made.title);
    made.other = `${made.title}（更正）`;
    await dialog.getByLabel('抬头').fill(made.other);
    await button(dialog, '提交申请').click();
    await page.getByText('已提交开票申请').first().waitFor();
  });
  await visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, '/operator/invoices');
    const row = page.locator('li').filter({ hasText: made.other });
    await button(row, '不予开票').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('抬头与付款单位不符');
    await button(dialog, '不予开票').click();
    await page.getByText('已告知购买单位').first().waitFor();
  });
  await visit(t, { as: 'bank.finance' }, async (page) => {
    await open(page, `/orders/${other.id}`);
    await page.getByText('未开原因：抬头与付款单位不符').waitFor();
    await ask(page).click();
    await button(page.getByRole('dialog', { name: '申请开票' }), '提交申请').click();
    await page.getByText('已提交开票申请').first().waitFor();
    const section = page.getByRole('region', { name: '发票' });
    await button(section, '撤回').click();
    await button(page.getByRole('dialog'), '撤回').click();
    await section.getByText('已撤回').waitFor();
  });
});
