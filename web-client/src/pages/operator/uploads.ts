import { useSyncExternalStore } from 'react';
import { newId } from '../../lib/id';
import { lost, type Problem } from '../../lib/problem';
import { sendFile } from '../../lib/upload';

/** A file of data on its way to a product. It lives above the pages: looking elsewhere in this tab does not stop it. */
export interface DataUpload {
  file: string;
  percent: number;
  /** The job that checks it, once the bytes are there. */
  job?: string;
  problem?: Problem;
}

/** The keys of what was sent and may have come without an answer: chosen again, it is the same file of data. */
const keys = new Map<string, string>();

const uploads = new Map<string, { shown: DataUpload; stop: AbortController }>();
const listeners = new Set<() => void>();

const tell = () => {
  for (const told of listeners) told();
};

/** Sends a file of data; the answer names the job that checks it. */
export async function uploadData(productId: string, file: File) {
  const upload = { shown: { file: file.name, percent: 0 } as DataUpload, stop: new AbortController() };
  uploads.get(productId)?.stop.abort();
  uploads.set(productId, upload);
  const put = (change: Partial<DataUpload>) => {
    upload.shown = { ...upload.shown, ...change };
    tell();
  };
  tell();
  const what = [productId, file.name, file.size, file.lastModified].join(' ');
  const key = keys.get(what) ?? newId();
  keys.set(what, key);
  const sent = await sendFile(`/uploads/datasets/${productId}`, file, (percent) => put({ percent }), {
    signal: upload.stop.signal,
    key,
  });
  if (sent.done || !lost.has(sent.problem.kind)) keys.delete(what);
  if (!sent.done) put({ percent: 100, problem: sent.problem });
  else put({ percent: 100, job: (sent.body.job as { id: string }).id });
}

/** Stops a file that is on its way, and shows it no more. A check that began goes on. */
export function forgetUpload(productId: string) {
  uploads.get(productId)?.stop.abort();
  uploads.delete(productId);
  tell();
}

export function useUpload(productId: string): DataUpload | undefined {
  return useSyncExternalStore(
    (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    () => uploads.get(productId)?.shown,
  );
}
