import type { TypedDocumentNode } from '@urql/core';
import { useCallback, useRef, useState } from 'react';
import { useClient } from 'urql';
import { changedHere } from './events';
import { newId } from './id';
import { type Fault, lost, type Problem, problemOf } from './problem';

/** What every mutation answers with: what went wrong for the person, beside what was done. */
interface Payload {
  errors: Fault[];
}

/** What became of one sending: it was done, was refused for these reasons, or did not come through. */
export type Outcome<Data> =
  | { done: true; data: Data }
  | { done: false; faults: Fault[]; problem?: undefined }
  | { done: false; faults: Fault[]; problem: Problem };

export interface Submit<Data, Variables> {
  /** Sends it; while one is on its way another does nothing and answers undefined. */
  submit: (variables: Variables) => Promise<Outcome<Data> | undefined>;
  pending: boolean;
  /** Why the last one was refused; gone with the next. */
  faults: Fault[];
  /** Why the last one did not come through; what was typed is kept, and it may be sent again. */
  problem: Problem | undefined;
  reset: () => void;
}

/** Sends a mutation, of which a document has one. */
export function useSubmit<Data extends object, Variables extends Record<string, unknown>>(
  mutation: TypedDocumentNode<Data, Variables>,
  options: { typenames?: string[] } = {},
): Submit<Data, Variables> {
  const client = useClient();
  const [state, setState] = useState<{ pending: boolean; faults: Fault[]; problem?: Problem }>({
    pending: false,
    faults: [],
  });
  const busy = useRef(false);
  const typenames = options.typenames?.join(' ');

  const submit = useCallback(
    async (variables: Variables): Promise<Outcome<Data> | undefined> => {
      if (busy.current) return undefined;
      busy.current = true;
      setState({ pending: true, faults: [] });
      const result = await client
        .mutation(mutation, variables, { additionalTypenames: typenames ? typenames.split(' ') : [] })
        .toPromise();
      busy.current = false;
      if (result.error || !result.data) {
        const problem = problemOf(result.error);
        const faults = problem.fault && problem.kind === 'refused' ? [problem.fault] : [];
        setState({ pending: false, faults, problem: faults.length > 0 ? undefined : problem });
        // It may have been done all the same: what is shown is read again, and says what became of it.
        if (typenames && lost.has(problem.kind)) changedHere(typenames.split(' '));
        return { done: false, faults, problem };
      }
      const faults = (Object.values(result.data) as (Payload | null)[]).flatMap((payload) => payload?.errors ?? []);
      setState({ pending: false, faults });
      if (faults.length > 0) return { done: false, faults };
      if (typenames) changedHere(typenames.split(' '));
      return { done: true, data: result.data };
    },
    [client, mutation, typenames],
  );
  return {
    submit,
    ...state,
    problem: state.problem,
    reset: useCallback(() => setState({ pending: false, faults: [] }), []),
  };
}

/** The refusal of a field, by the path that the API gives it: input.quantity, or one below it: input.bands.0.rate. */
export function faultAt(faults: Fault[], path: string): Fault | undefined {
  return faults.find((fault) => fault.field === path || fault.field?.startsWith(`${path}.`));
}

/** A content that was sent, and its key. */
export interface Keyed {
  content: string;
  key: string;
}

/**
 * The idempotency key of what is being sent: the same as long as the content is the same, so that a second press or a retry
 * after a lost answer is the same act, and another as soon as the content changes or the act was done (renew). It begins with
 * what was held before, and says what it holds to who keeps that.
 */
export function useIdempotencyKey(before?: Keyed, keep?: (held: Keyed | undefined) => void) {
  const held = useRef(before);
  const hold = (next: Keyed | undefined) => {
    held.current = next;
    keep?.(next);
  };
  const keyOf = (content: unknown): string => {
    const text = JSON.stringify(content);
    if (held.current?.content === text) return held.current.key;
    const key = newId();
    hold({ content: text, key });
    return key;
  };
  return { keyOf, renew: () => hold(undefined) };
}
