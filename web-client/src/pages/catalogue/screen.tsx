import { Link } from '@tanstack/react-router';
import { ListFilter } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FoundIn, FoundText, HowFound, MarkedName, type Match } from '../../app/found';
import { late } from '../../app/late';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { Words } from '../../app/words';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Row, Rows } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { useUnit } from '../tariffs/units';
import { Chips, ClearAll, Facets } from './facets';
import { catalogueRoute } from './routes';
import { CatalogueDocument, type CatalogueQuery } from './screen.gql';
import { type CatalogueSearch, filterOf } from './search';

const Sheet = late(() => import('../../ui/dialog').then((m) => m.Sheet));

type Product = CatalogueQuery['products']['edges'][number]['node'] & { matches: readonly Match[] };

/** The entries, each with where it was found. */
const products = ({ products: { edges, pageInfo } }: CatalogueQuery) => ({
  edges: edges.map(({ node, matches }) => ({ node: { ...node, matches } })),
  pageInfo,
});

/** The catalogue, which is the home of the market: what is asked for stands in the address. */
export function Screen() {
  const { t } = useTranslation('catalogue');
  useTitle(t('title'));
  const search = catalogueRoute.useSearch();
  const navigate = catalogueRoute.useNavigate();
  const [sheet, setSheet] = useState(false);
  const variables = useMemo(
    () =>
      ({
        query: search.q,
        filter: filterOf(search),
        orderBy: search.sort ?? (search.q ? 'RELEVANCE' : 'NEWEST'),
        first: 20,
      }) as const,
    [search],
  );
  const list = useList(CatalogueDocument, variables, products, { typenames: ['Product'] });
  const counted = list.data?.products.facets ?? [];
  const facets = counted.filter((facet) => facet.name !== 'PRICED');
  const reduced = list.data?.products.isReduced ?? false; // then nothing is counted, and the newest come first
  // While nothing is counted there are no values to choose from; what was chosen before still holds.
  const chosen = Object.values(filterOf({ ...search, priced: undefined })).flatMap((values) => values ?? []).length;
  const total = reduced ? undefined : list.data?.products.totalCount;
  const change = (next: CatalogueSearch) => navigate({ search: next, resetScroll: false });

  return (
    <>
      <h1 className="font-semibold text-xl">{t('title')}</h1>
      <p className="mt-1 max-w-4xl text-pretty text-ink-2">{t('lead')}</p>
      <Words
        className="mt-4"
        label={t('search')}
        hint={t('searchHint')}
        asked={search.q}
        suggests
        onAsk={(q) => change({ ...search, q })}
      />
      <Ways search={search} counts={reduced ? 'none' : counted.find((facet) => facet.name === 'PRICED')?.values} />
      <div className="mt-5 flex gap-8">
        {!reduced && (
          <aside aria-label={t('facets.label')} className="hidden w-56 shrink-0 lg:block">
            {list.data ? (
              <Facets facets={facets} search={search} onSearch={change} />
            ) : (
              !list.problem && <Skeleton shape="text" lines={14} />
            )}
          </aside>
        )}
        <section aria-label={t('results')} className="min-h-[70dvh] min-w-0 flex-1">
          <div className="mb-3 flex min-h-9 flex-wrap items-center gap-x-4 gap-y-2">
            <p role="status" className="text-ink-2">
              {total !== undefined
                ? t('total', { count: total })
                : reduced
                  ? t(chosen > 0 ? 'reduced.chosen' : 'reduced.none', { count: chosen })
                  : !list.problem && t('counting')}
            </p>
            {!list.data && chosen > 0 && <span aria-hidden className="h-8 w-52" />}
            <Chips facets={facets} search={search} onSearch={change} />
            {reduced ? (
              chosen > 0 && <ClearAll search={search} onSearch={change} />
            ) : (
              <div className="ml-auto flex min-w-0 flex-wrap items-center justify-end gap-2">
                <Button
                  className="lg:hidden"
                  icon={<ListFilter aria-hidden className="size-4" />}
                  onClick={() => setSheet(true)}
                >
                  {t('facets.open')}
                </Button>
                <Sort search={search} onSearch={change} />
              </div>
            )}
          </div>
          {list.data && (
            <HowFound
              answer={list.data.products}
              asked={search.q}
              found={list.nodes.length > 0}
              onAsk={(q) => change({ ...search, q })}
            />
          )}
          {list.problem && !list.data ? (
            <ProblemState problem={list.problem} reload={list.reload} />
          ) : list.loading ? (
            <div key="waiting" className="rounded-xl border border-line bg-surface">
              <Skeleton shape="row" lines={6} />
            </div>
          ) : list.nodes.length === 0 ? (
            <div className="rounded-xl border border-line bg-surface">
              <EmptyState
                title={t('empty.title')}
                action={<Nearer search={search} near={list.data?.products.near ?? []} onSearch={change} />}
              >
                {t('empty.why')}
              </EmptyState>
            </div>
          ) : (
            <div className={list.stale ? 'opacity-70' : undefined} aria-busy={list.stale}>
              <Rows label={t('results')}>
                {list.nodes.map((product) => (
                  <ProductRow key={product.id} product={product} search={search} />
                ))}
              </Rows>
              <More list={list} total={total} />
            </div>
          )}
        </section>
      </div>
      {sheet && (
        <Sheet
          open
          place="bottom"
          onOpenChange={setSheet}
          title={t('facets.label')}
          actions={
            <Button kind="primary" onClick={() => setSheet(false)}>
              {total === undefined ? t('counting') : t('facets.show', { count: total })}
            </Button>
          }
        >
          <Facets facets={facets} search={search} onSearch={change} />
        </Sheet>
      )}
    </>
  );
}

/** What finds something where nothing was found: the words without the conditions, what is near them, or everything. */
function Nearer({
  search,
  near,
  onSearch,
}: {
  search: CatalogueSearch;
  near: readonly string[];
  onSearch: (next: CatalogueSearch) => void;
}) {
  const { t } = useTranslation('catalogue');
  const narrowed = Object.values(filterOf(search)).some(Boolean);
  return (
    <div className="flex flex-wrap justify-center gap-2">
      {search.q && narrowed && near.length === 0 && (
        <Button onClick={() => onSearch({ q: search.q, sort: search.sort })}>
          {t('empty.everywhere', { words: search.q })}
        </Button>
      )}
      {near.map((q) => (
        <Button key={q} onClick={() => onSearch({ q, sort: search.sort })}>
          {t('empty.without', { words: q })}
        </Button>
      ))}
      <Button onClick={() => onSearch({})}>{t('clearAll')}</Button>
    </div>
  );
}

/** How a product is to be had: free of charge for the public interest, or for money, each with how many there are. */
function Ways({
  search,
  counts,
}: {
  search: CatalogueSearch;
  /** Not said while they are counted; none where nothing is. */
  counts?: readonly { value: string; count: number }[] | 'none';
}) {
  const { t } = useTranslation('catalogue');
  const name = useEnum();
  const format = useFormats();
  return (
    <nav aria-label={name('FacetName', 'PRICED')} className="mt-4 flex flex-wrap gap-x-1 border-line border-b">
      {[undefined, ...enums.Priced].map((way) => (
        <Link
          key={way ?? ''}
          from="/"
          search={{ ...search, priced: way && [way] } as never}
          resetScroll={false}
          // The router's own comparison takes the address without a choice for another than the one that says so.
          activeOptions={{ exact: true, explicitUndefined: true }}
          aria-current={way === (search.priced?.length === 1 ? search.priced[0] : undefined) ? 'page' : undefined}
          className="-mb-px inline-flex min-h-10 items-center border-transparent border-b-2 px-3 text-ink-2 hover:text-ink aria-[current]:border-brand aria-[current]:font-medium aria-[current]:text-brand-ink"
        >
          {way ? name('Priced', way) : t('everything')}
          {way &&
            counts !== 'none' && ( // its place is kept until it is counted
              <span className="ml-1.5 min-h-4 min-w-7 rounded-full bg-sunken px-1.5 text-center text-ink-2 text-xs tabular-nums">
                {counts && format.count(counts.find((count) => count.value === way)?.count ?? 0)}
              </span>
            )}
        </Link>
      ))}
    </nav>
  );
}

function Sort({ search, onSearch }: { search: CatalogueSearch; onSearch: (next: CatalogueSearch) => void }) {
  const { t } = useTranslation('catalogue');
  const name = useEnum();
  const orders = enums.ProductOrder.filter((order) => search.q || order !== 'RELEVANCE');
  return (
    <label className="flex items-center gap-2 text-ink-2">
      <span className="max-sm:sr-only">{t('sort')}</span>
      <select
        className="min-h-9 rounded-md border border-field bg-surface px-2 text-ink focus-visible:outline-2 focus-visible:outline-brand"
        value={search.sort ?? orders[0]}
        onChange={(event) => {
          const sort = orders.find((order) => order === event.target.value);
          onSearch({ ...search, sort: sort === orders[0] ? undefined : sort });
        }}
      >
        {orders.map((order) => (
          <option key={order} value={order}>
            {name('ProductOrder', order)}
          </option>
        ))}
      </select>
    </label>
  );
}

function ProductRow({ product, search }: { product: Product; search: CatalogueSearch }) {
  const { t } = useTranslation('catalogue');
  const named = useNamed();
  const language = useLanguage();
  const name = useEnum();
  const format = useFormats();
  const units = [
    ...new Map(product.resources.map((resource) => [resource.sourceUnit.id, resource.sourceUnit])).values(),
  ];
  const unit = useUnit();
  // By what it was found stands first: its mode, then the least price.
  const missed = (plan: (typeof product.plans)[number]) => Number(search.mode?.includes(plan.mode) === false);
  const byPrice = search.sort === 'PRICE_LOW' || search.sort === 'PRICE_HIGH';
  const plans = [...product.plans].sort(
    (a, b) => missed(a) - missed(b) || (byPrice ? Number(a.headline.amount) - Number(b.headline.amount) : 0),
  );
  const free = product.useOptions.filter((one) => one.free && one.granted);
  return (
    <Row
      level={2}
      title={
        <Link to={'/products/$id' as never} params={{ id: product.id } as never}>
          <MarkedName name={named(product)} matches={product.matches} />
        </Link>
      }
      marks={
        <>
          <Badge tone="info">{name('Delivery', product.delivery)}</Badge>
          {product.synthetic && <Badge>{t('synthetic')}</Badge>}
        </>
      }
      meta={
        <>
          <span>{named(product.domain)}</span>
          <span>{t('from', { units: units.map(named).join(t('listSeparator')) })}</span>
          <span>{t('by', { operator: named(product.operator) })}</span>
          {product.updateFrequency && <span>{name('UpdateFrequency', product.updateFrequency)}</span>}
          {product.listedAt && <span>{t('listed', { day: format.day(product.listedAt) })}</span>}
        </>
      }
      aside={
        <ul className="space-y-0.5">
          {plans.slice(0, 2).map((plan) => (
            <li key={plan.id}>
              <span className="font-semibold text-base text-ink">{format.rate(plan.headline.amount)}</span>{' '}
              <span className="text-ink-3 text-xs">
                /{' '}
                {plan.headline.units > 1
                  ? t('package', { n: format.count(plan.headline.units), unit: unit(plan.tariff) })
                  : unit(plan.tariff)}
                {plan.headline.from && t('firstBand')}
                {plan.trial && t('trial')}
              </span>
            </li>
          ))}
          {free.length > 0 && (
            <li className="text-13 text-jade">
              {t('freeFor', { purposes: free.map((one) => name('Purpose', one.purpose)).join(t('listSeparator')) })}
            </li>
          )}
        </ul>
      }
    >
      <span className="line-clamp-2">
        <FoundText matches={product.matches}>
          {(language === 'en' && product.descriptionEn) || product.description}
        </FoundText>
      </span>
      <FoundIn matches={product.matches} className="mt-1" />
    </Row>
  );
}
