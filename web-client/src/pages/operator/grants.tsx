import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { grantTones } from '../../app/tones';
import { actsAs, useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { Deadline } from '../../ui/figures';
import { PageHead } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { Due, Refusals } from './due';
import { HeldGrantsDocument, type HeldGrantsQuery } from './grants.gql';
import { TakeBack } from './moves';

const grants = (data: HeldGrantsQuery) => data.grants;
/** What the operator was granted: items, purposes, until when. */
export function Screen() {
  const { t } = useTranslation('operator');
  useTitle(t('grants.title'));
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const variables = useMemo(() => ({ first: 20 }), []);
  const list = useList(HeldGrantsDocument, variables, grants, { typenames: ['Grant'] });
  const { viewer } = useViewer();
  const applies = actsAs(viewer, ['OPERATOR'], ['PUBLISHER']);
  const apply = applies && (
    <ButtonLink to="/operator/grants/apply" kind="primary">
      {t('apply.title')}
    </ButtonLink>
  );
  return (
    <>
      <PageHead title={t('grants.title')} lead={t('grants.lead')} actions={apply} />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : !list.data ? (
        <Skeleton shape="card" lines={3} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('grants.empty')} action={apply}>
            {t('grants.emptyWhy')}
          </EmptyState>
        </div>
      ) : (
        <>
          <ul className="space-y-3">
            {list.nodes.map((grant) => {
              const resources = [...new Map(grant.items.map((item) => [item.resource.id, item.resource])).values()];
              return (
                <li key={grant.id} className="rounded-xl border border-line bg-surface p-4 sm:p-5">
                  <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <h2 className="font-medium text-base">
                      {resources.length > 2
                        ? t('grants.more', {
                            resources: resources.slice(0, 2).map(named).join(t('separator')),
                            count: resources.length - 2,
                          })
                        : resources.map(named).join(t('separator'))}
                    </h2>
                    <StatusBadge tone={grantTones[grant.status]}>{name('GrantStatus', grant.status)}</StatusBadge>
                    <span className="ml-auto flex flex-wrap gap-2">
                      {grant.canApplyAgain && (
                        <ButtonLink
                          to="/operator/grants/apply"
                          search={{ like: grant.id }}
                          size="small"
                          kind={grant.status === 'ACTIVE' ? 'primary' : undefined}
                        >
                          {t(grant.status === 'ACTIVE' ? 'grants.renew' : 'grants.again')}
                        </ButtonLink>
                      )}
                      {grant.proceeding?.canWithdraw && <TakeBack id={grant.proceeding.id} />}
                    </span>
                  </div>
                  <p className="mt-1 text-13 text-ink-2">
                    {t('grants.itemCount', { count: grant.items.length })} ·{' '}
                    {t('grants.term', { from: format.day(grant.startsOn), to: format.day(grant.endsOn) })}
                  </p>
                  {grant.endsInDays !== null && <Deadline days={grant.endsInDays} date={format.day(grant.endsOn)} />}
                  {grant.proceeding && !grant.proceeding.endedAt && <Due of={grant.proceeding} />}
                  {grant.status === 'REFUSED' &&
                    (grant.proceeding?.state === 'WITHDRAWN' ? (
                      <p className="text-13 text-ink-2">{t('grants.takenBack')}</p>
                    ) : (
                      <Refusals decisions={grant.proceeding?.decisions ?? []} />
                    ))}
                  <p className="mt-2 flex flex-wrap gap-1">
                    {grant.purposes.map((purpose) => (
                      <Badge key={purpose}>{name('Purpose', purpose)}</Badge>
                    ))}
                  </p>
                  <div className="mt-2">
                    <Disclosure summary={t('grants.items')}>
                      <ul className="space-y-2 py-2">
                        {resources.map((resource) => (
                          <li key={resource.id}>
                            <Link
                              to="/resources/$id"
                              params={{ id: resource.id }}
                              className="text-brand hover:underline"
                            >
                              {named(resource)}
                            </Link>
                            <span className="block text-13 text-ink-2">
                              {grant.items
                                .filter((item) => item.resource.id === resource.id)
                                .map(named)
                                .join(t('separator'))}
                            </span>
                          </li>
                        ))}
                      </ul>
                    </Disclosure>
                  </div>
                </li>
              );
            })}
          </ul>
          <More list={list} />
        </>
      )}
    </>
  );
}
