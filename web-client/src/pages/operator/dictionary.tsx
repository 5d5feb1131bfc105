import { useTranslation } from 'react-i18next';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import type { Fault } from '../../lib/problem';
import { type ColumnType, enums, type Sensitivity } from '../../lib/schema.gql';
import { Checkbox } from '../../ui/choice';
import { Disclosure } from '../../ui/disclosure';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { Select } from '../../ui/select';
import type { Column } from './draft';

type Item = Column['items'][number];

/** A dictionary that can be changed, a card for each column; refusals stand at the column that they concern. */
export function Dictionary({
  columns,
  onColumns,
  items,
  faults,
}: {
  columns: Column[];
  /** The data items of the product, of which a column may say that it comes. */
  items: readonly Item[];
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
              <Field className="sm:col-span-2" label={t('dictionary.labelEn')} required={false}>
                <TextInput
                  lang="en"
                  value={column.labelEn}
                  onChange={(event) => set(i, { labelEn: event.target.value })}
                />
              </Field>
              <Field className="sm:col-span-4" label={t('dictionary.descriptionEn')} required={false}>
                <TextInput
                  lang="en"
                  value={column.descriptionEn}
                  onChange={(event) => set(i, { descriptionEn: event.target.value })}
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
            <div className="mt-2">
              <From items={items} chosen={column.items ?? []} onChosen={(chosen) => set(i, { items: chosen })} />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** The data items that a column comes from, chosen among those of the product. */
function From({
  items,
  chosen,
  onChosen,
}: {
  items: readonly Item[];
  chosen: readonly Item[];
  onChosen: (chosen: Item[]) => void;
}) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const has = (item: Item) => chosen.some((one) => one.id === item.id);
  return (
    <Disclosure
      summary={
        <span>
          {t('metadata:column.from')}
          <span className="ml-2 font-normal text-ink-2">
            {chosen.length > 0 ? chosen.map(named).join(t('separator')) : t('metadata:column.none')}
          </span>
        </span>
      }
    >
      <div className="grid gap-x-6 sm:grid-cols-2">
        {items.map((item) => (
          <Checkbox
            key={item.id}
            label={named(item)}
            checked={has(item)}
            onCheckedChange={(on) =>
              onChosen(
                items
                  .filter((one) => (one.id === item.id ? on : has(one)))
                  .map(({ id, name, nameEn }) => ({ id, name, nameEn })),
              )
            }
          />
        ))}
      </div>
    </Disclosure>
  );
}
