import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useEvents } from '../../lib/events';
import { useFormats } from '../../lib/format';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useLanguage } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { ButtonAnchor, ButtonLink } from '../../ui/button';
import { KpiStrip, Progress } from '../../ui/figures';
import { PageHead, Row, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { linkText } from '../../ui/styles';
import { Listed, useKeepsBooks } from '../settlement/listed';
import { BankDeskDocument } from './bank.gql';
import { Import } from './import';
import { BankStatementsDocument, type BankStatementsQuery } from './statements.gql';

type Statement = BankStatementsQuery['bankStatements']['edges'][number]['node'];

const statements = (data: BankStatementsQuery) => data.bankStatements;

/** The platform's: what its bank says that moved, and what of it still waits for somebody. */
export function Screen() {
  const { t } = useTranslation('bank');
  const name = useEnum();
  const language = useLanguage();
  const format = useFormats();
  useTitle(t('title'));
  const keeps = useKeepsBooks();
  const variables = useMemo(() => ({ first: 20 }), []);
  const typenames = ['BankStatement', 'BankLine', 'Job'];
  const list = useList(BankStatementsDocument, variables, statements, { typenames });
  const desk = useLoad(BankDeskDocument, {}, { typenames: [...typenames, 'BankFormat'] });
  const reload = () => {
    list.reload();
    desk.reload();
  };
  useEvents((event) => event.kind === 'JOB' && reload());
  const totals = desk.data?.bankLineTotals ?? [];
  const absent = desk.data ? undefined : desk.problem;
  if (absent) return <ProblemState whole problem={absent} reload={desk.reload} />;
  if (!desk.data || (!list.data && !list.problem)) return <Skeleton shape="facts" lines={8} />;
  const waiting = totals.find((total) => total.state === 'QUEUED')?.count ?? 0;
  return (
    <>
      <PageHead
        title={t('title')}
        lead={t('lead')}
        actions={
          <>
            <ButtonLink to="/settlement/bank/transfers">{t('transfers.title')}</ButtonLink>
            <ButtonLink
              to="/settlement/bank/lines"
              search={{ state: 'QUEUED' }}
              kind={waiting ? 'primary' : 'secondary'}
            >
              {t('queue', { count: waiting })}
            </ButtonLink>
          </>
        }
      />
      {keeps && <Import formats={desk.data.bankFormats} onDone={reload} />}
      {totals.length > 0 && (
        <KpiStrip
          label={t('totals')}
          items={totals.map((total) => ({
            key: total.state,
            label: name('BankLineState', total.state),
            value: format.count(total.count),
            unit: t('lines.unit'),
          }))}
        />
      )}
      {keeps && (
        <Section title={t('outgoing.title')} lead={t('outgoing.lead')} card>
          <div className="flex flex-wrap items-center gap-3">
            <ButtonAnchor href={`/transfers/outgoing.csv?language=${language}`} download>
              {t('outgoing.file')}
            </ButtonAnchor>
            <a href={`/transfers/outgoing.csv?again=true&language=${language}`} download className={linkText}>
              {t('outgoing.again')}
            </a>
            <span className="text-ink-3 text-sm">{t('outgoing.againWhy')}</span>
          </div>
        </Section>
      )}
      <Section title={t('statements.title')}>
        <Listed
          list={list}
          label={t('statements.title')}
          empty={{ title: t('statements.none'), why: t('statements.noneWhy') }}
          one={(statement) => <One key={statement.id} statement={statement} />}
        />
      </Section>
    </>
  );
}

function One({ statement }: { statement: Statement }) {
  const { t } = useTranslation('bank');
  const name = useEnum();
  const say = useFaultText();
  const format = useFormats();
  const { job } = statement;
  const lines = job?.lines;
  return (
    <Row
      level={3}
      title={
        <Link to="/settlement/bank/lines" search={{ statement: statement.id }}>
          {statement.fileName}
        </Link>
      }
      marks={
        job &&
        job.state !== 'DONE' && (
          <StatusBadge tone={job.state === 'REFUSED' || job.state === 'FAILED' ? 'refused' : 'info'}>
            {name('JobState', job.state)}
          </StatusBadge>
        )
      }
      meta={
        <>
          <span>{format.moment(statement.createdAt)}</span>
          {statement.importedBy && <span>{statement.importedBy.displayName}</span>}
          {statement.format && <span>{statement.format.name}</span>}
        </>
      }
      aside={
        lines && (
          <span className="flex flex-wrap gap-2 sm:justify-end">
            <Badge tone="success">{t('lines.matched', { count: lines.matched })}</Badge>
            {lines.queued > 0 && (
              <Link
                to="/settlement/bank/lines"
                search={{ statement: statement.id, state: 'QUEUED' }}
                className={linkText}
              >
                {t('lines.queued', { count: lines.queued })}
              </Link>
            )}
            {lines.known > 0 && <Badge>{t('lines.known', { count: lines.known })}</Badge>}
          </span>
        )
      }
    >
      {job && (job.state === 'QUEUED' || job.state === 'RUNNING') && (
        <Progress
          label={t('importing')}
          percent={job.total ? Math.round((job.done / job.total) * 100) : null}
          doing={job.stage ? name('JobStage', job.stage) : name('JobState', job.state)}
          left={job.secondsLeft === null ? undefined : t('seconds', { count: job.secondsLeft })}
        />
      )}
      {job && job.refusals.length > 0 && <Notice tone="refused">{job.refusals.map(say).join(' ')}</Notice>}
      {job?.state === 'FAILED' && <Notice tone="refused">{t('failed')}</Notice>}
    </Row>
  );
}
