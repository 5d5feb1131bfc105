import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEnum, useNamed } from '../../lib/i18n';
import { type ChargingMode, enums, type ServiceChannel } from '../../lib/schema.gql';
import { Button, IconButton } from '../../ui/button';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { Select } from '../../ui/select';
import { useClasses } from '../tariffs/classes';
import { type TypedVariant, typedVariant } from './schedule';
import { ScheduleFields } from './schedule-fields';

/** Prices of their own for a class of users or a channel; the first that fits a use is its own. */
export function Variants({
  mode,
  free,
  variants,
  said,
  onChange,
}: {
  mode: ChargingMode;
  free: boolean;
  variants: TypedVariant[];
  said: (field: string) => string | undefined;
  onChange: (variants: TypedVariant[]) => void;
}) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const named = useNamed();
  const classes = useClasses(variants.length > 0);
  const set = (i: number, part: Partial<TypedVariant>) =>
    onChange(variants.map((variant, j) => (i === j ? { ...variant, ...part } : variant)));
  return (
    <div className="space-y-3">
      {variants.map((variant, i) => (
        <fieldset key={variant.key} className="space-y-4 rounded-lg border border-line p-3">
          <div className="flex items-center justify-between gap-3">
            <legend className="contents font-medium text-sm">{t('variants.title', { n: i + 1 })}</legend>
            <IconButton
              label={t('variants.remove', { n: i + 1 })}
              icon={<Trash2 aria-hidden className="size-4" />}
              size="small"
              onClick={() => onChange(variants.filter((_, j) => j !== i))}
            />
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              id={`plan-variants.${i}.class`}
              label={t('variants.class')}
              hint={
                classes.length > 0
                  ? classes.map((one) => `${one.code} ${named(one)}`).join(t('variants.separator'))
                  : undefined
              }
              error={said(`variants.${i}.class`) ?? said(`variants.${i}`)}
              required={false}
            >
              <TextInput
                maxLength={32}
                autoCapitalize="characters"
                value={variant.class}
                onChange={(event) => set(i, { class: event.target.value.toUpperCase() })}
              />
            </Field>
            <Field
              id={`plan-variants.${i}.channel`}
              label={t('variants.channel')}
              error={said(`variants.${i}.channel`)}
            >
              <Select
                options={[
                  { value: '', label: t('variants.anyChannel') },
                  ...enums.ServiceChannel.map((value) => ({ value, label: name('ServiceChannel', value) })),
                ]}
                value={variant.channel}
                onValueChange={(value) => set(i, { channel: value as ServiceChannel | '' })}
              />
            </Field>
          </div>
          <ScheduleFields
            path={`variants.${i}.`}
            mode={mode}
            free={free}
            typed={variant}
            said={said}
            onChange={(part) => set(i, part)}
            onTurn={(part) => set(i, part)}
          />
        </fieldset>
      ))}
      <Button
        size="small"
        icon={<Plus aria-hidden className="size-4" />}
        onClick={() => onChange([...variants, typedVariant()])}
      >
        {t('variants.add')}
      </Button>
    </div>
  );
}
