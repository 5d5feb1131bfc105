import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button';

/** The figures behind a chart, as they are read: already formatted. */
export interface ChartTable {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface ChartFrameProps {
  /** What the chart finds, in a sentence: 十月收入比九月高 12%. */
  finding: string;
  /** What it is counted on, and as of when. */
  basis?: ReactNode;
  table: ChartTable;
  children: ReactNode;
}

/** What every chart has around it: its finding as a name, its basis, and its figures as a table. */
export function ChartFrame({ finding, basis, table, children }: ChartFrameProps) {
  const { t } = useTranslation('ui');
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const empty = table.rows.length === 0;
  return (
    <figure aria-labelledby={id} className="min-w-0">
      <figcaption className="mb-2 flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div className="min-w-0">
          <p id={id} className="font-medium text-ink text-sm">
            {finding}
          </p>
          {basis && <p className="text-ink-3 text-xs">{basis}</p>}
        </div>
        {!empty && (
          <Button size="small" kind="quiet" aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? t('chart.chart') : t('chart.table')}
          </Button>
        )}
      </figcaption>
      {empty ? (
        <p className="py-12 text-center text-ink-3 text-sm">{t('chart.empty')}</p>
      ) : asTable ? (
        <section
          aria-labelledby={id}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus
          tabIndex={0}
          className="relative max-h-80 overflow-auto rounded-lg border border-line focus-visible:outline-2 focus-visible:outline-brand"
        >
          <table className="w-full text-sm">
            <caption className="sr-only">{finding}</caption>
            <thead className="bg-sunken text-ink-2 text-xs">
              <tr>
                {table.head.map((head, i) => (
                  <th
                    key={head}
                    scope="col"
                    className={`px-3 py-2 font-medium ${i === 0 ? 'text-left' : 'text-right'}`}
                  >
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr key={row[0]} className="border-line border-t">
                  {row.map((cell, i) =>
                    i === 0 ? (
                      <th key={table.head[i]} scope="row" className="px-3 py-2 text-left font-normal">
                        {cell}
                      </th>
                    ) : (
                      <td key={table.head[i]} className="px-3 py-2 text-right tabular-nums">
                        {cell}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        children
      )}
    </figure>
  );
}
