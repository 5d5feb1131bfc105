import { useTranslation } from 'react-i18next';
import { useEnum } from '../../lib/i18n';
import { type BillStatus, enums } from '../../lib/schema.gql';
import { Field } from '../../ui/field';
import { Select } from '../../ui/select';

/** Bills of one status, or all. */
export function StatusFilter({ value, onChange }: { value?: BillStatus; onChange: (status?: BillStatus) => void }) {
  const { t } = useTranslation('bills');
  const name = useEnum();
  return (
    <div className="mb-4 w-56">
      <Field label={t('status')}>
        <Select
          options={[
            { value: '', label: t('all') },
            ...enums.BillStatus.map((one) => ({ value: one, label: name('BillStatus', one) })),
          ]}
          value={value ?? ''}
          onValueChange={(next) => onChange(enums.BillStatus.find((one) => one === next))}
        />
      </Field>
    </div>
  );
}
