import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import { Section } from '../../ui/layout';
import { DataTable } from '../../ui/table';
import { Amounts } from './amounts';
import { CalculatePermittedRevenueDocument } from './calculate.gql';
import { Calculator } from './calculator';
import { blankSurvey, SurveyFields, surveyInput, useMissing } from './survey-fields';

/** What a cost survey comes to, line by line. */
export function Screen() {
  const { t } = useTranslation('pricing');
  const format = useFormats();
  const name = useEnum();
  const [typed, setTyped] = useState(blankSurvey);
  const [asked, setAsked] = useState<ReturnType<typeof surveyInput>>();
  const variables = useMemo(() => ({ input: asked ?? surveyInput(blankSurvey) }), [asked]);
  const { data, loading, problem } = useLoad(CalculatePermittedRevenueDocument, variables, { pause: !asked });
  const found = asked ? data?.calculatePermittedRevenue : undefined;
  const { at, errors, attempt, ready } = useFormErrors(useMissing(typed), found?.errors ?? []);
  return (
    <Calculator
      title={t('calculators.permitted')}
      lead={t('calculators.permittedLead')}
      errors={errors}
      attempt={attempt}
      problem={problem}
      pending={loading}
      onAsk={() => ready() && setAsked(surveyInput(typed))}
      result={
        found?.amounts && (
          <>
            <Section title={t('amounts.title')} card>
              <Amounts amounts={found.amounts} />
            </Section>
            <Section title={t('amounts.lines')} lead={t('amounts.linesLead')}>
              <DataTable
                caption={t('amounts.lines')}
                rows={(found.survey?.lines ?? []).map((one, i) => ({ ...one, place: String(i) }))}
                rowKey={(one) => one.place}
                columns={[
                  { key: 'name', head: t('survey.name'), rowHeader: true, cell: (one) => one.name },
                  { key: 'category', head: t('survey.category'), cell: (one) => name('CostCategory', one.category) },
                  { key: 'scope', head: t('survey.scope'), cell: (one) => name('CostScope', one.scope) },
                  { key: 'amount', head: t('survey.amount'), numeric: true, cell: (one) => format.money(one.amount) },
                  {
                    key: 'entered',
                    head: t('amounts.entered'),
                    numeric: true,
                    cell: (one) => format.money(one.entered),
                  },
                ]}
              />
            </Section>
          </>
        )
      }
    >
      <SurveyFields typed={typed} onChange={(part) => setTyped({ ...typed, ...part })} at={at} />
    </Calculator>
  );
}
