import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useNamed } from '../../lib/i18n';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { Select } from '../../ui/select';
import type { Tariff } from '../tariffs/tariff';
import { TariffExamplesDocument } from './examples.gql';

/** Begins a plan with the tariff of a published price list. */
export function Examples({ onChoose }: { onChoose: (tariff: Tariff) => void }) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const format = useFormats();
  const [open, setOpen] = useState(false);
  const { data } = useLoad(TariffExamplesDocument, {}, { pause: !open });
  if (!open) {
    return (
      <Button size="small" onClick={() => setOpen(true)}>
        {t('examples.act')}
      </Button>
    );
  }
  const versions = (data?.tariffExamples ?? []).flatMap((example) =>
    example.versions.map((version) => ({
      value: `${example.code} ${version.fromOn}`,
      label: t('examples.option', { name: named(example), day: format.day(version.fromOn) }),
      tariff: version.tariff,
    })),
  );
  return (
    <Field label={t('examples.label')} hint={t('examples.hint')} required={false}>
      <Select
        options={versions}
        value={null}
        placeholder={t('examples.choose')}
        onValueChange={(value) => {
          const chosen = versions.find((one) => one.value === value);
          if (chosen) onChoose(chosen.tariff);
        }}
      />
    </Field>
  );
}
