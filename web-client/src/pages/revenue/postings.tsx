import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { linkText } from '../../ui/styles';
import { DataTable } from '../../ui/table';
import { FromTo, OnStatement } from '../shares/postings';
import { RevenueLineDocument, RevenuePostingsDocument, type RevenuePostingsQuery } from './postings.gql';
import type { LineSearch } from './routes';

const postings = (data: RevenuePostingsQuery) => data.revenuePostings;
const typenames = ['Posting', 'Order'];

/** What a line of a report is made of: the shares in the payments of a month, and what refunds took back, each with its order. */
export function RevenuePostings({ search, back }: { search: LineSearch; back: ReactNode }) {
  const { product, month, contributor } = search;
  if (!product || !month) return <ProblemState whole problem={{ kind: 'absent' }} />;
  return <Line productId={product} month={month} contributorId={contributor} back={back} />;
}

function Line({
  productId,
  month,
  contributorId,
  back,
}: {
  productId: string;
  month: string;
  contributorId: string | undefined;
  back: ReactNode;
}) {
  const { t } = useTranslation('revenue');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const filter = useMemo(() => ({ productId, fromMonth: month, toMonth: month }), [productId, month]);
  const report = useLoad(RevenueLineDocument, { filter }, { typenames });
  const variables = useMemo(() => ({ productId, month, contributorId, first: 50 }), [productId, month, contributorId]);
  const list = useList(RevenuePostingsDocument, variables, postings, { typenames });
  const rows = report.data?.revenueReport.rows ?? [];
  const lines = rows.filter((row) => !contributorId || row.contributor.id === contributorId);
  const title = t('postings.title', { month: format.month(month) });
  useTitle(title);
  const problem = list.problem ?? report.problem;
  if ((!list.data || !report.data) && problem) return <ProblemState whole problem={problem} reload={list.reload} />;
  if (!list.data || !report.data) return <Skeleton shape="facts" lines={8} />;
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'all', node: back },
              { key: 'this', node: title },
            ]}
          />
        }
        title={title}
        lead={rows[0] && named(rows[0].product)}
      />
      {list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('postings.none')}>{t('postings.noneWhy')}</EmptyState>
        </div>
      ) : (
        <>
          <Section title={t('lines')} card>
            <DescriptionList
              facts={lines.map((row) => ({
                key: `${row.contributor.id} ${row.channel} ${row.ruleNumber} ${row.basis}`,
                term: named(row.contributor),
                value: (
                  <span className="flex flex-wrap justify-between gap-x-4">
                    <span className="text-ink-2">
                      {t('postings.line', {
                        channel: name('Channel', row.channel),
                        basis: row.basis,
                        number: row.ruleNumber,
                      })}
                    </span>
                    <span className="tabular-nums">{format.money(row.amount)}</span>
                  </span>
                ),
              }))}
            />
          </Section>
          <Section title={t('postings.made')} lead={t('postings.lead')}>
            <DataTable
              caption={t('postings.made')}
              rows={list.nodes.map((node, i) => ({ ...node, place: String(i) }))}
              rowKey={(row) => row.place}
              columns={[
                {
                  key: 'at',
                  head: t('postings.at'),
                  rowHeader: true,
                  nowrap: true,
                  cell: (row) => format.moment(row.createdAt),
                },
                { key: 'kind', head: t('postings.kind'), nowrap: true, cell: (row) => name('EntryKind', row.kind) },
                { key: 'earned', head: t('amount'), numeric: true, cell: (row) => format.money(row.earned) },
                { key: 'where', head: t('postings.where'), cell: (row) => <FromTo {...row.posting} /> },
                {
                  key: 'order',
                  head: t('postings.order'),
                  cell: ({ order }) =>
                    order && (
                      <Link to="/orders/$id" params={{ id: order.id }} className={linkText}>
                        {order.buyer ? named(order.buyer) : t('postings.order')}
                      </Link>
                    ),
                },
                { key: 'ground', head: t('ground'), cell: (row) => row.posting.basis },
                {
                  key: 'statement',
                  head: t('postings.statement'),
                  nowrap: true,
                  cell: (row) => <OnStatement {...row.posting} />,
                },
              ]}
            />
            <More list={list} />
          </Section>
        </>
      )}
    </>
  );
}
