import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEnum } from '../../lib/i18n';
import { type CostCategory, type CostScope, enums, type TaxKind } from '../../lib/schema.gql';
import { Button, IconButton } from '../../ui/button';
import { Field } from '../../ui/field';
import { NumberInput, TextInput } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import type { CalculatePermittedRevenueQueryVariables } from './calculate.gql';

type Input = CalculatePermittedRevenueQueryVariables['input'];

export interface LineTyped {
  key: number;
  category: CostCategory;
  scope: CostScope;
  name: string;
  amount: string;
  allocation: string;
  units: string;
  total: string;
}

export interface SurveyTyped {
  lines: LineTyped[];
  subsidy: string;
  taxKind: TaxKind;
  tax: string;
  yieldPercent: string;
  spreadPoints: string;
}

const line = (key: number): LineTyped => ({
  key,
  category: 'PLATFORM',
  scope: 'INDUSTRY',
  name: '',
  amount: '',
  allocation: '',
  units: '',
  total: '',
});

export const blankSurvey: SurveyTyped = {
  lines: [line(0)],
  subsidy: '0',
  taxKind: 'PROPORTIONAL',
  tax: '0.06',
  yieldPercent: '',
  spreadPoints: '',
};

/** What the API takes; what is not typed yet counts as 0, which it refuses where that is wrong. */
export const surveyInput = (typed: SurveyTyped): Input => ({
  lines: typed.lines.map((one) => ({
    category: one.category,
    scope: one.scope,
    name: one.name.trim(),
    amount: one.amount || '0',
    ...(one.scope === 'SHARED' && { key: one.allocation.trim(), units: Number(one.units), total: Number(one.total) }),
  })),
  subsidy: typed.subsidy || '0',
  tax:
    typed.taxKind === 'ITEMISED'
      ? { kind: 'ITEMISED', amount: typed.tax || '0' }
      : { kind: 'PROPORTIONAL', rate: typed.tax || '0' },
  yieldPercent: typed.yieldPercent || '0',
  spreadPoints: typed.spreadPoints || '0',
});

/** What the form itself sees is missing, by the names of the input. */
export function useMissing(typed: SurveyTyped, prefix = ''): Record<string, string | false> {
  const { t } = useTranslation('pricing');
  return Object.fromEntries([
    ...typed.lines.flatMap((one, i) => [
      [`${prefix}lines.${i}.name`, !one.name.trim() && t('missing.name', { n: i + 1 })],
      [`${prefix}lines.${i}.amount`, !one.amount && t('missing.amount', { n: i + 1 })],
      [`${prefix}lines.${i}.key`, one.scope === 'SHARED' && !one.allocation.trim() && t('missing.key', { n: i + 1 })],
      [
        `${prefix}lines.${i}.units`,
        one.scope === 'SHARED' && !(one.units && one.total) && t('missing.units', { n: i + 1 }),
      ],
    ]),
    [`${prefix}lines`, false],
    [`${prefix}subsidy`, false],
    [`${prefix}tax`, !typed.tax && t('missing.tax')],
    [`${prefix}yieldPercent`, !typed.yieldPercent && t('missing.yield')],
    [`${prefix}spreadPoints`, !typed.spreadPoints && t('missing.spread')],
  ]);
}

/** The fields of a cost survey: its lines, then subsidy, tax and the rate of profit. */
export function SurveyFields({
  typed,
  onChange,
  at,
  prefix = '',
}: {
  typed: SurveyTyped;
  onChange: (part: Partial<SurveyTyped>) => void;
  at: (field: string) => string | undefined;
  /** Before the names of the input. */
  prefix?: string;
}) {
  const { t } = useTranslation('pricing');
  const name = useEnum();
  const set = (i: number, part: Partial<LineTyped>) =>
    onChange({ lines: typed.lines.map((one, at) => (at === i ? { ...one, ...part } : one)) });
  const field = (path: string) => ({ id: `${prefix}${path}`, error: at(`${prefix}${path}`) });
  return (
    <>
      <Section title={t('survey.lines')} lead={t('survey.linesLead')} card>
        <ol className="space-y-5" id={`${prefix}lines`}>
          {typed.lines.map((one, i) => (
            <li key={one.key} className="border-line border-b pb-5 last:border-b-0 last:pb-0">
              <div className="mb-2 flex items-center justify-between">
                <h3 className="font-medium">{t('survey.line', { n: i + 1 })}</h3>
                {typed.lines.length > 1 && (
                  <IconButton
                    label={t('survey.remove', { n: i + 1 })}
                    icon={<Trash2 aria-hidden className="size-4" />}
                    onClick={() => onChange({ lines: typed.lines.filter((other) => other !== one) })}
                  />
                )}
              </div>
              <div className="grid gap-4 sm:grid-cols-2">
                <Field {...field(`lines.${i}.name`)} label={t('survey.name')} required>
                  <TextInput value={one.name} onChange={(event) => set(i, { name: event.target.value })} />
                </Field>
                <Field {...field(`lines.${i}.amount`)} label={t('survey.amount')} required>
                  <NumberInput
                    places={2}
                    value={one.amount}
                    suffix={t('yuan')}
                    onValueChange={(amount) => set(i, { amount })}
                  />
                </Field>
                <Field {...field(`lines.${i}.category`)} label={t('survey.category')}>
                  <Select
                    value={one.category}
                    options={enums.CostCategory.map((value) => ({ value, label: name('CostCategory', value) }))}
                    onValueChange={(category) => set(i, { category: category as CostCategory })}
                  />
                </Field>
                <Field {...field(`lines.${i}.scope`)} label={t('survey.scope')} hint={t('survey.scopeHint')}>
                  <Select
                    value={one.scope}
                    options={enums.CostScope.map((value) => ({ value, label: name('CostScope', value) }))}
                    onValueChange={(scope) => set(i, { scope: scope as CostScope })}
                  />
                </Field>
                {one.scope === 'SHARED' && (
                  <>
                    <Field {...field(`lines.${i}.key`)} label={t('survey.key')} hint={t('survey.keyHint')} required>
                      <TextInput
                        value={one.allocation}
                        onChange={(event) => set(i, { allocation: event.target.value })}
                      />
                    </Field>
                    <div className="grid grid-cols-2 gap-4">
                      <Field {...field(`lines.${i}.units`)} label={t('survey.units')} required>
                        <NumberInput value={one.units} onValueChange={(units) => set(i, { units })} />
                      </Field>
                      <Field {...field(`lines.${i}.total`)} label={t('survey.total')} required>
                        <NumberInput value={one.total} onValueChange={(total) => set(i, { total })} />
                      </Field>
                    </div>
                  </>
                )}
              </div>
            </li>
          ))}
        </ol>
        <div className="mt-4">
          <Button
            icon={<Plus aria-hidden className="size-4" />}
            onClick={() =>
              onChange({ lines: [...typed.lines, line(Math.max(...typed.lines.map((one) => one.key)) + 1)] })
            }
          >
            {t('survey.add')}
          </Button>
        </div>
      </Section>
      <Section title={t('survey.rest')} card>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field {...field('subsidy')} label={t('survey.subsidy')} hint={t('survey.subsidyHint')}>
            <NumberInput
              places={2}
              value={typed.subsidy}
              suffix={t('yuan')}
              onValueChange={(subsidy) => onChange({ subsidy })}
            />
          </Field>
          <div className="grid grid-cols-2 gap-4">
            <Field id={`${prefix}taxKind`} label={t('survey.taxKind')}>
              <Select
                value={typed.taxKind}
                options={enums.TaxKind.map((value) => ({ value, label: name('TaxKind', value) }))}
                onValueChange={(kind) =>
                  onChange({ taxKind: kind as TaxKind, tax: kind === 'PROPORTIONAL' ? '0.06' : '' })
                }
              />
            </Field>
            <Field {...field('tax')} label={t(`survey.tax.${typed.taxKind}`)} required>
              <NumberInput
                places={typed.taxKind === 'ITEMISED' ? 2 : 6}
                value={typed.tax}
                onValueChange={(tax) => onChange({ tax })}
              />
            </Field>
          </div>
          <Field {...field('yieldPercent')} label={t('survey.yield')} hint={t('survey.yieldHint')} required>
            <NumberInput
              places={6}
              value={typed.yieldPercent}
              suffix="%"
              onValueChange={(yieldPercent) => onChange({ yieldPercent })}
            />
          </Field>
          <Field {...field('spreadPoints')} label={t('survey.spread')} hint={t('survey.spreadHint')} required>
            <NumberInput
              places={6}
              value={typed.spreadPoints}
              suffix={t('survey.points')}
              onValueChange={(spreadPoints) => onChange({ spreadPoints })}
            />
          </Field>
        </div>
      </Section>
    </>
  );
}
