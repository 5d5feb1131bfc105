import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { late } from '../app/late';
import type { Option } from './choice';
import { selectBox } from './styles';

export interface SelectProps {
  options: readonly Option[];
  value: string | null;
  onValueChange: (value: string) => void;
  placeholder?: string;
  /** The name, when no Field gives one. */
  label?: string;
  id?: string;
  name?: string;
  disabled?: boolean;
  className?: string;
}

const SelectList = late(() => import('./select-list').then((m) => m.SelectList));

/** One of a short list. For long ones use Combobox. Its list comes after the page: until then it shows what is chosen. */
export function Select(props: SelectProps) {
  const { t } = useTranslation('ui');
  const { options, value, placeholder, className } = props;
  const chosen = options.find((option) => option.value === value)?.label ?? placeholder ?? t('choose');
  return (
    <SelectList
      {...props}
      fallback={
        <div className={clsx(selectBox, className)}>
          <span className="truncate">{chosen}</span>
          <ChevronDown aria-hidden className="size-4 text-ink-3" />
        </div>
      }
    />
  );
}
