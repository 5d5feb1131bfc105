import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';

const links =
  '[&_a]:text-brand [&_a]:underline-offset-2 [&_a:hover]:underline [&_a]:rounded-sm ' +
  '[&_a:focus-visible]:outline-2 [&_a:focus-visible]:outline-offset-2 [&_a:focus-visible]:outline-brand';

/** Where the page stands: links of the router, and last the page itself as text. */
export function Breadcrumbs({ items }: { items: readonly { key: string; node: ReactNode }[] }) {
  const { t } = useTranslation('ui');
  return (
    <nav aria-label={t('breadcrumbs')} className={clsx('text-ink-3 text-sm', links)}>
      <ol className="flex flex-wrap items-center gap-x-1">
        {items.map((item, i) => {
          const last = i === items.length - 1;
          return (
            <li
              key={item.key}
              aria-current={last ? 'page' : undefined}
              className="flex min-h-8 items-center gap-1 [&_a]:inline-flex [&_a]:min-h-8 [&_a]:items-center"
            >
              {item.node}
              {!last && <ChevronRight aria-hidden className="size-3.5" />}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** The head of a page: its one h1, a sentence about it, what can be done, and facts about it. */
export function PageHead({
  title,
  lead,
  actions,
  meta,
  breadcrumbs,
}: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Badges and short facts, under the title. */
  meta?: ReactNode;
  breadcrumbs?: ReactNode;
}) {
  return (
    <header className="mb-5">
      {breadcrumbs}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-[1_1_20rem]">
          <h1 className="break-words font-semibold text-[1.375rem]/[1.875rem] text-ink">{title}</h1>
          {meta && <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2 text-sm">{meta}</div>}
          {lead && <p className="mt-2 max-w-3xl text-ink-2 text-sm">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  id,
  lead,
  actions,
  card,
  level = 2,
  children,
}: {
  title: ReactNode;
  /** For links to this part. */
  id?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Frames it: white, with a line. */
  card?: boolean;
  level?: 2 | 3;
  children?: ReactNode;
}) {
  const head = useId();
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section
      id={id}
      tabIndex={id ? -1 : undefined}
      aria-labelledby={head}
      className={clsx('mb-6 min-w-0', card && 'rounded-xl border border-line bg-surface p-4 sm:p-5')}
    >
      <div className="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <Heading id={head} className={clsx('font-semibold text-ink', level === 2 ? 'text-lg' : 'text-base')}>
            {title}
          </Heading>
          {lead && <p className="mt-0.5 text-ink-2 text-sm">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

export interface Fact {
  key: string;
  term: ReactNode;
  /** Left out (null), the whole line is left out. */
  value: ReactNode;
}

/** Facts about a thing, term and value, in one column, or in two where there is room for them. */
export function DescriptionList({ facts, columns = 1 }: { facts: readonly Fact[]; columns?: 1 | 2 }) {
  return (
    <dl
      className={clsx(
        'grid gap-x-8 text-sm',
        columns === 2 && 'grid-cols-[repeat(auto-fill,minmax(min(100%,max(21rem,50%-1rem)),1fr))]',
      )}
    >
      {facts
        .filter((fact) => fact.value != null && fact.value !== false)
        .map((fact) => (
          <div key={fact.key} className="grid min-w-0 gap-x-4 border-line border-b py-2 sm:grid-cols-[8rem_1fr]">
            <dt className="text-ink-3">{fact.term}</dt>
            <dd className="min-w-0 break-words text-ink">{fact.value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** What was answered, before it is sent: each line with a link to change it. */
export function SummaryList({
  items,
}: {
  items: readonly (Fact & {
    /** A link of the router or a button; say what it changes with VisuallyHidden text. */
    change?: ReactNode;
  })[];
}) {
  return (
    <dl className={clsx('text-sm', links)}>
      {items.map((item) => (
        <div
          key={item.key}
          className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5 border-line border-b py-2.5 sm:grid-cols-[10rem_1fr_auto]"
        >
          <dt className="text-ink-3 max-sm:col-span-2">{item.term}</dt>
          <dd className="min-w-0 break-words">{item.value}</dd>
          {item.change && <dd className="text-right">{item.change}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** A list of things, a row each, in one framed card: the catalogue, queues. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
      {children}
    </ul>
  );
}

/** One row: its name (a link of the router), what it is, its marks, and at the right a figure or action. */
export function Row({
  title,
  marks,
  children,
  meta,
  aside,
  level = 3,
}: {
  title: ReactNode;
  /** Badges beside the title. */
  marks?: ReactNode;
  children?: ReactNode;
  /** Small facts under the text. */
  meta?: ReactNode;
  aside?: ReactNode;
  level?: 2 | 3;
}) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-2 px-4 py-4 hover:bg-canvas sm:px-5">
      <div className="min-w-0 flex-[1_1_16rem]">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Heading
            className={clsx(
              'min-w-0 break-words font-medium text-base text-ink [&_a]:inline-block [&_a]:min-h-6',
              links,
            )}
          >
            {title}
          </Heading>
          {marks}
        </div>
        {children && <div className="mt-1 text-ink-2 text-sm">{children}</div>}
        {meta && <div className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5 text-ink-3 text-xs">{meta}</div>}
      </div>
      {aside && <div className="shrink-0 text-right text-sm max-sm:w-full max-sm:text-left">{aside}</div>}
    </li>
  );
}
