import { Select as Base } from '@base-ui/react/select';
import clsx from 'clsx';
import { Check, ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Option } from './choice';
import { useControl } from './field';
import type { SelectProps } from './select';
import { floatBox, floatItem, selectBox } from './styles';

/** What Select is once its file is there. */
export function SelectList({
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
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
      name={name}
      disabled={disabled}
      modal={false}
    >
      <Base.Trigger {...control} aria-label={label} className={clsx(selectBox, className)}>
        <Base.Value className="truncate">
          {(chosen: string | null) =>
            options.find((option) => option.value === chosen)?.label ?? placeholder ?? t('choose')
          }
        </Base.Value>
        <Base.Icon>
          <ChevronDown aria-hidden className="size-4 text-ink-3" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-60">
          <Base.Popup
            className={clsx(
              floatBox,
              'max-h-[min(20rem,var(--available-height))] min-w-(--anchor-width) max-w-(--available-width) overflow-y-auto p-1',
            )}
          >
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} disabled={option.disabled} className={floatItem}>
                <span className="w-4 shrink-0">
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-4 text-brand" />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
