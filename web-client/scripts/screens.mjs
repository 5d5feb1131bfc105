// Takes the pictures of docs/screens/ from the running program, whose demo market is fresh: scripts/demo starts one.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch, open, signIn, watch } from '../e2e/browser.mjs';
import { as, freeUseApplication } from '../e2e/scene.mjs';

const folder = fileURLToPath(new URL('../../docs/screens', import.meta.url));
mkdirSync(folder, { recursive: true });

/** Buys some products, so that there is something to share and to decide on; gives what the pictures are of. */
async function prepare() {
  const buyer = await as('bank.buyer');
  const { licence, products } = await buyer.ask(
    '{ licence { version } products(first: 12) { edges { node { id name plans { id mode } } } } }',
  );
  const quantities = { PER_CALL: 1200, PER_PERIOD: 1, PER_VOLUME: 80, PER_PRODUCT: 1 };
  for (const [i, { node }] of products.edges.entries()) {
    const [plan] = node.plans;
    const { order } = await buyer.send(
      'mutation ($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code message } } }',
      {
        i: {
          productId: node.id,
          planId: plan.id,
          purpose: 'INDUSTRY',
          quantity: quantities[plan.mode],
          licenceVersion: licence.version,
          idempotencyKey: `screens-${i}`,
        },
      },
    );
    await buyer.send(
      'mutation ($id: ID!, $i: OrderPayInput!) { orderPay(id: $id, input: $i) { errors { code message } } }',
      {
        id: order.id,
        i: { provider: 'test', idempotencyKey: `screens-${i}` },
      },
    );
  }
  const called = products.edges
    .map((edge) => edge.node)
    .find((node) => node.plans.some((plan) => plan.mode === 'PER_CALL'));
  const plan = called.plans.find((one) => one.mode === 'PER_CALL');
  const choice = new URLSearchParams({ purpose: 'INDUSTRY', plan: plan.id, quantity: '1200' });
  await freeUseApplication();
  const application = await freeUseApplication('为视障人士规划公交出行，结果只用于公益导乘。');
  return {
    product: `/products/${called.id}?${choice}`,
    checkout: `/checkout/${called.id}?${choice}`,
    application: application.id,
  };
}

const made = await prepare();
const browser = await launch();
try {
  for (const [name, person, path] of [
    ['catalogue', undefined, '/'],
    ['product', 'bank.buyer', made.product],
    ['checkout', 'bank.buyer', made.checkout],
    ['review-desk', 'agency.approver', `/review/${made.application}`],
    ['revenue', 'operator.finance', '/operator/revenue'],
  ]) {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
    });
    const page = await watch(await context.newPage());
    if (person) await signIn(page, person);
    await open(page, path);
    await page.waitForTimeout(800); // a chart draws itself
    await page.screenshot({ path: `${folder}/${name}.png` });
    console.log(`docs/screens/${name}.png`);
    await context.close();
  }
} finally {
  await browser.close();
}
