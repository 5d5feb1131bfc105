import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum } from '../../lib/i18n';
import type { Outcome, Step } from '../../lib/schema.gql';
import { Deadline } from '../../ui/figures';

/** The last day for a decision; working days are counted by the API. */
export function Due({ of }: { of: { dueOn: string | null; workingDaysLeft: number | null } }) {
  const { t } = useTranslation('operator');
  const format = useFormats();
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-13">
      {t('due.decided')}
      {!of.dueOn ? (
        t('due.none')
      ) : of.workingDaysLeft === null ? (
        format.day(of.dueOn)
      ) : (
        <Deadline working days={of.workingDaysLeft} date={format.day(of.dueOn)} />
      )}
    </p>
  );
}

/** Why an application was refused, by whom. */
export function Refusals({ decisions }: { decisions: { id: string; step: Step; outcome: Outcome; reason: string }[] }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  return decisions
    .filter((decision) => decision.outcome === 'REFUSE')
    .map((decision) => (
      <p key={decision.id} className="text-13 text-rose">
        {t('due.refused', { step: name('Step', decision.step), reason: decision.reason })}
      </p>
    ));
}
