import type { TFunction } from 'i18next';
import type { formats } from '../../lib/format';
import type { ProductQuery } from './screen.gql';

export type Plan = NonNullable<ProductQuery['product']>['plans'][number];

/** What one of a plan is, after a price: 次, MB, 3 个月. */
export const unitOf = (t: TFunction<'product'>, plan: Pick<Plan, 'mode' | 'periodMonths'>) =>
  t(`unit.${plan.mode}`, { count: plan.periodMonths ?? 1 });

/** From how much on a band holds, and up to where. */
export function bandText(t: TFunction<'product'>, format: ReturnType<typeof formats>, plan: Plan, i: number): string {
  const from = i === 0 ? 1 : (plan.bands[i - 1]?.upTo ?? 0) + 1;
  const upTo = plan.bands[i]?.upTo;
  if (plan.bands.length === 1) return t('plan.anyQuantity');
  return upTo == null
    ? t('plan.bandFrom', { from: format.count(from) })
    : t('plan.band', { from: format.count(from), upTo: format.count(upTo) });
}
