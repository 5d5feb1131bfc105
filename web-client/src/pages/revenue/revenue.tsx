import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { PageHead } from '../../ui/layout';
import { linkText } from '../../ui/styles';
import { RevenueReport } from './report';
import { revenueRoute } from './routes';

/** What an operator's products earned, and everybody's share. */
export function Screen() {
  const { t } = useTranslation('revenue');
  useTitle(t('title'));
  const search = revenueRoute.useSearch();
  const navigate = revenueRoute.useNavigate();
  return (
    <>
      <PageHead
        title={t('title')}
        lead={t('lead')}
        meta={
          <Link to="/statements" className={linkText}>
            {t('statements')}
          </Link>
        }
      />
      <RevenueReport search={search} onSearch={(next) => navigate({ search: next, resetScroll: false })} />
    </>
  );
}
