import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Trouble } from '../../app/trouble';
import { useFormats } from '../../lib/format';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { enums, type Grade, type Linkage, type Protection, type Sensitivity } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { CheckboxGroup } from '../../ui/choice';
import { Field } from '../../ui/field';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Select } from '../../ui/select';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { ClassifyDocument } from './classify.gql';
import type { SourceResourceQuery } from './resource.gql';

type Resource = NonNullable<SourceResourceQuery['resource']>;
type Item = Resource['items'][number];

interface Marks {
  grade: Grade | null;
  linkage: Linkage | null;
  sensitivity: Sensitivity | null;
  protections: Protection[];
}

const marksOf = (item: Item): Marks => ({
  grade: item.grade,
  linkage: item.linkage,
  sensitivity: item.sensitivity,
  protections: item.protections,
});

/** The items with their grade, linkage, sensitivity and protections, and a form to mark those that have none yet. */
export function Classification({ resource }: { resource: Resource }) {
  const { t } = useTranslation('source');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const [editing, setEditing] = useState(false);
  return (
    <Section
      title={t('items.title')}
      lead={t('items.lead')}
      actions={
        !editing &&
        resource.allowedActions.includes('CLASSIFY') && (
          <Button onClick={() => setEditing(true)}>{t('items.classify')}</Button>
        )
      }
    >
      {editing ? (
        <Form resource={resource} onDone={() => setEditing(false)} />
      ) : (
        <DataTable
          caption={t('items.title')}
          rows={resource.items}
          rowKey={(item) => item.id}
          columns={[
            { key: 'name', head: t('items.name'), rowHeader: true, cell: (item) => named(item) },
            {
              key: 'grade',
              head: t('items.grade'),
              nowrap: true,
              cell: (item) => (item.grade ? name('Grade', item.grade) : t('items.open')),
            },
            {
              key: 'linkage',
              head: t('items.linkage'),
              nowrap: true,
              cell: (item) => (item.linkage ? name('Linkage', item.linkage) : t('items.open')),
            },
            {
              key: 'sensitivity',
              head: t('items.sensitivity'),
              nowrap: true,
              cell: (item) => (item.sensitivity ? name('Sensitivity', item.sensitivity) : t('items.open')),
            },
            {
              key: 'protections',
              head: t('items.protections'),
              cell: (item) => (
                <span className="flex flex-wrap gap-1">
                  {item.masked && <Badge tone="info">{t('items.masked')}</Badge>}
                  {item.protections.map((protection) => (
                    <Badge key={protection}>{name('Protection', protection)}</Badge>
                  ))}
                </span>
              ),
            },
            { key: 'used', head: t('items.used'), numeric: true, cell: (item) => format.count(item.usedBy) },
          ]}
        />
      )}
    </Section>
  );
}

function Form({ resource, onDone }: { resource: Resource; onDone: () => void }) {
  const { t } = useTranslation('source');
  const named = useNamed();
  const name = useEnum();
  const say = useFaultText();
  const { submit, pending, faults, problem } = useSubmit(ClassifyDocument, { typenames: ['Resource', 'DataItem'] });
  const [marks, setMarks] = useState<Record<string, Marks>>(() =>
    Object.fromEntries(resource.items.map((item) => [item.id, marksOf(item)])),
  );
  const set = (id: string, change: Partial<Marks>) =>
    setMarks((now) => ({ ...now, [id]: { ...(now[id] as Marks), ...change } }));
  // What was touched and is complete is sent: the rest stays as it is.
  const changed = resource.items.filter((item) => JSON.stringify(marks[item.id]) !== JSON.stringify(marksOf(item)));
  const complete = changed.filter(
    (item) => marks[item.id]?.grade && marks[item.id]?.linkage && marks[item.id]?.sensitivity,
  );
  // Refusals name items by their place in what was sent.
  const [sent, setSent] = useState<string[]>([]);
  const save = async () => {
    setSent(complete.map((item) => item.id));
    const outcome = await submit({
      id: resource.id,
      items: complete.map((item) => {
        const of = marks[item.id] as Marks;
        return {
          itemId: item.id,
          grade: of.grade as Grade,
          linkage: of.linkage as Linkage,
          sensitivity: of.sensitivity as Sensitivity,
          protections: of.protections,
        };
      }),
    });
    if (!outcome?.done) return;
    toast(t('items.saved'));
    onDone();
  };
  const wrong = (item: Item) => {
    const at = sent.indexOf(item.id);
    const fault = at >= 0 && faults.find((one) => one.field?.startsWith(`items.${at}.`));
    return fault ? say(fault) : undefined;
  };
  const others = faults.filter((fault) => !fault.field?.startsWith('items.'));
  const choose = <Value extends string>(
    type: 'Grade' | 'Linkage' | 'Sensitivity',
    item: Item,
    value: Value | null,
    on: (value: Value) => void,
  ) => (
    <Field label={t(`items.${type.toLowerCase() as 'grade' | 'linkage' | 'sensitivity'}`)}>
      <Select
        options={enums[type].map((one) => ({ value: one, label: name(type, one) }))}
        value={value}
        onValueChange={(one) => on(one as Value)}
        label={`${named(item)} ${t(`items.${type.toLowerCase() as 'grade' | 'linkage' | 'sensitivity'}`)}`}
      />
    </Field>
  );
  return (
    <div className="space-y-3">
      {others.length > 0 && (
        <Notice tone="refused" live>
          {others.map(say).join(' ')}
        </Notice>
      )}
      <Trouble problem={problem} />
      {resource.items.map((item) => {
        const of = marks[item.id] as Marks;
        return (
          <fieldset key={item.id} className="rounded-xl border border-line bg-surface p-4">
            <legend className="px-1 font-medium">{named(item)}</legend>
            {wrong(item) && (
              <p role="alert" className="mb-2 text-rose">
                {wrong(item)}
              </p>
            )}
            <div className="grid gap-3 sm:grid-cols-3">
              {choose<Grade>('Grade', item, of.grade, (grade) => set(item.id, { grade }))}
              {choose<Linkage>('Linkage', item, of.linkage, (linkage) => set(item.id, { linkage }))}
              {choose<Sensitivity>('Sensitivity', item, of.sensitivity, (sensitivity) => set(item.id, { sensitivity }))}
            </div>
            <div className="mt-3">
              <Field as="group" label={t('items.protections')}>
                <CheckboxGroup
                  inline
                  options={enums.Protection.map((value) => ({ value, label: name('Protection', value) }))}
                  value={of.protections}
                  onValueChange={(protections) => set(item.id, { protections: protections as Protection[] })}
                />
              </Field>
            </div>
          </fieldset>
        );
      })}
      <div
        data-bottom-bar
        className="sticky bottom-0 flex flex-wrap items-center justify-end gap-3 border-line border-t bg-canvas py-3"
      >
        <p role="status" className="text-ink-2">
          {t('items.changed', { count: complete.length })}
          {changed.length > complete.length && t('items.incomplete', { count: changed.length - complete.length })}
        </p>
        <Button onClick={onDone}>{t('items.cancel')}</Button>
        <Button kind="primary" pending={pending} disabled={complete.length === 0} onClick={save}>
          {t('items.save')}
        </Button>
      </div>
    </div>
  );
}
