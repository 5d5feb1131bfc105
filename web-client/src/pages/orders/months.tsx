import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { Section } from '../../ui/layout';
import { BillLines } from '../bills/bill-lines';
import { BillRows, SalesBillRows } from '../bills/bill-rows';
import type { Order } from './order';
import { BillPreviewDocument } from './preview.gql';

/** What the running month comes to so far, and the bills of those before it. */
export function Months({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const format = useFormats();
  const { data, problem, reload } = useLoad(
    BillPreviewDocument,
    { orderId: order.id },
    { pause: order.status !== 'PAID', typenames: ['Bill', 'Usage'] },
  );
  const preview = data?.billPreview;
  const { viewer } = useViewer();
  const mine = order.buyer?.id === viewer?.organisation?.id;
  return (
    <>
      <Section title={t('month.title')} lead={t('month.lead')} card>
        {preview ? (
          <>
            <BillLines of={preview} tariff={order.terms.tariff} total={t('month.sofar')} />
            <p className="mt-2 text-ink-3 text-xs">
              {t('month.asOf', { month: format.month(preview.month), at: format.moment(preview.asOf) })}
            </p>
          </>
        ) : (
          problem && <ProblemState problem={problem} reload={reload} />
        )}
      </Section>
      <Section title={t('month.bills')} lead={t('month.billsLead')}>
        {mine ? <BillRows orderId={order.id} /> : <SalesBillRows orderId={order.id} />}
      </Section>
    </>
  );
}
