import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { rightTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import type { EntitlementStatus } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { PageHead, Row as RowOf, Rows, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { Quota } from './quota';
import { EntitlementsDocument, type EntitlementsQuery } from './rights.gql';

type Row = EntitlementsQuery['entitlements']['edges'][number]['node'];

const rights = (data: EntitlementsQuery) => data.entitlements;

/** The rights of the viewer's organisation, bought and free. */
export function Screen() {
  const { t } = useTranslation('rights');
  useTitle(t('title'));
  const { viewer, known } = useViewer();
  const variables = useMemo(() => ({ first: 20 }), []);
  const list = useList(EntitlementsDocument, variables, rights, { typenames: ['Entitlement'], pause: !viewer });
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  const groups = [
    { key: 'paid', rights: list.nodes.filter((right) => right.order) },
    { key: 'free', rights: list.nodes.filter((right) => !right.order) },
  ] as const;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
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
          {groups.map(
            ({ key, rights }) =>
              rights.length > 0 && (
                <Section key={key} title={t(`group.${key}`)} lead={t(`group.${key}Lead`)}>
                  <Rows label={t(`group.${key}`)}>
                    {rights.map((right) => (
                      <Right key={right.id} right={right} />
                    ))}
                  </Rows>
                </Section>
              ),
          )}
          <More list={list} />
        </>
      )}
    </>
  );
}

function Right({ right }: { right: Row }) {
  const { t } = useTranslation('rights');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const say = useFaultText();
  return (
    <RowOf
      title={
        <Link to="/data/$id" params={{ id: right.id }}>
          {right.product ? named(right.product) : t('hidden')}
        </Link>
      }
      marks={<Standing of={right} />}
      meta={
        <>
          <span>{name('Purpose', right.purpose)}</span>
          <span>{t('since', { day: format.day(right.startsAt) })}</span>
          <span>{t('until', { day: format.lastDay(right.endsAt) })}</span>
          {right.daysLeft >= 0 && <span>{t('daysLeft', { count: right.daysLeft })}</span>}
        </>
      }
      aside={
        <div className="w-56 max-sm:w-full">
          <Quota of={right} />
        </div>
      }
    >
      {right.scenario && <span className="line-clamp-2">{right.scenario}</span>}
      {right.refusal && (
        <span className="mt-1 block text-amber">
          {right.suspendedBy
            ? t(`suspended.${right.suspendedBy}`)
            : isUsedUp(right)
              ? t('usedUpWhat')
              : say(right.refusal)}
        </span>
      )}
    </RowOf>
  );
}

/** Whether all that was bought is used. */
export const isUsedUp = (of: { status: EntitlementStatus; refusal?: { code: string } | null }) =>
  of.status === 'ACTIVE' && of.refusal?.code === 'QUOTA_EXHAUSTED';

/** Whether a right serves: by its own status, else that it does not now. */
export function Standing({
  of,
}: {
  of: { status: EntitlementStatus; usable: boolean; refusal?: { code: string } | null };
}) {
  const { t } = useTranslation('rights');
  const name = useEnum();
  return (
    <StatusBadge
      tone={of.usable ? rightTones[of.status] : of.status === 'ACTIVE' ? 'attention' : rightTones[of.status]}
    >
      {of.usable || of.status !== 'ACTIVE'
        ? name('EntitlementStatus', of.status)
        : isUsedUp(of)
          ? t('usedUp')
          : t('notNow')}
    </StatusBadge>
  );
}
