import { Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { WayChoice } from '../../app/payment/late';
import { useWay } from '../../app/payment/ways';
import { ProblemState, useProblemText } from '../../app/problem-state';
import { Refused } from '../../app/refused';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { grouped } from '../../lib/grouped';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { VisuallyHidden } from '../../ui/hidden';
import { Breadcrumbs, PageHead, Section, SummaryList } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { askable } from '../product/purchase';
import { QuoteLines, useQuotaText } from '../product/quote-lines';
import { useQuote } from '../product/use-quote';
import { CheckoutProductDocument } from './check.gql';
import type { CheckoutSearch } from './routes';
import type { Purchase } from './use-purchase';

/** What is about to be bought, under which licence, for how much: each to be changed, then one button. */
export function Check({
  productId,
  search,
  purchase,
  onPlaced,
}: {
  productId: string;
  search: CheckoutSearch;
  purchase: Purchase;
  onPlaced: (orderId: string) => void;
}) {
  const { t } = useTranslation('checkout');
  const named = useNamed();
  const { viewer } = useViewer();
  const language = useLanguage();
  const name = useEnum();
  const format = useFormats();
  const quotaText = useQuotaText();
  const problemText = useProblemText();
  useTitle(t('title'));
  const { data, loading, problem, reload } = useLoad(
    CheckoutProductDocument,
    { id: productId },
    { typenames: ['Product', 'Plan'] },
  );
  const { purpose, plan: planId, quantity, scenario: code } = search;
  const input = useMemo(
    () =>
      purpose && planId && quantity !== undefined
        ? { productId, planId, purpose, quantity: askable(quantity), scenario: code }
        : null,
    [productId, planId, purpose, quantity, code],
  );
  const quote = useQuote(input);
  const ways = data?.paymentProviders;
  const { way, setWay } = useWay(ways);
  const licenceChanged = purchase.faults.some((fault) => fault.code === 'LICENCE_CHANGED');
  useEffect(() => {
    if (licenceChanged) reload();
  }, [licenceChanged, reload]);

  const there = WayChoice.useThere(true);
  if (loading || !there) return <Skeleton shape="facts" lines={8} />;
  const product = data?.product;
  const plan = product?.plans.find((one) => one.id === planId);
  const scenario = data?.discountScenarios.find((one) => one.code === code);
  if (!data || !product) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const back = { to: '/products/$id', params: { id: product.id }, search } as const;
  const head = (
    <PageHead
      breadcrumbs={
        <Breadcrumbs
          items={[
            { key: 'product', node: <Link {...back}>{named(product)}</Link> },
            { key: 'this', node: t('title') },
          ]}
        />
      }
      title={t('title')}
      lead={t(plan?.settlement === 'METERED' ? 'metered.lead' : 'lead')}
    />
  );
  const { quotation } = quote;
  const gratis = quotation?.reason === 'FREE_BY_PURPOSE';
  if (!input || !plan || gratis) {
    return (
      <>
        {head}
        <EmptyState
          title={gratis ? t('free.title') : t('lacking.title')}
          action={
            <ButtonLink kind="primary" {...back}>
              {t('back')}
            </ButtonLink>
          }
        >
          {gratis ? t('free.what') : t('lacking.what')}
        </EmptyState>
      </>
    );
  }

  const priced = quotation && !quote.stale && quote.faults.length === 0 && !quote.problem;
  const refused = [...quote.faults, ...purchase.faults];
  const unpriced = refused.length > 0 || quote.problem || purchase.problem;
  const licence = data.licence;
  const metered = plan.settlement === 'METERED';
  const change = (what: string) => (
    <Link {...back}>
      {t('change')}
      <VisuallyHidden>{what}</VisuallyHidden>
    </Link>
  );
  const send = () => {
    if (!priced) return;
    purchase.buy({ ...input, licenceVersion: licence.version }, quotation.total.amount, way?.name, onPlaced);
  };
  return (
    <>
      {head}
      <div className="grid items-start gap-x-8 lg:grid-cols-[minmax(0,1fr)_23.25rem]">
        <div className="min-w-0">
          <Section title={t('summary')} card>
            <SummaryList
              items={[
                { key: 'buyer', term: t('buyer'), value: viewer?.organisation && named(viewer.organisation) },
                {
                  key: 'product',
                  term: t('product'),
                  value: (
                    <>
                      {named(product)} {product.synthetic && <Badge>{t('product:synthetic')}</Badge>}
                      <span className="block text-ink-3 text-xs">
                        {t('product:by', { operator: named(product.operator) })}
                      </span>
                    </>
                  ),
                },
                {
                  key: 'purpose',
                  term: t('purpose'),
                  value: name('Purpose', input.purpose),
                  change: change(t('purpose')),
                },
                {
                  key: 'plan',
                  term: t('plan'),
                  value: (
                    <>
                      {named(plan)} {plan.trial && <Badge tone="special">{t('product:plan.trial')}</Badge>}
                    </>
                  ),
                  change: change(t('plan')),
                },
                {
                  key: 'quantity',
                  term: t(`product:quote.quantity.${plan.mode}`),
                  value: `${grouped(String(quantity))} ${t(`product:quote.suffix.${plan.mode}`, { count: quantity })}`,
                  change: change(t(`product:quote.quantity.${plan.mode}`)),
                },
                ...(scenario
                  ? [
                      {
                        key: 'scenario',
                        term: t('product:quote.scenario'),
                        value: named(scenario),
                        change: change(t('product:quote.scenario')),
                      },
                    ]
                  : []),
                {
                  key: 'quota',
                  term: t('gives'),
                  value: priced
                    ? t('givesValue', { quota: quotaText(quotation.quota, plan.settlement), count: plan.termMonths })
                    : unpriced
                      ? '—'
                      : t('pricing'),
                },
              ]}
            />
          </Section>
          <Section title={t('licence', { version: licence.version })} lead={t('licenceLead')} card>
            <p className="max-w-3xl whitespace-pre-line text-base">
              {(language === 'en' && licence.textEn) || licence.text}
            </p>
          </Section>
        </div>
        <aside className="lg:sticky lg:top-20">
          <section
            aria-label={t(metered ? 'metered.title' : 'pay.title')}
            className="rounded-xl border border-line bg-surface p-4 sm:p-5 lg:shadow-lg"
          >
            <h2 className="mb-2 font-semibold text-lg">{t(metered ? 'metered.title' : 'pay.title')}</h2>
            {quotation ? (
              <QuoteLines quotation={quotation} tariff={plan.tariff} stale={quote.stale} />
            ) : (
              quote.stale && <Skeleton shape="text" lines={4} />
            )}
            <p className="mt-3 flex flex-wrap items-baseline justify-between gap-x-2 border-line border-t pt-3">
              <span className="text-ink-2">{metered ? t('product:quote.estimate') : t('product:quote.total')}</span>
              <output aria-live="polite" className="font-semibold text-2xl">
                {priced ? format.money(quotation.total) : unpriced ? '—' : t('pricing')}
              </output>
            </p>
            <div className="mt-3 space-y-3">
              <Refused faults={refused} />
              {quote.problem && (
                <Notice
                  tone="attention"
                  live
                  title={problemText(quote.problem).title}
                  actions={
                    <Button size="small" onClick={quote.again}>
                      {t('product:quote.again')}
                    </Button>
                  }
                >
                  {problemText(quote.problem).what}
                </Notice>
              )}
              <Trouble problem={purchase.problem}>{t('pay.again')}</Trouble>
              {!metered && ways && <WayChoice ways={ways} way={way} onChange={setWay} />}
              <p className="text-ink-2 text-xs">
                {t(metered ? 'metered.agree' : 'pay.agree', {
                  version: licence.version,
                  purpose: name('Purpose', input.purpose),
                })}
              </p>
              <Button
                kind="primary"
                size="large"
                block
                pending={purchase.step !== undefined}
                disabled={!priced || (!metered && !way)}
                onClick={send}
              >
                {t(metered ? 'metered.button' : 'pay.button')}
              </Button>
              {metered && <p className="text-ink-3 text-xs">{t('metered.how')}</p>}
            </div>
          </section>
        </aside>
      </div>
    </>
  );
}
