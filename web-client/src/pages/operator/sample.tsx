import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useFaultText } from '../../lib/i18n';
import type { Fault } from '../../lib/problem';
import type { RejectCode } from '../../lib/schema.gql';
import { Field } from '../../ui/field';
import { TextArea } from '../../ui/input';
import { DataTable } from '../../ui/table';
import type { Column } from './draft';
import { useReject } from './reject';

/** Rows of a text: a line each, cells apart by tab or comma, as they are pasted from a table. Of one column a comma parts nothing. */
export function rowsOf(text: string, columns: number): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(columns === 1 || line.includes('\t') ? '\t' : /[,，]/).map((cell) => cell.trim()));
}

/** What the API found wrong in a sample, by the place in its rows: input.sample.1.0. */
function mistakesOf(faults: Fault[]) {
  return faults.flatMap((fault) => {
    const [, row, cell] = /^input\.sample\.(\d+)(?:\.(\d+))?$/.exec(fault.field ?? '') ?? [];
    if (row === undefined) return [];
    const reason = fault.params?.find((param) => param.name === 'reason')?.value as RejectCode | undefined;
    return [{ fault, reason, row: Number(row) + 1, cell: cell === undefined ? undefined : Number(cell) }];
  });
}

/** A masked sample, pasted from a table, with how it is understood. */
export function Sample({
  id,
  columns,
  text,
  onText,
  error,
  faults,
}: {
  id: string;
  columns: Column[];
  text: string;
  onText: (text: string) => void;
  error?: string;
  faults: Fault[];
}) {
  const { t } = useTranslation('operator');
  const format = useFormats();
  const why = useReject();
  const say = useFaultText();
  const rows = rowsOf(text, columns.length);
  const mistakes = mistakesOf(faults);
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
      {mistakes.length > 0 && (
        <DataTable
          caption={t('data.rejects', { count: mistakes.length })}
          showCaption
          rows={mistakes.slice(0, 20)}
          rowKey={(mistake) => `${mistake.fault.field} ${mistake.reason}`}
          columns={[
            { key: 'row', head: t('data.row'), rowHeader: true, numeric: true, cell: (one) => format.count(one.row) },
            {
              key: 'column',
              head: t('data.column'),
              nowrap: true,
              cell: (one) => (one.cell === undefined ? '' : columns[one.cell]?.label),
            },
            {
              key: 'why',
              head: t('data.why'),
              cell: (one) =>
                one.reason ? why(one.reason, one.cell === undefined ? undefined : columns[one.cell]) : say(one.fault),
            },
          ]}
        />
      )}
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
