// The review desk and the pages of those who run the scheme: each keeps what screens promise, and decisions are made by keyboard.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { base, checkScreen, open, settled, visit } from './harness.mjs';
import {
  as,
  decide,
  drift,
  freeUseApplication,
  grantApplication,
  productReview,
  resourceApproval,
  verification,
} from './scene.mjs';

const made = {};
before(async () => {
  made.freeUse = await freeUseApplication();
  made.resource = await resourceApproval();
  made.verification = await verification();
  made.grant = await grantApplication();
  made.review = await productReview();
  const approved = await resourceApproval();
  await decide('finance.authority', approved.id, 'INDUSTRY');
  const given = await freeUseApplication('评估山洪预警对村庄的覆盖情况，结果只用于公益报告。');
  await decide('agency.approver', given.id, 'AGENCY');
  made.given = given;
  const coded = await productReview();
  await decide('agency.security', coded.proceeding.id, 'SECURITY');
  await decide('agency.approver', coded.proceeding.id, 'COMPLIANCE');
  made.coded = coded.product;
  const agency = await as('agency.approver');
  const found = await agency.ask('{ operators { edges { node { id } } } agreements { edges { node { id } } } }');
  made.operator = found.operators.edges[0].node.id;
  made.agreement = found.agreements.edges[0].node.id;
});

test('a reason that was begun is there after a reload', (t) =>
  visit(t, { as: 'agency.approver' }, async (page) => {
    await open(page, `/review/${made.freeUse.id}`);
    await page.getByRole('textbox', { name: /理由/ }).fill('材料齐全。');
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole('textbox', { name: /理由/ }).inputValue(), '材料齐全。');
  }));

const screens = [
  ['agency.approver', 'the review desk', () => '/review'],
  ['agency.approver', 'an application for free use', () => `/review/${made.freeUse.id}`],
  ['agency.approver', 'an application for data items', () => `/review/${made.grant.id}`],
  ['agency.security', 'the review of a product', () => `/review/${made.review.proceeding.id}`],
  ['finance.authority', 'the approval of a resource', () => `/review/${made.resource.id}`],
  ['platform.admin', 'the verification of an organisation', () => `/review/${made.verification.id}`],
  ['registrar.approver', 'the codes of registrars', () => '/registrations'],
  ['agency.approver', 'publication', () => '/agency/batches'],
  ['agency.approver', 'the operators', () => '/agency/operators'],
  ['agency.approver', 'an operator', () => `/agency/operators/${made.operator}`],
  ['agency.approver', 'the grants of an operator', () => `/agency/operators/${made.operator}?tab=grants`],
  ['agency.approver', 'drafting an agreement', () => `/agency/operators/${made.operator}/agreement`],
  ['agency.approver', 'an agreement', () => `/agency/agreements/${made.agreement}`],
  ['agency.approver', 'the products', () => '/agency/products'],
  ['agency.approver', 'a product and its caps', () => `/agency/products/${made.coded.id}`],
  ['agency.approver', 'the free rights', () => '/agency/rights'],
  ['agency.approver', 'the fields', () => '/agency/domains'],
  ['agency.approver', 'the synonyms', () => '/agency/synonyms'],
  ['platform.admin', 'the organisations', () => '/agency/organisations'],
];
for (const [person, name, path] of screens) {
  test(`${name} keeps what screens promise`, (t) => visit(t, { as: person }, (page) => checkScreen(page, path())));
}

/** What a person of the market is told about a proceeding. */
const stateOf = async (email, id) =>
  (await (await as(email)).ask('query ($id: ID!) { proceeding(id: $id) { state } }', { id })).proceeding.state;

/** Steps through the queue by J until the proceeding has the focus, and opens it. */
async function openByKeys(page, id) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('j');
    const href = await page.evaluate(() => document.activeElement?.getAttribute('href'));
    if (href?.startsWith(`/review/${id}`)) {
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/review/${id}*`);
      await settled(page);
      return;
    }
  }
  assert.fail(`${id} is not in the queue`);
}

/** Presses Tab until what is looked for has the focus. */
async function tabTo(page, name) {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => document.activeElement?.textContent?.trim());
    if (at === name) return;
  }
  assert.fail(`Tab does not come to ${name}`);
}

for (const [person, what, id] of [
  ['agency.approver', 'an application for free use', () => made.freeUse.id],
  ['finance.authority', 'a resource', () => made.resource.id],
]) {
  test(`${person} approves ${what} by keyboard alone, and the next one opens`, (t) =>
    visit(t, { as: person }, async (page) => {
      await open(page, '/review');
      await openByKeys(page, id());
      await page.keyboard.press('a');
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
      await tabTo(page, '材料齐全，符合要求。');
      await page.keyboard.press('Enter');
      await page.keyboard.type('；ar');
      await tabTo(page, '同意');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await tabTo(page, '同意');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => !url.pathname.endsWith(id()));
      await settled(page);
      assert.equal(await stateOf(person, id()), 'APPROVED');
      const { proceeding } = await (await as(person)).ask(
        'query ($id: ID!) { proceeding(id: $id) { decisions { reason } } }',
        { id: id() },
      );
      assert.equal(proceeding.decisions[0].reason, '材料齐全，符合要求。；ar');
    }));
}

test('a decision without a reason is sent back to its field, and what was typed is kept', (t) =>
  visit(t, { as: 'agency.approver' }, async (page) => {
    await open(page, `/review/${made.grant.id}`);
    await page.keyboard.press('r');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').getByRole('link', { name: '请填写理由。' }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
    await page.keyboard.type('证明材料不足');
    await open(page, '/review');
    await open(page, `/review/${made.grant.id}`);
    assert.equal(await page.getByRole('textbox', { name: /理由/ }).inputValue(), '证明材料不足');
    assert.equal(await stateOf('agency.approver', made.grant.id), 'SUBMITTED');
  }));

test('a double click asks once, and who was overtaken is told by whom and keeps what was typed', (t) =>
  visit(t, { as: 'agency.approver' }, async (page) => {
    const { id } = await freeUseApplication('核对公益岗位的覆盖范围，结果只用于公益评估。');
    await open(page, `/review/${id}`);
    await page.getByRole('radio', { name: '同意', exact: true }).check();
    await page.getByRole('textbox', { name: /理由/ }).fill('用途明确，同意。');
    const send = page.getByRole('button', { name: '同意', exact: true });
    const dialog = page.getByRole('dialog');
    await send.click(); // it is loaded now, and will be there between two presses
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await send.dblclick();
    await dialog.waitFor();
    await page.waitForTimeout(700);
    assert.ok(await dialog.isVisible(), 'the second press closes it');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await decide('agency.approver', id, 'AGENCY', 'REFUSE', '材料不全。');
    await page.getByText(/已于.*作出决定：不同意/).waitFor();
    await page.getByText('您填写的理由没有提交').waitFor();
    await page.getByText('用途明确，同意。').waitFor();
    assert.equal(await page.getByRole('textbox', { name: /理由/ }).count(), 0);
    await page.getByRole('button', { name: '不再保留' }).click();
    await page.getByText('您填写的理由没有提交').waitFor({ state: 'detached' });
  }));

test('the letters can be switched off, and stay off', (t) =>
  visit(t, { as: 'agency.approver' }, async (page) => {
    await open(page, `/review/${made.grant.id}`);
    await page.keyboard.press('?');
    const off = page.getByRole('switch');
    await off.waitFor();
    await off.press('Space');
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
    await open(page, '/review');
    await page.keyboard.press('j');
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BODY');
  }));

test('evidence opens in place and can be downloaded', (t) =>
  visit(t, { as: 'agency.security' }, async (page) => {
    await open(page, `/review/${made.review.proceeding.id}`);
    await page.getByRole('button', { name: '查看', exact: true }).click();
    await page.getByText('演示材料（合成）：安全与合规自评报告。').waitFor();
    const href = await page.getByRole('link', { name: '安全合规自评.txt' }).getAttribute('href');
    const response = await page.request.get(`${base}${href}`);
    assert.match(await response.text(), /自评报告/);
  }));

test('approved resources are published as a batch, after asking', (t) =>
  visit(t, { as: 'agency.approver' }, async (page) => {
    await open(page, '/agency/batches');
    await page.getByRole('button', { name: '公布', exact: true }).click();
    assert.equal(await page.getByRole('alert').getByRole('link').count(), 3);
    await page.getByRole('checkbox').first().check();
    await page.getByLabel('批次名称').fill('第二批');
    await page.getByLabel('依据文件').fill('演示文件');
    await page.getByRole('button', { name: '公布 1 项' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '公布 1 项' }).click();
    await page.getByText('已公布“第二批”').last().waitFor();
  }));

test('a registrar records the code of a product, with proof', (t) =>
  visit(t, { as: 'registrar.approver' }, async (page) => {
    await open(page, '/registrations');
    await page.getByRole('listitem').filter({ hasText: made.coded.name }).getByRole('button').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '记录代码' }).click();
    assert.equal(await dialog.getByRole('alert').getByRole('link').count(), 3);
    const code = `SC-${made.coded.id.slice(-8).toUpperCase()}`;
    await dialog.getByLabel('登记编码').fill(code);
    await dialog.getByLabel('赋码日期').fill(new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10));
    await dialog.locator('input[type=file]').setInputFiles({
      name: '证书.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('演示材料（合成）：登记证书。\n'),
    });
    await dialog.getByText('证书.txt').waitFor();
    await settled(page);
    await dialog.getByRole('button', { name: '记录代码' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { product } = await (await as('registrar.approver')).ask(
      'query ($id: ID!) { product(id: $id) { registrationCode } }',
      { id: made.coded.id },
    );
    assert.equal(product.registrationCode, code);
  }));

test('a cap is set with its day, document and reason, and stands beside the price', (t) =>
  // The data is an enterprise's: its caps are the industry authority's to set.
  visit(t, { as: 'transport.authority' }, async (page) => {
    await open(page, `/agency/products/${made.coded.id}`);
    // The cap is set under the permitted revenue in force, unless another is chosen: it asks for a forecast.
    await page.getByRole('textbox', { name: '预计数量' }).waitFor();
    await page.getByRole('button', { name: '设定上限' }).click();
    assert.equal(await page.getByRole('alert').getByRole('link').count(), 5);
    await page.getByRole('textbox', { name: '上限' }).fill('0.60');
    await page.getByRole('textbox', { name: '预计数量' }).fill('1');
    await page.getByLabel('生效日期').fill(new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10));
    await page.getByLabel('依据文件').fill('演示上限文件');
    await page.getByRole('textbox', { name: '理由' }).fill('按成本调查确定。');
    await page.getByRole('button', { name: '设定上限' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '设定上限' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('cell', { name: '演示上限文件' }).waitFor();
  }));

test('an agreement is drafted clause by clause, keeps what was written, and is signed only when nothing is against it', (t) =>
  visit(t, { as: 'agency.approver' }, async (page) => {
    const path = `/agency/operators/${made.operator}/agreement`;
    await open(page, path);
    await page.getByRole('button', { name: '提交协议草案' }).click();
    assert.equal(await page.getByRole('alert').getByRole('link').count(), 15);
    const number = `草案-${made.coded.id.slice(-6)}`;
    await page.getByLabel('协议编号').fill(number);
    await page.getByLabel('选定结果公示日期').fill('2026-01-05');
    const clauses = page.getByRole('textbox', { name: /^\d+\. / });
    assert.equal(await clauses.count(), 13);
    for (let i = 0; i < 12; i++) await clauses.nth(i).fill(`第 ${i + 1} 条（演示）`);
    await page.getByText('已填写 12 / 13 条').waitFor();
    await open(page, path);
    assert.equal(await page.getByLabel('协议编号').inputValue(), number);
    await clauses.nth(12).fill('无（演示）');
    await page.getByRole('button', { name: '提交协议草案' }).click();
    await page.waitForURL('**/agency/agreements/*');
    await settled(page);
    // Its operator has an agreement in force: signing is not offered, and what it waits for is said.
    await page.getByText('没有其他有效协议').waitFor();
    assert.equal(await page.getByRole('button', { name: '签署协议' }).count(), 0);
  }));

test('an organisation is kept out only with a reason, and is let in again', (t) =>
  visit(t, { as: 'platform.admin' }, async (page) => {
    const { subjectName, id } = made.verification;
    await decide('platform.admin', id, 'PLATFORM');
    await open(page, '/agency/organisations?status=VERIFIED');
    const row = page.getByRole('listitem').filter({ hasText: subjectName });
    await row.getByRole('button', { name: '暂停参与' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '暂停参与' }).click();
    assert.equal(await dialog.getByRole('textbox').getAttribute('aria-invalid'), 'true');
    await dialog.getByRole('textbox').fill('演示：材料过期。');
    await dialog.getByRole('button', { name: '暂停参与' }).click();
    await dialog.waitFor({ state: 'detached' });
    await row.waitFor({ state: 'hidden' });
    await open(page, '/agency/organisations?status=SUSPENDED');
    await row.getByRole('button', { name: '恢复参与' }).click();
    await dialog.getByRole('textbox').fill('演示：材料已更新。');
    await dialog.getByRole('button', { name: '恢复参与' }).click();
    await dialog.waitFor({ state: 'detached' });
    await row.waitFor({ state: 'hidden' });
  }));

test('a free right that drifted is restored, with a reason', (t) =>
  visit(t, { as: 'agency.approver' }, async (page) => {
    const right = await drift(made.given.id);
    await open(page, '/agency/rights?status=SUSPENDED');
    await page.locator('main').getByRole('button', { name: '恢复' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('演示：已查清，属误操作。');
    await dialog.getByRole('button', { name: '恢复' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { entitlement } = await (await as('agency.approver')).ask(
      'query ($id: ID!) { entitlement(id: $id) { status } }',
      { id: right.id },
    );
    assert.equal(entitlement.status, 'ACTIVE');
  }));
