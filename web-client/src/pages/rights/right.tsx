import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { Credentials, type Made } from './credentials';
import { Days } from './days';
import { FirstCall } from './first-call';
import { Quota } from './quota';
import {
  EntitlementDocument,
  type EntitlementQuery,
  EntitlementUsagesDocument,
  type EntitlementUsagesQuery,
} from './right.gql';
import { isUsedUp, Standing } from './rights';
import { rightRoute } from './routes';

/** One right: what is left of it, its credentials, the first call, and what was used. */
export function Screen() {
  const { t } = useTranslation('rights');
  const { id } = rightRoute.useParams();
  const { viewer, known } = useViewer();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const say = useFaultText();
  const [made, setMade] = useState<readonly Made[]>([]);
  const newest = made.at(-1);
  const { data, loading, problem, reload } = useLoad(
    EntitlementDocument,
    { id },
    { typenames: ['Entitlement', 'Credential'], pause: !viewer },
  );
  const right = data?.entitlement ?? undefined;
  const title = right && (right.product ? named(right.product) : t('hidden'));
  // What the API lets be asked for; what is suspended has to be cleared up first.
  const again =
    right?.status !== 'SUSPENDED' &&
    right?.product?.useOptions.some((option) => option.purpose === right.purpose && option.allowed);
  useTitle(title);
  if (known && !viewer) return <ProblemState whole problem={{ kind: 'signedOut' }} />;
  if (loading || !known || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!right) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/data">{t('title')}</Link> },
              { key: 'this', node: title },
            ]}
          />
        }
        title={title}
        meta={
          <>
            <Standing of={right} />
            <Badge tone={right.order ? 'info' : 'success'}>{right.order ? t('paid') : t('free')}</Badge>
          </>
        }
      />
      {right.refusal && (
        <Notice
          tone={right.status === 'REVOKED' ? 'refused' : 'attention'}
          className="mb-5"
          title={isUsedUp(right) ? t('usedUp') : t('notNow')}
          actions={again && <Again right={right} />}
        >
          {right.suspendedBy
            ? t(`suspended.${right.suspendedBy}`)
            : isUsedUp(right)
              ? t('usedUpWhat')
              : say(right.refusal)}
        </Notice>
      )}
      <Section title={t('facts')} card>
        <div className="mb-4 max-w-md">
          <Quota of={right} />
        </div>
        <DescriptionList
          columns={2}
          facts={[
            { key: 'purpose', term: t('purpose'), value: name('Purpose', right.purpose) },
            { key: 'scenario', term: t('scenario'), value: right.scenario || null },
            {
              key: 'term',
              term: t('term'),
              value: (
                <>
                  {t('termValue', { from: format.day(right.startsAt), to: format.lastDay(right.endsAt) })}
                  {right.daysLeft >= 0 && (
                    <span className="block text-ink-3 text-xs">{t('daysLeft', { count: right.daysLeft })}</span>
                  )}
                </>
              ),
            },
            {
              key: 'product',
              term: t('product'),
              value: right.product && (
                <Link to="/products/$id" params={{ id: right.product.id }} className="text-brand hover:underline">
                  {named(right.product)}
                </Link>
              ),
            },
            {
              key: 'from',
              term: t('source'),
              value: right.order ? (
                <Link to="/orders/$id" params={{ id: right.order.id }} className="text-brand hover:underline">
                  {t('ofOrder')}
                </Link>
              ) : right.proceeding ? (
                <Link to="/free-use/$id" params={{ id: right.proceeding.id }} className="text-brand hover:underline">
                  {t('ofApplication')}
                </Link>
              ) : null,
            },
          ]}
        />
        {again && right.usable && (
          <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <Again right={right} />
            <span className="text-13 text-ink-3">{right.order ? t('again.paidHow') : t('again.freeHow')}</span>
          </div>
        )}
      </Section>
      <Credentials right={right} made={made} onMade={setMade} />
      {right.product && (
        <FirstCall
          key={right.id}
          product={right.product}
          purpose={right.purpose}
          usable={right.usable}
          secret={newest?.secret}
          stored={newest?.stored}
        />
      )}
      <Days days={right.usageByDay} />
      <Usages id={right.id} />
    </div>
  );
}

/** How to have more of it: by another order, or another application that begins with the words of the last one. */
function Again({ right }: { right: NonNullable<EntitlementQuery['entitlement']> }) {
  const { t } = useTranslation('rights');
  if (!right.product) return null;
  return right.order ? (
    <ButtonLink to="/products/$id" params={{ id: right.product.id }} search={{ purpose: right.purpose }}>
      {t('again.paid')}
    </ButtonLink>
  ) : (
    <ButtonLink
      to="/free-use/apply/$productId"
      params={{ productId: right.product.id }}
      search={right.proceeding ? { after: right.proceeding.id } : { purpose: right.purpose }}
    >
      {t('again.free')}
    </ButtonLink>
  );
}

const usages = (data: EntitlementUsagesQuery) => data.entitlement?.usages;

function Usages({ id }: { id: string }) {
  const { t } = useTranslation('rights');
  const name = useEnum();
  const format = useFormats();
  const variables = useMemo(() => ({ id, first: 20 }), [id]);
  const list = useList(EntitlementUsagesDocument, variables, usages, { typenames: ['Usage'] });
  return (
    <Section title={t('uses.title')} lead={t('uses.lead')}>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : !list.data ? (
        <Skeleton shape="table" lines={3} columns={4} />
      ) : (
        <>
          <DataTable
            caption={t('uses.title')}
            rows={list.nodes}
            rowKey={(usage) => usage.id}
            empty={<p className="px-3 py-6 text-center text-ink-3">{t('uses.none')}</p>}
            columns={[
              {
                key: 'at',
                head: t('uses.at'),
                rowHeader: true,
                nowrap: true,
                cell: (usage) => format.moment(usage.createdAt),
              },
              { key: 'kind', head: t('uses.kind'), nowrap: true, cell: (usage) => name('UsageKind', usage.kind) },
              { key: 'rows', head: t('uses.rows'), numeric: true, cell: (usage) => format.count(usage.rowCount) },
              { key: 'bytes', head: t('uses.bytes'), numeric: true, cell: (usage) => format.bytes(usage.bytes) },
            ]}
          />
          <More list={list} />
        </>
      )}
    </Section>
  );
}
