import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKept } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { type AllocationKind, type Channel, enums } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Checkbox } from '../../ui/choice';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { DateInput, NumberInput, TextInput, useDecimalFault } from '../../ui/input';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { CalculateSplitDocument } from '../pricing/calculate.gql';
import { mostTyped } from '../shares/coalitions';
import { AgreeAllocationDocument } from './allocation.gql';
import { ContributorsDocument } from './contributors.gql';
import type { Edited } from './product';
import {
  agreementOf,
  coalitionKey,
  coalitionsOf,
  givenOf,
  type Part,
  partsOf,
  sharesForm,
  splitOf,
  type Typed,
  worthOf,
} from './shares';

/** A form for the next number of a product's rule; onDone says whether it was saved. */
export function AllocationForm({ product, onDone }: { product: Edited; onDone: (saved: boolean) => void }) {
  const { data, problem, reload } = useLoad(ContributorsDocument, {});
  if (!data && problem) return <ProblemState problem={problem} reload={reload} />;
  if (!data?.viewer?.organisation) return <Skeleton shape="text" lines={4} />;
  const units = product.items.map((item) => item.resource.sourceUnit);
  const vendors = product.socialInputs.flatMap((input) => input.contributor ?? []);
  const platforms = data.organisations.edges.map((edge) => edge.node);
  return (
    <Rule
      product={product}
      who={[data.viewer.organisation, ...platforms, ...units, ...vendors]}
      platforms={platforms.map((one) => one.id)}
      onDone={onDone}
    />
  );
}

function Rule({
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
  const before = product.allocationRule;
  const { typed, change, drop } = useKept<Typed>(sharesForm(product.id), {
    kind: before?.kind ?? 'FIXED',
    parts: partsOf(
      before?.parts ?? [],
      who,
      (one) => {
        if (one.id === product.operator.id) return { basis: t('shares.ownBasis'), channel: 'COST' };
        if (platforms.includes(one.id)) return { basis: t('shares.platformBasis'), channel: 'COST' };
        const social = product.socialInputs.some((input) => input.contributor?.id === one.id);
        return { basis: social ? t('shares.vendorBasis') : t('shares.unitBasis'), channel: 'COST' };
      },
      before?.kind === 'SHAPLEY',
    ),
    worth: worthOf(before?.coalitions ?? []),
    effectiveOn: '',
    source: before?.sourceDocument ?? '',
  });
  const { kind, parts, worth } = typed;
  const { submit, pending, faults, problem } = useSubmit(AgreeAllocationDocument, {
    typenames: ['AllocationRule', 'Product'],
  });
  const decimal = useDecimalFault();
  const given = givenOf(typed);
  const shapley = kind === 'SHAPLEY';
  const tooMany = shapley && given.length > mostTyped;
  const coalitions = shapley && !tooMany ? coalitionsOf(given) : [];
  const worthKey = (members: Part[]) => coalitionKey(members.map((member) => member.id));
  const wrongNumber = parts
    .map((part) => {
      if (kind === 'COST_PROPORTIONAL') return decimal(part.cost, 2);
      if (kind === 'USE_WEIGHTED') return decimal(part.uses) ?? decimal(part.quality, 4);
      return kind === 'FIXED' ? decimal(part.weight) : undefined;
    })
    .find(Boolean);
  const unworthy = coalitions.some((members) => !/^\d+$/.test(worth[worthKey(members)] ?? ''));
  const { at, errors, attempt, ready } = useFormErrors(
    {
      kind: undefined,
      parts:
        wrongNumber ??
        (given.length === 0 ? t(`missing.parts.${kind}`) : tooMany && t('shares.tooMany', { count: mostTyped })),
      coalitions: unworthy && t('missing.coalitions'),
      effectiveOn: undefined,
      sourceDocument: !typed.source.trim() && t('missing.source'),
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
    const outcome = await submit({ productId: product.id, input: agreementOf(typed) });
    if (!outcome?.done) return;
    drop();
    toast(t('shares.saved'));
    onDone(true);
  };
  const asks = given.length > 0 && !wrongNumber && !tooMany && !unworthy;
  return (
    <div className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      <Trouble problem={problem} />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field id="kind" label={t('shares.kind')} hint={t(`shares.kindHint.${kind}`)} error={at('kind')}>
          <Select
            options={enums.AllocationKind.map((value) => ({ value, label: name('AllocationKind', value) }))}
            value={kind}
            onValueChange={(value) => change({ kind: value as AllocationKind })}
          />
        </Field>
        <Field
          id="effectiveOn"
          label={t('shares.from')}
          hint={t('shares.fromHint')}
          error={at('effectiveOn')}
          required={false}
        >
          <DateInput value={typed.effectiveOn} onValueChange={(effectiveOn) => change({ effectiveOn })} />
        </Field>
      </div>
      <div id="parts" tabIndex={-1} className="space-y-3">
        {at('parts') && <p className="text-rose text-sm">{at('parts')}</p>}
        {parts.map((part) => {
          const i = sent.indexOf(part.key);
          return (
            <PartFields
              key={part.key}
              kind={kind}
              part={part}
              faults={i < 0 ? [] : faults.filter((one) => one.field?.startsWith(`input.parts.${i}.`))}
              onChange={(to) => set(part.key, to)}
            />
          );
        })}
      </div>
      {coalitions.length > 0 && (
        <Field
          id="coalitions"
          as="group"
          label={t('shares.worth')}
          hint={t('shares.worthHint', { count: mostTyped })}
          error={at('coalitions')}
        >
          <div className="grid gap-3 sm:grid-cols-2">
            {coalitions.map((members) => (
              <Field key={worthKey(members)} label={members.map((member) => named(member)).join(' + ')}>
                <NumberInput
                  value={worth[worthKey(members)] ?? ''}
                  onValueChange={(value) => change({ worth: { ...worth, [worthKey(members)]: value } })}
                />
              </Field>
            ))}
          </div>
        </Field>
      )}
      <Split typed={typed} pause={!asks} />
      <Field id="sourceDocument" label={t('shares.source')} error={at('sourceDocument')}>
        <TextInput value={typed.source} onChange={(event) => change({ source: event.target.value })} />
      </Field>
      <div className="flex flex-wrap gap-2">
        {before && (
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

/** One part of the rule: what it is measured by, on what ground it is due, and what it rests on. */
function PartFields({
  kind,
  part,
  faults,
  onChange,
}: {
  kind: AllocationKind;
  part: Part;
  /** What was refused of this part. */
  faults: Parameters<ReturnType<typeof useFaultText>>[0][];
  onChange: (to: Partial<Part>) => void;
}) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const name = useEnum();
  const say = useFaultText();
  const at = (...fields: string[]) => {
    const fault = faults.find((one) => fields.includes(one.field?.split('.').at(-1) ?? ''));
    return fault && say(fault);
  };
  return (
    <fieldset className="rounded-lg border border-line p-3">
      <legend className="px-1 font-medium">{named(part)}</legend>
      <div className="flex flex-wrap gap-3">
        {kind === 'FIXED' && (
          <Field className="flex-[0_1_7rem]" label={t('shares.weight')} error={at('weight', 'contributorId')}>
            <NumberInput value={part.weight} onValueChange={(weight) => onChange({ weight })} />
          </Field>
        )}
        {kind === 'COST_PROPORTIONAL' && (
          <Field className="flex-[0_1_10rem]" label={t('shares.cost')} error={at('cost', 'contributorId')}>
            <NumberInput
              places={2}
              value={part.cost}
              suffix={t('shares.yuan')}
              onValueChange={(cost) => onChange({ cost })}
            />
          </Field>
        )}
        {kind === 'USE_WEIGHTED' && (
          <>
            <Field className="flex-[0_1_8rem]" label={t('shares.uses')} error={at('uses', 'contributorId')}>
              <NumberInput value={part.uses} onValueChange={(uses) => onChange({ uses })} />
            </Field>
            <Field className="flex-[0_1_6rem]" label={t('shares.quality')} error={at('quality')}>
              <NumberInput places={4} value={part.quality} onValueChange={(quality) => onChange({ quality })} />
            </Field>
          </>
        )}
        {kind === 'SHAPLEY' && (
          <Field as="group" className="flex-[0_1_7rem]" label={t('shares.plays')} error={at('contributorId')}>
            <Checkbox
              label={t('shares.playsYes')}
              checked={part.plays}
              onCheckedChange={(plays) => onChange({ plays })}
            />
          </Field>
        )}
        <Field className="flex-[0_1_10rem]" label={t('shares.channel')} error={at('channel')}>
          <Select
            options={enums.Channel.map((value) => ({ value, label: name('Channel', value) }))}
            value={part.channel}
            onValueChange={(channel) => onChange({ channel: channel as Channel })}
          />
        </Field>
        <Field className="flex-[1_1_14rem]" label={t('shares.basis')} error={at('basis')}>
          <TextInput value={part.basis} onChange={(event) => onChange({ basis: event.target.value })} />
        </Field>
      </div>
    </fieldset>
  );
}

/** How long typing has to rest before the split is asked. */
const rest = 250;

/** How 100 yuan would be shared by what is typed, as the API splits it. */
function Split({ typed, pause }: { typed: Typed; pause: boolean }) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const format = useFormats();
  const say = useFaultText();
  const text = JSON.stringify(pause ? null : splitOf(typed, named));
  const [asked, setAsked] = useState('null');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), rest);
    return () => clearTimeout(timer);
  }, [text]);
  const variables = useMemo(
    () => ({ input: JSON.parse(asked) ?? { amount: '100', kind: 'FIXED' as const, parts: [] } }),
    [asked],
  );
  const { data } = useLoad(CalculateSplitDocument, variables, { pause: asked === 'null' });
  const split = asked === 'null' ? undefined : data?.calculateSplit;
  return (
    <div aria-live="polite" aria-busy={asked !== text}>
      {!split ? (
        <p className="text-ink-3 text-sm">{t('shares.previewLater')}</p>
      ) : split.errors.length > 0 ? (
        <p className="text-rose text-sm">{split.errors.map(say).join(' ')}</p>
      ) : (
        <DataTable
          caption={t('shares.preview')}
          showCaption
          rows={split.shares.map((share, i) => ({ ...share, place: String(i) }))}
          rowKey={(share) => share.place}
          columns={[
            { key: 'who', head: t('shares.who'), rowHeader: true, cell: (share) => share.contributor },
            { key: 'percent', head: t('shares.percent'), numeric: true, cell: (share) => `${share.percent}%` },
            { key: 'amount', head: t('shares.amount'), numeric: true, cell: (share) => format.money(share.amount) },
          ]}
        />
      )}
    </div>
  );
}
