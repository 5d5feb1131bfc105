// An operator publishes: in twelve clicks to review at most, and once it is reviewed and registered in two to the market.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScreen, clicks, open, settled, visit } from './harness.mjs';
import { as, creditCode, openResource, registered, sampleOf } from './scene.mjs';

const operator = 'operator.publisher';
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Chooses a file as a person does: with a press of the button in a part of the page. */
async function choose(page, click, part, file) {
  const chooser = page.waitForEvent('filechooser');
  await click.press(page.locator(part).locator('button', { hasText: '选择文件' }));
  await (await chooser).setFiles(file);
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
    const cells = types.map((type) => sampleOf[type.trim()] ?? '甲');
    await page.getByLabel('样例行').fill(cells.join(','));
    await click.press(button(page, '保存草稿'));
    await page.getByRole('heading', { level: 1, name: product }).waitFor();
    await settled(page);

    const rows = Array.from({ length: 40 }, () => cells.join(','));
    await choose(page, click, '#data', {
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
    await shares.getByLabel('权重').first().waitFor();
    for (const weight of await shares.getByLabel('权重').all()) await weight.fill('50');
    await shares.getByLabel('文件依据').fill('收益分配协议（合成）');
    await click.press(button(page, '保存分配规则'));

    // What was saved last left nothing to do but to check the answers.
    await page.getByRole('heading', { level: 1, name: '核对内容' }).waitFor();
    for (const answer of [product, resource.name, '第 1 版，40 行', '¥0.50', '试行'])
      await page.locator('main dd').getByText(answer).first().waitFor();
    const report = { name: '合规报告.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 合成') };
    await choose(page, click, 'main', report);
    await page.getByText('已上传').waitFor();
    await click.press(button(page, '提交审核'));
    await page.locator('#review').getByText('待审核').or(page.locator('header').getByText('待审核')).first().waitFor();
    assert.ok(click.count <= 12, `it took ${click.count} clicks`);
    await page.locator('#review').getByText('办理期限').waitFor();
    await button(page, '撤回申请').waitFor();

    const id = new URL(page.url()).pathname.split('/').at(-1);
    await registered(id);

    const listing = clicks();
    await listing.press(button(page, '上架'));
    await listing.press(button(page, '确认上架'));
    await page.getByText('产品已上架').first().waitFor();
    assert.equal(listing.count, 2);
    await open(page, `/products/${id}`);
    await page.getByRole('heading', { level: 1, name: product }).waitFor();
  }));

test('nothing is lost that was typed for a new product', (t) =>
  visit(t, { as: operator }, async (page) => {
    const resource = await openResource();
    await open(page, '/operator/products/new');
    const name = page.getByLabel('名称', { exact: true });
    await name.fill('长'.repeat(300));
    await page.getByLabel('说明', { exact: true }).fill('按合成数据整理的目录，用于演示。');
    await page.getByRole('group', { name: '领域' }).getByText(resource.domain, { exact: true }).click();
    await page.getByLabel('查找资源、来源单位或数据项').fill(resource.name);
    await page.getByLabel(resource.name).check();
    await page.getByText(`已选 ${resource.count} 项`).waitFor();
    await page.getByLabel('查找资源、来源单位或数据项').fill('没有这样的资源');
    await page.getByText('没有符合的数据项').waitFor();
    await button(page, '起草数据字典').click();

    const column = page.getByLabel('字段名').first();
    await column.focus();
    await page.keyboard.press('End');
    await page.keyboard.type('_of_demo');
    const typed = await column.inputValue();
    assert.match(typed, /_of_demo$/, 'the focus stays in the field while it is typed in');
    await page.getByLabel('样例行').fill('甲,乙');

    await page.getByRole('link', { name: '产品与上架' }).first().click();
    await page.getByRole('link', { name: '新建产品' }).click();
    await page.getByRole('heading', { level: 1, name: '新建产品' }).waitFor();
    await settled(page);
    assert.equal(await column.inputValue(), typed, 'leaving the page');
    await page.reload();
    await settled(page);
    assert.equal(await column.inputValue(), typed, 'reading the page again');
    assert.equal(await page.getByLabel('样例行').inputValue(), '甲,乙');

    await button(page, '上一步').click();
    await button(page, '起草数据字典').click();
    assert.equal(await column.inputValue(), typed, 'drafting the dictionary again');

    await button(page, '保存草稿').click();
    await page.locator('#name').waitFor();
    await page.getByRole('alert').getByRole('link').first().click();
    assert.ok(await name.evaluate((input) => input === document.activeElement), 'a refused name leads back to it');
    assert.equal(await name.getAttribute('aria-invalid'), 'true');
  }));

/** A draft of the operator's that is made of what a listed product is made of; gives its id. */
async function draftLikeAListedOne() {
  const me = await as(operator);
  const { operatorProducts } = await me.ask(
    '{ operatorProducts(status: LISTED, first: 1) { edges { node { id dictionary { name label type description sensitivity } items { id } domain { id } sample } } } }',
  );
  const [{ node }] = operatorProducts.edges;
  const made = await me.send(
    'mutation ($i: ProductDraftInput!) { productDraft(input: $i) { product { id } errors { code field message } } }',
    {
      i: {
        name: `合成目录 ${creditCode().slice(8)}`,
        description: '用于演示。',
        domainId: node.domain.id,
        delivery: 'API',
        updateFrequency: 'MONTHLY',
        aggregate: true,
        itemIds: node.items.map((item) => item.id),
        dictionary: node.dictionary,
        sample: node.sample,
      },
    },
  );
  return made.product.id;
}

test('the price of a plan in bands is judged while it is typed, and what was typed outlives leaving', (t) =>
  visit(t, { as: operator }, async (page) => {
    const id = await draftLikeAListedOne();
    await open(page, `/operator/products/${id}`);
    const plans = page.locator('#plans');
    await plans.getByLabel('方案名称').fill('按次分档');
    await plans.getByLabel('方案英文名称').fill('Per call, in bands');
    await plans.getByText('分档累进').click();
    await button(plans, '增加一档').click();
    const rates = plans.getByLabel('单价');
    const bounds = plans.getByLabel('上限数量');
    for (const [i, rate] of ['0.9', '0.6', '0.3'].entries()) await rates.nth(i).fill(rate);
    await bounds.nth(0).fill('1000');
    await bounds.nth(1).fill('500');
    await plans.locator('[id="plan-bands.1.upTo-error"]').getByText('须大于 1000').waitFor();
    await bounds.nth(1).fill('10000');
    await plans.getByText(/单价最高的情形：购买 1 次，共 ¥0\.90/).waitFor();
    await bounds.nth(1).fill('');
    await button(plans, '保存方案').click();
    await page.getByRole('alert').getByRole('link', { name: '请填写本档的上限数量。' }).click();
    assert.ok(
      await bounds.nth(1).evaluate((input) => input === document.activeElement),
      'the summary leads to the band',
    );
    await bounds.nth(1).fill('10000');

    await page.getByRole('link', { name: '产品与上架' }).first().click();
    await page.getByRole('heading', { level: 1, name: '产品与上架' }).waitFor();
    await page.goBack();
    await plans.getByLabel('方案英文名称').waitFor();
    assert.equal(await plans.getByLabel('方案英文名称').inputValue(), 'Per call, in bands');
    assert.equal(await bounds.nth(1).inputValue(), '10000');

    await button(plans, '保存方案').click();
    await plans.getByRole('cell', { name: /1–1,000 ?¥0\.9.*10,001 起 ?¥0\.3/s }).waitFor();
    await open(page, `/operator/products/${id}`, 'en');
    await plans.getByRole('rowheader', { name: 'Per call, in bands' }).waitFor();
    await button(plans, 'Copy').click();
    assert.equal(await plans.getByLabel('Up to', { exact: true }).nth(1).inputValue(), '10000');
    await button(plans, 'Cancel').click();
    await plans.getByLabel('Up to', { exact: true }).first().waitFor({ state: 'detached' });
    await open(page, `/operator/products/${id}`, 'zh-CN');
  }));

test('a new rule of shares begins with all parts of the one in force, in their order', (t) =>
  visit(t, { as: operator }, async (page) => {
    const id = await draftLikeAListedOne();
    const me = await as(operator);
    const { viewer, product } = await me.ask(
      'query ($id: ID!) { viewer { organisation { id } } product(id: $id) { items { resource { sourceUnit { id } } } } }',
      { id },
    );
    const unit = product.items[0].resource.sourceUnit.id;
    const parts = [
      { contributorId: unit, weight: 30, basis: '提供数据', channel: 'COST' },
      { contributorId: viewer.organisation.id, weight: 60, basis: '加工运营', channel: 'COST' },
      { contributorId: unit, weight: 10, basis: '保障质量', channel: 'IN_KIND' },
    ];
    await me.send(
      'mutation ($id: ID!, $i: AllocationAgreeInput!) { allocationAgree(productId: $id, input: $i) { errors { code field message } } }',
      { id, i: { sourceDocument: '收益分配协议（合成）', parts } },
    );
    await open(page, `/operator/products/${id}`);
    const shares = page.locator('#shares');
    await button(shares, '更改').click();
    await shares.getByLabel('权重').first().fill('40');
    await button(shares, '保存分配规则').click();
    await shares.getByRole('cell', { name: '40', exact: true }).waitFor();
    const { product: after } = await me.ask(
      'query ($id: ID!) { product(id: $id) { allocationRule { number parts { weight basis channel contributor { id } } } } }',
      { id },
    );
    assert.deepEqual(
      after.allocationRule.parts.map(({ contributor, ...part }) => ({ contributorId: contributor.id, ...part })),
      [{ ...parts[0], weight: 40 }, ...parts.slice(1)],
    );
  }));

test('the words and the dictionary of a draft are changed, and kept while they are not saved', (t) =>
  visit(t, { as: operator }, async (page) => {
    const id = await draftLikeAListedOne();
    await open(page, `/operator/products/${id}`);
    const basics = page.locator('#basics');
    await button(basics, '修改').click();
    await basics.getByLabel('英文名称').fill('A synthetic directory');
    await basics.getByLabel('英文说明').fill('For demonstration.');
    await page.reload();
    assert.equal(await basics.getByLabel('英文名称').inputValue(), 'A synthetic directory', 'reading the page again');
    await button(basics, '保存').click();
    await basics.getByText('For demonstration.').waitFor();

    const sources = page.locator('#sources');
    await button(sources, '修改字典与样例').click();
    await sources.getByLabel('名称', { exact: true }).first().fill('改过的名称');
    await button(sources, '保存').click();
    await sources.getByRole('rowheader', { name: '改过的名称' }).waitFor();

    await open(page, `/operator/products/${id}/check`);
    await page.locator('main dd').getByText('A synthetic directory').waitFor();
    await page.locator('main dd').getByText('改过的名称').waitFor();
    await page.getByText('现在还不能提交').waitFor();
    await page.getByRole('link', { name: /修改\s*收费方案/ }).click();
    await page.getByLabel('方案名称').waitFor();
  }));

test('on a phone the obstacles are in view wherever the page stands', (t) =>
  visit(t, { as: operator, width: 390 }, async (page) => {
    const id = await draftLikeAListedOne();
    for (const path of [`/operator/products/${id}`, `/operator/products/${id}/check`]) {
      await open(page, path);
      const bar = page.getByRole('button', { name: /项障碍/ });
      for (const end of [0, 1]) {
        await page.evaluate((at) => window.scrollTo(0, at * document.body.scrollHeight), end);
        const box = await bar.boundingBox();
        assert.ok(box && box.y > 700 && box.y + box.height <= 844, `the bar is at ${JSON.stringify(box)}`);
      }
      await bar.click();
      await page.getByRole('dialog').getByRole('link', { name: '没有收费方案' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByLabel('方案名称').waitFor();
      await page.waitForFunction(() => {
        const { top } = document.getElementById('plans').getBoundingClientRect();
        return top > 0 && top < 400;
      });
    }
  }));

test('two forms of a product stand beside each other', (t) =>
  visit(t, { as: operator }, async (page) => {
    await open(page, `/operator/products/${await draftLikeAListedOne()}`);
    await page.locator('#basics').getByRole('button', { name: '修改' }).click();
    await page.getByLabel('方案名称').fill('按次');
    assert.equal(await page.locator('#plans').getByLabel('方案名称').inputValue(), '按次');
    const twice = await page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
      return ids.filter((id, i) => ids.indexOf(id) !== i);
    });
    assert.deepEqual(twice, []);
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
    const shown = page.locator('#data').getByText('wrong.csv');
    await page
      .locator('#data')
      .getByRole('button', { name: /wrong\.csv/ })
      .click();
    await shown.waitFor({ state: 'detached' });
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

test('the answers of a draft keep what screens promise', (t) =>
  visit(t, { as: operator }, async (page) =>
    checkScreen(page, `/operator/products/${await draftLikeAListedOne()}/check`),
  ));

test('a draft in the editor keeps what screens promise', (t) =>
  visit(t, { as: operator }, async (page) => checkScreen(page, `/operator/products/${await draftLikeAListedOne()}`)));

test('a product in the editor keeps what screens promise', (t) =>
  visit(t, { as: operator }, async (page) => {
    const { operatorProducts } = await (await as(operator)).ask(
      '{ operatorProducts(first: 1) { edges { node { id } } } }',
    );
    await checkScreen(page, `/operator/products/${operatorProducts.edges[0].node.id}`);
  }));
