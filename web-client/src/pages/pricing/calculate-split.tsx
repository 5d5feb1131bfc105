import { Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { type AllocationKind, enums } from '../../lib/schema.gql';
import { Badge } from '../../ui/badge';
import { Button, IconButton } from '../../ui/button';
import { Field } from '../../ui/field';
import { NumberInput, TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { DataTable } from '../../ui/table';
import { membersOf, mostTyped, setsOf } from '../shares/coalitions';
import { CalculateSplitDocument, type CalculateSplitQueryVariables } from './calculate.gql';
import { Calculator } from './calculator';

interface Part {
  key: number;
  contributor: string;
  weight: string;
  cost: string;
  uses: string;
  quality: string;
}

const part = (key: number): Part => ({ key, contributor: '', weight: '', cost: '', uses: '', quality: '1' });

const mostParts = 12;

/** How an amount is shared by a rule of any kind. */
export function Screen() {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const name = useEnum();
  const [amount, setAmount] = useState('');
  const [kind, setKind] = useState<AllocationKind>('FIXED');
  const [parts, setParts] = useState([part(0), part(1)]);
  const [worth, setWorth] = useState<Record<number, string>>({});
  const [asked, setAsked] = useState<CalculateSplitQueryVariables['input']>();
  const shapley = kind === 'SHAPLEY';
  const sets = shapley ? setsOf(parts.length) : [];
  const variables = useMemo(() => ({ input: asked ?? { amount: '0', kind: 'FIXED' as const, parts: [] } }), [asked]);
  const { data, loading, problem } = useLoad(CalculateSplitDocument, variables, { pause: !asked });
  const found = asked ? data?.calculateSplit : undefined;
  const measure = (one: Part) =>
    ({ FIXED: one.weight, COST_PROPORTIONAL: one.cost, USE_WEIGHTED: one.uses, SHAPLEY: '0' })[kind];
  const { at, errors, attempt, ready } = useFormErrors(
    {
      amount: !amount && t('missing.split'),
      ...Object.fromEntries(
        parts.flatMap((one, i) => [
          [`parts.${i}.contributor`, !one.contributor.trim() && t('missing.contributor', { n: i + 1 })],
          [`parts.${i}`, !measure(one) && t('missing.measure', { n: i + 1 })],
        ]),
      ),
      coalitions: sets.some((set) => !worth[set]) && t('missing.coalitions'),
    },
    found?.errors ?? [],
  );
  const change = (i: number, next: Partial<Part>) =>
    setParts(parts.map((one, place) => (place === i ? { ...one, ...next } : one)));
  const nameOf = (i: number) => parts[i]?.contributor.trim() || t('split.part', { n: i + 1 });
  const ask = () => {
    if (!ready()) return;
    setAsked({
      amount,
      kind,
      parts: parts.map((one) => ({
        contributor: one.contributor.trim(),
        ...(kind === 'FIXED' && { weight: Number(one.weight) }),
        ...(kind === 'COST_PROPORTIONAL' && { cost: one.cost }),
        ...(kind === 'USE_WEIGHTED' && { uses: Number(one.uses), quality: one.quality || '0' }),
      })),
      ...(shapley && {
        coalitions: sets.map((set) => ({
          members: membersOf(set).map((i) => parts[i]?.contributor.trim() ?? ''),
          value: Number(worth[set]),
        })),
      }),
    });
  };
  return (
    <Calculator
      title={t('calculators.split')}
      lead={t('calculators.splitLead')}
      errors={errors}
      attempt={attempt}
      problem={problem}
      pending={loading}
      onAsk={ask}
      result={
        found &&
        found.shares.length > 0 && (
          <Section title={t('split.result')} lead={t('split.leftover', { count: found.leftoverFen })}>
            <DataTable
              caption={t('split.result')}
              rows={found.shares.map((share, i) => ({ ...share, place: String(i) }))}
              rowKey={(share) => share.place}
              columns={[
                {
                  key: 'who',
                  head: t('split.contributor'),
                  rowHeader: true,
                  cell: (share) => (
                    <>
                      {share.contributor} {share.leftover && <Badge>{t('split.gotLeftover')}</Badge>}
                    </>
                  ),
                },
                {
                  key: 'weight',
                  head: t('split.weight'),
                  numeric: true,
                  cell: (share) => t('split.of', { weight: format.count(share.weight), sum: format.count(found.sum) }),
                },
                { key: 'percent', head: t('split.percent'), numeric: true, cell: (share) => `${share.percent}%` },
                { key: 'amount', head: t('split.amount'), numeric: true, cell: (share) => format.money(share.amount) },
              ]}
            />
          </Section>
        )
      }
    >
      <Section title={t('split.title')} card>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="amount" label={t('split.total')} hint={t('split.totalHint')} error={at('amount')} required>
            <NumberInput places={2} value={amount} suffix={t('yuan')} onValueChange={setAmount} />
          </Field>
          <Field id="kind" label={t('split.kind')}>
            <Select
              value={kind}
              options={enums.AllocationKind.map((value) => ({ value, label: name('AllocationKind', value) }))}
              onValueChange={(value) => {
                setKind(value as AllocationKind);
                if (value === 'SHAPLEY') setParts(parts.slice(0, mostTyped));
              }}
            />
          </Field>
        </div>
      </Section>
      <Section title={t('split.parts')} lead={t('split.partsLead')} card>
        <ol className="space-y-4">
          {parts.map((one, i) => (
            <li key={one.key} className="flex flex-wrap items-end gap-3">
              <Field
                id={`parts.${i}.contributor`}
                className="flex-[2_1_12rem]"
                label={t('split.contributorN', { n: i + 1 })}
                error={at(`parts.${i}.contributor`)}
                required
              >
                <TextInput
                  value={one.contributor}
                  onChange={(event) => change(i, { contributor: event.target.value })}
                />
              </Field>
              {kind === 'FIXED' && (
                <Field
                  id={`parts.${i}`}
                  className="flex-[1_1_8rem]"
                  label={t('split.weight')}
                  error={at(`parts.${i}`)}
                  required
                >
                  <NumberInput value={one.weight} onValueChange={(weight) => change(i, { weight })} />
                </Field>
              )}
              {kind === 'COST_PROPORTIONAL' && (
                <Field
                  id={`parts.${i}`}
                  className="flex-[1_1_8rem]"
                  label={t('split.cost')}
                  error={at(`parts.${i}`)}
                  required
                >
                  <NumberInput
                    places={2}
                    value={one.cost}
                    suffix={t('yuan')}
                    onValueChange={(cost) => change(i, { cost })}
                  />
                </Field>
              )}
              {kind === 'USE_WEIGHTED' && (
                <>
                  <Field
                    id={`parts.${i}`}
                    className="flex-[1_1_8rem]"
                    label={t('split.uses')}
                    error={at(`parts.${i}`)}
                    required
                  >
                    <NumberInput value={one.uses} onValueChange={(uses) => change(i, { uses })} />
                  </Field>
                  <Field id={`parts.${i}.quality`} className="flex-[1_1_6rem]" label={t('split.quality')}>
                    <NumberInput places={4} value={one.quality} onValueChange={(quality) => change(i, { quality })} />
                  </Field>
                </>
              )}
              {parts.length > 1 && (
                <IconButton
                  label={t('split.remove', { n: i + 1 })}
                  icon={<Trash2 aria-hidden className="size-4" />}
                  onClick={() => {
                    setParts(parts.filter((other) => other !== one));
                    setWorth({});
                  }}
                />
              )}
            </li>
          ))}
        </ol>
        {shapley && parts.length === mostTyped && (
          <p className="mt-4 text-ink-2 text-sm">{t('split.most', { n: mostTyped, sets: sets.length })}</p>
        )}
        {parts.length < (shapley ? mostTyped : mostParts) && (
          <div className="mt-4">
            <Button
              icon={<Plus aria-hidden className="size-4" />}
              onClick={() => setParts([...parts, part(Math.max(...parts.map((one) => one.key)) + 1)])}
            >
              {t('split.add')}
            </Button>
          </div>
        )}
      </Section>
      {shapley && (
        <Section title={t('split.coalitions')} lead={t('split.coalitionsLead')} card>
          <Field id="coalitions" as="group" label={t('split.worth')} error={at('coalitions')}>
            <div className="grid gap-3 sm:grid-cols-2">
              {sets.map((set) => (
                <Field key={set} label={membersOf(set).map(nameOf).join(' + ')}>
                  <NumberInput
                    value={worth[set] ?? ''}
                    onValueChange={(value) => setWorth({ ...worth, [set]: value })}
                  />
                </Field>
              ))}
            </div>
          </Field>
        </Section>
      )}
    </Calculator>
  );
}
