import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { useFaultText } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { PageHead } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { toast } from '../../ui/toast';
import { SalesBillRows } from './bill-rows';
import { IssueBillsDocument } from './issue.gql';
import { salesBillsRoute } from './routes';
import { StatusFilter } from './status-filter';

/** Bills for an operator's products, and the issue of those that are due. */
export function Screen() {
  const { t } = useTranslation('bills');
  useTitle(t('sales.title'));
  const { status } = salesBillsRoute.useSearch();
  const navigate = salesBillsRoute.useNavigate();
  const { viewer } = useViewer();
  return (
    <>
      <PageHead
        title={t('sales.title')}
        lead={t('sales.lead')}
        actions={viewer?.roles.includes('FINANCE') && <Issue />}
      />
      <StatusFilter value={status} onChange={(next) => navigate({ search: { status: next }, resetScroll: false })} />
      <SalesBillRows status={status} />
    </>
  );
}

function Issue() {
  const { t } = useTranslation('bills');
  const say = useFaultText();
  const problemText = useProblemText();
  const { submit, pending, faults, problem } = useSubmit(IssueBillsDocument, { typenames: ['Bill'] });
  const refused = faults.map(say).join(' ') || (problem && problemText(problem).what);
  return (
    <>
      {refused && (
        <Notice tone="refused" live>
          {refused}
        </Notice>
      )}
      <Button
        pending={pending}
        onClick={async () => {
          const outcome = await submit({});
          if (outcome?.done) toast(t('sales.issued', { count: outcome.data.billsIssue.issued }));
        }}
      >
        {t('sales.issue')}
      </Button>
    </>
  );
}
