import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormErrors } from '../../lib/form';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextArea, TextInput } from '../../ui/input';
import { Notice } from '../../ui/notice';
import { toast } from '../../ui/toast';
import type { Edited } from './product';
import { ReviseProductDocument } from './revise.gql';

/** Changes the words of a product; it has to be reviewed again. */
export function Revise({ product, onDone }: { product: Edited; onDone: () => void }) {
  const { t } = useTranslation('operator');
  const [form, setForm] = useState({
    name: product.name,
    nameEn: product.nameEn,
    description: product.description,
    descriptionEn: product.descriptionEn,
  });
  const { submit, pending, faults } = useSubmit(ReviseProductDocument, { typenames: ['Product'] });
  const { at, errors, attempt, ready } = useFormErrors(
    {
      name: !form.name.trim() && t('missing.name'),
      nameEn: false,
      description: !form.description.trim() && t('missing.description'),
      descriptionEn: false,
    },
    faults,
  );
  const save = async () => {
    if (!ready()) return;
    const outcome = await submit({ id: product.id, input: form });
    if (!outcome?.done) return;
    toast(t('basics.saved'));
    onDone();
  };
  return (
    <div className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      {product.status !== 'DRAFT' && <Notice tone="attention">{t('basics.again')}</Notice>}
      <Field id="name" label={t('basics.name')} error={at('name')}>
        <TextInput value={form.name} onChange={(event) => setForm({ ...form, name: event.target.value })} />
      </Field>
      <Field id="nameEn" label={t('basics.nameEn')} error={at('nameEn')} required={false}>
        <TextInput
          lang="en"
          value={form.nameEn}
          onChange={(event) => setForm({ ...form, nameEn: event.target.value })}
        />
      </Field>
      <Field id="description" label={t('basics.description')} error={at('description')}>
        <TextArea
          rows={3}
          limit={2000}
          value={form.description}
          onChange={(event) => setForm({ ...form, description: event.target.value })}
        />
      </Field>
      <Field id="descriptionEn" label={t('basics.descriptionEn')} error={at('descriptionEn')} required={false}>
        <TextArea
          lang="en"
          rows={3}
          limit={2000}
          value={form.descriptionEn}
          onChange={(event) => setForm({ ...form, descriptionEn: event.target.value })}
        />
      </Field>
      <div className="flex gap-2">
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button kind="primary" pending={pending} onClick={save}>
          {t('basics.save')}
        </Button>
      </div>
    </div>
  );
}
