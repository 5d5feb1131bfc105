import { Link } from '@tanstack/react-router';
import { type FormEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { ConfirmDialog } from '../../app/confirm';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { productTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { type ChargingMode, enums, type PeriodUnit } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Badge, StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { DateInput, NumberInput, TextArea, TextInput, useDecimalFault } from '../../ui/input';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { TariffText } from '../tariffs/tariff';
import { usePeriodText } from '../tariffs/units';
import { CapSetDocument } from './cap-set.gql';
import { FormState, useEntryErrors } from './form';
import { AgencyProductDocument, type AgencyProductQuery, CapPermittedDocument } from './product.gql';
import { ProductSuspendDocument } from './product-suspend.gql';
import { productRoute } from './routes';

type ProductFacts = NonNullable<AgencyProductQuery['product']>;

/** A product as its supervisors see it: its prices and their caps, and how it is taken off the market. */
export function Screen() {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const name = useEnum();
  const language = useLanguage();
  const format = useFormats();
  const period = usePeriodText();
  const { viewer } = useViewer();
  const { id } = productRoute.useParams();
  const variables = useMemo(() => ({ id }), [id]);
  const { data, loading, problem, reload } = useLoad(AgencyProductDocument, variables, {
    typenames: ['Product', 'PriceCap', 'Plan'],
  });
  const product = data?.product;
  useTitle(product ? named(product) : undefined);
  if (!data && problem) return <ProblemState whole problem={problem} reload={reload} />;
  if (loading || !data) return <Skeleton shape="facts" lines={6} />;
  if (!product) return <ProblemState whole problem={{ kind: 'absent' }} />;
  // Whoever set its caps sets them: where that is somebody else, it is said in the place of the form.
  const others = [...new Map(product.caps.map(({ authority }) => [authority.id, authority])).values()].filter(
    (one) => one.id !== viewer?.organisation?.id,
  );
  return (
    <>
      <PageHead
        title={named(product)}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'products', node: <Link to="/agency/products">{t('products.title')}</Link> },
              { key: 'product', node: named(product) },
            ]}
          />
        }
        meta={
          <>
            <StatusBadge tone={productTones[product.status]}>{name('ProductStatus', product.status)}</StatusBadge>
            <span>{named(product.operator)}</span>
          </>
        }
        lead={(language === 'en' && product.descriptionEn) || product.description}
        actions={
          product.allowedActions.includes('SUSPEND') && (
            <Act
              danger
              label={t('product.suspend')}
              title={t('product.suspendTitle', { name: named(product) })}
              consequence={t('product.suspendConsequence')}
              done={t('product.suspended', { name: named(product) })}
              mutation={ProductSuspendDocument}
              variables={(reason) => ({ id, reason })}
              typenames={['Product']}
            />
          )
        }
      />
      {product.suspensionCode && (
        <Notice tone="attention" title={t('product.off')} className="mb-5">
          {name('ObstacleCode', product.suspensionCode)}
        </Notice>
      )}
      <Section title={t('product.facts')} card>
        <DescriptionList
          columns={2}
          facts={[
            {
              key: 'identifier',
              term: t('product.identifier'),
              value: <span className="break-all font-mono text-13">{product.identifier}</span>,
            },
            { key: 'code', term: t('product.code'), value: product.registrationCode ?? t('products.noCode') },
            {
              key: 'codeEnds',
              term: t('product.codeEnds'),
              value: product.registrationExpiresOn && format.day(product.registrationExpiresOn),
            },
            { key: 'listed', term: t('product.listed'), value: product.listedAt && format.day(product.listedAt) },
          ]}
        />
      </Section>
      <Section title={t('product.plans')} lead={t('product.plansLead')}>
        <DataTable
          caption={t('product.plans')}
          rows={product.plans}
          rowKey={(plan) => plan.id}
          empty={<p className="p-3 text-ink-2">{t('product.noPlans')}</p>}
          columns={[
            {
              key: 'name',
              head: t('product.plan'),
              rowHeader: true,
              cell: (plan) => (
                <>
                  {named(plan)} {plan.trial && <Badge tone="attention">{t('product.trial')}</Badge>}
                  {plan.stoppedBy && (
                    <span className="block text-amber text-xs">
                      {t('cap.stopped', { why: name('ObstacleCode', plan.stoppedBy) })}
                    </span>
                  )}
                </>
              ),
            },
            { key: 'mode', head: t('cap.mode'), nowrap: true, cell: (plan) => name('ChargingMode', plan.mode) },
            {
              key: 'rates',
              head: t('product.rates'),
              cell: (plan) => <TariffText tariff={plan.tariff} />,
            },
            {
              key: 'cap',
              head: t('product.cap'),
              numeric: true,
              cell: (plan) => (plan.cap ? format.rate(plan.cap.rate) : t('product.noCap')),
            },
          ]}
        />
      </Section>
      <Section title={t('product.caps')}>
        <DataTable
          caption={t('product.caps')}
          rows={product.caps}
          rowKey={(cap) => cap.id}
          empty={<p className="p-3 text-ink-2">{t('product.noCaps')}</p>}
          columns={[
            {
              key: 'mode',
              head: t('cap.mode'),
              rowHeader: true,
              cell: (cap) =>
                cap.period
                  ? t('cap.per', { mode: name('ChargingMode', cap.mode), period: period(cap.period) })
                  : name('ChargingMode', cap.mode),
            },
            { key: 'rate', head: t('cap.rate'), numeric: true, cell: (cap) => format.rate(cap.rate) },
            { key: 'day', head: t('cap.effectiveOn'), nowrap: true, cell: (cap) => format.day(cap.effectiveOn) },
            {
              key: 'under',
              head: t('cap.under'),
              cell: (cap) =>
                cap.permittedRevenue &&
                t('cap.underOf', { year: cap.permittedRevenue.year, count: format.count(cap.forecast ?? 0) }),
            },
            {
              key: 'breaking',
              head: t('cap.breaking'),
              cell: (cap) => cap.breakingPlans.map((plan) => named(plan)).join(t('separator')),
            },
            { key: 'document', head: t('document'), cell: (cap) => cap.sourceDocument },
            { key: 'reason', head: t('reason'), cell: (cap) => cap.reason },
            { key: 'authority', head: t('cap.authority'), cell: (cap) => named(cap.authority) },
          ]}
        />
      </Section>
      {product.allowedActions.includes('SET_CAP') ? (
        <CapForm product={product} />
      ) : (
        others.length > 0 && (
          <Notice>{t('cap.others', { authority: others.map((one) => named(one)).join(t('separator')) })}</Notice>
        )
      )}
    </>
  );
}

/** The choice of no permitted revenue. */
const unpermitted = 'none';

function CapForm({ product }: { product: ProductFacts }) {
  const { t } = useTranslation('agency');
  const name = useEnum();
  const format = useFormats();
  const decimal = useDecimalFault();
  const id = useId();
  const used = product.plans.map((plan) => plan.mode);
  const [mode, setMode] = useState<ChargingMode>(used[0] ?? 'PER_CALL');
  const [rate, setRate] = useState('');
  const [count, setCount] = useState('1');
  const [unit, setUnit] = useState<PeriodUnit>('MONTH');
  const [chosen, setChosen] = useState<string>();
  const [forecast, setForecast] = useState('');
  const [day, setDay] = useState('');
  const [document, setDocument] = useState('');
  const [reason, setReason] = useState('');
  const [attempt, setAttempt] = useState(0);
  const [confirming, setConfirming] = useState(false);
  const { submit, pending, faults, problem, reset } = useSubmit(CapSetDocument, {
    typenames: ['PriceCap', 'Plan', 'Product', 'PermittedRevenue'],
  });
  const periodic = mode === 'PER_PERIOD' || mode === 'PER_ITEM_PERIOD';
  const variables = useMemo(() => ({ operatorId: product.operator.id }), [product.operator.id]);
  const years = useLoad(CapPermittedDocument, variables, { typenames: ['PermittedRevenue', 'PriceCap'] });
  const inForce = years.data?.permittedRevenues.edges.map((edge) => edge.node) ?? [];
  // That of the year of the first day, and while there is no day the newest; without any there is nothing to be under.
  const ofYear = day ? inForce.find((one) => day.startsWith(`${one.year}-`)) : inForce[0];
  const permitted = chosen ?? ofYear?.id ?? unpermitted;
  const form = useEntryErrors(
    [
      { id: `${id}-rate`, path: 'input.rate', wrong: rate ? decimal(rate, 6) : t('cap.rateMissing') },
      {
        id: `${id}-count`,
        path: 'input.period',
        wrong: periodic ? (count ? decimal(count) : t('cap.countMissing')) : undefined,
      },
      { id: `${id}-permitted`, path: 'input.permittedRevenueId' },
      {
        id: `${id}-forecast`,
        path: 'input.forecast',
        wrong: permitted === unpermitted ? undefined : forecast ? decimal(forecast) : t('cap.forecastMissing'),
      },
      { id: `${id}-day`, path: 'input.effectiveOn', wrong: day ? undefined : t('cap.dayMissing') },
      { id: `${id}-document`, path: 'input.sourceDocument', wrong: document.trim() ? undefined : t('documentMissing') },
      { id: `${id}-reason`, path: 'input.reason', wrong: reason.trim() ? undefined : t('reasonMissing') },
      { id: `${id}-mode`, path: 'input.mode' },
    ],
    faults,
    attempt,
  );
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setAttempt(attempt + 1);
    reset();
    if (form.complete) setConfirming(true);
  };
  const send = async () => {
    const outcome = await submit({
      productId: product.id,
      input: {
        mode,
        rate,
        period: periodic ? { unit, count: Number(count) } : null,
        permittedRevenueId: permitted === unpermitted ? null : permitted,
        forecast: permitted === unpermitted ? null : Number(forecast),
        effectiveOn: day,
        sourceDocument: document.trim(),
        reason: reason.trim(),
      },
    });
    if (!outcome) return;
    setConfirming(false);
    if (!outcome.done) return;
    toast(t('cap.done'));
    setRate('');
    setDay('');
    setDocument('');
    setReason('');
    setAttempt(0);
  };
  return (
    <Section title={t('cap.title')} lead={t('cap.lead')} card>
      <form noValidate onSubmit={ask} className="max-w-3xl space-y-4">
        <FormState errors={form.errors} rest={form.rest} problem={problem} attempt={attempt} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            id={`${id}-mode`}
            label={t('cap.mode')}
            hint={t('cap.modeHint')}
            error={form.at('input.mode')}
            required
          >
            <Select
              value={mode}
              options={enums.ChargingMode.map((one) => ({ value: one, label: name('ChargingMode', one) }))}
              onValueChange={(value) => setMode(value as ChargingMode)}
            />
          </Field>
          <Field
            id={`${id}-rate`}
            label={t('cap.rate')}
            hint={t('cap.rateHint')}
            error={form.at('input.rate')}
            required
          >
            <NumberInput places={6} value={rate} onValueChange={setRate} suffix={t('cap.yuan')} />
          </Field>
          {periodic && (
            <div className="grid grid-cols-2 gap-4">
              <Field id={`${id}-count`} label={t('cap.count')} error={form.at('input.period')} required>
                <NumberInput value={count} onValueChange={setCount} />
              </Field>
              <Field id={`${id}-unit`} label={t('cap.unit')}>
                <Select
                  value={unit}
                  options={enums.PeriodUnit.map((one) => ({ value: one, label: name('PeriodUnit', one) }))}
                  onValueChange={(value) => setUnit(value as PeriodUnit)}
                />
              </Field>
            </div>
          )}
          <Field
            id={`${id}-permitted`}
            label={t('cap.permitted')}
            hint={t('cap.permittedHint')}
            error={form.at('input.permittedRevenueId')}
          >
            <Select
              value={permitted}
              options={[
                { value: unpermitted, label: t('cap.noPermitted') },
                ...inForce.map((one) => ({
                  value: one.id,
                  label: t('cap.ofYear', { year: one.year, left: format.money(one.capsLeft) }),
                })),
              ]}
              onValueChange={setChosen}
            />
          </Field>
          {permitted !== unpermitted && (
            <Field
              id={`${id}-forecast`}
              label={t('cap.forecast')}
              hint={t('cap.forecastHint')}
              error={form.at('input.forecast')}
              required
            >
              <NumberInput value={forecast} onValueChange={setForecast} />
            </Field>
          )}
          <Field
            id={`${id}-day`}
            label={t('cap.effectiveOn')}
            hint={t('cap.dayHint')}
            error={form.at('input.effectiveOn')}
            required
          >
            <DateInput value={day} onValueChange={setDay} />
          </Field>
          <Field
            id={`${id}-document`}
            label={t('document')}
            hint={t('cap.documentHint')}
            error={form.at('input.sourceDocument')}
            required
          >
            <TextInput value={document} onChange={(event) => setDocument(event.target.value)} />
          </Field>
        </div>
        <Field id={`${id}-reason`} label={t('reason')} error={form.at('input.reason')} required>
          <TextArea rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Button type="submit" kind="primary" size="large">
          {t('cap.send')}
        </Button>
      </form>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={t('cap.confirm', { mode: name('ChargingMode', mode), rate: rate && format.rate(rate) })}
        consequence={t('cap.consequence', { day: day && format.day(day) })}
        confirm={t('cap.send')}
        pending={pending}
        onConfirm={send}
      />
    </Section>
  );
}
