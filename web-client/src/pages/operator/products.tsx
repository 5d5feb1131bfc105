import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { productTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { Field } from '../../ui/field';
import { PageHead } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { DataTable } from '../../ui/table';
import { OperatorProductsDocument, type OperatorProductsQuery } from './products.gql';
import { productsRoute } from './routes';

const products = (data: OperatorProductsQuery) => data.operatorProducts;

/** The operator's own products in every state, with what keeps each off the market. */
export function Screen() {
  const { t } = useTranslation('operator');
  useTitle(t('products.title'));
  const { status } = productsRoute.useSearch();
  const navigate = productsRoute.useNavigate();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const variables = useMemo(() => ({ status, first: 20 }), [status]);
  const list = useList(OperatorProductsDocument, variables, products, { typenames: ['Product'] });
  return (
    <>
      <PageHead
        title={t('products.title')}
        lead={t('products.lead')}
        actions={
          <ButtonLink to="/operator/products/new" kind="primary" icon={<Plus aria-hidden className="size-4" />}>
            {t('products.new')}
          </ButtonLink>
        }
      />
      <div className="mb-4 w-56">
        <Field label={t('products.status')}>
          <Select
            options={[
              { value: '', label: t('products.all') },
              ...enums.ProductStatus.map((value) => ({ value, label: name('ProductStatus', value) })),
            ]}
            value={status ?? ''}
            onValueChange={(value) =>
              navigate({ search: { status: enums.ProductStatus.find((one) => one === value) }, resetScroll: false })
            }
          />
        </Field>
      </div>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : !list.data ? (
        <Skeleton shape="table" lines={8} columns={5} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          {status ? (
            <EmptyState
              title={t('products.noneOf', { status: name('ProductStatus', status) })}
              action={<ButtonLink to="/operator/products">{t('products.showAll')}</ButtonLink>}
            />
          ) : (
            <EmptyState
              title={t('products.empty')}
              action={<ButtonLink to="/operator/products/new">{t('products.new')}</ButtonLink>}
            >
              {t('products.emptyWhy')}
            </EmptyState>
          )}
        </div>
      ) : (
        <>
          <DataTable
            caption={t('products.title')}
            rows={list.nodes}
            rowKey={(product) => product.id}
            columns={[
              {
                key: 'name',
                head: t('products.name'),
                rowHeader: true,
                cell: (product) => (
                  <>
                    <Link
                      to="/operator/products/$id"
                      params={{ id: product.id }}
                      className="text-brand hover:underline"
                    >
                      {named(product)}
                    </Link>
                    <span className="block text-ink-3 text-xs">
                      {named(product.domain)} · {name('Delivery', product.delivery)}
                    </span>
                  </>
                ),
              },
              {
                key: 'status',
                head: t('products.status'),
                nowrap: true,
                cell: (product) => (
                  <StatusBadge tone={productTones[product.status]}>{name('ProductStatus', product.status)}</StatusBadge>
                ),
              },
              {
                key: 'next',
                head: t('products.next'),
                cell: (product) => {
                  const first = product.obstacles?.[0];
                  if (product.allowedActions.includes('LIST'))
                    return <span className="text-jade">{t('products.ready')}</span>;
                  if (!first || product.status === 'LISTED') return null;
                  return (
                    <span className="text-amber">
                      {name('ObstacleCode', first.code)}
                      {(product.obstacles?.length ?? 0) > 1 &&
                        t('products.more', { count: (product.obstacles?.length ?? 1) - 1 })}
                    </span>
                  );
                },
              },
              {
                key: 'listed',
                head: t('products.listed'),
                nowrap: true,
                cell: (product) => product.listedAt && format.day(product.listedAt),
              },
            ]}
          />
          <More list={list} />
        </>
      )}
    </>
  );
}
