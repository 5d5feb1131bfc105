import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { DataTable } from '../../ui/table';
import { TariffText } from '../tariffs/tariff';
import { useUnit } from '../tariffs/units';
import type { Plan } from './purchase';

/** What every plan costs with the cap beside it, and where the cap is from. */
export function PlanTable({ plans }: { plans: readonly Plan[] }) {
  const { t } = useTranslation('product');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const unit = useUnit();
  return (
    <DataTable
      caption={t('plan.title')}
      rows={plans}
      rowKey={(plan) => plan.id}
      empty={<p className="p-4 text-ink-2">{t('quote.noPlan')}</p>}
      columns={[
        {
          key: 'plan',
          head: t('plan.name'),
          rowHeader: true,
          cell: (plan) => (
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
                  settlement: name('Settlement', plan.settlement),
                  count: plan.termMonths,
                })}
                {plan.left !== null && ` · ${t('plan.left', { count: plan.left })}`}
              </span>
            </>
          ),
        },
        { key: 'rate', head: t('plan.rate'), cell: (plan) => <TariffText tariff={plan.tariff} /> },
        {
          key: 'cap',
          head: t('plan.cap'),
          numeric: true,
          cell: (plan) =>
            plan.cap ? (
              <>
                {format.rate(plan.cap.rate)}{' '}
                <span className="text-ink-3 text-xs">/ {unit({ mode: plan.mode, period: plan.cap.period })}</span>
              </>
            ) : (
              <span className="text-ink-3">{plan.trial ? t('plan.trialNoCap') : t('plan.noCap')}</span>
            ),
        },
        {
          key: 'source',
          head: t('plan.source'),
          cell: (plan) =>
            plan.cap && (
              <>
                {plan.cap.sourceDocument}
                <span className="block text-ink-3 text-xs">
                  {t('plan.capFrom', { authority: named(plan.cap.authority), day: format.day(plan.cap.effectiveOn) })}
                </span>
              </>
            ),
        },
      ]}
    />
  );
}
