import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { BarRanking, LineTrend, ShareBar } from '../../charts';
import { type Amount, useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { ButtonAnchor } from '../../ui/button';
import { KpiStrip } from '../../ui/figures';
import { Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { linkText } from '../../ui/styles';
import { DataTable } from '../../ui/table';
import { PeriodPicker, periodOf } from './period';
import { RevenueDocument } from './revenue.gql';
import type { PeriodSearch } from './routes';

/** Which way a change points, of the text of a percentage. */
const direction = (percent: string) => (percent.startsWith('-') ? 'down' : /[1-9]/.test(percent) ? 'up' : 'same');

/**
 * What came in and who received it, from the ledger: an operator sees those of its products, a contributor its own. Figures are the
 * API's; numbers are made of them only to draw.
 */
export function RevenueReport({
  search,
  onSearch,
  own,
}: {
  search: PeriodSearch;
  onSearch: (next: PeriodSearch) => void;
  /** It is a contributor's own income: nothing of what was paid, and no shares of others. */
  own?: boolean;
}) {
  const { t, i18n } = useTranslation('revenue');
  const format = useFormats();
  const named = useNamed();
  const name = useEnum();
  const period = periodOf(search);
  const { fromMonth, toMonth } = period;
  const filter = useMemo(() => ({ fromMonth, toMonth }), [fromMonth, toMonth]);
  const { data, loading, stale, problem, reload } = useLoad(
    RevenueDocument,
    { filter },
    { typenames: ['Posting', 'Order'] },
  );
  const report = data?.revenueReport;
  const whole = (value: number) => `¥${format.count(value)}`;
  const drawn = (amounts: Amount[]) => ({
    values: amounts.map(({ amount }) => Number(amount)),
    texts: amounts.map(format.money),
  });
  const basis = t('basis', { from: format.month(fromMonth), to: format.month(toMonth) });
  const head = (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-3">
      <PeriodPicker search={search} onSearch={onSearch} />
      <ButtonAnchor
        href={`/reports/revenue.csv?from=${fromMonth}&to=${toMonth}&language=${i18n.language === 'en' ? 'en' : 'zh-CN'}`}
      >
        {t('export')}
      </ButtonAnchor>
    </div>
  );
  if (loading) {
    return (
      <>
        {head}
        <Skeleton shape="card" lines={3} />
      </>
    );
  }
  if (!report) {
    return (
      <>
        {head}
        <ProblemState problem={problem ?? { kind: 'failed' }} reload={reload} />
      </>
    );
  }
  const previous = t('previous');
  const best = report.byProduct[0];
  const first = report.byContributor[0];
  const change = report.changePercent;
  return (
    <div aria-busy={stale}>
      {head}
      <KpiStrip
        items={[
          ...(own
            ? []
            : [
                { key: 'gross', label: t('kpi.gross'), value: format.money(report.gross), basis: t('kpi.grossBasis') },
                { key: 'vat', label: t('kpi.vat'), value: format.money(report.vat), basis: t('kpi.vatBasis') },
              ]),
          {
            key: 'net',
            label: own ? t('kpi.income') : t('kpi.net'),
            value: format.money(report.net),
            basis,
            delta: change
              ? {
                  direction: direction(change),
                  text: t('against', { percent: change.replace('-', '') }),
                  good: !change.startsWith('-'),
                }
              : undefined,
          },
          {
            key: 'previous',
            label: t('kpi.previous'),
            value: format.money(report.previousNet),
            basis: t('kpi.previousBasis'),
          },
        ]}
      />
      {report.rows.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('empty.title')}>{t('empty.why')}</EmptyState>
        </div>
      ) : (
        <>
          <Section title={t('trend')} card>
            <LineTrend
              finding={t('trendFinding', {
                amount: format.money(report.net),
                previous: format.money(report.previousNet),
              })}
              basis={basis}
              labels={report.months.map((month) => format.month(month.month))}
              labelHead={t('month')}
              series={[{ name: t('kpi.net'), ...drawn(report.months.map((month) => month.net)) }]}
              previous={{ name: previous, ...drawn(report.months.map((month) => month.previousNet)) }}
              format={whole}
            />
          </Section>
          {!own && first && (
            <Section title={t('shares')} lead={t('sharesLead')} card>
              <ShareBar
                finding={t('sharesFinding', { name: named(first.contributor), percent: first.sharePercent })}
                basis={basis}
                labelHead={t('contributor')}
                valueHead={t('amount')}
                parts={report.byContributor.map((part) => ({
                  name: t('shareName', { name: named(part.contributor), payee: name('Payee', part.payee) }),
                  share: Number(part.sharePercent) / 100,
                  valueText: format.money(part.amount),
                  shareText: `${part.sharePercent}%`,
                }))}
              />
            </Section>
          )}
          {best && (
            <Section title={t('ranking')} card>
              <BarRanking
                finding={t('rankingFinding', { name: named(best.product), percent: best.sharePercent })}
                basis={basis}
                labels={report.byProduct.map((row) => named(row.product))}
                labelHead={t('product')}
                series={[{ name: t('amount'), ...drawn(report.byProduct.map((row) => row.amount)) }]}
                format={whole}
              />
            </Section>
          )}
          <Section title={own ? t('whereTitle') : t('lines')} lead={own ? t('whereLead') : t('linesLead')}>
            <DataTable
              caption={own ? t('whereTitle') : t('lines')}
              rows={report.rows}
              rowKey={(row) =>
                `${row.month} ${row.product.id} ${row.contributor.id} ${row.channel} ${row.ruleNumber} ${row.payee} ${row.basis}`
              }
              columns={[
                {
                  key: 'month',
                  head: t('month'),
                  rowHeader: true,
                  nowrap: true,
                  cell: (row) => format.month(row.month),
                },
                {
                  key: 'product',
                  head: t('product'),
                  cell: (row) =>
                    own ? (
                      named(row.product)
                    ) : (
                      <Link
                        to="/operator/revenue/line"
                        search={{ product: row.product.id, month: row.month }}
                        className={linkText}
                      >
                        {named(row.product)}
                      </Link>
                    ),
                },
                ...(own
                  ? []
                  : [
                      {
                        key: 'contributor',
                        head: t('contributor'),
                        cell: (row: (typeof report.rows)[number]) => named(row.contributor),
                      },
                    ]),
                { key: 'payee', head: t('payee'), cell: (row) => name('Payee', row.payee) },
                {
                  key: 'channel',
                  head: t('ground'),
                  cell: (row) => t('groundValue', { channel: name('Channel', row.channel), basis: row.basis }),
                },
                { key: 'rule', head: t('rule'), cell: (row) => t('ruleValue', { number: row.ruleNumber }) },
                {
                  key: 'amount',
                  head: t('amount'),
                  numeric: true,
                  nowrap: true,
                  cell: (row) => (
                    <Link
                      to={own ? '/source/income/line' : '/operator/revenue/line'}
                      search={{ product: row.product.id, month: row.month, contributor: row.contributor.id }}
                      className={linkText}
                    >
                      {format.money(row.amount)}
                    </Link>
                  ),
                },
              ]}
            />
          </Section>
        </>
      )}
    </div>
  );
}
