import { useSyncExternalStore } from 'react';
import { ofBrowser } from '../lib/store';

const remembered = 'gongshu.scale';
const listeners = new Set<() => void>();

/** The large-type view (GB/T 37668): the root is 20 px, and everything measured in rem grows with it. */
export function setLarge(large: boolean) {
  ofBrowser.set(remembered, large ? 'large' : 'normal');
  apply();
  for (const told of listeners) told();
}

function apply() {
  document.documentElement.dataset.scale = isLarge() ? 'large' : 'normal';
}

const isLarge = () => ofBrowser.get(remembered) === 'large';

/** Applies what was chosen here last. */
export const startScale = apply;

export function useLarge(): boolean {
  return useSyncExternalStore((told) => {
    listeners.add(told);
    return () => listeners.delete(told);
  }, isLarge);
}
