import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { NumberInput } from '../../ui/input';
import { DescriptionList, Section } from '../../ui/layout';
import { DataTable } from '../../ui/table';
import { CalculateCarryOverDocument, type CarryOverInput } from './calculate.gql';
import { Calculator } from './calculator';

/** How many years a cycle has, and over how many cycles an excess is deducted, at most. */
const maxYears = 3;
const maxCycles = 10;

/** What a cycle earned above what was permitted, and how that is deducted from the cycles after it. */
export function Screen() {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const [years, setYears] = useState([{ actual: '', permitted: '' }]);
  const [cycles, setCycles] = useState('1');
  const [following, setFollowing] = useState<string[]>(['']);
  const [asked, setAsked] = useState<CarryOverInput>();
  const variables = useMemo(() => ({ input: asked ?? { years: [] } }), [asked]);
  const { data, loading, problem } = useLoad(CalculateCarryOverDocument, variables, { pause: !asked });
  const found = asked ? data?.calculateCarryOver : undefined;
  // What is permitted later may not be known yet; what stands behind a gap would be of another cycle.
  const known = following.slice(0, following.indexOf('') < 0 ? following.length : following.indexOf(''));
  const { at, errors, attempt, ready } = useFormErrors(
    {
      ...Object.assign(
        {},
        ...years.map((year, i) => ({
          [`years.${i}.actual`]: !year.actual && t('missing.actual'),
          [`years.${i}.permitted`]: !year.permitted && t('missing.permitted'),
        })),
      ),
      years: false,
      cycles: !cycles && t('carryOver.cyclesMissing'),
      ...Object.assign({}, ...following.map((_, i) => ({ [`following.${i}`]: false }))),
    },
    found?.errors ?? [],
  );
  const change = (at: number, part: Partial<(typeof years)[number]>) =>
    setYears(years.map((year, i) => (i === at ? { ...year, ...part } : year)));
  return (
    <Calculator
      title={t('calculators.carryOver')}
      lead={t('calculators.carryOverLead')}
      errors={errors}
      attempt={attempt}
      problem={problem}
      pending={loading}
      onAsk={() => ready() && setAsked({ years, cycles: Number(cycles), following: known })}
      result={
        found?.excess &&
        found.actual &&
        found.permitted && (
          <Section title={t('carryOver.result')} lead={t('carryOver.rule')} card>
            <DescriptionList
              facts={[
                { key: 'actual', term: t('carryOver.actual'), value: format.money(found.actual) },
                { key: 'permitted', term: t('carryOver.permitted'), value: format.money(found.permitted) },
                { key: 'excess', term: t('carryOver.excess'), value: <strong>{format.money(found.excess)}</strong> },
              ]}
            />
            <DataTable
              caption={t('carryOver.steps')}
              rows={found.steps.map((step, i) => ({ ...step, cycle: i + 1 }))}
              rowKey={(step) => String(step.cycle)}
              columns={[
                {
                  key: 'cycle',
                  head: t('carryOver.cycle'),
                  rowHeader: true,
                  nowrap: true,
                  cell: ({ cycle }) => t('carryOver.nth', { cycle }),
                },
                {
                  key: 'instalment',
                  head: t('carryOver.instalment'),
                  numeric: true,
                  cell: (step) => format.money(step.instalment),
                },
                { key: 'due', head: t('carryOver.due'), numeric: true, cell: (step) => format.money(step.due) },
                {
                  key: 'allowed',
                  head: t('carryOver.permitted'),
                  numeric: true,
                  cell: (step) => (step.permitted ? format.money(step.permitted) : '—'),
                },
                {
                  key: 'after',
                  head: t('carryOver.after'),
                  numeric: true,
                  cell: (step) => (step.after ? format.money(step.after) : '—'),
                },
                { key: 'left', head: t('carryOver.left'), numeric: true, cell: (step) => format.money(step.left) },
              ]}
            />
          </Section>
        )
      }
    >
      <Section title={t('carryOver.years')} lead={t('carryOver.yearsLead')} card>
        <div className="space-y-4">
          {years.map((year, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a year is told by its place
            <div key={i} className="grid gap-4 sm:grid-cols-2">
              <Field
                id={`years.${i}.actual`}
                label={t('carryOver.yearActual', { year: i + 1 })}
                error={at(`years.${i}.actual`)}
                required
              >
                <NumberInput
                  places={2}
                  value={year.actual}
                  suffix={t('yuan')}
                  onValueChange={(actual) => change(i, { actual })}
                />
              </Field>
              <Field
                id={`years.${i}.permitted`}
                label={t('carryOver.yearPermitted', { year: i + 1 })}
                error={at(`years.${i}.permitted`)}
                required
              >
                <NumberInput
                  places={2}
                  value={year.permitted}
                  suffix={t('yuan')}
                  onValueChange={(permitted) => change(i, { permitted })}
                />
              </Field>
            </div>
          ))}
          <div className="flex flex-wrap gap-2">
            <Button
              size="small"
              disabled={years.length >= maxYears}
              onClick={() => setYears([...years, { actual: '', permitted: '' }])}
            >
              {t('carryOver.addYear')}
            </Button>
            <Button size="small" disabled={years.length === 1} onClick={() => setYears(years.slice(0, -1))}>
              {t('carryOver.dropYear')}
            </Button>
          </div>
        </div>
      </Section>
      <Section title={t('carryOver.following')} lead={t('carryOver.followingLead')} card>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="cycles" label={t('carryOver.cycles')} error={at('cycles')} required>
            <NumberInput maxLength={2} value={cycles} onValueChange={setCycles} />
          </Field>
          {following.map((permitted, i) => (
            <Field
              // biome-ignore lint/suspicious/noArrayIndexKey: a cycle is told by its place
              key={i}
              id={`following.${i}`}
              label={t('carryOver.followingNth', { cycle: i + 1 })}
              error={at(`following.${i}`)}
              required={false}
            >
              <NumberInput
                places={2}
                value={permitted}
                suffix={t('yuan')}
                onValueChange={(next) => setFollowing(following.map((one, k) => (k === i ? next : one)))}
              />
            </Field>
          ))}
        </div>
        <Button
          size="small"
          className="mt-4"
          disabled={following.length >= maxCycles}
          onClick={() => setFollowing([...following, ''])}
        >
          {t('carryOver.addCycle')}
        </Button>
      </Section>
    </Calculator>
  );
}
