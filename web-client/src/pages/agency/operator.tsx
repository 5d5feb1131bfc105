import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { agreementTones, grantTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { Breadcrumbs, PageHead, Row, Rows } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { Tabs } from '../../ui/tabs';
import { GrantRevokeDocument } from './grant-revoke.gql';
import {
  AgencyGrantsDocument,
  type AgencyGrantsQuery,
  AgencyOperatorDocument,
  type AgencyOperatorQuery,
} from './operator.gql';
import { ProductList } from './product-list';
import { type OperatorTab, operatorRoute } from './routes';

type Agreement = AgencyOperatorQuery['agreements']['edges'][number]['node'];

const granted = (data: AgencyGrantsQuery) => data.grants;

/** An operator: its agreements with this agency, what was granted to it, and its products. */
export function Screen() {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const { id } = operatorRoute.useParams();
  const { tab = 'agreements' } = operatorRoute.useSearch();
  const navigate = operatorRoute.useNavigate();
  const { data, loading, problem, reload } = useLoad(
    AgencyOperatorDocument,
    useMemo(() => ({ id }), [id]),
    { typenames: ['Agreement'] },
  );
  const operator = data?.organisation;
  useTitle(operator ? named(operator) : undefined);
  if (!data && problem) return <ProblemState whole problem={problem} reload={reload} />;
  if (loading || !data) return <Skeleton shape="row" lines={3} />;
  if (!operator) return <ProblemState whole problem={{ kind: 'absent' }} />;
  const agreements = data.agreements.edges.map((edge) => edge.node);
  return (
    <>
      <PageHead
        title={named(operator)}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'operators', node: <Link to="/agency/operators">{t('operators.title')}</Link> },
              { key: 'operator', node: named(operator) },
            ]}
          />
        }
        meta={
          <>
            {operator.creditCode && <span className="break-all font-mono text-13">{operator.creditCode}</span>}
            {operator.synthetic && <Badge>{t('synthetic')}</Badge>}
          </>
        }
        actions={
          <ButtonLink to="/agency/operators/$id/agreement" params={{ id }}>
            {t('operator.draft')}
          </ButtonLink>
        }
      />
      <Tabs
        label={t('operator.tabs')}
        value={tab}
        onValueChange={(value) =>
          navigate({ search: value === 'agreements' ? {} : { tab: value as OperatorTab }, replace: true })
        }
        tabs={[
          {
            value: 'agreements',
            label: t('operator.agreements'),
            count: agreements.length,
            content: <Agreements agreements={agreements} />,
          },
          { value: 'grants', label: t('operator.grants'), content: <Grants operatorId={id} /> },
          { value: 'products', label: t('operator.products'), content: <ProductList operatorId={id} level={2} /> },
        ]}
      />
    </>
  );
}

function Agreements({ agreements }: { agreements: readonly Agreement[] }) {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const format = useFormats();
  if (agreements.length === 0)
    return (
      <div className="rounded-xl border border-line bg-surface">
        <EmptyState title={t('operators.noAgreement')}>{t('operator.noAgreementWhy')}</EmptyState>
      </div>
    );
  return (
    <Rows label={t('operator.agreements')}>
      {agreements.map((agreement) => (
        <Row
          key={agreement.id}
          level={2}
          title={
            <Link to="/agency/agreements/$id" params={{ id: agreement.id }}>
              {agreement.number}
            </Link>
          }
          marks={
            <StatusBadge tone={agreementTones[agreement.status]}>
              {name('AgreementStatus', agreement.status)}
            </StatusBadge>
          }
          meta={
            <>
              <span>{name('AgreementMode', agreement.mode)}</span>
              <span>{t('agreement.publicised', { day: format.day(agreement.publicisedOn) })}</span>
              {agreement.startsOn && agreement.endsOn && (
                <span>{t('fromTo', { from: format.day(agreement.startsOn), to: format.day(agreement.endsOn) })}</span>
              )}
            </>
          }
        />
      ))}
    </Rows>
  );
}

function Grants({ operatorId }: { operatorId: string }) {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const variables = useMemo(() => ({ operatorId }), [operatorId]);
  const list = useList(AgencyGrantsDocument, variables, granted, { typenames: ['Grant'] });
  if (list.problem && !list.data) return <ProblemState problem={list.problem} reload={list.reload} />;
  if (list.loading) return <Skeleton shape="row" lines={3} />;
  if (list.nodes.length === 0)
    return (
      <div className="rounded-xl border border-line bg-surface">
        <EmptyState title={t('grants.empty')}>{t('grants.emptyWhy')}</EmptyState>
      </div>
    );
  return (
    <>
      <Rows label={t('operator.grants')}>
        {list.nodes.map((grant) => {
          const resources = [...new Map(grant.items.map((item) => [item.resource.id, item.resource])).values()];
          return (
            <Row
              key={grant.id}
              level={2}
              title={resources.map(named).join(t('separator'))}
              marks={<StatusBadge tone={grantTones[grant.status]}>{name('GrantStatus', grant.status)}</StatusBadge>}
              meta={
                <>
                  <span>{grant.purposes.map((purpose) => name('Purpose', purpose)).join(t('separator'))}</span>
                  <span>{t('fromTo', { from: format.day(grant.startsOn), to: format.day(grant.endsOn) })}</span>
                </>
              }
              aside={
                grant.canRevoke && (
                  <Act
                    danger
                    kind="quiet"
                    label={t('grants.revoke')}
                    title={t('grants.revokeTitle')}
                    consequence={t('grants.revokeConsequence', { count: grant.items.length })}
                    done={t('grants.revoked')}
                    mutation={GrantRevokeDocument}
                    variables={(reason) => ({ id: grant.id, reason })}
                    typenames={['Grant', 'Product']}
                  />
                )
              }
            >
              <Disclosure summary={t('grants.items', { count: grant.items.length })}>
                {grant.items.map(named).join(t('separator'))}
              </Disclosure>
            </Row>
          );
        })}
      </Rows>
      <More list={list} />
    </>
  );
}
