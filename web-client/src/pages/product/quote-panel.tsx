import { useNavigate } from '@tanstack/react-router';
import clsx from 'clsx';
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { Refused } from '../../app/refused';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { grouped } from '../../lib/grouped';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import type { Purpose } from '../../lib/schema.gql';
import { faultAt } from '../../lib/submit';
import { Button, ButtonLink } from '../../ui/button';
import { RadioCards } from '../../ui/choice';
import { Field } from '../../ui/field';
import { NumberInput, useDecimalFault } from '../../ui/input';
import { Notice } from '../../ui/notice';
import { Select } from '../../ui/select';
import { usePeriodText, useUnit } from '../tariffs/units';
import { askable, type Plan, type PurchaseSearch, quantityOf, type Scenario } from './purchase';
import { QuoteLines, useQuotaText } from './quote-lines';
import { productRoute } from './routes';
import type { ProductQuery } from './screen.gql';
import { type Quote, useQuote } from './use-quote';

type UseOption = NonNullable<ProductQuery['product']>['useOptions'][number];

interface Purchase {
  productId: string;
  plans: readonly Plan[];
  plan: Plan | undefined;
  purpose: Purpose | undefined;
  options: readonly UseOption[];
  /** What the API says of the chosen purpose. */
  option: UseOption | undefined;
  /** Those for which policy gives a discount, and the one that is chosen. */
  scenarios: readonly Scenario[];
  scenario: string | undefined;
  /** As it is typed. */
  quantity: string;
  quote: Quote;
  /** What has to be chosen or typed before it can be ordered, once it was tried or taken away. */
  missing: 'purpose' | 'plan' | 'quantity' | undefined;
  change: (part: Partial<PurchaseSearch>) => void;
  type: (quantity: string) => void;
  choose: (plan: string) => void;
  order: () => void;
}

const Context = createContext<Purchase | null>(null);

function usePurchase(): Purchase {
  const purchase = use(Context);
  if (!purchase) throw new Error('a quote panel outside its purchase');
  return purchase;
}

/** Of what is sold by the piece or by the period, one is what is mostly meant; a volume has to be said. */
const usual = (plan: Plan | undefined) => (plan?.mode === 'PER_PERIOD' || plan?.mode === 'PER_PRODUCT' ? '1' : '');

const textOf = (quantity: PurchaseSearch['quantity']) => (quantity === undefined ? undefined : String(quantity));

/** Holds what is to be bought, which stands in the address, and what it would cost, for the panel and the bar of phones. */
export function PurchaseProvider({
  productId,
  plans,
  options,
  scenarios,
  children,
}: {
  productId: string;
  plans: readonly Plan[];
  options: readonly UseOption[];
  scenarios: readonly Scenario[];
  children: ReactNode;
}) {
  const search = productRoute.useSearch();
  const navigate = useNavigate();
  const plan = plans.find((one) => one.id === search.plan) ?? plans[0];
  const { purpose } = search;
  // A scenario that policy gives nothing for any more is none.
  const scenario = scenarios.find((one) => one.code === search.scenario)?.code;
  const [typed, setTyped] = useState(textOf(search.quantity));
  const [tried, setTried] = useState(false);
  const quantity = typed ?? usual(plan);
  const option = options.find((one) => one.purpose === purpose);
  const gratis = option?.free ?? false;
  // What is free costs as little at any quantity.
  const amount = gratis ? 1 : quantityOf(quantity);
  const input = useMemo(
    () =>
      purpose && plan && amount !== undefined
        ? { productId, planId: plan.id, purpose, quantity: askable(amount), scenario }
        : null,
    [productId, plan, purpose, amount, scenario],
  );
  const quote = useQuote(input);

  const change = (part: Partial<PurchaseSearch>) =>
    navigate({
      to: '.',
      search: (now: PurchaseSearch) => ({ ...now, ...part }) as never,
      replace: true,
      resetScroll: false,
    });
  // The address follows the typing at a distance; on leaving it is told at once.
  const toTell = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(toTell.current), []);
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(toTell.current);
    toTell.current = setTimeout(() => {
      toTell.current = undefined;
      change({ quantity: quantityOf(text) });
    }, 250);
  };
  // Where the address was changed otherwise, it is what counts; not while it still waits for what is typed.
  useEffect(() => {
    if (toTell.current !== undefined) return;
    setTyped((now) => (quantityOf(now ?? '') === search.quantity ? now : textOf(search.quantity)));
  }, [search.quantity]);
  const choose = (chosen: string) => {
    const same = plans.find((one) => one.id === chosen)?.mode === plan?.mode;
    if (same) {
      change({ plan: chosen });
      return;
    }
    // So many calls are not so many months.
    clearTimeout(toTell.current);
    toTell.current = undefined;
    setTyped(undefined);
    change({ plan: chosen, quantity: undefined });
  };

  const missing = !purpose ? 'purpose' : !plan ? 'plan' : amount === undefined ? 'quantity' : undefined;
  const order = () => {
    clearTimeout(toTell.current);
    setTried(true);
    if (missing || !purpose || !plan || amount === undefined) {
      const field = document.getElementById(missing === 'quantity' ? 'quantity' : `purchase-${missing}`);
      field?.scrollIntoView({ block: 'center' });
      (missing === 'quantity' ? field : field?.querySelector('input'))?.focus();
      return;
    }
    if (faultAt(quote.faults, 'input.quantity')) {
      document.getElementById('quantity')?.focus();
      return;
    }
    navigate({
      to: '/checkout/$productId',
      params: { productId },
      search: { purpose, plan: plan.id, quantity: amount, scenario },
    });
  };
  return (
    <Context
      value={{
        productId,
        plans,
        plan,
        purpose,
        options,
        option,
        scenarios,
        scenario,
        quantity,
        quote,
        missing: tried || (missing === 'quantity' && typed === '') ? missing : undefined,
        change,
        type,
        choose,
        order,
      }}
    >
      {children}
    </Context>
  );
}

/** What it is for, by which plan, how much, what that costs and why, and the button. */
export function QuotePanel({ usualPurpose }: { usualPurpose?: Purpose | null }) {
  const { t } = useTranslation('product');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const say = useFaultText();
  const problemText = useProblemText();
  const quotaText = useQuotaText();
  const unit = useUnit();
  const periodText = usePeriodText();
  const decimal = useDecimalFault();
  const { plans, plan, purpose, options, option, scenarios, scenario, quantity, quote, missing, change, type, choose } =
    usePurchase();
  const { viewer } = useViewer();
  const { quotation, faults, problem, stale } = quote;
  const gratis = option?.free ?? false;
  const atQuantity = faultAt(faults, 'input.quantity');
  // The least that can be bought, where less comes to nothing.
  const least = atQuantity?.params?.find((param) => param.name === 'minimum')?.value;
  const others = faults.filter((fault) => fault !== atQuantity);
  const trouble = problem && problemText(problem);

  // Once it is known who is here, the panel opens on what they mostly come for.
  const opened = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it opens once
  useEffect(() => {
    if (opened.current || purpose || !usualPurpose) return;
    opened.current = true;
    change({ purpose: usualPurpose });
  }, [usualPurpose, purpose]);

  const purposeOf = (free: boolean) => ({
    name: 'purpose',
    columns: 2 as const,
    options: options
      .filter((one) => one.free === free)
      .map((one) => {
        // Nobody may use it for what its items are not granted for; who may otherwise is said below.
        return {
          value: one.purpose,
          label: name('Purpose', one.purpose),
          disabled: !one.granted,
          hint: one.granted ? undefined : t('quote.notGranted'),
        };
      }),
    value: purpose ?? null,
    onValueChange: (value: string) => change({ purpose: value as Purpose }),
  });
  return (
    <section
      aria-label={t('quote.title')}
      className="flex flex-col rounded-xl border border-line bg-surface lg:max-h-[calc(100dvh-6rem)] lg:shadow-lg"
    >
      <div className="relative min-h-0 space-y-4 overflow-y-auto p-4 sm:p-5">
        <div id="purchase-purpose" className="space-y-3 min-[380px]:[&_[role=radiogroup]]:grid-cols-2">
          <h2 className="font-semibold text-lg">{t('quote.title')}</h2>
          <Field
            as="group"
            label={t('quote.paidGroup')}
            error={missing === 'purpose' ? t('quote.purposeMissing') : undefined}
          >
            <RadioCards {...purposeOf(false)} />
          </Field>
          <Field as="group" label={t('quote.freeGroup')}>
            <RadioCards {...purposeOf(true)} />
          </Field>
        </div>
        {gratis ? (
          <p className="text-ink-2">{t('quote.freeHow')}</p>
        ) : plans.length === 0 ? (
          <Notice>{t('quote.noPlan')}</Notice>
        ) : (
          <>
            <div id="purchase-plan">
              <Field as="group" label={t('quote.plan')}>
                <RadioCards
                  name="plan"
                  value={plan?.id ?? null}
                  onValueChange={choose}
                  options={plans.map((one) => ({
                    value: one.id,
                    label: named(one),
                    hint: t('quote.planHint', {
                      settlement: name('Settlement', one.settlement),
                      count: one.termMonths,
                    }),
                    aside: (
                      <>
                        <span className="font-medium">{format.rate(one.headline.amount)}</span>
                        <span className="block text-ink-3 text-xs">
                          /{' '}
                          {one.headline.units > 1
                            ? t('quote.package', { n: format.count(one.headline.units), unit: unit(one.tariff) })
                            : unit(one.tariff)}
                          {one.headline.from && t('quote.firstBand')}
                        </span>
                      </>
                    ),
                  }))}
                />
              </Field>
            </div>
            <Field
              id="quantity"
              label={plan ? t(`quote.quantity.${plan.mode}`) : t('quote.quantity.PER_CALL')}
              hint={
                plan?.settlement === 'METERED'
                  ? t('quote.monthly')
                  : plan?.tariff.period
                    ? t('quote.period', { period: periodText(plan.tariff.period) })
                    : undefined
              }
              error={
                atQuantity
                  ? say(atQuantity) + (least ? t('quote.least', { n: grouped(least) }) : '')
                  : missing === 'quantity'
                    ? (decimal(quantity) ?? t('quote.quantityMissing'))
                    : undefined
              }
            >
              <NumberInput
                value={quantity}
                onValueChange={type}
                suffix={plan && t(`quote.suffix.${plan.mode}`, { count: Number(quantity) })}
              />
            </Field>
            {scenarios.length > 0 && (
              <Field label={t('quote.scenario')} hint={t('quote.scenarioHint')} required={false}>
                <Select
                  options={[
                    { value: '', label: t('quote.noScenario') },
                    ...scenarios.map((one) => ({ value: one.code, label: named(one) })),
                  ]}
                  value={scenario ?? ''}
                  onValueChange={(chosen) => change({ scenario: chosen || undefined })}
                />
              </Field>
            )}
          </>
        )}
        {viewer && option?.refusal && (
          <Notice tone="attention" title={t('quote.notYou')}>
            {say(option.refusal)}
          </Notice>
        )}
        <Refused faults={others} tone="attention" />
        {trouble && (
          <Notice
            tone="attention"
            live
            title={trouble.title}
            actions={
              <Button size="small" onClick={quote.again}>
                {t('quote.again')}
              </Button>
            }
          >
            {trouble.what}
          </Notice>
        )}
        {!gratis && quotation && plan && faults.length === 0 && (
          <>
            <QuoteLines quotation={quotation} tariff={plan.tariff} stale={stale} />
            <p className={clsx('text-ink-3 text-xs', stale && 'opacity-60')}>
              {t('quote.gives', { quota: quotaText(quotation.quota, plan.settlement), count: plan.termMonths })}
            </p>
          </>
        )}
      </div>
      <div className="hidden border-line border-t p-4 sm:px-5 lg:block">
        <TotalAndButton />
      </div>
    </section>
  );
}

/** The total and the button, stuck to the bottom of a phone's page. */
export function QuoteBar() {
  return (
    <div
      data-bottom-bar
      className="sticky bottom-0 z-10 -mx-4 mt-4 border-line-strong border-t bg-surface px-4 py-3 lg:hidden"
    >
      <TotalAndButton />
    </div>
  );
}

function TotalAndButton() {
  const { t } = useTranslation('product');
  const format = useFormats();
  const { viewer, known } = useViewer();
  const { productId, purpose, option, quote, order, plans, plan } = usePurchase();
  const { quotation, stale, faults, problem } = quote;
  const gratis = option?.free ?? false;
  const refused = option?.refusal != null;
  const valid = quotation && faults.length === 0 && !problem;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 lg:block">
      <p className="flex min-w-36 flex-1 grow-[9] flex-wrap items-baseline justify-between gap-x-2 lg:mb-2.5">
        <span className="text-ink-2 text-sm">
          {t(plan?.settlement === 'METERED' ? 'quote.estimate' : 'quote.total')}
        </span>
        <output aria-live="polite" className={clsx('text-right', stale && valid && 'opacity-50')}>
          {valid ? (
            <>
              <span className={clsx('font-semibold text-xl', gratis && 'text-jade')}>
                {format.money(quotation.total)}
              </span>
              <span className="ml-1 text-ink-3 text-xs">{gratis ? t('quote.freeMark') : t('quote.withVat')}</span>
            </>
          ) : (
            <span className="text-ink-3 text-sm">{t('quote.totalOpen')}</span>
          )}
        </output>
      </p>
      {known && !viewer ? (
        <ButtonLink
          kind="primary"
          size="large"
          className="max-lg:grow lg:w-full"
          to="/sign-in"
          search={{ to: location.pathname + location.search }}
        >
          {t('quote.signIn')}
        </ButtonLink>
      ) : gratis && !refused ? (
        <ButtonLink
          kind="primary"
          size="large"
          className="max-lg:grow lg:w-full"
          to="/free-use/apply/$productId"
          params={{ productId }}
          search={{ purpose }}
        >
          {t('quote.apply')}
        </ButtonLink>
      ) : (
        <Button
          kind="primary"
          size="large"
          className="max-lg:grow lg:w-full"
          onClick={order}
          disabled={refused || plans.length === 0}
        >
          {gratis ? t('quote.apply') : t('quote.order')}
        </Button>
      )}
    </div>
  );
}
