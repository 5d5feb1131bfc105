import type { CombinedError } from '@urql/core';

/** Something that a person can act on, as the API says it: UserError, or the error of an upload. */
export interface Fault {
  code: string;
  /** One English sentence: what is shown where the code has no text of its own. */
  message: string;
  /** The path of the input that it concerns: input.quantity. */
  field?: string | null;
  params?: { name: string; value: string }[];
}

/**
 * Why an answer did not come, or was no answer:
 * offline: nothing was reached; signedOut: the session is over; forbidden, absent; tooMany: wait (seconds); unavailable: the
 * server is starting or its database is away; missing: a file of this client did not come; refused: the request was refused for what it is; failed: not the caller's doing.
 */
export type ProblemKind =
  | 'offline'
  | 'signedOut'
  | 'forbidden'
  | 'absent'
  | 'tooMany'
  | 'unavailable'
  | 'missing'
  | 'refused'
  | 'failed';

/** The problems that leave open whether what was sent was done: its answer was lost, or broke. */
export const lost: ReadonlySet<ProblemKind> = new Set<ProblemKind>(['offline', 'unavailable', 'failed']);

export interface Problem {
  kind: ProblemKind;
  /** Why it was refused; the first where an upload has several faults. */
  fault?: Fault;
  faults?: Fault[];
  /** How long to wait before asking again. */
  seconds?: number;
  /** Names the request in the server's log. */
  requestId?: string;
}

const kindOfCode: Record<string, ProblemKind> = {
  SIGN_IN_REQUIRED: 'signedOut',
  SESSION_EXPIRED: 'signedOut',
  PARTY_REQUIRED: 'forbidden',
  ROLE_REQUIRED: 'forbidden',
  NOT_FOUND: 'absent',
  RATE_LIMITED: 'tooMany',
  TOO_MANY_ATTEMPTS: 'tooMany',
  UNAVAILABLE: 'unavailable',
  INTERNAL: 'failed',
};

const kindOfStatus: Record<number, ProblemKind> = {
  401: 'signedOut',
  403: 'forbidden',
  404: 'absent',
  429: 'tooMany',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** Says what is wrong with an answer of the API. */
export function problemOf(error: CombinedError | undefined): Problem {
  const response = error?.response as Response | undefined;
  const fault = faultOf(error?.graphQLErrors[0]);
  if (!response) return { kind: fault ? kindOf(fault, 200) : 'offline', fault };
  return problemWith(response, fault);
}

/** Says what is wrong with an answer of fetch that is not ok: an upload's, or a data call's. */
export async function problemIn(response: Response): Promise<Problem> {
  const faults = await faultsIn(response);
  return { ...problemWith(response, faults[0]), faults };
}

function problemWith(response: Response, fault: Fault | undefined): Problem {
  return {
    kind: kindOf(fault, response.status),
    fault,
    seconds: Number(response.headers.get('retry-after')) || undefined,
    requestId: response.headers.get('x-request-id') ?? undefined,
  };
}

const kindOf = (fault: Fault | undefined, status: number): ProblemKind =>
  (fault && kindOfCode[fault.code]) ?? kindOfStatus[status] ?? (fault && status < 500 ? 'refused' : 'failed');

/** A top-level error of GraphQL, or one of an upload's answer, or a problem document of a data call. */
function faultOf(error: unknown): Fault | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const e = error as Record<string, unknown> & { extensions?: Record<string, unknown> };
  const code = e.extensions?.code ?? e.code;
  if (typeof code !== 'string') return undefined;
  const params = e.extensions?.params ?? e.params ?? {};
  return {
    code,
    message: String(e.message ?? e.detail ?? e.title ?? code),
    field: (e.extensions?.field ?? e.field ?? null) as string | null,
    params: Array.isArray(params)
      ? params
      : Object.entries(params as object).map(([name, value]) => ({ name, value: String(value) })),
  };
}

async function faultsIn(response: Response): Promise<Fault[]> {
  try {
    const body = (await response.json()) as { errors?: unknown[] };
    return (body.errors ?? [body]).map(faultOf).filter((fault) => fault !== undefined);
  } catch {
    return [];
  }
}
