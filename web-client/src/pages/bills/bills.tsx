import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { PageHead } from '../../ui/layout';
import { BillRows } from './bill-rows';
import { billsRoute } from './routes';
import { StatusFilter } from './status-filter';

/** What the viewer's organisation was billed, newest first. */
export function Screen() {
  const { t } = useTranslation('bills');
  useTitle(t('title'));
  const { status } = billsRoute.useSearch();
  const navigate = billsRoute.useNavigate();
  const { viewer, known } = useViewer();
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      <StatusFilter value={status} onChange={(next) => navigate({ search: { status: next }, resetScroll: false })} />
      <BillRows status={status} pause={!viewer} />
    </>
  );
}
