import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { usePeriodText } from '../../lib/period';
import { Badge } from '../../ui/badge';
import { DataTable } from '../../ui/table';
import { bandText, type Plan, unitOf } from './plans';

/** Every band of every plan with the cap beside its rate, and where the cap is from. */
export function PlanTable({ plans }: { plans: readonly Plan[] }) {
  const { t } = useTranslation('product');
  const named = useNamed();
  const name = useEnum();
  const period = usePeriodText();
  const format = useFormats();
  const rows = plans.flatMap((plan) => plan.bands.map((band, i) => ({ plan, band, i, key: `${plan.id} ${i}` })));
  return (
    <DataTable
      caption={t('plan.title')}
      rows={rows}
      rowKey={(row) => row.key}
      empty={<p className="p-4 text-ink-2">{t('quote.noPlan')}</p>}
      columns={[
        {
          key: 'plan',
          head: t('plan.name'),
          rowHeader: true,
          cell: ({ plan, i }) =>
            i === 0 ? (
              <>
                {named(plan)} {plan.trial && <Badge tone="special">{t('plan.trial')}</Badge>}
                {plan.stoppedBy && (
                  <span className="block text-amber text-xs">
                    {t('plan.stopped')}：{name('ObstacleCode', plan.stoppedBy)}
                  </span>
                )}
                <span className="block text-ink-3 text-xs">
                  {t('plan.terms', {
                    mode: name('ChargingMode', plan.mode),
                    scheme: name('TariffScheme', plan.scheme),
                    count: plan.termMonths,
                  })}
                </span>
              </>
            ) : (
              <span className="sr-only">{named(plan)}</span>
            ),
        },
        {
          key: 'band',
          head: t('plan.quantity'),
          nowrap: true,
          cell: ({ plan, i }) => bandText(t, format, plan, i),
        },
        {
          key: 'rate',
          head: t('plan.rate'),
          numeric: true,
          cell: ({ plan, band }) => (
            <>
              {format.rate(band.rate)} <span className="text-ink-3 text-xs">/ {unitOf(t, plan)}</span>
            </>
          ),
        },
        {
          key: 'cap',
          head: t('plan.cap'),
          numeric: true,
          cell: ({ plan }) =>
            plan.cap ? (
              <>
                {format.rate(plan.cap.rate)}{' '}
                <span className="text-ink-3 text-xs">
                  / {plan.cap.period ? period(plan.cap.period) : unitOf(t, { mode: plan.mode, periodMonths: null })}
                </span>
              </>
            ) : (
              <span className="text-ink-3">{plan.trial ? t('plan.trialNoCap') : t('plan.noCap')}</span>
            ),
        },
        {
          key: 'source',
          head: t('plan.source'),
          cell: ({ plan, i }) =>
            plan.cap && i === 0 ? (
              <>
                {plan.cap.sourceDocument}
                <span className="block text-ink-3 text-xs">
                  {t('plan.capFrom', { authority: named(plan.cap.authority), day: format.day(plan.cap.effectiveOn) })}
                </span>
              </>
            ) : null,
        },
      ]}
    />
  );
}
