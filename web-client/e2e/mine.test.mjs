// What an organisation has: its orders, its rights with credentials, and its free rights from application to renewal.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { base, checkScreen, intercept, open, visit } from './harness.mjs';
import { as, decide, drift, freeUseApplication } from './scene.mjs';

const buyer = 'bank.buyer';
const welfare = 'welfare.admin';
const button = (scope, name) => scope.getByRole('button', { name, exact: true });
const scenario = '核对养老服务设施的分布，由养老服务科使用，结果只用于公益评估。';

const key = () => `mine-${Math.random()}`;

/** Pays an order; gives the right that it brings. */
async function right(order) {
  const { entitlement } = await (await as(buyer)).send(
    'mutation ($id: ID!, $i: OrderPayInput!) { orderPay(id: $id, input: $i) { entitlement { id } errors { code message } } }',
    { id: order, i: { provider: 'test', idempotencyKey: key() } },
  );
  return entitlement.id;
}

const made = {};
before(async () => {
  const bank = await as(buyer);
  const { licence, products } = await bank.ask(
    '{ licence { version } products(first: 50) { edges { node { id delivery plans { id mode } } } } }',
  );
  const place = async (delivery, mode, quantity) => {
    const { id, plans } = products.edges
      .map((edge) => edge.node)
      .find((node) => node.delivery === delivery && node.plans.some((plan) => plan.mode === mode));
    const { order } = await bank.send(
      'mutation ($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code message } } }',
      {
        i: {
          productId: id,
          planId: plans.find((plan) => plan.mode === mode).id,
          purpose: 'INDUSTRY',
          quantity,
          licenceVersion: licence.version,
          idempotencyKey: key(),
        },
      },
    );
    return order.id;
  };
  made.toPay = await place('API', 'PER_CALL', 700);
  made.toFail = await place('API', 'PER_CALL', 710);
  made.toWait = await place('API', 'PER_CALL', 720);
  made.product = products.edges[0].node.id;
  made.toCancel = await place('API', 'PER_CALL', 600);
  made.api = await right(await place('API', 'PER_CALL', 500));
  made.file = await right(await place('FILE', 'PER_PRODUCT', 1));
  const refused = await freeUseApplication(scenario);
  await decide('agency.approver', refused.id, 'AGENCY', 'REFUSE', '请写明保留多久。');
  made.refused = refused.id;
  const drifted = await freeUseApplication();
  await decide('agency.approver', drifted.id, 'AGENCY');
  made.suspended = (await drift(drifted.id)).id;
  const granted = await freeUseApplication(scenario);
  await decide('agency.approver', granted.id, 'AGENCY');
  const { proceeding } = await (await as(welfare)).ask(
    'query ($id: ID!) { proceeding(id: $id) { entitlement { id } subject { id } } }',
    { id: granted.id },
  );
  made.free = proceeding.entitlement.id;
  made.again = `/free-use/apply/${proceeding.subject.id}?after=${granted.id}`;
});

test('an order is paid once, and leads to its right', (t) =>
  visit(t, { as: buyer }, async (page) => {
    await open(page, `/orders/${made.toPay}`);
    await button(page, '付款').dblclick();
    await page.getByText('权益已生效').waitFor();
    const { order } = await (await as(buyer)).ask(
      'query ($id: ID!) { order(id: $id) { payments { state } entitlement { id } } }',
      { id: made.toPay },
    );
    assert.deepEqual(
      order.payments.map((payment) => payment.state),
      ['SUCCEEDED'],
    );
    await page.getByRole('link', { name: '去使用' }).click();
    await page.waitForURL(`**/data/${order.entitlement.id}`);
  }));

/** The provider refuses what is paid first, or does not know yet: what the API answers then. Gives the keys sent. */
async function paymentEnds(page, state) {
  const keys = [];
  const first = {
    id: 'pay_first',
    state,
    provider: 'test',
    createdAt: '2026-01-05T02:00:00Z',
    settledAt: null,
    disputes: [],
  };
  const release = await intercept(page, '**/graphql', async (route) => {
    const { operationName, variables } = route.request().postDataJSON() ?? {};
    if (operationName === 'PayOrder' && keys.push(variables.input.idempotencyKey) === 1) {
      const payment = { __typename: 'Payment', id: first.id, state };
      const order = { __typename: 'Order', id: variables.id, status: 'PLACED' };
      const errors = [{ __typename: 'UserError', code: `PAYMENT_${state}`, message: '', field: null, params: [] }];
      const orderPay = { __typename: 'OrderPayPayload', order, payment, entitlement: null, errors };
      return route.fulfill({ json: { data: { orderPay } } });
    }
    if (!/^(Checkout)?Order$/.test(operationName) || keys.length === 0) return route.continue();
    const response = await route.fetch();
    const { data } = await response.json();
    const { order } = data;
    order.payments.unshift({ __typename: 'Payment', ...first, amount: { __typename: 'Money', ...order.total } });
    if (state === 'PENDING') Object.assign(order, { canPay: false, canCancel: false });
    return route.fulfill({ response, json: { data } }).catch(() => {}); // nobody may wait for it any more
  });
  return { keys, release };
}

test('an order whose payment failed is paid by another one', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const { keys } = await paymentEnds(page, 'FAILED');
    await open(page, `/orders/${made.toFail}`);
    await button(page, '付款').click();
    await page.getByText('付款没有成功，可以重新付款。').waitFor();
    await page.getByText(/^付款 ¥.*失败$/).waitFor();
    await page.reload();
    await page.getByText('付款没有成功，可以再次付款，不会重复扣款。').waitFor();
    await button(page, '付款').click();
    await page.getByText('权益已生效').waitFor();
    assert.deepEqual(keys, [`${made.toFail}.0`, `${made.toFail}.1`]);
  }));

test('an order whose payment is on its way says so, and is not paid again', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const { keys, release } = await paymentEnds(page, 'PENDING');
    await open(page, `/orders/${made.toWait}`);
    await button(page, '付款').click();
    await page.getByText(/^付款 ¥.*等待付款$/).waitFor();
    await button(page, '付款').waitFor({ state: 'detached' });
    await open(page, `/checkout/${made.product}?order=${made.toWait}`);
    await page.getByText('正在核实这笔付款').waitFor();
    assert.equal(await page.getByText('现在不能付款').count(), 0);
    // It is settled elsewhere meanwhile: what became of it comes by itself.
    release();
    await right(made.toWait);
    await page.getByRole('heading', { level: 1, name: '付款成功，可以使用了' }).waitFor();
    assert.equal(keys.length, 1);
  }));

for (const width of [390, 320]) {
  test(`what an order costs and how it stands is seen at ${width} pixels`, (t) =>
    visit(t, { as: buyer, width }, async (page) => {
      for (const path of ['/orders', `/orders/${made.toPay}`]) {
        await open(page, path);
        const cut = await page.locator('#main').evaluate((main) =>
          [...main.querySelectorAll('span, p, dd')]
            .filter((one) => /^(¥[\d,.]+|待付款|已付款|已取消)$/.test(one.textContent))
            .map((one) => ({ said: one.textContent, at: one.getBoundingClientRect() }))
            .filter(({ at }) => at.left < 0 || at.right > innerWidth || at.width === 0)
            .map(({ said }) => said),
        );
        assert.deepEqual(cut, [], `on ${path}`);
        assert.ok((await page.locator('#main').getByText(/^¥/).count()) > 0);
      }
    }));
}

test('an order is cancelled after saying what that means, and is found by its status', (t) =>
  visit(t, { as: buyer }, async (page) => {
    await open(page, `/orders/${made.toCancel}`);
    await button(page, '取消订单').click();
    const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'));
    await dialog.getByText('取消后不能恢复').waitFor();
    await button(dialog, '取消订单').click();
    await page.getByText('已取消').first().waitFor();
    await button(page, '付款').waitFor({ state: 'detached' });
    await open(page, '/orders?status=CANCELLED');
    const list = page.getByRole('list', { name: '订单' });
    await list.locator(`a[href="/orders/${made.toCancel}"]`).waitFor();
    assert.equal(await list.locator(`a[href="/orders/${made.toPay}"]`).count(), 0);
  }));

test('a credential is named, calls, is rotated and ended', (t) =>
  visit(t, { as: buyer }, async (page) => {
    await open(page, `/data/${made.api}`);
    await page.getByLabel('凭证名称').fill('风控系统');
    await button(page, '生成凭证').click();
    const secret = () => page.locator('code').filter({ hasText: /^gsk_/ });
    await secret().waitFor();
    // Another one, made and ended, takes nothing from the secret that nobody has stored yet.
    const kept = await secret().innerText();
    await page.getByLabel('凭证名称').fill('试用');
    await button(page, '生成凭证').click();
    await secret().nth(1).waitFor();
    await button(page.getByRole('row', { name: /试用/ }), '作废').click();
    await button(page.getByRole('dialog'), '作废').click();
    await secret().nth(1).waitFor({ state: 'detached' });
    assert.equal(await secret().innerText(), kept);
    const first = await secret().innerText();
    await button(page, '试一下').click();
    await page.getByText('返回 5 行').waitFor();
    await page.getByRole('row', { name: /风控系统/ }).waitFor();

    await button(page.getByRole('row', { name: /试用/ }), '轮换').waitFor({ state: 'detached' });
    await button(page, '轮换').click();
    const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'));
    await dialog.getByText('旧凭证立即失效').waitFor();
    await button(dialog, '轮换').click();
    await dialog.waitFor({ state: 'hidden' });
    await page.waitForFunction((old) => !document.body.innerText.includes(old), first);
    assert.notEqual(await secret().innerText(), first);

    await button(page, '作废').click();
    await dialog.getByText('不能恢复').waitFor();
    await button(dialog, '作废').click();
    await dialog.waitFor({ state: 'hidden' });
    await button(page, '作废').waitFor({ state: 'detached' });
  }));

test('a right to a file gives a link, and the file', (t) =>
  visit(t, { as: buyer }, async (page) => {
    await open(page, `/data/${made.file}`);
    await button(page, '生成凭证').click();
    await button(page, '获取下载链接').click();
    const link = page.getByRole('link', { name: '下载文件' });
    await link.waitFor();
    const answer = await page.request.get(new URL(await link.getAttribute('href'), base).href);
    assert.equal(answer.status(), 200);
    assert.match((await answer.text()).split('\n')[0], /,/);
  }));

test('a free right that was turned to a purpose that pays says so, and offers no call', (t) =>
  visit(t, { as: welfare }, async (page) => {
    await open(page, `/data/${made.suspended}`);
    await page.getByText('请联系实施机构说明情况').waitFor();
    assert.equal(await button(page, '生成凭证').count(), 0);
    assert.equal(await page.getByRole('heading', { name: '调用', exact: true }).count(), 0);
  }));

test('what was refused, and what is to be renewed, begins with the words of before', (t) =>
  visit(t, { as: welfare }, async (page) => {
    await open(page, `/free-use/${made.refused}`);
    await page.getByRole('link', { name: '修改后重新申请' }).click();
    await page.getByRole('heading', { level: 1, name: '申请免费使用' }).waitFor();
    assert.equal(await page.getByLabel('使用场景').inputValue(), scenario);
    assert.ok(await page.getByLabel('公益事业').isChecked());
    await open(page, `/data/${made.free}`);
    await page.getByRole('link', { name: '申请续期' }).click();
    await page.getByRole('heading', { level: 1, name: '申请免费使用' }).waitFor();
    assert.equal(await page.getByLabel('使用场景').inputValue(), scenario);
  }));

test('who may not apply is told which role may', (t) =>
  visit(t, { as: 'operator.publisher' }, async (page) => {
    await open(page, made.again.split('?')[0]);
    await page.getByText('现在还不能提交').waitFor();
    assert.ok(await button(page, '提交').isDisabled());
  }));

for (const [person, name, path] of [
  [buyer, 'the cancelled orders', () => '/orders?status=CANCELLED'],
  [buyer, 'a right to a file', () => `/data/${made.file}`],
  [welfare, 'the free rights', () => '/data'],
  [welfare, 'a suspended right', () => `/data/${made.suspended}`],
  [welfare, 'a refused application', () => `/free-use/${made.refused}`],
  [welfare, 'a renewal', () => made.again],
]) {
  test(`${name} keep what screens promise`, (t) => visit(t, { as: person }, (page) => checkScreen(page, path())));
}
