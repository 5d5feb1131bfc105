import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { Due } from '../../app/due';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { proceedingTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed, useSubjectName } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { Timeline, type TimelineEvent } from '../../ui/steps';
import { FreeUseApplicationDocument, type FreeUseApplicationQuery } from './applications.gql';
import { applicationRoute } from './routes';
import { WithdrawApplicationDocument } from './withdraw.gql';

type Application = NonNullable<FreeUseApplicationQuery['proceeding']>;

/** One application for free use: how it stands, until when, what was decided and why, and what to do next. */
export function Screen() {
  const { t } = useTranslation('freeuse');
  const { id } = applicationRoute.useParams();
  const { sent } = applicationRoute.useSearch();
  const { viewer, known } = useViewer();
  const subjectName = useSubjectName();
  const name = useEnum();
  const format = useFormats();
  const { data, loading, problem, reload } = useLoad(
    FreeUseApplicationDocument,
    { id },
    { typenames: ['Proceeding'], pause: !viewer },
  );
  const application = data?.proceeding;
  useTitle(application ? t('one.title', { product: subjectName(application) }) : undefined);
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  if (loading || !known || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!application) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const open = !application.endedAt;
  const product = application.subject?.__typename === 'Product' ? application.subject.id : undefined;
  const refusal = application.decisions.find((decision) => decision.outcome === 'REFUSE');
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/free-use">{t('title')}</Link> },
              { key: 'this', node: subjectName(application) },
            ]}
          />
        }
        title={t('one.title', { product: subjectName(application) })}
        meta={
          <StatusBadge tone={proceedingTones[application.state]}>
            {name('ProceedingState', application.state)}
          </StatusBadge>
        }
        actions={
          application.canWithdraw && (
            <Act
              label={t('withdraw.act')}
              title={t('withdraw.title')}
              consequence={t('withdraw.consequence')}
              done={t('withdraw.done')}
              mutation={WithdrawApplicationDocument}
              variables={() => ({ id: application.id })}
              typenames={['Proceeding']}
              asksReason={false}
              danger
              kind="secondary"
            />
          )
        }
      />
      {sent && open && (
        <Notice tone="success" className="mb-5" title={t('one.sent')} live>
          {t('one.sentWhat', { reference: application.id })}{' '}
          {application.dueOn
            ? application.workingDaysLeft === null || application.workingDaysLeft < 0
              ? t('one.due', { day: format.day(application.dueOn) })
              : t('one.dueLeft', { day: format.day(application.dueOn), count: application.workingDaysLeft })
            : t('one.noDue')}{' '}
          {t('one.told')}
        </Notice>
      )}
      {application.entitlement && (
        <Notice
          tone="success"
          className="mb-5"
          title={t('one.approved')}
          actions={
            <ButtonLink to="/data/$id" params={{ id: application.entitlement.id }} kind="primary">
              {t('one.use')}
            </ButtonLink>
          }
        >
          {t('one.until', { day: format.lastDay(application.entitlement.endsAt) })}
        </Notice>
      )}
      {refusal && (
        <Notice
          tone="refused"
          className="mb-5"
          title={t('one.refused')}
          actions={
            product && (
              <ButtonLink
                to="/free-use/apply/$productId"
                params={{ productId: product }}
                search={{ after: application.id }}
              >
                {t('one.again')}
              </ButtonLink>
            )
          }
        >
          {refusal.reason}
        </Notice>
      )}
      <Section title={t('one.facts')} card>
        <DescriptionList
          facts={[
            {
              key: 'reference',
              term: t('one.reference'),
              value: <span className="break-all font-mono text-13">{application.id}</span>,
            },
            {
              key: 'purpose',
              term: t('apply.purpose'),
              value: application.purpose && name('Purpose', application.purpose),
            },
            {
              key: 'scenario',
              term: t('apply.scenario'),
              value: <span className="whitespace-pre-wrap">{application.scenario}</span>,
            },
            {
              key: 'due',
              term: t('one.deadline'),
              value: open ? <Due of={application} /> : null,
            },
            {
              key: 'evidence',
              term: t('apply.evidence'),
              value: (
                <ul>
                  {application.evidence.map((document) => (
                    <li key={document.id}>
                      <a
                        href={`/documents/${document.id}`}
                        className="inline-flex min-h-6 items-center text-brand hover:underline"
                      >
                        {document.name}
                      </a>{' '}
                      <span className="text-ink-3 text-xs">{format.bytes(document.size)}</span>
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
        />
      </Section>
      <Section title={t('one.course')} card>
        <Course application={application} />
      </Section>
      {application.state === 'WITHDRAWN' && product && (
        <ButtonLink to="/free-use/apply/$productId" params={{ productId: product }} search={{ after: application.id }}>
          {t('one.again')}
        </ButtonLink>
      )}
    </div>
  );
}

/** What was done, what is being done, and what comes then. */
function Course({ application }: { application: Application }) {
  const { t } = useTranslation('freeuse');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const events: TimelineEvent[] = [
    {
      key: 'sent',
      title: t('event.sent'),
      time: format.moment(application.createdAt),
      state: 'done' as const,
    },
    ...application.decisions.map((decision) => ({
      key: decision.id,
      title: t('event.decided', { step: name('Step', decision.step), outcome: name('Outcome', decision.outcome) }),
      time: format.moment(decision.createdAt),
      state: decision.outcome === 'REFUSE' ? ('refused' as const) : ('done' as const),
      children: (
        <>
          {decision.organisation && <span className="text-ink-3">{named(decision.organisation)} · </span>}
          {decision.reason}
        </>
      ),
    })),
    ...(application.endedAt
      ? []
      : [
          {
            key: 'open',
            title: t('event.deciding'),
            state: 'current' as const,
            children: (
              <>
                <Due of={application} />
                <p className="mt-1">{t('event.decidingHow')}</p>
              </>
            ),
          },
          { key: 'then', title: t('event.then'), state: 'waiting' as const, children: t('event.thenHow') },
        ]),
    ...(application.state === 'WITHDRAWN' && application.endedAt
      ? [
          {
            key: 'withdrawn',
            title: name('ProceedingState', 'WITHDRAWN'),
            time: format.moment(application.endedAt),
            state: 'done' as const,
          },
        ]
      : []),
  ];
  return <Timeline label={t('one.course')} events={events} />;
}
