import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useNamed } from '../../lib/i18n';
import { PageHead } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { DataTable } from '../../ui/table';
import { PermittedRevenuesDocument, type PermittedRevenuesQuery } from './standing.gql';

const permitted = (data: PermittedRevenuesQuery) => data.permittedRevenues;
const inForce = { inForce: true };

/** The permitted revenues in force, of every operator. */
export function Screen() {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const named = useNamed();
  useTitle(t('list.title'));
  const list = useList(PermittedRevenuesDocument, inForce, permitted, { typenames: ['PermittedRevenue'] });
  return (
    <>
      <PageHead title={t('list.title')} lead={t('list.lead')} />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="table" lines={4} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('list.empty')}>{t('list.emptyWhy')}</EmptyState>
        </div>
      ) : (
        <>
          <DataTable
            caption={t('list.title')}
            rows={list.nodes}
            rowKey={(one) => one.id}
            columns={[
              {
                key: 'operator',
                head: t('list.operator'),
                rowHeader: true,
                cell: (one) => (
                  <Link
                    className="text-brand underline"
                    to="/pricing/$id"
                    params={{ id: one.operator.id }}
                    search={{ year: one.year }}
                  >
                    {named(one.operator)}
                  </Link>
                ),
              },
              { key: 'year', head: t('year'), nowrap: true, cell: (one) => t('ofYear', { year: one.year }) },
              {
                key: 'permitted',
                head: t('meter.permitted'),
                numeric: true,
                cell: (one) => format.money(one.permitted),
              },
              { key: 'deducted', head: t('list.deducted'), numeric: true, cell: (one) => format.money(one.deducted) },
              { key: 'left', head: t('list.left'), numeric: true, cell: (one) => format.money(one.capsLeft) },
              {
                key: 'approved',
                head: t('list.approved'),
                nowrap: true,
                cell: (one) => one.approvedAt && format.day(one.approvedAt),
              },
            ]}
          />
          <More list={list} />
        </>
      )}
    </>
  );
}
