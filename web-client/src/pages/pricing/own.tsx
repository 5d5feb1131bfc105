import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { actsAs, useViewer } from '../../app/viewer';
import { ButtonLink } from '../../ui/button';
import { PageHead } from '../../ui/layout';
import { ownRoute } from './routes';
import { NotForYou, Standing } from './standing';
import { thisYear } from './this-year';

/** What the operator may earn, and how it stands: from the cost survey to the caps. */
export function Screen() {
  const { t } = useTranslation('pricing');
  useTitle(t('own.title'));
  const { viewer } = useViewer();
  const { year } = ownRoute.useSearch();
  const navigate = ownRoute.useNavigate();
  const mine = actsAs(viewer, ['OPERATOR']);
  return (
    <>
      <PageHead
        title={t('own.title')}
        lead={t('own.lead')}
        actions={
          actsAs(viewer, ['OPERATOR'], ['FINANCE']) && (
            <ButtonLink kind="primary" to="/operator/pricing/survey">
              {t('own.report')}
            </ButtonLink>
          )
        }
      />
      {viewer?.organisation && mine ? (
        <Standing
          operatorId={viewer.organisation.id}
          year={year ?? thisYear()}
          onYear={(next) => navigate({ search: { year: next }, resetScroll: false })}
        />
      ) : (
        <NotForYou />
      )}
    </>
  );
}
