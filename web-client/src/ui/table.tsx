import clsx from 'clsx';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useId } from 'react';
import { focusRing } from './styles';

export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Right-aligned with tabular figures. */
  numeric?: boolean;
  /** The cell that names its row; the first column when none says so. */
  rowHeader?: boolean;
  sortable?: boolean;
  /** Keeps the text of a cell on one line. */
  nowrap?: boolean;
}

export interface Sorting {
  key: string;
  direction: 'ascending' | 'descending';
}

export interface DataTableProps<Row> {
  /** The name of the table and of the region it scrolls in. */
  caption: string;
  /** Shows the caption above; otherwise it is only read out. */
  showCaption?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sorting?: Sorting | null;
  onSort?: (sorting: Sorting) => void;
  /** What to show in the place of no rows. */
  empty?: ReactNode;
}

/** A dense table that scrolls sideways inside its own region, never the page. */
export function DataTable<Row>({
  caption,
  showCaption,
  columns,
  rows,
  rowKey,
  sorting,
  onSort,
  empty,
}: DataTableProps<Row>) {
  const id = useId();
  const header = columns.find((column) => column.rowHeader) ?? columns[0];
  const cellClass = (column: Column<Row>) =>
    clsx(
      'px-3 py-2',
      column.numeric ? 'text-right tabular-nums' : 'text-left',
      // Chinese may break after every character: what may wrap keeps some of them to a line.
      column.nowrap || column.numeric ? 'whitespace-nowrap' : 'min-w-32',
    );
  return (
    // The region is focusable, so that it can be scrolled with the keyboard.
    <section
      aria-labelledby={id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus
      tabIndex={0}
      className={clsx('relative overflow-x-auto rounded-lg border border-line bg-surface', focusRing)}
    >
      <table className="w-full border-collapse text-sm">
        <caption id={id} className={showCaption ? 'px-3 py-2 text-left font-medium text-ink' : 'sr-only'}>
          {caption}
        </caption>
        <thead className="bg-sunken text-ink-2 text-xs">
          <tr className="bg-sunken">
            {columns.map((column) => {
              const active = sorting?.key === column.key ? sorting.direction : undefined;
              return (
                <th
                  key={column.key}
                  scope="col"
                  aria-sort={column.sortable && onSort ? (active ?? 'none') : undefined}
                  className={clsx(cellClass(column), 'whitespace-nowrap font-medium')}
                >
                  {column.sortable && onSort ? (
                    <button
                      type="button"
                      onClick={() =>
                        onSort({
                          key: column.key,
                          direction: active === 'ascending' ? 'descending' : 'ascending',
                        })
                      }
                      className={clsx(
                        '-mx-1 inline-flex min-h-8 items-center gap-1 rounded-sm px-1 hover:text-ink',
                        active && 'text-brand-ink',
                        focusRing,
                      )}
                    >
                      {column.head}
                      {active === 'ascending' ? (
                        <ArrowUp aria-hidden className="size-3.5" />
                      ) : active === 'descending' ? (
                        <ArrowDown aria-hidden className="size-3.5" />
                      ) : (
                        <ChevronsUpDown aria-hidden className="size-3.5" />
                      )}
                    </button>
                  ) : (
                    column.head
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-line border-t bg-surface hover:bg-canvas">
              {columns.map((column) =>
                column === header ? (
                  <th key={column.key} scope="row" className={clsx(cellClass(column), 'font-normal')}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} className={cellClass(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length}>{empty}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
