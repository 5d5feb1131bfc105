import type { TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useFaultText } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { Button, type ButtonKind, type ButtonSize } from '../../ui/button';
import { ConfirmDialog } from '../../ui/dialog';
import { toast } from '../../ui/toast';
import { WithdrawApplicationDocument } from '../freeuse/withdraw.gql';
import { ListProductDocument } from './list.gql';
import { RetireProductDocument } from './retire.gql';
import { SuspendProductDocument } from './suspend.gql';

/** A button for a move with consequences: it says them, asks for the reason where one is needed, and then does it. */
function Move<Data extends object, Variables extends Record<string, unknown>>({
  move,
  kind,
  size,
  danger,
  asks,
  confirm,
  mutation,
  variables,
}: {
  move: 'list' | 'suspend' | 'retire' | 'takeBack';
  kind?: ButtonKind;
  size?: ButtonSize;
  /** It takes something away. */
  danger?: boolean;
  /** It asks why. */
  asks?: boolean;
  confirm?: string;
  mutation: TypedDocumentNode<Data, Variables>;
  variables: (reason: string) => Variables;
}) {
  const { t } = useTranslation('operator');
  const say = useFaultText();
  const problemText = useProblemText();
  const [open, setOpen] = useState(false);
  const { submit, pending, faults, problem, reset } = useSubmit(mutation, {
    typenames: ['Product', 'Grant', 'Proceeding'],
  });
  return (
    <>
      <Button kind={kind} size={size} onClick={() => setOpen(true)}>
        {t(`moves.${move}.act`)}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) reset();
        }}
        title={t(`moves.${move}.title`)}
        consequence={t(`moves.${move}.consequence`)}
        confirm={confirm ?? t(`moves.${move}.act`)}
        danger={danger}
        reason={asks ? { label: t('reason'), limit: 2000 } : undefined}
        pending={pending}
        error={faults.length > 0 ? faults.map(say).join(' ') : problem && problemText(problem).what}
        onConfirm={async (reason) => {
          const outcome = await submit(variables(reason));
          if (!outcome?.done) return;
          setOpen(false);
          toast(t(`moves.${move}.done`));
        }}
      />
    </>
  );
}

/** Puts a product on the market. */
export function Lists({ id }: { id: string }) {
  const { t } = useTranslation('operator');
  return (
    <Move
      move="list"
      kind="primary"
      confirm={t('moves.list.confirm')}
      mutation={ListProductDocument}
      variables={() => ({ id })}
    />
  );
}

/** Takes a product off the market for a while. */
export const Suspend = ({ id }: { id: string }) => (
  <Move move="suspend" danger asks mutation={SuspendProductDocument} variables={(reason) => ({ id, reason })} />
);

/** Takes a product off the market for good. */
export const Retire = ({ id }: { id: string }) => (
  <Move
    move="retire"
    kind="danger"
    danger
    asks
    mutation={RetireProductDocument}
    variables={(reason) => ({ id, reason })}
  />
);

/** Takes an application back that is not decided yet. */
export const TakeBack = ({ id }: { id: string }) => (
  <Move move="takeBack" size="small" danger mutation={WithdrawApplicationDocument} variables={() => ({ id })} />
);
