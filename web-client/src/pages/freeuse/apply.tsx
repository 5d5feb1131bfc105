import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceField } from '../../app/evidence-field';
import { useKept, useKeptEvidence, useKeptKey } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useViewer } from '../../app/viewer';
import { useFormErrors } from '../../lib/form';
import { useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useLanguage, useNamed } from '../../lib/i18n';
import type { Purpose } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { RadioCards } from '../../ui/choice';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextArea } from '../../ui/input';
import { Breadcrumbs, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { linkText } from '../../ui/styles';
import {
  FreeUseApplyDocument,
  FreeUseBeforeDocument,
  type FreeUseBeforeQuery,
  FreeUseFormDocument,
  type FreeUseFormQuery,
} from './apply.gql';
import { applyRoute } from './routes';

type Before = FreeUseBeforeQuery['proceeding'];

/** Applies for free use of a product: purpose, scenario, evidence. After an application that was made before, it opens with its words. */
export function Screen() {
  const { t } = useTranslation('freeuse');
  const { productId } = applyRoute.useParams();
  const { after } = applyRoute.useSearch();
  const { viewer, known } = useViewer();
  const { data, loading, problem, reload } = useLoad(
    FreeUseFormDocument,
    { id: productId },
    { typenames: ['Product'] },
  );
  const before = useLoad(FreeUseBeforeDocument, { id: after ?? '' }, { pause: !after || !viewer });
  useTitle(t('apply.title'));
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  if (loading || !known || (after && !before.data && !before.problem)) return <Skeleton shape="facts" lines={8} />;
  if (!data?.product) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  return (
    <Form
      product={data.product}
      licence={data.licence}
      before={before.data?.proceeding ?? null}
      onLicenceChanged={reload}
    />
  );
}

function Form({
  product,
  licence,
  before,
  onLicenceChanged,
}: {
  product: NonNullable<FreeUseFormQuery['product']>;
  licence: FreeUseFormQuery['licence'];
  before: Before;
  onLicenceChanged: () => void;
}) {
  const { t } = useTranslation('freeuse');
  const named = useNamed();
  const name = useEnum();
  const language = useLanguage();
  const search = applyRoute.useSearch();
  const navigate = applyRoute.useNavigate();
  const { viewer } = useViewer();
  const say = useFaultText();
  const options = product.useOptions.filter((option) => option.free);
  const place = `free-use.${product.id}.${before?.id ?? ''}`;
  const { typed, change, drop } = useKept<{ purpose?: Purpose; scenario: string }>(place, {
    scenario: before?.scenario ?? '',
  });
  const { scenario } = typed;
  const purpose = [typed.purpose, search.purpose, before?.purpose, viewer?.usualPurpose].find((one) =>
    options.some((option) => option.purpose === one),
  );
  const refusal = (options.find((option) => option.purpose === purpose) ?? options[0])?.refusal;
  const evidence = useKeptEvidence(place);
  const { keyOf, renew } = useKeptKey(place);
  const { submit, pending, faults: all, problem } = useSubmit(FreeUseApplyDocument, { typenames: ['Proceeding'] });
  // What was refused of one purpose says nothing of another.
  const [sentFor, setSentFor] = useState<Purpose>();
  const faults = all.filter((fault) => fault.field !== 'input.purpose' || purpose === sentFor);
  const { at, errors, attempt, ready } = useFormErrors(
    {
      purpose: !purpose && t('missing.purpose'),
      scenario: !scenario.trim() && t('missing.scenario'),
      evidence: evidence.uploading ? t('missing.uploading') : evidence.ids.length === 0 && t('missing.evidence'),
    },
    faults,
  );
  const licenceChanged = faults.some((fault) => fault.code === 'LICENCE_CHANGED');
  useEffect(() => {
    if (licenceChanged) onLicenceChanged();
  }, [licenceChanged, onLicenceChanged]);
  // The application of before, which waits for its decision.
  const waiting = faults
    .find((fault) => fault.code === 'APPLICATION_PENDING')
    ?.params?.find((param) => param.name === 'proceeding')?.value;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready() || !purpose) return;
    const content = {
      productId: product.id,
      purpose,
      scenario: scenario.trim(),
      evidence: evidence.ids,
      licenceVersion: licence.version,
    };
    setSentFor(purpose);
    const outcome = await submit({ input: { ...content, idempotencyKey: keyOf(content) } });
    const made = outcome?.done ? outcome.data.freeUseApply.proceeding : undefined;
    if (!made) return;
    renew();
    drop();
    evidence.drop();
    navigate({ to: '/free-use/$id', params: { id: made.id }, search: { sent: true }, replace: true });
  };
  return (
    <div className="mx-auto max-w-3xl">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              {
                key: 'product',
                node: (
                  <Link to="/products/$id" params={{ id: product.id }}>
                    {named(product)}
                  </Link>
                ),
              },
              { key: 'this', node: t('apply.title') },
            ]}
          />
        }
        title={t('apply.title')}
        lead={t('apply.lead', { product: named(product), operator: named(product.operator) })}
      />
      <form onSubmit={send} noValidate className="space-y-5">
        <FormErrors errors={errors} attempt={attempt} />
        <Trouble problem={problem} />
        {waiting && (
          <p>
            <Link to="/free-use/$id" params={{ id: waiting }} className={linkText}>
              {t('apply.waiting')}
            </Link>
          </p>
        )}
        {refusal && (
          <Notice tone="attention" title={t('apply.notYou')}>
            {say(refusal)}
          </Notice>
        )}
        {before && <Notice>{t('apply.before')}</Notice>}
        <Section title={t('apply.what')} card>
          <div className="space-y-4">
            <Field as="group" id="purpose" label={t('apply.purpose')} error={at('purpose')}>
              <RadioCards
                name="purpose"
                columns={2}
                options={options.map((option) => ({
                  value: option.purpose,
                  label: name('Purpose', option.purpose),
                  hint: !option.granted
                    ? t('apply.notGranted')
                    : option.purpose === 'GOVERNANCE'
                      ? t('purpose.GOVERNANCE')
                      : t('purpose.WELFARE'),
                  disabled: !option.granted,
                }))}
                value={purpose ?? null}
                onValueChange={(one) => change({ purpose: one as Purpose })}
              />
            </Field>
            <Field id="scenario" label={t('apply.scenario')} hint={t('apply.scenarioHint')} error={at('scenario')}>
              <TextArea
                rows={4}
                limit={2000}
                value={scenario}
                onChange={(event) => change({ scenario: event.target.value })}
              />
            </Field>
            <EvidenceField
              id="evidence"
              evidence={evidence}
              label={t('apply.evidence')}
              hint={t('apply.evidenceHint')}
              error={at('evidence')}
            />
          </div>
        </Section>
        <Section title={t('apply.licence')} lead={t('apply.licenceLead', { version: licence.version })} card>
          <p className="max-w-prose whitespace-pre-wrap rounded-lg bg-sunken px-4 py-3 text-ink-2">
            {(language === 'en' && licence.textEn) || licence.text}
          </p>
        </Section>
        <Button type="submit" kind="primary" size="large" pending={pending} disabled={refusal != null}>
          {t('apply.submit')}
        </Button>
      </form>
    </div>
  );
}
