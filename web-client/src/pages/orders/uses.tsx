import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { useProblemText } from '../../app/problem-state';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { useIdempotencyKey, useSubmit } from '../../lib/submit';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { ReportUsageDocument } from './report.gql';
import { ReverseUsageDocument } from './reverse.gql';
import { OrderUsesDocument } from './uses.gql';

const typenames = ['Usage', 'Entitlement'];

/** The newest uses of what was bought, for its operator: what was served at a counter is reported, what was no use is taken back. */
export function Uses({ entitlementId }: { entitlementId: string }) {
  const { t } = useTranslation('orders');
  const name = useEnum();
  const format = useFormats();
  const { data } = useLoad(OrderUsesDocument, { id: entitlementId }, { typenames });
  const right = data?.entitlement;
  if (!right?.canReportUsage) return null;
  return (
    <Section title={t('uses.title')} lead={t('uses.lead')} card>
      <DataTable
        caption={t('uses.title')}
        rows={right.usages.edges.map((edge) => edge.node)}
        rowKey={(use) => use.id}
        empty={<p className="p-3 text-ink-2">{t('uses.none')}</p>}
        columns={[
          {
            key: 'kind',
            head: t('uses.kind'),
            rowHeader: true,
            cell: (use) => (
              <>
                {name('UsageKind', use.kind)} {use.reversed && <Badge>{t('uses.reversed')}</Badge>}
              </>
            ),
          },
          { key: 'quantity', head: t('uses.quantity'), numeric: true, cell: (use) => format.count(use.quantity) },
          { key: 'used', head: t('uses.usedAt'), nowrap: true, cell: (use) => format.moment(use.usedAt) },
          { key: 'heard', head: t('uses.heardAt'), nowrap: true, cell: (use) => format.moment(use.createdAt) },
          {
            key: 'act',
            head: t('uses.act'),
            cell: (use) =>
              use.canReverse && (
                <Act
                  danger
                  size="small"
                  label={t('uses.reverse')}
                  title={t('uses.reverseTitle')}
                  consequence={t('uses.reverseConsequence')}
                  done={t('uses.reverseDone')}
                  mutation={ReverseUsageDocument}
                  variables={(reason) => ({ id: use.id, reason })}
                  typenames={typenames}
                />
              ),
          },
        ]}
      />
      <Report entitlementId={entitlementId} />
    </Section>
  );
}

function Report({ entitlementId }: { entitlementId: string }) {
  const { t } = useTranslation('orders');
  const problemText = useProblemText();
  const { keyOf, renew } = useIdempotencyKey();
  const { submit, pending, faults, problem } = useSubmit(ReportUsageDocument, { typenames });
  const [quantity, setQuantity] = useState('1');
  const [at, setAt] = useState('');
  const [subject, setSubject] = useState('');
  const missing = {
    quantity: !/^[1-9]\d*$/.test(quantity) && t('uses.quantityMissing'),
    usedAt: !at && t('uses.usedAtMissing'),
    subject: false as const,
  };
  const form = useFormErrors(missing, faults);
  const send = async () => {
    if (!form.ready()) return;
    const input = {
      entitlementId,
      quantity: Number(quantity),
      usedAt: new Date(`${at}:00+08:00`).toISOString(),
      subject: subject.trim() || undefined,
    };
    const outcome = await submit({ input: { ...input, idempotencyKey: keyOf(JSON.stringify(input)) } });
    if (!outcome?.done) return;
    renew();
    setSubject('');
    toast(t('uses.reported'));
  };
  return (
    <div className="mt-4 space-y-3">
      <FormErrors
        errors={form.errors.map((error) => ({ ...error, field: 'field' in error ? `use-${error.field}` : undefined }))}
        attempt={form.attempt}
      />
      {problem && (
        <Notice tone="attention" live title={problemText(problem).title}>
          {problemText(problem).what}
        </Notice>
      )}
      <div className="grid gap-4 sm:grid-cols-3">
        <Field id="use-quantity" label={t('uses.quantity')} error={form.at('quantity')}>
          <NumberInput value={quantity} onValueChange={setQuantity} />
        </Field>
        <Field id="use-usedAt" label={t('uses.usedAt')} error={form.at('usedAt')}>
          <TextInput type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
        </Field>
        <Field
          id="use-subject"
          label={t('uses.subject')}
          hint={t('uses.subjectHint')}
          error={form.at('subject')}
          required={false}
        >
          <TextInput maxLength={200} value={subject} onChange={(event) => setSubject(event.target.value)} />
        </Field>
      </div>
      <Button pending={pending} onClick={send}>
        {t('uses.report')}
      </Button>
    </div>
  );
}
