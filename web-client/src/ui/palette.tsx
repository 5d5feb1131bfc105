import { Dialog as Base } from '@base-ui/react/dialog';
import clsx from 'clsx';
import { Search } from 'lucide-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface PaletteItem {
  key: string;
  label: string;
  group?: string;
  hint?: ReactNode;
  onSelect: () => void;
}

export interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** What is typed: the caller finds the items. */
  query: string;
  onQueryChange: (query: string) => void;
  items: readonly PaletteItem[];
  pending?: boolean;
  /** Why not all could be found. */
  failed?: string | false;
}

/** Goes anywhere by typing. Ctrl K (or ⌘ K) opens it; arrows choose, Enter goes. */
export function CommandPalette({
  open,
  onOpenChange,
  query,
  onQueryChange,
  items,
  pending,
  failed,
}: CommandPaletteProps) {
  const { t } = useTranslation('ui');
  const id = useId();
  const [at, setAt] = useState(0);
  const active = Math.min(at, Math.max(0, items.length - 1));
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        onOpenChange(true);
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [onOpenChange]);
  const select = (item?: PaletteItem) => {
    if (!item) return;
    onOpenChange(false);
    item.onSelect();
  };
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-ink/40" />
        <Base.Popup
          aria-label={t('palette.label')}
          className="fixed top-[12dvh] left-1/2 z-50 flex max-h-[70dvh] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col rounded-xl bg-surface text-ink shadow-xl outline-none"
        >
          <div className="relative border-line border-b">
            <Search aria-hidden className="absolute top-4 left-4 size-4 text-ink-3" />
            <input
              role="combobox"
              aria-expanded={items.length > 0}
              aria-controls={`${id}-list`}
              aria-activedescendant={items.length > 0 ? `${id}-${active}` : undefined}
              aria-label={t('palette.label')}
              placeholder={t('palette.search')}
              autoComplete="off"
              value={query}
              onChange={(event) => {
                setAt(0);
                onQueryChange(event.target.value);
              }}
              onKeyDown={(event) => {
                if (event.nativeEvent.isComposing) return;
                const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
                if (step && items.length > 0) {
                  event.preventDefault();
                  const next = (active + step + items.length) % items.length;
                  setAt(next);
                  document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
                } else if (event.key === 'Enter') {
                  event.preventDefault();
                  select(items[active]);
                }
              }}
              className="h-12 w-full rounded-t-xl bg-transparent pr-4 pl-11 text-base outline-none placeholder:text-ink-3 focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-brand"
            />
          </div>
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={t('palette.label')}
            aria-busy={pending || undefined}
            className="min-h-0 flex-1 overflow-y-auto p-2 text-sm"
          >
            {items.map((item, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the box above takes the keys
              <div
                key={item.key}
                id={`${id}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === active}
                onClick={() => select(item)}
                onMouseMove={() => setAt(i)}
                className={clsx(
                  'flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-3 py-1.5',
                  i === active && 'bg-brand-soft text-brand-ink',
                )}
              >
                {item.group && <span className="w-16 shrink-0 text-ink-3 text-xs">{item.group}</span>}
                <span className="min-w-0 flex-1 truncate">{item.label}</span>
                {item.hint && <span className="shrink-0 text-ink-3 text-xs">{item.hint}</span>}
              </div>
            ))}
          </div>
          <p role="status" className="px-5 pb-3 text-ink-3 text-sm empty:hidden">
            {pending ? t('loading') : failed || (items.length === 0 && query ? t('palette.empty') : null)}
          </p>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
