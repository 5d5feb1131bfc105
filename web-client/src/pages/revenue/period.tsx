import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { Field } from '../../ui/field';
import { Select } from '../../ui/select';
import type { PeriodSearch } from './routes';

/** The months of Asia/Shanghai up to this one, newest first: 2026-11. */
export function monthsBack(n: number): string[] {
  const now = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit' }).format(
    new Date(),
  );
  const [year = 2026, month = 1] = now.split('-').map(Number);
  return Array.from({ length: n }, (_, i) => {
    const at = year * 12 + (month - 1) - i;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  });
}

/** The period that is asked for: the last twelve months where none is chosen. */
export function periodOf(search: PeriodSearch): { fromMonth: string; toMonth: string } {
  const last = monthsBack(12);
  const to = search.to ?? last[0] ?? '';
  const from = search.from ?? last[11] ?? '';
  return from <= to ? { fromMonth: from, toMonth: to } : { fromMonth: to, toMonth: from };
}

/** Chooses the first and the last month. */
export function PeriodPicker({ search, onSearch }: { search: PeriodSearch; onSearch: (next: PeriodSearch) => void }) {
  const { t } = useTranslation('revenue');
  const format = useFormats();
  const { fromMonth, toMonth } = periodOf(search);
  const options = monthsBack(36).map((month) => ({ value: month, label: format.month(month) }));
  return (
    <div className="grid w-full grid-cols-2 gap-3 sm:w-80">
      <Field label={t('period.from')}>
        <Select options={options} value={fromMonth} onValueChange={(from) => onSearch({ from, to: toMonth })} />
      </Field>
      <Field label={t('period.to')}>
        <Select options={options} value={toMonth} onValueChange={(to) => onSearch({ from: fromMonth, to })} />
      </Field>
    </div>
  );
}
