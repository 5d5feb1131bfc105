import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { payoutTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { useIdempotencyKey } from '../../lib/submit';
import { StatusBadge } from '../../ui/badge';
import { Field } from '../../ui/field';
import { PageHead, Row, Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { toast } from '../../ui/toast';
import { monthsBack } from '../revenue/period';
import { Do } from './do';
import { Listed, useKeepsBooks } from './listed';
import { PayoutsDocument, type PayoutsQuery } from './payouts.gql';
import { PreparePayoutDocument } from './prepare.gql';
import { payoutsRoute } from './routes';

const batches = (data: PayoutsQuery) => data.payoutBatches;

/** The platform's: what contributors are paid, batch by batch. */
export function Screen() {
  const { t } = useTranslation('settlement');
  const format = useFormats();
  const name = useEnum();
  useTitle(t('payouts.title'));
  const keeps = useKeepsBooks();
  const variables = useMemo(() => ({ first: 20 }), []);
  const list = useList(PayoutsDocument, variables, batches, { typenames: ['PayoutBatch'] });
  return (
    <>
      <PageHead title={t('payouts.title')} lead={t('payouts.lead')} />
      {keeps && <Prepare />}
      <Listed
        list={list}
        label={t('payouts.title')}
        empty={{ title: t('payouts.none'), why: t('payouts.noneWhy') }}
        one={(batch) => (
          <Row
            key={batch.id}
            level={2}
            title={
              <Link to="/settlement/payouts/$id" params={{ id: batch.id }}>
                {t('payouts.of', { month: format.month(batch.month) })}
              </Link>
            }
            marks={
              <StatusBadge tone={payoutTones[batch.status]}>{name('PayoutBatchStatus', batch.status)}</StatusBadge>
            }
            meta={<span>{t('payouts.prepared', { moment: format.moment(batch.createdAt) })}</span>}
            aside={<span className="font-semibold text-base text-ink tabular-nums">{format.money(batch.total)}</span>}
          />
        )}
      />
    </>
  );
}

/** Makes a batch of what the final statements of a month close with. */
function Prepare() {
  const { t } = useTranslation('settlement');
  const format = useFormats();
  const navigate = payoutsRoute.useNavigate();
  const { keyOf, renew } = useIdempotencyKey();
  const months = monthsBack(36);
  const [month, setMonth] = useState(months[1] ?? '');
  return (
    <Section title={t('prepare.title')} lead={t('prepare.lead')} card>
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-48">
          <Field label={t('month.label')}>
            <Select
              options={months.map((one) => ({ value: one, label: format.month(one) }))}
              value={month}
              onValueChange={setMonth}
            />
          </Field>
        </div>
        <Do
          kind="primary"
          label={t('prepare.act')}
          mutation={PreparePayoutDocument}
          variables={() => ({ input: { month, idempotencyKey: keyOf(month) } })}
          typenames={['PayoutBatch']}
          onDone={({ payoutPrepare }) => {
            renew();
            const held = payoutPrepare.heldBack;
            toast(
              held
                ? t('prepare.held', { count: held.contributors, amount: format.money(held.amount) })
                : t('prepare.done'),
            );
            const id = payoutPrepare.payoutBatch?.id;
            if (id) navigate({ to: '/settlement/payouts/$id', params: { id } });
          }}
        />
      </div>
    </Section>
  );
}
