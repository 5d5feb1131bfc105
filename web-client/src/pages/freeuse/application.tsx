import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { StatusBadge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { ConfirmDialog } from '../../ui/dialog';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { Timeline } from '../../ui/steps';
import { toast } from '../../ui/toast';
import { tones } from './applications';
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
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const { data, loading, problem, reload } = useLoad(
    FreeUseApplicationDocument,
    { id },
    { typenames: ['Proceeding'], pause: !viewer },
  );
  const application = data?.proceeding;
  useTitle(application ? t('one.title', { product: application.subjectName }) : undefined);
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  if (loading || !known || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!application) return <ProblemState whole problem={problem ?? { kind: 'absent' }} onRetry={reload} />;
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
              { key: 'this', node: application.subjectName },
            ]}
          />
        }
        title={t('one.title', { product: application.subjectName })}
        meta={<StatusBadge tone={tones[application.state]}>{name('ProceedingState', application.state)}</StatusBadge>}
        actions={open && <Withdraw id={application.id} />}
      />
      {sent && open && (
        <Notice tone="success" className="mb-5" title={t('one.sent')} live>
          {t('one.sentWhat', { reference: application.id })}{' '}
          {application.dueOn ? t('one.due', { day: format.day(application.dueOn) }) : t('one.noDue')}
        </Notice>
      )}
      {application.entitlement && (
        <Notice
          tone="success"
          className="mb-5"
          title={t('one.approved')}
          actions={
            <ButtonLink to={'/data/$id' as never} params={{ id: application.entitlement.id } as never} kind="primary">
              {t('one.use')}
            </ButtonLink>
          }
        >
          {t('one.until', { day: format.day(application.entitlement.endsAt) })}
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
                search={{ purpose: application.purpose ?? undefined }}
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
              value: open ? (application.dueOn ? format.day(application.dueOn) : t('one.noDue')) : null,
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
        <Timeline label={t('one.course')} events={eventsOf(application, { named, name, format })} />
      </Section>
    </div>
  );
}

type Say = {
  named: ReturnType<typeof useNamed>;
  name: ReturnType<typeof useEnum>;
  format: ReturnType<typeof useFormats>;
};

function eventsOf(application: Application, { named, name, format }: Say) {
  return [
    {
      key: 'sent',
      title: name('ProceedingState', 'SUBMITTED'),
      time: format.moment(application.createdAt),
      state: 'done' as const,
    },
    ...application.decisions.map((decision) => ({
      key: decision.id,
      title: `${name('Step', decision.step)} · ${name('Outcome', decision.outcome)}`,
      time: format.moment(decision.createdAt),
      state: decision.outcome === 'REFUSE' ? ('refused' as const) : ('done' as const),
      children: (
        <>
          {decision.organisation && <span className="text-ink-3">{named(decision.organisation)} · </span>}
          {decision.reason}
        </>
      ),
    })),
    ...(application.endedAt ? [] : [{ key: 'open', title: name('Step', 'AGENCY'), state: 'current' as const }]),
  ];
}

function Withdraw({ id }: { id: string }) {
  const { t } = useTranslation('freeuse');
  const say = useFaultText();
  const [open, setOpen] = useState(false);
  const { submit, pending, faults } = useSubmit(WithdrawApplicationDocument, { typenames: ['Proceeding'] });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('withdraw.act')}</Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t('withdraw.title')}
        consequence={t('withdraw.consequence')}
        confirm={t('withdraw.act')}
        danger
        pending={pending}
        error={faults[0] && say(faults[0])}
        onConfirm={async () => {
          const outcome = await submit({ id });
          if (!outcome?.done) return;
          setOpen(false);
          toast(t('withdraw.done'));
        }}
      />
    </>
  );
}
