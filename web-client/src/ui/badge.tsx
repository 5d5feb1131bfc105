import clsx from 'clsx';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { focusRing, type Tone, toneSoft } from './styles';

/** A short word about a thing: its kind, its state. The word says it, the tone helps. */
export function Badge({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1 whitespace-nowrap rounded-sm px-1.5 py-0.5 font-medium text-xs',
        toneSoft[tone],
      )}
    >
      {icon}
      {children}
    </span>
  );
}

/** The state of an order, a grant, a review: a dot and a word. */
export function StatusBadge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <Badge tone={tone} icon={<span aria-hidden className="size-1.5 shrink-0 rounded-full bg-current" />}>
      {children}
    </Badge>
  );
}

/** A chosen filter or file; the cross takes it away. */
export function Chip({ children, onRemove }: { children: string; onRemove?: () => void }) {
  const { t } = useTranslation('ui');
  return (
    <span className="inline-flex min-h-8 max-w-full items-center rounded-full border border-brand-line bg-brand-soft pl-3 text-brand-ink text-sm">
      <span className="truncate">{children}</span>
      {onRemove ? (
        <button
          type="button"
          aria-label={t('removeNamed', { name: children })}
          onClick={onRemove}
          className={clsx('grid size-8 shrink-0 place-items-center rounded-full', focusRing)}
        >
          <X aria-hidden className="size-3.5" />
        </button>
      ) : (
        <span className="w-3" />
      )}
    </span>
  );
}
