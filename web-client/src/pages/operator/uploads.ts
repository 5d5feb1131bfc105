import { useSyncExternalStore } from 'react';
import type { Problem } from '../../lib/problem';
import { sendFile } from '../../lib/upload';

/** A file of data on its way to a product. It lives above the pages: looking elsewhere in this tab does not stop it. */
export interface DataUpload {
  file: string;
  percent: number;
  /** The job that checks it, once the bytes are there. */
  job?: string;
  problem?: Problem;
}

const uploads = new Map<string, DataUpload>();
const listeners = new Set<() => void>();

function put(productId: string, upload: DataUpload | undefined) {
  if (upload) uploads.set(productId, upload);
  else uploads.delete(productId);
  for (const told of listeners) told();
}

/** Sends a file of data; the answer names the job that checks it. */
export async function uploadData(productId: string, file: File) {
  put(productId, { file: file.name, percent: 0 });
  const sent = await sendFile(`/uploads/datasets/${productId}`, file, (percent) =>
    put(productId, { file: file.name, percent }),
  );
  if (!sent.done) put(productId, { file: file.name, percent: 100, problem: sent.problem });
  else put(productId, { file: file.name, percent: 100, job: (sent.body.job as { id: string }).id });
}

export const forgetUpload = (productId: string) => put(productId, undefined);

export function useUpload(productId: string): DataUpload | undefined {
  return useSyncExternalStore(
    (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    () => uploads.get(productId),
  );
}
