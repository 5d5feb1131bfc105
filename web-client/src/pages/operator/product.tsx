import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { ObstacleCode } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Breadcrumbs, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { TaskList } from '../../ui/steps';
import { DataTable } from '../../ui/table';
import { Allocation } from './allocation';
import { Data } from './data';
import { Lists, Retire, Submits, Suspend } from './moves';
import { Plans } from './plans';
import { EditedProductDocument, type EditedProductQuery } from './product.gql';
import { tones } from './products';
import { Revise } from './revise';
import { editRoute } from './routes';

export type Edited = NonNullable<EditedProductQuery['product']>;

/** The tasks of putting a product on the market, in their order. */
const tasks = ['basics', 'sources', 'data', 'plans', 'shares', 'review', 'registration'] as const;
type Task = (typeof tasks)[number];

/** In which task an obstacle is cleared away. */
const taskOf: Record<ObstacleCode, Task> = {
  AGREEMENT_NOT_IN_FORCE: 'sources',
  AGREEMENT_ENDED: 'sources',
  OPERATOR_NOT_VERIFIED: 'sources',
  DESCRIPTION_MISSING: 'basics',
  NO_INPUTS: 'sources',
  RESOURCE_NOT_PUBLISHED: 'sources',
  PROVIDER_CONSENT_MISSING: 'sources',
  UPDATE_FREQUENCY_MISSING: 'sources',
  ITEM_NOT_GRANTED: 'sources',
  GRANT_ENDED: 'sources',
  PURPOSE_NOT_GRANTED: 'sources',
  ITEM_WITHDRAWN: 'sources',
  ITEM_NOT_CLASSIFIED: 'sources',
  ITEM_CORE_NEVER_GRANTED: 'sources',
  ITEM_UNPROTECTED: 'sources',
  LINKED_ITEM_NOT_AGGREGATED: 'basics',
  DICTIONARY_MISSING: 'basics',
  SAMPLE_MISSING: 'basics',
  DATASET_MISSING: 'data',
  DATASET_REFUSED: 'data',
  NOT_REVIEWED: 'review',
  REGISTRATION_CODE_MISSING: 'registration',
  REGISTRATION_EXPIRED: 'registration',
  NO_PLAN: 'plans',
  CAP_MISSING: 'plans',
  PRICE_OVER_CAP: 'plans',
  ALLOCATION_RULE_MISSING: 'shares',
};

/** What a task asks for: a draft's is yet to be done, and what others decide is waited for. */
function stateOf(task: Task, obstacles: number, status: Edited['status']) {
  if (obstacles === 0) return 'done';
  if (task === 'registration' && status !== 'REGISTERED') return 'blocked';
  if (task === 'review' && status === 'SUBMITTED') return 'blocked';
  return status === 'DRAFT' ? 'todo' : 'attention';
}

/** A product of the operator's own as a list of tasks, with what keeps it off the market always in view. */
export function Screen() {
  const { t } = useTranslation('operator');
  const { id } = editRoute.useParams();
  const named = useNamed();
  const name = useEnum();
  const { data, loading, problem, reload } = useLoad(
    EditedProductDocument,
    { id },
    { typenames: ['Product', 'Plan', 'AllocationRule', 'Dataset', 'Proceeding', 'PriceCap'] },
  );
  const product = data?.product ?? undefined;
  useTitle(product && named(product));
  if (loading) return <Skeleton shape="facts" lines={10} />;
  if (!product) return <ProblemState whole problem={problem ?? { kind: 'absent' }} onRetry={reload} />;
  const obstacles = product.obstacles ?? [];
  const inTask = (task: Task) => obstacles.filter((obstacle) => taskOf[obstacle.code] === task);
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
            <StatusBadge tone={tones[product.status]}>{name('ProductStatus', product.status)}</StatusBadge>
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
            {product.canList && <Lists id={product.id} />}
            {product.status === 'LISTED' && <Suspend id={product.id} />}
            {product.status === 'SUSPENDED' && <Retire id={product.id} />}
          </>
        }
      />
      <div className="gap-6 lg:grid lg:grid-cols-[minmax(0,1fr)_18rem]">
        <aside className="mb-5 lg:order-2 lg:mb-0">
          <div className="space-y-4 lg:sticky lg:top-20">
            <section aria-labelledby="gate" className="rounded-xl border border-line bg-surface p-4">
              <h2 id="gate" className="mb-2 font-semibold text-base">
                {t('gate.title')}
              </h2>
              {obstacles.length === 0 ? (
                <p className="text-jade">{product.status === 'LISTED' ? t('gate.listed') : t('gate.clear')}</p>
              ) : (
                <ul className="space-y-2">
                  {obstacles.map((obstacle) => (
                    <li key={`${obstacle.code} ${obstacle.subjectName}`} className="border-amber border-l-2 pl-2">
                      <a href={`#${taskOf[obstacle.code]}`} className="inline-block min-h-6 text-brand hover:underline">
                        {name('ObstacleCode', obstacle.code)}
                      </a>
                      {obstacle.subjectKind !== 'PRODUCT' && (
                        <span className="block text-ink-3 text-xs">{obstacle.subjectName}</span>
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </section>
            <section aria-labelledby="tasks" className="rounded-xl border border-line bg-surface p-4">
              <h2 id="tasks" className="mb-2 font-semibold text-base">
                {t('tasks.title')}
              </h2>
              <TaskList
                label={t('tasks.title')}
                tasks={tasks.map((task) => ({
                  key: task,
                  title: <a href={`#${task}`}>{t(`tasks.${task}`)}</a>,
                  state: stateOf(task, inTask(task).length, product.status),
                  note: stateOf(task, inTask(task).length, product.status) === 'blocked' && t('tasks.waiting'),
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
          <Basics product={product} />
          <Section id="sources" title={t('tasks.sources')} card>
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
            <div className="mt-4">
              <DataTable
                caption={t('dictionary.title')}
                rows={product.dictionary}
                rowKey={(column) => column.name}
                columns={[
                  { key: 'label', head: t('dictionary.label'), rowHeader: true, cell: (column) => column.label },
                  {
                    key: 'name',
                    head: t('dictionary.name'),
                    cell: (column) => <span className="font-mono">{column.name}</span>,
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
                ]}
              />
            </div>
          </Section>
          <Data product={product} />
          <Plans product={product} />
          <Allocation product={product} />
          <Section id="review" title={t('tasks.review')} lead={t('review.lead')} card>
            {product.status === 'DRAFT' ? (
              <Submits product={product} />
            ) : (
              <p>{name('ProductStatus', product.status)}</p>
            )}
          </Section>
          <Section id="registration" title={t('tasks.registration')} lead={t('registration.lead')} card>
            <p>
              {product.registrationCode
                ? t('registration.code', { code: product.registrationCode })
                : t('registration.none')}
            </p>
          </Section>
        </div>
      </div>
    </>
  );
}

function Basics({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const [editing, setEditing] = useState(false);
  return (
    <Section
      id="basics"
      title={t('tasks.basics')}
      card
      actions={
        !editing && product.status !== 'LISTED' && <Button onClick={() => setEditing(true)}>{t('basics.edit')}</Button>
      }
    >
      {editing ? (
        <Revise product={product} onDone={() => setEditing(false)} />
      ) : (
        <>
          <p>{product.description}</p>
          {product.descriptionEn && (
            <p lang="en" className="mt-1 text-ink-2">
              {product.descriptionEn}
            </p>
          )}
          {product.updateFrequency && (
            <p className="mt-1 text-13 text-ink-3">{name('UpdateFrequency', product.updateFrequency)}</p>
          )}
        </>
      )}
    </Section>
  );
}
