import { CalendarClock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../lib/format';
import { Deadline } from '../ui/figures';

/** The last day for a decision with the working days until then, or why nobody can say it. */
export function Due({
  of,
  short,
}: {
  of: { dueOn: string | null; calendarMissing: boolean; workingDaysLeft: number | null };
  /** Leaves the day out where the days until then are known. */
  short?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormats();
  if (of.dueOn && of.workingDaysLeft !== null)
    return <Deadline working days={of.workingDaysLeft} date={short ? undefined : format.day(of.dueOn)} />;
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
