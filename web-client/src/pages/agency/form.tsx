import { useTranslation } from 'react-i18next';
import { Trouble } from '../../app/trouble';
import { useFaultText } from '../../lib/i18n';
import type { Fault, Problem } from '../../lib/problem';
import { faultAt } from '../../lib/submit';
import { FormErrors } from '../../ui/form-errors';
import { Notice } from '../../ui/notice';

/** A field of a form: its control's id, the path of the input that the API names, and what is wrong with what stands in it. */
export interface Entry {
  id: string;
  path: string;
  wrong?: string;
}

/** What is wrong at each field: what the API refused, and after the first attempt what the form itself sees. */
export function useEntryErrors(entries: readonly Entry[], faults: Fault[], attempt: number) {
  const say = useFaultText();
  const messageOf = (entry: Entry) => {
    const fault = faultAt(faults, entry.path);
    return fault ? say(fault) : attempt > 0 ? entry.wrong : undefined;
  };
  return {
    at: (path: string) => {
      const entry = entries.find((one) => one.path === path);
      return entry && messageOf(entry);
    },
    complete: entries.every((entry) => !entry.wrong),
    errors: entries.flatMap((entry) => {
      const message = messageOf(entry);
      return message ? [{ field: entry.id, message }] : [];
    }),
    rest: faults.filter((fault) => !entries.some((entry) => faultAt([fault], entry.path))),
  };
}

/** At the top of a form: what is wrong, each line leading to its field, and what did not come through. */
export function FormState({
  errors,
  rest,
  problem,
  attempt,
}: {
  errors: { field: string; message: string }[];
  rest: Fault[];
  problem: Problem | undefined;
  attempt: number;
}) {
  const { t } = useTranslation('agency');
  const say = useFaultText();
  return (
    <>
      <FormErrors errors={errors} attempt={attempt} />
      {rest.map((fault) => (
        <Notice key={`${fault.code}:${fault.field}`} tone="refused" live>
          {say(fault)}
        </Notice>
      ))}
      <Trouble problem={problem}>{t('kept')}</Trouble>
    </>
  );
}
