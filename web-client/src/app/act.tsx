import type { TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFaultText } from '../lib/i18n';
import { useSubmit } from '../lib/submit';
import { Button, type ButtonKind, type ButtonSize } from '../ui/button';
import { toast } from '../ui/toast';
import { ConfirmDialog } from './confirm';
import { useKept } from './kept';
import { useProblemText } from './problem-state';

/** The length that a reason may have; the server holds it. */
export const reasonLimit = 2000;

/** A button for an act with consequences: it says them, asks for the reason where the act takes one, and then does it. */
export function Act<Data extends object, Variables extends Record<string, unknown>>({
  label,
  title,
  consequence,
  confirm = label,
  done,
  mutation,
  variables,
  typenames,
  asksReason = true,
  ask,
  keptAs,
  danger,
  kind,
  size,
  onDone,
}: {
  label: string;
  title: string;
  consequence: string;
  /** What the button says that does it, where it is not the label. */
  confirm?: string;
  /** What is said once it is done. */
  done: string;
  mutation: TypedDocumentNode<Data, Variables>;
  variables: (reason: string) => Variables;
  typenames: string[];
  asksReason?: boolean;
  /** What the reason is called, where it is not simply why. */
  ask?: { label: string; hint: string };
  /** Under which name what is typed outlives closing the dialog and leaving the page, until it is sent. */
  keptAs?: string;
  danger?: boolean;
  kind?: ButtonKind;
  size?: ButtonSize;
  onDone?: (data: Data) => void;
}) {
  const { t } = useTranslation();
  const say = useFaultText();
  const problemText = useProblemText();
  const { typed, change, drop } = useKept(`act.${keptAs}`, { reason: '' });
  const [open, setOpen] = useState(false);
  const { submit, pending, faults, problem, reset } = useSubmit(mutation, { typenames });
  const error = faults.length > 0 ? faults.map(say).join(' ') : problem && problemText(problem).what;
  return (
    <>
      <Button kind={kind ?? (danger ? 'danger' : 'secondary')} size={size} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) reset();
        }}
        title={title}
        consequence={consequence}
        confirm={confirm}
        danger={danger}
        reason={
          asksReason
            ? {
                label: t('act.reason'),
                hint: t('act.reasonHint'),
                ...ask,
                limit: reasonLimit,
                kept: keptAs ? { text: typed.reason, onChange: (text) => change({ reason: text }) } : undefined,
              }
            : undefined
        }
        error={error}
        pending={pending}
        onConfirm={async (reason) => {
          const outcome = await submit(variables(reason));
          if (!outcome?.done) return;
          if (keptAs) drop();
          setOpen(false);
          toast(done);
          onDone?.(outcome.data);
        }}
      />
    </>
  );
}
