import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { useTitle } from '../../app/title';
import { actsAs, useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Field } from '../../ui/field';
import { PageHead, Row } from '../../ui/layout';
import { Select } from '../../ui/select';
import { linkText } from '../../ui/styles';
import { toast } from '../../ui/toast';
import { checks } from './checks';
import { DiscrepanciesDocument, type DiscrepanciesQuery } from './discrepancies.gql';
import { Do } from './do';
import { ExplainDiscrepancyDocument } from './explain.gql';
import { Listed } from './listed';
import { ReconcileDocument } from './reconcile.gql';
import { discrepanciesRoute } from './routes';

const discrepancies = (data: DiscrepanciesQuery) => data.discrepancies;

/** The platform's: rows that break what must hold of money and rights, and who looks into them. */
export function Screen() {
  const { t } = useTranslation('settlement');
  const format = useFormats();
  const name = useEnum();
  useTitle(t('differences.title'));
  const resolved = discrepanciesRoute.useSearch().show === 'resolved';
  const navigate = discrepanciesRoute.useNavigate();
  const { viewer } = useViewer();
  const variables = useMemo(() => ({ resolved, first: 20 }), [resolved]);
  const list = useList(DiscrepanciesDocument, variables, discrepancies, { typenames: ['Discrepancy'] });
  return (
    <>
      <PageHead
        title={t('differences.title')}
        lead={t('differences.lead')}
        actions={
          actsAs(viewer, ['PLATFORM'], ['FINANCE', 'AUDITOR']) && (
            <Do
              label={t('differences.check')}
              mutation={ReconcileDocument}
              variables={() => ({})}
              typenames={['Discrepancy']}
              onDone={({ reconcile }) => toast(t('differences.checked', { count: reconcile.standing ?? 0 }))}
            />
          )
        }
      />
      <div className="mb-4 w-56">
        <Field label={t('differences.which')}>
          <Select
            options={[
              { value: 'standing', label: t('differences.standing') },
              { value: 'resolved', label: t('differences.resolved') },
            ]}
            value={resolved ? 'resolved' : 'standing'}
            onValueChange={(next) =>
              navigate({ search: { show: next === 'resolved' ? next : undefined }, resetScroll: false })
            }
          />
        </Field>
      </div>
      <Listed
        list={list}
        label={t('differences.title')}
        empty={
          resolved
            ? { title: t('differences.noneResolved'), why: t('differences.noneResolvedWhy') }
            : { title: t('differences.none'), why: t('differences.noneWhy') }
        }
        one={(found) => (
          <Row
            key={found.id}
            level={2}
            title={<Check name={found.invariant} />}
            marks={
              <>
                <Badge>{name('DiscrepancyKind', found.kind)}</Badge>
                <StatusBadge tone={found.resolvedAt ? 'success' : found.owner ? 'info' : 'attention'}>
                  {found.resolvedAt
                    ? t('differences.gone')
                    : found.owner
                      ? t('differences.owned')
                      : t('differences.open')}
                </StatusBadge>
              </>
            }
            meta={
              <>
                <Subject found={found} />
                <span>{t('differences.found', { moment: format.moment(found.createdAt) })}</span>
                <span>{t('differences.seen', { moment: format.moment(found.seenAt) })}</span>
                {found.resolvedAt && (
                  <span>{t('differences.goneAt', { moment: format.moment(found.resolvedAt) })}</span>
                )}
              </>
            }
            aside={
              found.canExplain &&
              !found.resolvedAt && (
                <Act
                  size="small"
                  label={t('differences.take')}
                  title={t('differences.takeTitle')}
                  consequence={t('differences.takeConsequence')}
                  done={t('differences.taken')}
                  ask={{ label: t('differences.reason'), hint: t('differences.reasonHint') }}
                  keptAs={`explain.${found.id}`}
                  mutation={ExplainDiscrepancyDocument}
                  variables={(reason) => ({ id: found.id, reason })}
                  typenames={['Discrepancy']}
                />
              )
            }
          >
            {found.reason && (
              <p className="whitespace-pre-line">
                {found.owner && (
                  <strong className="font-medium">{t('differences.by', { name: found.owner.displayName })}</strong>
                )}{' '}
                {found.reason}
              </p>
            )}
          </Row>
        )}
      />
    </>
  );
}

type Found = DiscrepanciesQuery['discrepancies']['edges'][number]['node'];

/** What it is about, with a link to it; of a row of the books that has no page its id. */
function Subject({ found }: { found: Found }) {
  const { t } = useTranslation('settlement');
  const named = useNamed();
  const { order, bill, payoutBatch, contributor } = found;
  return (
    <>
      {found.kind === 'BOOKS' || !found.provider ? (
        <span className="break-all font-mono">{found.subject}</span>
      ) : (
        <span className="break-all">
          {t(`differences.about.${found.kind}`, {
            provider: t(`differences.provider.${found.provider}`, { defaultValue: found.provider }),
            reference: found.reference,
          })}
          {contributor && ` ${named(contributor)}`}
        </span>
      )}
      {order && (
        <Link to="/orders/$id" params={{ id: order.id }} className={linkText}>
          {t('differences.order')}
        </Link>
      )}
      {bill && (
        <Link to="/bills/$id" params={{ id: bill.id }} className={linkText}>
          {t('differences.bill')}
        </Link>
      )}
      {payoutBatch && (
        <Link to="/settlement/payouts/$id" params={{ id: payoutBatch.id }} className={linkText}>
          {t('differences.batch')}
        </Link>
      )}
    </>
  );
}

/** What does not hold, in Chinese where that is known of the check. */
function Check({ name }: { name: string }) {
  const said = useLanguage() === 'zh-CN' ? checks[name] : undefined;
  return said ?? <span lang="en">{name}</span>;
}
