import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Go } from '../../app/go';
import { More } from '../../app/more';
import { ProblemState, useProblemText } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { setUnread, useEvents } from '../../lib/events';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useLanguage, useSubjectName } from '../../lib/i18n';
import { type EnumName, enums } from '../../lib/schema.gql';
import { shareUnread } from '../../lib/stream';
import { useSubmit } from '../../lib/submit';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { NotificationsDocument, type NotificationsQuery } from './notifications.gql';
import { pathOf } from './paths';
import { MarkReadDocument } from './read.gql';
import { notificationsRoute } from './routes';

type Notification = NotificationsQuery['notifications']['edges'][number]['node'];

const told = (data: NotificationsQuery) => data.notifications;

/** The parameters whose values are those of an enum. */
const enumOf: Record<string, EnumName> = {
  proceedingKind: 'ProceedingKind',
  state: 'ProceedingState',
  obstacle: 'ObstacleCode',
  reason: 'EgressReason',
  mode: 'ChargingMode',
};

/** What one's organisation was told, newest first. */
export function Screen() {
  const { t } = useTranslation('notifications');
  useTitle(t('title'));
  const { viewer, known } = useViewer();
  const { unread } = notificationsRoute.useSearch();
  const navigate = notificationsRoute.useNavigate();
  const variables = useMemo(() => ({ unread: unread ? true : undefined, first: 20 }), [unread]);
  const list = useList(NotificationsDocument, variables, told, { typenames: ['Notification'], pause: !viewer });
  const problemText = useProblemText();
  const { submit, pending, problem } = useSubmit(MarkReadDocument, { typenames: ['Notification'] });
  const newest = list.nodes[0];
  const count = list.data?.notifications.unreadCount;
  useEffect(() => {
    if (count !== undefined) setUnread(count);
  }, [count]);
  useEvents((event) => event.kind === 'NOTIFICATION' && list.reload());
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  const mark = async () => {
    if (!newest) return;
    const outcome = await submit({ upTo: newest.id });
    if (outcome?.done) shareUnread(outcome.data.notificationsMarkRead.unreadCount);
  };
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        title={t('title')}
        lead={t('lead')}
        actions={
          <>
            <Button
              kind={unread ? 'primary' : 'secondary'}
              aria-pressed={unread === true}
              onClick={() => navigate({ search: unread ? {} : { unread: true }, resetScroll: false })}
            >
              {t('onlyUnread')}
            </Button>
            <Button pending={pending} disabled={!newest || count === 0} onClick={mark}>
              {t('markAll')}
            </Button>
          </>
        }
      />
      {problem && (
        <Notice tone="attention" live className="mb-4" title={problemText(problem).title}>
          {problemText(problem).what}
        </Notice>
      )}
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : !list.data ? (
        <div className="rounded-xl border border-line bg-surface">
          <Skeleton shape="row" lines={5} />
        </div>
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={unread ? t('noneUnread') : t('none')}>{t('noneWhy')}</EmptyState>
        </div>
      ) : (
        <>
          <Rows label={t('title')}>
            {list.nodes.map((notification) => (
              <One key={notification.id} notification={notification} />
            ))}
          </Rows>
          <More list={list} />
        </>
      )}
    </div>
  );
}

function One({ notification }: { notification: Notification }) {
  const { t } = useTranslation('notifications');
  const format = useFormats();
  const name = useEnum();
  const language = useLanguage();
  const subjectName = useSubjectName();
  const { viewer } = useViewer();
  const path = pathOf(notification, viewer?.organisation?.id);
  const values: Record<string, string> = {};
  for (const { name: key, value } of notification.params) {
    const type = enumOf[key];
    if (type && (enums[type] as readonly string[]).includes(value)) values[key] = name(type, value);
    else if (/On$/.test(key)) values[key] = format.day(value);
    else if (key === 'rate') values[key] = format.rate(value);
    else if (key === 'amount') values[key] = format.money({ amount: value });
    else values[key] = value;
  }
  if (language === 'en' && values.productNameEn) values.productName = values.productNameEn;
  const { subject } = notification;
  const about = subject?.__typename === 'Proceeding' ? subject.subject : subject;
  if (values.subjectName) values.subjectName = subjectName({ subjectName: values.subjectName, subject: about });
  // A file that could not be read has no version, and no reason of output control.
  const unread = notification.kind === 'DATASET_REFUSED' && values.number === undefined;
  const reason = notification.params.find((param) => param.name === 'reason')?.value;
  const stopped = Number(values.plans ?? 0);
  const why =
    (stopped > 0 ? t('stops', { count: stopped }) : undefined) ??
    (values.suspendedOn && t('suspends', { day: values.suspendedOn })) ??
    values.obstacle ??
    (values.reason === reason ? undefined : values.reason);
  const title = unread ? t('unreadable', values) : t(`kind.${notification.kind}`, values);
  return (
    <Row
      level={2}
      title={path ? <Go to={path}>{title}</Go> : title}
      marks={!notification.read && <Badge tone="info">{t('new')}</Badge>}
      meta={<span>{format.moment(notification.createdAt)}</span>}
    >
      {why}
    </Row>
  );
}
