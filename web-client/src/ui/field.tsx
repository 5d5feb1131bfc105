import clsx from 'clsx';
import { CircleAlert } from 'lucide-react';
import { type AriaAttributes, createContext, type ReactNode, useContext, useId } from 'react';
import { useTranslation } from 'react-i18next';

interface FieldState {
  id: string;
  labelId: string;
  describedBy?: string;
  invalid?: boolean;
  required?: boolean;
}

const FieldContext = createContext<FieldState | null>(null);

/** What the field around a control says about it. */
export const useField = () => useContext(FieldContext);

/** The attributes that tie a control to its field; what the control's own props say comes first. */
export function useControl(props: {
  id?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: AriaAttributes['aria-invalid'];
  required?: boolean;
}) {
  const field = useField();
  return {
    id: props.id ?? field?.id,
    'aria-describedby': [props['aria-describedby'], field?.describedBy].filter(Boolean).join(' ') || undefined,
    'aria-invalid': field?.invalid || props['aria-invalid'] || undefined,
    'aria-required': (props.required ?? field?.required) || undefined,
  };
}

export interface FieldProps {
  label: ReactNode;
  /** The id of the control: FormErrors links to it. */
  id?: string;
  hint?: ReactNode;
  error?: ReactNode;
  /** Marks the field as required, or (false) as optional; says nothing when left out. */
  required?: boolean;
  /** `group` for several controls under one label (radios, checkboxes): a fieldset and legend. */
  as?: 'single' | 'group';
  className?: string;
  children: ReactNode;
}

/** A label, a hint, one or several controls and what is wrong with them, tied together. */
export function Field({ label, id, hint, error, required, as = 'single', className, children }: FieldProps) {
  const { t } = useTranslation('ui');
  const own = useId();
  const base = id ?? own;
  const hintId = hint ? `${base}-hint` : undefined;
  const errorId = error ? `${base}-error` : undefined;
  const describedBy = [hintId, errorId].filter(Boolean).join(' ') || undefined;
  const state = {
    id: base,
    labelId: `${base}-label`,
    describedBy,
    invalid: Boolean(error),
    required,
  };
  const mark =
    required === undefined ? null : (
      <span className={clsx('ml-1 font-normal text-xs', required ? 'text-rose' : 'text-ink-3')}>
        {required ? t('field.required') : t('field.optional')}
      </span>
    );
  const labelClass = 'mb-1 block font-medium text-ink text-sm';
  const rest = (
    <>
      {hint && (
        <p id={hintId} className="mb-1.5 text-ink-3 text-sm">
          {hint}
        </p>
      )}
      {children}
      {error && (
        <p id={errorId} className="mt-1.5 flex items-start gap-1.5 text-rose text-sm">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>{error}</span>
        </p>
      )}
    </>
  );
  return (
    <FieldContext value={state}>
      {as === 'group' ? (
        // Focusable by script, so that the summary of errors can lead here.
        <fieldset id={base} tabIndex={-1} aria-describedby={describedBy} className={clsx('min-w-0', className)}>
          <legend id={state.labelId} className={labelClass}>
            {label}
            {mark}
          </legend>
          {rest}
        </fieldset>
      ) : (
        <div className={clsx('min-w-0', className)}>
          <label id={state.labelId} htmlFor={base} className={labelClass}>
            {label}
            {mark}
          </label>
          {rest}
        </div>
      )}
    </FieldContext>
  );
}
