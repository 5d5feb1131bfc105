import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Go } from '../../app/go';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { ButtonAnchor } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { KpiStrip } from '../../ui/figures';
import { PageHead, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { DataTable } from '../../ui/table';
import { useUnit } from '../tariffs/units';
import {
  DisclosedAgreementsDocument,
  type DisclosedAgreementsQuery,
  DisclosedCapsDocument,
  type DisclosedCapsQuery,
} from './disclosure.gql';

const agreements = (data: DisclosedAgreementsQuery) => data.disclosure.agreements;
const caps = (data: DisclosedCapsQuery) => data.disclosure.caps;

/** What the law has published: authorisations, caps, and how much there is of what. */
export function Screen() {
  const { t } = useTranslation('disclosure');
  useTitle(t('title'));
  const language = useLanguage();
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const unit = useUnit();
  const variables = useMemo(() => ({ first: 20 }), []);
  const authorised = useList(DisclosedAgreementsDocument, variables, agreements, { typenames: ['Agreement', 'Grant'] });
  const limits = useList(DisclosedCapsDocument, variables, caps, { typenames: ['PriceCap'] });
  const file = (ending: string) => `/reports/disclosure.${ending}?language=${language}`;
  const whole = authorised.data?.disclosure;
  return (
    <>
      <PageHead
        title={t('title')}
        lead={t('lead')}
        actions={
          <>
            <Go to="/prices" className="text-brand underline">
              {t('toPrices')}
            </Go>
            <ButtonAnchor href={file('xlsx')} download>
              {t('workbook')}
            </ButtonAnchor>
            <ButtonAnchor href={file('html')} target="_blank" rel="noopener">
              {t('print')}
            </ButtonAnchor>
          </>
        }
      />
      {authorised.problem && !whole ? (
        <ProblemState problem={authorised.problem} reload={authorised.reload} />
      ) : !whole ? (
        <Skeleton shape="card" lines={3} />
      ) : (
        <>
          <KpiStrip
            label={t('title')}
            asOf={format.moment(whole.asOf)}
            items={[
              {
                key: 'resources',
                label: t('kpi.resources'),
                value: format.count(whole.publishedResources),
                basis: t('kpi.resourcesBasis'),
              },
              {
                key: 'operators',
                label: t('kpi.operators'),
                value: format.count(whole.operators),
                basis: t('kpi.operatorsBasis'),
              },
              {
                key: 'products',
                label: t('kpi.products'),
                value: format.count(whole.listedProducts),
                basis: t('kpi.productsBasis'),
              },
            ]}
          />
          <div className="mt-6">
            <Section title={t('agreements.title')} lead={t('agreements.lead')}>
              {authorised.nodes.length === 0 ? (
                <EmptyState title={t('agreements.empty')} />
              ) : (
                <ul className="space-y-3">
                  {authorised.nodes.map((agreement) => (
                    <li key={agreement.number} className="rounded-xl border border-line bg-surface p-4 sm:p-5">
                      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                        <h3 className="font-medium text-base">{named(agreement.operator)}</h3>
                        <StatusBadge tone={agreement.status === 'OPERATING' ? 'success' : 'attention'}>
                          {name('AgreementStatus', agreement.status)}
                        </StatusBadge>
                      </div>
                      <p className="mt-1 text-ink-2">
                        {t('agreements.line', {
                          number: agreement.number,
                          agency: named(agreement.agency),
                          mode: name('AgreementMode', agreement.mode),
                        })}
                      </p>
                      <p className="mt-1 text-13 text-ink-3">
                        {t('agreements.publicised', { day: format.day(agreement.publicisedOn) })}
                        {agreement.signedOn && ` · ${t('agreements.signed', { day: format.day(agreement.signedOn) })}`}
                        {agreement.startsOn &&
                          agreement.endsOn &&
                          ` · ${t('agreements.term', { from: format.day(agreement.startsOn), to: format.day(agreement.endsOn) })}`}
                      </p>
                      <div className="mt-2">
                        <Disclosure summary={t('agreements.resources', { count: agreement.grantedResourceCount })}>
                          <ul className="grid gap-x-6 gap-y-1 py-2 sm:grid-cols-2">
                            {agreement.grantedResources.map(({ resource, items }) => (
                              <li key={resource.id} className="flex justify-between gap-3">
                                <Link
                                  to="/resources/$id"
                                  params={{ id: resource.id }}
                                  className="text-brand hover:underline"
                                >
                                  {named(resource)}
                                </Link>
                                <span className="shrink-0 text-ink-3 text-xs">
                                  {t('agreements.items', { count: items })}
                                </span>
                              </li>
                            ))}
                          </ul>
                        </Disclosure>
                      </div>
                    </li>
                  ))}
                </ul>
              )}
              <More list={authorised} />
            </Section>
            <Section title={t('caps.title')} lead={t('caps.lead')}>
              {limits.problem && !limits.data ? (
                <ProblemState problem={limits.problem} reload={limits.reload} />
              ) : limits.loading ? (
                <Skeleton shape="table" lines={6} columns={5} />
              ) : (
                <DataTable
                  caption={t('caps.title')}
                  rows={limits.nodes}
                  rowKey={(cap) => cap.id}
                  empty={t('caps.empty')}
                  columns={[
                    {
                      key: 'product',
                      head: t('prices.product'),
                      rowHeader: true,
                      cell: (cap) =>
                        cap.product && (
                          <Link
                            to={'/products/$id' as never}
                            params={{ id: cap.product.id } as never}
                            className="text-brand hover:underline"
                          >
                            {named(cap.product)}
                          </Link>
                        ),
                    },
                    {
                      key: 'rate',
                      head: t('prices.cap'),
                      numeric: true,
                      nowrap: true,
                      cell: (cap) => (
                        <>
                          {format.rate(cap.rate)}{' '}
                          <span className="text-ink-3 text-xs">/ {unit({ mode: cap.mode, period: cap.period })}</span>
                        </>
                      ),
                    },
                    { key: 'from', head: t('caps.from'), nowrap: true, cell: (cap) => format.day(cap.effectiveOn) },
                    { key: 'authority', head: t('caps.authority'), cell: (cap) => named(cap.authority) },
                    { key: 'document', head: t('prices.document'), cell: (cap) => cap.sourceDocument },
                  ]}
                />
              )}
              <More list={limits} />
            </Section>
          </div>
        </>
      )}
    </>
  );
}
