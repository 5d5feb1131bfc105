// Lineage: from a column of a product up to the unit that its data comes from, and down again from a resource.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScreen, open, settled, visit } from './harness.mjs';

/** Opens a product of the demo market from the catalogue. */
async function openProduct(page, name) {
  await open(page, `/?q=${name}`);
  await page.getByRole('list', { name: '数据产品', exact: true }).getByRole('link', { name, exact: true }).click();
  await page.waitForURL(/\/products\//);
  await settled(page);
}

const lineage = (page) => page.getByRole('region', { name: '数据血缘' });
const way = (page) => lineage(page).getByLabel('选中项的来龙去脉');

test('a column is followed to the item, the resource and the source unit that it comes from', (t) =>
  visit(t, {}, async (page) => {
    await openProduct(page, '公交线路小时客流');
    const column = lineage(page).getByRole('button', { name: '站点名称', exact: true }).last();
    await column.click();
    assert.equal(await column.getAttribute('aria-pressed'), 'true');
    assert.deepEqual(await way(page).getByRole('link').allInnerTexts(), [
      '绵阳公交集团',
      '公交线路客流数据',
      '站点名称',
      '站点名称',
      '公交线路小时客流',
    ]);
    await way(page).getByRole('link', { name: '公交线路客流数据' }).click();
    await page.waitForURL(/\/resources\//);
    await settled(page);

    // And back: what is made of the resource.
    await lineage(page).getByRole('button', { name: '公交线路客流数据', exact: true }).click();
    await way(page).getByRole('link', { name: '公交线路小时客流', exact: true }).waitFor();
    await way(page).getByRole('link', { name: '绵阳公交集团' }).click();
    await page.waitForURL(/\/resources\?.*unit=org_/);
  }));

test('the picture is walked by keyboard', (t) =>
  visit(t, {}, async (page) => {
    await openProduct(page, '公交线路小时客流');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await lineage(page).getByRole('button', { name: '公交线路小时客流', exact: true }).focus();
    await page.keyboard.press('ArrowLeft');
    assert.equal(await focused(), '运营日期');
    await page.keyboard.press('End');
    assert.equal(await focused(), '上车人次');
    await page.keyboard.press('Enter');
    assert.equal(await way(page).getByRole('link').count(), 5);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await focused(), '绵阳公交集团');
  }));

test('a column that states no item says so', (t) =>
  visit(t, {}, async (page) => {
    await openProduct(page, '公交早晚高峰指数');
    await lineage(page).getByRole('button', { name: '月份', exact: true }).click();
    await lineage(page).getByText('这一列没有写明来自哪些数据项').waitFor();
    await way(page).getByRole('link', { name: '绵阳公交集团' }).waitFor();
  }));

test('on a phone lineage is a list', (t) =>
  visit(t, { width: 390 }, async (page) => {
    await openProduct(page, '公交线路小时客流');
    const region = lineage(page);
    assert.equal(await region.getByRole('button').count(), 0);
    const items = region.getByRole('list', { name: '由“公交线路客流数据”而来' });
    await items.getByRole('link', { name: '线路编号', exact: true }).first().waitFor();
    await region.getByRole('link', { name: '绵阳公交集团' }).click();
    await page.waitForURL(/\/resources\?.*unit=org_/);
  }));

test('what to mend is shown to the operator, and to its unit of a resource', async (t) => {
  await visit(t, { as: 'operator.publisher' }, async (page) => {
    await open(page, '/operator/products');
    await page.getByRole('link', { name: '公交早晚高峰指数', exact: true }).click();
    await page.waitForURL(/\/operator\/products\/prd_/);
    await settled(page);
    const quality = page.getByRole('region', { name: '元数据质量' });
    await quality.getByText('上架下限 60 分').waitFor();
    await quality.getByRole('list', { name: '待改进' }).getByText('数值列缺单位').waitFor();
    await checkScreen(page, new URL(page.url()).pathname);
  });
  await visit(t, { as: 'bus.source' }, async (page) => {
    await open(page, '/source/resources');
    await page.getByRole('link', { name: '公交线路客流数据', exact: true }).first().click();
    await page.waitForURL(/\/source\/resources\/res_/);
    await settled(page);
    const quality = page.getByRole('region', { name: '元数据质量' });
    await quality.getByRole('list', { name: '待改进' }).getByText('备注过短').waitFor();
  });
});
