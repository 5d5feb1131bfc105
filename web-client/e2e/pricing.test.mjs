// From the cost survey to the cap: each screen keeps what screens promise, and the journey of a cap that stops a plan.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { base, checkScreen, open, settled, visit } from './harness.mjs';
import { as } from './scene.mjs';

const made = {};
const year = new Date().getFullYear();
const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;

/** A cost survey of a year of the operator's, far enough from those of other tests. */
async function report(of) {
  const finance = await as('operator.finance');
  const { proceeding } = await finance.send(
    'mutation ($i: CostSurveyReportInput!) { costSurveyReport(input: $i) { proceeding { id } errors { code message field } } }',
    {
      i: {
        year: of,
        cycle: { from: of, years: 1 },
        sourceDocument: '成本调查报告（演示）',
        evidence: [],
        idempotencyKey: mark(),
        survey: {
          lines: [
            { category: 'PLATFORM', scope: 'INDUSTRY', name: '平台运维', amount: '1000000.00' },
            { category: 'LABOUR', scope: 'SHARED', name: '人工', amount: '500000.00', key: '工时', units: 1, total: 2 },
          ],
          subsidy: '0',
          tax: { kind: 'PROPORTIONAL', rate: '0.06' },
          yieldPercent: '1.85',
          spreadPoints: '3',
        },
      },
    },
  );
  return proceeding.id;
}

before(async () => {
  const finance = await as('operator.finance');
  const { viewer } = await finance.ask('{ viewer { organisation { id } } }');
  made.operator = viewer.organisation.id;
  const taken = await finance.ask(
    'query ($id: ID!) { permittedRevenues(operatorId: $id, first: 100) { edges { node { year status proceeding { id } } } } }',
    { id: made.operator },
  );
  const years = taken.permittedRevenues.edges.map((edge) => edge.node.year);
  made.year = Math.max(year + 3, ...years) + 1;
  made.survey = await report(made.year);
  const { operatorProducts } = await finance.ask(
    '{ operatorProducts(status: LISTED, first: 40) { edges { node { id name plans { id name mode trial } } } } }',
  );
  made.product = operatorProducts.edges
    .map((edge) => edge.node)
    .find((one) => one.plans.some((plan) => plan.mode === 'PER_CALL' && !plan.trial));
  assert.ok(made.product, 'the demo market has a product per call under a cap');
});

const screens = [
  ['operator.finance', 'prices and permitted revenue', () => '/operator/pricing'],
  ['operator.finance', 'reporting a cost survey', () => '/operator/pricing/survey'],
  ['price.approver', 'a cost survey on the desk', () => `/review/${made.survey}`],
  ['price.approver', 'the permitted revenues', () => '/pricing'],
  ['agency.approver', 'the permitted revenue of an operator', () => `/pricing/${made.operator}`],
  [undefined, 'the calculators', () => '/calculators'],
  [undefined, 'the calculator of permitted revenue', () => '/calculators/permitted-revenue'],
  [undefined, 'the calculator of deviation', () => '/calculators/deviation'],
  [undefined, 'the calculator of charges', () => '/calculators/charge'],
  [undefined, 'the calculator of shares', () => '/calculators/split'],
];
for (const [person, name, path] of screens) {
  test(`${name} keeps what screens promise`, (t) =>
    visit(t, person ? { as: person } : {}, (page) => checkScreen(page, path())));
}

test('whoever of the operator opens its prices reads its price report', async (t) => {
  for (const person of ['operator.finance', 'operator.publisher', 'operator.controller', 'price.approver']) {
    const { priceReport } = await (await as(person)).ask(
      'query ($id: ID!, $year: Int!) { priceReport(operatorId: $id, year: $year) { products { name } cost { amount } } }',
      { id: made.operator, year },
    );
    const { cost, products } = priceReport;
    assert.ok(cost && products.length > 0, 'the demo market has a year that costs and earns');
    await visit(t, { as: person }, async (page) => {
      await open(page, person.startsWith('operator.') ? '/operator/pricing' : `/pricing/${made.operator}`);
      await page.getByRole('link', { name: '年度价格报告' }).click();
      await page.getByRole('heading', { level: 1, name: `${year} 年价格执行情况报告` }).waitFor();
      const figures = page.getByRole('region', { name: `${year} 年价格执行情况报告` });
      await figures.getByText(Number(cost.amount).toLocaleString('en', { minimumFractionDigits: 2 })).waitFor();
      await page.getByRole('rowheader', { name: products[0].name, exact: true }).first().waitFor();
      if (person !== 'operator.finance') return;
      await checkScreen(page, new URL(page.url()).pathname, {
        ready: () =>
          page
            .getByRole('rowheader')
            .nth(products.length - 1)
            .waitFor(),
      });
    });
  }
});

test('a cost survey is reported, and a spread above the law is refused at its field', (t) =>
  visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, '/operator/pricing/survey');
    await page.locator('#year').fill(String(made.year + 1));
    await page.locator('[id="cycle.from"]').fill(String(made.year + 1));
    await page.locator('[id="cycle.years"]').fill('1');
    await page.locator('[id="survey.lines.0.name"]').fill('平台运维');
    await page.locator('[id="survey.lines.0.amount"]').fill('100');
    await page.locator('[id="survey.yieldPercent"]').fill('2');
    await page.locator('[id="survey.spreadPoints"]').fill('6.01');
    await page.locator('#sourceDocument').fill('成本调查报告（演示）');
    await page.getByRole('button', { name: '提交申报' }).click();
    await page.locator('[id="survey.spreadPoints"][aria-invalid=true]').waitFor();
    await page.getByText('在国债收益率基础上加 0 到 6 个百分点').first().waitFor();
    await page.locator('[id="survey.spreadPoints"]').fill('6');
    // 100 at 8 % and a tax of 6 % of revenue: 108 / 0.94, as the API computes it.
    await page.getByText('¥114.89').waitFor();
    await page.getByRole('button', { name: '提交申报' }).click();
    await page.waitForURL('**/operator/pricing?year=*');
    await page.getByText('审批中').first().waitFor();
  }));

test('price authority and agency approve, and the year has its permitted revenue', async (t) => {
  for (const person of ['price.approver', 'agency.approver']) {
    await visit(t, { as: person }, async (page) => {
      await open(page, `/review/${made.survey}`);
      await page.getByText('最高准许收入').first().waitFor();
      await page.getByRole('radio', { name: '同意', exact: true }).check();
      await page.getByRole('textbox', { name: /理由/ }).fill('成本真实，分摊合理。');
      await page.getByRole('button', { name: '同意', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).click();
      await page.getByText('已同意').first().waitFor();
      if (person !== 'agency.approver') return;
      // What was approved last leads on to the caps under it.
      await page.waitForURL(`**/pricing/${made.operator}?year=${made.year}`);
      await page.getByText('尚未开始').waitFor();
      assert.equal(await page.getByText('容差').count(), 0);
      await page.getByRole('link', { name: '核定上限' }).click();
      await page.getByRole('link', { name: made.product.name }).first().waitFor();
    });
  }
  await visit(t, { as: 'operator.finance' }, async (page) => {
    await open(page, `/operator/pricing?year=${made.year}`);
    await page.getByText(`${made.year} 年最高准许收入`).waitFor();
    await page.getByText('¥1,394,281.91').first().waitFor();
  });
});

test('a cap is set that stops a plan: it is shown, told and refused', async (t) => {
  const agency = await as('agency.approver');
  const plan = made.product.plans.find((one) => one.mode === 'PER_CALL' && !one.trial);
  await visit(t, { as: 'agency.approver' }, async (page) => {
    await open(page, `/agency/products/${made.product.id}`);
    await page.getByRole('combobox', { name: '计费方式' }).click();
    await page.getByRole('option', { name: '按次' }).click();
    await page.getByRole('textbox', { name: /^上限/ }).fill('0.000001');
    const caps = await agency.ask('query ($id: ID!) { product(id: $id) { caps { effectiveOn } } }', {
      id: made.product.id,
    });
    const last = caps.product.caps
      .map((cap) => cap.effectiveOn)
      .sort()
      .at(-1);
    const day = new Date(Date.parse(last) + 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel('生效日期').fill(day);
    await page.getByRole('textbox', { name: '预计数量' }).fill('1');
    await page
      .getByLabel('依据文件')
      .or(page.getByLabel('文件', { exact: false }))
      .first()
      .fill('收费标准批复（演示）');
    await page.getByRole('textbox', { name: /理由/ }).fill('按成本调查下调');
    await page.getByRole('button', { name: '设定上限' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '设定上限' }).click();
    await page.getByText('上限已设定').first().waitFor();
    await page.getByRole('table', { name: '上限收费标准' }).getByText(plan.name).first().waitFor();
  });
  await visit(t, { as: 'operator.publisher' }, async (page) => {
    await open(page, '/notifications');
    const told = page.getByRole('listitem').filter({ hasText: '核定上限收费标准' }).first();
    await told.getByText('按次 ¥0.000001').waitFor();
    await told.getByText('将停售 1 个收费方案').waitFor();
    assert.equal(await page.getByText(/PER_[A-Z]+|停售 0 个/).count(), 0);
  });
  // Today the plan is still sold, and one above the cap in force is refused as it is added.
  const publisher = await as('operator.publisher');
  const { planAdd } = await publisher.ask(
    'mutation ($id: ID!, $i: PlanInput!) { planAdd(productId: $id, input: $i) { errors { code field } } }',
    {
      id: made.product.id,
      i: { name: '超上限', mode: 'PER_CALL', scheme: 'FLAT', bands: [{ rate: '99999' }], termMonths: 12 },
    },
  );
  assert.equal(planAdd.errors[0]?.code, 'PRICE_OVER_CAP');
  const { product } = await agency.ask('query ($id: ID!) { product(id: $id) { status plans { id stoppedBy } } }', {
    id: made.product.id,
  });
  assert.equal(product.status, 'LISTED');
  assert.equal(product.plans.find((one) => one.id === plan.id).stoppedBy, null);
});

test('the calculators answer by the rules, without signing in', (t) =>
  visit(t, {}, async (page) => {
    await open(page, '/calculators/deviation');
    await page.locator('#actual').fill('110.01');
    await page.locator('#permitted').fill('100');
    await page.getByRole('button', { name: '计算' }).click();
    await page.getByText('授权主体调整上限').waitFor();
    await page.locator('#actual').fill('109');
    await page.getByRole('button', { name: '计算' }).click();
    await page.getByText('运营机构调整收费标准').waitFor();

    await open(page, '/calculators/charge');
    await page.locator('[id="plan-bands.0.rate"]').fill('0.5');
    await page.locator('[id="uses.0.quantity"]').fill('7');
    await page.getByRole('button', { name: '计算' }).click();
    await page.getByText('¥3.50').first().waitFor();

    await open(page, '/calculators/split');
    await page.locator('#amount').fill('100.01');
    await page.locator('[id="parts.0.contributor"]').fill('甲');
    await page.locator('[id="parts.1.contributor"]').fill('乙');
    await page.getByRole('combobox', { name: '分配方式' }).click();
    await page.getByRole('option', { name: '沙普利值' }).click();
    for (const [set, value] of [
      ['甲', 10],
      ['乙', 20],
      ['甲 + 乙', 50],
    ])
      await page.getByLabel(set, { exact: true }).fill(String(value));
    await page.getByRole('button', { name: '计算' }).click();
    await page.getByText('¥60.01').waitFor();
    await page.getByText('¥40.00').waitFor();
    await settled(page);
  }));

test('the files of a price report', async () => {
  const nobody = await fetch(`${base}/reports/prices.xlsx?operatorId=${made.operator}&year=${year}`);
  assert.equal(nobody.status, 401);
});
