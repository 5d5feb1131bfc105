import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { PageHead } from '../../ui/layout';
import { linkText } from '../../ui/styles';
import { StatementRows } from './statement-rows';

/** What the viewer's organisation earned and was paid, month by month. */
export function Screen() {
  const { t } = useTranslation('settlement');
  useTitle(t('statements'));
  return (
    <>
      <PageHead
        title={t('statements')}
        lead={t('lead')}
        meta={
          <Link to="/organisation" hash="payee" className={linkText}>
            {t('toAccount')}
          </Link>
        }
      />
      <StatementRows />
    </>
  );
}
