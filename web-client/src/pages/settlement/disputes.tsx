import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { disputeTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { Field } from '../../ui/field';
import { PageHead, Row } from '../../ui/layout';
import { Select } from '../../ui/select';
import { linkText } from '../../ui/styles';
import { DisputesDocument, type DisputesQuery } from './disputes.gql';
import { Listed } from './listed';
import { disputesRoute } from './routes';

const disputes = (data: DisputesQuery) => data.disputes;

/** The platform's: payments that buyers' banks ask back, and what became of that. */
export function Screen() {
  const { t } = useTranslation('settlement');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  useTitle(t('disputes.title'));
  const all = disputesRoute.useSearch().show === 'all';
  const navigate = disputesRoute.useNavigate();
  const variables = useMemo(() => ({ open: !all, first: 20 }), [all]);
  const list = useList(DisputesDocument, variables, disputes, { typenames: ['Dispute'] });
  return (
    <>
      <PageHead title={t('disputes.title')} lead={t('disputes.lead')} />
      <div className="mb-4 w-56">
        <Field label={t('disputes.which')}>
          <Select
            options={[
              { value: 'open', label: t('disputes.open') },
              { value: 'all', label: t('disputes.all') },
            ]}
            value={all ? 'all' : 'open'}
            onValueChange={(next) =>
              navigate({ search: { show: next === 'all' ? next : undefined }, resetScroll: false })
            }
          />
        </Field>
      </div>
      <Listed
        list={list}
        label={t('disputes.title')}
        empty={{ title: t(all ? 'disputes.noneEver' : 'disputes.none'), why: t('disputes.noneWhy') }}
        one={(dispute) => (
          <Row
            key={dispute.id}
            level={2}
            title={
              <Link to="/orders/$id" params={{ id: dispute.order.id }} className={linkText}>
                {named({ name: dispute.order.terms.productName, nameEn: dispute.order.terms.productNameEn })}
              </Link>
            }
            marks={<StatusBadge tone={disputeTones[dispute.state]}>{name('DisputeState', dispute.state)}</StatusBadge>}
            meta={
              <>
                {dispute.order.buyer && <span>{named(dispute.order.buyer)}</span>}
                <span className="break-all font-mono">{dispute.reference}</span>
                <span>{t('disputes.openedAt', { moment: format.moment(dispute.openedAt) })}</span>
                {dispute.closedAt && <span>{t('disputes.closedAt', { moment: format.moment(dispute.closedAt) })}</span>}
              </>
            }
            aside={<span className="font-medium tabular-nums">{format.money(dispute.amount)}</span>}
          />
        )}
      />
    </>
  );
}
