import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { type Fault, type Problem, problemOf } from '../../lib/problem';
import { QuoteDocument, type QuoteInput, type QuoteQuery } from './quote.gql';

export type Quotation = NonNullable<QuoteQuery['quote']['quotation']>;

export interface Quote {
  /** The newest answer; of another question while stale. */
  quotation: Quotation | undefined;
  faults: Fault[];
  problem: Problem | undefined;
  /** What is shown is not, or not yet, the answer to what is asked. */
  stale: boolean;
  again: () => void;
}

/** How long typing has to rest before the price is asked. */
const rest = 150;

/** Asks what a purchase would cost, a moment after it last changed; null asks nothing. */
export function useQuote(input: QuoteInput | null): Quote {
  const client = useClient();
  const [round, setRound] = useState(0);
  const asked = input && `${round} ${JSON.stringify(input)}`;
  const [answer, setAnswer] = useState<{
    of: string;
    quotation?: Quotation;
    faults: Fault[];
    problem?: Problem;
  }>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked says all of the input
  useEffect(() => {
    if (!asked || !input) return;
    let current = true;
    const timer = setTimeout(async () => {
      const result = await client.query(QuoteDocument, { input }, { requestPolicy: 'network-only' }).toPromise();
      if (!current) return;
      const payload = result.data?.quote;
      setAnswer({
        of: asked,
        quotation: payload?.quotation ?? undefined,
        faults: payload?.errors ?? [],
        problem: payload ? undefined : problemOf(result.error),
      });
    }, rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [asked, client]);

  const stale = asked !== null && answer?.of !== asked;
  return {
    quotation: asked === null ? undefined : answer?.quotation,
    faults: asked === null || stale ? [] : (answer?.faults ?? []),
    problem: asked === null || stale ? undefined : answer?.problem,
    stale,
    again: () => setRound((now) => now + 1),
  };
}
