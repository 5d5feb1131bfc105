import { CircleX, Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button';

/** Nothing here: why, and the one thing to do about it. */
export function EmptyState({
  title,
  children,
  action,
  icon,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center px-4 py-12 text-center">
      <span aria-hidden className="mb-3 text-ink-3">
        {icon ?? <Inbox className="size-8" />}
      </span>
      <p className="font-medium text-base text-ink">{title}</p>
      {children && <div className="mt-1 max-w-md text-ink-2 text-sm">{children}</div>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}

/** It did not work: what happened, what was kept, and a way to try again. */
export function ErrorState({
  title,
  kept,
  children,
  reference,
  onRetry,
  pending,
}: {
  title?: ReactNode;
  /** What was kept of what the person did. */
  kept?: ReactNode;
  children?: ReactNode;
  /** What to tell those who help: the id of the request. */
  reference?: string;
  onRetry?: () => void;
  pending?: boolean;
}) {
  const { t } = useTranslation('ui');
  return (
    <div role="alert" className="flex flex-col items-center px-4 py-12 text-center">
      <CircleX aria-hidden className="mb-3 size-8 text-rose" />
      <p className="font-medium text-base text-ink">{title ?? t('error.title')}</p>
      {children && <div className="mt-1 max-w-md text-ink-2 text-sm">{children}</div>}
      {kept && <p className="mt-1 max-w-md text-ink-2 text-sm">{kept}</p>}
      {onRetry && (
        <Button className="mt-4" onClick={onRetry} pending={pending}>
          {t('retry')}
        </Button>
      )}
      {reference && <p className="mt-3 text-ink-3 text-xs">{t('error.reference', { reference })}</p>}
    </div>
  );
}
