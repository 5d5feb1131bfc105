import { type Problem, problemIn } from './problem';

/** A call of the data API, as it is sent and as it is shown: the two cannot differ. */
export interface DataCall {
  method?: 'GET' | 'POST';
  /** The address as the API says it. */
  url: string;
  params?: readonly (readonly [name: string, value: string])[];
  headers?: readonly (readonly [name: string, value: string])[];
}

/** A page of rows. */
export interface RowsAnswer {
  rows: Record<string, unknown>[];
  hasMore: boolean;
}

/** A link to a file. */
export interface LinkAnswer {
  url: string;
  expiresAt: string;
  bytes: number;
  rows: number;
}

/** What came back: the body as it stands, read, and the headers of use; or why not. */
export type DataAnswer<Body> =
  | { body: Body; text: string; remaining: string | null; unit: string | null; problem?: undefined }
  | { problem: Problem; status?: number };

/** Sends a call. It goes to this site's own host, whatever name the API knows itself by. */
export async function sendCall<Body>(call: DataCall): Promise<DataAnswer<Body>> {
  const query = new URLSearchParams((call.params ?? []).map(([name, value]) => [name, value]));
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${new URL(call.url, location.origin).pathname}${query.size > 0 ? `?${query}` : ''}`, {
      method: call.method ?? 'GET',
      headers: Object.fromEntries(call.headers ?? []),
      credentials: 'omit',
    });
    if (!response.ok) return { problem: await problemIn(response), status: response.status };
    text = await response.text();
  } catch {
    return { problem: { kind: 'offline' } };
  }
  try {
    return {
      body: JSON.parse(text) as Body,
      text,
      remaining: response.headers.get('gongshu-quota-remaining'),
      unit: response.headers.get('gongshu-quota-unit'),
    };
  } catch {
    return { problem: { kind: 'failed' }, status: response.status };
  }
}

/** Quotes a text for a shell, which then reads nothing into it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Stands in a header for a secret that is not shown; the shell puts in what its variable holds. */
export const secretVariable = '$SECRET';

/** A header, whose variable is only read within double quotes. */
const header = (name: string, value: string) =>
  value.endsWith(secretVariable) ? `"${name}: ${value}"` : quoted(`${name}: ${value}`);

/** The call as a line that can be pasted into a shell. */
export function curlOf(call: DataCall): string {
  const params = call.params ?? [];
  const parts = [
    `curl ${call.method === 'POST' ? '-X POST ' : params.length > 0 ? '-G ' : ''}${quoted(new URL(call.url, location.origin).href)}`,
    ...(call.headers ?? []).map(([name, value]) => `-H ${header(name, value)}`),
    ...params.map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`),
  ];
  return parts.join(' \\\n  ');
}
