import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { WithdrawApplicationDocument } from '../freeuse/withdraw.gql';
import { ListProductDocument } from './list.gql';
import { RetireProductDocument } from './retire.gql';
import { SuspendProductDocument } from './suspend.gql';

const typenames = ['Product', 'Grant', 'Proceeding'];

/** The words of a move. */
const wordsOf = (t: TFunction<'operator'>, move: 'list' | 'suspend' | 'retire' | 'takeBack') => ({
  label: t(`moves.${move}.act`),
  title: t(`moves.${move}.title`),
  consequence: t(`moves.${move}.consequence`),
  done: t(`moves.${move}.done`),
});

/** Puts a product on the market. */
export function Lists({ id }: { id: string }) {
  const { t } = useTranslation('operator');
  return (
    <Act
      {...wordsOf(t, 'list')}
      confirm={t('moves.list.confirm')}
      kind="primary"
      asksReason={false}
      mutation={ListProductDocument}
      variables={() => ({ id })}
      typenames={typenames}
    />
  );
}

/** Takes a product off the market for a while. */
export function Suspend({ id }: { id: string }) {
  const { t } = useTranslation('operator');
  return (
    <Act
      {...wordsOf(t, 'suspend')}
      kind="secondary"
      danger
      mutation={SuspendProductDocument}
      variables={(reason) => ({ id, reason })}
      typenames={typenames}
    />
  );
}

/** Takes a product off the market for good. */
export function Retire({ id }: { id: string }) {
  const { t } = useTranslation('operator');
  return (
    <Act
      {...wordsOf(t, 'retire')}
      danger
      mutation={RetireProductDocument}
      variables={(reason) => ({ id, reason })}
      typenames={typenames}
    />
  );
}

/** Takes an application back that is not decided yet. */
export function TakeBack({ id }: { id: string }) {
  const { t } = useTranslation('operator');
  return (
    <Act
      {...wordsOf(t, 'takeBack')}
      kind="secondary"
      size="small"
      danger
      asksReason={false}
      mutation={WithdrawApplicationDocument}
      variables={() => ({ id })}
      typenames={typenames}
    />
  );
}
