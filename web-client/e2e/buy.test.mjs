// An enterprise buys: from the catalogue to a call that brings rows, in five clicks at most, and never twice.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { base, checkScreen, clicks, forgive, intercept, open, settled, visit } from './harness.mjs';
import { as } from './scene.mjs';

const buyer = 'bank.buyer';
const run = promisify(execFile);

const button = (page, name) => page.getByRole('button', { name, exact: true });

/** A product on the market that is delivered so, with a plan of that mode. */
async function product(delivery, mode) {
  const { products } = await (await as('')).ask(
    `query ($d: [Delivery!]) { products(first: 20, filter: { deliveries: $d }) { edges { node { id name plans { id name mode } dictionary { name type filterable } } } } }`,
    { d: [delivery] },
  );
  const found = products.edges.map((edge) => edge.node).find((node) => node.plans.some((plan) => plan.mode === mode));
  return { ...found, plan: found.plans.find((plan) => plan.mode === mode) };
}

/** The address at which a purchase is checked. */
const checkoutOf = (of, quantity) =>
  `/checkout/${of.id}?${new URLSearchParams({ purpose: 'INDUSTRY', plan: of.plan.id, quantity: String(quantity) })}`;

/** The newest orders of the buyer. */
async function orders() {
  const { orders } = await (await as(buyer)).ask(
    '{ orders(first: 50) { edges { node { id status total { amount } payments { state } entitlement { id credentials { id } } } } } }',
  );
  return orders.edges.map((edge) => edge.node);
}

test('an enterprise buys in five clicks, and the call it is shown brings rows when pasted', (t) =>
  visit(t, { as: buyer }, async (page) => {
    await open(page, '/');
    const click = clicks();
    await click.press(
      page
        .locator('aside')
        .getByLabel(/^交通运输/)
        .first(),
    );
    await settled(page);
    await click.press(page.getByRole('link', { name: '公交线路小时客流' }));
    await page.getByRole('heading', { level: 1, name: '公交线路小时客流' }).waitFor();
    await settled(page);
    const panel = page.getByRole('region', { name: '您的用途' });
    assert.ok(await panel.getByLabel('产业发展').isChecked(), 'the panel opens on the purpose that fits a bank');
    await click.press(panel.getByLabel('按次阶梯'));
    await panel.getByLabel('调用次数').fill('6000');
    const total = panel.locator('output');
    await total.getByText('¥3,360.00').waitFor();
    await click.press(panel.getByRole('button', { name: '去核对订单' }));
    await page.getByRole('heading', { level: 1, name: '核对订单' }).waitFor();
    await page.locator('output').getByText('¥3,360.00').waitFor();
    await click.press(button(page, '同意并付款'));
    await page.getByRole('heading', { level: 1, name: '付款成功，可以使用了' }).waitFor();
    assert.ok(click.count <= 5, `it took ${click.count} clicks`);
    await settled(page);

    const [newest] = await orders();
    assert.ok(page.url().includes(newest.id), 'the address names the order');
    assert.deepEqual([newest.status, newest.total.amount], ['PAID', '3360.00']);

    const line = await page.locator('pre').first().innerText();
    const { stdout } = await run('sh', ['-c', `${line} --silent --fail`]);
    assert.equal(JSON.parse(stdout).rows.length, 5);

    await button(page, '试一下').click();
    await page.getByText('返回 5 行，后面还有。').waitFor();
    await page.getByText('这次调用已计入用量，还剩 5,998 次。').waitFor();
  }));

test('a scenario that policy favours lowers the price, and the order says it', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const of = await product('API', 'PER_CALL');
    await open(
      page,
      `/products/${of.id}?${new URLSearchParams({ purpose: 'INDUSTRY', plan: of.plan.id, quantity: '100' })}`,
    );
    const panel = page.getByRole('region', { name: '您的用途' });
    const scenario = '小微企业信贷（合成）';
    await panel.getByLabel('使用场景').click();
    await page.getByRole('option', { name: scenario }).click();
    await panel.getByRole('button', { name: '去核对订单' }).click();
    await page.getByRole('heading', { level: 1, name: '核对订单' }).waitFor();
    await page.getByText(scenario).waitFor();
    await page.getByText('政策优惠').waitFor();
    await button(page, '同意并付款').click();
    await page.getByRole('heading', { level: 1, name: '付款成功，可以使用了' }).waitFor();
    const [newest] = await orders();
    await open(page, `/orders/${newest.id}`);
    await page.getByText(scenario).waitFor();
  }));

test('a plan that is limited in number is sold until none is left', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const { id } = await product('API', 'PER_CALL');
    const operator = await as('operator.publisher');
    const { plan } = await operator.send(
      'mutation ($p: ID!, $i: PlanInput!) { planAdd(productId: $p, input: $i) { plan { id } errors { code } } }',
      {
        p: id,
        i: {
          name: '限量体验',
          mode: 'PER_CALL',
          scheme: 'FLAT',
          bands: [{ rate: '1' }],
          termMonths: 1,
          trial: true,
          limitedTo: 1,
        },
      },
    );
    const offer = `/products/${id}?${new URLSearchParams({ purpose: 'INDUSTRY', plan: plan.id, quantity: '10' })}`;
    await open(page, offer);
    await page.getByRole('row', { name: /限量体验.*剩余 1 份/ }).waitFor();
    const { licence } = await operator.ask('{ licence { version } }');
    const bought = await as(buyer);
    const { order } = await bought.send(
      'mutation ($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code } } }',
      {
        i: {
          productId: id,
          planId: plan.id,
          purpose: 'INDUSTRY',
          quantity: 10,
          licenceVersion: licence.version,
          idempotencyKey: plan.id,
        },
      },
    );
    await open(page, `/orders/${order.id}`);
    await page.getByText(/请于 .* 前付款/).waitFor();
    await open(page, offer);
    await page.getByText('该方案限量发售，已售完，请换一个。').waitFor();
    await page.getByRole('row', { name: /限量体验.*剩余 0 份/ }).waitFor();
    await bought.send('mutation ($id: ID!) { orderCancel(id: $id) { errors { code } } }', { id: order.id });
    await open(page, offer);
    await page.getByRole('row', { name: /限量体验.*剩余 1 份/ }).waitFor();
    await operator.send('mutation ($id: ID!) { planWithdraw(id: $id) { errors { code } } }', { id: plan.id });
  }));

test('a price that does not come is asked for again, and takes the focus from nobody', (t) =>
  visit(t, { as: buyer }, async (page) => {
    let away = true;
    await page.route('**/graphql', (route) =>
      away && route.request().postData()?.includes('query Quote') ? route.abort('connectionrefused') : route.continue(),
    );
    await open(page, checkoutOf(await product('API', 'PER_PERIOD'), 1));
    const notice = page.getByRole('status').filter({ hasText: '连不上服务器' });
    await notice.waitFor();
    assert.ok(
      !(await notice.evaluate((at) => at.parentElement.contains(document.activeElement))),
      'the focus is elsewhere',
    );
    away = false;
    await notice.getByRole('button').click();
    await notice.waitFor({ state: 'detached' });
    await page.locator('output').getByText('¥').waitFor();
    forgive(page, /ERR_CONNECTION_REFUSED/);
  }));

test('a payment whose answer is lost is made again without a second order', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const before = await orders();
    const of = await product('API', 'PER_PERIOD');
    await open(page, checkoutOf(of, 1));
    // The order is placed and its answer lost; the payment does not come through, then its answer is lost.
    const fates = { CheckoutPlace: ['lost'], PayOrder: ['stopped', 'lost'] };
    await page.route('**/graphql', async (route) => {
      const [, step] = /mutation (CheckoutPlace|PayOrder)/.exec(route.request().postData() ?? '') ?? [];
      const fate = fates[step]?.shift();
      if (!fate) return route.continue();
      if (fate === 'lost') await route.fetch();
      return route.abort('connectionreset');
    });
    await button(page, '同意并付款').click();
    await page.getByText('可以再次点击，不会重复下单。').waitFor();
    await page.reload();
    await settled(page);
    await button(page, '同意并付款').click();
    await page.getByText('目前没有查到付款记录').waitFor();
    assert.equal((await orders()).length, before.length + 1);
    await page.getByRole('button', { name: /^付款 ¥/ }).click();
    await button(page, '生成凭证').click();
    await page.getByText('只显示这一次，请现在存好。').waitFor();
    await page.getByRole('heading', { level: 1, name: '付款成功，可以使用了' }).waitFor();
    await settled(page);
    const after = await orders();
    assert.equal(after.length, before.length + 1);
    assert.deepEqual(
      after[0].payments.map((payment) => payment.state),
      ['SUCCEEDED'],
    );
    forgive(page, /ERR_CONNECTION_RESET/);
  }));

test('when the server goes with a payment, the page stays, says what is not known, and asks by itself', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const before = await orders();
    await open(page, checkoutOf(await product('API', 'PER_PERIOD'), 1));
    let away = false;
    const release = await intercept(page, '**/graphql', async (route) => {
      const asked = route.request().postData() ?? '';
      if (!away && !asked.includes('mutation PayOrder') && !asked.includes('query CheckoutOrder'))
        return route.continue();
      away = true;
      if (asked.includes('mutation PayOrder')) await route.fetch(); // it is paid, and nobody hears of it
      return route.abort('connectionrefused');
    });
    await button(page, '同意并付款').click();
    await page.getByRole('heading', { level: 1, name: '正在查询付款结果' }).waitFor();
    await page.getByText('不能确定是否完成').waitFor();
    release();
    await page.getByRole('heading', { level: 1, name: '付款成功，可以使用了' }).waitFor();
    forgive(page, /ERR_CONNECTION_REFUSED/);
    assert.equal((await orders()).length, before.length + 1);
  }));

test('coming back shows what is true: paid once, and a secret that was shown is shown no more', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const of = await product('API', 'PER_CALL');
    await open(page, checkoutOf(of, 10));
    await button(page, '同意并付款').click();
    await page.getByText('只显示这一次，请现在存好。').waitFor();
    await settled(page);
    const secret = await page.locator('code').filter({ hasText: 'gsk_' }).first().innerText();
    const before = await orders();
    await page.reload();
    await settled(page);
    assert.ok(!(await page.content()).includes(secret));
    assert.equal((await orders()).length, before.length);
    await button(page, '轮换').click();
    await page.getByText('只显示这一次，请现在存好。').waitFor();
    const url = `${base}/data/v1/products/${of.id}/rows?first=1`;
    const headers = { authorization: `Bearer ${secret}`, 'gongshu-purpose': 'INDUSTRY' };
    assert.equal((await fetch(url, { headers })).status, 401, 'the old secret is over');
  }));

test('a credential that ended makes place for another where it was bought', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const of = await product('API', 'PER_CALL');
    await open(page, checkoutOf(of, 10));
    await button(page, '同意并付款').click();
    await page.getByText('只显示这一次，请现在存好。').waitFor();
    const [newest] = await orders();
    await (await as(buyer)).send('mutation ($id: ID!) { credentialRevoke(id: $id) { errors { code message } } }', {
      id: newest.entitlement.credentials[0].id,
    });
    await page.reload();
    await page.getByText('凭证已失效').waitFor();
    assert.equal(await button(page, '轮换').count(), 0);
    await button(page, '生成凭证').click();
    await page.getByText('只显示这一次，请现在存好。').waitFor();
    await button(page, '试一下').click();
    await page.getByText(/返回 5 行/).waitFor();
  }));

test('an order that was read just before it was paid is read again', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const signal = () => {
      let give;
      const given = new Promise((done) => {
        give = done;
      });
      return { give, given };
    };
    const read = signal();
    const issued = signal();
    let first = true;
    await page.route('**/graphql', async (route) => {
      const [, step] = / (CheckoutOrder|PayOrder|CheckoutIssue)/.exec(route.request().postData() ?? '') ?? [];
      if (step === 'CheckoutOrder' && first) {
        first = false;
        const response = await route.fetch();
        read.give();
        await issued.given;
        return route.fulfill({ response }).catch(() => {}); // nobody may wait for it any more
      }
      if (step === 'PayOrder') await read.given;
      if (step !== 'CheckoutIssue') return route.continue();
      await route.fulfill({ response: await route.fetch() });
      issued.give();
    });
    await open(page, checkoutOf(await product('API', 'PER_CALL'), 3));
    await button(page, '同意并付款').click();
    await page.getByRole('heading', { level: 1, name: '付款成功，可以使用了' }).waitFor();
    await page.getByText('只显示这一次，请现在存好。').waitFor();
  }));

test('a file is bought and downloaded', (t) =>
  visit(t, { as: buyer }, async (page) => {
    await open(page, checkoutOf(await product('FILE', 'PER_PRODUCT'), 1));
    await button(page, '同意并付款').click();
    await button(page, '获取下载链接').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^下载文件/ }).click(),
    ]);
    assert.equal(await download.failure(), null);
  }));

test('who is not signed in comes back to what was chosen', (t) =>
  visit(t, {}, async (page) => {
    const of = await product('API', 'PER_CALL');
    await open(page, `/products/${of.id}`);
    await page.getByLabel('行业发展').check();
    await page.getByRole('group', { name: '收费方案' }).getByLabel(of.plan.name).check();
    await page.getByLabel('调用次数').fill('7');
    await page.waitForURL(/quantity=7/);
    await page.getByRole('link', { name: '登录后继续' }).first().click();
    const form = page.locator('form:has([autocomplete=current-password])');
    await form.locator('[autocomplete=username]').fill('bank.buyer@demo.gongshu.example');
    await form.locator('[autocomplete=current-password]').fill('gongshu-demo');
    await form.locator('[type=submit]').click();
    await button(page, '去核对订单').first().waitFor();
    assert.ok(await page.getByLabel('行业发展').isChecked());
    assert.equal(await page.getByLabel('调用次数').inputValue(), '7');
  }));

test('a quantity is one of its plan, and follows the address', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const of = await product('API', 'PER_PERIOD');
    const calls = of.plans.find((plan) => plan.mode === 'PER_CALL');
    await open(page, `/products/${of.id}?purpose=INDUSTRY&plan=${calls.id}`);
    await page.getByLabel('调用次数').fill('6000');
    await page.waitForURL(/quantity=6000/);
    await page.evaluate(() => history.pushState({}, '', location.href.replace('6000', '7000')));
    await page.waitForFunction(() => document.querySelector('#quantity')?.value.replace(',', '') === '7000');
    await page.getByRole('group', { name: '收费方案' }).getByLabel(of.plan.name).check();
    await page.waitForFunction(() => document.querySelector('#quantity')?.value === '1');
    assert.equal(new URL(page.url()).searchParams.get('quantity'), null);
  }));

test('what cannot be asked for is refused in words, at its place', (t) =>
  visit(t, { as: buyer }, async (page) => {
    const of = await product('API', 'PER_CALL');
    await open(page, `/products/${of.id}?purpose=INDUSTRY&plan=${of.plan.id}`);
    await button(page, '去核对订单').click();
    const quantity = page.getByLabel('调用次数');
    assert.ok(await quantity.evaluate((element) => element === document.activeElement));
    assert.equal(await quantity.getAttribute('aria-invalid'), 'true');
    await quantity.fill('0');
    await page.getByText(/^数量为 1 到/).waitFor();

    await open(page, `/products/${of.id}`);
    await button(page, '添加条件').click();
    const text = of.dictionary.find((column) => column.filterable && column.type === 'TEXT');
    await page.getByLabel('字段', { exact: true }).selectOption(text.name);
    await page.getByLabel('比较方式').selectOption('in');
    await page.getByLabel('值', { exact: true }).fill(Array.from({ length: 51 }, (_, i) => i).join(','));
    await button(page, '发送请求').click();
    await page.getByText('FILTER_VALUE_INVALID').waitFor();
    await page.getByText('筛选值不正确').waitFor();
    forgive(page, /400/);
  }));

test('the screens of buying keep what screens promise', async (t) => {
  const api = await product('API', 'PER_CALL');
  const file = await product('FILE', 'PER_PRODUCT');
  await t.test('a product for everybody', (t) => visit(t, {}, (page) => checkScreen(page, `/products/${file.id}`)));
  await t.test('a product with a price', (t) =>
    visit(t, { as: buyer }, (page) =>
      checkScreen(page, `/products/${api.id}?purpose=INDUSTRY&plan=${api.plan.id}&quantity=12000`),
    ),
  );
  await t.test('a product for free', (t) =>
    visit(t, { as: 'welfare.admin' }, (page) => checkScreen(page, `/products/${api.id}?purpose=WELFARE`)),
  );
  await t.test('checking', (t) => visit(t, { as: buyer }, (page) => checkScreen(page, checkoutOf(api, 12000))));
  await t.test('what was bought', async (t) => {
    const paid = (await orders()).find((order) => order.status === 'PAID');
    await visit(t, { as: buyer }, (page) => checkScreen(page, `/checkout/${api.id}?order=${paid.id}`));
  });
});

test('who may not order is told why, and who may', (t) =>
  visit(t, { as: 'operator.publisher' }, async (page) => {
    const of = await product('API', 'PER_CALL');
    await open(page, `/products/${of.id}?purpose=INDUSTRY&plan=${of.plan.id}&quantity=10`);
    const panel = page.getByRole('region', { name: '您的用途' });
    await panel.getByText('只有以“需求方”身份参与的单位可以办理。').waitFor();
    assert.ok(await panel.getByRole('button', { name: '去核对订单' }).isDisabled());
    await panel.locator('output').getByText('¥').waitFor();
  }));

test('a product off the market says so to those who may still see it, and asks for no money', async (t) => {
  const of = await product('FILE', 'PER_PRODUCT');
  const operator = await as('operator.publisher');
  const move = (mutation) => operator.send(mutation, { id: of.id });
  await move('mutation ($id: ID!) { productSuspend(id: $id, reason: "核对数据") { errors { code message } } }');
  try {
    await visit(t, { as: 'operator.publisher' }, async (page) => {
      await open(page, `/products/${of.id}`);
      await page.getByText('这个产品现在不能购买或申请，状态：已暂停。').waitFor();
      assert.equal(await page.getByRole('region', { name: '您的用途' }).count(), 0);
      const facts = await page.getByRole('region', { name: '基本信息' }).boundingBox();
      assert.ok(facts.width > 1000, `its facts take ${facts.width} px of the page`);
      forgive(page, /404/); // which the page is for everybody else
    });
  } finally {
    await move('mutation ($id: ID!) { productList(id: $id) { errors { code message } } }');
  }
});
