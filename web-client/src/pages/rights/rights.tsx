import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { EntitlementStatus } from '../../lib/schema.gql';
import { Badge, StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { LoadMore } from '../../ui/code';
import { PageHead, Row, Rows } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import type { Tone } from '../../ui/styles';
import { Quota } from './quota';
import { EntitlementsDocument, type EntitlementsQuery } from './rights.gql';

const rights = (data: EntitlementsQuery) => data.entitlements;

export const tones: Record<EntitlementStatus, Tone> = { ACTIVE: 'success', SUSPENDED: 'attention', REVOKED: 'refused' };

/** The rights of the viewer's organisation, bought and free. */
export function Screen() {
  const { t } = useTranslation('rights');
  useTitle(t('title'));
  const { viewer, known } = useViewer();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const variables = useMemo(() => ({ first: 20 }), []);
  const list = useList(EntitlementsDocument, variables, rights, { typenames: ['Entitlement'], pause: !viewer });
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} onRetry={list.reload} />
      ) : !list.data ? (
        <div className="rounded-xl border border-line bg-surface">
          <Skeleton shape="row" lines={4} />
        </div>
      ) : list.nodes.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('empty.title')} action={<ButtonLink to="/">{t('empty.action')}</ButtonLink>}>
            {t('empty.why')}
          </EmptyState>
        </div>
      ) : (
        <>
          <Rows label={t('title')}>
            {list.nodes.map((right) => (
              <Row
                key={right.id}
                level={2}
                title={
                  <Link to="/data/$id" params={{ id: right.id }}>
                    {right.product ? named(right.product) : t('hidden')}
                  </Link>
                }
                marks={
                  <>
                    <StatusBadge tone={right.usable ? tones[right.status] : 'attention'}>
                      {right.usable || right.status !== 'ACTIVE'
                        ? name('EntitlementStatus', right.status)
                        : t('notNow')}
                    </StatusBadge>
                    <Badge tone={right.order ? 'info' : 'success'}>{right.order ? t('paid') : t('free')}</Badge>
                  </>
                }
                meta={
                  <>
                    <span>{name('Purpose', right.purpose)}</span>
                    <span>{t('until', { day: format.day(right.endsAt) })}</span>
                    {right.daysLeft >= 0 && <span>{t('daysLeft', { count: right.daysLeft })}</span>}
                  </>
                }
                aside={
                  <div className="w-56 max-sm:w-full">
                    <Quota of={right} />
                  </div>
                }
              />
            ))}
          </Rows>
          <LoadMore shown={list.nodes.length} hasMore={list.hasMore} pending={list.loadingMore} onMore={list.more} />
        </>
      )}
    </>
  );
}
