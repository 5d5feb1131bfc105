import { useState } from 'react';
import { useFaultText } from './i18n';
import type { Fault } from './problem';

/**
 * What is wrong with a form: what it lacks itself, and what the server refused, by field. A field is named as its input is in the
 * API (name for input.name); what concerns no field of the form is said above it. ready() after a press says what it lacks, and the
 * focus goes to the summary; reset() begins anew, once the form was sent and stands empty again.
 */
export function useFormErrors(
  missing: Record<string, string | false | undefined>,
  faults: Fault[],
  fields: readonly string[] = Object.keys(missing),
) {
  const say = useFaultText();
  const [attempt, setAttempt] = useState(0);
  const refused: Record<string, string> = {};
  const others: string[] = [];
  for (const fault of faults) {
    const path = fault.field?.replace(/^input\./, '') ?? '';
    const field = fields.find((name) => path === name || path.startsWith(`${name}.`));
    if (field) refused[field] ??= say(fault);
    else others.push(say(fault));
  }
  const own = attempt > 0 ? missing : {};
  const at = (field: string): string | undefined => own[field] || refused[field];
  const errors = [
    ...others.map((message) => ({ message })),
    ...fields.flatMap((field) => {
      const message = at(field);
      return message ? [{ field, message }] : [];
    }),
  ];
  /** Whether the form lacks nothing by itself; says what it lacks if it does. */
  const ready = () => {
    setAttempt((n) => n + 1);
    return !Object.values(missing).some(Boolean);
  };
  const reset = () => setAttempt(0);
  return { at, errors, attempt, ready, reset };
}
