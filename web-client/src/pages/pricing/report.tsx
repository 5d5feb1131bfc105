import { Download, Printer } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { ButtonAnchor } from '../../ui/button';
import { KpiStrip } from '../../ui/figures';
import { PageHead, Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { PriceReportDocument } from './report.gql';
import { reportRoute } from './routes';
import { thisYear } from './this-year';

/** An operator's price report of a year, as it is due in the next, with its files. */
export function Screen() {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const name = useEnum();
  const named = useNamed();
  const language = useLanguage();
  const { id } = reportRoute.useParams();
  const search = reportRoute.useSearch();
  const navigate = reportRoute.useNavigate();
  const year = search.year ?? thisYear();
  const variables = useMemo(() => ({ operatorId: id, year }), [id, year]);
  const { data, loading, problem, reload } = useLoad(PriceReportDocument, variables, {
    typenames: ['PermittedRevenue', 'PriceCap', 'Plan', 'Order'],
  });
  useTitle(t('report.title', { year }));
  if (!data && problem) return <ProblemState whole problem={problem} reload={reload} />;
  if (loading || !data) return <Skeleton shape="facts" lines={6} />;
  const { priceReport: report } = data;
  const file = (ending: string) => `/reports/prices.${ending}?operatorId=${id}&year=${year}&language=${language}`;
  const years = [...new Set([...Array.from({ length: 5 }, (_, i) => thisYear() - i), year])].sort((a, b) => b - a);
  return (
    <>
      <PageHead
        title={t('report.title', { year })}
        lead={t('report.lead', { day: format.day(report.dueOn) })}
        meta={<span>{named(report.operator)}</span>}
        actions={
          <>
            <Select
              label={t('year')}
              className="max-w-36"
              value={String(year)}
              options={years.map((one) => ({ value: String(one), label: t('ofYear', { year: one }) }))}
              onValueChange={(value) => navigate({ search: { year: Number(value) }, resetScroll: false })}
            />
            <ButtonAnchor href={file('xlsx')} download icon={<Download aria-hidden className="size-4" />}>
              {t('report.xlsx')}
            </ButtonAnchor>
            <ButtonAnchor
              href={file('html')}
              target="_blank"
              rel="noopener"
              icon={<Printer aria-hidden className="size-4" />}
            >
              {t('report.print')}
            </ButtonAnchor>
          </>
        }
      />
      <KpiStrip
        label={t('report.title', { year })}
        asOf={format.moment(report.asOf)}
        items={[
          { key: 'cost', label: t('report.cost'), value: report.cost ? format.money(report.cost) : t('meter.none') },
          {
            key: 'revenue',
            label: t('meter.earned'),
            value: format.money(report.revenue),
            basis: t('meter.earnedBasis'),
          },
          {
            key: 'profit',
            label: t('report.profit'),
            value: report.profit ? format.money(report.profit) : t('meter.none'),
          },
          {
            key: 'permitted',
            label: t('meter.permitted'),
            value: report.permitted ? format.money(report.permitted) : t('meter.none'),
          },
          ...(report.deviation
            ? [
                {
                  key: 'deviation',
                  label: t('meter.deviation'),
                  value:
                    report.deviation.percent === null
                      ? format.money(report.deviation.difference)
                      : `${report.deviation.percent}%`,
                  basis: name('Adjuster', report.deviation.adjuster),
                },
              ]
            : []),
        ]}
      />
      <Section title={t('report.products')}>
        <DataTable
          caption={t('report.products')}
          rows={report.products}
          rowKey={(one) => one.name}
          empty={<p className="p-3 text-ink-2">{t('report.noProducts')}</p>}
          columns={[
            { key: 'name', head: t('report.product'), rowHeader: true, cell: (one) => named(one) },
            { key: 'calls', head: t('report.calls'), numeric: true, cell: (one) => format.count(one.calls) },
            { key: 'rows', head: t('report.rows'), numeric: true, cell: (one) => format.count(one.rows) },
            { key: 'bytes', head: t('report.bytes'), numeric: true, cell: (one) => format.bytes(one.bytes) },
            { key: 'revenue', head: t('meter.earned'), numeric: true, cell: (one) => format.money(one.revenue) },
          ]}
        />
      </Section>
      <Section title={t('report.changes')}>
        <DataTable
          caption={t('report.changes')}
          rows={report.changes.map((change, i) => ({ ...change, place: String(i) }))}
          rowKey={(one) => one.place}
          empty={<p className="p-3 text-ink-2">{t('report.noChanges')}</p>}
          columns={[
            { key: 'on', head: t('report.on'), nowrap: true, cell: (one) => format.day(one.on) },
            { key: 'kind', head: t('report.kind'), nowrap: true, cell: (one) => name('PriceChangeKind', one.kind) },
            {
              key: 'product',
              head: t('report.product'),
              rowHeader: true,
              cell: (one) => named({ name: one.productName, nameEn: one.productNameEn }),
            },
            {
              key: 'plan',
              head: t('report.plan'),
              cell: (one) => (
                <>
                  {named({ name: one.planName, nameEn: one.planNameEn })}{' '}
                  {one.trial && <Badge tone="attention">{t('report.trial')}</Badge>}
                </>
              ),
            },
            { key: 'mode', head: t('report.mode'), nowrap: true, cell: (one) => name('ChargingMode', one.mode) },
            { key: 'rate', head: t('report.rate'), numeric: true, cell: (one) => format.rate(one.rate) },
          ]}
        />
      </Section>
    </>
  );
}
