import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { PageHead } from '../../ui/layout';
import { linkText } from '../../ui/styles';
import { RevenueReport } from '../revenue/report';
import { incomeRoute } from './routes';

/** What a source unit's data earned, and into which account it went. */
export function Screen() {
  const { t } = useTranslation('source');
  useTitle(t('income.title'));
  const search = incomeRoute.useSearch();
  const navigate = incomeRoute.useNavigate();
  return (
    <>
      <PageHead
        title={t('income.title')}
        lead={t('income.lead')}
        meta={
          <Link to="/statements" className={linkText}>
            {t('income.statements')}
          </Link>
        }
      />
      <RevenueReport own search={search} onSearch={(next) => navigate({ search: next, resetScroll: false })} />
    </>
  );
}
