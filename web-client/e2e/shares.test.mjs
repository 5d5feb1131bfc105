// Who shares in what is paid, and what goes back: a rule is seen before it holds, and money is followed to the fen both ways.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkScreen, open, settled, visit } from './harness.mjs';
import { as, decide } from './scene.mjs';

const made = {};
const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;
const button = (page, name) => page.getByRole('button', { name, exact: true });
const fen = ({ amount }) => Math.round(Number(amount) * 100);

/** An order of the product that the bank paid; gives its id. */
async function bought(quantity) {
  const buyer = await as('bank.buyer');
  const { licence } = await buyer.ask('{ licence { version } }');
  const { order } = await buyer.send(
    'mutation ($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code field message } } }',
    {
      i: {
        productId: made.product.id,
        planId: made.plan.id,
        purpose: 'INDUSTRY',
        quantity,
        licenceVersion: licence.version,
        idempotencyKey: mark(),
      },
    },
  );
  await buyer.send(
    'mutation ($id: ID!, $k: String!) { orderPay(id: $id, input: { provider: "test", idempotencyKey: $k }) { errors { code message } } }',
    { id: order.id, k: mark() },
  );
  return order.id;
}

/** The ledger of an order, as its operator sees it. */
async function ledger(id) {
  const { order } = await (await as('operator.finance')).ask(
    `query ($id: ID!) { order(id: $id) { refundable { amount } net { amount } total { amount } refunds { id status amount { amount } proceeding { id } }
      entries { kind postings { from to amount { amount } contributor { id } channel basis } } } }`,
    { id },
  );
  return order;
}

before(async () => {
  const publisher = await as('operator.publisher');
  const { operatorProducts, viewer } = await publisher.ask(
    `{ viewer { organisation { id name } } operatorProducts(status: LISTED, first: 40) { edges { node { id name
      items { resource { sourceUnit { id name } } } plans { id mode settlement stoppedBy } } } } }`,
  );
  const listed = operatorProducts.edges.map((edge) => edge.node).reverse();
  made.operator = viewer.organisation;
  made.planOf = (product) =>
    product.plans.find((plan) => plan.mode === 'PER_CALL' && plan.settlement === 'PREPAID' && !plan.stoppedBy);
  made.product = listed.find(made.planOf);
  assert.ok(made.product, 'the demo market has a product that is paid per call');
  made.plan = made.planOf(made.product);
  made.unit = made.product.items[0].resource.sourceUnit;
  made.before = await bought(200);
});

test('a rule by cost is proposed for a product with sales, and its replay is shown', async (t) => {
  await visit(t, { as: 'operator.publisher' }, async (page) => {
    await open(page, `/operator/products/${made.product.id}`);
    const shares = page.locator('#shares');
    await button(shares, '更改').click();
    await shares.getByRole('combobox', { name: '分配方式' }).click();
    await page.getByRole('option', { name: '按成本' }).click();
    const cost = (name) => shares.getByRole('group', { name, exact: true }).getByLabel('成本');
    await cost(made.operator.name).first().fill('300');
    await cost(made.unit.name).first().fill('100');
    const preview = shares.getByRole('table', { name: '每 100 元这样分配' });
    await preview.getByText('¥75.00').waitFor();
    await preview.getByText('25.0%').waitFor();
    // A group without a worth keeps a rule by Shapley value back, and says where.
    await shares.getByRole('combobox', { name: '分配方式' }).click();
    await page.getByRole('option', { name: '沙普利值' }).click();
    for (const name of [made.operator.name, made.unit.name])
      await shares.getByRole('group', { name, exact: true }).getByLabel('参与', { exact: true }).first().check();
    assert.equal(
      await shares
        .getByRole('group', { name: /各组合的价值/ })
        .getByRole('textbox')
        .count(),
      3,
    );
    await button(shares, '保存分配规则').click();
    await shares.getByText('请填写每个组合的价值，为整数。').first().waitFor();
    await shares.getByRole('combobox', { name: '分配方式' }).click();
    await page.getByRole('option', { name: '按成本' }).click();
    await shares.getByLabel('文件依据').fill('收益分配补充协议（演示）');
    await button(shares, '保存分配规则').click();
    await shares.getByText('等待实施机构审批').waitFor();
    await shares.getByRole('cell', { name: '75.0%' }).waitFor();
    const replay = page.getByRole('table', { name: '新旧规则对比' });
    await replay.getByText('合计').waitFor();
    const { product } = await (await as('operator.publisher')).ask(
      'query ($id: ID!) { product(id: $id) { allocationRule { id kind proceeding { id } replay { payments net { amount } } } } }',
      { id: made.product.id },
    );
    made.rule = product.allocationRule;
    assert.equal(made.rule.kind, 'COST_PROPORTIONAL');
    assert.ok(made.rule.replay.payments >= 1);
    await settled(page);
    await checkScreen(page, `/operator/products/${made.product.id}`, {
      ready: () => page.locator('#shares + section table').waitFor(),
    });
  });
});

test('the agency approves it at the desk, beside what it would have changed', async (t) => {
  await visit(t, { as: 'agency.approver' }, async (page) => {
    await checkScreen(page, `/review/${made.rule.proceeding.id}`, {
      ready: () => page.getByRole('table', { name: /新旧规则对比|Before and after/ }).waitFor(),
    });
    await open(page, `/review/${made.rule.proceeding.id}`, 'zh-CN');
    await page.getByRole('table', { name: '新旧规则对比' }).getByText('合计').waitFor();
    await page.getByRole('radio', { name: '同意', exact: true }).check();
    await page.getByRole('textbox', { name: /理由/ }).fill('各方一致同意，依据充分。');
    await button(page, '同意').click();
    await button(page.getByRole('dialog'), '同意').click();
    await page.getByText('已同意').first().waitFor();
  });
});

test('a new order is divided by it, and its page shows where the money went', async (t) => {
  made.order = await bought(300);
  const { entries, net } = await ledger(made.order);
  const shares = entries[0].postings.filter((posting) => posting.contributor);
  assert.equal(shares.length, 2);
  assert.equal(
    shares.reduce((sum, one) => sum + fen(one.amount), 0),
    fen(net),
  );
  const mine = shares.find((one) => one.contributor.id === made.operator.id);
  assert.ok(Math.abs(fen(mine.amount) - fen(net) * 0.75) < 1);
  await visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, `/orders/${made.order}`);
    const trail = page.getByRole('region', { name: '资金去向' });
    await trail.getByRole('heading', { name: '资金去向' }).waitFor();
    for (const one of shares)
      await trail
        .getByText(`¥${Number(one.amount.amount).toFixed(2)}`)
        .first()
        .waitFor();
    await trail.getByText('尚未出具').first().waitFor();
    await settled(page);
    await checkScreen(page, `/orders/${made.order}`, { ready: () => page.locator('details table').first().waitFor() });
  });
});

test('the buyer asks for a part back, and the operator decides', async (t) => {
  const { refundable } = await ledger(made.order);
  await visit(t, { as: 'bank.buyer' }, async (page) => {
    await open(page, `/orders/${made.order}`);
    const refunds = page.locator('#refunds');
    await button(refunds, '申请退款').click();
    await button(refunds, '提交退款申请').click();
    await refunds.getByText('请填写退款金额。').first().waitFor();
    await refunds.getByText(`最多可退 ¥${refundable.amount}`).waitFor();
    await page.locator('#refund-reason').fill('部分调用没有用到');
    await page.locator('#refund-amount').fill('99999');
    await button(refunds, '提交退款申请').click();
    await refunds
      .getByText(/^共支付/)
      .first()
      .waitFor();
    assert.equal(await page.locator('#refund-amount').getAttribute('aria-invalid'), 'true');
    await page.locator('#refund-amount').fill('3.33');
    await button(refunds, '提交退款申请').click();
    await refunds.getByRole('list', { name: '退款' }).getByText('待审批').waitFor();
    await button(refunds, '撤回').waitFor();
    assert.equal(await page.getByText('资金去向').count(), 0, 'a buyer is shown nobody’s share');
  });
  await visit(t, { as: 'operator.controller' }, async (page) => {
    await open(page, `/orders/${made.order}`);
    await page.locator('#refunds').getByRole('link', { name: '去审批' }).click();
    await page.getByText('¥3.33').first().waitFor();
    await page.getByRole('radio', { name: '同意', exact: true }).check();
    await page.getByRole('textbox', { name: /理由/ }).fill('属实，同意退款。');
    await button(page, '同意').click();
    await button(page.getByRole('dialog'), '同意').click();
    await page.getByText('已同意').first().waitFor();
    await open(page, `/orders/${made.order}`);
    await page.locator('#refunds').getByText('已退款').waitFor();
    await page.getByRole('region', { name: '资金去向' }).locator('summary').getByText('退款').waitFor();
  });
});

test('a refund that the operator asks for is decided by another of its people, and every posting goes back to the fen', async (t) => {
  const { refundable } = await ledger(made.order);
  await visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, `/orders/${made.order}`);
    const refunds = page.locator('#refunds');
    await button(refunds, '申请退款').click();
    await page.locator('#refund-amount').fill(refundable.amount);
    await page.locator('#refund-reason').fill('与买方商定全额退款');
    await button(refunds, '提交退款申请').click();
    await refunds.getByRole('list', { name: '退款' }).getByText('待审批').waitFor();
    assert.equal(await refunds.getByRole('link', { name: '去审批' }).count(), 0, 'nobody decides on their own');
  });
  const asked = (await ledger(made.order)).refunds.find((refund) => refund.status === 'REQUESTED');
  await decide('operator.controller', asked.proceeding.id, 'OPERATOR');
  const { entries, ...order } = await ledger(made.order);
  assert.deepEqual(
    order.refunds.map((refund) => refund.status),
    ['PAID', 'PAID'],
  );
  assert.equal(fen(order.refundable), 0);
  // Forward and backward, between any two accounts and for whomever, the same.
  const moved = {};
  for (const { kind, postings } of entries)
    for (const one of postings) {
      const back = kind === 'REFUND';
      const key = [back ? one.to : one.from, back ? one.from : one.to, one.contributor?.id, one.basis].join(' ');
      moved[key] = (moved[key] ?? 0) + (back ? -1 : 1) * fen(one.amount);
    }
  assert.deepEqual(new Set(Object.values(moved)), new Set([0]));
  assert.deepEqual(
    entries.map((entry) => entry.kind),
    ['PAYMENT', 'REFUND', 'REFUND'],
  );
});

test('a line of the revenue leads to its postings, and each of them to its order', async (t) => {
  const month = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 7);
  const finance = await as('operator.finance');
  const { revenueReport, revenuePostings } = await finance.ask(
    `query ($p: ID!, $m: String!) { revenueReport(filter: { productId: $p, fromMonth: $m, toMonth: $m }) { net { amount } }
      revenuePostings(productId: $p, month: $m, first: 100) { edges { node { kind earned { amount } } } } }`,
    { p: made.product.id, m: month },
  );
  const nodes = revenuePostings.edges.map((edge) => edge.node);
  assert.equal(
    nodes.reduce((sum, node) => sum + fen(node.earned), 0),
    fen(revenueReport.net),
  );
  assert.equal(nodes[0].kind, 'REFUND');
  await visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, '/operator/revenue');
    await page.getByRole('link', { name: made.product.name }).first().click();
    await page.getByRole('table', { name: '逐笔记录' }).getByText('退款').first().waitFor();
    const path = new URL(page.url()).pathname + new URL(page.url()).search;
    await checkScreen(page, path, { ready: () => page.locator('table').waitFor() });
    await open(page, path, 'zh-CN');
    await page.locator(`a[href="/orders/${made.order}"]`).first().click();
    await page.getByRole('region', { name: '资金去向' }).waitFor();
  });
});
