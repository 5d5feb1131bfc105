import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceField } from '../../app/evidence-field';
import { useKeptEvidence } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { Badge } from '../../ui/badge';
import { Button, ButtonLink } from '../../ui/button';
import { FormErrors } from '../../ui/form-errors';
import { VisuallyHidden } from '../../ui/hidden';
import { Breadcrumbs, PageHead, Section, SummaryList } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { toast } from '../../ui/toast';
import { TariffText } from '../tariffs/tariff';
import { Gate, GateBar } from './gate';
import { type Edited, Origins, useEdited } from './product';
import { checkRoute } from './routes';
import { SubmitProductDocument } from './submit.gql';
import type { Task } from './tasks';

/** All that was answered about a product, each answer with the way to change it, before it is submitted for review. */
export function Screen() {
  const { t } = useTranslation('operator');
  const { id } = checkRoute.useParams();
  const named = useNamed();
  const { data, loading, problem, reload } = useEdited(id);
  const product = data?.product ?? undefined;
  useTitle(t('check.title'));
  if (loading) return <Skeleton shape="facts" lines={10} />;
  if (!product) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/operator/products">{t('products.title')}</Link> },
              {
                key: 'product',
                node: (
                  <Link to="/operator/products/$id" params={{ id }}>
                    {named(product)}
                  </Link>
                ),
              },
              { key: 'this', node: t('check.title') },
            ]}
          />
        }
        title={t('check.title')}
        lead={t('check.lead')}
      />
      <div className="gap-6 lg:grid lg:grid-cols-[minmax(0,1fr)_18rem]">
        <aside className="lg:order-2">
          <div className="lg:sticky lg:top-20">
            <Gate product={product} />
          </div>
        </aside>
        <div className="min-w-0">
          <Answers product={product} />
          <Section title={t('tasks.review')} lead={t('review.lead')} card>
            {product.allowedActions.includes('SUBMIT') ? (
              <Submits product={product} />
            ) : product.status === 'DRAFT' ? (
              <p className="text-ink-2">{t('check.notYet')}</p>
            ) : (
              <div className="space-y-3">
                <p className="text-ink-2">{t('check.notNow')}</p>
                <ButtonLink to="/operator/products/$id" params={{ id }}>
                  {t('check.back')}
                </ButtonLink>
              </div>
            )}
          </Section>
        </div>
      </div>
      <GateBar product={product} />
    </>
  );
}

function Answers({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  // Delivery and items are what they were drafted with: there is no task that changes them.
  const line = (key: string, task: Task | undefined, term: string, value: ReactNode) => ({
    key,
    term,
    value: value || <span className="text-ink-3">{t('check.none')}</span>,
    change: task && (
      <Link to="/operator/products/$id" params={{ id: product.id }} hash={task}>
        {t('check.change')}
        <VisuallyHidden>{t('check.changes', { what: term })}</VisuallyHidden>
      </Link>
    ),
  });
  const plans = product.plans;
  return (
    <Section title={t('check.answers')} card>
      <SummaryList
        items={[
          line('name', 'basics', t('basics.name'), product.name),
          line('nameEn', 'basics', t('basics.nameEn'), product.nameEn && <span lang="en">{product.nameEn}</span>),
          line('description', 'basics', t('basics.description'), product.description),
          line(
            'descriptionEn',
            'basics',
            t('basics.descriptionEn'),
            product.descriptionEn && <span lang="en">{product.descriptionEn}</span>,
          ),
          line('domain', 'basics', t('basics.domain'), named(product.domain)),
          line('delivery', undefined, t('basics.delivery'), name('Delivery', product.delivery)),
          line(
            'frequency',
            'basics',
            t('basics.frequency'),
            product.updateFrequency && name('UpdateFrequency', product.updateFrequency),
          ),
          line('rows', 'basics', t('check.rows'), t(product.aggregate ? 'basics.aggregate' : 'check.single')),
          line('items', undefined, t('items.title'), product.items.length > 0 && <Origins product={product} />),
          line(
            'dictionary',
            'sources',
            t('dictionary.title'),
            product.dictionary.length > 0 &&
              product.dictionary
                .map((column) => named({ name: column.label, nameEn: column.labelEn }))
                .join(t('separator')),
          ),
          line(
            'sample',
            'sources',
            t('sample.title'),
            product.sample.length > 0 && t('check.sample', { count: product.sample.length }),
          ),
          line(
            'data',
            'data',
            t('tasks.data'),
            product.dataset &&
              t('check.data', {
                number: product.dataset.number,
                rows: format.count(product.dataset.rowCount),
                size: format.bytes(product.dataset.bytes),
              }),
          ),
          line(
            'plans',
            'plans',
            t('tasks.plans'),
            plans.length > 0 && (
              <ul className="space-y-2">
                {plans.map((plan) => (
                  <li key={plan.id}>
                    <span className="flex flex-wrap items-center gap-2">
                      {named(plan)} · {name('ChargingMode', plan.mode)}
                      {plan.trial && <Badge tone="attention">{t('plans.trial')}</Badge>}
                    </span>
                    <span className="block text-ink-2 tabular-nums">
                      <TariffText tariff={plan.tariff} />
                    </span>
                  </li>
                ))}
              </ul>
            ),
          ),
          line(
            'shares',
            'shares',
            t('tasks.shares'),
            product.allocationRule && (
              <ul>
                {product.allocationRule.parts.map((part) => (
                  <li key={`${part.contributor?.id} ${part.basis}`} className="flex justify-between gap-4">
                    <span>{part.contributor && named(part.contributor)}</span>
                    <span className="tabular-nums">{part.weight}</span>
                  </li>
                ))}
              </ul>
            ),
          ),
        ]}
      />
    </Section>
  );
}

/** Asks for review, with the compliance file as evidence. */
function Submits({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const navigate = useNavigate();
  const evidence = useKeptEvidence(`review.${product.id}`);
  const { submit, pending, faults, problem } = useSubmit(SubmitProductDocument, {
    typenames: ['Product', 'Proceeding'],
  });
  const { at, errors, attempt, ready } = useFormErrors(
    { evidence: evidence.uploading ? t('missing.uploading') : evidence.ids.length === 0 && t('missing.evidence') },
    faults,
  );
  const send = async () => {
    if (!ready()) return;
    const outcome = await submit({ id: product.id, evidence: evidence.ids });
    if (!outcome?.done) return;
    evidence.drop();
    toast(t('review.done'));
    navigate({ to: '/operator/products/$id', params: { id: product.id } });
  };
  return (
    <div className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      <Trouble problem={problem} />
      <EvidenceField
        id="evidence"
        evidence={evidence}
        label={t('review.evidence')}
        hint={t('review.evidenceHint')}
        error={at('evidence')}
      />
      <Button kind="primary" size="large" pending={pending} onClick={send}>
        {t('review.submit')}
      </Button>
    </div>
  );
}
