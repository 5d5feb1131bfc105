import { Link, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../app/problem-state';
import { useViewer } from '../../app/viewer';
import { percent, useFormats } from '../../lib/format';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import { enums, type Purpose } from '../../lib/schema.gql';
import { ButtonLink } from '../../ui/button';
import { RadioCards } from '../../ui/choice';
import { Field } from '../../ui/field';
import { NumberInput } from '../../ui/input';
import { Notice } from '../../ui/notice';
import type { ProductQuery } from './product.gql';
import type { ProductSearch } from './routes';
import { type Quoted, useQuote } from './use-quote';

type Product = NonNullable<ProductQuery['product']>;
type Plan = Product['plans'][number];

/** The two groups of purposes: which one decides whether it is paid (P65 §1). The amounts are the API's. */
const groups: { key: string; purposes: Purpose[]; free: boolean }[] = [
  { key: 'paid', purposes: ['INDUSTRY', 'SECTOR'], free: false },
  { key: 'free', purposes: ['GOVERNANCE', 'WELFARE'], free: true },
];

interface Props {
  product: Product;
  search: ProductSearch;
  onSearch: (next: ProductSearch) => void;
}

/** Purpose → plan → quantity → lines → total → button. What is chosen stands in the address. */
export function QuotePanel({ product, search, onSearch }: Props) {
  const { t } = useTranslation('product');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const { viewer } = useViewer();
  const plans = product.plans.filter((plan) => !plan.withdrawnAt);
  const purpose = search.purpose ?? viewer?.usualPurpose ?? undefined;
  const free = purpose !== undefined && groups.some((group) => group.free && group.purposes.includes(purpose));
  const plan = plans.find((one) => one.id === search.plan) ?? (plans.length === 1 ? plans[0] : undefined);
  const once = plan?.mode === 'PER_PRODUCT';
  const quantity = search.quantity ?? (once || plan?.mode === 'PER_PERIOD' ? '1' : '');
  const quoted = useQuote({ productId: product.id, planId: free ? undefined : plan?.id, purpose, quantity });
  const perUnit = (of: Plan) => t(`per.${of.mode}`, { months: of.periodMonths ?? 1 });
  return (
    <section aria-labelledby="quote" className="rounded-xl border border-line bg-surface p-5 shadow-lg">
      <h2 id="quote" className="mb-3 font-semibold text-lg">
        {t('quote.title')}
      </h2>
      <div className="space-y-4">
        {groups.map((group) => (
          <Field key={group.key} as="group" label={t(`quote.${group.key}`)}>
            <RadioCards
              name="purpose"
              columns={2}
              options={enums.Purpose.filter((one) => group.purposes.includes(one)).map((one) => ({
                value: one,
                label: name('Purpose', one),
              }))}
              value={purpose ?? null}
              onValueChange={(one) => onSearch({ ...search, purpose: one as Purpose })}
            />
          </Field>
        ))}
        {free && purpose ? (
          <FreeUse product={product} purpose={purpose} />
        ) : (
          <>
            <Field as="group" label={t('quote.plan')}>
              <RadioCards
                name="plan"
                options={plans.map((one) => ({
                  value: one.id,
                  label: named(one),
                  hint: one.cap
                    ? t('quote.cap', { rate: format.rate(one.cap.rate), per: perUnit(one) })
                    : t('quote.trial'),
                  aside: (
                    <span className="whitespace-nowrap">
                      {format.rate(one.bands[0]?.rate ?? '0')}{' '}
                      <span className="text-ink-3 text-xs">{perUnit(one)}</span>
                    </span>
                  ),
                }))}
                value={plan?.id ?? null}
                onValueChange={(id) => onSearch({ ...search, plan: id, quantity: undefined })}
              />
            </Field>
            {plan && (
              <Quantity
                plan={plan}
                quantity={quantity}
                quoted={quoted}
                onQuantity={(next) => onSearch({ ...search, purpose, plan: plan.id, quantity: next })}
              />
            )}
            <Price quoted={quoted} />
            <Order
              product={product}
              search={{ purpose, plan: plan?.id, quantity }}
              ready={Boolean(quoted.quotation) && !quoted.stale}
            />
          </>
        )}
      </div>
    </section>
  );
}

function Quantity({
  plan,
  quantity,
  quoted,
  onQuantity,
}: {
  plan: Plan;
  quantity: string;
  quoted: Quoted;
  onQuantity: (next: string) => void;
}) {
  const { t } = useTranslation('product');
  const say = useFaultText();
  const problemText = useProblemText();
  const refused = quoted.faults[0];
  return (
    <>
      <Field
        id="quantity"
        label={t(`quote.quantity.${plan.mode}`)}
        hint={t('quote.term', { months: plan.termMonths })}
        error={refused && say(refused)}
      >
        <NumberInput
          value={quantity}
          onValueChange={onQuantity}
          suffix={t(`quote.unit.${plan.mode}`, { months: plan.periodMonths ?? 1 })}
        />
      </Field>
      {quoted.problem && (
        <Notice tone="attention" live title={problemText(quoted.problem).title}>
          {problemText(quoted.problem).what}
        </Notice>
      )}
    </>
  );
}

/** The lines and the total of a price, as the API reckons it. */
export function Price({ quoted }: { quoted: Quoted }) {
  const { t } = useTranslation('product');
  const name = useEnum();
  const format = useFormats();
  const { quotation, stale } = quoted;
  return (
    <div aria-busy={stale} className={stale ? 'opacity-60' : undefined}>
      {quotation && (
        <dl className="space-y-1 border-line border-t pt-3 text-13">
          {quotation.lines.map((line) => (
            <div key={line.band} className="flex justify-between gap-3">
              <dt className="text-ink-2">
                {t('quote.line', { quantity: format.count(line.quantity), rate: format.rate(line.rate) })}
                <span className="ml-1 text-ink-3 text-xs">{name('QuotationRule', line.rule)}</span>
              </dt>
              <dd className="whitespace-nowrap">{format.money(line.amount)}</dd>
            </div>
          ))}
          <div className="flex justify-between gap-3 text-ink-2">
            <dt>{t('quote.net')}</dt>
            <dd>{format.money(quotation.net)}</dd>
          </div>
          <div className="flex justify-between gap-3 text-ink-2">
            <dt>{t('quote.vat', { rate: percent(quotation.vatRate) })}</dt>
            <dd>{format.money(quotation.vat)}</dd>
          </div>
        </dl>
      )}
      <p role="status" className="mt-2 flex items-baseline justify-between gap-3 border-line border-t pt-2">
        <span className="font-medium">{t('quote.total')}</span>
        <span className="font-semibold text-2xl">{quotation ? format.money(quotation.total) : t('quote.noTotal')}</span>
      </p>
    </div>
  );
}

/** Leads on to the order, with what was chosen; says what is lacking, and who may order. */
function Order({ product, search, ready }: { product: Product; search: ProductSearch; ready: boolean }) {
  const { t } = useTranslation('product');
  const { viewer, known } = useViewer();
  const here = useRouterState({ select: (state) => state.location.href });
  if (known && !viewer) {
    return (
      <ButtonLink to="/sign-in" search={{ to: here }} kind="primary" size="large" block>
        {t('quote.signIn')}
      </ButtonLink>
    );
  }
  if (!ready) return <p className="rounded-md bg-sunken px-3 py-2.5 text-center text-ink-2">{t('quote.lacking')}</p>;
  return (
    <ButtonLink
      to={'/checkout/$productId' as never}
      params={{ productId: product.id } as never}
      search={search as never}
      kind="primary"
      size="large"
      block
    >
      {t('quote.order')}
    </ButtonLink>
  );
}

function FreeUse({ product, purpose }: { product: Product; purpose: Purpose }) {
  const { t } = useTranslation('product');
  const format = useFormats();
  const { viewer, known } = useViewer();
  const here = useRouterState({ select: (state) => state.location.href });
  return (
    <>
      <p className="flex items-baseline justify-between border-line border-t pt-3">
        <span className="font-medium">{t('quote.total')}</span>
        <span className="font-semibold text-2xl text-jade">{format.money({ amount: '0.00' })}</span>
      </p>
      <p className="text-ink-2">{t('quote.freeWhy')}</p>
      {known && !viewer ? (
        <ButtonLink to="/sign-in" search={{ to: here }} kind="primary" size="large" block>
          {t('quote.signInFree')}
        </ButtonLink>
      ) : (
        <Link
          to={'/free-use/apply/$productId' as never}
          params={{ productId: product.id } as never}
          search={{ purpose } as never}
          className="flex min-h-11 items-center justify-center rounded-md bg-brand px-5 font-medium text-base text-white hover:bg-brand-hover focus-visible:outline-2 focus-visible:outline-brand focus-visible:outline-offset-2"
        >
          {t('quote.apply')}
        </Link>
      )}
    </>
  );
}
