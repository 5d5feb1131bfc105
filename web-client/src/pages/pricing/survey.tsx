import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceField } from '../../app/evidence-field';
import { useKept, useKeptEvidence } from '../../app/kept';
import { useProblemText } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormErrors } from '../../lib/form';
import { useLoad } from '../../lib/graphql';
import { useIdempotencyKey, useSubmit } from '../../lib/submit';
import { Button, ButtonLink } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { NumberInput, TextArea, TextInput } from '../../ui/input';
import { Breadcrumbs, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { toast } from '../../ui/toast';
import { Amounts } from './amounts';
import { CalculatePermittedRevenueDocument } from './calculate.gql';
import { ReportCostSurveyDocument } from './survey.gql';
import { blankSurvey, SurveyFields, type SurveyTyped, surveyInput, useMissing } from './survey-fields';
import { thisYear } from './this-year';

interface Typed extends SurveyTyped {
  year: string;
  from: string;
  years: string;
  document: string;
  note: string;
}

const blank = (): Typed => ({
  ...blankSurvey,
  year: String(thisYear()),
  from: String(thisYear()),
  years: '3',
  document: '',
  note: '',
});

/** Reports the cost survey of a year; what it comes to is shown while it is typed. */
export function Screen() {
  const { t } = useTranslation('pricing');
  useTitle(t('survey.title'));
  const navigate = useNavigate();
  const problemText = useProblemText();
  const first = useMemo(blank, []);
  const { typed, change, drop } = useKept<Typed>('cost-survey', first);
  const evidence = useKeptEvidence('cost-survey');
  const { keyOf, renew } = useIdempotencyKey();
  const { submit, pending, faults, problem } = useSubmit(ReportCostSurveyDocument, {
    typenames: ['PermittedRevenue', 'Proceeding'],
  });
  const missing = useMissing(typed, 'survey.');
  const { at, errors, attempt, ready } = useFormErrors(
    {
      year: !typed.year && t('missing.year'),
      'cycle.from': !typed.from && t('missing.year'),
      'cycle.years': !typed.years && t('missing.years'),
      cycle: false,
      ...missing,
      sourceDocument: !typed.document.trim() && t('missing.document'),
      note: false,
      evidence: evidence.uploading && t('missing.uploading'),
    },
    faults,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const content = {
      year: Number(typed.year),
      cycle: { from: Number(typed.from), years: Number(typed.years) },
      survey: surveyInput(typed),
      sourceDocument: typed.document.trim(),
      note: typed.note.trim() || null,
      evidence: evidence.ids,
    };
    const outcome = await submit({ input: { ...content, idempotencyKey: keyOf(content) } });
    if (!outcome?.done) return;
    renew();
    drop();
    evidence.drop();
    toast(t('survey.done', { year: content.year }));
    navigate({ to: '/operator/pricing', search: { year: content.year } });
  };
  return (
    <form noValidate onSubmit={send} className="max-w-4xl">
      <PageHead
        title={t('survey.title')}
        lead={t('survey.lead')}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'own', node: <Link to="/operator/pricing">{t('own.title')}</Link> },
              { key: 'this', node: t('survey.title') },
            ]}
          />
        }
      />
      <div className="mb-5 space-y-4">
        <FormErrors errors={errors} attempt={attempt} />
        {problem && (
          <Notice tone="attention" live title={problemText(problem).title}>
            {problemText(problem).what}
          </Notice>
        )}
      </div>
      <Section title={t('survey.cycle')} card>
        <div className="grid gap-4 sm:grid-cols-3">
          <Field id="year" label={t('survey.year')} error={at('year')} required>
            <NumberInput value={typed.year} onValueChange={(year) => change({ year })} />
          </Field>
          <Field id="cycle.from" label={t('survey.from')} error={at('cycle.from') ?? at('cycle')} required>
            <NumberInput value={typed.from} onValueChange={(from) => change({ from })} />
          </Field>
          <Field
            id="cycle.years"
            label={t('survey.years')}
            hint={t('survey.yearsHint')}
            error={at('cycle.years')}
            required
          >
            <NumberInput value={typed.years} onValueChange={(years) => change({ years })} />
          </Field>
        </div>
      </Section>
      <SurveyFields typed={typed} onChange={change} at={at} prefix="survey." />
      <Trial typed={typed} complete={!Object.values(missing).some(Boolean)} />
      <Section title={t('survey.proof')} card>
        <div className="space-y-4">
          <Field
            id="sourceDocument"
            label={t('document')}
            hint={t('survey.documentHint')}
            error={at('sourceDocument')}
            required
          >
            <TextInput value={typed.document} onChange={(event) => change({ document: event.target.value })} />
          </Field>
          <EvidenceField id="evidence" evidence={evidence} label={t('survey.evidence')} error={at('evidence')} />
          <Field id="note" label={t('survey.note')} error={at('note')} required={false}>
            <TextArea
              rows={3}
              limit={2000}
              value={typed.note}
              onChange={(event) => change({ note: event.target.value })}
            />
          </Field>
        </div>
      </Section>
      <p className="mb-3 text-ink-2">{t('survey.after')}</p>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" kind="primary" size="large" pending={pending}>
          {t('survey.send')}
        </Button>
        <ButtonLink size="large" to="/operator/pricing">
          {t('cancel')}
        </ButtonLink>
      </div>
    </form>
  );
}

/** What the survey comes to, asked of the API a moment after it was typed. */
function Trial({ typed, complete }: { typed: SurveyTyped; complete: boolean }) {
  const { t } = useTranslation('pricing');
  const now = JSON.stringify(surveyInput(typed));
  const [asked, setAsked] = useState(now);
  useEffect(() => {
    const waits = setTimeout(() => setAsked(now), 400);
    return () => clearTimeout(waits);
  }, [now]);
  const variables = useMemo(() => ({ input: JSON.parse(asked) as ReturnType<typeof surveyInput> }), [asked]);
  const { data } = useLoad(CalculatePermittedRevenueDocument, variables, { pause: !complete });
  const amounts = complete ? data?.calculatePermittedRevenue.amounts : undefined;
  return (
    <Section title={t('amounts.title')} lead={t('amounts.trial')} card>
      <div aria-live="polite">
        {amounts ? <Amounts amounts={amounts} /> : <p className="text-ink-2">{t('amounts.waits')}</p>}
      </div>
    </Section>
  );
}
