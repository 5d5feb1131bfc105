import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { late } from '../../app/late';
import { ProblemState } from '../../app/problem-state';
import { QualityBadge, QualityDimensions } from '../../app/quality';
import { useTitle } from '../../app/title';
import { resourceTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { ResourceDocument } from './resource.gql';
import { resourceRoute } from './routes';

const Lineage = late(() => import('../../app/lineage/lineage').then((file) => file.Lineage));

/** One resource of a source unit, down to its items. */
export function Screen() {
  const { t } = useTranslation('resources');
  const { id } = resourceRoute.useParams();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const { data, loading, problem, reload } = useLoad(ResourceDocument, { id }, { typenames: ['Resource'] });
  const resource = data?.resource;
  useTitle(resource ? named(resource) : undefined);
  if (loading) return <Skeleton shape="facts" lines={8} />;
  if (!resource) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/resources">{t('title')}</Link> },
              {
                key: 'domain',
                node: (
                  <Link to="/resources" search={{ domain: resource.domain.id }}>
                    {named(resource.domain)}
                  </Link>
                ),
              },
              { key: 'this', node: named(resource) },
            ]}
          />
        }
        title={named(resource)}
        meta={
          <>
            <StatusBadge tone={resourceTones[resource.status]}>{name('ResourceStatus', resource.status)}</StatusBadge>
            <QualityBadge score={resource.quality.score} />
          </>
        }
        lead={resource.note || undefined}
        actions={
          resource.canApply && (
            <ButtonLink to="/operator/grants/apply" search={{ resource: resource.id }} kind="primary">
              {t('apply')}
            </ButtonLink>
          )
        }
      />
      <Section title={t('facts')} card>
        <DescriptionList
          columns={2}
          facts={[
            {
              key: 'unit',
              term: t('unit'),
              value: (
                <Link to="/resources" search={{ unit: resource.sourceUnit.id }} className="text-brand hover:underline">
                  {named(resource.sourceUnit)}
                </Link>
              ),
            },
            {
              key: 'authority',
              term: t('authority'),
              value: resource.domain.industryAuthority && named(resource.domain.industryAuthority),
            },
            {
              key: 'cycle',
              term: t('cycle'),
              value: resource.updateFrequency
                ? name('UpdateFrequency', resource.updateFrequency)
                : resource.updateCycle,
            },
            {
              key: 'provision',
              term: t('provision'),
              value: resource.provision.map((method) => name('ProvisionMethod', method)).join(t('separator')),
            },
            {
              key: 'batch',
              term: t('batch'),
              value:
                resource.batch &&
                t('batchValue', { title: resource.batch.title, document: resource.batch.sourceDocument }),
            },
            { key: 'version', term: t('version'), value: t('versionValue', { number: resource.contentNumber }) },
            {
              key: 'published',
              term: t('published'),
              value: resource.publishedAt ? format.day(resource.publishedAt) : null,
            },
          ]}
        />
        <div className="mt-3 border-line border-t">
          <Disclosure summary={t('metadata:quality.badge', { score: resource.quality.score })}>
            <p className="mb-2">{t('metadata:quality.lead')}</p>
            <QualityDimensions quality={resource.quality} />
          </Disclosure>
        </div>
        <p className="mt-3">
          <Link to="/" search={{ unit: [resource.sourceUnit.id] }} className="text-brand hover:underline">
            {t('productsOf', { unit: named(resource.sourceUnit) })}
          </Link>
        </p>
      </Section>
      <Section title={t('itemsTitle', { count: resource.items.length })} lead={t('itemsLead')}>
        <DataTable
          caption={t('itemsTitle', { count: resource.items.length })}
          rows={resource.items}
          rowKey={(item) => item.id}
          columns={[
            {
              key: 'name',
              head: t('item.name'),
              rowHeader: true,
              cell: (item) => (
                <>
                  {named(item)}
                  {item.qualifier && (
                    <span className="ml-1 text-ink-3">{t('item.qualifier', { text: item.qualifier })}</span>
                  )}
                </>
              ),
            },
            {
              key: 'grade',
              head: t('item.grade'),
              cell: (item) => (item.grade ? name('Grade', item.grade) : t('item.open')),
            },
            {
              key: 'linkage',
              head: t('item.linkage'),
              cell: (item) => (item.linkage ? name('Linkage', item.linkage) : t('item.open')),
            },
            {
              key: 'sensitivity',
              head: t('item.sensitivity'),
              cell: (item) => (item.sensitivity ? name('Sensitivity', item.sensitivity) : t('item.open')),
            },
            {
              key: 'protection',
              head: t('item.protection'),
              cell: (item) => (
                <span className="flex flex-wrap gap-1">
                  {item.masked && <Badge tone="info">{t('item.masked')}</Badge>}
                  {item.protections.map((protection) => (
                    <Badge key={protection}>{name('Protection', protection)}</Badge>
                  ))}
                </span>
              ),
            },
          ]}
        />
      </Section>
      <Section id="lineage" title={t('metadata:lineage.title')} lead={t('metadata:lineage.leadDown')}>
        <Lineage id={id} fallback={<Skeleton shape="table" lines={6} />} />
      </Section>
    </>
  );
}
