import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceField } from '../../app/evidence-field';
import { useKept, useKeptEvidence, useKeptKey } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum } from '../../lib/i18n';
import type { OrganisationStatus } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextArea } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { VerificationsDocument } from './organisation.gql';
import { VerificationApplyDocument } from './verify.gql';

const open = ['SUBMITTED', 'HALF_APPROVED'];

/** The verification of an organisation that is not verified: how it stands, or the form to ask for it. */
export function Verification({ status, mayApply }: { status: OrganisationStatus; mayApply: boolean }) {
  const { t } = useTranslation('account');
  const name = useEnum();
  const format = useFormats();
  const { data, problem, reload } = useLoad(VerificationsDocument, {}, { typenames: ['Proceeding'] });
  const newest = data?.applications.edges[0]?.node;
  const pending = newest && open.includes(newest.state);
  const refusal = newest?.decisions.find((decision) => decision.outcome === 'REFUSE');
  return (
    <Section title={t('verification.title')} lead={t('verification.lead')} card>
      {!data ? (
        problem ? (
          <ProblemState problem={problem} reload={reload} />
        ) : (
          <Skeleton shape="text" lines={4} />
        )
      ) : pending ? (
        <Notice tone="info" title={t('verification.pending')}>
          {t('verification.submitted', { at: format.moment(newest.createdAt) })}{' '}
          {newest.dueOn ? t('verification.due', { day: format.day(newest.dueOn) }) : t('verification.noDue')}
        </Notice>
      ) : (
        <>
          {refusal && (
            <Notice tone="refused" className="mb-4" title={name('ProceedingState', 'REFUSED')}>
              {refusal.reason}
            </Notice>
          )}
          {status === 'SUSPENDED' ? (
            <Notice tone="refused">{t('verification.suspended')}</Notice>
          ) : mayApply ? (
            <Apply />
          ) : (
            <Notice tone="attention">{t('verification.administrator')}</Notice>
          )}
        </>
      )}
    </Section>
  );
}

function Apply() {
  const { t } = useTranslation('account');
  const { typed, change, drop } = useKept('verification', { note: '' });
  const evidence = useKeptEvidence('verification');
  const { keyOf, renew } = useKeptKey('verification');
  const { submit, pending, faults, problem } = useSubmit(VerificationApplyDocument, {
    typenames: ['Proceeding', 'Organisation'],
  });
  const { at, errors, attempt, ready } = useFormErrors(
    {
      evidence: evidence.uploading ? t('missing.uploading') : evidence.ids.length === 0 && t('missing.evidence'),
      note: false,
    },
    faults,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready()) return;
    const content = { evidence: evidence.ids, note: typed.note.trim() || undefined };
    const outcome = await submit({ input: { ...content, idempotencyKey: keyOf(content) } });
    if (!outcome?.done) return;
    renew();
    drop();
    evidence.drop();
  };
  return (
    <form onSubmit={send} noValidate className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      <Trouble problem={problem} />
      <EvidenceField
        id="evidence"
        evidence={evidence}
        label={t('verification.evidence')}
        hint={t('verification.evidenceHint')}
        error={at('evidence')}
      />
      <Field id="note" label={t('verification.note')} error={at('note')} required={false}>
        <TextArea rows={3} limit={2000} value={typed.note} onChange={(event) => change({ note: event.target.value })} />
      </Field>
      <Button type="submit" kind="primary" pending={pending}>
        {t('verification.submit')}
      </Button>
    </form>
  );
}
