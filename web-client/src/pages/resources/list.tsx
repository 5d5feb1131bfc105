import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { FoundIn, HowFound, MarkedName } from '../../app/found';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { Words } from '../../app/words';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { ResourceGroupsDocument, ResourcesDocument, type ResourcesQuery } from './list.gql';
import { type ResourceSearch, resourcesRoute } from './routes';

/** The entries, each with where it was found. */
const resources = ({ publishedResources: { edges, pageInfo } }: ResourcesQuery) => ({
  edges: edges.map(({ node, matches }) => ({ node: { ...node, matches } })),
  pageInfo,
});

/** The public resources by domain and source unit: what products may be made of. */
export function Screen() {
  const { t } = useTranslation('resources');
  useTitle(t('title'));
  const search = resourcesRoute.useSearch();
  const navigate = resourcesRoute.useNavigate();
  const named = useNamed();
  const name = useEnum();
  const groups = useLoad(ResourceGroupsDocument, {});
  const variables = useMemo(
    () =>
      ({
        query: search.q,
        filter: {
          domainIds: search.domain ? [search.domain] : undefined,
          sourceUnitIds: search.unit ? [search.unit] : undefined,
        },
        orderBy: search.sort ?? (search.q ? 'RELEVANCE' : 'NEWEST'),
        first: 20,
      }) as const,
    [search],
  );
  const list = useList(ResourcesDocument, variables, resources, { typenames: ['Resource'] });
  const change = (next: ResourceSearch) => navigate({ search: next, resetScroll: false });
  const domains = (groups.data?.domains ?? []).map((domain) => ({ value: domain.id, label: named(domain) }));
  const units = (groups.data?.organisations.edges ?? []).map(({ node }) => ({ value: node.id, label: named(node) }));
  const orders = enums.ResourceOrder.filter((order) => search.q || order !== 'RELEVANCE');
  const reduced = list.data?.publishedResources.isReduced; // then nothing is counted, and the newest come first
  const total = reduced ? undefined : list.data?.publishedResources.totalCount;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      <Words
        className="mb-4"
        label={t('search')}
        hint={t('searchHint')}
        asked={search.q}
        onAsk={(q) => change({ ...search, q })}
      />
      <div className="mb-4 grid gap-3 sm:grid-cols-3 lg:max-w-4xl">
        <Field label={t('domain')}>
          <Select
            options={[{ value: '', label: t('allDomains') }, ...domains]}
            value={search.domain ?? ''}
            onValueChange={(domain) => change({ ...search, domain: domain || undefined })}
          />
        </Field>
        <Field label={t('unit')}>
          <Select
            options={[{ value: '', label: t('allUnits') }, ...units]}
            value={search.unit ?? ''}
            onValueChange={(unit) => change({ ...search, unit: unit || undefined })}
          />
        </Field>
        {!reduced && (
          <Field label={t('sort')}>
            <Select
              options={orders.map((order) => ({ value: order, label: name('ResourceOrder', order) }))}
              value={search.sort ?? (search.q ? 'RELEVANCE' : 'NEWEST')}
              onValueChange={(sort) =>
                change({ ...search, sort: sort === orders[0] ? undefined : orders.find((order) => order === sort) })
              }
            />
          </Field>
        )}
      </div>
      <p role="status" className="mb-3 text-ink-2">
        {total !== undefined ? t('total', { count: total }) : !list.problem && !reduced && t('counting')}
      </p>
      {list.data && (
        <HowFound
          answer={list.data.publishedResources}
          asked={search.q}
          found={list.nodes.length > 0}
          onAsk={(q) => change({ ...search, q })}
        />
      )}
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <div key="waiting" className="rounded-xl border border-line bg-surface">
          <Skeleton shape="row" lines={5} />
        </div>
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState
            title={t('empty.title')}
            action={
              <div className="flex flex-wrap justify-center gap-2">
                {(list.data?.publishedResources.near ?? []).map((q) => (
                  <Button key={q} onClick={() => change({ q, sort: search.sort })}>
                    {t('empty.without', { words: q })}
                  </Button>
                ))}
                <Button onClick={() => change({})}>{t('empty.action')}</Button>
              </div>
            }
          >
            {t('empty.why')}
          </EmptyState>
        </div>
      ) : (
        <div aria-busy={list.stale}>
          <Rows label={t('title')}>
            {list.nodes.map((resource) => (
              <Row
                key={resource.id}
                level={2}
                title={
                  <Link to="/resources/$id" params={{ id: resource.id }}>
                    <MarkedName name={named(resource)} matches={resource.matches} />
                  </Link>
                }
                meta={
                  <>
                    <span>{named(resource.domain)}</span>
                    <span>{named(resource.sourceUnit)}</span>
                    <span>
                      {t('update', {
                        cycle: resource.updateFrequency
                          ? name('UpdateFrequency', resource.updateFrequency)
                          : resource.updateCycle,
                      })}
                    </span>
                    <span>
                      {resource.provision.map((method) => name('ProvisionMethod', method)).join(t('separator'))}
                    </span>
                  </>
                }
                aside={<span className="text-ink-2">{t('items', { count: resource.items.length })}</span>}
              >
                <span className="line-clamp-2">{resource.items.map(named).join(t('separator'))}</span>
                <FoundIn matches={resource.matches} className="mt-1" />
              </Row>
            ))}
          </Rows>
          <More list={list} total={total} />
        </div>
      )}
    </>
  );
}
