import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsKept } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { Mend, QualityBadge } from '../../app/quality';
import { useTitle } from '../../app/title';
import { productTones } from '../../app/tones';
import { toldNow } from '../../lib/events';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { ProductAction } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Breadcrumbs, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { TaskList } from '../../ui/steps';
import { DataTable } from '../../ui/table';
import { Allocation } from './allocation';
import { Data } from './data';
import { Gate, GateBar } from './gate';
import { Lists, Retire, Suspend } from './moves';
import { Plans } from './plans';
import { EditedProductDocument, type EditedProductQuery } from './product.gql';
import { Review } from './review';
import { dictionaryForm, Revise, ReviseDictionary, reviseForm } from './revise';
import { editRoute } from './routes';
import { nextOf, stateOf, tasks } from './tasks';

export type Edited = NonNullable<EditedProductQuery['product']>;

/** Brings a part of the page into view, and the focus with it. */
function show(id: string) {
  const part = document.getElementById(id);
  part?.scrollIntoView();
  part?.focus({ preventScroll: true });
}

export const useEdited = (id: string) =>
  useLoad(
    EditedProductDocument,
    { id },
    { typenames: ['Product', 'Plan', 'AllocationRule', 'Dataset', 'Proceeding', 'PriceCap'] },
  );

/** A product of the operator's own as a list of tasks, with what keeps it off the market always in view. */
export function Screen() {
  const { t } = useTranslation('operator');
  const { id } = editRoute.useParams();
  const named = useNamed();
  const name = useEnum();
  const { data, loading, asOf, problem, reload } = useEdited(id);
  const product = data?.product ?? undefined;
  useTitle(product && named(product));
  const onSaved = useGoOn(product, asOf);
  // What the address names is there only now; whoever goes to a task again, by a link, is led there again.
  const there = Boolean(product);
  const { hash, state } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the state is another after each time that somebody goes somewhere.
  useEffect(() => {
    if (there && hash) show(hash);
  }, [there, hash, state]);
  if (loading) return <Skeleton shape="facts" lines={10} />;
  if (!product) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const may = (act: ProductAction) => product.allowedActions.includes(act);
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/operator/products">{t('products.title')}</Link> },
              { key: 'this', node: named(product) },
            ]}
          />
        }
        title={named(product)}
        meta={
          <>
            <StatusBadge tone={productTones[product.status]}>{name('ProductStatus', product.status)}</StatusBadge>
            <QualityBadge score={product.quality.score} />
            <span>
              {named(product.domain)} · {name('Delivery', product.delivery)}
            </span>
            <Link to="/products/$id" params={{ id: product.id }} className="text-brand hover:underline">
              {t('product.public')}
            </Link>
          </>
        }
        actions={
          <>
            {may('LIST') && <Lists id={product.id} />}
            {may('SUSPEND') && <Suspend id={product.id} />}
            {may('RETIRE') && <Retire id={product.id} />}
          </>
        }
      />
      <div className="gap-6 lg:grid lg:grid-cols-[minmax(0,1fr)_18rem]">
        <aside className="mb-5 lg:order-2 lg:mb-0">
          <div className="space-y-4 lg:sticky lg:top-20">
            <Gate product={product} />
            <section aria-labelledby="tasks" className="rounded-xl border border-line bg-surface p-4">
              <h2 id="tasks" className="mb-2 font-semibold text-base">
                {t('tasks.title')}
              </h2>
              <TaskList
                label={t('tasks.title')}
                tasks={tasks.map((task) => ({
                  key: task,
                  title:
                    task === 'review' && product.status === 'DRAFT' ? (
                      <Link to="/operator/products/$id/check" params={{ id }}>
                        {t('tasks.review')}
                      </Link>
                    ) : (
                      <Link to="/operator/products/$id" params={{ id }} hash={task}>
                        {t(`tasks.${task}`)}
                      </Link>
                    ),
                  state: stateOf(task, product),
                  note:
                    stateOf(task, product) === 'blocked' &&
                    t(task === 'review' && product.status === 'DRAFT' ? 'tasks.first' : 'tasks.waiting'),
                }))}
              />
            </section>
          </div>
        </aside>
        <div className="min-w-0">
          {product.suspensionCode && (
            <Notice tone="attention" className="mb-5" title={t('product.taken')}>
              {name('ObstacleCode', product.suspensionCode)}
            </Notice>
          )}
          <Basics product={product} domains={data?.domains ?? []} onSaved={onSaved} />
          <Sources product={product} onSaved={onSaved} />
          <Data product={product} />
          <Plans product={product} onSaved={onSaved} />
          <Allocation product={product} onSaved={onSaved} />
          <Section id="quality" title={t('metadata:quality.title')} lead={t('metadata:quality.lead')} card>
            <Mend quality={product.quality} floor={product.qualityFloor} />
          </Section>
          <Review product={product} />
          <Section id="registration" title={t('tasks.registration')} lead={t('registration.lead')} card>
            <p>
              {product.registrationCode
                ? t('registration.code', { code: product.registrationCode })
                : t('registration.none')}
            </p>
          </Section>
        </div>
      </div>
      <GateBar product={product} />
    </>
  );
}

/**
 * Leads to what is next once something was saved; it answers with what to call on saving. Where another task is next than before, it
 * leads there at once. Where none is yet, what is shown may be from before the saving, and what was read after it decides.
 */
function useGoOn(product: Edited | undefined, asOf: number): () => void {
  const navigate = useNavigate();
  const next = product?.status === 'DRAFT' ? nextOf(product) : undefined;
  const [saved, setSaved] = useState<{ told: number; next: typeof next; led: boolean }>();
  useEffect(() => {
    if (!product || !saved) return;
    const readAfter = asOf >= saved.told;
    const another = next !== saved.next;
    if (!readAfter && !another) return;
    setSaved(readAfter ? undefined : { told: saved.told, next, led: true });
    if (saved.led && !another) return; // whoever was led there is at work already
    if (next === 'review') navigate({ to: '/operator/products/$id/check', params: { id: product.id } });
    else if (next) show(next);
  }, [product, next, saved, asOf, navigate]);
  return () => setSaved({ told: toldNow(), next, led: false });
}

function Basics({
  product,
  domains,
  onSaved,
}: {
  product: Edited;
  domains: EditedProductQuery['domains'];
  onSaved: () => void;
}) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const kept = useIsKept(reviseForm(product.id));
  const [editing, setEditing] = useState(kept);
  const may = product.allowedActions.includes('REVISE');
  return (
    <Section
      id="basics"
      title={t('tasks.basics')}
      card
      actions={may && !editing && <Button onClick={() => setEditing(true)}>{t('basics.edit')}</Button>}
    >
      {may && editing ? (
        <Revise
          product={product}
          domains={domains}
          onDone={(saved) => {
            setEditing(false);
            if (saved) onSaved();
          }}
        />
      ) : (
        <>
          <p>{product.description}</p>
          {product.descriptionEn && (
            <p lang="en" className="mt-1 text-ink-2">
              {product.descriptionEn}
            </p>
          )}
          <p className="mt-1 text-13 text-ink-3">
            {[
              product.updateFrequency && name('UpdateFrequency', product.updateFrequency),
              product.aggregate && t('basics.aggregate'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </>
      )}
    </Section>
  );
}

function Sources({ product, onSaved }: { product: Edited; onSaved: () => void }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const named = useNamed();
  const labelled = (column: Edited['dictionary'][number]) => named({ name: column.label, nameEn: column.labelEn });
  const kept = useIsKept(dictionaryForm(product.id));
  const [editing, setEditing] = useState(kept);
  const may = product.allowedActions.includes('REVISE');
  return (
    <Section
      id="sources"
      title={t('tasks.sources')}
      card
      actions={may && !editing && <Button onClick={() => setEditing(true)}>{t('dictionary.edit')}</Button>}
    >
      <Origins product={product} />
      <div className="mt-4">
        {may && editing ? (
          <ReviseDictionary
            product={product}
            onDone={(saved) => {
              setEditing(false);
              if (saved) onSaved();
            }}
          />
        ) : (
          <DataTable
            caption={t('dictionary.title')}
            rows={product.dictionary}
            rowKey={(column) => column.name}
            columns={[
              { key: 'label', head: t('dictionary.label'), rowHeader: true, cell: labelled },
              {
                key: 'name',
                head: t('dictionary.name'),
                cell: (column) => (
                  <span translate="no" className="font-mono">
                    {column.name}
                  </span>
                ),
              },
              {
                key: 'type',
                head: t('dictionary.type'),
                nowrap: true,
                cell: (column) => name('ColumnType', column.type),
              },
              {
                key: 'sensitivity',
                head: t('dictionary.sensitivity'),
                nowrap: true,
                cell: (column) => name('Sensitivity', column.sensitivity),
              },
              {
                key: 'items',
                head: t('metadata:column.from'),
                cell: (column) =>
                  column.items.length > 0 ? (
                    column.items.map(named).join(t('separator'))
                  ) : (
                    <span className="text-ink-3">{t('metadata:column.none')}</span>
                  ),
              },
            ]}
          />
        )}
      </div>
    </Section>
  );
}

/** The resources that a product is made of, with the items of each. */
export function Origins({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  return (
    <ul className="space-y-1">
      {[...new Map(product.items.map((item) => [item.resource.id, item.resource])).values()].map((resource) => (
        <li key={resource.id}>
          <span className="text-ink-2">{named(resource.sourceUnit)} → </span>
          <Link to="/resources/$id" params={{ id: resource.id }} className="text-brand underline">
            {named(resource)}
          </Link>
          <span className="block text-13 text-ink-2">
            {product.items
              .filter((item) => item.resource.id === resource.id)
              .map(named)
              .join(t('separator'))}
          </span>
        </li>
      ))}
    </ul>
  );
}
