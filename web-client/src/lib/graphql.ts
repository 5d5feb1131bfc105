import {
  Client,
  type CombinedError,
  cacheExchange,
  type DocumentInput,
  fetchExchange,
  makeOperation,
  mapExchange,
  type Operation,
  type TypedDocumentNode,
} from '@urql/core';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { useChanges } from './events';
import { type Problem, type ProblemKind, problemOf } from './problem';
import { tellProblem } from './session';

/**
 * What an answer may be, by the kind of operation. The server would stream a plain query to whoever offers to take a stream,
 * so only subscriptions do.
 */
export const accept = {
  answer: 'application/graphql-response+json, application/json;q=0.9',
  stream: 'text/event-stream',
} as const;

/** Where the API is: this site's own. */
export const endpoint = '/graphql';

/** As which organisation this page lets its person act; the server refuses what it sends for another. */
let shown: string | undefined;
export function showAs(organisationId: string | undefined) {
  shown = organisationId;
}

/** The header that says for whom a page believes to ask. */
export const actingAs = (): Record<string, string> => (shown ? { 'gongshu-acting-as': shown } : {});

/** What changes who one is, and says so itself. */
const identity = new Set(['SignIn', 'SignUp', 'SignOut', 'SwitchOrganisation', 'InvitationAccept']);

/** Says with a mutation for whom the page believes to send it. */
function withShown(operation: Operation): Operation {
  const name = operation.query.definitions.find((definition) => 'operation' in definition)?.name?.value ?? '';
  if (operation.kind !== 'mutation' || !shown || identity.has(name)) return operation;
  const headers = { accept: accept.answer, ...actingAs() };
  return makeOperation('mutation', operation, {
    ...operation.context,
    fetchOptions: { credentials: 'same-origin', headers },
  });
}

/** Makes the client of this tab. */
export function makeClient(): Client {
  return new Client({
    url: endpoint,
    exchanges: [
      mapExchange({ onOperation: withShown, onResult: ({ error }) => error && tellProblem(problemOf(error)) }),
      cacheExchange,
      fetchExchange,
    ],
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: { credentials: 'same-origin', headers: { accept: accept.answer } },
  });
}

/** What a query is doing, as screens need it: the data if there is any, stale while newer is asked for, or the problem. */
export interface Loaded<Data> {
  data: Data | undefined;
  /** The first answer is still awaited. */
  loading: boolean;
  /** Data or a problem is shown, and newer is being asked for. */
  stale: boolean;
  problem: Problem | undefined;
  reload: () => void;
  /** How many events this tab had been told of (toldNow) when what is shown was read again for one of them: it is from after these. */
  asOf: number;
}

/** Asks a query, and again whenever its variables change or what it touched was changed by a mutation. */
export function useLoad<Data, Variables extends Record<string, unknown>>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: { pause?: boolean; typenames?: string[] } = {},
): Loaded<Data> {
  const typenames = options.typenames?.join(' ');
  const context = useMemo(() => ({ additionalTypenames: typenames ? typenames.split(' ') : [] }), [typenames]);
  const [result, run] = useQuery<Data, Variables>({
    query,
    variables,
    pause: options.pause ?? false,
    context,
  } as never);
  const reload = useCallback(() => run({ requestPolicy: 'network-only' }), [run]);
  const client = useClient();
  const underWay = useRef(false);
  underWay.current = result.fetching || result.stale;
  const asOf = useChanges(options.pause ? undefined : typenames, async () => {
    const read = () =>
      client.query(query as never, variables, { ...context, requestPolicy: 'network-only' }).toPromise();
    // What was asked for before the change is answered as it was before it, and is not asked for twice at once: it is waited for.
    if (underWay.current) await read();
    return !(await read()).error;
  });
  // A problem stands until another answer is there: while it is asked for again, nothing flickers.
  const asked = JSON.stringify(variables);
  const failed = useRef<{ asked: string; error: CombinedError; problem: Problem }>(undefined);
  if (result.error && !result.fetching) {
    if (failed.current?.error !== result.error) {
      failed.current = { asked, error: result.error, problem: problemOf(result.error) };
    }
  } else if (!result.fetching || failed.current?.asked !== asked) failed.current = undefined;
  const problem = failed.current?.problem;
  // What cannot be read again for now stays as it was read: the page, and what is typed on it, is not lost with a connection.
  const kept = useRef<{ of?: number; data: Data }>(undefined);
  const of = result.operation?.key;
  if (result.data) kept.current = { of, data: result.data };
  else if (problem && !passing.has(problem.kind)) kept.current = undefined;
  const data = result.data ?? (kept.current?.of === of ? kept.current?.data : undefined);
  return {
    data,
    loading: result.fetching && !data && !problem,
    stale: result.stale || (result.fetching && (!!data || !!problem)),
    problem,
    reload,
    asOf,
  };
}

/** What passes by itself, and says nothing of what was asked for. */
const passing = new Set<ProblemKind>(['offline', 'signedOut', 'tooMany', 'unavailable', 'failed']);

/** One page of a list as the API answers it. */
export interface Page<Node> {
  edges: { node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

export interface List<Data, Node> extends Loaded<Data> {
  /** The entries of all pages so far. */
  nodes: Node[];
  hasMore: boolean;
  /** Asks for the next page; done while one is on its way it does nothing. */
  more: () => void;
  loadingMore: boolean;
}

/**
 * Asks a list page by page, by cursor. pick finds the list in an answer; typenames are the types of its entries, so that a
 * list that is empty is asked again too when one is made. Variables that change begin it anew. What follows the first page is
 * dropped when the first page is asked again: cursors would point into another list.
 */
export function useList<Data, Variables extends { after?: string | null }, Node>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pick: (data: Data) => Page<Node> | null | undefined,
  options: { pause?: boolean; typenames?: string[] } = {},
): List<Data, Node> {
  const client = useClient();
  const first = useLoad<Data, Variables & Record<string, unknown>>(query as never, variables as never, options);
  const [rest, setRest] = useState<{ of: Data | undefined; pages: Page<Node>[] }>({ of: undefined, pages: [] });
  const [asking, setAsking] = useState(false);
  // Why the next page did not come says nothing of another list, nor of this one once it was asked for again.
  const [failed, setFailed] = useState<{ of: Data | undefined; problem: Problem }>();
  const begun = first.data ? pick(first.data) : undefined;
  const pages = begun ? [begun, ...(rest.of === first.data ? rest.pages : [])] : [];
  const last = pages.at(-1);
  const latest = useRef(first.data);
  latest.current = first.data;

  const more = useCallback(async () => {
    if (asking || !last?.pageInfo.hasNextPage) return;
    const of = latest.current;
    setAsking(true);
    const answer = await client
      .query(query as DocumentInput<Data, Variables>, { ...variables, after: last.pageInfo.endCursor } as Variables)
      .toPromise();
    setAsking(false);
    if (latest.current !== of) return;
    if (answer.error || !answer.data) {
      setFailed({ of, problem: problemOf(answer.error) });
      return;
    }
    const page = pick(answer.data);
    setFailed(undefined);
    if (page) setRest((now) => ({ of, pages: [...(now.of === of ? now.pages : []), page] }));
  }, [asking, last, client, query, variables, pick]);

  return {
    ...first,
    problem: first.problem ?? (failed && failed.of === first.data ? failed.problem : undefined),
    nodes: pages.flatMap((page) => page.edges.map((edge) => edge.node)),
    hasMore: last?.pageInfo.hasNextPage ?? false,
    more,
    loadingMore: asking,
  };
}
