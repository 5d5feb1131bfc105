import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Go } from '../../app/go';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { SearchInput } from '../../ui/input';
import { PageHead } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { DataTable } from '../../ui/table';
import { TariffText } from '../tariffs/tariff';
import { useUnit } from '../tariffs/units';
import { PriceListDocument, type PriceListQuery } from './prices.gql';
import { pricesRoute } from './routes';

const entries = (data: PriceListQuery) => data.priceList;

/** The price list: what every product on the market costs, beside its cap. */
export function Screen() {
  const { t } = useTranslation('disclosure');
  useTitle(t('prices.title'));
  const { q } = pricesRoute.useSearch();
  const navigate = pricesRoute.useNavigate();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const [text, setText] = useState(q ?? '');
  useEffect(() => setText(q ?? ''), [q]);
  const variables = useMemo(() => ({ query: q, first: 10 }), [q]);
  const list = useList(PriceListDocument, variables, entries, { typenames: ['Product', 'Plan', 'PriceCap'] });
  const find = (words: string) => navigate({ search: words.trim() ? { q: words.trim() } : {}, resetScroll: false });
  const rows = list.nodes.flatMap(({ product, plans }) =>
    plans.map((plan, i) => ({ product, plan, first: i === 0, span: plans.length })),
  );
  return (
    <>
      <PageHead
        title={t('prices.title')}
        lead={t('prices.lead')}
        actions={
          <Go to="/disclosure" className="text-brand underline">
            {t('toDisclosure')}
          </Go>
        }
      />
      <form
        className="mb-4 flex max-w-xl gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          find(text);
        }}
      >
        <SearchInput
          className="flex-1"
          label={t('prices.search')}
          placeholder={t('prices.search')}
          value={text}
          onValueChange={setText}
          onSearch={find}
        />
        <Button type="submit">{t('prices.find')}</Button>
      </form>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="table" lines={8} columns={4} />
      ) : rows.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState
            title={t('prices.empty')}
            action={q && <Button onClick={() => find('')}>{t('prices.all')}</Button>}
          />
        </div>
      ) : (
        <>
          <DataTable
            caption={t('prices.title')}
            rows={rows}
            rowKey={(row) => row.plan.id}
            columns={[
              {
                key: 'product',
                head: t('prices.plan'),
                rowHeader: true,
                // The plan stands with its product, so that on a phone the price beside them is seen.
                cell: ({ product, plan }) => (
                  <>
                    <Link
                      to={'/products/$id' as never}
                      params={{ id: product.id } as never}
                      className="text-brand hover:underline"
                    >
                      {named(product)}
                    </Link>
                    <span className="block">
                      {named(plan)} {plan.trial && <Badge tone="attention">{t('trial')}</Badge>}
                    </span>
                    <span className="block text-ink-3 text-xs">
                      {name('ChargingMode', plan.mode)}
                      {' · '}
                      {name('Settlement', plan.settlement)}
                    </span>
                    <span className="block text-ink-3 text-xs">{named(product.operator)}</span>
                  </>
                ),
              },
              {
                key: 'rate',
                head: t('prices.rate'),
                cell: ({ plan }) => (
                  <>
                    <TariffText tariff={plan.tariff} />
                    {/* On a phone the cap's own column is off the screen. */}
                    <span className="block text-ink-2 text-xs sm:hidden">
                      {t('prices.cap')} <Cap cap={plan.cap} />
                    </span>
                  </>
                ),
              },
              {
                key: 'cap',
                head: t('prices.cap'),
                numeric: true,
                cell: ({ plan }) => <Cap cap={plan.cap} />,
              },
              {
                key: 'document',
                head: t('prices.document'),
                cell: ({ plan }) =>
                  plan.cap && (
                    <span className="text-ink-2 text-xs">
                      {plan.cap.sourceDocument}
                      <span className="block text-ink-3">{t('from', { day: format.day(plan.cap.effectiveOn) })}</span>
                    </span>
                  ),
              },
            ]}
          />
          <More list={list} />
        </>
      )}
    </>
  );
}

/** The cap that binds a plan. */
function Cap({ cap }: { cap: PriceListQuery['priceList']['edges'][number]['node']['plans'][number]['cap'] }) {
  const { t } = useTranslation('disclosure');
  const format = useFormats();
  const unit = useUnit();
  if (!cap) return <span className="text-ink-3">{t('noCap')}</span>;
  return (
    <span className="whitespace-nowrap">
      {format.rate(cap.rate)}{' '}
      <span className="text-ink-3 text-xs">/ {unit({ mode: cap.mode, period: cap.period })}</span>
    </span>
  );
}
