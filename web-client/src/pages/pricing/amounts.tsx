import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Amount, useFormats } from '../../lib/format';
import { DescriptionList } from '../../ui/layout';

/** What a cost survey comes to, as the API computed it. */
export interface PermittedFacts {
  industry: Amount;
  shared: Amount;
  subsidy: Amount;
  cost: Amount;
  ratePercent: string;
  profit: Amount;
  tax: Amount;
  revenue: Amount;
}

/** The working of a permitted revenue: cost, profit, tax, and what they add up to. */
export function Amounts({ amounts }: { amounts: PermittedFacts }) {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const row = (key: string, of: Amount) => ({
    key,
    term: t(`amounts.${key}`),
    value: <Worked how={key}>{format.money(of)}</Worked>,
  });
  return (
    <DescriptionList
      facts={[
        row('industry', amounts.industry),
        row('shared', amounts.shared),
        row('subsidy', amounts.subsidy),
        row('cost', amounts.cost),
        {
          key: 'rate',
          term: t('amounts.rate'),
          value: <Worked how="rate">{amounts.ratePercent}%</Worked>,
        },
        row('profit', amounts.profit),
        row('tax', amounts.tax),
        {
          key: 'revenue',
          term: t('amounts.revenue'),
          value: (
            <Worked how="revenue">
              <strong>{format.money(amounts.revenue)}</strong>
            </Worked>
          ),
        },
      ]}
    />
  );
}

/** An amount, and by which formula it comes about. */
function Worked({ how, children }: { how: string; children: ReactNode }) {
  const { t } = useTranslation('pricing');
  return (
    <span className="flex flex-wrap items-baseline gap-x-4">
      <span className="min-w-36 tabular-nums">{children}</span>
      <span className="text-ink-3 text-xs">{t(`formula.${how}`)}</span>
    </span>
  );
}
