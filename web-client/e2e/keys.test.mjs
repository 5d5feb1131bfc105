// Buying, and use free of charge, once more, by keyboard alone: everything is reached, the focus is always seen, and never lost.
import { test } from 'node:test';
import { open, settled, visit } from './harness.mjs';
import { keyboard } from './keyboard.mjs';

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
    await keys.press(panel.getByRole('button', { name: '提交订单' }));
    await keys.at(quantity);
    await keys.type(quantity, '6000');
    await panel.locator('output').getByText('¥3,360.00').waitFor();
    await keys.press(panel.getByRole('button', { name: '提交订单' }));
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
    await keys.press(page.getByRole('link', { name: '公交线路小时客流' }));
    await keys.at(title(page, '公交线路小时客流'));
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
