// The public interest gets a product free: applies in six clicks at most, the agency decides, the free call works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScreen, clicks, forgive, intercept, open, settled, visit } from './harness.mjs';
import { as, decide, freeUseApplication } from './scene.mjs';

const welfare = 'welfare.admin';
const button = (page, name) => page.getByRole('button', { name, exact: true });

test('a public-welfare organisation applies in six clicks, is approved, and calls for free', (t) =>
  visit(t, { as: welfare }, async (page) => {
    await open(page, '/');
    const click = clicks();
    await click.press(page.getByRole('link', { name: /^公益免费/ }));
    await settled(page);
    await page.getByRole('link', { name: /^公益免费/, current: 'page' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('priced'), '["FREE"]');
    await click.press(page.getByRole('link', { name: '公交线路小时客流' }));
    await page.getByRole('heading', { level: 1, name: '公交线路小时客流' }).waitFor();
    await settled(page);
    await click.press(page.getByRole('link', { name: '申请免费使用' }));
    await page.getByRole('heading', { level: 1, name: '申请免费使用' }).waitFor();
    await settled(page);
    assert.ok(await page.getByLabel('公益事业').isChecked(), 'the form opens on the purpose that was chosen');
    await page.getByLabel('使用场景').fill('为视障人士规划公交出行，结果只用于公益导乘。');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '公益项目批件.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 合成') });
    await page.getByText('已上传').waitFor();
    await click.press(button(page, '提交'));
    await page.getByText('申请已提交').waitFor();
    assert.ok(click.count <= 6, `it took ${click.count} clicks`);
    await page.getByText(/办理期限为\d{4}年/).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1);

    // Decided elsewhere, it is said here without being asked for.
    await decide('agency.approver', id, 'AGENCY');
    await page.getByText('申请已批准').waitFor();
    await click.press(page.getByRole('link', { name: '去使用' }));
    await settled(page);
    await button(page, '生成凭证').click();
    await button(page, '试一下').click();
    await page.getByText(/返回 5 行/).waitFor();
    const secret = /gsk_\w+/.exec(await page.locator('pre').first().innerText())?.[0];
    const kept = await page.evaluate(
      () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]) + location.href,
    );
    assert.ok(secret && !kept.includes(secret), 'the secret is kept nowhere');
  }));

test('an application says at its fields what it lacks, and keeps what was typed', (t) =>
  visit(t, { as: welfare }, async (page) => {
    const { products } = await (await as('')).ask('{ products(first: 1) { edges { node { id } } } }');
    await open(page, `/free-use/apply/${products.edges[0].node.id}?purpose=WELFARE`);
    await page.getByLabel('使用场景').fill('公益');
    await button(page, '提交').click();
    const summary = page.getByRole('alert');
    await summary.getByText('请上传至少一份证明材料。').waitFor();
    assert.equal(await page.getByLabel('使用场景').inputValue(), '公益');
    const release = await intercept(page, '**/uploads/documents*', (route) => route.abort());
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
    await page.getByText(/上传失败/).waitFor();
    release();
    await page.getByRole('button', { name: /重试/ }).click();
    await page.getByText('已上传').waitFor();
    await page.reload();
    await page.getByText('已上传').waitFor();
    assert.equal(await page.getByLabel('使用场景').inputValue(), '公益');
    forgive(page, /ERR_FAILED|uploads/);
  }));

test('a licence that changed meanwhile is read again, and accepted by sending again', (t) =>
  visit(t, { as: welfare }, async (page) => {
    const { products } = await (await as('')).ask('{ products(first: 1) { edges { node { id } } } }');
    const sent = [];
    await page.route('**/graphql', async (route) => {
      const { operationName, variables } = route.request().postDataJSON() ?? {};
      if (operationName === 'FreeUseApply') sent.push(variables.input.licenceVersion);
      if (operationName !== 'FreeUseForm' || sent.length > 0) return route.continue();
      const response = await route.fetch();
      const { data } = await response.json();
      data.licence.version = '2000-01';
      return route.fulfill({ response, json: { data } });
    });
    await open(page, `/free-use/apply/${products.edges[0].node.id}?purpose=WELFARE`);
    await page.getByText('2000-01').waitFor();
    await page.getByLabel('使用场景').fill('核对助学项目的覆盖范围，结果只用于公益评估。');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 a') });
    await page.getByText('已上传').waitFor();
    await button(page, '提交').click();
    await page.getByText('许可条款已更新').first().waitFor();
    await page.getByText('2000-01').waitFor({ state: 'detached' });
    await button(page, '提交').click();
    await page.getByText('申请已提交').waitFor();
    assert.equal(sent.length, 2);
    assert.notEqual(sent[1], '2000-01');
    await button(page, '撤回申请').click();
    await page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click();
    await page.getByText('已撤回').first().waitFor();
  }));

test('what is refused for one purpose is said of that purpose alone', (t) =>
  visit(t, { as: welfare }, async (page) => {
    const { products } = await (await as('')).ask('{ products(first: 1) { edges { node { id } } } }');
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('mutation FreeUseApply')
        ? route.fulfill({
            json: {
              data: {
                freeUseApply: {
                  proceeding: null,
                  errors: [
                    {
                      code: 'APPLICATION_PENDING',
                      message: 'An application is waiting to be decided.',
                      field: 'input.purpose',
                      params: [{ name: 'proceeding', value: 'prc_1' }],
                    },
                  ],
                },
              },
            },
          })
        : route.continue(),
    );
    await open(page, `/free-use/apply/${products.edges[0].node.id}?purpose=WELFARE`);
    await page.getByLabel('使用场景').fill('核对助学项目的覆盖范围，结果只用于公益评估。');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 a') });
    await page.getByText('已上传').waitFor();
    await button(page, '提交').click();
    const waiting = page.getByRole('link', { name: '查看正在办理的申请' });
    await waiting.waitFor();
    await page.getByRole('radio', { name: /^公共治理/ }).click();
    await waiting.waitFor({ state: 'detached' });
    await page.getByText('还在办理').first().waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: /^公益事业/ }).click();
    await waiting.waitFor();
  }));

test('what could not be sent is kept, says why, and is sent again', (t) =>
  visit(t, { as: welfare }, async (page) => {
    await page.setViewportSize({ width: 390, height: 844 });
    // One that nobody applied for before.
    const { products } = await (await as('')).ask('{ products(first: 20) { edges { node { id } } } }');
    await open(page, `/free-use/apply/${products.edges.at(-1).node.id}?purpose=WELFARE`);
    await page.getByLabel('使用场景').fill('核对助学项目的覆盖范围，结果只用于公益评估。');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 a') });
    await page.getByText('已上传').waitFor();
    const release = await intercept(page, '**/graphql', (route) => route.abort('connectionrefused'));
    await button(page, '提交').click();
    const trouble = page.getByRole('status').filter({ hasText: '连不上服务器' });
    await trouble.waitFor();
    assert.ok(await trouble.evaluate((at) => at.parentElement === document.activeElement), 'it has the focus');
    const { top, bottom } = await trouble.evaluate((at) => at.getBoundingClientRect().toJSON());
    assert.ok(top >= 0 && bottom <= page.viewportSize().height, 'it is in view');
    release();
    const waitNoMore = await intercept(page, '**/graphql', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '7', 'content-type': 'application/json' },
        json: { errors: [{ message: 'Wait.', extensions: { code: 'RATE_LIMITED', params: { seconds: 7 } } }] },
      }),
    );
    await button(page, '提交').click();
    await page.getByRole('status').getByText('请 7 秒后再试').waitFor();
    waitNoMore();
    forgive(page, /CONNECTION_REFUSED|429/);
    await page.context().clearCookies();
    await button(page, '提交').click();
    const dialog = page.getByRole('dialog', { name: '登录已失效' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('请先登录').waitFor();
    await button(page, '提交').click();
    await dialog.getByLabel('电子邮箱').fill(`${welfare}@demo.gongshu.example`);
    await dialog.getByLabel('密码').fill('gongshu-demo');
    await dialog.getByRole('button', { name: '登录' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('请先登录').waitFor({ state: 'detached' });
    assert.match(await page.getByLabel('使用场景').inputValue(), /^核对助学项目/);
    await button(page, '提交').click();
    await page.getByText('申请已提交').waitFor();
    await button(page, '撤回申请').click();
    await page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click();
    await page.getByText('已撤回').first().waitFor();
  }));

test('when the session is over, evidence is sent again after signing in, and what was typed is kept', (t) =>
  visit(t, { as: welfare }, async (page) => {
    const { products } = await (await as('')).ask('{ products(first: 1) { edges { node { id } } } }');
    await open(page, `/free-use/apply/${products.edges[0].node.id}?purpose=WELFARE`);
    await page.getByLabel('使用场景').fill('为视障人士规划公交出行');
    await page.context().clearCookies();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
    const dialog = page.getByRole('dialog', { name: '登录已失效' });
    await dialog.getByLabel('电子邮箱').fill('welfare.admin@demo.gongshu.example');
    await dialog.getByLabel('密码').fill('gongshu-demo');
    await dialog.getByRole('button', { name: '登录' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '重试 a.pdf' }).click();
    await page.getByText('已上传').waitFor();
    assert.equal(await page.getByLabel('使用场景').inputValue(), '为视障人士规划公交出行');
    forgive(page, /401/);
  }));

test('what was refused can be asked for again, and what waits can be withdrawn', (t) =>
  visit(t, { as: welfare }, async (page) => {
    const refused = await freeUseApplication();
    await decide('agency.approver', refused.id, 'AGENCY', 'REFUSE');
    await open(page, `/free-use/${refused.id}`);
    await page.getByRole('link', { name: '修改后重新申请' }).waitFor();
    const waits = await freeUseApplication('另一份申请，结果只用于公益评估。');
    await open(page, `/free-use/${waits.id}`);
    await button(page, '撤回申请').click();
    await page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click();
    await page.getByText('已撤回').first().waitFor();
  }));

for (const [name, path] of [
  ['the applications', () => '/free-use'],
  [
    'the form',
    async () => {
      const { products } = await (await as('')).ask('{ products(first: 1) { edges { node { id } } } }');
      return `/free-use/apply/${products.edges[0].node.id}`;
    },
  ],
  ['an application', async () => `/free-use/${(await freeUseApplication('再一份申请，结果只用于公益评估。')).id}`],
]) {
  test(`${name} for free use keep what screens promise`, (t) =>
    visit(t, { as: welfare }, async (page) => checkScreen(page, await path())));
}
