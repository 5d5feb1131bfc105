import clsx from 'clsx';
import { useTranslation } from 'react-i18next';
import { VisuallyHidden } from './hidden';

const bar = 'block rounded bg-line animate-pulse motion-reduce:animate-none';
const count = (n: number) => Array.from({ length: n }, (_, i) => i);

export type SkeletonShape = 'row' | 'card' | 'table' | 'facts' | 'text';

/** The final shape of what is on its way, so that nothing jumps when it comes. */
export function Skeleton({
  shape = 'text',
  lines = 3,
  columns = 4,
}: {
  shape?: SkeletonShape;
  /** Rows, cards, facts or lines. */
  lines?: number;
  columns?: number;
}) {
  const { t } = useTranslation('ui');
  return (
    <div aria-busy="true" data-skeleton>
      <VisuallyHidden live>{t('loading')}</VisuallyHidden>
      <div aria-hidden>{shapes[shape](lines, columns)}</div>
    </div>
  );
}

const shapes: Record<SkeletonShape, (lines: number, columns: number) => React.ReactNode> = {
  text: (lines) => (
    <div className="space-y-2.5">
      {count(lines).map((i) => (
        <span key={i} className={clsx(bar, 'h-3.5', i === lines - 1 ? 'w-1/2' : 'w-full')} />
      ))}
    </div>
  ),
  row: (lines) => (
    <div className="divide-y divide-line rounded-xl border border-line bg-surface">
      {count(lines).map((i) => (
        <div key={i} className="flex gap-6 px-4 py-5">
          <div className="flex-1 space-y-3">
            <span className={clsx(bar, 'h-4.5 w-2/5')} />
            <span className={clsx(bar, 'h-3.5 w-4/5')} />
            <span className={clsx(bar, 'h-3.5 w-3/5')} />
          </div>
          <span className={clsx(bar, 'hidden h-8 w-24 sm:block')} />
        </div>
      ))}
    </div>
  ),
  card: (lines) =>
    count(lines).map((i) => (
      <div key={i} className="mb-4 space-y-3 rounded-lg border border-line bg-surface p-5">
        <span className={clsx(bar, 'h-4.5 w-1/3')} />
        <span className={clsx(bar, 'h-3.5 w-full')} />
        <span className={clsx(bar, 'h-3.5 w-2/3')} />
      </div>
    )),
  table: (lines, columns) => (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      {count(lines + 1).map((row) => (
        <div key={row} className={clsx('flex gap-6 border-line px-3 py-3', row > 0 && 'border-t')}>
          {count(columns).map((column) => (
            <span key={column} className={clsx(bar, 'h-3.5 flex-1')} />
          ))}
        </div>
      ))}
    </div>
  ),
  facts: (lines) => (
    <div className="grid gap-x-8 sm:grid-cols-2">
      {count(lines).map((i) => (
        <div key={i} className="flex gap-4 border-line border-b py-3">
          <span className={clsx(bar, 'h-3.5 w-24')} />
          <span className={clsx(bar, 'h-3.5 flex-1')} />
        </div>
      ))}
    </div>
  ),
};
