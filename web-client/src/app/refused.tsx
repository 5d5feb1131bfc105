import type { ReactNode } from 'react';
import { useFaultText } from '../lib/i18n';
import type { Fault } from '../lib/problem';
import { Notice } from '../ui/notice';

/** Why something was refused, read out as it comes; what is refused of several things alike is said once. */
export function Refused({
  faults,
  tone = 'refused',
  actions,
}: {
  faults: readonly Fault[];
  tone?: 'refused' | 'attention';
  actions?: ReactNode;
}) {
  const say = useFaultText();
  return [...new Set(faults.map(say))].map((text) => (
    <Notice key={text} tone={tone} live actions={actions}>
      {text}
    </Notice>
  ));
}
