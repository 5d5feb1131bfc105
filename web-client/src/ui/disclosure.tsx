import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { focusRing } from './styles';

/** More under a line that opens: the browser's own details, which search in the page opens too. */
export function Disclosure({
  summary,
  children,
  open,
  name,
}: {
  summary: ReactNode;
  children: ReactNode;
  /** Whether it is open at first. */
  open?: boolean;
  /** Of those that share a name, one is open at a time. */
  name?: string;
}) {
  return (
    <details open={open} name={name} className="group text-sm">
      <summary
        className={clsx(
          'flex min-h-9 cursor-pointer list-none items-center gap-1.5 rounded-md font-medium text-ink [&::-webkit-details-marker]:hidden',
          focusRing,
        )}
      >
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-ink-3 transition-transform group-open:rotate-90 motion-reduce:transition-none"
        />
        {summary}
      </summary>
      <div className="pt-1 pb-2 pl-5.5 text-ink-2">{children}</div>
    </details>
  );
}

/** Several of them under one another: questions, clauses. */
export function Accordion({
  items,
  single,
}: {
  items: readonly { key: string; summary: ReactNode; content: ReactNode }[];
  /** A name that makes one open at a time. */
  single?: string;
}) {
  return (
    <div className="divide-y divide-line border-line border-y">
      {items.map((item) => (
        <Disclosure key={item.key} summary={item.summary} name={single}>
          {item.content}
        </Disclosure>
      ))}
    </div>
  );
}
