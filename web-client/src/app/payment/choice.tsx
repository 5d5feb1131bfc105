import { useTranslation } from 'react-i18next';
import { RadioCards } from '../../ui/choice';
import { Field } from '../../ui/field';
import type { Way } from './ways';

const known = ['test', 'bank', 'stripe'] as const;
const isKnown = (name: string): name is (typeof known)[number] => known.includes(name as (typeof known)[number]);

/** How to pay, where there are several ways, and what comes of the one that is chosen. */
export function WayChoice({
  ways,
  way,
  onChange,
}: {
  ways: readonly Way[];
  way: Way | undefined;
  onChange: (name: string) => void;
}) {
  const { t } = useTranslation('payment');
  const label = (name: string) => (isKnown(name) ? t(`way.${name}`) : name);
  const hint = (name: string) => (isKnown(name) ? t(`how.${name}`) : undefined);
  if (ways.length === 0) return <p className="text-rose text-sm">{t('none')}</p>;
  if (ways.length === 1) return way && <p className="text-ink-3 text-xs">{hint(way.name)}</p>;
  return (
    <Field as="group" label={t('way.label')}>
      <RadioCards
        name="way"
        options={ways.map(({ name }) => ({ value: name, label: label(name), hint: hint(name) }))}
        value={way?.name ?? null}
        onValueChange={onChange}
      />
    </Field>
  );
}
