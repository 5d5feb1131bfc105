import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { agreementTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { AgreementAction } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { Accordion } from '../../ui/disclosure';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { AgencyAgreementDocument } from './agreement.gql';
import { AgreementRectifyDocument } from './agreement-rectify.gql';
import { AgreementRestoreDocument } from './agreement-restore.gql';
import { AgreementSignDocument } from './agreement-sign.gql';
import { AgreementTerminateDocument } from './agreement-terminate.gql';
import { agreementRoute } from './routes';

const touched = ['Agreement', 'Grant', 'Product'];

/** An operation agreement: its clauses, and what its agency can do about it. */
export function Screen() {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const { id } = agreementRoute.useParams();
  const variables = useMemo(() => ({ id }), [id]);
  const { data, loading, problem, reload } = useLoad(AgencyAgreementDocument, variables, { typenames: ['Agreement'] });
  const agreement = data?.node && 'number' in data.node ? data.node : undefined;
  useTitle(agreement && t('agreement.title', { number: agreement.number }));
  if (!data && problem) return <ProblemState whole problem={problem} reload={reload} />;
  if (loading || !data) return <Skeleton shape="facts" lines={6} />;
  if (!agreement) return <ProblemState whole problem={{ kind: 'absent' }} />;
  const { status, number } = agreement;
  const may = (act: AgreementAction) => agreement.allowedActions.includes(act);
  const byReason = (reason: string) => ({ id, reason });
  return (
    <>
      <PageHead
        title={t('agreement.title', { number })}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'operators', node: <Link to="/agency/operators">{t('operators.title')}</Link> },
              {
                key: 'operator',
                node: (
                  <Link to="/agency/operators/$id" params={{ id: agreement.operator.id }}>
                    {named(agreement.operator)}
                  </Link>
                ),
              },
              { key: 'agreement', node: number },
            ]}
          />
        }
        meta={<StatusBadge tone={agreementTones[status]}>{name('AgreementStatus', status)}</StatusBadge>}
        actions={
          <>
            {may('SIGN') && (
              <Act
                kind="primary"
                asksReason={false}
                label={t('agreement.sign')}
                title={t('agreement.signTitle', { number })}
                consequence={t('agreement.signConsequence')}
                done={t('agreement.signed')}
                mutation={AgreementSignDocument}
                variables={() => ({ id })}
                typenames={touched}
              />
            )}
            {may('RECTIFY') && (
              <Act
                danger
                label={t('agreement.rectify')}
                title={t('agreement.rectifyTitle', { number })}
                consequence={t('agreement.rectifyConsequence')}
                done={t('agreement.rectified')}
                mutation={AgreementRectifyDocument}
                variables={byReason}
                typenames={touched}
              />
            )}
            {may('RESTORE') && (
              <Act
                label={t('agreement.restore')}
                title={t('agreement.restoreTitle', { number })}
                consequence={t('agreement.restoreConsequence')}
                done={t('agreement.restored')}
                mutation={AgreementRestoreDocument}
                variables={byReason}
                typenames={touched}
              />
            )}
            {may('TERMINATE') && (
              <Act
                danger
                label={t('agreement.terminate')}
                title={t('agreement.terminateTitle', { number })}
                consequence={t('agreement.terminateConsequence')}
                done={t('agreement.terminated')}
                mutation={AgreementTerminateDocument}
                variables={byReason}
                typenames={touched}
              />
            )}
          </>
        }
      />
      {status === 'FILED' && !may('SIGN') && (
        <Notice tone="info" title={t('agreement.notYet')} className="mb-5">
          {t('agreement.signBefore')}
        </Notice>
      )}
      <Section title={t('agreement.facts')} card>
        <DescriptionList
          columns={2}
          facts={[
            { key: 'agency', term: t('agreement.agency'), value: named(agreement.agency) },
            { key: 'operator', term: t('agreement.operator'), value: named(agreement.operator) },
            { key: 'mode', term: t('draft.mode'), value: name('AgreementMode', agreement.mode) },
            { key: 'publicised', term: t('draft.publicised'), value: format.day(agreement.publicisedOn) },
            {
              key: 'term',
              term: t('agreement.term'),
              value:
                agreement.startsOn && agreement.endsOn
                  ? t('fromTo', { from: format.day(agreement.startsOn), to: format.day(agreement.endsOn) })
                  : t('agreement.notSigned'),
            },
          ]}
        />
      </Section>
      <Section title={t('agreement.clauses', { count: agreement.clauses.length })} card>
        <Accordion
          items={agreement.clauses.map((clause, i) => ({
            key: clause.clause,
            summary: t('draft.clause', { n: i + 1, clause: name('Clause', clause.clause) }),
            content: <p className="whitespace-pre-line">{clause.text}</p>,
          }))}
        />
      </Section>
    </>
  );
}
