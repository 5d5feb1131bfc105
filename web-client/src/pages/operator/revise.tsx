import { useTranslation } from 'react-i18next';
import { useKept } from '../../app/kept';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums, type UpdateFrequency } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Checkbox } from '../../ui/choice';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextArea, TextInput } from '../../ui/input';
import { Notice } from '../../ui/notice';
import { Select } from '../../ui/select';
import { toast } from '../../ui/toast';
import { Dictionary } from './dictionary';
import { type Column, sent } from './draft';
import type { Edited } from './product';
import type { EditedProductQuery } from './product.gql';
import { ReviseProductDocument } from './revise.gql';
import { rowsOf, Sample } from './sample';

const touched = { typenames: ['Product'] };

/** Under which what is typed about a product is kept, its words and its dictionary apart. */
export const reviseForm = (productId: string) => `basics.${productId}`;
export const dictionaryForm = (productId: string) => `dictionary.${productId}`;

/** Changes the words of a product, its domain and its kind of rows; it has to be reviewed again. */
export function Revise({
  product,
  domains,
  onDone,
}: {
  product: Edited;
  domains: EditedProductQuery['domains'];
  onDone: (saved: boolean) => void;
}) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const named = useNamed();
  const {
    typed: form,
    change,
    drop,
  } = useKept(reviseForm(product.id), {
    name: product.name,
    nameEn: product.nameEn,
    description: product.description,
    descriptionEn: product.descriptionEn,
    domainId: product.domain.id,
    updateFrequency: product.updateFrequency,
    aggregate: product.aggregate,
  });
  const { submit, pending, faults, problem } = useSubmit(ReviseProductDocument, touched);
  const { at, errors, attempt, ready } = useFormErrors(
    {
      name: !form.name.trim() && t('missing.name'),
      nameEn: false,
      description: !form.description.trim() && t('missing.description'),
      descriptionEn: false,
      domainId: false,
      updateFrequency: false,
      aggregate: false,
    },
    faults,
  );
  const save = async () => {
    if (!ready()) return;
    const outcome = await submit({ id: product.id, input: form });
    if (!outcome?.done) return;
    drop();
    toast(t('basics.saved'));
    onDone(true);
  };
  return (
    <div className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      <Trouble problem={problem} />
      {product.status !== 'DRAFT' && <Notice tone="attention">{t('basics.again')}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="name" label={t('basics.name')} error={at('name')}>
          <TextInput value={form.name} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field id="nameEn" label={t('basics.nameEn')} error={at('nameEn')} required={false}>
          <TextInput lang="en" value={form.nameEn} onChange={(event) => change({ nameEn: event.target.value })} />
        </Field>
        <Field className="sm:col-span-2" id="description" label={t('basics.description')} error={at('description')}>
          <TextArea
            rows={3}
            limit={2000}
            value={form.description}
            onChange={(event) => change({ description: event.target.value })}
          />
        </Field>
        <Field
          className="sm:col-span-2"
          id="descriptionEn"
          label={t('basics.descriptionEn')}
          error={at('descriptionEn')}
          required={false}
        >
          <TextArea
            lang="en"
            rows={3}
            limit={2000}
            value={form.descriptionEn}
            onChange={(event) => change({ descriptionEn: event.target.value })}
          />
        </Field>
        <Field id="domainId" label={t('basics.domain')} error={at('domainId')}>
          <Select
            options={domains.map((domain) => ({ value: domain.id, label: named(domain) }))}
            value={form.domainId}
            onValueChange={(domainId) => change({ domainId })}
          />
        </Field>
        <Field id="updateFrequency" label={t('basics.frequency')} error={at('updateFrequency')}>
          <Select
            options={enums.UpdateFrequency.map((value) => ({ value, label: name('UpdateFrequency', value) }))}
            value={form.updateFrequency}
            onValueChange={(value) => change({ updateFrequency: value as UpdateFrequency })}
          />
        </Field>
        <Checkbox
          className="sm:col-span-2"
          label={t('basics.aggregate')}
          hint={t('basics.aggregateHint')}
          checked={form.aggregate}
          onCheckedChange={(aggregate) => change({ aggregate })}
        />
      </div>
      <Ends
        pending={pending}
        onSave={save}
        onCancel={() => {
          drop();
          onDone(false);
        }}
      />
    </div>
  );
}

/** Changes the dictionary of a product and its sample, which goes with it; it has to be reviewed again. */
export function ReviseDictionary({ product, onDone }: { product: Edited; onDone: (saved: boolean) => void }) {
  const { t } = useTranslation('operator');
  const { typed, change, drop } = useKept(dictionaryForm(product.id), {
    columns: product.dictionary.map((column): Column => ({ ...column, of: column.name })),
    sample: product.sample.map((row) => row.join('\t')).join('\n'),
  });
  const { submit, pending, faults, problem } = useSubmit(ReviseProductDocument, touched);
  const { at, errors, attempt, ready } = useFormErrors(
    { dictionary: false, sample: !typed.sample.trim() && t('missing.sample') },
    faults,
  );
  const save = async () => {
    if (!ready()) return;
    const input = { dictionary: sent(typed.columns), sample: rowsOf(typed.sample, typed.columns.length) };
    const outcome = await submit({ id: product.id, input });
    if (!outcome?.done) return;
    drop();
    toast(t('basics.saved'));
    onDone(true);
  };
  return (
    <div className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      <Trouble problem={problem} />
      {product.status !== 'DRAFT' && <Notice tone="attention">{t('basics.again')}</Notice>}
      <div id="dictionary" tabIndex={-1} className="outline-none">
        <Dictionary
          columns={typed.columns}
          onColumns={(columns) => change({ columns })}
          items={product.items}
          faults={faults}
        />
      </div>
      <Sample
        id="sample"
        columns={typed.columns}
        text={typed.sample}
        onText={(sample) => change({ sample })}
        error={at('sample')}
        faults={faults}
      />
      <Ends
        pending={pending}
        onSave={save}
        onCancel={() => {
          drop();
          onDone(false);
        }}
      />
    </div>
  );
}

function Ends({ pending, onSave, onCancel }: { pending: boolean; onSave: () => void; onCancel: () => void }) {
  const { t } = useTranslation('operator');
  return (
    <div className="flex gap-2">
      <Button onClick={onCancel}>{t('cancel')}</Button>
      <Button kind="primary" pending={pending} onClick={onSave}>
        {t('basics.save')}
      </Button>
    </div>
  );
}
