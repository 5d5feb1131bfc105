import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/field';
import { TextArea } from '../../ui/input';
import { DataTable } from '../../ui/table';
import type { Column } from './draft';

/** Rows of a text: a line each, cells apart by tab or comma, as they are pasted from a table. */
export function rowsOf(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(line.includes('\t') ? '\t' : /[,，]/).map((cell) => cell.trim()));
}

/** A masked sample, pasted from a table, with how it is understood. */
export function Sample({
  id,
  columns,
  text,
  onText,
  error,
}: {
  id: string;
  columns: Column[];
  text: string;
  onText: (text: string) => void;
  error?: string;
}) {
  const { t } = useTranslation('operator');
  const rows = rowsOf(text);
  return (
    <div className="space-y-3">
      <Field
        id={id}
        label={t('sample.label')}
        hint={t('sample.hint', { columns: columns.map((column) => column.label).join(t('separator')) })}
        error={error}
      >
        <TextArea rows={4} className="font-mono" value={text} onChange={(event) => onText(event.target.value)} />
      </Field>
      {rows.length > 0 && (
        <DataTable
          caption={t('sample.read')}
          showCaption
          rows={rows.map((cells, i) => ({ key: String(i), cells }))}
          rowKey={(row) => row.key}
          columns={columns.map((column, i) => ({
            key: column.of,
            head: column.label,
            nowrap: true,
            cell: (row: { cells: string[] }) =>
              row.cells[i] ?? <span className="text-rose">{t('sample.lacking')}</span>,
          }))}
        />
      )}
    </div>
  );
}
