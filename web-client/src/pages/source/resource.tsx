import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/dialog';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { toast } from '../../ui/toast';
import { Classification } from './classification';
import { Frequency } from './frequency';
import { RegisterResourceDocument } from './register.gql';
import { SourceResourceDocument } from './resource.gql';
import { tones } from './resources';
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
  if (!resource) return <ProblemState whole problem={problem ?? { kind: 'absent' }} onRetry={reload} />;
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
        meta={<StatusBadge tone={tones[resource.status]}>{name('ResourceStatus', resource.status)}</StatusBadge>}
        lead={resource.note || undefined}
        actions={
          <>
            {resource.status === 'DRAFT' && <Register id={resource.id} />}
            {resource.status === 'PUBLISHED' && <Suspend id={resource.id} />}
          </>
        }
      />
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
      {!resource.updateFrequency && <Frequency id={resource.id} cycle={resource.updateCycle} />}
      <Classification key={resource.contentNumber} resource={resource} />
      <Use id={resource.id} />
    </>
  );
}

function Register({ id }: { id: string }) {
  const { t } = useTranslation('source');
  const say = useFaultText();
  const [open, setOpen] = useState(false);
  const { submit, pending, faults, reset } = useSubmit(RegisterResourceDocument, {
    typenames: ['Resource', 'Proceeding'],
  });
  return (
    <>
      <Button kind="primary" onClick={() => setOpen(true)}>
        {t('register.act')}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          reset();
        }}
        title={t('register.title')}
        consequence={t('register.consequence')}
        confirm={t('register.act')}
        pending={pending}
        error={faults.length > 0 && faults.map(say).join(' ')}
        onConfirm={async () => {
          const outcome = await submit({ id });
          if (!outcome?.done) return;
          setOpen(false);
          toast(t('register.done'));
        }}
      />
    </>
  );
}

function Suspend({ id }: { id: string }) {
  const { t } = useTranslation('source');
  const say = useFaultText();
  const [open, setOpen] = useState(false);
  const { submit, pending, faults, reset } = useSubmit(SuspendResourceDocument, { typenames: ['Resource', 'Product'] });
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {t('suspend.act')}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          reset();
        }}
        title={t('suspend.title')}
        consequence={t('suspend.consequence')}
        confirm={t('suspend.act')}
        danger
        reason={{ label: t('suspend.reason'), limit: 2000 }}
        pending={pending}
        error={faults.length > 0 && faults.map(say).join(' ')}
        onConfirm={async (reason) => {
          const outcome = await submit({ id, reason });
          if (!outcome?.done) return;
          setOpen(false);
          toast(t('suspend.done'));
        }}
      />
    </>
  );
}
