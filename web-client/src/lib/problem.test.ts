import { CombinedError } from '@urql/core';
import { describe, expect, it } from 'vitest';
import { problemIn, problemOf } from './problem';

const answer = (status: number, headers: Record<string, string> = {}, body: unknown = {}) =>
  new Response(JSON.stringify(body), { status, headers });

describe('a problem', () => {
  it('is that nothing was reached, where there is no answer', () => {
    expect(problemOf(new CombinedError({ networkError: new Error('failed to fetch') })).kind).toBe('offline');
  });

  it.each([
    ['SIGN_IN_REQUIRED', 401, 'signedOut'],
    ['PARTY_REQUIRED', 403, 'forbidden'],
    ['RATE_LIMITED', 429, 'tooMany'],
    ['UNAVAILABLE', 503, 'unavailable'],
    ['INTERNAL', 500, 'failed'],
    ['QUERY_TOO_COSTLY', 400, 'refused'],
    ['SIGN_IN_REQUIRED', 200, 'signedOut'],
  ])('%s with %i is %s', (code, status, kind) => {
    const error = new CombinedError({
      graphQLErrors: [{ message: 'A sentence.', extensions: { code, params: { seconds: 7 } } }],
      response: answer(status, { 'retry-after': '7', 'x-request-id': 'r1' }),
    });
    expect(problemOf(error)).toMatchObject({
      kind,
      seconds: 7,
      requestId: 'r1',
      fault: { code, params: [{ name: 'seconds', value: '7' }] },
    });
  });

  it('is read from an upload that was refused', async () => {
    const refused = answer(413, {}, { errors: [{ code: 'FILE_TOO_LARGE', message: 'Too large.', field: 'file' }] });
    expect(await problemIn(refused)).toMatchObject({
      kind: 'refused',
      fault: { code: 'FILE_TOO_LARGE', field: 'file' },
    });
  });

  it('is nobody’s to explain where a proxy answers', async () => {
    expect((await problemIn(new Response('<html>', { status: 502 }))).kind).toBe('unavailable');
  });
});
