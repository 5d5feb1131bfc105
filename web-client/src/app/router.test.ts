import { expect, test } from 'vitest';
import { router } from './router';

/** The members of addresses that may say anything, up to a length. */
const open = ['q'];

/** The members that are codes of the server's policies: any code by its form; the server knows which there are. */
const codes = ['scenario'];

type Validate = (search: Record<string, unknown>) => Record<string, unknown>;
const routes = Object.values(router.routesById).flatMap((route) => {
  const validate = route.options.validateSearch as Validate | undefined;
  return validate ? [{ id: route.id as string, validate }] : [];
});

test('routes whose addresses say something are found', () => expect(routes.length).toBeGreaterThan(15));

const forged = [
  'FOO',
  '-1',
  -1,
  1.5,
  'x'.repeat(1000),
  true,
  null,
  ['FOO'],
  [{}],
  { FOO: 1 },
  '//elsewhere.example',
  '9999-99',
];

test.each(routes)('nothing forged comes through the address of $id', ({ validate }) => {
  const members = Object.keys(validate({}));
  expect(members.length).toBeGreaterThan(0);
  for (const value of forged) {
    const search = Object.fromEntries(members.map((member) => [member, value]));
    // The router keeps what is not answered.
    const taken: Record<string, unknown> = { ...search, ...validate(search) };
    for (const member of members) {
      if (open.includes(member)) {
        expect(['undefined', 'string']).toContain(typeof taken[member]);
        expect(String(taken[member] ?? '').length).toBeLessThanOrEqual(201);
      } else if (codes.includes(member) && value === 'FOO') expect([undefined, value]).toContain(taken[member]);
      else if (value === true && (member === 'unread' || member === 'sent')) expect(taken[member]).toBe(true);
      else expect({ member, value, taken: taken[member] }).toEqual({ member, value, taken: undefined });
    }
  }
});
