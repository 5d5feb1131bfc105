import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useEvents } from '../../lib/events';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useLanguage } from '../../lib/i18n';
import { Deadline, KpiStrip, Progress } from '../../ui/figures';
import { PageHead, Row, Rows, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { OperatorOverviewDocument, type OperatorOverviewQuery } from './overview.gql';

type Todo = OperatorOverviewQuery['todo'][number];

const direction = (percent: string): 'up' | 'down' | 'same' =>
  percent.startsWith('-') ? 'down' : /[1-9]/.test(percent) ? 'up' : 'same';

/** A thing to do, by its name, which leads to where it is done: of an application that was refused, to where it is made again. */
function Name({ todo: { kind, subject, subjectName } }: { todo: Todo }) {
  const about = subject?.__typename === 'Proceeding' ? subject.subject : subject;
  if (about?.__typename === 'Product') {
    return (
      <Link
        to={kind === 'SUBMIT_PRODUCT' ? '/operator/products/$id/check' : '/operator/products/$id'}
        params={{ id: about.id }}
      >
        {subjectName}
      </Link>
    );
  }
  if (about?.__typename === 'Invoice') return <Link to="/operator/invoices">{subjectName}</Link>;
  if (about?.__typename !== 'Grant') return subjectName;
  return kind === 'RENEW_GRANT' ? (
    <Link to="/operator/grants/apply" search={{ like: about.id }}>
      {subjectName}
    </Link>
  ) : (
    <Link to="/operator/grants">{subjectName}</Link>
  );
}

/** What needs the operator, earliest deadline first, and how it stands. */
export function Screen() {
  const { t } = useTranslation('operator');
  useTitle(t('overview.title'));
  const name = useEnum();
  const format = useFormats();
  const language = useLanguage();
  const { data, loading, problem, reload } = useLoad(
    OperatorOverviewDocument,
    {},
    { typenames: ['Product', 'Order', 'Proceeding', 'Grant', 'Agreement', 'Job', 'Invoice'] },
  );
  useEvents((event) => event.kind === 'JOB' && reload());
  if (loading) return <Skeleton shape="card" lines={3} />;
  if (!data) return <ProblemState whole problem={problem ?? { kind: 'failed' }} reload={reload} />;
  const of = data.operatorOverview;
  const basis = (figure: { basis: string; basisEn: string }) => (language === 'en' && figure.basisEn) || figure.basis;
  const delta = (percent: string | null) =>
    percent === null
      ? undefined
      : {
          direction: direction(percent),
          text: t('overview.against', { percent: percent.replace('-', '') }),
          good: !percent.startsWith('-'),
        };
  const count = (key: 'listedProducts' | 'orders' | 'activeEntitlements' | 'calls') => ({
    key,
    label: t(`overview.${key}`),
    value: format.count(of[key].value),
    basis: basis(of[key]),
    delta: delta(of[key].changePercent),
  });
  const jobs = data.jobs.edges.map((edge) => edge.node);
  return (
    <>
      <PageHead title={t('overview.title')} lead={t('overview.lead')} />
      <KpiStrip
        asOf={format.moment(of.orders.asOf)}
        items={[
          count('listedProducts'),
          count('orders'),
          {
            key: 'netRevenue',
            label: t('overview.netRevenue'),
            value: format.money(of.netRevenue.value),
            basis: basis(of.netRevenue),
            delta: delta(of.netRevenue.changePercent),
          },
          count('activeEntitlements'),
          count('calls'),
        ]}
      />
      {jobs.length > 0 && (
        <Section title={t('overview.jobs')} card>
          <ul className="space-y-3">
            {jobs.map((job) => (
              <li key={job.id}>
                <Progress
                  label={t('data.checking')}
                  percent={job.total ? Math.round((job.done / job.total) * 100) : null}
                  doing={job.stage ? name('JobStage', job.stage) : name('JobState', job.state)}
                  left={job.secondsLeft === null ? undefined : t('data.seconds', { count: job.secondsLeft })}
                />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('overview.todo')} lead={t('overview.todoLead')}>
        {data.todo.length === 0 ? (
          <div className="rounded-xl border border-line bg-surface">
            <EmptyState title={t('overview.nothing')} />
          </div>
        ) : (
          <Rows label={t('overview.todo')}>
            {data.todo.map((todo) => (
              <Row
                key={`${todo.kind} ${todo.subjectName} ${todo.subject?.id}`}
                level={3}
                title={<Name todo={todo} />}
                meta={<span>{name('TodoKind', todo.kind)}</span>}
                aside={
                  (todo.workingDaysLeft ?? todo.daysLeft) !== null && (
                    <Deadline
                      days={todo.workingDaysLeft ?? todo.daysLeft ?? 0}
                      working={todo.workingDaysLeft !== null}
                      date={todo.dueOn ? format.day(todo.dueOn) : undefined}
                    />
                  )
                }
              >
                {todo.obstacle && name('ObstacleCode', todo.obstacle)}
              </Row>
            ))}
          </Rows>
        )}
      </Section>
    </>
  );
}
