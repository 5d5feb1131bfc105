import type { TypedDocumentNode } from '@urql/core';
import { useProblemText } from '../../app/problem-state';
import { useFaultText } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { Button, type ButtonKind } from '../../ui/button';
import { Notice } from '../../ui/notice';

/** A button for an act that may be repeated without harm: it does it at once, and says beside itself what refused it. */
export function Do<Data extends object, Variables extends Record<string, unknown>>({
  label,
  mutation,
  variables,
  typenames,
  onDone,
  kind,
}: {
  label: string;
  mutation: TypedDocumentNode<Data, Variables>;
  variables: () => Variables;
  typenames: string[];
  onDone: (data: Data) => void;
  kind?: ButtonKind;
}) {
  const say = useFaultText();
  const problemText = useProblemText();
  const { submit, pending, faults, problem } = useSubmit(mutation, { typenames });
  const refused = faults.map(say).join(' ') || (problem && problemText(problem).what);
  return (
    <>
      {refused && (
        <Notice tone="refused" live>
          {refused}
        </Notice>
      )}
      <Button
        kind={kind}
        pending={pending}
        onClick={async () => {
          const outcome = await submit(variables());
          if (outcome?.done) onDone(outcome.data);
        }}
      >
        {label}
      </Button>
    </>
  );
}
