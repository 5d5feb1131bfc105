import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { RevenuePostings } from './postings';
import { revenueLineRoute } from './routes';

/** What a line of an operator's revenue is made of. */
export function Screen() {
  const { t } = useTranslation('revenue');
  return (
    <RevenuePostings search={revenueLineRoute.useSearch()} back={<Link to="/operator/revenue">{t('title')}</Link>} />
  );
}
