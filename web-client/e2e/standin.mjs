// What people and banks do at the provider of cards that another program stands in for.
import assert from 'node:assert/strict';

/** Its address; undefined where none is set up. */
export const stripe = process.env.GONGSHU_STRIPE;

/** Does something there. */
export async function does(control, values) {
  const answer = await fetch(`${stripe}/standin/${control}`, { method: 'POST', body: new URLSearchParams(values) });
  assert.equal(answer.status, 204, `${control} was answered ${answer.status}`);
}

export const state = async () => (await fetch(`${stripe}/standin/state`)).json();

/** The session that was paid last. */
export async function paidLast() {
  const { Sessions: sessions } = await state();
  return sessions.filter((one) => one.PaymentStatus === 'paid').at(-1).ID;
}
