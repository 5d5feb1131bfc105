import type { CombinedError } from 'urql';

/** What went wrong with a whole request, by what a person can do about it. */
export type Problem = {
  kind: 'offline' | 'signedOut' | 'forbidden' | 'notFound' | 'tooMany' | 'unavailable' | 'refused' | 'internal';
  code?: string;
  /** The server's English sentence. */
  message: string;
  /** Seconds until another try, when the server said so. */
  retryAfter?: number;
  requestId?: string;
};

const kinds: Record<string, Problem['kind']> = {
  UNAUTHENTICATED: 'signedOut',
  FORBIDDEN: 'forbidden',
  NOT_FOUND: 'notFound',
  RATE_LIMITED: 'tooMany',
  INTERNAL: 'internal',
};

function ofStatus(status: number): Problem['kind'] {
  if (status === 401) return 'signedOut';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'notFound';
  if (status === 429) return 'tooMany';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  return status >= 500 ? 'internal' : 'refused';
}

export function problemOf(error: CombinedError): Problem {
  const response: Response | undefined = error.response;
  const first = error.graphQLErrors[0];
  if (!first && !response) return { kind: 'offline', message: error.message };
  const code = typeof first?.extensions.code === 'string' ? first.extensions.code : undefined;
  const wait = Number(response?.headers.get('retry-after') ?? Number.NaN);
  const status = response?.status ?? 200;
  return {
    kind: (code && kinds[code]) || (response && !response.ok ? ofStatus(status) : first ? 'refused' : 'unavailable'),
    code,
    message: first?.message ?? error.message,
    retryAfter: Number.isFinite(wait) ? wait : undefined,
    requestId: response?.headers.get('x-request-id') ?? undefined,
  };
}
