import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsKept, useKept } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { type Channel, enums } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextInput, useDecimalFault } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { AgreeAllocationDocument } from './allocation.gql';
import { ContributorsDocument } from './contributors.gql';
import type { Edited } from './product';
import { type Part, partsOf } from './shares';

/** Under which a rule that is begun for a product is kept. */
const sharesForm = (productId: string) => `shares.${productId}`;

/** Among whom the fee of a product is shared, and a form for the next number of the rule. */
export function Allocation({ product, onSaved }: { product: Edited; onSaved: () => void }) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const name = useEnum();
  const kept = useIsKept(sharesForm(product.id));
  const [editing, setEditing] = useState(kept);
  const rule = product.allocationRule;
  const may = product.allowedActions.includes('AGREE_ALLOCATION');
  return (
    <Section
      id="shares"
      title={t('tasks.shares')}
      lead={rule ? t('shares.rule', { number: rule.number, document: rule.sourceDocument }) : t('shares.lead')}
      card
      actions={may && rule && !editing && <Button onClick={() => setEditing(true)}>{t('shares.change')}</Button>}
    >
      {rule && !rule.approvedAt && (
        <Notice tone="info">{t(product.status === 'DRAFT' ? 'shares.withProduct' : 'shares.waits')}</Notice>
      )}
      {rule && !(may && editing) ? (
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
            { key: 'weight', head: t('shares.weight'), numeric: true, cell: (part) => part.weight },
            { key: 'channel', head: t('shares.channel'), nowrap: true, cell: (part) => name('Channel', part.channel) },
            { key: 'basis', head: t('shares.basis'), cell: (part) => part.basis },
          ]}
        />
      ) : may ? (
        <Form
          key={product.id}
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
  );
}

function Form({ product, onDone }: { product: Edited; onDone: (saved: boolean) => void }) {
  const { data, problem, reload } = useLoad(ContributorsDocument, {});
  if (!data && problem) return <ProblemState problem={problem} onRetry={reload} />;
  if (!data?.viewer?.organisation) return <Skeleton shape="text" lines={4} />;
  const units = product.items.map((item) => item.resource.sourceUnit);
  const vendors = product.socialInputs.flatMap((input) => input.contributor ?? []);
  const platforms = data.organisations.edges.map((edge) => edge.node);
  return (
    <Weights
      product={product}
      who={[data.viewer.organisation, ...platforms, ...units, ...vendors]}
      platforms={platforms.map((one) => one.id)}
      onDone={onDone}
    />
  );
}

function Weights({
  product,
  who,
  platforms,
  onDone,
}: {
  product: Edited;
  who: { id: string; name: string; nameEn: string }[];
  /** Those of them that run the software. */
  platforms: readonly string[];
  onDone: (saved: boolean) => void;
}) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const name = useEnum();
  const say = useFaultText();
  const {
    typed: { parts, source },
    change,
    drop,
  } = useKept(sharesForm(product.id), {
    parts: partsOf(product.allocationRule?.parts ?? [], who, (one) => {
      if (one.id === product.operator.id) return { basis: t('shares.ownBasis'), channel: 'COST' };
      if (platforms.includes(one.id)) return { basis: t('shares.platformBasis'), channel: 'COST' };
      const social = product.socialInputs.some((input) => input.contributor?.id === one.id);
      return { basis: social ? t('shares.vendorBasis') : t('shares.unitBasis'), channel: 'COST' };
    }),
    source: product.allocationRule?.sourceDocument ?? '',
  });
  const { submit, pending, faults, problem } = useSubmit(AgreeAllocationDocument, {
    typenames: ['AllocationRule', 'Product'],
  });
  const decimal = useDecimalFault();
  const given = parts.filter((part) => Number(part.weight) > 0);
  const { at, errors, attempt, ready } = useFormErrors(
    {
      parts: parts.map((part) => decimal(part.weight)).find(Boolean) ?? (given.length === 0 && t('missing.weights')),
      sourceDocument: !source.trim() && t('missing.source'),
    },
    faults,
  );
  // Refusals name parts by their place in what was sent.
  const [sent, setSent] = useState<string[]>([]);
  const set = (key: string, to: Partial<Part>) =>
    change({ parts: parts.map((part) => (part.key === key ? { ...part, ...to } : part)) });
  const save = async () => {
    if (!ready()) return;
    setSent(given.map((part) => part.key));
    const outcome = await submit({
      productId: product.id,
      input: {
        sourceDocument: source.trim(),
        parts: given.map((part) => ({
          contributorId: part.id,
          weight: Number(part.weight),
          basis: part.basis,
          channel: part.channel,
        })),
      },
    });
    if (!outcome?.done) return;
    drop();
    toast(t('shares.saved'));
    onDone(true);
  };
  const wrong = (part: Part) => {
    const i = sent.indexOf(part.key);
    const fault = i >= 0 && faults.find((one) => one.field?.startsWith(`input.parts.${i}.`));
    return fault ? say(fault) : undefined;
  };
  return (
    <div className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      <Trouble problem={problem} />
      <div id="parts" tabIndex={-1} className="space-y-3">
        {at('parts') && <p className="text-rose text-sm">{at('parts')}</p>}
        {parts.map((part) => (
          <fieldset key={part.key} className="rounded-lg border border-line p-3">
            <legend className="px-1 font-medium">{named(part)}</legend>
            <div className="grid gap-3 sm:grid-cols-[7rem_10rem_1fr]">
              <Field label={t('shares.weight')} error={wrong(part)}>
                <NumberInput value={part.weight} onValueChange={(weight) => set(part.key, { weight })} />
              </Field>
              <Field label={t('shares.channel')}>
                <Select
                  options={enums.Channel.map((value) => ({ value, label: name('Channel', value) }))}
                  value={part.channel}
                  onValueChange={(channel) => set(part.key, { channel: channel as Channel })}
                />
              </Field>
              <Field label={t('shares.basis')}>
                <TextInput value={part.basis} onChange={(event) => set(part.key, { basis: event.target.value })} />
              </Field>
            </div>
          </fieldset>
        ))}
      </div>
      <Field id="sourceDocument" label={t('shares.source')} error={at('sourceDocument')}>
        <TextInput value={source} onChange={(event) => change({ source: event.target.value })} />
      </Field>
      <div className="flex gap-2">
        {product.allocationRule && (
          <Button
            onClick={() => {
              drop();
              onDone(false);
            }}
          >
            {t('cancel')}
          </Button>
        )}
        <Button kind="primary" pending={pending} onClick={save}>
          {t('shares.save')}
        </Button>
      </div>
    </div>
  );
}
