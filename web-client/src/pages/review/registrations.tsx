import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceField } from '../../app/evidence-field';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { faultAt, useSubmit } from '../../lib/submit';
import { useEvidence } from '../../lib/upload';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { DateInput, TextInput } from '../../ui/input';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { toast } from '../../ui/toast';
import { RegistrationRecordDocument } from './record.gql';
import { RegistrationsDocument, type RegistrationsQuery } from './registrations.gql';

const reviewed = (data: RegistrationsQuery) => data.supervisedProducts;
type Uncoded = RegistrationsQuery['supervisedProducts']['edges'][number]['node'];
const nothing = {};

/** The registrar's: products that were reviewed and wait for the code that the registrar issued on its own platform. */
export function Screen() {
  const { t } = useTranslation('review');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  useTitle(t('registrations.title'));
  const list = useList(RegistrationsDocument, nothing, reviewed, { typenames: ['Product'] });
  const [chosen, setChosen] = useState<Uncoded>();
  // What was changed and reviewed again keeps the code that it has.
  const products = list.nodes.filter((product) => !product.registrationCode);
  return (
    <>
      <PageHead title={t('registrations.title')} lead={t('registrations.lead')} />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="row" lines={3} />
      ) : products.length === 0 && !list.hasMore ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('registrations.empty')}>{t('registrations.emptyWhy')}</EmptyState>
        </div>
      ) : (
        <>
          <Rows label={t('registrations.title')}>
            {products.map((product) => (
              <Row
                key={product.id}
                level={2}
                title={named(product)}
                meta={
                  <>
                    <span>{named(product.operator)}</span>
                    {product.operator.creditCode && <span className="font-mono">{product.operator.creditCode}</span>}
                    <span>{named(product.domain)}</span>
                    <span>{name('Delivery', product.delivery)}</span>
                    <span>{t('registrations.drafted', { day: format.day(product.createdAt) })}</span>
                  </>
                }
                aside={
                  product.allowedActions.includes('RECORD_REGISTRATION') && (
                    <Button onClick={() => setChosen(product)}>{t('registrations.record')}</Button>
                  )
                }
              >
                {t('registrations.identifier')}{' '}
                <span className="break-all font-mono text-13">{product.identifier}</span>
              </Row>
            ))}
          </Rows>
          <More list={list} />
        </>
      )}
      {chosen && <Recording key={chosen.id} product={chosen} onClose={() => setChosen(undefined)} />}
    </>
  );
}

function Recording({ product, onClose }: { product: Uncoded; onClose: () => void }) {
  const { t } = useTranslation('review');
  const named = useNamed();
  const say = useFaultText();
  const id = useId();
  const evidence = useEvidence();
  const [code, setCode] = useState('');
  const [codedOn, setCodedOn] = useState('');
  const [attempt, setAttempt] = useState(0);
  const { submit, pending, faults, problem } = useSubmit(RegistrationRecordDocument, {
    typenames: ['Product'],
  });
  const proof = evidence.ids[0];
  const fields = [
    { path: 'input.code', field: `${id}-code`, missing: code.trim() ? undefined : t('record.codeMissing') },
    { path: 'input.codedOn', field: `${id}-day`, missing: codedOn ? undefined : t('record.dayMissing') },
    {
      path: 'input.evidence',
      field: `${id}-proof`,
      missing: proof ? undefined : evidence.uploading ? t('record.proofUploading') : t('record.proofMissing'),
    },
  ];
  const errorOf = (path: string) => {
    const fault = faultAt(faults, path);
    return fault ? say(fault) : attempt > 0 ? fields.find((field) => field.path === path)?.missing : undefined;
  };
  const rest = faults.filter((fault) => !fields.some((field) => fault.field?.startsWith(field.path)));
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setAttempt(attempt + 1);
    if (!proof || fields.some((field) => field.missing)) return;
    const outcome = await submit({ productId: product.id, input: { code: code.trim(), codedOn, evidence: proof } });
    if (!outcome?.done) return;
    toast(t('record.done', { name: named(product) }));
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('record.title', { name: named(product) })}
      description={t('record.lead')}
      focus={`${id}-code`}
      actions={
        <>
          <Button onClick={onClose}>{t('record.cancel')}</Button>
          <Button type="submit" form={`${id}-form`} kind="primary" pending={pending}>
            {t('record.send')}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} noValidate onSubmit={send} className="space-y-4">
        <FormErrors
          attempt={attempt}
          errors={fields.flatMap((field) => {
            const message = errorOf(field.path);
            return message ? [{ field: field.field, message }] : [];
          })}
        />
        {rest.map((fault) => (
          <Notice key={fault.code} tone="refused" live>
            {say(fault)}
          </Notice>
        ))}
        <Trouble problem={problem} />
        <Field
          id={`${id}-code`}
          label={t('record.code')}
          hint={t('record.codeHint')}
          required
          error={errorOf('input.code')}
        >
          <TextInput autoComplete="off" value={code} onChange={(event) => setCode(event.target.value)} />
        </Field>
        <Field id={`${id}-day`} label={t('record.day')} required error={errorOf('input.codedOn')}>
          <DateInput value={codedOn} onValueChange={setCodedOn} />
        </Field>
        <EvidenceField
          id={`${id}-proof`}
          single
          evidence={evidence}
          label={t('record.proof')}
          hint={t('record.proofHint')}
          required
          error={errorOf('input.evidence')}
        />
      </form>
    </Dialog>
  );
}
