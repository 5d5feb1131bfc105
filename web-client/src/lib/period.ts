import { useTranslation } from 'react-i18next';
import type { PeriodUnit } from './schema.gql';

/** Says a period: 3 个月. */
export function usePeriodText(): (period: { unit: PeriodUnit; count: number }) => string {
  const { t } = useTranslation('ui');
  return ({ unit, count }) => t(`period.${unit}`, { count });
}
