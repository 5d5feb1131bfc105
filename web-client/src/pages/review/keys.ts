import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { ofBrowser } from '../../lib/store';

const remembered = 'gongshu.desk.keys';
const listeners = new Set<() => void>();

/** Whether single letters act at the desk. Who speaks to the machine switches them off (WCAG 2.1.4); the browser keeps it. */
export function useKeysOn(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ofBrowser.get(remembered) !== 'off',
  );
  const set = useCallback((next: boolean) => {
    if (next) ofBrowser.remove(remembered);
    else ofBrowser.set(remembered, 'off');
    for (const listener of listeners) listener();
  }, []);
  return [on, set];
}

/** Whether a letter goes into what has the focus, or into a list or dialog that is open, instead of to the desk. */
export function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('textarea, select, [role=dialog], [role=listbox], [role=menu], [role=combobox]') !== null ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type))
  );
}

/** Does for a letter what stands in the table, while the letters are on and nothing is being typed. */
export function useKeys(table: Record<string, () => void>) {
  const [on] = useKeysOn();
  const latest = useRef(table);
  latest.current = table;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
      if (takesLetters(event.target)) return;
      // The question mark explains the letters also when they are off: it is how they come back.
      const act = on || event.key === '?' ? latest.current[event.key.toLowerCase()] : undefined;
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [on]);
}
