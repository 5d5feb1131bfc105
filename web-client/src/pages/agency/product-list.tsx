import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { productTones } from '../../app/tones';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { ProductStatus } from '../../lib/schema.gql';
import { Badge, StatusBadge } from '../../ui/badge';
import { Row, Rows } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { AgencyProductsDocument, type AgencyProductsQuery } from './operator.gql';

const supervised = (data: AgencyProductsQuery) => data.supervisedProducts;

/** Products in any state but draft: of an operator, or of all. */
export function ProductList({
  operatorId,
  status,
  level,
}: {
  operatorId?: string;
  status?: ProductStatus;
  level: 2 | 3;
}) {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const named = useNamed();
  const variables = useMemo(() => ({ operatorId, status }), [operatorId, status]);
  const list = useList(AgencyProductsDocument, variables, supervised, { typenames: ['Product'] });
  if (list.problem && !list.data) return <ProblemState problem={list.problem} reload={list.reload} />;
  if (list.loading) return <Skeleton shape="row" lines={4} />;
  if (list.nodes.length === 0)
    return (
      <div className="rounded-xl border border-line bg-surface">
        <EmptyState title={t('products.empty')}>{t('products.emptyWhy')}</EmptyState>
      </div>
    );
  return (
    <>
      <Rows label={t('products.title')}>
        {list.nodes.map((product) => {
          const uncapped = product.plans.filter((plan) => !plan.cap && !plan.trial).length;
          return (
            <Row
              key={product.id}
              level={level}
              title={
                <Link to="/agency/products/$id" params={{ id: product.id }}>
                  {named(product)}
                </Link>
              }
              marks={
                <>
                  <StatusBadge tone={productTones[product.status]}>{name('ProductStatus', product.status)}</StatusBadge>
                  {uncapped > 0 && <Badge tone="attention">{t('products.uncapped', { count: uncapped })}</Badge>}
                </>
              }
              meta={
                <>
                  {!operatorId && <span>{named(product.operator)}</span>}
                  <span>
                    {product.registrationCode
                      ? t('products.code', { code: product.registrationCode })
                      : t('products.noCode')}
                  </span>
                  {product.suspensionCode && (
                    <span>{t('products.why', { why: name('ObstacleCode', product.suspensionCode) })}</span>
                  )}
                </>
              }
            />
          );
        })}
      </Rows>
      <More list={list} />
    </>
  );
}
