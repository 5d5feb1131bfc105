import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { Deadline } from '../../ui/figures';

/** The last day for a decision, with the working days until then as the API counts them. */
export function Due({ of }: { of: { dueOn: string | null; workingDaysLeft: number | null } }) {
  const { t } = useTranslation('freeuse');
  const format = useFormats();
  if (!of.dueOn) return <span>{t('one.noDue')}</span>;
  if (of.workingDaysLeft === null) return <span>{t('due', { day: format.day(of.dueOn) })}</span>;
  return <Deadline working days={of.workingDaysLeft} date={format.day(of.dueOn)} />;
}
