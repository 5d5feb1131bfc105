import { Combobox as Base } from '@base-ui/react/combobox';
import clsx from 'clsx';
import { Check, ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Option } from './choice';
import { useControl } from './field';
import type { SelectProps } from './select';
import { controlBox, floatBox, floatItem, focusRing } from './styles';

/** One of a long list, found by typing a part of its label. */
export function Combobox({
  options,
  value,
  onValueChange,
  placeholder,
  label,
  id,
  name,
  disabled,
  className,
}: SelectProps) {
  const { t } = useTranslation('ui');
  const control = useControl({ id });
  return (
    <Base.Root
      items={options as Option[]}
      value={options.find((option) => option.value === value) ?? null}
      onValueChange={(next: Option | null) => next && onValueChange(next.value)}
      isItemEqualToValue={(a: Option, b: Option) => a.value === b.value}
      name={name}
      disabled={disabled}
    >
      <div className={clsx('relative', className)}>
        <Base.Input
          {...control}
          aria-label={label}
          placeholder={placeholder ?? t('combobox.search')}
          className={clsx(controlBox, 'h-9 pr-9')}
        />
        <Base.Trigger
          aria-label={t('combobox.open')}
          className={clsx('absolute inset-y-0 right-0 grid w-9 place-items-center rounded-md', focusRing)}
        >
          <ChevronDown aria-hidden className="size-4 text-ink-3" />
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-60">
          <Base.Popup
            className={clsx(
              floatBox,
              'max-h-[min(20rem,var(--available-height))] w-(--anchor-width) max-w-(--available-width) overflow-y-auto p-1',
            )}
          >
            <Base.Empty className="px-3 py-2 text-ink-3 empty:hidden">{t('combobox.empty')}</Base.Empty>
            <Base.List>
              {(option: Option) => (
                <Base.Item key={option.value} value={option} disabled={option.disabled} className={floatItem}>
                  <span className="w-4 shrink-0">
                    <Base.ItemIndicator>
                      <Check aria-hidden className="size-4 text-brand" />
                    </Base.ItemIndicator>
                  </span>
                  <span className="min-w-0">{option.label}</span>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
