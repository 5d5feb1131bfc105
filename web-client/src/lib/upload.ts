import { useCallback, useEffect, useRef, useState } from 'react';
import { newId } from './id';
import { type Problem, problemIn } from './problem';
import { tellProblem } from './session';

/** One sending of a file: what became of it, or why it did not come through. */
export type Sent = { done: true; body: Record<string, unknown> } | { done: false; problem: Problem };

/**
 * Sends a file as the body of a request, as the program takes evidence and datasets; told says how much of it went, 0 to 100.
 * It goes on while the person looks at other pages of this tab. Sent again under the same key, it is the same act. fetch cannot
 * tell how far an upload is.
 */
export function sendFile(
  url: string,
  file: File,
  told: (percent: number) => void,
  { signal, key }: { signal?: AbortSignal; key?: string } = {},
): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    if (key) request.setRequestHeader('Idempotency-Key', key);
    request.responseType = 'text';
    request.upload.onprogress = (event) => event.total > 0 && told(Math.round((event.loaded / event.total) * 100));
    const abort = () => request.abort();
    const end = (sent: Sent) => {
      signal?.removeEventListener('abort', abort);
      if (!sent.done) tellProblem(sent.problem);
      resolve(sent);
    };
    const offline = () => end({ done: false, problem: { kind: 'offline' } });
    request.onerror = offline;
    request.ontimeout = offline;
    request.onabort = offline;
    request.onload = async () => {
      if (request.status >= 200 && request.status < 300) {
        const body = objectIn(request.responseText);
        end(body ? { done: true, body } : { done: false, problem: { kind: 'failed' } });
        return;
      }
      const headers = new Headers();
      for (const name of ['retry-after', 'x-request-id']) {
        const value = request.getResponseHeader(name);
        if (value) headers.set(name, value);
      }
      end({
        done: false,
        problem: await problemIn(new Response(request.responseText, { status: request.status, headers })),
      });
    };
    signal?.addEventListener('abort', abort);
    request.send(file);
  });
}

/** The object of an answer; undefined where it is none: something between the program and the browser answered. */
function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A file of evidence on its way, or there. */
export interface EvidenceFile {
  key: string;
  name: string;
  size: number;
  state: 'uploading' | 'done' | 'failed';
  percent: number;
  /** The id of the document, once it is there. */
  id?: string;
  problem?: Problem;
}

/**
 * Evidence that is uploaded as soon as it is chosen; ids are those that are there, in the order in which they were chosen. It
 * begins with files that are there already. What is on its way ends with its form: nobody would name it.
 */
export function useEvidence(before: EvidenceFile[] = []) {
  const [files, setFiles] = useState<EvidenceFile[]>(before);
  const kept = useRef(new Map<string, { file: File; stop: AbortController }>());
  useEffect(
    () => () => {
      for (const { stop } of kept.current.values()) stop.abort();
    },
    [],
  );
  const patch = useCallback((key: string, change: Partial<EvidenceFile>) => {
    setFiles((now) => now.map((file) => (file.key === key ? { ...file, ...change } : file)));
  }, []);
  const send = useCallback(
    async (key: string) => {
      const it = kept.current.get(key);
      if (!it) return;
      patch(key, { state: 'uploading', percent: 0, problem: undefined });
      const url = `/uploads/documents?name=${encodeURIComponent(it.file.name)}`;
      const sent = await sendFile(url, it.file, (percent) => patch(key, { percent }), { signal: it.stop.signal });
      if (sent.done) patch(key, { state: 'done', percent: 100, id: String(sent.body.id) });
      else patch(key, { state: 'failed', problem: sent.problem });
    },
    [patch],
  );
  const add = useCallback(
    (chosen: File[]) => {
      for (const file of chosen) {
        const key = newId();
        kept.current.set(key, { file, stop: new AbortController() });
        setFiles((now) => [...now, { key, name: file.name, size: file.size, state: 'uploading', percent: 0 }]);
        send(key);
      }
    },
    [send],
  );
  const remove = useCallback((key: string) => {
    kept.current.get(key)?.stop.abort();
    kept.current.delete(key);
    setFiles((now) => now.filter((file) => file.key !== key));
  }, []);
  return {
    files,
    ids: files.flatMap((file) => (file.id ? [file.id] : [])),
    uploading: files.some((file) => file.state === 'uploading'),
    add,
    remove,
    retry: send,
  };
}
