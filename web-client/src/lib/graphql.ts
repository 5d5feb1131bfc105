import { Client, cacheExchange, fetchExchange } from 'urql';

/** One client a page; the server refuses what another site sends with its cookies, so it stays on its own origin. */
export const client = new Client({
  url: '/graphql',
  exchanges: [cacheExchange, fetchExchange],
  preferGetMethod: false,
  fetchOptions: { credentials: 'same-origin' },
  // urql offers text/event-stream on every request, and the server would stream plain queries.
  fetch: (input, init) => {
    const headers = new Headers(init?.headers);
    const isSubscription = headers.get('accept')?.startsWith('text/event-stream') ?? false;
    if (!isSubscription) headers.set('accept', 'application/graphql-response+json, application/json');
    return fetch(input, { ...init, headers });
  },
});
