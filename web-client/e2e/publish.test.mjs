// An operator publishes: in twelve clicks to review at most, and once it is reviewed and registered in two to the market.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScreen, clicks, open, settled, visit } from './harness.mjs';
import { as, creditCode, decide } from './scene.mjs';

const operator = 'operator.publisher';
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** A granted resource none of whose items is linked to a person. */
async function openResource() {
  const { grants } = await (await as(operator)).ask(
    '{ grants(status: ACTIVE, first: 20) { edges { node { items { name linkage resource { name domain { name } } } } } } }',
  );
  const items = grants.edges.flatMap((edge) => edge.node.items);
  const names = [...new Set(items.map((item) => item.resource.name))];
  const name = names.find((one) => items.every((item) => item.resource.name !== one || item.linkage === 'NONE'));
  const of = items.filter((item) => item.resource.name === name);
  return { name, domain: of[0].resource.domain.name, count: of.length };
}

test('an operator takes a product from nothing to review, and then to the market', (t) =>
  visit(t, { as: operator }, async (page) => {
    const resource = await openResource();
    const product = `合成目录 ${creditCode().slice(8)}`;
    await open(page, '/operator');
    const click = clicks();
    await click.press(page.getByRole('link', { name: '产品与上架' }));
    await click.press(page.getByRole('link', { name: '新建产品' }));
    await page.getByRole('heading', { level: 1, name: '新建产品' }).waitFor();
    await settled(page);
    await page.getByLabel('名称', { exact: true }).fill(product);
    await page.getByLabel('说明', { exact: true }).fill('按合成数据整理的目录，用于演示，不反映任何真实情况。');
    await click.press(page.getByRole('group', { name: '领域' }).getByText(resource.domain, { exact: true }));
    await click.press(page.getByLabel(resource.name));
    await click.press(button(page, '起草数据字典'));
    await page.getByLabel('样例行').waitFor();
    const names = await page.getByLabel('字段名').evaluateAll((inputs) => inputs.map((input) => input.value));
    assert.equal(names.length, resource.count, 'a column is drafted of each item');
    const types = await page.getByLabel('类型').allInnerTexts();
    const value = {
      文本: '甲',
      整数: '7',
      小数: '7.5',
      日期: '2026-01-31',
      时间: '2026-01-31T08:00:00Z',
      是否: 'true',
    };
    const cells = types.map((type) => value[type.trim()] ?? '甲');
    await page.getByLabel('样例行').fill(cells.join(','));
    await click.press(button(page, '保存草稿'));
    await page.getByRole('heading', { level: 1, name: product }).waitFor();
    await settled(page);

    const rows = Array.from({ length: 40 }, () => cells.join(','));
    await page.locator('#data input[type=file]').setInputFiles({
      name: 'rows.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`${names.join(',')}\n${rows.join('\n')}\n`),
    });
    await page.getByText(/版已通过检查，共 40 行/).waitFor();

    const plans = page.locator('#plans');
    await plans.getByLabel('方案名称').fill('按次');
    await plans.getByLabel('单价').fill('0.50');
    await click.press(plans.getByLabel('试行价格'));
    await click.press(button(page, '保存方案'));
    await plans.getByRole('cell', { name: '¥0.50' }).waitFor();

    const shares = page.locator('#shares');
    for (const weight of await shares.getByLabel('权重').all()) await weight.fill('50');
    await shares.getByLabel('文件依据').fill('收益分配协议（合成）');
    await click.press(button(page, '保存分配规则'));
    await shares.getByText('第 1 号规则').waitFor();

    await page
      .locator('#review input[type=file]')
      .setInputFiles({ name: '合规报告.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 合成') });
    await page.locator('#review').getByText('已上传').waitFor();
    await click.press(button(page, '提交审核'));
    await page.locator('#review').getByText('待审核').or(page.locator('header').getByText('待审核')).first().waitFor();
    assert.ok(click.count <= 12, `it took ${click.count} clicks`);

    const id = new URL(page.url()).pathname.split('/').at(-1);
    const desk = await as('agency.security');
    const { reviewDesk } = await desk.ask(
      '{ reviewDesk(kind: PRODUCT_REVIEW, first: 100) { edges { node { id subject { id } } } } }',
    );
    const proceeding = reviewDesk.edges.map((edge) => edge.node).find((node) => node.subject.id === id);
    await decide('agency.security', proceeding.id, 'SECURITY');
    await decide('agency.approver', proceeding.id, 'COMPLIANCE');
    const registrar = await as('registrar.approver');
    const proof = await registrar.upload('登记凭证.txt', '演示材料（合成）：登记凭证\n');
    await registrar.send(
      'mutation ($i: RegistrationRecordInput!) { registrationRecord(input: $i) { product { id } errors { code field message } } }',
      {
        i: {
          productId: id,
          code: `DEMO-${creditCode().slice(8)}`,
          codedOn: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
          evidence: proof,
        },
      },
    );

    const listing = clicks();
    await listing.press(button(page, '上架'));
    await listing.press(button(page, '确认上架'));
    await page.getByText('产品已上架').first().waitFor();
    assert.equal(listing.count, 2);
    await open(page, `/products/${id}`);
    await page.getByRole('heading', { level: 1, name: product }).waitFor();
  }));

test('a file that is wrong is refused by row and column, and what was typed beside it stays', (t) =>
  visit(t, { as: operator }, async (page) => {
    const { operatorProducts } = await (await as(operator)).ask(
      '{ operatorProducts(status: LISTED, first: 1) { edges { node { id dictionary { name type } } } } }',
    );
    const [{ node }] = operatorProducts.edges;
    await open(page, `/operator/products/${node.id}`);
    const header = node.dictionary.map((column) => column.name).join(',');
    const wrong = node.dictionary.map((column) => (column.type === 'TEXT' ? 'x' : 'nonsense')).join(',');
    await page
      .locator('#data input[type=file]')
      .setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from(`${header}\n${wrong}\n`) });
    await page.getByText('数据没有通过检查').waitFor();
    await page.getByRole('table', { name: /处问题/ }).waitFor();
    await page.getByRole('link', { name: '下载全部问题' }).waitFor();
  }));

for (const [name, path] of [
  ['the overview', '/operator'],
  ['the products', '/operator/products'],
  ['a new product', '/operator/products/new'],
  ['the grants', '/operator/grants'],
]) {
  test(`${name} of an operator keep what screens promise`, (t) =>
    visit(t, { as: operator }, (page) => checkScreen(page, path)));
}

test('a product in the editor keeps what screens promise', (t) =>
  visit(t, { as: operator }, async (page) => {
    const { operatorProducts } = await (await as(operator)).ask(
      '{ operatorProducts(first: 1) { edges { node { id } } } }',
    );
    await checkScreen(page, `/operator/products/${operatorProducts.edges[0].node.id}`);
  }));
