import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormErrors } from '../../lib/form';
import { percent, useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { Field } from '../../ui/field';
import { NumberInput } from '../../ui/input';
import { DescriptionList, Section } from '../../ui/layout';
import { CalculateDeviationDocument } from './calculate.gql';
import { Calculator } from './calculator';

/** How revenue stands to what was permitted, and who has to act. */
export function Screen() {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const name = useEnum();
  const [actual, setActual] = useState('');
  const [permitted, setPermitted] = useState('');
  const [asked, setAsked] = useState<{ actual: string; permitted: string }>();
  const variables = useMemo(() => ({ input: asked ?? { actual: '0', permitted: '0' } }), [asked]);
  const { data, loading, problem } = useLoad(CalculateDeviationDocument, variables, { pause: !asked });
  const found = asked ? data?.calculateDeviation : undefined;
  const { at, errors, attempt, ready } = useFormErrors(
    { actual: !actual && t('missing.actual'), permitted: !permitted && t('missing.permitted') },
    found?.errors ?? [],
  );
  const deviation = found?.deviation;
  return (
    <Calculator
      title={t('calculators.deviation')}
      lead={t('calculators.deviationLead')}
      errors={errors}
      attempt={attempt}
      problem={problem}
      pending={loading}
      onAsk={() => ready() && setAsked({ actual, permitted })}
      result={
        deviation && (
          <Section title={t('meter.deviation')} lead={t('deviation.exact')} card>
            <DescriptionList
              facts={[
                { key: 'difference', term: t('deviation.difference'), value: format.money(deviation.difference) },
                { key: 'percent', term: t('deviation.percent'), value: deviation.percent && `${deviation.percent}%` },
                { key: 'tolerance', term: t('deviation.tolerance'), value: percent(deviation.tolerance) },
                {
                  key: 'who',
                  term: t('deviation.who'),
                  value: <strong>{name('Adjuster', deviation.adjuster)}</strong>,
                },
              ]}
            />
          </Section>
        )
      }
    >
      <Section title={t('deviation.title')} card>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="actual" label={t('deviation.actual')} error={at('actual')} required>
            <NumberInput places={2} value={actual} suffix={t('yuan')} onValueChange={setActual} />
          </Field>
          <Field id="permitted" label={t('deviation.permitted')} error={at('permitted')} required>
            <NumberInput places={2} value={permitted} suffix={t('yuan')} onValueChange={setPermitted} />
          </Field>
        </div>
      </Section>
    </Calculator>
  );
}
