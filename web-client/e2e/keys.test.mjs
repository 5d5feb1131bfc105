// The journeys once more, by keyboard alone: everything is reached, the focus is always seen, and never lost.
import { test } from 'node:test';
import { open, settled, visit } from './harness.mjs';
import { keyboard } from './keyboard.mjs';
import { creditCode, openResource, registered, sampleOf } from './scene.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const title = (page, name) => page.getByRole('heading', { level: 1, name });
const pdf = (name) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 合成') });

test('an enterprise buys by keyboard alone', (t) =>
  visit(t, {}, async (page) => {
    const keys = keyboard(page);
    await open(page, '/');
    await keys.signIn('bank.buyer');
    await keys.press(page.locator('aside').getByRole('checkbox', { name: /^交通运输/ }), { key: 'Space' });
    await keys.press(page.getByRole('link', { name: '公交线路小时客流' }));
    await keys.at(title(page, '公交线路小时客流'));

    const panel = page.getByRole('region', { name: '您的用途' });
    await keys.choose(panel.getByRole('radio', { name: '产业发展' }));
    await keys.choose(panel.getByRole('radio', { name: '按次阶梯' }));
    const quantity = panel.getByLabel('调用次数');
    await keys.type(quantity, '0');
    await panel.getByText(/^数量为 1 到/).waitFor();
    await keys.press(panel.getByRole('button', { name: '去核对订单' }));
    await keys.at(quantity);
    await keys.type(quantity, '6000');
    await panel.locator('output').getByText('¥3,360.00').waitFor();
    await keys.press(panel.getByRole('button', { name: '去核对订单' }));
    await keys.at(title(page, '核对订单'));
    await page.locator('output').getByText('¥3,360.00').waitFor();
    await keys.press(button(page, '同意并付款'));
    await keys.at(title(page, '付款成功，可以使用了'));
    await page.getByText('只显示这一次，请现在存好。').waitFor();
    await keys.press(button(page, '试一下'));
    await page.getByText('返回 5 行，后面还有。').waitFor();
    await keys.press(page.getByLabel('我已存好'), { key: 'Space', back: true });
    await keys.press(button(page, '关闭'));
    await keys.at(page.getByRole('heading', { name: '访问凭证' }));
  }));

test('the public interest applies, the agency approves at its desk, and the free call works, by keyboard alone', (t) =>
  visit(t, {}, async (page) => {
    const keys = keyboard(page);
    await open(page, '/');
    await keys.signIn('welfare.admin');
    await keys.press(page.getByRole('link', { name: '公交早晚高峰指数' }));
    await keys.at(title(page, '公交早晚高峰指数'));
    await keys.press(page.getByRole('link', { name: '申请免费使用' }));
    await keys.at(title(page, '申请免费使用'));
    await keys.choose(page.getByRole('radio', { name: '公益事业' }));
    await keys.press(button(page, '提交'));
    await keys.at(page.getByRole('alert').filter({ hasText: '使用场景' }));
    await keys.press(page.getByRole('alert').getByRole('link').first());
    const scenario = page.getByLabel('使用场景');
    await keys.at(scenario);
    await keys.type(scenario, '为听障人士规划公交出行，结果只用于公益导乘。');
    await keys.file(page.locator('button', { hasText: '选择文件' }), pdf('公益项目批件.pdf'));
    await page.getByText('已上传').waitFor();
    await keys.press(page.getByRole('button', { name: /^移除/ }));
    await keys.file(page.locator('button', { hasText: '选择文件' }), pdf('公益项目批件.pdf'));
    await page.getByText('已上传').waitFor();
    await keys.press(button(page, '提交'));
    await page.getByText('申请已提交').waitFor();
    await keys.at(page.locator('h1'));
    const id = new URL(page.url()).pathname.split('/').at(-1);

    await visit(t, {}, async (desk) => {
      const keys = keyboard(desk);
      await open(desk, '/');
      await keys.signIn('agency.approver');
      await open(desk, '/review');
      const waiting = desk.getByRole('list', { name: '待办事项' }).locator(`a[href^="/review/${id}"]`);
      await keys.press(waiting);
      await desk.waitForURL(`**/review/${id}*`);
      await settled(desk);
      await keys.at(desk.locator('main h1'));
      await keys.press(desk.locator('form [type=submit]'));
      await keys.at(desk.getByRole('alert').filter({ has: desk.getByRole('link') }));
      await keys.choose(desk.getByRole('radio', { name: '同意', exact: true }));
      const reason = desk.getByLabel('理由');
      await keys.type(reason, '材料齐全，用途属于公益。');
      await keys.press(desk.locator('form [type=submit]'));
      const dialog = desk.getByRole('dialog');
      await dialog.waitFor();
      await desk.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await keys.at(desk.locator('form [type=submit]'));
      await keys.press(desk.locator('form [type=submit]'));
      await dialog.waitFor();
      await keys.press(dialog.getByRole('button', { name: '同意', exact: true }));
      await desk.waitForURL((url) => !url.pathname.endsWith(id));
      await settled(desk);
      await keys.at(desk.locator('main h1'));
    });

    await page.getByText('申请已批准').waitFor();
    await keys.press(page.getByRole('link', { name: '去使用' }));
    await keys.at(page.locator('main h1'));
    await keys.press(button(page, '生成凭证'));
    await page.getByText('只显示这一次，请现在存好。').waitFor();
    await keys.press(button(page, '试一下'));
    await page.getByText(/返回 5 行/).waitFor();
  }));

test('an operator publishes and lists by keyboard alone', (t) =>
  visit(t, {}, async (page) => {
    const keys = keyboard(page);
    const resource = await openResource();
    const product = `合成目录 ${creditCode().slice(8)}`;
    await open(page, '/');
    await keys.signIn('operator.publisher');
    await open(page, '/operator');
    await keys.press(page.getByRole('link', { name: '产品与上架' }));
    await keys.press(page.getByRole('link', { name: '新建产品' }));
    await keys.at(title(page, '新建产品'));
    await keys.press(button(page, '起草数据字典'));
    await keys.at(page.getByRole('alert').filter({ has: page.getByRole('link') }));
    await keys.type(page.getByLabel('名称', { exact: true }), product);
    await keys.type(page.getByLabel('说明', { exact: true }), '按合成数据整理的目录，用于演示。');
    await keys.choose(page.getByRole('radio', { name: resource.domain, exact: true }));
    await keys.press(page.getByLabel(resource.name), { key: 'Space' });
    await keys.press(button(page, '起草数据字典'));
    const sample = page.getByLabel('样例行');
    await sample.waitFor();
    const names = await page.getByLabel('字段名').evaluateAll((inputs) => inputs.map((input) => input.value));
    const types = await page.getByLabel('类型').allInnerTexts();
    const cells = types.map((type) => sampleOf[type.trim()] ?? '甲').join(',');
    await keys.type(sample, cells);
    await keys.press(button(page, '保存草稿'));
    await keys.at(title(page, product));

    await keys.press(page.getByRole('list', { name: '任务' }).getByRole('link', { name: '数据', exact: true }));
    await keys.at(page.locator('#data'));
    const rows = Array.from({ length: 40 }, () => cells).join('\n');
    await keys.file(page.locator('#data').locator('button', { hasText: '选择文件' }), {
      name: 'rows.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`${names.join(',')}\n${rows}\n`),
    });
    await page.getByText(/版已通过检查，共 40 行/).waitFor();

    const plans = page.locator('#plans');
    await keys.type(plans.getByLabel('方案名称'), '按次');
    await keys.type(plans.getByLabel('单价'), '0.50');
    await keys.press(plans.getByLabel('试行价格'), { key: 'Space' });
    await keys.press(button(page, '保存方案'));
    await plans.getByRole('cell', { name: '¥0.50' }).waitFor();

    const shares = page.locator('#shares');
    await shares.getByLabel('权重').first().waitFor();
    for (const weight of await shares.getByLabel('权重').all()) await keys.type(weight, '50');
    await keys.type(shares.getByLabel('文件依据'), '收益分配协议（合成）');
    await keys.press(button(page, '保存分配规则'));
    await keys.at(title(page, '核对内容'));
    await keys.file(page.locator('main button', { hasText: '选择文件' }), pdf('合规报告.pdf'));
    await page.getByText('已上传').waitFor();
    await keys.press(button(page, '提交审核'));
    await page.getByText('待审核').first().waitFor();

    const id = new URL(page.url()).pathname.split('/').at(-1);
    await registered(id);

    await button(page, '上架').waitFor(); // once the stream has told of the registration
    await keys.press(button(page, '上架'));
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await keys.at(button(page, '上架'));
    await keys.press(button(page, '上架'));
    await keys.press(button(page, '确认上架'));
    await page.getByText('产品已上架').first().waitFor();
    await keys.at(title(page, product));
  }));
