import { CombinedError } from 'urql';
import { expect, test } from 'vitest';
import { problemOf } from './problem';

test('a request that got no answer is offline', () => {
  expect(problemOf(new CombinedError({ networkError: new Error('Failed to fetch') })).kind).toBe('offline');
});

test('a code says more than the status', () => {
  const error = new CombinedError({
    graphQLErrors: [{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }],
    response: new Response('{}', { status: 200 }),
  });
  expect(problemOf(error)).toMatchObject({ kind: 'signedOut', code: 'UNAUTHENTICATED', message: 'Sign in first.' });
});

test('too many requests carry the time to wait', () => {
  const response = new Response('', { status: 429, headers: { 'Retry-After': '7' } });
  const error = new CombinedError({ networkError: new Error('Too Many Requests'), response });
  expect(problemOf(error)).toMatchObject({ kind: 'tooMany', retryAfter: 7 });
});
