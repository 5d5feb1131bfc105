import { act, renderHook, waitFor } from '@testing-library/react';
import { gql } from '@urql/core';
import type { ReactNode } from 'react';
import { Provider } from 'urql';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { changedHere, toldNow } from './events';
import { makeClient, type Page, useList, useLoad } from './graphql';

const document = gql`
  query Order($id: ID!) {
    order(id: $id) {
      id
      total
    }
  }
`;

const orders = gql<{ orders: Page<{ id: string }> }, { kind: string; after?: string | null }>`
  query Orders($kind: String!, $after: String) {
    orders(kind: $kind, after: $after) {
      edges {
        node {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

let answer: (id: string) => Response;
beforeEach(() => {
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => answer(JSON.parse(body).variables.id));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const json = (body: object, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const found = (id: string) => json({ data: { order: { __typename: 'Order', id, total: '1' } } });

function load() {
  const client = makeClient();
  const wrapper = ({ children }: { children: ReactNode }) => <Provider value={client}>{children}</Provider>;
  return renderHook(({ id }) => useLoad(document, { id }), { wrapper, initialProps: { id: 'a' } });
}

it.each([
  [
    'no network',
    () => {
      throw new TypeError('Failed to fetch');
    },
  ],
  ['a server that is away', () => json({}, 503)],
  ['an answer that is none', () => new Response('<html>', { status: 502 })],
])('keeps what was read when it cannot be read again for %s', async (_, fails) => {
  answer = found;
  const { result, rerender } = load();
  await waitFor(() => expect(result.current.data?.order.id).toBe('a'));
  answer = fails as () => Response;
  act(() => result.current.reload());
  await waitFor(() => expect(result.current.problem).toBeDefined());
  expect(result.current.data?.order.id).toBe('a');
  act(() => result.current.reload());
  expect(result.current).toMatchObject({ loading: false, data: { order: { id: 'a' } } });
  rerender({ id: 'b' }); // it stands in for nothing else
  await waitFor(() => expect(result.current).toMatchObject({ loading: false, data: undefined }));
});

it('says when what was asked after a change is there', async () => {
  // Answers come when they are let go, each with the total as it was when it was asked for.
  const held: (() => void)[] = [];
  let total = 1;
  vi.stubGlobal('fetch', async () => {
    const then = String(total);
    await new Promise<void>((go) => held.push(go));
    return json({ data: { order: { __typename: 'Order', id: 'a', total: then } } });
  });
  const letGo = async () => {
    await waitFor(() => expect(held).toHaveLength(1));
    held.pop()?.();
  };
  const client = makeClient();
  const wrapper = ({ children }: { children: ReactNode }) => <Provider value={client}>{children}</Provider>;
  const { result } = renderHook(() => useLoad(document, { id: 'a' }, { typenames: ['Order'] }), { wrapper });
  const shows = (total: string) =>
    waitFor(() => expect(result.current).toMatchObject({ stale: false, data: { order: { total } } }));
  await letGo();
  await shows('1');

  // What is on its way when something changes comes after the change is read again, or before.
  for (const late of [true, false]) {
    act(() => result.current.reload());
    await waitFor(() => expect(held).toHaveLength(1));
    const before = String(total++);
    act(() => changedHere(['Order']));
    const told = toldNow();
    if (late) await act(() => new Promise((done) => setTimeout(done, 400)));
    const answered = result.current.data;
    await letGo();
    await waitFor(() => expect(result.current.data).not.toBe(answered));
    expect(result.current).toMatchObject({ data: { order: { total: before } } });
    expect(result.current.asOf).toBeLessThan(told);
    await letGo();
    await shows(String(total));
    await waitFor(() => expect(result.current.asOf).toBe(told));
  }
});

it('keeps nothing of what may no longer be seen', async () => {
  answer = found;
  const { result } = load();
  await waitFor(() => expect(result.current.data).toBeDefined());
  answer = () => json({ data: null, errors: [{ message: '', extensions: { code: 'NOT_FOUND' } }] });
  act(() => result.current.reload());
  await waitFor(() => expect(result.current.problem?.kind).toBe('absent'));
  expect(result.current.data).toBeFalsy();
  answer = () => json({}, 503);
  act(() => result.current.reload());
  await waitFor(() => expect(result.current.problem?.kind).toBe('unavailable'));
  expect(result.current.data).toBeFalsy();
  // That stands until another answer is there.
  answer = found;
  act(() => result.current.reload());
  expect(result.current).toMatchObject({ loading: false, stale: true, problem: { kind: 'unavailable' } });
  await waitFor(() => expect(result.current).toMatchObject({ problem: undefined, data: { order: { id: 'a' } } }));
});

it('says why the next page did not come, and of this list alone', async () => {
  const page = (kind: string, after: string | null) =>
    json({
      data: {
        orders: {
          __typename: 'OrderConnection',
          edges: [{ __typename: 'OrderEdge', node: { __typename: 'Order', id: `${kind}${after ?? ''}` } }],
          pageInfo: { __typename: 'PageInfo', hasNextPage: true, endCursor: 'c' },
        },
      },
    });
  let away = false;
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    const { kind, after } = JSON.parse(body).variables;
    return after && away ? json({}, 503) : page(kind, after ?? null);
  });
  const client = makeClient();
  const wrapper = ({ children }: { children: ReactNode }) => <Provider value={client}>{children}</Provider>;
  const pick = (data: { orders: Page<{ id: string }> }) => data.orders;
  const { result, rerender } = renderHook(({ variables }) => useList(orders, variables, pick), {
    wrapper,
    initialProps: { variables: { kind: 'a' } },
  });
  await waitFor(() => expect(result.current.nodes.map((node) => node.id)).toEqual(['a']));
  await act(() => result.current.more());
  expect(result.current.nodes.map((node) => node.id)).toEqual(['a', 'ac']);
  away = true;
  rerender({ variables: { kind: 'b' } });
  await waitFor(() => expect(result.current.nodes.map((node) => node.id)).toEqual(['b']));
  await act(() => result.current.more());
  expect(result.current).toMatchObject({ problem: { kind: 'unavailable' }, nodes: [{ id: 'b' }], hasMore: true });
  rerender({ variables: { kind: 'c' } });
  await waitFor(() => expect(result.current.nodes.map((node) => node.id)).toEqual(['c']));
  expect(result.current.problem).toBeUndefined();
});
