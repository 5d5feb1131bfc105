import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKept } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { type AgreementMode, type Clause, enums } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button, ButtonLink } from '../../ui/button';
import { Field } from '../../ui/field';
import { Progress } from '../../ui/figures';
import { DateInput, TextArea, TextInput } from '../../ui/input';
import { Breadcrumbs, PageHead, Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { toast } from '../../ui/toast';
import { AgreementDraftDocument } from './draft.gql';
import { FormState, useEntryErrors } from './form';
import { AgencyOperatorDocument } from './operator.gql';
import { draftRoute } from './routes';

interface Written {
  number: string;
  mode: AgreementMode;
  publicisedOn: string;
  clauses: Partial<Record<Clause, string>>;
}

const nothing: Written = { number: '', mode: 'WHOLE', publicisedOn: '', clauses: {} };

/** Writes an agreement with an operator down: its number, the publicity of the selection and the thirteen clauses. */
export function Screen() {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const { id } = draftRoute.useParams();
  const variables = useMemo(() => ({ id }), [id]);
  const { data, loading, problem, reload } = useLoad(AgencyOperatorDocument, variables);
  const operator = data?.organisation;
  useTitle(operator ? t('draft.title') : undefined);
  if (!data && problem) return <ProblemState whole problem={problem} reload={reload} />;
  if (loading || !data) return <Skeleton shape="card" lines={3} />;
  if (!operator) return <ProblemState whole problem={{ kind: 'absent' }} />;
  return (
    <>
      <PageHead
        title={t('draft.title')}
        lead={t('draft.lead', { operator: named(operator) })}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'operators', node: <Link to="/agency/operators">{t('operators.title')}</Link> },
              {
                key: 'operator',
                node: (
                  <Link to="/agency/operators/$id" params={{ id }}>
                    {named(operator)}
                  </Link>
                ),
              },
              { key: 'draft', node: t('draft.title') },
            ]}
          />
        }
      />
      <Form key={id} operator={id} />
    </>
  );
}

function Form({ operator }: { operator: string }) {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const navigate = useNavigate();
  const { typed: written, change, drop } = useKept(`agreement.${operator}`, nothing);
  const [attempt, setAttempt] = useState(0);
  const { submit, pending, faults, problem } = useSubmit(AgreementDraftDocument, { typenames: ['Agreement'] });
  const textOf = (clause: Clause) => written.clauses[clause] ?? '';
  const done = enums.Clause.filter((clause) => textOf(clause).trim()).length;
  const form = useEntryErrors(
    [
      { id: 'number', path: 'input.number', wrong: written.number.trim() ? undefined : t('draft.numberMissing') },
      {
        id: 'publicised',
        path: 'input.publicisedOn',
        wrong: written.publicisedOn ? undefined : t('draft.publicisedMissing'),
      },
      ...enums.Clause.map((clause) => ({
        id: `clause-${clause}`,
        path: `clauses.${clause}`,
        wrong: textOf(clause).trim() ? undefined : t('draft.clauseMissing', { clause: name('Clause', clause) }),
      })),
    ],
    faults,
    attempt,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setAttempt(attempt + 1);
    if (!form.complete) return;
    const outcome = await submit({
      input: {
        operatorId: operator,
        number: written.number.trim(),
        mode: written.mode,
        publicisedOn: written.publicisedOn,
        clauses: enums.Clause.map((clause) => ({ clause, text: textOf(clause).trim() })),
      },
    });
    const agreement = outcome?.done && outcome.data.agreementDraft?.agreement;
    if (!agreement) return;
    drop();
    toast(t('draft.done', { number: agreement.number }));
    navigate({ to: '/agency/agreements/$id', params: { id: agreement.id } });
  };
  return (
    <form noValidate onSubmit={send} className="max-w-3xl">
      <div className="mb-5 space-y-4">
        <FormState errors={form.errors} rest={form.rest} problem={problem} attempt={attempt} />
      </div>
      <Section title={t('draft.basics')} card>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="number" label={t('draft.number')} error={form.at('input.number')} required>
            <TextInput value={written.number} onChange={(event) => change({ number: event.target.value })} />
          </Field>
          <Field id="mode" label={t('draft.mode')}>
            <Select
              value={written.mode}
              options={enums.AgreementMode.map((mode) => ({ value: mode, label: name('AgreementMode', mode) }))}
              onValueChange={(mode) => change({ mode: mode as AgreementMode })}
            />
          </Field>
          <Field
            id="publicised"
            label={t('draft.publicised')}
            hint={t('draft.publicisedHint')}
            error={form.at('input.publicisedOn')}
            required
          >
            <DateInput value={written.publicisedOn} onValueChange={(publicisedOn) => change({ publicisedOn })} />
          </Field>
        </div>
      </Section>
      <Section title={t('draft.clauses')} lead={t('draft.kept')} card>
        <div className="sticky top-16 z-10 -mx-1 mb-4 bg-surface px-1 py-2">
          <Progress
            label={t('draft.progress', { done, total: enums.Clause.length })}
            percent={(done * 100) / enums.Clause.length}
          />
        </div>
        <div className="space-y-5">
          {enums.Clause.map((clause, i) => (
            <Field
              key={clause}
              id={`clause-${clause}`}
              label={t('draft.clause', { n: i + 1, clause: name('Clause', clause) })}
              hint={t(`clause.${clause}`)}
              error={form.at(`clauses.${clause}`)}
              required
            >
              <TextArea
                rows={3}
                value={textOf(clause)}
                onChange={(event) => change({ clauses: { ...written.clauses, [clause]: event.target.value } })}
              />
            </Field>
          ))}
        </div>
      </Section>
      <p className="mb-3 text-ink-2">{t('draft.after')}</p>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" kind="primary" size="large" pending={pending}>
          {t('draft.send')}
        </Button>
        <ButtonLink size="large" to="/agency/operators/$id" params={{ id: operator }}>
          {t('cancel')}
        </ButtonLink>
      </div>
    </form>
  );
}
