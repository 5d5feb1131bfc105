import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { useTranslation } from 'react-i18next';
import { late } from '../../app/late';
import { ProblemState } from '../../app/problem-state';
import { QualityBadge, QualityDimensions } from '../../app/quality';
import { useTitle } from '../../app/title';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Disclosure } from '../../ui/disclosure';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { type Column, DataTable } from '../../ui/table';
import { ColumnHead, isNumeric } from './answer';
import { Machine } from './machine';
import { Origin } from './origin';
import { PlanTable } from './plan-table';
import { PurchaseProvider, QuoteBar, QuotePanel } from './quote-panel';
import { productRoute } from './routes';
import { ProductDocument, type ProductQuery } from './screen.gql';
import { Try } from './try';

const Lineage = late(() => import('../../app/lineage/lineage').then((file) => file.Lineage));

export type Product = NonNullable<ProductQuery['product']>;

/** A product: what it is, where its data comes from, what a call brings, and at the side what it costs. */
export function Screen() {
  const { t } = useTranslation('product');
  const { id } = productRoute.useParams();
  const named = useNamed();
  const { viewer } = useViewer();
  const { data, problem, reload } = useLoad(ProductDocument, { id }, { typenames: ['Product', 'Viewer'] });
  const product = data?.product;
  useTitle(product ? named(product) : undefined);
  if (!data && !problem) return <Waiting />;
  if (!product) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const sold = product.status === 'LISTED';
  return (
    <PurchaseProvider
      key={id}
      productId={id}
      plans={product.plans}
      options={product.useOptions}
      scenarios={data.discountScenarios}
    >
      <div className={clsx('grid gap-x-8', sold && 'lg:grid-cols-[minmax(0,1fr)_23.25rem] lg:grid-rows-[auto_1fr]')}>
        <Head product={product} />
        {sold && (
          <aside className="mb-6 self-start lg:sticky lg:top-20 lg:row-span-2">
            <QuotePanel usualPurpose={viewer?.usualPurpose} />
          </aside>
        )}
        <div className="min-w-0">
          <Facts product={product} licence={data.licence} />
          <Section title={t('plan.title')} lead={t('plan.lead')}>
            <PlanTable plans={product.plans} />
          </Section>
          <Section
            title={t('dictionary.title', { count: product.dictionary.length })}
            lead={t('dictionary.lead', { count: product.dictionary.filter((column) => column.filterable).length })}
          >
            <Dictionary product={product} />
          </Section>
          <Section title={t('sample.title')} lead={t('sample.lead')}>
            <Sample product={product} />
          </Section>
          <Section title={t('origin.title')} lead={t('origin.lead')}>
            <Origin product={product} />
          </Section>
          <Section id="lineage" title={t('metadata:lineage.title')} lead={t('metadata:lineage.lead')}>
            <Lineage id={id} fallback={<Skeleton shape="table" lines={6} />} />
          </Section>
          {product.sampleUrl && (
            <Section title={t('try.title')} lead={t('try.lead')} card>
              <Try url={product.sampleUrl} dictionary={product.dictionary} />
            </Section>
          )}
          {sold && (
            <Section title={t('machine.title')} lead={t('machine.lead')} card>
              <Machine id={id} />
            </Section>
          )}
        </div>
      </div>
      {sold && <QuoteBar />}
    </PurchaseProvider>
  );
}

function Head({ product }: { product: Product }) {
  const { t } = useTranslation('product');
  const named = useNamed();
  const language = useLanguage();
  const name = useEnum();
  return (
    <div className="min-w-0">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'catalogue', node: <Link to="/">{t('catalogue')}</Link> },
              {
                key: 'domain',
                node: (
                  <Link to="/" search={{ domain: [product.domain.id] }}>
                    {named(product.domain)}
                  </Link>
                ),
              },
              { key: 'this', node: named(product) },
            ]}
          />
        }
        title={named(product)}
        meta={
          <>
            {product.status !== 'LISTED' && (
              <StatusBadge tone="attention">{name('ProductStatus', product.status)}</StatusBadge>
            )}
            <Badge tone="info">{name('Delivery', product.delivery)}</Badge>
            <QualityBadge score={product.quality.score} />
            {product.synthetic && <Badge>{t('synthetic')}</Badge>}
            <span>{t('by', { operator: named(product.operator) })}</span>
          </>
        }
        lead={(language === 'en' && product.descriptionEn) || product.description}
      />
      {product.status !== 'LISTED' && (
        <Notice
          tone="attention"
          title={t('off.title', { status: name('ProductStatus', product.status) })}
          className="mb-5"
        >
          {product.suspensionCode
            ? t('off.because', { why: name('ObstacleCode', product.suspensionCode) })
            : product.status === 'RETIRED'
              ? t('off.retired')
              : product.status === 'SUSPENDED'
                ? t('off.suspended')
                : t('off.notYet')}
        </Notice>
      )}
    </div>
  );
}

function Facts({ product, licence }: { product: Product; licence: ProductQuery['licence'] }) {
  const { t } = useTranslation('product');
  const language = useLanguage();
  const name = useEnum();
  const format = useFormats();
  const { dataset } = product;
  const egress = dataset?.egress;
  return (
    <Section title={t('facts.title')} card>
      <DescriptionList
        columns={2}
        facts={[
          { key: 'delivery', term: t('facts.delivery'), value: t(`facts.deliveryOf.${product.delivery}`) },
          {
            key: 'frequency',
            term: t('facts.frequency'),
            value: product.updateFrequency ? name('UpdateFrequency', product.updateFrequency) : t('facts.open'),
          },
          {
            key: 'registration',
            term: t('facts.registration'),
            value: product.registrationCode ? (
              <>
                <span translate="no" className="break-all">
                  {product.registrationCode}
                </span>
                {product.registrationExpiresOn && (
                  <span className="block text-ink-3 text-xs">
                    {t('facts.registrationUntil', { day: format.day(product.registrationExpiresOn) })}
                  </span>
                )}
              </>
            ) : (
              t('facts.noRegistration')
            ),
          },
          {
            key: 'identifier',
            term: t('facts.identifier'),
            value: (
              <span translate="no" className="break-all">
                {product.identifier}
              </span>
            ),
          },
          {
            key: 'dataset',
            term: t('facts.dataset'),
            value: dataset
              ? t('facts.datasetValue', {
                  number: dataset.number,
                  count: dataset.rowCount,
                  rows: format.count(dataset.rowCount),
                  size: format.bytes(dataset.bytes),
                  day: format.day(dataset.createdAt),
                })
              : t('facts.noDataset'),
          },
          {
            key: 'grain',
            term: t('facts.grain'),
            value: product.aggregate ? t('facts.aggregate') : t('facts.single'),
          },
          {
            key: 'version',
            term: t('facts.version'),
            value: t('facts.versionValue', { number: product.contentNumber }),
          },
          { key: 'listed', term: t('facts.listed'), value: product.listedAt ? format.day(product.listedAt) : null },
        ]}
      />
      <div className="mt-3 divide-y divide-line">
        <Disclosure summary={t('metadata:quality.badge', { score: product.quality.score })}>
          <p className="mb-2">{t('metadata:quality.lead')}</p>
          <QualityDimensions quality={product.quality} />
        </Disclosure>
        {egress && (
          <Disclosure summary={t('egress.title', { reason: name('EgressReason', egress.reason) })}>
            <p>
              {egress.classes > 0
                ? t('egress.classes', {
                    classes: format.count(egress.classes),
                    smallest: format.count(egress.smallestClass),
                    theta: egress.maxTheta,
                    tau: egress.tau,
                    risk: egress.risk,
                    limit: egress.limit,
                    environment: name('EgressEnvironment', egress.environment),
                  })
                : t('egress.none', { environment: name('EgressEnvironment', egress.environment) })}
            </p>
            <p className="mt-1 text-ink-3 text-xs">{t('egress.basis')}</p>
          </Disclosure>
        )}
        <Disclosure summary={t('licence', { version: licence.version })}>
          <p className="whitespace-pre-line">{(language === 'en' && licence.textEn) || licence.text}</p>
        </Disclosure>
      </div>
    </Section>
  );
}

function Dictionary({ product }: { product: Product }) {
  const { t } = useTranslation('product');
  const language = useLanguage();
  const name = useEnum();
  return (
    <DataTable
      caption={t('dictionary.title', { count: product.dictionary.length })}
      rows={product.dictionary}
      rowKey={(column) => column.name}
      columns={[
        {
          key: 'name',
          head: t('dictionary.name'),
          rowHeader: true,
          nowrap: true,
          cell: (column) => (
            <code translate="no" className="font-mono text-13">
              {column.name}
            </code>
          ),
        },
        {
          key: 'label',
          head: t('dictionary.label'),
          nowrap: true,
          cell: (column) => (language === 'en' && column.labelEn) || column.label,
        },
        {
          key: 'type',
          head: t('dictionary.type'),
          nowrap: true,
          cell: (column) => (
            <>
              {name('ColumnType', column.type)}
              {column.unit && <span className="text-ink-3">{t('ui:bracketed', { text: column.unit })}</span>}
            </>
          ),
        },
        {
          key: 'description',
          head: t('dictionary.description'),
          cell: (column) => (language === 'en' && column.descriptionEn) || column.description,
        },
        {
          key: 'sensitivity',
          head: t('dictionary.sensitivity'),
          nowrap: true,
          cell: (column) => name('Sensitivity', column.sensitivity),
        },
        {
          key: 'filterable',
          head: t('dictionary.filterable'),
          nowrap: true,
          cell: (column) => (column.filterable ? t('dictionary.yes') : <span className="text-ink-3">—</span>),
        },
      ]}
    />
  );
}

function Sample({ product }: { product: Product }) {
  const { t } = useTranslation('product');
  return (
    <DataTable
      caption={t('sample.title')}
      rows={product.sample.map((cells, i) => ({ cells, key: String(i) }))}
      rowKey={(row) => row.key}
      columns={product.dictionary.map(
        (column, i): Column<{ cells: string[]; key: string }> => ({
          key: column.name,
          head: <ColumnHead column={column} />,
          numeric: isNumeric(column),
          nowrap: true,
          cell: (row) => row.cells[i],
        }),
      )}
      empty={<p className="p-4 text-ink-2">{t('sample.none')}</p>}
    />
  );
}

function Waiting() {
  return (
    <div className="grid gap-x-8 lg:grid-cols-[minmax(0,1fr)_23.25rem]">
      <div className="space-y-6">
        <Skeleton shape="text" lines={4} />
        <Skeleton shape="facts" lines={6} />
        <Skeleton shape="table" lines={6} />
      </div>
      <div className="h-140 rounded-xl border border-line bg-surface p-5 max-lg:hidden">
        <Skeleton shape="text" lines={12} />
      </div>
    </div>
  );
}
