// An enterprise pays by bank transfer: from the checkout to the statement that tells of its money to a call that brings rows; and what
// nobody expected goes back once two persons agreed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, checkScreen, forgive, open, settled, visit } from './harness.mjs';
import { as } from './scene.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const made = {
  day: new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date()),
  mark: Date.now(),
};

/** A statement as banks write it. */
const statement = (...lines) =>
  Buffer.from(
    `交易日期,贷方发生额,借方发生额,对方户名,对方账号,对方开户行,附言,交易流水号\n${lines
      .map(
        ([amount, remark], i) =>
          `${made.day},${amount},,绵阳示例银行（合成）,62220000,演示银行,${remark},s${made.mark}${i}`,
      )
      .join('\n')}\n`,
  );

test('a buyer chooses the transfer at the checkout, and is told whom to pay and what to write', (t) =>
  visit(t, { as: 'bank.buyer' }, async (page) => {
    const { products } = await (await as('')).ask(
      '{ products(query: "公交线路小时客流", first: 1) { edges { node { id plans { id mode settlement } } } } }',
    );
    const [{ node: product }] = products.edges;
    const plan = product.plans.find((one) => one.mode === 'PER_CALL' && one.settlement === 'PREPAID');
    await open(
      page,
      `/checkout/${product.id}?${new URLSearchParams({ purpose: 'INDUSTRY', plan: plan.id, quantity: '6000' })}`,
    );
    await page.locator('output').getByText('¥3,360.00').waitFor();
    const ways = page.getByRole('radiogroup', { name: '付款方式' });
    assert.ok(await ways.getByRole('radio', { name: '测试支付' }).isChecked());
    await ways.getByText('对公转账').click();
    await settled(page);
    await page.screenshot({
      path: `${process.env.GONGSHU_SCREENSHOTS ?? '/tmp'}/transfer-checkout.png`,
      fullPage: true,
    });
    await button(page, '同意并付款').click();
    await page.getByRole('heading', { level: 2, name: '请转账 ¥3,360.00' }).waitFor();
    made.order = new URL(page.url()).searchParams.get('order');
    const region = page.getByRole('region', { name: /请转账/ });
    made.code = (await region.locator('code').first().innerText()).trim();
    assert.match(made.code, /^GS[1-9A-HJKMNP-TV-Z]{11}$/);
    await region.getByText('公数公共数据平台（演示）').waitFor();
    await checkScreen(page, `/orders/${made.order}`, {
      ready: () => page.locator('#transfer').waitFor(),
    });
    // Nobody else learns where the money is to go.
    const { order } = await (await as('operator.finance')).ask(
      'query ($id: ID!) { order(id: $id) { payments { state next { transfer { code } } canCancel } } }',
      { id: made.order },
    );
    assert.deepEqual(order.payments, [{ state: 'PENDING', next: null, canCancel: false }]);
  }));

test('finance imports the statement: what was expected is paid, the rest waits', (t) =>
  visit(t, { as: 'platform.finance' }, async (page) => {
    await open(page, '/settlement/bank');
    await page.getByRole('heading', { level: 1, name: '银行流水' }).waitFor();
    const file = page.locator('input[type=file]');
    const bad = Buffer.from('交易日期,交易金额,对方户名,附言\n2026-02-30,1.234,甲公司,x\n');
    await file.setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer: bad });
    await page.getByText('这份文件没有导入，没有任何改动').waitFor();
    await page.getByText('A2', { exact: true }).waitFor();
    await page.getByText('B2', { exact: true }).waitFor();
    await page.screenshot({
      path: `${process.env.GONGSHU_SCREENSHOTS ?? '/tmp'}/transfer-refused.png`,
      fullPage: true,
    });
    forgive(page, /400/);
    const lines = statement(['3360.00', `服务费${made.code}`], ['1.00', `不知道${made.mark}`]);
    await file.setInputFiles({ name: `流水${made.mark}.csv`, mimeType: 'text/csv', buffer: lines });
    await page.getByText('自动入账 1', { exact: true }).first().waitFor();
    await checkScreen(page, '/settlement/bank', {
      ready: () => page.locator('a[href*="statement="]').first().waitFor(),
    });
    await checkScreen(page, '/settlement/bank/transfers?kind=PAYMENT', {
      ready: () => page.getByText(made.code).waitFor(),
    });
    await open(page, '/settlement/bank/lines?state=QUEUED');
    await page.getByText(`不知道${made.mark}`).waitFor();
    await checkScreen(page, '/settlement/bank/lines?state=QUEUED', {
      ready: () => page.getByText(`不知道${made.mark}`).waitFor(),
    });
  }));

test('the buyer has its right, and a call brings rows', (t) =>
  visit(t, { as: 'bank.buyer' }, async (page) => {
    await open(page, `/orders/${made.order}`);
    await page.getByText('权益已生效').waitFor();
    await page.getByText('付款 ¥3,360.00：已到账').waitFor();
    const { order } = await (await as('bank.buyer')).ask(
      'query ($id: ID!) { order(id: $id) { entitlement { id } product { id } } }',
      { id: made.order },
    );
    const { secret } = await (await as('bank.buyer')).send(
      'mutation ($e: ID!) { credentialIssue(entitlementId: $e, input: { idempotencyKey: "transfer" }) { secret errors { code message } } }',
      { e: order.entitlement.id },
    );
    const rows = await fetch(`${base}/data/v1/products/${order.product.id}/rows?first=5`, {
      headers: { authorization: `Bearer ${secret}`, 'gongshu-purpose': 'INDUSTRY' },
    });
    assert.equal(rows.status, 200, await rows.text());
  }));

test('what nobody expected goes back once a second person agreed', async (t) => {
  await visit(t, { as: 'platform.finance' }, async (page) => {
    await open(page, '/settlement/bank/lines?state=QUEUED');
    await page
      .locator('li', { hasText: `不知道${made.mark}` })
      .getByRole('link')
      .first()
      .click();
    await page.getByRole('heading', { level: 2, name: '处理这笔流水' }).waitFor();
    made.line = new URL(page.url()).pathname;
    await checkScreen(page, made.line, { ready: () => page.locator('#reason').waitFor() });
  });
  await visit(t, { as: 'platform.finance' }, async (page) => {
    await open(page, made.line);
    await page.getByRole('radio', { name: '退回' }).check();
    await button(page, '提交复核').click();
    await page.getByText('请填写理由。').first().waitFor();
    await page.getByRole('textbox', { name: /理由/ }).fill('查不到对应的订单');
    await button(page, '提交复核').click();
    await page.getByText('等待另一人复核').first().waitFor();
    const { bankLine } = await (await as('platform.finance')).ask(
      'query ($id: ID!) { bankLine(id: $id) { proceeding { id } } }',
      { id: made.line.split('/').at(-1) },
    );
    made.proceeding = bankLine.proceeding.id;
  });
  await visit(t, { as: 'platform.admin' }, async (page) => {
    await open(page, `/review/${made.proceeding}`);
    await page.getByRole('heading', { level: 2, name: '来款处理' }).waitFor();
    await page.screenshot({ path: `${process.env.GONGSHU_SCREENSHOTS ?? '/tmp'}/transfer-desk.png`, fullPage: true });
    await page.getByRole('radio', { name: '同意', exact: true }).check();
    await page.getByRole('textbox', { name: /理由/ }).fill('已核实，同意退回。');
    await button(page, '同意').click();
    await button(page.getByRole('dialog'), '同意').click();
    await page.getByText('已同意').first().waitFor();
  });
  await visit(t, { as: 'platform.finance' }, async (page) => {
    await open(page, made.line);
    await page.getByText('已处理').first().waitFor();
    const row = /退回来款,绵阳示例银行（合成）,演示银行,"\t62220000",1\.00,(GS\w{11})/;
    const list = await (await page.request.get(`${base}/transfers/outgoing.csv`)).text();
    assert.match(list, row);
    made.returned = list.match(row)[1];
    const next = await (await page.request.get(`${base}/transfers/outgoing.csv`)).text();
    assert.ok(!next.includes(made.returned), 'the bank is told of a transfer once');
    const again = await (await page.request.get(`${base}/transfers/outgoing.csv?again=true`)).text();
    assert.ok(again.includes(made.returned));
  });
});

test('what the bank did not carry out is ordered again into another account once a second person agreed', async (t) => {
  const { bankTransfers } = await (await as('platform.finance')).ask(
    'query ($code: String!) { bankTransfers(code: $code) { edges { node { id } } } }',
    { code: made.returned },
  );
  made.transfer = `/settlement/bank/transfers/${bankTransfers.edges[0].node.id}`;
  await visit(t, { as: 'platform.finance' }, async (page) => {
    await open(page, made.transfer);
    await checkScreen(page, made.transfer, { ready: () => page.locator('#reason').waitFor() });
  });
  await visit(t, { as: 'platform.finance' }, async (page) => {
    await open(page, made.transfer);
    await page.getByRole('radio', { name: '改用其他账户' }).check();
    await button(page, '提交复核').click();
    await page.getByText('请填写收款账户。').first().waitFor();
    await page.getByRole('textbox', { name: /开户行/ }).fill('演示银行绵阳支行');
    await page.getByRole('textbox', { name: /账号/ }).fill('6222 0000 9999');
    await page.getByRole('textbox', { name: /理由/ }).fill('银行退票：账号已销户，电话核实了新账户。');
    await button(page, '提交复核').click();
    await page.getByText('等待另一人复核').first().waitFor();
    const { bankTransfer } = await (await as('platform.finance')).ask(
      'query ($id: ID!) { bankTransfer(id: $id) { proceeding { id } } }',
      { id: made.transfer.split('/').at(-1) },
    );
    made.proceeding = bankTransfer.proceeding.id;
  });
  await visit(t, { as: 'platform.admin' }, async (page) => {
    await open(page, `/review/${made.proceeding}`);
    await page.getByRole('heading', { level: 2, name: '转账处理' }).waitFor();
    await page.getByText(/演示银行绵阳支行.*9999/).waitFor();
    await page.screenshot({
      path: `${process.env.GONGSHU_SCREENSHOTS ?? '/tmp'}/transfer-reorder-desk.png`,
      fullPage: true,
    });
    await page.getByRole('radio', { name: '同意', exact: true }).check();
    await page.getByRole('textbox', { name: /理由/ }).fill('已核对新账户，同意重新办理。');
    await button(page, '同意').click();
    await button(page.getByRole('dialog'), '同意').click();
    await page.getByText('已同意').first().waitFor();
  });
  await visit(t, { as: 'platform.finance' }, async (page) => {
    const list = await (await page.request.get(`${base}/transfers/outgoing.csv`)).text();
    assert.match(list, new RegExp(`演示银行绵阳支行,"\t622200009999",1\\.00,${made.returned}`));
  });
});
