import { afterEach, expect, test, vi } from 'vitest';
import { curlOf, secretVariable, sendCall } from './data-call';

afterEach(() => vi.unstubAllGlobals());

test('a call is a line for the shell, into which a value cannot break', () => {
  expect(
    curlOf({
      url: 'https://data.example/data/v1/products/prd_1/rows',
      headers: [['Gongshu-Purpose', 'INDUSTRY']],
      params: [
        ['rain[gte]', '5'],
        ['name', "it's $(rm)"],
      ],
    }),
  ).toBe(
    "curl -G 'https://data.example/data/v1/products/prd_1/rows' \\\n" +
      "  -H 'Gongshu-Purpose: INDUSTRY' \\\n" +
      "  --data-urlencode 'rain[gte]=5' \\\n" +
      "  --data-urlencode 'name=it'\\''s $(rm)'",
  );
});

test('a secret that is not shown is a variable of the shell', () => {
  const headers = [['Authorization', `Bearer ${secretVariable}`]] as const;
  expect(curlOf({ url: 'https://data.example/x', headers })).toBe(
    `curl 'https://data.example/x' \\\n  -H "Authorization: Bearer $SECRET"`,
  );
});

test('a call goes to this site, without its cookies, and a refusal keeps its code', async () => {
  const fetch = vi.fn(
    async () =>
      new Response(JSON.stringify({ code: 'FILTER_NOT_ALLOWED', detail: 'No.', field: 'rain' }), { status: 400 }),
  );
  vi.stubGlobal('fetch', fetch);
  const answer = await sendCall({ url: 'https://other.example/data/v1/x', params: [['a[gte]', '涪']] });
  expect(fetch.mock.calls[0]).toEqual([
    '/data/v1/x?a%5Bgte%5D=%E6%B6%AA',
    { method: 'GET', headers: {}, credentials: 'omit' },
  ]);
  expect(answer).toMatchObject({
    status: 400,
    problem: { kind: 'refused', fault: { code: 'FILTER_NOT_ALLOWED', field: 'rain' } },
  });
});
