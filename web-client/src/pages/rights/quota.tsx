import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { Meter } from '../../ui/figures';

/** How much of a right is used, as the API counts it. */
export function Quota({
  of,
}: {
  of: { quotaCalls: number | null; quotaBytes: number | null; usedCalls: number; usedBytes: number };
}) {
  const { t } = useTranslation('rights');
  const format = useFormats();
  if (of.quotaCalls !== null) {
    return (
      <Meter
        label={t('quota.calls')}
        value={of.usedCalls}
        max={of.quotaCalls}
        valueText={format.count(of.usedCalls)}
        maxText={format.count(of.quotaCalls)}
      />
    );
  }
  if (of.quotaBytes !== null) {
    return (
      <Meter
        label={t('quota.bytes')}
        value={of.usedBytes}
        max={of.quotaBytes}
        valueText={format.bytes(of.usedBytes)}
        maxText={format.bytes(of.quotaBytes)}
      />
    );
  }
  return (
    <p className="text-13 text-ink-2">
      {t('quota.unlimited', { calls: format.count(of.usedCalls), bytes: format.bytes(of.usedBytes) })}
    </p>
  );
}
