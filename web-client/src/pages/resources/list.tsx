import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { resourceTones } from '../../app/tones';
import { Words } from '../../app/words';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { ResourceGroupsDocument, ResourcesDocument, type ResourcesQuery } from './list.gql';
import { type ResourceSearch, resourcesRoute } from './routes';

const resources = (data: ResourcesQuery) => data.resources;

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
    () => ({ filter: { text: search.q, domainId: search.domain, sourceUnitId: search.unit }, first: 20 }),
    [search],
  );
  const list = useList(ResourcesDocument, variables, resources, { typenames: ['Resource'] });
  const change = (next: ResourceSearch) => navigate({ search: next, resetScroll: false });
  const domains = (groups.data?.domains ?? []).map((domain) => ({ value: domain.id, label: named(domain) }));
  const units = (groups.data?.organisations.edges ?? []).map(({ node }) => ({ value: node.id, label: named(node) }));
  const total = list.data?.resources.totalCount;
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
      <div className="mb-4 grid gap-3 sm:grid-cols-2 lg:max-w-3xl">
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
      </div>
      <p role="status" className="mb-3 text-ink-2">
        {total !== undefined ? t('total', { count: total }) : !list.problem && t('counting')}
      </p>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <div className="rounded-xl border border-line bg-surface">
          <Skeleton shape="row" lines={5} />
        </div>
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('empty.title')} action={<Button onClick={() => change({})}>{t('empty.action')}</Button>}>
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
                    {named(resource)}
                  </Link>
                }
                marks={
                  resource.status !== 'PUBLISHED' && (
                    <StatusBadge tone={resourceTones[resource.status]}>
                      {name('ResourceStatus', resource.status)}
                    </StatusBadge>
                  )
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
              </Row>
            ))}
          </Rows>
          <More list={list} total={total} />
        </div>
      )}
    </>
  );
}
