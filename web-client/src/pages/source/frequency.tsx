import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useEnum, useFaultText } from '../../lib/i18n';
import { enums, type UpdateFrequency } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { toast } from '../../ui/toast';
import { StateFrequencyDocument } from './frequency.gql';

/** States the code of an update cycle that the catalogue says in words only. */
export function Frequency({ id, cycle, stated }: { id: string; cycle: string; stated: UpdateFrequency | null }) {
  const { t } = useTranslation('source');
  const name = useEnum();
  const say = useFaultText();
  const problemText = useProblemText();
  const [chosen, setChosen] = useState(stated);
  const { submit, pending, faults, problem } = useSubmit(StateFrequencyDocument, { typenames: ['Resource'] });
  return (
    <Section title={t('frequency.title')} lead={t('frequency.lead', { cycle })} card>
      <div className="flex flex-wrap items-end gap-3">
        <Field
          className="w-56"
          label={t('facts.cycle')}
          error={faults[0] ? say(faults[0]) : problem && problemText(problem).what}
        >
          <Select
            options={enums.UpdateFrequency.map((value) => ({ value, label: name('UpdateFrequency', value) }))}
            value={chosen}
            onValueChange={(value) => setChosen(value as UpdateFrequency)}
          />
        </Field>
        <Button
          pending={pending}
          disabled={chosen === stated}
          onClick={async () => {
            if (!chosen) return;
            const outcome = await submit({ id, updateFrequency: chosen });
            if (outcome?.done) toast(t('frequency.done'));
          }}
        >
          {t('frequency.act')}
        </Button>
      </div>
    </Section>
  );
}
