// The pages that no journey of their own looks at: each keeps what screens promise, for whom it is.
import { before, test } from 'node:test';
import { checkScreen, visit } from './harness.mjs';
import { as } from './scene.mjs';

const made = {};
before(async () => {
  const buyer = await as('bank.buyer');
  const { licence, products, resources } = await buyer.ask(
    '{ licence { version } products(first: 1, filter: { chargingModes: [PER_CALL] }) { edges { node { id plans { id mode } } } } resources(first: 1) { edges { node { id } } } }',
  );
  const [{ node }] = products.edges;
  const key = () => `screens-${Math.random()}`;
  const place = async () =>
    (
      await buyer.send(
        'mutation ($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code message } } }',
        {
          i: {
            productId: node.id,
            planId: node.plans.find((plan) => plan.mode === 'PER_CALL').id,
            purpose: 'INDUSTRY',
            quantity: 1000,
            licenceVersion: licence.version,
            idempotencyKey: key(),
          },
        },
      )
    ).order.id;
  made.placed = await place();
  made.paid = await place();
  const paid = await buyer.send(
    'mutation ($id: ID!, $i: OrderPayInput!) { orderPay(id: $id, input: $i) { entitlement { id } errors { code message } } }',
    { id: made.paid, i: { provider: 'test', idempotencyKey: key() } },
  );
  made.right = paid.entitlement.id;
  await buyer.send(
    'mutation ($id: ID!, $i: CredentialIssueInput!) { credentialIssue(entitlementId: $id, input: $i) { credential { id } errors { code message } } }',
    { id: made.right, i: { idempotencyKey: key() } },
  );
  made.resource = resources.edges[0].node.id;
  const source = await as('development.source');
  const { viewer } = await source.ask('{ viewer { organisation { id } } }');
  const own = await source.ask(
    'query ($id: ID!) { resources(filter: { sourceUnitId: $id }, first: 1) { edges { node { id } } } }',
    {
      id: viewer.organisation.id,
    },
  );
  made.own = own.resources.edges[0].node.id;
});

for (const [person, name, path] of [
  [undefined, 'the resources', () => '/resources'],
  [undefined, 'a resource', () => `/resources/${made.resource}`],
  [undefined, 'the price list', () => '/prices'],
  [undefined, 'what is disclosed', () => '/disclosure'],
  [undefined, 'the help', () => '/help'],
  [undefined, 'signing in', () => '/sign-in'],
  [undefined, 'signing up', () => '/sign-up'],
  [undefined, 'an invitation', () => '/invitation'],
  ['bank.admin', "one's organisation", () => '/organisation'],
  ['bank.buyer', 'the notifications', () => '/notifications'],
  ['bank.buyer', 'the orders', () => '/orders'],
  ['bank.buyer', 'an order to pay', () => `/orders/${made.placed}`],
  ['bank.buyer', 'an order that was paid', () => `/orders/${made.paid}`],
  ['bank.buyer', 'the rights', () => '/data'],
  ['bank.buyer', 'a right', () => `/data/${made.right}`],
  ['operator.finance', 'the revenue', () => '/operator/revenue'],
  ['operator.finance', 'the sales', () => '/operator/orders'],
  ['operator.finance', 'the usage', () => '/operator/usage'],
  ['development.source', 'the resources of a source unit', () => '/source/resources'],
  ['development.source', 'a resource of its own', () => `/source/resources/${made.own}`],
  ['development.source', 'the income', () => '/source/income'],
]) {
  test(`${name} keep what screens promise`, (t) =>
    visit(t, person ? { as: person } : {}, (page) => checkScreen(page, path())));
}
