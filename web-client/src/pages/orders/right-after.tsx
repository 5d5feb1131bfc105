import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { Notice } from '../../ui/notice';
import { RightAfterRefundDocument, type RightAfterRefundQuery } from './unused.gql';

type After = NonNullable<NonNullable<RightAfterRefundQuery['order']>['rightAfterRefund']>;

/** What becomes of a right once money went back, in words. */
export function RightAfter({ after }: { after: After }) {
  const { t } = useTranslation('refunds');
  const format = useFormats();
  if (after.change !== 'SHRINKS') return t(`right.${after.change}`);
  if (after.quotaCalls !== null) return t('right.calls', { quota: format.count(after.quotaCalls) });
  if (after.quotaBytes !== null) return t('right.bytes', { quota: format.bytes(after.quotaBytes) });
  return t('right.term', { day: format.lastDay(after.endsAt) });
}

/** What becomes of the right of an order once an amount goes back, a moment after it was typed last. */
export function RightAfterNotice({ orderId, amount }: { orderId: string; amount: string }) {
  const [asked, setAsked] = useState(amount);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(amount), 200);
    return () => clearTimeout(timer);
  }, [amount]);
  const variables = useMemo(() => ({ orderId, amount: asked }), [orderId, asked]);
  const { data } = useLoad(RightAfterRefundDocument, variables, {
    pause: !asked || asked !== amount,
    typenames: ['Refund', 'Order', 'Entitlement'],
  });
  const after = asked === amount ? data?.order?.rightAfterRefund : undefined;
  return (
    <div aria-live="polite" className="empty:hidden">
      {after && (
        <Notice tone={after.change === 'NONE' ? 'info' : 'attention'}>
          <RightAfter after={after} />
        </Notice>
      )}
    </div>
  );
}
