import { useEffect, useMemo, useState } from 'react';
import { useLoad } from '../../lib/graphql';
import type { Fault, Problem } from '../../lib/problem';
import type { Purpose } from '../../lib/schema.gql';
import { QuoteDocument, type QuoteQuery } from './quote.gql';

export type Quotation = NonNullable<QuoteQuery['quote']['quotation']>;

interface Asked {
  productId: string;
  planId: string | undefined;
  purpose: Purpose | undefined;
  quantity: string;
}

export interface Quoted {
  /** The price of what was asked last; stale while the next is on its way. */
  quotation: Quotation | undefined;
  stale: boolean;
  faults: Fault[];
  problem: Problem | undefined;
}

/** How long a quantity rests before it is asked for. */
const rest = 150;

/** Asks what a purchase would cost, a moment after the last change. */
export function useQuote(asked: Asked): Quoted {
  const key = JSON.stringify(asked);
  const [settled, setSettled] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), rest);
    return () => clearTimeout(timer);
  }, [key]);
  const { productId, planId, purpose, quantity } = JSON.parse(settled) as Asked;
  const whole = /^\d{1,12}$/.test(quantity) && Number(quantity) > 0;
  const pause = !planId || !purpose || !whole;
  const variables = useMemo(
    () => ({
      input: {
        productId,
        planId: planId ?? '',
        purpose: purpose ?? ('INDUSTRY' as Purpose),
        quantity: Number(quantity),
      },
    }),
    [productId, planId, purpose, quantity],
  );
  const { data, loading, stale, problem } = useLoad(QuoteDocument, variables, { pause });
  if (pause) return { quotation: undefined, stale: false, faults: [], problem: undefined };
  return {
    quotation: data?.quote.quotation ?? undefined,
    stale: stale || loading || settled !== key,
    faults: data?.quote.errors ?? [],
    problem,
  };
}
