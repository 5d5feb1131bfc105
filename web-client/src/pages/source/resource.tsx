import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { Due } from '../../app/due';
import { ProblemState } from '../../app/problem-state';
import { Mend, QualityBadge } from '../../app/quality';
import { useTitle } from '../../app/title';
import { resourceTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { ResourceAction } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { Classification } from './classification';
import { Frequency } from './frequency';
import { RegisterResourceDocument } from './register.gql';
import { SourceResourceDocument } from './resource.gql';
import { sourceResourceRoute } from './routes';
import { SuspendResourceDocument } from './suspend.gql';
import { Use } from './use';

/** A resource of the viewer's own organisation: its items with their marks, its registration, and who uses it. */
export function Screen() {
  const { t } = useTranslation('source');
  const { id } = sourceResourceRoute.useParams();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const { data, loading, problem, reload } = useLoad(
    SourceResourceDocument,
    { id },
    { typenames: ['Resource', 'DataItem'] },
  );
  const resource = data?.resource;
  useTitle(resource ? named(resource) : undefined);
  if (loading) return <Skeleton shape="facts" lines={8} />;
  if (!resource) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const may = (act: ResourceAction) => resource.allowedActions.includes(act);
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/source/resources">{t('resources.title')}</Link> },
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
          <>
            {may('REGISTER') && (
              <Act
                kind="primary"
                asksReason={false}
                label={t('register.act')}
                title={t('register.title')}
                consequence={t('register.consequence')}
                done={t('register.done')}
                mutation={RegisterResourceDocument}
                variables={() => ({ id })}
                typenames={['Resource', 'Proceeding']}
              />
            )}
            {may('SUSPEND') && (
              <Act
                danger
                label={t('suspend.act')}
                title={t('suspend.title')}
                consequence={t('suspend.consequence')}
                done={t('suspend.done')}
                mutation={SuspendResourceDocument}
                variables={(reason) => ({ id, reason })}
                typenames={['Resource', 'Product']}
              />
            )}
          </>
        }
      />
      {resource.proceeding && (
        <Notice tone="info" title={t('register.waits')} className="mb-5">
          <span className="flex flex-wrap items-center gap-x-3">
            {resource.domain.industryAuthority && named(resource.domain.industryAuthority)}
            <Due of={resource.proceeding} />
          </span>
        </Notice>
      )}
      {resource.status === 'DRAFT' && !may('REGISTER') && (
        <Notice tone="info" title={t('register.notYet')} className="mb-5">
          {t('register.before')}
        </Notice>
      )}
      <Section title={t('facts.title')} card>
        <DescriptionList
          columns={2}
          facts={[
            { key: 'domain', term: t('resources.domain'), value: named(resource.domain) },
            {
              key: 'authority',
              term: t('facts.authority'),
              value: resource.domain.industryAuthority && named(resource.domain.industryAuthority),
            },
            {
              key: 'cycle',
              term: t('facts.cycle'),
              value: resource.updateFrequency
                ? name('UpdateFrequency', resource.updateFrequency)
                : resource.updateCycle,
            },
            {
              key: 'version',
              term: t('facts.version'),
              value: t('facts.versionValue', { number: resource.contentNumber }),
            },
            {
              key: 'published',
              term: t('resources.published'),
              value: resource.publishedAt && format.day(resource.publishedAt),
            },
          ]}
        />
      </Section>
      <Section id="quality" title={t('metadata:quality.title')} lead={t('metadata:quality.lead')} card>
        <Mend quality={resource.quality} />
      </Section>
      {may('STATE_FREQUENCY') && (
        <Frequency key={resource.id} id={resource.id} cycle={resource.updateCycle} stated={resource.updateFrequency} />
      )}
      <Classification key={`${resource.id} ${resource.contentNumber}`} resource={resource} />
      <Use id={resource.id} />
    </>
  );
}
