import { useCallback, useState } from 'react';
import { newId } from '../../lib/id';
import { type Fault, lost, type Problem } from '../../lib/problem';
import { ofTab } from '../../lib/store';
import { useSubmit } from '../../lib/submit';
import { type Payable, usePay } from '../orders/use-pay';
import { CheckoutIssueDocument } from './issue.gql';
import { CheckoutPlaceDocument, type OrderPlaceInput } from './place.gql';
import { CheckoutRotateDocument } from './rotate.gql';

const held = 'gongshu.checkout';

/**
 * The idempotency key of a purchase. It outlives a reload: an order whose answer was lost is found again by it, and not placed
 * twice. It is dropped once the order is paid or cancelled.
 */
function keyOf(content: unknown): string {
  const text = JSON.stringify(content);
  const before = JSON.parse(ofTab.get(held) ?? 'null') as { content: string; key: string } | null;
  if (before?.content === text) return before.key;
  const key = newId();
  ofTab.set(held, JSON.stringify({ content: text, key }));
  return key;
}

const dropKey = () => ofTab.remove(held);

type Step = 'place' | 'pay' | 'issue';

export interface Purchase {
  /** What is being done. */
  step: Step | undefined;
  /** Why the last step was refused, or did not come through. */
  faults: Fault[];
  problem: Problem | undefined;
  /** The last step was the payment, and its answer was lost. */
  unanswered: boolean;
  /** The secret of the credential that was just issued. */
  secret: string | undefined;
  /** Places the order and goes on to pay it by a provider; told its id as soon as there is one. */
  buy: (
    input: Omit<OrderPlaceInput, 'idempotencyKey'>,
    total: string,
    provider: string | undefined,
    placed: (id: string) => void,
  ) => Promise<void>;
  /** Pays an order, and goes on to issue the credential. */
  pay: (order: Payable, provider: string) => Promise<void>;
  /** Makes a credential beside those that there were before, so that one that ended does not stand for the new one. */
  issue: (entitlementId: string, before: number) => Promise<void>;
  /** Replaces a credential whose secret is lost. */
  rotate: (credentialId: string) => Promise<void>;
}

/** The steps of a purchase, each under a key of its own, so that each may be sent again and is done once. */
export function usePurchase(): Purchase {
  const place = useSubmit(CheckoutPlaceDocument, { typenames: ['Order'] });
  const payment = usePay();
  const issuing = useSubmit(CheckoutIssueDocument, { typenames: ['Entitlement', 'Credential'] });
  const rotating = useSubmit(CheckoutRotateDocument, { typenames: ['Entitlement', 'Credential'] });
  const [step, setStep] = useState<Step>();
  const [secret, setSecret] = useState<string>();

  const issue = useCallback(
    async (entitlementId: string, before: number) => {
      setStep('issue');
      const outcome = await issuing.submit({ entitlementId, input: { idempotencyKey: `${entitlementId}.${before}` } });
      if (outcome?.done) setSecret(outcome.data.credentialIssue.secret ?? undefined);
      setStep(undefined);
    },
    [issuing.submit],
  );

  const rotate = useCallback(
    async (credentialId: string) => {
      setStep('issue');
      const outcome = await rotating.submit({ id: credentialId, idempotencyKey: `${credentialId}.rotate` });
      if (outcome?.done) setSecret(outcome.data.credentialRotate.secret ?? undefined);
      setStep(undefined);
    },
    [rotating.submit],
  );

  const pay = useCallback(
    async (order: Payable, provider: string) => {
      setStep('pay');
      const entitlement = await payment.pay(order, provider);
      if (!entitlement) {
        setStep(undefined);
        return;
      }
      dropKey();
      await issue(entitlement.id, 0);
    },
    [payment.pay, issue],
  );

  const buy = useCallback(
    async (
      input: Omit<OrderPlaceInput, 'idempotencyKey'>,
      total: string,
      provider: string | undefined,
      placed: (id: string) => void,
    ): Promise<void> => {
      setStep('place');
      const outcome = await place.submit({ input: { ...input, idempotencyKey: keyOf(input) } });
      const order = outcome?.done ? outcome.data.orderPlace.order : undefined;
      if (!order) {
        setStep(undefined);
        return;
      }
      if (order.status === 'CANCELLED' || order.status === 'EXPIRED') {
        // An order of before, which has ended since: this is another one.
        dropKey();
        return buy(input, total, provider, placed);
      }
      if (order.status === 'PAID') dropKey();
      placed(order.id);
      // What costs nothing now is confirmed already.
      if (order.entitlement?.credentials.length === 0) {
        await issue(order.entitlement.id, 0);
        return;
      }
      // What was agreed to is the price that was shown: at another one the order waits for a word.
      if (provider && order.status === 'PLACED' && order.total.amount === total) {
        await pay(order, provider);
      } else setStep(undefined);
    },
    [place.submit, pay, issue],
  );

  const last = [place, payment, issuing, rotating].filter((one) => one.problem || one.faults.length > 0).at(-1);
  const unanswered = last === payment && payment.problem !== undefined && lost.has(payment.problem.kind);
  return { step, faults: last?.faults ?? [], problem: last?.problem, unanswered, secret, buy, pay, issue, rotate };
}
