import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { RevenuePostings } from '../revenue/postings';
import { incomeLineRoute } from './routes';

/** What a line of a source unit's income is made of. */
export function Screen() {
  const { t } = useTranslation('source');
  return (
    <RevenuePostings search={incomeLineRoute.useSearch()} back={<Link to="/source/income">{t('income.title')}</Link>} />
  );
}
