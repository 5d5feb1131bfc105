import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Due } from '../../app/due';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { proceedingTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed, useSubjectName } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { PageHead, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { Timeline, type TimelineEvent } from '../../ui/steps';
import { linkText } from '../../ui/styles';
import { Decision } from './decision';
import { ProceedingDocument, type ProceedingQuery } from './proceeding.gql';
import { proceedingRoute } from './routes';
import { Subject } from './subject';

export type ProceedingFacts = NonNullable<ProceedingQuery['proceeding']>;

/** One proceeding: all that it takes to decide, and beside it the decision. */
export function Screen() {
  const { t } = useTranslation('review');
  const { id } = proceedingRoute.useParams();
  const { data, loading, problem, reload } = useLoad(ProceedingDocument, { id }, { typenames: ['Proceeding'] });
  const proceeding = data?.proceeding;
  const subjectName = useSubjectName();
  useTitle(proceeding ? subjectName(proceeding) : undefined);
  const back = (
    <Link to="/review" search={true} className={`${linkText} mb-2 inline-flex min-h-8 items-center gap-1 xl:hidden`}>
      <ChevronLeft aria-hidden className="size-4" />
      {t('back')}
    </Link>
  );
  if (!data && problem) return <ProblemState whole problem={problem} reload={reload} />;
  if (loading || !data) return <Skeleton shape="facts" lines={8} />;
  if (!proceeding)
    return (
      <>
        {back}
        <ProblemState whole problem={{ kind: 'absent' }} />
      </>
    );
  return (
    <article key={proceeding.id}>
      {back}
      <Head proceeding={proceeding} />
      <div className="xl:grid xl:grid-cols-[minmax(0,1fr)_18rem] xl:gap-6">
        <div className="min-w-0">
          <Subject proceeding={proceeding} licence={data.licence} />
        </div>
        <div className="min-w-0 xl:sticky xl:top-20 xl:max-h-[calc(100dvh-6rem)] xl:self-start xl:overflow-y-auto">
          <Decision key={proceeding.id} proceeding={proceeding} onStale={reload} />
          <Section title={t('history')} card>
            <History proceeding={proceeding} />
          </Section>
        </div>
      </div>
    </article>
  );
}

function Head({ proceeding }: { proceeding: ProceedingFacts }) {
  const { t } = useTranslation('review');
  const subjectName = useSubjectName();
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  return (
    <PageHead
      title={subjectName(proceeding)}
      meta={
        <>
          <Badge>{name('ProceedingKind', proceeding.kind)}</Badge>
          <StatusBadge tone={proceedingTones[proceeding.state]}>
            {name('ProceedingState', proceeding.state)}
          </StatusBadge>
          {proceeding.applicant && <span>{t('applicant', { name: named(proceeding.applicant) })}</span>}
          <span>{t('received', { day: format.day(proceeding.createdAt) })}</span>
          {!proceeding.endedAt && <Due of={proceeding} />}
        </>
      }
    />
  );
}

/** What was done so far, and what is still to come. */
function History({ proceeding }: { proceeding: ProceedingFacts }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const events: TimelineEvent[] = [
    {
      key: 'submitted',
      title: t('submitted'),
      time: format.moment(proceeding.createdAt),
      state: 'done',
      children: proceeding.applicant && named(proceeding.applicant),
    },
    ...proceeding.decisions.map(
      (decision): TimelineEvent => ({
        key: decision.id,
        title: t('decided', {
          step: name('Step', decision.step),
          outcome: name('Outcome', decision.outcome),
        }),
        time: format.moment(decision.createdAt),
        state: decision.outcome === 'REFUSE' ? 'refused' : 'done',
        children: (
          <>
            <p className="whitespace-pre-line">{decision.reason}</p>
            <p className="text-ink-3 text-xs">
              {[decision.organisation && named(decision.organisation), decision.person?.displayName]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </>
        ),
      }),
    ),
  ];
  if (!proceeding.endedAt) events.push({ key: 'waiting', title: t('waiting'), state: 'current' });
  else if (proceeding.state === 'WITHDRAWN')
    events.push({ key: 'ended', title: t('withdrawn'), time: format.moment(proceeding.endedAt), state: 'refused' });
  if (proceeding.entitlement)
    events.push({
      key: 'entitlement',
      title: t('entitlementGiven'),
      state: 'done',
      children: t('entitlementUntil', {
        status: name('EntitlementStatus', proceeding.entitlement.entitlementStatus),
        day: format.lastDay(proceeding.entitlement.endsAt),
      }),
    });
  return <Timeline label={t('history')} events={events} />;
}
