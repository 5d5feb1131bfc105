import { type FormEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { organisationTones } from '../../app/tones';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums, type LegalForm, type OrganisationAction, type Party } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Badge, StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { CheckboxGroup } from '../../ui/choice';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { TextArea, TextInput } from '../../ui/input';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { toast } from '../../ui/toast';
import { FormState, useEntryErrors } from './form';
import { OrganisationAppointDocument } from './organisation-appoint.gql';
import { OrganisationClassifyDocument } from './organisation-classify.gql';
import { OrganisationConfirmDocument } from './organisation-confirm.gql';
import { OrganisationReinstateDocument } from './organisation-reinstate.gql';
import { OrganisationSuspendDocument } from './organisation-suspend.gql';
import { AgencyOrganisationsDocument, type AgencyOrganisationsQuery } from './organisations.gql';
import { organisationsRoute } from './routes';

type Organisation = AgencyOrganisationsQuery['organisations']['edges'][number]['node'];

const organisations = (data: AgencyOrganisationsQuery) => data.organisations;

/** Capacities that are held by office; what an organisation asks for itself goes through verification. */
const byOffice: Party[] = [
  'IMPLEMENTING_AGENCY',
  'SOURCE_UNIT',
  'INDUSTRY_AUTHORITY',
  'REGISTRAR',
  'PRICE_AUTHORITY',
  'SUPERVISOR',
];

/** The platform's: who takes part, who waits to be confirmed, and who is kept out. */
export function Screen() {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const named = useNamed();
  const { status } = organisationsRoute.useSearch();
  const navigate = organisationsRoute.useNavigate();
  useTitle(t('organisations.title'));
  const variables = useMemo(() => ({ status }), [status]);
  const list = useList(AgencyOrganisationsDocument, variables, organisations, { typenames: ['Organisation'] });
  const [form, setForm] = useState<{ organisation?: Organisation }>();
  return (
    <>
      <PageHead
        title={t('organisations.title')}
        lead={t('organisations.lead')}
        actions={<Button onClick={() => setForm({})}>{t('organisations.appoint')}</Button>}
      />
      <div className="mb-3 max-w-56">
        <Select
          label={t('organisations.status')}
          value={status ?? 'ALL'}
          options={[
            { value: 'ALL', label: t('organisations.all') },
            ...enums.OrganisationStatus.map((one) => ({ value: one, label: name('OrganisationStatus', one) })),
          ]}
          onValueChange={(value) =>
            navigate({ search: { status: enums.OrganisationStatus.find((one) => one === value) }, replace: true })
          }
        />
      </div>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="row" lines={5} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('organisations.empty')}>{t('organisations.emptyWhy')}</EmptyState>
        </div>
      ) : (
        <>
          <Rows label={t('organisations.title')}>
            {list.nodes.map((organisation) => (
              <Row
                key={organisation.id}
                level={2}
                title={named(organisation)}
                marks={
                  <>
                    <StatusBadge tone={organisationTones[organisation.status]}>
                      {name('OrganisationStatus', organisation.status)}
                    </StatusBadge>
                    {organisation.synthetic && <Badge>{t('synthetic')}</Badge>}
                  </>
                }
                meta={
                  <>
                    <span className="font-mono">{organisation.creditCode ?? t('organisations.noCode')}</span>
                    <span>{name('LegalForm', organisation.legalForm)}</span>
                    {organisation.userClass && (
                      <span>{t('organisations.userClass', { code: organisation.userClass })}</span>
                    )}
                    <span>{organisation.parties.map((party) => name('Party', party)).join(t('separator'))}</span>
                  </>
                }
                aside={<Acts organisation={organisation} onConfirm={() => setForm({ organisation })} />}
              />
            ))}
          </Rows>
          <More list={list} />
        </>
      )}
      {form && (
        <Office
          key={form.organisation?.id ?? 'new'}
          organisation={form.organisation}
          onClose={() => setForm(undefined)}
        />
      )}
    </>
  );
}

function Acts({ organisation, onConfirm }: { organisation: Organisation; onConfirm: () => void }) {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const about = { name: named(organisation) };
  const variables = (reason: string) => ({ id: organisation.id, reason });
  const may = (act: OrganisationAction) => organisation.allowedActions.includes(act);
  return (
    <>
      {may('CLASSIFY') && <Classify organisation={organisation} />}
      {may('CONFIRM') && <Button onClick={onConfirm}>{t('organisations.confirm')}</Button>}
      {may('SUSPEND') && (
        <Act
          danger
          kind="quiet"
          label={t('organisations.suspend')}
          title={t('organisations.suspendTitle', about)}
          consequence={t('organisations.suspendConsequence')}
          done={t('organisations.suspended', about)}
          mutation={OrganisationSuspendDocument}
          variables={variables}
          typenames={['Organisation', 'Product']}
        />
      )}
      {may('REINSTATE') && (
        <Act
          label={t('organisations.reinstate')}
          title={t('organisations.reinstateTitle', about)}
          consequence={t('organisations.reinstateConsequence')}
          done={t('organisations.reinstated', about)}
          mutation={OrganisationReinstateDocument}
          variables={variables}
          typenames={['Organisation', 'Product']}
        />
      )}
    </>
  );
}

/** As which class of users price lists count an organisation. */
function Classify({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [code, setCode] = useState(organisation.userClass ?? '');
  const [reason, setReason] = useState('');
  const [attempt, setAttempt] = useState(0);
  const { submit, pending, faults, problem } = useSubmit(OrganisationClassifyDocument, { typenames: ['Organisation'] });
  const form = useEntryErrors(
    [
      { id: `${id}-code`, path: 'userClass' },
      {
        id: `${id}-reason`,
        path: 'reason',
        wrong: reason.trim() ? undefined : t('organisations.classifyReasonMissing'),
      },
    ],
    faults,
    attempt,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setAttempt(attempt + 1);
    if (!form.complete) return;
    const outcome = await submit({ id: organisation.id, userClass: code.trim().toUpperCase(), reason: reason.trim() });
    if (!outcome?.done) return;
    toast(t('organisations.classified'));
    setOpen(false);
  };
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>
        {t('organisations.classify')}
      </Button>
      {open && (
        <Dialog
          open
          onOpenChange={setOpen}
          title={t('organisations.classifyTitle', { name: named(organisation) })}
          actions={
            <>
              <Button onClick={() => setOpen(false)}>{t('cancel')}</Button>
              <Button type="submit" form={`${id}-class`} kind="primary" pending={pending}>
                {t('organisations.classifySave')}
              </Button>
            </>
          }
        >
          <form id={`${id}-class`} noValidate onSubmit={send} className="space-y-4 pb-2">
            <FormState errors={form.errors} rest={form.rest} problem={problem} attempt={attempt} />
            <Field
              id={`${id}-code`}
              label={t('organisations.classifyCode')}
              hint={t('organisations.classifyHint')}
              error={form.at('userClass')}
              required={false}
            >
              <TextInput maxLength={32} value={code} onChange={(event) => setCode(event.target.value)} />
            </Field>
            <Field id={`${id}-reason`} label={t('organisations.classifyReason')} error={form.at('reason')} required>
              <TextArea value={reason} onChange={(event) => setReason(event.target.value)} />
            </Field>
          </form>
        </Dialog>
      )}
    </>
  );
}

/** Confirms an organisation that a catalogue named, or without one appoints a public body that takes part by office. */
function Office({ organisation, onClose }: { organisation?: Organisation; onClose: () => void }) {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const named = useNamed();
  const id = useId();
  const [title, setTitle] = useState('');
  const [titleEn, setTitleEn] = useState('');
  const [code, setCode] = useState(organisation?.creditCode ?? '');
  const [legalForm, setLegalForm] = useState<LegalForm>(organisation?.legalForm ?? 'ADMINISTRATIVE_ORGAN');
  const [parties, setParties] = useState<string[]>(organisation?.parties.filter((one) => byOffice.includes(one)) ?? []);
  const [reason, setReason] = useState('');
  const [attempt, setAttempt] = useState(0);
  const confirm = useSubmit(OrganisationConfirmDocument, { typenames: ['Organisation'] });
  const appoint = useSubmit(OrganisationAppointDocument, { typenames: ['Organisation'] });
  const { pending, faults, problem } = organisation ? confirm : appoint;
  const form = useEntryErrors(
    [
      ...(organisation
        ? []
        : [
            {
              id: `${id}-name`,
              path: 'input.name',
              wrong: title.trim() ? undefined : t('organisations.nameMissing'),
            },
          ]),
      {
        id: `${id}-code`,
        path: 'input.creditCode',
        wrong: code.trim().length === 18 ? undefined : t('organisations.codeMissing'),
      },
      { id: `${id}-form`, path: 'input.legalForm' },
      {
        id: `${id}-parties`,
        path: 'input.parties',
        wrong: parties.length > 0 ? undefined : t('organisations.partiesMissing'),
      },
      { id: `${id}-reason`, path: 'input.reason', wrong: reason.trim() ? undefined : t('reasonMissing') },
    ],
    faults,
    attempt,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setAttempt(attempt + 1);
    if (!form.complete) return;
    const input = {
      creditCode: code.trim().toUpperCase(),
      legalForm,
      parties: byOffice.filter((one) => parties.includes(one)),
      reason: reason.trim(),
    };
    const outcome = organisation
      ? await confirm.submit({ id: organisation.id, input })
      : await appoint.submit({ input: { ...input, name: title.trim(), nameEn: titleEn.trim() || null } });
    if (!outcome?.done) return;
    toast(t('organisations.done', { name: organisation ? named(organisation) : title.trim() }));
    onClose();
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={
        organisation ? t('organisations.confirmTitle', { name: named(organisation) }) : t('organisations.appointTitle')
      }
      description={t('organisations.consequence')}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form={`${id}-office`} kind="primary" pending={pending}>
            {organisation ? t('organisations.confirm') : t('organisations.appoint')}
          </Button>
        </>
      }
    >
      <form id={`${id}-office`} noValidate onSubmit={send} className="space-y-4 pb-2">
        <FormState errors={form.errors} rest={form.rest} problem={problem} attempt={attempt} />
        {!organisation && (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id={`${id}-name`} label={t('organisations.name')} error={form.at('input.name')} required>
              <TextInput value={title} onChange={(event) => setTitle(event.target.value)} />
            </Field>
            <Field id={`${id}-nameEn`} label={t('organisations.nameEn')} required={false}>
              <TextInput value={titleEn} onChange={(event) => setTitleEn(event.target.value)} />
            </Field>
          </div>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            id={`${id}-code`}
            label={t('organisations.code')}
            hint={t('organisations.codeHint')}
            error={form.at('input.creditCode')}
            required
          >
            <TextInput autoComplete="off" value={code} onChange={(event) => setCode(event.target.value)} />
          </Field>
          <Field
            id={`${id}-form`}
            label={t('organisations.legalForm')}
            hint={t('organisations.legalFormHint')}
            error={form.at('input.legalForm')}
          >
            <Select
              value={legalForm}
              options={enums.LegalForm.map((one) => ({ value: one, label: name('LegalForm', one) }))}
              onValueChange={(one) => setLegalForm(one as LegalForm)}
            />
          </Field>
        </div>
        <Field
          id={`${id}-parties`}
          label={t('organisations.parties')}
          as="group"
          error={form.at('input.parties')}
          required
        >
          <CheckboxGroup
            inline
            value={parties}
            options={byOffice.map((one) => ({ value: one, label: name('Party', one) }))}
            onValueChange={setParties}
          />
        </Field>
        <Field
          id={`${id}-reason`}
          label={t('reason')}
          hint={t('organisations.reasonHint')}
          error={form.at('input.reason')}
          required
        >
          <TextArea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
