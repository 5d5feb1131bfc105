import clsx from 'clsx';
import { Search, X } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button';
import { useControl, useField } from './field';
import { controlBox } from './styles';

export interface TextInputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** Stands after the text inside the box, such as a unit. */
  suffix?: ReactNode;
  /** Right-aligned, in tabular figures. */
  numeric?: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** One line of text. */
export function TextInput({ className, suffix, numeric, type = 'text', required, ...rest }: TextInputProps) {
  const control = useControl({ ...rest, required });
  const input = (
    <input
      {...rest}
      {...control}
      type={type}
      className={clsx(
        controlBox,
        'h-9 read-only:bg-sunken',
        numeric && 'text-right tabular-nums',
        suffix != null && 'pr-16',
        suffix == null && className,
      )}
    />
  );
  if (suffix == null) return input;
  return (
    <div className={clsx('relative', className)}>
      {input}
      <span className="pointer-events-none absolute inset-y-0 right-3 flex max-w-14 items-center truncate text-ink-3 text-xs">
        {suffix}
      </span>
    </div>
  );
}

export interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  /** Shows how many characters stand and may stand; the text is not cut. */
  limit?: number;
  ref?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text, with a count when there is a limit. */
export function TextArea({ className, limit, rows = 4, required, ...rest }: TextAreaProps) {
  const { t } = useTranslation('ui');
  const count = useId();
  const control = useControl({
    ...rest,
    required,
    'aria-describedby': [rest['aria-describedby'], limit && count].filter(Boolean).join(' '),
  });
  const used = [...String(rest.value ?? '')].length;
  return (
    <div className={className}>
      <textarea
        {...rest}
        {...control}
        rows={rows}
        className={clsx(controlBox, 'block read-only:bg-sunken resize-y py-2')}
      />
      {limit !== undefined && (
        <p
          id={count}
          className={clsx(
            'mt-1 text-right text-xs tabular-nums',
            used > limit ? 'font-medium text-rose' : 'text-ink-3',
          )}
        >
          {used > limit ? t('count.over', { over: used - limit }) : t('count.used', { used, limit })}
        </p>
      )}
    </div>
  );
}

/** Makes what people type into an exact decimal: full-width digits, spaces and group marks go. */
export function cleanDecimal(text: string): string {
  return text
    .replace(/[\uFF10-\uFF19\uFF0E\u3002\uFF0C]/g, (c) =>
      c === '。' ? '.' : String.fromCharCode(c.charCodeAt(0) - 0xfee0),
    )
    .replace(/[\s,]/g, '');
}

export interface NumberInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'type' | 'inputMode'> {
  /** The number as text: it never passes through a float. */
  value: string;
  onValueChange: (value: string) => void;
  /** How many places may stand after the point; 0, the default, means whole numbers. */
  places?: number;
}

/** Says what is wrong with a text that is to be a number of at most so many places; nothing of one that is, or is empty. */
export function useDecimalFault(): (text: string, places?: number) => string | undefined {
  const { t } = useTranslation('ui');
  return (text, places = 0) => {
    if (places === 0) return /^\d*$/.test(text) ? undefined : t('number.whole');
    return text === '' || new RegExp(`^(0|[1-9]\\d*)(\\.\\d{1,${places}})?$`).test(text)
      ? undefined
      : t('number.places', { places });
  };
}

/**
 * An exact quantity or amount. What is typed stays as it is typed (without group marks); where that is no number of so many
 * places, it says so until its field says something else.
 */
export function NumberInput({ value, onValueChange, places = 0, className, ...rest }: NumberInputProps) {
  const id = useId();
  const field = useField();
  const fault = useDecimalFault()(value, places);
  const wrong = fault !== undefined && !field?.invalid;
  return (
    <div className={className}>
      <TextInput
        autoComplete="off"
        {...rest}
        aria-invalid={wrong}
        aria-describedby={[rest['aria-describedby'], wrong && id].filter(Boolean).join(' ')}
        numeric
        inputMode={places > 0 ? 'decimal' : 'numeric'}
        value={value}
        onChange={(event) => onValueChange(cleanDecimal(event.target.value))}
      />
      {wrong && (
        <p id={id} role="status" className="mt-1.5 text-rose text-sm">
          {fault}
        </p>
      )}
    </div>
  );
}

/** A day, with the browser's own calendar. `value` is YYYY-MM-DD. */
export function DateInput({
  onValueChange,
  ...rest
}: Omit<TextInputProps, 'type' | 'onChange' | 'suffix'> & {
  onValueChange: (value: string) => void;
}) {
  // Where a part of it has the focus, as its day or its calendar, Chromium takes it for no visible focus of the whole.
  return (
    <TextInput
      {...rest}
      className={clsx(
        'focus-within:-outline-offset-1 focus-within:outline-2 focus-within:outline-brand',
        rest.className,
      )}
      type="date"
      onChange={(event) => onValueChange(event.target.value)}
    />
  );
}

export interface SearchInputProps extends Omit<TextInputProps, 'type' | 'onChange' | 'suffix' | 'value'> {
  /** The name of the box. */
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  /** Called on Enter, and with an empty text on clearing. */
  onSearch?: (value: string) => void;
}

/** A box to search with: Enter searches, the cross clears. */
export function SearchInput({ label, value, onValueChange, onSearch, className, ...rest }: SearchInputProps) {
  const { t } = useTranslation('ui');
  return (
    <search className={clsx('relative block', className)}>
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-3" />
      <input
        {...rest}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label={label}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={(event) => {
          // While an input method composes, Enter only takes its candidate.
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) onSearch?.(value);
        }}
        className={clsx(controlBox, 'h-9 px-9')}
      />
      {value && (
        <IconButton
          label={t('clear')}
          icon={<X aria-hidden className="size-4" />}
          size="small"
          className="absolute! top-0.5 right-0.5"
          onClick={() => {
            onValueChange('');
            onSearch?.('');
          }}
        />
      )}
    </search>
  );
}
