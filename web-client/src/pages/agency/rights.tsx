import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { rightTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { linkText } from '../../ui/styles';
import { EntitlementRestoreDocument } from './entitlement-restore.gql';
import { EntitlementRevokeDocument } from './entitlement-revoke.gql';
import { AgencyRightsDocument, type AgencyRightsQuery } from './rights.gql';
import { rightsRoute } from './routes';

const rights = (data: AgencyRightsQuery) => data.freeRights;

/** Free rights that this agency gave; one that drifted from its purpose is suspended until the agency clears it up. */
export function Screen() {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const { status } = rightsRoute.useSearch();
  const navigate = rightsRoute.useNavigate();
  useTitle(t('rights.title'));
  const variables = useMemo(() => ({ status }), [status]);
  const list = useList(AgencyRightsDocument, variables, rights, { typenames: ['Entitlement'] });
  return (
    <>
      <PageHead title={t('rights.title')} lead={t('rights.lead')} />
      <div className="mb-3 max-w-56">
        <Select
          label={t('rights.status')}
          value={status ?? 'ALL'}
          options={[
            { value: 'ALL', label: t('rights.all') },
            ...enums.EntitlementStatus.map((one) => ({ value: one, label: name('EntitlementStatus', one) })),
          ]}
          onValueChange={(value) =>
            navigate({ search: { status: enums.EntitlementStatus.find((one) => one === value) }, replace: true })
          }
        />
      </div>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="row" lines={3} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('rights.empty')}>{t('rights.emptyWhy')}</EmptyState>
        </div>
      ) : (
        <>
          <Rows label={t('rights.title')}>
            {list.nodes.map((right) => (
              <Row
                key={right.id}
                level={2}
                title={right.product ? named(right.product) : t('rights.productAbsent')}
                marks={
                  <StatusBadge tone={rightTones[right.status]}>{name('EntitlementStatus', right.status)}</StatusBadge>
                }
                meta={
                  <>
                    {right.organisation && <span>{named(right.organisation)}</span>}
                    <span>{name('Purpose', right.purpose)}</span>
                    <span>{t('fromTo', { from: format.day(right.startsAt), to: format.lastDay(right.endsAt) })}</span>
                    <span>{t('rights.used', { count: right.usedCalls, calls: format.count(right.usedCalls) })}</span>
                    {right.proceeding && (
                      <Link to="/review/$id" params={{ id: right.proceeding.id }} className={linkText}>
                        {t('rights.proceeding')}
                      </Link>
                    )}
                  </>
                }
                aside={
                  (right.canRestore || right.canRevoke) && (
                    <span className="flex flex-wrap gap-2">
                      {right.canRestore && (
                        <Act
                          label={t('rights.restore')}
                          title={t('rights.restoreTitle')}
                          consequence={t('rights.restoreConsequence')}
                          done={t('rights.restored')}
                          mutation={EntitlementRestoreDocument}
                          variables={(reason) => ({ id: right.id, reason })}
                          typenames={['Entitlement']}
                        />
                      )}
                      {right.canRevoke && (
                        <Act
                          danger
                          label={t('rights.revoke')}
                          title={t('rights.revokeTitle')}
                          consequence={t('rights.revokeConsequence')}
                          done={t('rights.revoked')}
                          mutation={EntitlementRevokeDocument}
                          variables={(reason) => ({ id: right.id, reason })}
                          typenames={['Entitlement']}
                        />
                      )}
                    </span>
                  )
                }
              >
                {right.scenario}
              </Row>
            ))}
          </Rows>
          <More list={list} />
        </>
      )}
    </>
  );
}
