import { useTranslation } from 'react-i18next';
import type { ChargingMode, PeriodUnit } from '../../lib/schema.gql';

export interface Period {
  unit: PeriodUnit;
  count: number;
}

/** Says a length of time: 3 个月. */
export function usePeriodText(): (period: Period) => string {
  const { t } = useTranslation();
  return ({ unit, count }) => t(`period.${unit}`, { count });
}

/** What one of a tariff is, after a price: 次, MB, 3 个月. */
export function useUnit(): (tariff: { mode: ChargingMode; period?: Period | null }) => string {
  const { t } = useTranslation();
  const periodText = usePeriodText();
  return ({ mode, period }) => t(`unit.${mode}`, { period: period ? periodText(period) : '' });
}
