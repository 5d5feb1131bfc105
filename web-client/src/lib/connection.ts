import { useEffect, useState } from 'react';
import { type AnyVariables, type TypedDocumentNode, useClient, useQuery } from 'urql';
import { type Problem, problemOf } from './problem';

export type Connection<Node> = {
  edges: { node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
};

type Page<Data> = { of: string; after: string; data: Data };

/**
 * A list that grows by keyset pages. typenames are the types of its nodes: a mutation that touches one of them
 * fetches the first page again even when the list was empty, and drops the later ones.
 */
export function useConnection<Data, Variables extends AnyVariables, Node>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pick: (data: Data) => Connection<Node>,
  typenames: string[],
) {
  const client = useClient();
  const [context] = useState(() => ({ additionalTypenames: typenames }));
  const [first, refetch] = useQuery({ query, variables: variables as Variables, context });
  const [more, setMore] = useState<Page<Data>[]>([]);
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreProblem, setMoreProblem] = useState<Problem>();
  const of = JSON.stringify(variables);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another first page makes the later ones stale
  useEffect(() => {
    setMore([]);
    setMoreProblem(undefined);
  }, [first.data, of]);

  const head = first.data ? pick(first.data) : undefined;
  const pages = more.filter((page) => page.of === of).map((page) => pick(page.data));
  const last = pages.at(-1) ?? head;

  async function loadMore() {
    const after = last?.pageInfo.endCursor;
    if (loadingMore || !last?.pageInfo.hasNextPage || !after) return;
    setLoadingMore(true);
    setMoreProblem(undefined);
    const result = await client.query(query, { ...variables, after } as unknown as Variables, context).toPromise();
    setLoadingMore(false);
    if (result.error || !result.data) {
      setMoreProblem(result.error ? problemOf(result.error) : undefined);
      return;
    }
    const data = result.data;
    // A page of an earlier search that comes late belongs to no list on the screen.
    setMore((known) =>
      known.some((page) => page.of === of && page.after === after) ? known : [...known, { of, after, data }],
    );
  }

  return {
    /** The first page, with what else the query asks for: totals and facets. */
    data: first.data,
    nodes: [...(head?.edges ?? []), ...pages.flatMap((page) => page.edges)].map((edge) => edge.node),
    fetching: first.fetching || first.stale,
    problem: first.error ? problemOf(first.error) : undefined,
    hasMore: last?.pageInfo.hasNextPage ?? false,
    loadMore,
    loadingMore,
    moreProblem,
    refetch: () => refetch({ requestPolicy: 'network-only' }),
  };
}
