import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { agreementTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { AgencyOperatorsDocument, type AgencyOperatorsQuery } from './operators.gql';

const operators = (data: AgencyOperatorsQuery) => data.operators;

/** The operators, and how the agreement of each with this agency stands. */
export function Screen() {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  useTitle(t('operators.title'));
  const variables = useMemo(() => ({}), []);
  const list = useList(AgencyOperatorsDocument, variables, operators, { typenames: ['Organisation', 'Agreement'] });
  const agreements = list.data?.agreements.edges.map((edge) => edge.node) ?? [];
  return (
    <>
      <PageHead title={t('operators.title')} lead={t('operators.lead')} />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="row" lines={3} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('operators.empty')}>{t('operators.emptyWhy')}</EmptyState>
        </div>
      ) : (
        <>
          <Rows label={t('operators.title')}>
            {list.nodes.map((operator) => {
              const own = agreements.filter((agreement) => agreement.operator.id === operator.id);
              return (
                <Row
                  key={operator.id}
                  level={2}
                  title={
                    <Link to="/agency/operators/$id" params={{ id: operator.id }}>
                      {named(operator)}
                    </Link>
                  }
                  marks={operator.synthetic && <Badge>{t('synthetic')}</Badge>}
                  meta={operator.creditCode && <span className="font-mono">{operator.creditCode}</span>}
                >
                  {own.length === 0
                    ? t('operators.noAgreement')
                    : own.map((agreement) => (
                        <span key={agreement.id} className="mr-4 inline-flex flex-wrap items-center gap-2">
                          {agreement.number}
                          <StatusBadge tone={agreementTones[agreement.status]}>
                            {name('AgreementStatus', agreement.status)}
                          </StatusBadge>
                          {agreement.endsOn && <span>{t('until', { day: format.day(agreement.endsOn) })}</span>}
                        </span>
                      ))}
                </Row>
              );
            })}
          </Rows>
          <More list={list} />
        </>
      )}
    </>
  );
}
