// The pages of everybody: the catalogue, signing in, and what happens when something is in the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, checkScreen, forgive, intercept, open, settled, signIn, visit } from './harness.mjs';
import { as, signUp } from './scene.mjs';

for (const path of ['/', '/?q=公交&delivery=["API"]', '/?q=没有这样的产品', '/sign-in', '/nowhere']) {
  test(`${path} keeps what screens promise`, (t) =>
    visit(t, {}, (page) => checkScreen(page, path, { absent: path === '/nowhere' })));
}

const count = (page) => page.getByRole('status').filter({ hasText: /^共 \d+ 个产品$/ });
const list = (page) => page.getByRole('list', { name: '数据产品', exact: true });

/** How many products the page says there are. */
async function total(page) {
  await settled(page);
  return Number(/\d+/.exec(await count(page).innerText())[0]);
}

test('words, facets and chips narrow the catalogue, and the back button takes them back', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/');
    const all = await total(page);
    await page.getByRole('combobox', { name: '搜索数据产品' }).fill('公交');
    await page.getByRole('button', { name: '搜索', exact: true }).click();
    await page.waitForURL(/[?&]q=/);
    const found = await total(page);
    assert.ok(found > 0 && found < all, `${found} of ${all}`);
    assert.equal(
      await list(page)
        .getByRole('listitem')
        .filter({ has: page.getByRole('heading') })
        .count(),
      found,
    );

    await page.getByRole('group', { name: '收费方式' }).getByRole('checkbox').first().check();
    await page.waitForURL(/[?&]mode=/);
    const fewer = await total(page);
    assert.ok(fewer > 0 && fewer <= found, `${fewer} of ${found}`);
    await page.getByRole('button', { name: /^移除/ }).click();
    assert.equal(await total(page), found);
    assert.doesNotMatch(page.url(), /[?&]mode=/);

    await page.goBack();
    assert.match(page.url(), /[?&]mode=/);
    assert.equal(await total(page), fewer);
    await page.goBack();
    await page.goBack();
    assert.equal(await total(page), all);
    assert.equal(await page.getByRole('combobox', { name: '搜索数据产品' }).inputValue(), '');

    await page.goto(`${base}/?q=没有这样的产品`);
    await page.getByText('没有符合条件的产品').waitFor();
    await page.getByRole('button', { name: '清除全部条件' }).last().click();
    assert.equal(await total(page), all);
  }));

test('prices sort the catalogue', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/');
    const first = () => list(page).getByRole('heading').first().innerText();
    await page.getByRole('combobox', { name: '排序' }).selectOption({ label: '价格从低到高' });
    await settled(page);
    const cheap = await first();
    await page.getByRole('combobox', { name: '排序' }).selectOption({ label: '价格从高到低' });
    await settled(page);
    assert.notEqual(await first(), cheap);
    assert.match(page.url(), /sort=PRICE_HIGH/);
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole('combobox', { name: '排序' }).inputValue(), 'PRICE_HIGH');
  }));

test('the next page of the catalogue comes after the first, each product once', (t) =>
  visit(t, {}, async (page) => {
    // The demo market has fewer products than a page; smaller pages are the same list.
    await page.route('**/graphql', async (route) => {
      const body = route.request().postDataJSON();
      if (body.variables?.first) body.variables.first = 5;
      await route.continue({ postData: JSON.stringify(body) });
    });
    await open(page, '/');
    const all = await total(page);
    const names = () => list(page).getByRole('heading').allInnerTexts();
    assert.equal((await names()).length, 5);
    const more = page.getByRole('button', { name: '加载更多' });
    for (let shown = 5; shown < all; shown += 5) {
      await more.click();
      await settled(page);
    }
    assert.equal((await names()).length, all);
    assert.equal(new Set(await names()).size, all);
    assert.equal(await more.count(), 0);
  }));

test('after too many wrong passwords the wait is told that there is', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/sign-in');
    await page.getByLabel('电子邮箱').fill('nobody@demo.gongshu.example');
    await page.getByLabel('密码').fill('not it at all');
    const params = { minutes: 15 };
    const release = await intercept(page, '**/graphql', (route) =>
      route.fulfill({
        status: 429,
        contentType: 'application/graphql-response+json',
        json: { errors: [{ message: 'Wait.', extensions: { code: 'TOO_MANY_ATTEMPTS', params } }] },
      }),
    );
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('请 15 分钟后再试').waitFor();
    release();
    forgive(page, /429/);
  }));

test('a wrong password is told and the e-mail address kept; who signed in signs out again', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/?q=公交');
    await page.getByRole('link', { name: '登录' }).click();
    await page.getByLabel('电子邮箱').fill('welfare.admin@demo.gongshu.example');
    await page.getByLabel('密码').fill('not it at all');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('alert').filter({ hasText: '邮箱或密码不正确' }).waitFor();
    assert.equal(await page.getByLabel('电子邮箱').inputValue(), 'welfare.admin@demo.gongshu.example');
    await page.getByLabel('密码').fill('gongshu-demo');
    await page.getByRole('button', { name: '登录' }).click();
    await page.waitForURL((url) => url.pathname === '/' && url.searchParams.get('q') === '公交');
    // Who is signed in has nothing to do there.
    await open(page, '/sign-in?to=/help');
    await page.waitForURL((url) => url.pathname === '/help');
    await page.evaluate(() => sessionStorage.setItem('draft', 'one'));
    const leave = async () => {
      await page.getByRole('button', { name: /栏目与账号/ }).click();
      await page.getByRole('menuitem', { name: '退出登录' }).click();
    };
    const release = await intercept(page, '**/graphql', (route) => route.abort('connectionrefused'));
    await leave();
    const refusal = page.getByRole('banner').getByRole('alert');
    await refusal.filter({ hasText: '连不上服务器' }).waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.getItem('draft')), 'one');
    release();
    forgive(page, /CONNECTION_REFUSED/);
    await leave();
    await page.getByRole('link', { name: '登录' }).waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.getItem('draft')), null);
    await page.reload();
    await settled(page);
    await page.getByRole('link', { name: '登录' }).waitFor();
  }));

test('a switch to an organisation that is refused says so, and stays', (t) =>
  visit(t, { as: 'bank.buyer' }, async (page) => {
    await page.route('**/graphql', async (route) => {
      const { operationName } = route.request().postDataJSON() ?? {};
      if (operationName === 'SwitchOrganisation') {
        const errors = [{ __typename: 'UserError', code: 'NOT_FOUND', message: 'No.', field: 'id', params: [] }];
        return route.fulfill({
          json: { data: { organisationSwitch: { __typename: 'OrganisationSwitchPayload', errors } } },
        });
      }
      if (operationName !== 'Viewer') return route.continue();
      const response = await route.fetch();
      const { data } = await response.json();
      const [own] = data.viewer.memberships;
      const organisation = { ...own.organisation, id: 'org_other', name: '从前的单位', nameEn: 'Of before' };
      data.viewer.memberships.push({ ...own, organisation });
      return route.fulfill({ response, json: { data } });
    });
    await open(page, '/help');
    await page.getByRole('button', { name: /栏目与账号/ }).click();
    await page.getByRole('menuitem', { name: /从前的单位/ }).click();
    await page.getByRole('banner').getByRole('alert').waitFor();
    assert.equal(new URL(page.url()).pathname, '/help');
  }));

test('a page whose files did not come when it was pointed at comes once it is gone to', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/');
    const release = await intercept(page, '**/assets/**', (route) => route.abort('connectionrefused'));
    const link = page.getByRole('banner').getByRole('link', { name: '帮助' });
    const asked = page.waitForEvent('requestfailed', (request) => request.url().endsWith('.js'));
    await link.hover();
    await asked;
    release();
    await link.click();
    await page.getByRole('heading', { level: 1, name: '帮助' }).waitFor();
    forgive(page, /CONNECTION_REFUSED|dynamically imported/);
  }));

test('an invitation to somebody who has to sign in first stays in the tab, and in no address', (t) =>
  visit(t, {}, async (page) => {
    const admin = await as('welfare.admin');
    const { viewer } = await admin.ask('{ viewer { organisation { id } } }');
    const { token } = await admin.send(
      'mutation ($id: ID!, $i: MemberInviteInput!) { memberInvite(organisationId: $id, input: $i) { token errors { code message } } }',
      { id: viewer.organisation.id, i: { email: 'bank.buyer@demo.gongshu.example', roles: ['MEMBER'] } },
    );
    const seen = [];
    page.on('request', (request) => seen.push(request.url()));
    await page.goto(`${base}/invitation#${token}`);
    await settled(page);
    await page.getByLabel('姓名').fill('王芳');
    await page.getByLabel('密码').fill('another-one');
    await page.getByRole('button', { name: '加入单位' }).click();
    const form = page.locator('form');
    await form.getByRole('link', { name: '登录' }).click();
    await page.waitForURL((url) => url.pathname === '/sign-in');
    await form.getByLabel('电子邮箱').fill('bank.buyer@demo.gongshu.example');
    await form.getByLabel('密码').fill('gongshu-demo');
    await form.getByRole('button', { name: '登录' }).click();
    await page.waitForURL((url) => url.pathname === '/invitation');
    assert.equal(await page.locator('#token').inputValue(), token);
    assert.deepEqual(
      [page.url(), ...seen].filter((url) => url.includes(token)),
      [],
    );
  }));

test('an organisation asks to be verified, and what was begun for it outlives a reload', (t) =>
  visit(t, {}, async (page) => {
    const { email } = await signUp();
    await signIn(page, email);
    await open(page, '/organisation');
    await page.getByLabel('补充说明').fill('首次申请。');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '登记证书.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') });
    await page.getByText('已上传').waitFor();
    await page.reload();
    await page.getByText('已上传').waitFor();
    assert.equal(await page.getByLabel('补充说明').inputValue(), '首次申请。');
    await page.getByRole('button', { name: '提交认证' }).click();
    await page.getByText('正在认证').waitFor();

    // An invitation that was made leaves an empty form that finds nothing wrong with itself.
    await page.getByLabel('电子邮箱').fill('one@demo.gongshu.example');
    await page.getByRole('button', { name: '生成邀请链接' }).click();
    await page.getByLabel('我已存好').check();
    await page.getByRole('region', { name: '邀请成员' }).getByRole('button', { name: '关闭' }).click();
    await page.getByLabel('电子邮箱').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
  }));

test('what cannot be shown names the page', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/products/prd_00000000000000000000000000');
    const said = await page.getByRole('heading', { level: 1 }).innerText();
    assert.ok((await page.title()).startsWith(said), `${await page.title()} is no name of ${said}`);
    forgive(page, /404/); // which the page itself is
  }));

test('what is missing to sign in is said at its field', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/sign-in');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('请填写电子邮箱。').waitFor();
    await page.getByText('请填写密码。').waitFor();
    assert.ok(await page.getByLabel('电子邮箱').evaluate((field) => field === document.activeElement));
  }));

test('when the server is away the page says so, and trying again goes on', (t) =>
  visit(t, {}, async (page) => {
    const release = await intercept(page, '**/graphql', (route) => route.abort('connectionrefused'));
    await open(page, '/');
    await page.getByRole('alert').filter({ hasText: '连不上服务器' }).waitFor();
    release();
    forgive(page, /CONNECTION_REFUSED/);
    await page.getByRole('button', { name: '重试' }).click();
    assert.ok((await total(page)) > 0);
    await page.getByRole('link', { name: '登录' }).waitFor();
  }));

test('a list that cannot go on says so, keeps what it shows, and goes on', (t) =>
  visit(t, {}, async (page) => {
    // A page of five of what the demo market has.
    const release = await intercept(page, '**/graphql', (route) => {
      const asked = route.request().postDataJSON();
      if (asked.operationName !== 'Resources') return route.continue();
      if (asked.variables.after) return route.abort('connectionrefused');
      return route.continue({ postData: JSON.stringify({ ...asked, variables: { ...asked.variables, first: 5 } }) });
    });
    await open(page, '/resources');
    const rows = page.getByRole('list', { name: '公共数据资源目录' }).getByRole('listitem');
    assert.equal(await rows.count(), 5);
    await page.getByRole('button', { name: '加载更多' }).click();
    await page.locator('#main').getByRole('status').filter({ hasText: '连不上服务器' }).waitFor();
    assert.equal(await rows.count(), 5);
    release();
    forgive(page, /CONNECTION_REFUSED/);
    await page.getByRole('button', { name: '加载更多' }).click();
    await page.waitForFunction(() => document.querySelectorAll('#main h2 a').length > 5);
    await page.locator('#main').getByText('连不上服务器').waitFor({ state: 'detached' });
  }));

test('who asks too often is told how long to wait', (t) =>
  visit(t, {}, async (page) => {
    const release = await intercept(page, '**/graphql', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '7', 'content-type': 'application/json' },
        json: { errors: [{ message: 'Wait.', extensions: { code: 'RATE_LIMITED', params: { seconds: 7 } } }] },
      }),
    );
    await open(page, '/');
    await page.getByRole('alert').filter({ hasText: '请 7 秒后再试' }).waitFor();
    release();
    forgive(page, /429/);
    await page.getByRole('button', { name: '重试' }).click();
    assert.ok((await total(page)) > 0);
  }));

test('when the session is over under a form, signing in goes on where it was', (t) =>
  visit(t, { as: 'welfare.admin' }, async (page) => {
    await open(page, '/organisation');
    await page.getByLabel('电子邮箱').fill('colleague@example.org');
    await page.context().clearCookies();
    await page.getByRole('button', { name: '生成邀请链接' }).click();
    const dialog = page.getByRole('dialog', { name: '登录已失效' });
    await dialog.waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('autocomplete') === 'username');
    await dialog.getByLabel('电子邮箱').fill('welfare.admin@demo.gongshu.example');
    await dialog.getByLabel('密码').fill('gongshu-demo');
    await dialog.getByRole('button', { name: '登录' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await settled(page);
    forgive(page, /401/); // what the page asked for while nobody was signed in
    assert.equal(await page.getByLabel('电子邮箱').inputValue(), 'colleague@example.org');
    await page.getByRole('button', { name: '生成邀请链接' }).click();
    await page.getByText('给 colleague@example.org 的邀请已生成').waitFor();
  }));

test('when the network goes under a form, the page and what was typed stay', (t) =>
  visit(t, { as: 'welfare.admin' }, async (page) => {
    await open(page, '/organisation');
    await page.getByLabel('电子邮箱').fill('friend@example.org');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '生成邀请链接' }).click();
    await page.getByText('连不上服务器').first().waitFor();
    await page.waitForTimeout(500); // what is shown is read again, and cannot be
    assert.equal(await page.getByLabel('电子邮箱').inputValue(), 'friend@example.org');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: '生成邀请链接' }).click();
    await page.getByText('给 friend@example.org 的邀请已生成').waitFor();
    forgive(page, /INTERNET_DISCONNECTED/);
  }));

test('who meets a closed page signs in and is back there, without being asked again', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/organisation');
    await page.getByRole('heading', { level: 1, name: '请先登录' }).waitFor();
    await page.locator('#main').getByRole('link', { name: '登录' }).click();
    await page.getByLabel('电子邮箱').fill('welfare.admin@demo.gongshu.example');
    await page.getByLabel('密码').fill('gongshu-demo');
    await page.getByRole('button', { name: '登录' }).click();
    await page.waitForURL((url) => url.pathname === '/organisation');
    await settled(page);
    await page.getByRole('heading', { level: 1, name: /基金会/ }).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
  }));

/** Presses Tab until something has the focus, and sees that this shows. */
async function tabTo(page, target) {
  const has = () => target.evaluate((element) => element === document.activeElement);
  for (let i = 0; i < 80 && !(await has()); i++) await page.keyboard.press('Tab');
  assert.ok(await has(), `Tab does not reach ${target}`);
  const shown = await page.evaluate(() => {
    const style = (element) => getComputedStyle(element);
    const rings = (element) => style(element).outlineStyle !== 'none' || style(element).boxShadow !== 'none';
    let element = document.activeElement;
    for (let up = 0; up < 3 && element; up++, element = element.parentElement) if (rings(element)) return true;
    return [...document.activeElement.querySelectorAll('*')].some(rings);
  });
  assert.ok(shown, `the focus on ${target} does not show`);
}

test('the catalogue is used by the keyboard alone', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: '跳到正文' });
    assert.ok(await skip.evaluate((element) => element === document.activeElement));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('combobox', { name: '搜索数据产品' }));
    await page.keyboard.type('公交');
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?&]q=/);
    const found = await total(page);
    await tabTo(page, page.getByRole('group', { name: '收费方式' }).getByRole('checkbox').first());
    await page.keyboard.press('Space');
    await page.waitForURL(/[?&]mode=/);
    assert.ok((await total(page)) <= found);
    await tabTo(page, page.getByRole('button', { name: /^移除/ }));
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.searchParams.has('mode'));
    const product = list(page).getByRole('link').first();
    await tabTo(page, product);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/products\/prd_/);
  }));

test('on a phone the facets open in a sheet, and Escape closes it', (t) =>
  visit(t, { width: 390 }, async (page) => {
    await open(page, '/');
    const all = await total(page);
    await page.getByRole('button', { name: '筛选' }).click();
    const sheet = page.getByRole('dialog', { name: '筛选' });
    await sheet.getByRole('group', { name: '交付方式' }).getByRole('checkbox').first().check();
    await page.waitForURL(/[?&]delivery=/);
    await sheet.getByRole('button', { name: /^查看 \d+ 个产品$/ }).click();
    await sheet.waitFor({ state: 'hidden' });
    assert.ok((await total(page)) < all);
    await page.getByRole('button', { name: '筛选' }).click();
    await sheet.waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    assert.ok(await page.getByRole('button', { name: '筛选' }).evaluate((button) => button === document.activeElement));
  }));

test('the large-type view is chosen in the header and stays', (t) =>
  visit(t, {}, async (page) => {
    const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    await open(page, '/');
    assert.equal(await size(), '16px');
    await page.getByRole('button', { name: '大字版' }).click();
    assert.equal(await size(), '20px');
    await page.reload();
    await settled(page);
    assert.equal(await size(), '20px');
    await page.getByRole('button', { name: '标准字号' }).click();
    assert.equal(await size(), '16px');
  }));

test('the language is chosen in the header or by the address, and stays', (t) =>
  visit(t, {}, async (page) => {
    await page.goto(`${base}/?q=公交`);
    await settled(page);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Data products' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    assert.match(await page.title(), /Data products/);
    assert.equal(new URL(page.url()).searchParams.get('q'), '公交');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Data products' }).waitFor();
    await page.goto(`${base}/?lang=zh-CN`);
    await page.getByRole('heading', { level: 1, name: '数据产品目录' }).waitFor();
    await page.goto(`${base}/`);
    await page.getByRole('heading', { level: 1, name: '数据产品目录' }).waitFor();
  }));

test('signing in opens the pages of each part somebody takes', (t) =>
  visit(t, {}, async (page) => {
    await signIn(page, 'operator.publisher');
    await page.getByRole('button', { name: /栏目与账号/ }).click();
    await page.getByRole('menuitem', { name: '运营机构' }).waitFor();
    await page.getByRole('menuitem', { name: '订单', exact: true }).waitFor();
  }));

test('the resources are searched by a name or an item, and the words stay in the address', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/resources');
    const box = page.getByRole('textbox', { name: '搜索公共数据资源' });
    await box.fill('上车人次'); // an item
    await box.press('Enter');
    await page.getByText('共 1 项资源').waitFor();
    await page.getByRole('link', { name: '公交线路客流数据' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('q'), '上车人次');
    await box.fill('没有这样的资源');
    await box.press('Enter');
    await page.getByText('没有符合条件的资源').waitFor();
    await page.getByRole('button', { name: '查看全部资源' }).click();
    await page.getByRole('link', { name: '公交线路客流数据' }).waitFor();
    assert.equal(await box.inputValue(), '');
  }));

test('Ctrl K goes to a product or a resource by typing', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/help');
    await page.keyboard.press('Control+k');
    const box = page.getByRole('dialog').getByRole('combobox');
    await box.fill('公交线路');
    await page.getByRole('option', { name: /公交线路小时客流/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: '公交线路小时客流' }).waitFor();
    await page.keyboard.press('Control+k');
    await box.fill('公交线路客流数据');
    await page.getByRole('option', { name: /^资源 *公交线路客流数据/ }).click();
    await page.getByRole('heading', { level: 1, name: '公交线路客流数据' }).waitFor();
    await page.keyboard.press('Control+k');
    await box.waitFor();
    // What could not be asked for is not said to be nothing.
    await page.route('**/graphql', (route) => route.abort('connectionrefused'));
    await box.fill('公交');
    await page.getByRole('dialog').getByText('连不上服务器').waitFor();
    forgive(page, /CONNECTION_REFUSED/);
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'hidden' });
  }));
