import { CircleCheck, X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './button';

interface Said {
  id: number;
  text: string;
  undo?: Undo;
}

/** Takes back what was done. */
interface Undo {
  label: string;
  onUndo: () => void;
}

let said: Said | null = null;
let last = 0;
const listeners = new Set<() => void>();

function set(next: Said | null) {
  said = next;
  for (const listener of listeners) listener();
}

/** Says that something is done: shown for a while, read out politely, and longer where it can be taken back. Never for errors. */
export function toast(text: string, undo?: Undo) {
  set({ id: ++last, text, undo });
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The place where toasts stand; UiProvider puts it once. */
export function Toaster() {
  const { t } = useTranslation('ui');
  const now = useSyncExternalStore(subscribe, () => said);
  useEffect(() => {
    if (!now) return;
    const timer = setTimeout(() => said === now && set(null), now.undo ? 15000 : 6000);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <>
      <div role="status" className="sr-only">
        {now && <span key={now.id}>{now.text}</span>}
      </div>
      {now && (
        <div className="fixed inset-x-4 bottom-4 z-70 mx-auto flex max-w-md items-center gap-2.5 rounded-lg border border-line bg-surface py-1.5 pr-1.5 pl-4 text-ink text-sm shadow-lg sm:inset-x-auto sm:right-6">
          <CircleCheck aria-hidden className="size-4.5 shrink-0 text-jade" />
          {/* The live region beside has said it. */}
          <span aria-hidden className="min-w-0 flex-1">
            {now.text}
          </span>
          {now.undo && (
            <Button
              kind="quiet"
              size="small"
              onClick={() => {
                now.undo?.onUndo();
                set(null);
              }}
            >
              {now.undo.label}
            </Button>
          )}
          <IconButton
            label={t('close')}
            size="small"
            icon={<X aria-hidden className="size-4" />}
            onClick={() => set(null)}
          />
        </div>
      )}
    </>
  );
}
