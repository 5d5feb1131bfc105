import { Link } from '@tanstack/react-router';
import { Bell as BellIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useUnread } from '../lib/events';
import { buttonClass } from '../ui/button';

/** Leads to what one was told, and says how much of it is unread. */
export function Bell() {
  const { t } = useTranslation();
  const unread = useUnread();
  const count = unread > 99 ? '99+' : String(unread);
  return (
    <Link
      to="/notifications"
      aria-label={unread > 0 ? t('bell.unread', { count: unread, shown: count }) : t('bell.none')}
      className={`${buttonClass('quiet')} relative w-9 shrink-0 px-0!`}
    >
      <BellIcon aria-hidden className="size-5 shrink-0" />
      {unread > 0 && (
        <span
          aria-hidden
          className="absolute top-0 right-0 min-w-4 rounded-full bg-rose px-1 text-center font-medium text-[0.625rem]/4 text-white"
        >
          {count}
        </span>
      )}
    </Link>
  );
}
