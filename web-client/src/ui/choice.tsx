import clsx from 'clsx';
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { useControl, useField } from './field';
import { focusRing } from './styles';

export interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'onChange'> {
  label: ReactNode;
  hint?: ReactNode;
  onCheckedChange?: (checked: boolean) => void;
  ref?: Ref<HTMLInputElement>;
}

/** One thing that is so or not. The whole line can be pressed. */
export function Checkbox({ label, hint, onCheckedChange, className, required, ...rest }: CheckboxProps) {
  const own = useId();
  const control = useControl({ ...rest, id: rest.id ?? own, required });
  const hintId = hint ? `${control.id}-hint` : undefined;
  return (
    <label className={clsx('flex min-h-8 cursor-pointer items-start gap-2.5 py-1 text-sm', className)}>
      <input
        {...rest}
        {...control}
        aria-describedby={[hintId, control['aria-describedby']].filter(Boolean).join(' ') || undefined}
        type="checkbox"
        onChange={(event) => onCheckedChange?.(event.target.checked)}
        className={clsx('mt-0.5 size-4.5 shrink-0 accent-brand', focusRing)}
      />
      <span className="min-w-0">
        {label}
        {hint && (
          <span id={hintId} className="block text-ink-3 text-xs">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}

export interface Option {
  value: string;
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
}

export interface CheckboxGroupProps {
  options: readonly Option[];
  value: readonly string[];
  onValueChange: (value: string[]) => void;
  /** Stands the options side by side where there is room. */
  inline?: boolean;
}

/** Any number of several. Put it in `<Field as="group">`. */
export function CheckboxGroup({ options, value, onValueChange, inline }: CheckboxGroupProps) {
  return (
    <div className={clsx(inline && 'flex flex-wrap gap-x-5')}>
      {options.map((option) => (
        <GroupCheckbox
          key={option.value}
          option={option}
          checked={value.includes(option.value)}
          onCheckedChange={(checked) =>
            // In the order of the options, whatever order they were pressed in.
            onValueChange(options.map((o) => o.value).filter((v) => (v === option.value ? checked : value.includes(v))))
          }
        />
      ))}
    </div>
  );
}

function GroupCheckbox({
  option,
  checked,
  onCheckedChange,
}: {
  option: Option;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <Checkbox
      id={id}
      label={option.label}
      hint={option.hint}
      disabled={option.disabled}
      checked={checked}
      onCheckedChange={onCheckedChange}
    />
  );
}

export interface RadioCardsProps {
  /** The name shared by the radios; also in the form's data. */
  name: string;
  options: readonly (Option & {
    /** Stands at the right: a price, a mark. */
    aside?: ReactNode;
  })[];
  value: string | null;
  onValueChange: (value: string) => void;
  /** `plain` shows bare radios, `cards` (the default) a framed choice each. */
  look?: 'cards' | 'plain';
  columns?: 1 | 2;
}

/** One of several: purposes, plans. Arrow keys move among them. Put it in `<Field as="group">`. */
export function RadioCards({ name, options, value, onValueChange, look = 'cards', columns = 1 }: RadioCardsProps) {
  const field = useField();
  const base = useId();
  return (
    <div
      role="radiogroup"
      aria-labelledby={field?.labelId}
      aria-describedby={field?.describedBy}
      aria-invalid={field?.invalid || undefined}
      aria-required={field?.required || undefined}
      className={clsx('grid', look === 'cards' && 'gap-2', columns === 2 && 'sm:grid-cols-2')}
    >
      {options.map((option) => {
        const id = `${base}-${option.value}`;
        return (
          <label
            key={option.value}
            className={clsx(
              'flex min-h-8 cursor-pointer flex-wrap items-start gap-x-2.5 text-sm has-disabled:cursor-not-allowed has-disabled:text-ink-3',
              look === 'cards'
                ? 'rounded-lg border border-line-strong bg-surface p-3 hover:border-field has-checked:border-brand has-checked:bg-brand-soft has-checked:ring-1 has-checked:ring-brand'
                : 'py-1',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              aria-labelledby={`${id}-label`}
              aria-describedby={clsx(option.hint && `${id}-hint`, option.aside && `${id}-aside`) || undefined}
              onChange={() => onValueChange(option.value)}
              className={clsx('mt-0.5 size-4.5 shrink-0 accent-brand', focusRing)}
            />
            <span className="min-w-0 flex-1 basis-28">
              <span id={`${id}-label`} className={clsx(look === 'cards' && 'font-medium')}>
                {option.label}
              </span>
              {option.hint && (
                <span id={`${id}-hint`} className="block text-ink-2 text-xs/5">
                  {option.hint}
                </span>
              )}
            </span>
            {option.aside && (
              <span id={`${id}-aside`} className="ml-auto shrink-0 text-right tabular-nums">
                {option.aside}
              </span>
            )}
          </label>
        );
      })}
    </div>
  );
}

/** One of several without frames. */
export function RadioGroup(props: Omit<RadioCardsProps, 'look'>) {
  return <RadioCards {...props} look="plain" />;
}

/** A setting that takes effect at once; it says its state with the place of the knob too. */
export function Switch({
  label,
  checked,
  onCheckedChange,
  disabled,
}: {
  label: ReactNode;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label className="inline-flex min-h-8 cursor-pointer items-center gap-2.5 text-sm has-disabled:cursor-not-allowed has-disabled:text-ink-3">
      <span className="relative inline-block h-5 w-9 shrink-0">
        <input
          type="checkbox"
          role="switch"
          aria-checked={checked}
          checked={checked}
          disabled={disabled}
          onChange={(event) => onCheckedChange(event.target.checked)}
          className={clsx(
            'peer size-full appearance-none rounded-full border border-field bg-sunken checked:border-brand checked:bg-brand',
            focusRing,
          )}
        />
        <span
          aria-hidden
          className="pointer-events-none absolute top-1 left-1 size-3 rounded-full bg-field transition-transform peer-checked:translate-x-4 peer-checked:bg-white motion-reduce:transition-none"
        />
      </span>
      {label}
    </label>
  );
}
