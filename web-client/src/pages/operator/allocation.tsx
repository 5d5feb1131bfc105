import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { useIsKept } from '../../app/kept';
import { late } from '../../app/late';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { Button } from '../../ui/button';
import { DescriptionList, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { type Column, DataTable } from '../../ui/table';
import { WithdrawApplicationDocument } from '../freeuse/withdraw.gql';
import { Replay } from '../shares/replay';
import type { Edited } from './product';
import { sharesForm } from './shares';

type Rule = NonNullable<Edited['allocationRule']>;

const Form = late(() => import('./allocation-form').then((m) => m.AllocationForm));

/** Among whom the fee of a product is shared, what a rule that waits would change, and a form for the next number of it. */
export function Allocation({ product, onSaved }: { product: Edited; onSaved: () => void }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const format = useFormats();
  const kept = useIsKept(sharesForm(product.id));
  const [editing, setEditing] = useState(kept);
  const rule = product.allocationRule;
  const may = product.allowedActions.includes('AGREE_ALLOCATION');
  return (
    <>
      <Section
        id="shares"
        title={t('tasks.shares')}
        lead={rule ? t('shares.rule', { number: rule.number, document: rule.sourceDocument }) : t('shares.lead')}
        card
        actions={may && rule && !editing && <Button onClick={() => setEditing(true)}>{t('shares.change')}</Button>}
      >
        {rule && !rule.approvedAt && <Waits rule={rule} />}
        {rule && !(may && editing) ? (
          <>
            <DescriptionList
              columns={2}
              facts={[
                { key: 'kind', term: t('shares.kind'), value: name('AllocationKind', rule.kind) },
                {
                  key: 'from',
                  term: t('shares.from'),
                  value: rule.effectiveOn ? format.day(rule.effectiveOn) : t('shares.atOnce'),
                },
              ]}
            />
            <div className="mt-3">
              <Parts rule={rule} />
            </div>
          </>
        ) : may ? (
          <Form
            key={product.id}
            fallback={<Skeleton shape="text" lines={4} />}
            product={product}
            onDone={(saved) => {
              setEditing(false);
              if (saved) onSaved();
            }}
          />
        ) : (
          <p className="text-ink-2">{t('shares.none')}</p>
        )}
      </Section>
      {rule?.proceeding && !rule.approvedAt && !editing && <Replay ruleId={rule.id} />}
    </>
  );
}

/** Where a rule that nobody approved stands. */
function Waits({ rule }: { rule: Rule }) {
  const { t } = useTranslation('operator');
  const { proceeding } = rule;
  const ended = proceeding?.state === 'REFUSED' || proceeding?.state === 'WITHDRAWN' ? proceeding.state : undefined;
  return (
    <Notice
      tone={ended ? 'attention' : 'info'}
      className="mb-3"
      actions={
        proceeding?.canWithdraw && (
          <Act
            size="small"
            label={t('shares.withdraw')}
            title={t('shares.withdrawTitle')}
            consequence={t('shares.withdrawConsequence')}
            done={t('shares.withdrawn')}
            mutation={WithdrawApplicationDocument}
            variables={() => ({ id: proceeding.id })}
            typenames={['Proceeding', 'AllocationRule', 'Product']}
            asksReason={false}
            danger
          />
        )
      }
    >
      {t(ended ? `shares.ended.${ended}` : proceeding ? 'shares.waits' : 'shares.withProduct')}
    </Notice>
  );
}

/** The parts of a rule, each by what it is measured by and in percent of the whole. */
function Parts({ rule }: { rule: Rule }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  type Row = Rule['parts'][number];
  const measures: Column<Row>[] = {
    FIXED: [{ key: 'weight', head: t('shares.weight'), numeric: true, cell: (part: Row) => part.weight }],
    COST_PROPORTIONAL: [
      { key: 'cost', head: t('shares.cost'), numeric: true, cell: (part: Row) => part.cost && format.money(part.cost) },
    ],
    USE_WEIGHTED: [
      {
        key: 'uses',
        head: t('shares.uses'),
        numeric: true,
        cell: (part: Row) => part.uses !== null && format.count(part.uses),
      },
      { key: 'quality', head: t('shares.quality'), numeric: true, cell: (part: Row) => part.quality },
    ],
    SHAPLEY: [],
  }[rule.kind];
  return (
    <DataTable
      caption={t('tasks.shares')}
      rows={rule.parts}
      rowKey={(part) => `${part.contributor?.id} ${part.channel} ${part.basis}`}
      columns={[
        {
          key: 'who',
          head: t('shares.who'),
          rowHeader: true,
          cell: (part) => part.contributor && named(part.contributor),
        },
        ...measures,
        { key: 'percent', head: t('shares.percent'), numeric: true, cell: (part) => `${part.sharePercent}%` },
        { key: 'channel', head: t('shares.channel'), nowrap: true, cell: (part) => name('Channel', part.channel) },
        { key: 'basis', head: t('shares.basis'), cell: (part) => part.basis },
      ]}
    />
  );
}
