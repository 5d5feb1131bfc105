import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { Go } from '../../app/go';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { percent, useFormats } from '../../lib/format';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { KpiStrip, Meter } from '../../ui/figures';
import { DescriptionList, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { Amounts } from './amounts';
import { ClawbackForm } from './clawback';
import {
  PermittedRevenuesDocument,
  type PermittedRevenuesQuery,
  PricingStandingDocument,
  type PricingStandingQuery,
  WithdrawSurveyDocument,
} from './standing.gql';
import { thisYear } from './this-year';

type MeterFacts = PricingStandingQuery['permittedRevenueMeter'];

const permitted = (data: PermittedRevenuesQuery) => data.permittedRevenues;
const tones = { SUBMITTED: 'info', APPROVED: 'success', REFUSED: 'refused', WITHDRAWN: 'neutral' } as const;

/** How an operator's revenue of a year stands, the cycle that the year is of, and every cost survey that was reported. */
export function Standing({
  operatorId,
  year,
  onYear,
}: {
  operatorId: string;
  year: number;
  onYear: (year: number) => void;
}) {
  const { t } = useTranslation('pricing');
  const variables = useMemo(() => ({ operatorId, year }), [operatorId, year]);
  const { data, loading, problem, reload } = useLoad(PricingStandingDocument, variables, {
    typenames: ['PermittedRevenue', 'PriceCap', 'Order', 'Proceeding'],
  });
  if (!data && problem) return <ProblemState problem={problem} reload={reload} />;
  const years = [...new Set([...Array.from({ length: 5 }, (_, i) => thisYear() + 1 - i), year])].sort((a, b) => b - a);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <Select
          label={t('year')}
          className="max-w-36"
          value={String(year)}
          options={years.map((one) => ({ value: String(one), label: t('ofYear', { year: one }) }))}
          onValueChange={(value) => onYear(Number(value))}
        />
        <ButtonLink to="/pricing/$id/report" params={{ id: operatorId }} search={{ year }}>
          {t('report.open')}
        </ButtonLink>
      </div>
      {loading || !data ? (
        <Skeleton shape="facts" lines={12} />
      ) : (
        <>
          <YearOf meter={data.permittedRevenueMeter} operatorId={operatorId} />
          <Surveys operatorId={operatorId} />
        </>
      )}
    </>
  );
}

function YearOf({ meter, operatorId }: { meter: MeterFacts; operatorId: string }) {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const name = useEnum();
  const { permittedRevenue: of, deviation, cycle } = meter;
  const begun = meter.daysGone > 0;
  return (
    <>
      <KpiStrip
        label={t('meter.label', { year: meter.year })}
        asOf={format.moment(meter.asOf)}
        items={[
          { key: 'earned', label: t('meter.earned'), value: format.money(meter.earned), basis: t('meter.earnedBasis') },
          {
            key: 'forecast',
            label: t('meter.forecast'),
            value: begun ? format.money(meter.forecast) : t('meter.none'),
            basis: begun ? t('meter.forecastBasis', { gone: meter.daysGone, days: meter.days }) : t('meter.notBegun'),
          },
          {
            key: 'permitted',
            label: t('meter.permitted'),
            value: of ? format.money(of.permitted) : t('meter.none'),
            basis: of ? t('meter.permittedBasis', { deducted: format.money(of.deducted) }) : t('meter.trial'),
          },
          ...(begun && deviation
            ? [
                {
                  key: 'deviation',
                  label: t('meter.deviation'),
                  value: deviation.percent === null ? format.money(deviation.difference) : `${deviation.percent}%`,
                  basis: t('meter.deviationBasis', {
                    who: name('Adjuster', deviation.adjuster),
                    tolerance: percent(deviation.tolerance),
                  }),
                },
              ]
            : []),
        ]}
      />
      {of && (
        <Section title={t('meter.title', { year: meter.year })} card>
          <div className="space-y-4">
            <Meter
              label={t('meter.used')}
              value={Number(meter.earned.amount)}
              max={Number(of.permitted.amount)}
              valueText={format.money(meter.earned)}
              maxText={format.money(of.permitted)}
              note={meter.usedPercent && t('meter.usedNote', { percent: meter.usedPercent })}
            />
            <Meter
              label={t('meter.caps')}
              value={Number(of.capsRevenue.amount)}
              max={Number(of.permitted.amount)}
              valueText={format.money(of.capsRevenue)}
              maxText={format.money(of.permitted)}
              note={t('meter.capsLeft', { left: format.money(of.capsLeft) })}
            />
            {of.capsUncounted > 0 && (
              <p className="text-amber text-sm">{t('meter.capsUncounted', { count: of.capsUncounted })}</p>
            )}
            <Disclosure summary={t('amounts.title')}>
              <Amounts amounts={of.amounts} />
            </Disclosure>
          </div>
        </Section>
      )}
      {cycle && <Cycle cycle={cycle} operatorId={operatorId} year={meter.year} />}
    </>
  );
}

function Cycle({
  cycle,
  operatorId,
  year,
}: {
  cycle: NonNullable<MeterFacts['cycle']>;
  operatorId: string;
  year: number;
}) {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const named = useNamed();
  const { clawback } = cycle;
  const last = cycle.cycle.from + cycle.cycle.years - 1;
  return (
    <Section title={t('cycle.title', { from: cycle.cycle.from, last })} lead={t('cycle.lead')}>
      <DataTable
        caption={t('cycle.title', { from: cycle.cycle.from, last })}
        rows={cycle.years}
        rowKey={(one) => String(one.year)}
        columns={[
          { key: 'year', head: t('year'), rowHeader: true, cell: (one) => t('ofYear', { year: one.year }) },
          { key: 'earned', head: t('meter.earned'), numeric: true, cell: (one) => format.money(one.earned) },
          { key: 'permitted', head: t('meter.permitted'), numeric: true, cell: (one) => format.money(one.permitted) },
        ]}
      />
      <p className="mt-3">
        {t(cycle.over ? 'cycle.excess' : 'cycle.excessSoFar', { excess: format.money(cycle.excess) })}
      </p>
      {clawback && (
        <DescriptionList
          facts={[
            {
              key: 'how',
              term: t('clawback.how'),
              value: t('clawback.decided', {
                count: clawback.cycles,
                excess: format.money(clawback.excess),
                instalments: clawback.instalments.map((one) => format.money(one)).join(t('separator')),
              }),
            },
            { key: 'who', term: t('clawback.authority'), value: clawback.authority && named(clawback.authority) },
            { key: 'when', term: t('clawback.at'), value: format.day(clawback.decidedAt) },
            { key: 'document', term: t('document'), value: clawback.sourceDocument },
            { key: 'reason', term: t('reason'), value: clawback.reason },
          ]}
        />
      )}
      {cycle.canClawBack && <ClawbackForm operatorId={operatorId} year={year} excess={format.money(cycle.excess)} />}
    </Section>
  );
}

function Surveys({ operatorId }: { operatorId: string }) {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const name = useEnum();
  const variables = useMemo(() => ({ operatorId }), [operatorId]);
  const list = useList(PermittedRevenuesDocument, variables, permitted, {
    typenames: ['PermittedRevenue', 'Proceeding'],
  });
  if (list.problem && !list.data) return <ProblemState problem={list.problem} reload={list.reload} />;
  if (list.loading) return <Skeleton shape="table" lines={3} />;
  return (
    <Section title={t('surveys.title')} lead={t('surveys.lead')}>
      <DataTable
        caption={t('surveys.title')}
        rows={list.nodes}
        rowKey={(one) => one.id}
        empty={<p className="p-3 text-ink-2">{t('surveys.none')}</p>}
        columns={[
          {
            key: 'year',
            head: t('year'),
            rowHeader: true,
            cell: (one) => (
              <>
                {t('ofYear', { year: one.year })} {one.inForce && <Badge tone="success">{t('surveys.inForce')}</Badge>}
              </>
            ),
          },
          {
            key: 'cycle',
            head: t('surveys.cycle'),
            nowrap: true,
            cell: (one) => t('surveys.cycleOf', { from: one.cycle.from, last: one.cycle.from + one.cycle.years - 1 }),
          },
          {
            key: 'status',
            head: t('surveys.status'),
            nowrap: true,
            cell: (one) => <StatusBadge tone={tones[one.status]}>{name('SurveyStatus', one.status)}</StatusBadge>,
          },
          { key: 'permitted', head: t('meter.permitted'), numeric: true, cell: (one) => format.money(one.permitted) },
          { key: 'document', head: t('document'), cell: (one) => one.sourceDocument },
          { key: 'at', head: t('surveys.reported'), nowrap: true, cell: (one) => format.day(one.createdAt) },
          {
            key: 'proceeding',
            head: t('surveys.proceeding'),
            cell: (one) =>
              one.proceeding && (
                <span className="flex flex-wrap items-center gap-2">
                  <Go to={`/review/${one.proceeding.id}`} className="text-brand underline">
                    {name('ProceedingState', one.proceeding.state)}
                  </Go>
                  {one.proceeding.canWithdraw && (
                    <Act
                      size="small"
                      asksReason={false}
                      label={t('surveys.withdraw')}
                      title={t('surveys.withdrawTitle', { year: one.year })}
                      consequence={t('surveys.withdrawConsequence')}
                      done={t('surveys.withdrawn')}
                      mutation={WithdrawSurveyDocument}
                      variables={() => ({ id: one.proceeding?.id ?? '' })}
                      typenames={['PermittedRevenue', 'Proceeding']}
                    />
                  )}
                </span>
              ),
          },
        ]}
      />
      <More list={list} />
    </Section>
  );
}

/** A sentence for those who may see no operator's prices. */
export function NotForYou() {
  const { t } = useTranslation('pricing');
  return <Notice tone="attention">{t('notForYou')}</Notice>;
}
