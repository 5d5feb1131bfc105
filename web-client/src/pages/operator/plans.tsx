import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { keep, useIsKept, useOwner } from '../../app/kept';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Section } from '../../ui/layout';
import { DataTable } from '../../ui/table';
import { TariffText } from '../tariffs/tariff';
import { begunPlan, PlanForm, planForm } from './plan-form';
import type { Edited } from './product';
import { WithdrawPlanDocument } from './withdraw.gql';

/** The plans of a product beside their caps, and a form for another one. */
export function Plans({ product, onSaved }: { product: Edited; onSaved: () => void }) {
  const { t } = useTranslation('operator');
  const owner = useOwner();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const kept = useIsKept(planForm(product.id));
  // Each opening is a form of its own.
  const [adding, setAdding] = useState(kept ? 1 : 0);
  const opened = useRef(adding);
  useEffect(() => {
    if (adding > opened.current) document.getElementById('plan-name')?.focus();
    opened.current = adding;
  }, [adding]);
  const plans = product.plans;
  const mayAdd = product.allowedActions.includes('ADD_PLAN');
  const mayWithdraw = product.allowedActions.includes('WITHDRAW_PLAN');
  return (
    <Section
      id="plans"
      title={t('tasks.plans')}
      lead={t('plans.lead')}
      card
      actions={
        mayAdd && adding === 0 && plans.length > 0 && <Button onClick={() => setAdding(1)}>{t('plans.add')}</Button>
      }
    >
      {plans.length > 0 ? (
        <DataTable
          caption={t('tasks.plans')}
          rows={plans}
          rowKey={(plan) => plan.id}
          columns={[
            {
              key: 'name',
              head: t('plans.name'),
              rowHeader: true,
              cell: (plan) => (
                <>
                  {named(plan)} {plan.trial && <Badge tone="attention">{t('plans.trial')}</Badge>}
                </>
              ),
            },
            {
              key: 'mode',
              head: t('plans.mode'),
              nowrap: true,
              cell: (plan) => (
                <>
                  {name('ChargingMode', plan.mode)}
                  <span className="block text-ink-3 text-xs">{name('Settlement', plan.settlement)}</span>
                </>
              ),
            },
            {
              key: 'rate',
              head: t('plans.rate'),
              cell: (plan) => <TariffText tariff={plan.tariff} />,
            },
            {
              key: 'cap',
              head: t('plans.cap'),
              numeric: true,
              cell: (plan) => (plan.cap ? format.rate(plan.cap.rate) : '—'),
            },
            ...(mayAdd || mayWithdraw
              ? [
                  {
                    key: 'act',
                    head: t('plans.act'),
                    nowrap: true,
                    cell: (plan: Edited['plans'][number]) => (
                      <span className="flex gap-2">
                        {mayAdd && (
                          <Button
                            size="small"
                            onClick={() => {
                              keep(owner, planForm(product.id), begunPlan(plan));
                              setAdding((n) => n + 1);
                            }}
                          >
                            {t('plans.copy')}
                          </Button>
                        )}
                        {mayWithdraw && (
                          <Act
                            danger
                            size="small"
                            asksReason={false}
                            label={t('plans.withdraw')}
                            title={t('plans.withdrawTitle', { name: named(plan) })}
                            consequence={t('plans.withdrawConsequence')}
                            done={t('plans.withdrawn')}
                            mutation={WithdrawPlanDocument}
                            variables={() => ({ id: plan.id })}
                            typenames={['Plan', 'Product']}
                          />
                        )}
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
        />
      ) : (
        !mayAdd && <p className="text-ink-2">{t('plans.none')}</p>
      )}
      {mayAdd && (adding > 0 || plans.length === 0) && (
        <PlanForm
          key={adding}
          product={product}
          onCancel={plans.length > 0 ? () => setAdding(0) : undefined}
          onSaved={() => {
            setAdding(0);
            onSaved();
          }}
        />
      )}
    </Section>
  );
}
