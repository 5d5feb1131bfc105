import { CircleX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

export interface FormError {
  /** The id of the field's control (the `id` of its Field); none for what concerns the whole form. */
  field?: string;
  message: string;
}

export interface FormErrorsProps {
  errors: readonly FormError[];
  /** Counts refused submits: the focus comes here each time it grows. */
  attempt?: number;
  title?: string;
}

/** What a refused form lacks, at its top, each line leading to its field. Shows nothing when empty. */
export function FormErrors({ errors, attempt = 1, title }: FormErrorsProps) {
  const { t } = useTranslation('ui');
  const box = useRef<HTMLDivElement>(null);
  const any = errors.length > 0;
  useEffect(() => {
    if (any && attempt > 0) box.current?.focus();
  }, [any, attempt]);
  if (!any) return null;
  return (
    <div ref={box} role="alert" tabIndex={-1} className="rounded-lg border border-rose bg-rose-soft px-4 py-3 text-sm">
      <p className="flex items-center gap-2 font-medium text-rose">
        <CircleX aria-hidden className="size-4.5 shrink-0" />
        {title ?? t('formErrors', { count: errors.length })}
      </p>
      <ul className="mt-1 ml-6.5 list-disc">
        {errors.map((error) => (
          <li key={`${error.field}:${error.message}`} className="py-0.5">
            {error.field ? (
              <a
                href={`#${error.field}`}
                className="inline-block min-h-6 text-rose underline underline-offset-2"
                onClick={(event) => {
                  event.preventDefault();
                  const control = document.getElementById(error.field as string);
                  control?.focus();
                  control?.scrollIntoView?.({ block: 'center' });
                }}
              >
                {error.message}
              </a>
            ) : (
              error.message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
