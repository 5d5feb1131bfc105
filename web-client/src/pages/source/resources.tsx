import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { resourceTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { enums } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { Field } from '../../ui/field';
import { PageHead } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { DataTable } from '../../ui/table';
import { SourceResourcesDocument, type SourceResourcesQuery } from './resources.gql';
import { sourceResourcesRoute } from './routes';

const resources = (data: SourceResourcesQuery) => data.resources;

/** The resources of the viewer's own organisation, those too that nobody else sees yet. */
export function Screen() {
  const { t } = useTranslation('source');
  useTitle(t('resources.title'));
  const { status } = sourceResourcesRoute.useSearch();
  const navigate = sourceResourcesRoute.useNavigate();
  const { viewer } = useViewer();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const own = viewer?.organisation?.id;
  const variables = useMemo(() => ({ filter: { sourceUnitId: own, status }, first: 20 }), [own, status]);
  const list = useList(SourceResourcesDocument, variables, resources, { typenames: ['Resource'], pause: !own });
  return (
    <>
      <PageHead title={t('resources.title')} lead={t('resources.lead')} />
      <div className="mb-4 w-56">
        <Field label={t('resources.status')}>
          <Select
            options={[
              { value: '', label: t('resources.all') },
              ...enums.ResourceStatus.map((value) => ({ value, label: name('ResourceStatus', value) })),
            ]}
            value={status ?? ''}
            onValueChange={(value) =>
              navigate({
                search: { status: enums.ResourceStatus.find((known) => known === value) },
                resetScroll: false,
              })
            }
          />
        </Field>
      </div>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading || !list.data ? (
        <Skeleton shape="table" lines={6} columns={5} />
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('resources.empty')}>{t('resources.emptyWhy')}</EmptyState>
        </div>
      ) : (
        <>
          <DataTable
            caption={t('resources.title')}
            rows={list.nodes}
            rowKey={(resource) => resource.id}
            columns={[
              {
                key: 'name',
                head: t('resources.name'),
                rowHeader: true,
                cell: (resource) => (
                  <Link to="/source/resources/$id" params={{ id: resource.id }} className="text-brand hover:underline">
                    {named(resource)}
                  </Link>
                ),
              },
              { key: 'domain', head: t('resources.domain'), cell: (resource) => named(resource.domain) },
              {
                key: 'status',
                head: t('resources.status'),
                nowrap: true,
                cell: (resource) => (
                  <StatusBadge tone={resourceTones[resource.status]}>
                    {name('ResourceStatus', resource.status)}
                  </StatusBadge>
                ),
              },
              {
                key: 'items',
                head: t('resources.items'),
                numeric: true,
                cell: (resource) => format.count(resource.items.length),
              },
              {
                key: 'used',
                head: t('resources.used'),
                numeric: true,
                cell: (resource) => format.count(resource.productCount),
              },
              {
                key: 'published',
                head: t('resources.published'),
                nowrap: true,
                cell: (resource) => resource.publishedAt && format.day(resource.publishedAt),
              },
            ]}
          />
          <More list={list} />
        </>
      )}
    </>
  );
}
