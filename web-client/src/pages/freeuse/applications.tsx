import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Due } from '../../app/due';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { proceedingTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useSubjectName } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { FreeUseApplicationsDocument, type FreeUseApplicationsQuery } from './applications.gql';

const applications = (data: FreeUseApplicationsQuery) => data.applications;

/** The applications of the viewer's organisation for free use, newest first. */
export function Screen() {
  const { t } = useTranslation('freeuse');
  useTitle(t('title'));
  const { viewer, known } = useViewer();
  const subjectName = useSubjectName();
  const name = useEnum();
  const format = useFormats();
  const variables = useMemo(() => ({ first: 20 }), []);
  const list = useList(FreeUseApplicationsDocument, variables, applications, {
    typenames: ['Proceeding'],
    pause: !viewer,
  });
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        title={t('title')}
        lead={t('lead')}
        actions={
          <ButtonLink to="/" search={{ priced: ['FREE'] }}>
            {t('find')}
          </ButtonLink>
        }
      />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : !list.data ? (
        <div className="rounded-xl border border-line bg-surface">
          <Skeleton shape="row" lines={4} />
        </div>
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState
            title={t('empty.title')}
            action={
              <ButtonLink to="/" search={{ priced: ['FREE'] }}>
                {t('find')}
              </ButtonLink>
            }
          >
            {t('empty.why')}
          </EmptyState>
        </div>
      ) : (
        <>
          <Rows label={t('title')}>
            {list.nodes.map((application) => (
              <Row
                key={application.id}
                level={2}
                title={
                  <Link to="/free-use/$id" params={{ id: application.id }}>
                    {subjectName(application)}
                  </Link>
                }
                marks={
                  <StatusBadge tone={proceedingTones[application.state]}>
                    {name('ProceedingState', application.state)}
                  </StatusBadge>
                }
                meta={
                  <>
                    {application.purpose && <span>{name('Purpose', application.purpose)}</span>}
                    <span>{t('sentAt', { at: format.moment(application.createdAt) })}</span>
                    {!application.endedAt && <Due of={application} />}
                    {application.entitlement && (
                      <Link
                        to="/data/$id"
                        params={{ id: application.entitlement.id }}
                        className="text-brand hover:underline"
                      >
                        {t('toRight', { day: format.lastDay(application.entitlement.endsAt) })}
                      </Link>
                    )}
                  </>
                }
              >
                <span className="line-clamp-2">{application.scenario}</span>
                {application.state === 'REFUSED' &&
                  application.decisions
                    .filter((decision) => decision.outcome === 'REFUSE')
                    .map((decision) => (
                      <span key={decision.id} className="mt-1 line-clamp-2 text-rose">
                        {t('refusedBecause', { reason: decision.reason })}
                      </span>
                    ))}
              </Row>
            ))}
          </Rows>
          <More list={list} />
        </>
      )}
    </div>
  );
}
