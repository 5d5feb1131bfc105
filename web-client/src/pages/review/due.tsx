import { CalendarClock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';

/** The last day for a decision, or why nobody can say it. */
export function Due({ of }: { of: { dueOn: string | null; calendarMissing: boolean; endedAt?: string | null } }) {
  const { t } = useTranslation('review');
  const format = useFormats();
  const text = of.dueOn
    ? t('due.on', { day: format.day(of.dueOn) })
    : of.calendarMissing
      ? t('due.calendarMissing')
      : t('due.none');
  return (
    <span className="inline-flex items-center gap-1 text-13 text-ink-2">
      <CalendarClock aria-hidden className="size-4 shrink-0" />
      {text}
    </span>
  );
}
