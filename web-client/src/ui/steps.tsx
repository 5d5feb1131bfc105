import clsx from 'clsx';
import { Check, Circle, CircleCheck, CircleDot, CircleX, Lock, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from './badge';
import type { Tone } from './styles';

export interface TimelineEvent {
  key: string;
  title: ReactNode;
  /** When, already formatted. */
  time?: ReactNode;
  state: 'done' | 'current' | 'waiting' | 'refused';
  children?: ReactNode;
}

const marks = {
  done: [CircleCheck, 'text-jade'],
  current: [CircleDot, 'text-brand'],
  waiting: [Circle, 'text-ink-3'],
  refused: [CircleX, 'text-rose'],
} as const;

/** What happened to an order or a proceeding, what happens now, and what is to come. */
export function Timeline({ label, events }: { label: string; events: readonly TimelineEvent[] }) {
  const { t } = useTranslation('ui');
  return (
    <ol aria-label={label} className="text-sm">
      {events.map((event, i) => {
        const [Icon, ink] = marks[event.state];
        return (
          <li
            key={event.key}
            aria-current={event.state === 'current' ? 'step' : undefined}
            className="relative flex gap-3 pb-5 last:pb-0"
          >
            {i < events.length - 1 && (
              <span aria-hidden className="absolute top-6 bottom-0 left-[calc(0.625rem-0.5px)] w-px bg-line-strong" />
            )}
            <Icon aria-label={t(`timeline.${event.state}`)} role="img" className={clsx('size-5 shrink-0', ink)} />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap justify-between gap-x-4">
                <p className={clsx(event.state === 'waiting' ? 'text-ink-3' : 'font-medium text-ink')}>{event.title}</p>
                {event.time && <p className="text-ink-3 text-xs/5 tabular-nums">{event.time}</p>}
              </div>
              {event.children && <div className="mt-1 text-ink-2">{event.children}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

export interface Task {
  key: string;
  /** The name: a link of the router, or text while it cannot be started. */
  title: ReactNode;
  state: 'done' | 'todo' | 'blocked' | 'attention';
  /** Why it is blocked, or what needs a change. */
  note?: ReactNode;
}

const taskTones: Record<Task['state'], Tone> = {
  done: 'success',
  todo: 'neutral',
  blocked: 'neutral',
  attention: 'attention',
};
const taskIcons = { done: Check, todo: Circle, blocked: Lock, attention: TriangleAlert };

/** The task to do next: what needs a change first, then the first to do. */
export function nextTask(tasks: readonly Task[]): Task | undefined {
  return tasks.find((task) => task.state === 'attention') ?? tasks.find((task) => task.state === 'todo');
}

/** The tasks of a piece of work, the state of each, and which is next. */
export function TaskList({ label, tasks }: { label: string; tasks: readonly Task[] }) {
  const { t } = useTranslation('ui');
  const next = nextTask(tasks);
  const done = tasks.filter((task) => task.state === 'done').length;
  return (
    <div>
      <p className="mb-2 text-ink-2 text-sm">{t('task.summary', { done, total: tasks.length })}</p>
      <ol aria-label={label} className="divide-y divide-line rounded-xl border border-line bg-surface text-sm">
        {tasks.map((task) => {
          const Icon = taskIcons[task.state];
          return (
            <li
              key={task.key}
              aria-current={task === next ? 'step' : undefined}
              className={clsx(
                'flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5',
                task === next && 'bg-brand-soft',
              )}
            >
              <div className="min-w-0 flex-1 [&_a]:inline-flex [&_a]:min-h-8 [&_a]:items-center [&_a]:text-brand [&_a]:underline-offset-2 [&_a:hover]:underline">
                {task.title}
                {task.note && <p className="text-ink-3 text-xs">{task.note}</p>}
              </div>
              <div className="flex items-center gap-2">
                {task === next && <Badge tone="info">{t('task.next')}</Badge>}
                <Badge tone={taskTones[task.state]} icon={<Icon aria-hidden className="size-3" />}>
                  {t(`task.${task.state}`)}
                </Badge>
              </div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** Which step of several this page is. */
export function StepHeader({ steps, current }: { steps: readonly string[]; current: number }) {
  const { t } = useTranslation('ui');
  return (
    <nav aria-label={t('steps.label')} className="mb-5 text-sm">
      <p className="text-ink-2 sm:hidden">
        {t('steps.position', { n: current + 1, total: steps.length })} · {steps[current]}
      </p>
      <ol className="hidden flex-wrap gap-x-6 gap-y-2 sm:flex">
        {steps.map((step, i) => (
          <li
            key={step}
            aria-current={i === current ? 'step' : undefined}
            className={clsx(
              'flex items-center gap-2',
              i === current ? 'font-medium text-brand-ink' : i < current ? 'text-ink' : 'text-ink-3',
            )}
          >
            <span
              aria-hidden
              className={clsx(
                'grid size-6 place-items-center rounded-full border text-xs tabular-nums',
                i === current ? 'border-brand bg-brand text-white' : 'border-field bg-surface',
              )}
            >
              {i < current ? <Check className="size-3.5" /> : i + 1}
            </span>
            {step}
            {i < current && <span className="sr-only">{t('steps.done')}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
