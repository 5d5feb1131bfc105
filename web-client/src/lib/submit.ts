import { useCallback, useRef, useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql';
import { type Problem, problemOf } from './problem';

export type UserError = {
  code: string;
  message: string;
  field?: string | null;
  params: { name: string; value: string }[];
};

/** What a submission came to; exactly one of the parts has something in it unless it succeeded. */
export type Outcome<Payload> = { payload?: Payload; errors: UserError[]; problem?: Problem };

/**
 * Runs a mutation. Every mutation has one root field whose payload lists the person's errors: pick takes it.
 * What was typed is the form's own state, so nothing that fails here loses it.
 */
export function useSubmit<Data, Variables extends AnyVariables, Payload extends { errors: UserError[] }>(
  mutation: TypedDocumentNode<Data, Variables>,
  pick: (data: Data) => Payload,
) {
  const client = useClient();
  const running = useRef(false);
  const [pending, setPending] = useState(false);
  const [outcome, setOutcome] = useState<Outcome<Payload>>({ errors: [] });

  const submit = useCallback(
    async (variables: Variables): Promise<Payload | undefined> => {
      if (running.current) return undefined; // a second press while the first is under way
      running.current = true;
      setPending(true);
      try {
        const result = await client.mutation(mutation, variables).toPromise();
        const payload = result.data ? pick(result.data) : undefined;
        setOutcome({
          payload,
          errors: payload?.errors ?? [],
          problem: result.error ? problemOf(result.error) : undefined,
        });
        return payload && !result.error && payload.errors.length === 0 ? payload : undefined;
      } finally {
        running.current = false;
        setPending(false);
      }
    },
    [client, mutation, pick],
  );

  const at = (field: string) => outcome.errors.filter((error) => error.field === field);
  return { submit, pending, ...outcome, at };
}

/** A key for one content of a form: a retry keeps it, a changed content gets a new one; renew it after success. */
export function useIdempotencyKey() {
  const kept = useRef<{ content: string; key: string }>(undefined);
  return {
    keyFor(content: unknown) {
      const text = JSON.stringify(content);
      if (kept.current?.content !== text) kept.current = { content: text, key: crypto.randomUUID() };
      return kept.current.key;
    },
    renew() {
      kept.current = undefined;
    },
  };
}
