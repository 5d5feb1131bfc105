import { type FormEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useLoad } from '../../lib/graphql';
import { useNamed } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Combobox } from '../../ui/combobox';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { PageHead } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { DomainAssignDocument } from './domain-assign.gql';
import { AgencyDomainsDocument, type AgencyDomainsQuery } from './domains.gql';
import { FormState, useEntryErrors } from './form';

type Domain = AgencyDomainsQuery['domains'][number];
type Authority = AgencyDomainsQuery['organisations']['edges'][number]['node'];

/** The fields of public life, and which industry authority decides in each. */
export function Screen() {
  const { t } = useTranslation('agency');
  const named = useNamed();
  useTitle(t('domains.title'));
  const variables = useMemo(() => ({}), []);
  const { data, loading, problem, reload } = useLoad(AgencyDomainsDocument, variables, {
    typenames: ['Domain', 'Organisation'],
  });
  const [chosen, setChosen] = useState<Domain>();
  return (
    <>
      <PageHead title={t('domains.title')} lead={t('domains.lead')} />
      {!data && problem ? (
        <ProblemState problem={problem} reload={reload} />
      ) : loading || !data ? (
        <Skeleton shape="table" lines={5} columns={4} />
      ) : (
        <DataTable
          caption={t('domains.title')}
          rows={data.domains}
          rowKey={(domain) => domain.id}
          empty={<p className="p-4 text-ink-2">{t('domains.empty')}</p>}
          columns={[
            { key: 'name', head: t('domains.name'), rowHeader: true, cell: (domain) => named(domain) },
            { key: 'code', head: t('domains.code'), cell: (domain) => domain.themeCode || t('notStated') },
            {
              key: 'authority',
              head: t('domains.authority'),
              cell: (domain) => (domain.industryAuthority ? named(domain.industryAuthority) : t('domains.none')),
            },
            {
              key: 'act',
              head: t('domains.act'),
              cell: (domain) => (
                <Button
                  size="small"
                  aria-label={t('domains.assign', { name: named(domain) })}
                  onClick={() => setChosen(domain)}
                >
                  {t('domains.send')}
                </Button>
              ),
            },
          ]}
        />
      )}
      {chosen && data && (
        <Assign
          key={chosen.id}
          domain={chosen}
          authorities={data.organisations.edges.map((edge) => edge.node)}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

function Assign({
  domain,
  authorities,
  onClose,
}: {
  domain: Domain;
  authorities: readonly Authority[];
  onClose: () => void;
}) {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const id = useId();
  const [authority, setAuthority] = useState<string | null>(domain.industryAuthority?.id ?? null);
  const [code, setCode] = useState(domain.themeCode);
  const [attempt, setAttempt] = useState(0);
  const { submit, pending, faults, problem } = useSubmit(DomainAssignDocument, { typenames: ['Domain'] });
  const form = useEntryErrors(
    [
      {
        id: `${id}-authority`,
        path: 'input.industryAuthorityId',
        wrong: authority ? undefined : t('domains.authorityMissing'),
      },
      { id: `${id}-code`, path: 'input.themeCode' },
    ],
    faults,
    attempt,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setAttempt(attempt + 1);
    if (!authority) return;
    const outcome = await submit({
      id: domain.id,
      input: { industryAuthorityId: authority, themeCode: code.trim() || null },
    });
    if (!outcome?.done) return;
    toast(t('domains.done', { name: named(domain) }));
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('domains.assignTitle', { name: named(domain) })}
      description={t('domains.consequence')}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form={`${id}-form`} kind="primary" pending={pending}>
            {t('domains.send')}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} noValidate onSubmit={send} className="space-y-4 pb-2">
        <FormState errors={form.errors} rest={form.rest} problem={problem} attempt={attempt} />
        <Field
          id={`${id}-authority`}
          label={t('domains.authority')}
          hint={t('domains.authorityHint')}
          error={form.at('input.industryAuthorityId')}
          required
        >
          <Combobox
            value={authority}
            options={authorities.map((one) => ({ value: one.id, label: named(one) }))}
            onValueChange={setAuthority}
          />
        </Field>
        <Field id={`${id}-code`} label={t('domains.code')} error={form.at('input.themeCode')} required={false}>
          <TextInput value={code} onChange={(event) => setCode(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
