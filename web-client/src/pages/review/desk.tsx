import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import clsx from 'clsx';
import { CircleHelp } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Due } from '../../app/due';
import { late } from '../../app/late';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useNamed, useSubjectName } from '../../lib/i18n';
import { enums, type ProceedingKind } from '../../lib/schema.gql';
import { Badge } from '../../ui/badge';
import { Button, IconButton } from '../../ui/button';
import { PageHead } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { focusRing, focusRingInside } from '../../ui/styles';
import {
  ReviewDeskDocument,
  type ReviewDeskQuery,
  ReviewDeskTotalsDocument,
  type ReviewDeskTotalsQuery,
} from './desk.gql';
import { useKeys } from './keys';
import { QueueContext } from './queue';
import { deskRoute } from './routes';

const KeysHelp = late(() => import('./keys-help').then((m) => m.KeysHelp));

type Waiting = ReviewDeskQuery['reviewDesk']['edges'][number]['node'];

const desk = (data: ReviewDeskQuery) => data.reviewDesk;
const nothing = {};

/** The review desk: at the left what waits, at the right the proceeding that is open. */
export function Screen() {
  const { t } = useTranslation('review');
  const name = useEnum();
  const search = deskRoute.useSearch();
  const navigate = useNavigate();
  const open = useParams({ strict: false }).id;
  const [help, setHelp] = useState(false);
  const queue = useRef<HTMLUListElement>(null);
  useTitle(open ? undefined : t('title'));
  const variables = useMemo(() => ({ kind: search.kind, first: 50 }), [search.kind]);
  const list = useList(ReviewDeskDocument, variables, desk, { typenames: ['Proceeding'] });
  const counted = useLoad(ReviewDeskTotalsDocument, nothing, { typenames: ['Proceeding'] });
  const totals = counted.data?.reviewDeskTotals;
  const ids = list.nodes.map((node) => node.id);

  const shown = list.nodes.find((node) => node.id === open)?.id;
  useEffect(() => {
    if (shown) queue.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  const step = (by: number) => {
    const links = [...(queue.current?.querySelectorAll('a') ?? [])];
    if (open && links[0]?.offsetParent === null) {
      // Where the queue is not shown beside it, the next opens at once.
      const id = ids[Math.min(Math.max(ids.indexOf(open) + by, 0), ids.length - 1)];
      if (id && id !== open) navigate({ to: '/review/$id', params: { id }, search: true });
      return;
    }
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const from = at >= 0 ? at : ids.indexOf(open ?? '');
    const next = links[from < 0 ? 0 : Math.min(Math.max(from + by, 0), links.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({ j: () => step(1), k: () => step(-1), '?': () => setHelp(true) });

  const kinds: Kind[] = [
    { value: 'ALL', label: t('kind.all') },
    ...enums.ProceedingKind.map((kind) => ({
      value: kind,
      label: name('ProceedingKind', kind),
      total: totals?.find((total) => total.kind === kind),
    })),
  ];
  const waiting = (
    <section aria-label={t('queue')} className="min-w-0">
      <div className={clsx('mb-3 flex items-center gap-1', !open && 'flex-wrap justify-between')}>
        {!open && <Kinds kinds={kinds} chosen={search.kind ?? 'ALL'} />}
        <Select
          className={open ? undefined : 'sm:hidden'}
          label={t('kind.label')}
          options={kinds.map(({ value, label, total }) => ({
            value,
            label: total ? t('kind.counted', { kind: label, count: total.count }) : label,
          }))}
          value={search.kind ?? 'ALL'}
          onValueChange={(value) => {
            const kind = enums.ProceedingKind.find((known) => known === value);
            navigate({ to: '/review', search: kind ? { kind } : {} });
          }}
        />
        <IconButton
          label={t('keys.open')}
          icon={<CircleHelp aria-hidden className="size-5" />}
          className="max-sm:hidden"
          onClick={() => setHelp(true)}
        />
      </div>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="row" lines={4} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState
            title={t('empty.title')}
            action={
              search.kind ? <Button onClick={() => navigate({ to: '/review' })}>{t('empty.all')}</Button> : undefined
            }
          >
            {search.kind ? t('empty.kind') : t('empty.why')}
          </EmptyState>
        </div>
      ) : (
        <>
          <ul
            ref={queue}
            aria-label={t('queue')}
            aria-busy={list.stale}
            className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
          >
            {list.nodes.map((node) => (
              <Entry key={node.id} node={node} open={node.id === open} narrow={!!open} />
            ))}
          </ul>
          <More list={list} />
        </>
      )}
    </section>
  );

  return (
    <QueueContext value={ids}>
      {open ? (
        <div className="xl:grid xl:grid-cols-[14.5rem_minmax(0,1fr)] xl:gap-6">
          <div className="hidden xl:sticky xl:top-20 xl:block xl:max-h-[calc(100dvh-6rem)] xl:self-start xl:overflow-y-auto">
            {waiting}
          </div>
          <div className="min-w-0">
            <Outlet />
          </div>
        </div>
      ) : (
        <>
          <PageHead title={t('title')} lead={t('lead')} />
          {/* The counts decide how many lines the kinds take: what is under them would jump when they come. */}
          {counted.loading ? <Skeleton shape="row" lines={4} /> : waiting}
        </>
      )}
      {help && <KeysHelp onClose={() => setHelp(false)} />}
    </QueueContext>
  );
}

interface Kind {
  value: 'ALL' | ProceedingKind;
  label: string;
  /** What of it waits; none where nothing does. */
  total?: ReviewDeskTotalsQuery['reviewDeskTotals'][number];
}

/** The kinds of proceeding, a link each: all of them, or one. */
function Kinds({ kinds, chosen }: { kinds: readonly Kind[]; chosen: string }) {
  const { t } = useTranslation('review');
  const format = useFormats();
  return (
    <nav aria-label={t('kind.label')} className="hidden sm:block">
      <ul className="flex flex-wrap gap-1">
        {kinds.map((kind) => (
          <li key={kind.value}>
            <Link
              to="/review"
              search={kind.value === 'ALL' ? {} : { kind: kind.value }}
              aria-current={kind.value === chosen ? 'true' : undefined}
              className={clsx(
                'inline-flex min-h-9 items-center gap-1.5 rounded-md px-3',
                kind.value === chosen ? 'bg-brand-soft font-medium text-brand-ink' : 'text-ink-2 hover:bg-sunken',
                focusRing,
              )}
            >
              {kind.label}
              {kind.total && (
                <span className="rounded-full bg-sunken px-1.5 text-ink-2 text-xs tabular-nums">
                  {format.count(kind.total.count)}
                </span>
              )}
              {kind.total && kind.total.overdue > 0 && (
                <span className="font-medium text-rose text-xs">
                  {t('kind.overdue', { count: kind.total.overdue })}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** One that waits. Its whole row opens it. */
function Entry({ node, open, narrow }: { node: Waiting; open: boolean; narrow: boolean }) {
  const { t } = useTranslation('review');
  const subjectName = useSubjectName();
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  return (
    <li>
      <Link
        to="/review/$id"
        params={{ id: node.id }}
        search={true}
        aria-current={open ? 'page' : undefined}
        className={clsx(
          'block px-4 py-3 hover:bg-canvas',
          focusRingInside,
          open && 'bg-brand-soft hover:bg-brand-soft',
          !narrow && 'sm:flex sm:items-start sm:gap-6 sm:px-5',
        )}
      >
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className={clsx('min-w-0 font-medium', open ? 'text-brand-ink' : 'text-ink', !narrow && 'text-base')}>
              {subjectName(node)}
            </span>
            {node.allowedSteps.length === 0 && <Badge>{t('othersDecide')}</Badge>}
          </span>
          <span className="mt-0.5 block text-13 text-ink-3">
            {name('ProceedingKind', node.kind)}
            {node.purpose && ` · ${name('Purpose', node.purpose)}`}
            {node.applicant && ` · ${named(node.applicant)}`}
          </span>
        </span>
        <span className={clsx('mt-1 block', !narrow && 'sm:mt-0 sm:text-right')}>
          <Due of={node} short={narrow} />
          {!narrow && (
            <span className="mt-0.5 hidden text-ink-3 text-xs sm:block">
              {t('received', { day: format.day(node.createdAt) })}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}
