import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { organisationTones } from '../../app/tones';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { OrganisationAction } from '../../lib/schema.gql';
import { Badge, StatusBadge } from '../../ui/badge';
import { DescriptionList, PageHead, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { Invite } from './invite';
import { OrganisationPageDocument, type OrganisationPageQuery } from './organisation.gql';
import { Payee } from './payee';
import { Verification } from './verification';

const members = (data: OrganisationPageQuery) => data.viewer?.organisation?.members;

/** One's own organisation: what is known of it, its verification, and its people. */
export function Screen() {
  const { t } = useTranslation('account');
  useTitle(t('organisation.title'));
  const named = useNamed();
  const name = useEnum();
  const variables = useMemo(() => ({ first: 20 }), []);
  const list = useList(OrganisationPageDocument, variables, members, {
    typenames: ['Membership', 'Organisation', 'Viewer'],
  });
  const organisation = list.data?.viewer?.organisation;
  if (list.loading) return <Skeleton shape="facts" lines={8} />;
  if (!organisation) {
    return (
      <ProblemState
        whole
        problem={list.problem ?? { kind: list.data?.viewer ? 'absent' : 'signedOut' }}
        reload={list.reload}
      />
    );
  }
  const may = (action: OrganisationAction) => organisation.allowedActions.includes(action);
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        title={named(organisation)}
        meta={
          <>
            <StatusBadge tone={organisationTones[organisation.status]}>
              {name('OrganisationStatus', organisation.status)}
            </StatusBadge>
            {organisation.synthetic && <Badge>{t('organisation.synthetic')}</Badge>}
          </>
        }
      />
      <Section title={t('organisation.facts')} card>
        <DescriptionList
          columns={2}
          facts={[
            { key: 'code', term: t('field.creditCode'), value: organisation.creditCode },
            { key: 'form', term: t('field.legalForm'), value: name('LegalForm', organisation.legalForm) },
            {
              key: 'parties',
              term: t('organisation.parties'),
              value: organisation.parties.map((party) => name('Party', party)).join(t('separator')),
            },
          ]}
        />
      </Section>
      {organisation.status !== 'VERIFIED' && (
        <Verification status={organisation.status} mayApply={may('APPLY_FOR_VERIFICATION')} />
      )}
      {(organisation.canSetPayee || organisation.payeeAccount) && (
        <Payee account={organisation.payeeAccount} maySet={organisation.canSetPayee} />
      )}
      <Section title={t('organisation.members')} lead={t('organisation.membersLead')}>
        <DataTable
          caption={t('organisation.members')}
          rows={list.nodes}
          rowKey={(membership) => membership.person?.id ?? ''}
          columns={[
            {
              key: 'name',
              head: t('field.displayName'),
              rowHeader: true,
              cell: (membership) => membership.person?.displayName,
            },
            {
              key: 'roles',
              head: t('organisation.roles'),
              cell: (membership) => (
                <span className="flex flex-wrap gap-1">
                  {membership.roles.map((role) => (
                    <Badge key={role}>{name('Role', role)}</Badge>
                  ))}
                </span>
              ),
            },
          ]}
        />
        <More list={list} />
      </Section>
      {may('INVITE') && <Invite organisationId={organisation.id} />}
    </div>
  );
}
