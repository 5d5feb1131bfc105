import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import type { DataAnswer, RowsAnswer } from '../../lib/data-call';
import { useLanguage } from '../../lib/i18n';
import { CodeBlock } from '../../ui/code';
import { Disclosure } from '../../ui/disclosure';
import { Notice } from '../../ui/notice';
import { type Column, DataTable } from '../../ui/table';

/** What is known of a column. */
export interface ColumnFacts {
  name: string;
  label: string;
  labelEn: string;
  type: string;
  unit: string;
}

export const isNumeric = (column: Pick<ColumnFacts, 'type'>) => column.type === 'INTEGER' || column.type === 'DECIMAL';

/** The head of a column: what it means, and the name that programs use. */
export function ColumnHead({ column }: { column: ColumnFacts }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <>
      {(language === 'en' && column.labelEn) || column.label}
      {column.unit && <span className="font-normal text-ink-3">{t('ui:bracketed', { text: column.unit })}</span>}
      <code translate="no" className="block font-mono font-normal text-ink-3">
        {column.name}
      </code>
    </>
  );
}

/** What a call of the data API brought: its rows as a table and as they came, or the refusal in words. */
export function Answer({ answer, columns }: { answer: DataAnswer<RowsAnswer>; columns: readonly ColumnFacts[] }) {
  const { t } = useTranslation('product');
  const say = useProblemText();
  if (answer.problem) {
    const { title, what } = say(answer.problem);
    return (
      <Notice tone="refused" live title={title}>
        {what}
        {answer.problem.fault && (
          <p className="mt-1 text-ink-3 text-xs">
            <code translate="no" className="font-mono">
              {answer.status} {answer.problem.fault.code}
              {answer.problem.fault.field && ` · ${answer.problem.fault.field}`}
            </code>
          </p>
        )}
      </Notice>
    );
  }
  const { rows, hasMore } = answer.body;
  return (
    <div className="space-y-2">
      <p role="status" className="text-ink-2">
        {rows.length === 0
          ? t('try.none')
          : hasMore
            ? t('try.more', { count: rows.length })
            : t('try.all', { count: rows.length })}
      </p>
      {rows.length > 0 && (
        <DataTable
          caption={t('try.answer')}
          rows={rows.map((row, i) => ({ row, key: String(i) }))}
          rowKey={({ key }) => key}
          columns={columns.map(
            (column): Column<{ row: Record<string, unknown>; key: string }> => ({
              key: column.name,
              head: <ColumnHead column={column} />,
              numeric: isNumeric(column),
              nowrap: true,
              cell: ({ row }) => said(row[column.name]),
            }),
          )}
        />
      )}
      <Disclosure summary={t('try.raw')}>
        <CodeBlock label="JSON" code={JSON.stringify(answer.body, null, 2)} />
      </Disclosure>
    </div>
  );
}

const said = (value: unknown) => (value === null || value === undefined ? '—' : String(value));
