import { useCallback, useEffect, useState } from 'react';
import { ofTab } from '../lib/store';
import { type Keyed, useIdempotencyKey } from '../lib/submit';
import { type EvidenceFile, useEvidence } from '../lib/upload';
import { useViewer } from './viewer';

/** What was typed stays in this tab until it is sent, apart for each person and organisation; signing out forgets it. */
const place = (owner: string, form: string) => `gongshu.typed.${form}.${owner}`;

export const keep = (owner: string, form: string, typed: unknown) =>
  ofTab.set(place(owner, form), JSON.stringify(typed));
export const forget = (owner: string, form: string) => ofTab.remove(place(owner, form));

/** What was kept of a form; what it lacks, and all of it where nothing was kept, is as in blank. */
export function keptOf<T extends object>(owner: string, form: string, blank: T): T {
  try {
    return { ...blank, ...(JSON.parse(ofTab.get(place(owner, form)) ?? '{}') as Partial<T>) };
  } catch {
    return blank;
  }
}

/** Who types: a draft is that person's, in that organisation. */
export function useOwner(): string {
  const { viewer } = useViewer();
  return `${viewer?.person.id}.${viewer?.organisation?.id}`;
}

/** Whether something that was typed into a form before is still kept. */
export function useIsKept(form: string): boolean {
  const owner = useOwner();
  return ofTab.get(place(owner, form)) !== null;
}

/**
 * The state of a form that outlives leaving its page and reading it again. It is kept from its first change on; drop() forgets it,
 * once it was sent or given up, and is the last that is done with it.
 */
export function useKept<T extends object>(form: string, blank: T) {
  const owner = useOwner();
  const [typed, setTyped] = useState<T>(() => keptOf(owner, form, blank));
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (changed) keep(owner, form, typed);
  }, [owner, form, typed, changed]);
  const change = useCallback((part: Partial<T>) => {
    setChanged(true);
    setTyped((now) => ({ ...now, ...part }));
  }, []);
  const drop = () => {
    setChanged(false);
    setTyped(blank);
    forget(owner, form);
  };
  return { typed, change, drop };
}

/** Evidence whose files, once they are there, outlive leaving the page; drop() forgets them once they were sent. */
export function useKeptEvidence(form: string) {
  const owner = useOwner();
  const evidence = useEvidence(keptOf<{ files: EvidenceFile[] }>(owner, `${form}.evidence`, { files: [] }).files);
  const [dropped, setDropped] = useState(false);
  const { files } = evidence;
  useEffect(() => {
    if (!dropped) keep(owner, `${form}.evidence`, { files: files.filter((file) => file.state === 'done') });
  }, [owner, form, files, dropped]);
  const drop = () => {
    setDropped(true);
    forget(owner, `${form}.evidence`);
  };
  return { ...evidence, drop };
}

/** The idempotency key of a form that is kept, so that what is sent again after leaving the page is the same act. */
export function useKeptKey(form: string) {
  const owner = useOwner();
  const place = `${form}.key`;
  return useIdempotencyKey(keptOf<Keyed>(owner, place, { content: '', key: '' }), (held) =>
    held ? keep(owner, place, held) : forget(owner, place),
  );
}
