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
    value: <span className="tabular-nums">{format.money(of)}</span>,
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
          value: <span className="tabular-nums">{amounts.ratePercent}%</span>,
        },
        row('profit', amounts.profit),
        row('tax', amounts.tax),
        {
          key: 'revenue',
          term: t('amounts.revenue'),
          value: <strong className="tabular-nums">{format.money(amounts.revenue)}</strong>,
        },
      ]}
    />
  );
}
