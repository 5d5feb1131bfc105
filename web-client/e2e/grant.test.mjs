// An operator applies for data items: from its grants, from a resource, and again for a grant that ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScreen, open, settled, visit } from './harness.mjs';
import { as, decide } from './scene.mjs';

const operator = 'operator.publisher';
const resource = '企业信用信息库';
const button = (page, name) => page.getByRole('button', { name, exact: true });
const day = (days) => new Date(Date.now() + 8 * 3600e3 + days * 86_400_000).toISOString().slice(0, 10);

/** The newest grants of the operator, as it reads them. */
const newest = async () =>
  (
    await (
      await as(operator)
    ).ask(
      '{ grants(first: 1) { edges { node { id status startsOn endsOn purposes items { name } proceeding { id note evidence { id } } } } } }',
    )
  ).grants.edges[0].node;

/** Finds a resource by a part of its name, and chooses it. */
async function find(page, text) {
  await page.getByRole('combobox', { name: '查找资源' }).fill(text);
  await page.getByRole('option', { name: new RegExp(text) }).click();
}

test('an operator applies for items, is told what is wrong, and renews the grant before it ends', (t) =>
  visit(t, { as: operator }, async (page) => {
    await open(page, '/operator/grants');
    await page.getByRole('link', { name: '申请授权' }).click();
    await page.getByRole('heading', { level: 1, name: '申请授权' }).waitFor();
    await settled(page);
    await button(page, '提交申请').click();
    await page.getByRole('alert').getByRole('link', { name: '请至少选择一个数据项。' }).waitFor();

    await find(page, '企业信用');
    await page.getByLabel('统一社会信用代码').check();
    await page.getByLabel('注册资本').check();
    await page.getByText('已选 2 项').waitFor();
    await page.getByLabel('公共治理').check();
    await page.getByLabel('产业发展').check();
    await page.getByLabel('拟开发的产品与理由').fill('企业信用核验的产品，只取所需的两项。');
    await page.locator('input[type=file]').setInputFiles({
      name: '产品方案.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('演示材料（合成）：产品方案。\n'),
    });
    await page.getByText('已上传').waitFor();
    await page.getByLabel('结束日').fill('2099-12-31');
    await button(page, '提交申请').click();
    await page.locator('#endsOn-error').getByText('协议').waitFor();

    await page.getByRole('link', { name: '授权', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: '授权', exact: true }).waitFor();
    await page.getByRole('link', { name: '申请授权' }).click();
    await page.getByText('已选 2 项').waitFor();
    await page.getByText('产品方案.txt').waitFor();
    await page.getByLabel('结束日').fill(day(30));
    await button(page, '提交申请').click();
    await page.getByText('已提交申请').first().waitFor();
    const card = page.getByRole('main').getByRole('listitem').filter({ hasText: '2 个数据项' }).first();
    await card.getByText('办理期限').waitFor();
    await button(card, '撤回申请').waitFor();

    const grant = await newest();
    assert.deepEqual(grant.items.map((item) => item.name).sort(), ['注册资本', '统一社会信用代码']);
    assert.deepEqual(grant.purposes, ['GOVERNANCE', 'INDUSTRY']);
    assert.equal(grant.proceeding.evidence.length, 1);
    await decide('agency.approver', grant.proceeding.id, 'AGENCY');
    await decide('finance.authority', grant.proceeding.id, 'INDUSTRY');

    await open(page, '/operator/grants');
    await card.getByText(/30 天/).waitFor();
    await card.getByRole('link', { name: '续期' }).click();
    await page.getByText('已选 2 项').waitFor();
    await settled(page);
    assert.equal(await page.getByLabel('开始日').inputValue(), day(31), 'it begins where the other ends');
    assert.ok(await page.getByLabel('公共治理').isChecked());
    assert.match(await page.getByLabel('拟开发的产品与理由').inputValue(), /信用核验/);
    await button(page, '提交申请').click();
    await page.getByText('已提交申请').first().waitFor();
    const renewed = await newest();
    assert.equal(renewed.startsOn, day(31));

    await button(card, '撤回申请').click();
    await page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click();
    await page.getByText('已撤回申请').first().waitFor();
    await card
      .getByText('不予授权')
      .or(card.getByRole('link', { name: '再次申请' }))
      .first()
      .waitFor();
  }));

test('a resource leads an operator to the application for it, and nobody else', (t) =>
  visit(t, { as: operator }, async (page) => {
    const { resources } = await (await as(operator)).ask(
      '{ resources(filter: { status: PUBLISHED }, first: 100) { edges { node { id name } } } }',
    );
    const { id } = resources.edges.map((edge) => edge.node).find((node) => node.name === resource);
    await open(page, `/resources/${id}`);
    await page.getByRole('link', { name: '申请授权' }).click();
    await page.getByRole('checkbox', { name: resource }).check();
    await page.getByText(/已选 \d+ 项/).waitFor();
    await button(page, `移除${resource}`).click();
    await page.getByText('请先查找并选择资源').waitFor();
    await visit(t, { as: 'bank.buyer' }, async (other) => {
      await open(other, `/resources/${id}`);
      await other.getByRole('heading', { level: 1, name: resource }).waitFor();
      assert.equal(await other.getByRole('link', { name: '申请授权' }).count(), 0);
    });
  }));

test('an application for a grant keeps what screens promise', (t) =>
  visit(t, { as: operator }, (page) =>
    checkScreen(page, '/operator/grants/apply', { ready: (it) => it.locator('#note').waitFor() }),
  ));
