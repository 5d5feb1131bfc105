import clsx from 'clsx';
import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export type NoticeTone = 'info' | 'success' | 'attention' | 'refused';

const looks = {
  info: ['border-brand-line bg-brand-soft', 'text-brand-ink', Info],
  success: ['border-jade/30 bg-jade-soft', 'text-jade', CircleCheck],
  attention: ['border-amber/30 bg-amber-soft', 'text-amber', TriangleAlert],
  refused: ['border-rose/30 bg-rose-soft', 'text-rose', CircleX],
} as const;

export interface NoticeProps {
  tone?: NoticeTone;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** Speaks up when it appears after the page did: politely, or at once when refused. */
  live?: boolean;
  className?: string;
}

/** Something to know before going on. The icon has a word, so that colour is never alone. */
export function Notice({ tone = 'info', title, children, actions, live, className }: NoticeProps) {
  const { t } = useTranslation('ui');
  const [box, ink, Icon] = looks[tone];
  return (
    <div
      role={live ? (tone === 'refused' ? 'alert' : 'status') : undefined}
      className={clsx('flex gap-2.5 rounded-lg border px-4 py-3 text-ink text-sm', box, className)}
    >
      <Icon aria-label={t(`notice.${tone}`)} role="img" className={clsx('mt-0.5 size-4.5 shrink-0', ink)} />
      <div className="min-w-0 flex-1 space-y-1">
        {title && <p className={clsx('font-medium', ink)}>{title}</p>}
        {children && <div>{children}</div>}
        {actions && <div className="flex flex-wrap gap-2 pt-1">{actions}</div>}
      </div>
    </div>
  );
}
