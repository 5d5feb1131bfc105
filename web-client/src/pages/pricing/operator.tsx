import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../app/title';
import { actsAs, useViewer } from '../../app/viewer';
import { useLoad } from '../../lib/graphql';
import { useNamed } from '../../lib/i18n';
import { ButtonLink } from '../../ui/button';
import { Breadcrumbs, PageHead } from '../../ui/layout';
import { operatorRoute } from './routes';
import { Standing } from './standing';
import { PricingStandingDocument } from './standing.gql';
import { thisYear } from './this-year';

/** An operator's permitted revenue and how it stands, for those who approve it and set the caps. */
export function Screen() {
  const { t } = useTranslation('pricing');
  const named = useNamed();
  const { viewer } = useViewer();
  const { id } = operatorRoute.useParams();
  const search = operatorRoute.useSearch();
  const navigate = operatorRoute.useNavigate();
  const year = search.year ?? thisYear();
  const variables = useMemo(() => ({ operatorId: id, year }), [id, year]);
  const { data } = useLoad(PricingStandingDocument, variables);
  const title = data ? t('operator.title', { operator: named(data.permittedRevenueMeter.operator) }) : t('list.title');
  useTitle(title);
  return (
    <>
      <PageHead
        title={title}
        lead={t('operator.lead')}
        actions={
          actsAs(viewer, ['IMPLEMENTING_AGENCY', 'INDUSTRY_AUTHORITY'], ['APPROVER']) && (
            <ButtonLink to="/agency/products">{t('operator.caps')}</ButtonLink>
          )
        }
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/pricing">{t('list.title')}</Link> },
              { key: 'this', node: title },
            ]}
          />
        }
      />
      <Standing
        operatorId={id}
        year={year}
        onYear={(next) => navigate({ search: { year: next }, resetScroll: false })}
      />
    </>
  );
}
