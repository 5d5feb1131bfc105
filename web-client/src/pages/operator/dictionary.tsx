import { useTranslation } from 'react-i18next';
import { useEnum, useFaultText } from '../../lib/i18n';
import type { Fault } from '../../lib/problem';
import { type ColumnType, enums, type Sensitivity } from '../../lib/schema.gql';
import { Checkbox } from '../../ui/choice';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { Select } from '../../ui/select';
import type { Column } from './draft';

/** A dictionary that can be changed, a card for each column; refusals stand at the column that they concern. */
export function Dictionary({
  columns,
  onColumns,
  faults,
}: {
  columns: Column[];
  onColumns: (columns: Column[]) => void;
  faults: Fault[];
}) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const say = useFaultText();
  const set = (at: number, change: Partial<Column>) =>
    onColumns(columns.map((column, i) => (i === at ? { ...column, ...change } : column)));
  return (
    <ul className="space-y-3">
      {columns.map((column, i) => {
        const wrong = faults.filter((fault) => fault.field?.startsWith(`input.dictionary.${i}.`));
        return (
          <li key={column.of} className="rounded-xl border border-line bg-surface p-4">
            {wrong.length > 0 && (
              <p role="alert" className="mb-2 text-rose">
                {wrong.map(say).join(' ')}
              </p>
            )}
            <div className="grid gap-3 sm:grid-cols-[1.2fr_1.2fr_1fr_0.8fr]">
              <Field label={t('dictionary.label')}>
                <TextInput value={column.label} onChange={(event) => set(i, { label: event.target.value })} />
              </Field>
              <Field label={t('dictionary.name')}>
                <TextInput
                  className="font-mono"
                  spellCheck={false}
                  value={column.name}
                  onChange={(event) => set(i, { name: event.target.value })}
                />
              </Field>
              <Field label={t('dictionary.type')}>
                <Select
                  options={enums.ColumnType.map((value) => ({ value, label: name('ColumnType', value) }))}
                  value={column.type}
                  onValueChange={(type) => set(i, { type: type as ColumnType })}
                />
              </Field>
              <Field label={t('dictionary.unit')}>
                <TextInput value={column.unit} onChange={(event) => set(i, { unit: event.target.value })} />
              </Field>
              <Field className="sm:col-span-2" label={t('dictionary.description')}>
                <TextInput
                  value={column.description}
                  onChange={(event) => set(i, { description: event.target.value })}
                />
              </Field>
              <Field label={t('dictionary.sensitivity')}>
                <Select
                  options={enums.Sensitivity.map((value) => ({ value, label: name('Sensitivity', value) }))}
                  value={column.sensitivity}
                  onValueChange={(sensitivity) => set(i, { sensitivity: sensitivity as Sensitivity })}
                />
              </Field>
              <div className="self-end">
                <Checkbox
                  label={t('dictionary.filterable')}
                  checked={column.filterable}
                  onCheckedChange={(filterable) => set(i, { filterable })}
                />
                <Checkbox
                  label={t('dictionary.quasi')}
                  checked={column.quasiIdentifier}
                  onCheckedChange={(quasiIdentifier) => set(i, { quasiIdentifier })}
                />
              </div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
