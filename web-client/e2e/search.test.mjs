// Finding things: completing what is typed, facets, words that mean the same, what was not found, and the search being away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScreen, open, settled, signIn, visit } from './harness.mjs';

const box = (page) => page.getByRole('combobox', { name: '搜索数据产品' });
const list = (page) => page.getByRole('list', { name: '数据产品', exact: true });
const suggestions = (page) => page.getByRole('listbox', { name: '搜索建议' }).getByRole('option');
/** What a screen reader hears of how many products there are. */
const heard = (page) => page.getByRole('status').filter({ hasText: /^共 \d+ 个产品$/ });
const total = async (page) => Number(/\d+/.exec(await heard(page).innerText())[0]);

for (const path of ['/?q=gongjiao', '/?q=企业心用', '/resources?q=公交']) {
  test(`${path} keeps what screens promise`, (t) => visit(t, {}, (page) => checkScreen(page, path)));
}

test('pinyin is completed; a suggestion is chosen by keys, and two facets narrow what it finds', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/');
    const all = await total(page);
    await box(page).pressSequentially('qiye', { delay: 20 });
    await suggestions(page).first().waitFor();
    assert.equal(await box(page).getAttribute('aria-expanded'), 'true');
    await page
      .getByRole('status')
      .filter({ hasText: /^有 \d+ 条建议/ })
      .waitFor();
    const chosen = await suggestions(page).nth(1).locator('span').first().innerText();
    assert.match(chosen, /企业/);
    await box(page).press('ArrowDown');
    await box(page).press('ArrowDown');
    assert.equal(await suggestions(page).nth(1).getAttribute('aria-selected'), 'true');
    assert.equal(
      await box(page).getAttribute('aria-activedescendant'),
      await suggestions(page).nth(1).getAttribute('id'),
    );
    await box(page).press('Enter');
    await page.waitForURL(/[?&]q=/);
    await settled(page);
    assert.equal(await box(page).inputValue(), chosen);
    assert.equal(await suggestions(page).count(), 0);
    const found = await total(page);
    assert.ok(found > 0 && found < all, `${found} of ${all}`);

    await box(page).fill('企业');
    await box(page).press('Enter');
    await settled(page);
    const before = await total(page);
    await page.getByRole('group', { name: '交付方式' }).getByRole('checkbox').first().check();
    await page.waitForURL(/[?&]delivery=/);
    await settled(page);
    await page.getByRole('group', { name: '更新周期' }).getByRole('checkbox').first().check();
    await page.waitForURL(/[?&]frequency=/);
    await settled(page);
    const narrowed = await total(page);
    assert.ok(narrowed > 0 && narrowed <= before, `${narrowed} of ${before}`);
    assert.equal(await list(page).getByRole('heading').count(), narrowed);
    assert.ok((await list(page).locator('mark').count()) > 0, 'nothing is marked');
  }));

test('Escape puts suggestions away, and what is typed is asked as it is', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/');
    await box(page).pressSequentially('gj', { delay: 20 });
    await suggestions(page).first().waitFor();
    await box(page).press('Escape');
    assert.equal(await suggestions(page).count(), 0);
    assert.equal(await box(page).inputValue(), 'gj');
  }));

test('a mistyped word is said to be another, and nothing to find says what would find more', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/?q=企业心用');
    await page.getByText('没有找到“企业心用”，显示的是“企业信用”的结果。').waitFor();
    await page.getByRole('button', { name: '搜索“企业信用”' }).click();
    await page.waitForURL(/q=%E4%BC%81%E4%B8%9A%E4%BF%A1%E7%94%A8/);
    await page.getByText('没有找到').waitFor({ state: 'hidden' });

    await open(page, '/?q=公交 龙卷风');
    await page.getByText('没有符合条件的产品').waitFor();
    await page.getByRole('button', { name: '只搜索“公交”' }).click();
    await settled(page);
    assert.ok((await total(page)) > 0);
  }));

test('the agency says which words mean the same, and the search follows', (t) =>
  visit(t, {}, async (page) => {
    const words = [
      '公交',
      `大巴${[...String(Date.now())].map((digit) => '甲乙丙丁戊己庚辛壬癸'[Number(digit)]).join('')}`,
    ];
    await signIn(page, 'agency.approver');
    await open(page, '/agency/synonyms');
    await page.getByLabel('查找词语', { exact: true }).fill('公交');
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?&]q=/);
    await page.getByRole('button', { name: '修改“公交”一组' }).click();
    const text = page.getByRole('dialog').getByRole('textbox', { name: /^同义词/ });
    await text.fill(`${await text.inputValue()}\n${words[1]}`);
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: '新增一组' }).click();
    await text.fill('征信\n新词');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page
      .getByRole('dialog')
      .getByText(/“征信”已在另一组同义词中：征信, 企业信用, /)
      .first()
      .waitFor();
    await page.getByRole('button', { name: '查看“征信”一组' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '修改“征信”一组' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: '修改“征信”一组' }).waitFor();
    assert.equal(await page.getByLabel('查找词语', { exact: true }).inputValue(), '征信');
    assert.equal(await page.getByRole('button', { name: /^修改“.*”一组$/ }).count(), 1);
    await page.goBack();
    await page.getByRole('button', { name: '修改“公交”一组' }).waitFor();

    const until = Date.now() + 15_000;
    for (;;) {
      await open(page, `/?q=${words[1]}`);
      if ((await total(page)) > 0) break;
      assert.ok(Date.now() < until, 'the search does not follow');
    }
  }));

test('while the search is away the catalogue lists all the same, and says so', (t) =>
  visit(t, {}, async (page) => {
    await page.route('**/graphql', async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      if (body.data?.products?.isReduced === false) {
        Object.assign(body.data.products, { isReduced: true, facets: [], totalCount: 0 });
      }
      await route.fulfill({ response, json: body });
    });
    await open(page, '/');
    await page.getByText('搜索服务暂时不可用').waitFor();
    assert.ok((await list(page).getByRole('heading').count()) > 0);
    // Nothing is offered that would do nothing.
    assert.equal(await page.getByRole('combobox', { name: '排序' }).count(), 0);
    assert.equal(await page.getByRole('complementary', { name: '筛选' }).count(), 0);
    assert.equal(await heard(page).count(), 0);
    await page.getByText('暂时不能选择筛选条件。').waitFor();

    await open(page, '/?delivery=%5B%22API%22%5D&sort=PRICE_LOW');
    await page.getByText('已选的 1 个筛选条件仍然有效').waitFor();
    const few = await list(page).getByRole('heading').count();
    await page.getByRole('button', { name: '清除全部条件' }).click();
    await page.getByText('暂时不能选择筛选条件。').waitFor();
    assert.ok((await list(page).getByRole('heading').count()) >= few);
  }));

test('the box in the header completes what is typed on any page', (t) =>
  visit(t, { viewport: { width: 1440, height: 900 } }, async (page) => {
    await open(page, '/help');
    await box(page).pressSequentially('gjk', { delay: 20 });
    await suggestions(page).filter({ hasText: '公交' }).first().click();
    await page.waitForURL(/\/\?q=/);
    await settled(page);
    assert.match(await box(page).inputValue(), /公交/);
    assert.ok((await total(page)) > 0);
  }));
