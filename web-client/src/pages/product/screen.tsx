import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { Badge, StatusBadge } from '../../ui/badge';
import { Disclosure } from '../../ui/disclosure';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { ProductDocument, type ProductQuery } from './product.gql';
import { QuotePanel } from './quote-panel';
import { productRoute } from './routes';
import { Sources } from './sources';
import { TryIt } from './try-it';

type Product = NonNullable<ProductQuery['product']>;

/** A product: what it is, where it comes from, how it looks, and beside it what it costs. */
export function Screen() {
  const { t } = useTranslation('product');
  const { id } = productRoute.useParams();
  const search = productRoute.useSearch();
  const navigate = productRoute.useNavigate();
  const named = useNamed();
  const name = useEnum();
  const language = useLanguage();
  const { data, loading, problem, reload } = useLoad(ProductDocument, { id }, { typenames: ['Product'] });
  const product = data?.product;
  useTitle(product ? named(product) : undefined);
  if (loading) return <Skeleton shape="facts" lines={10} />;
  if (!product) return <ProblemState problem={problem ?? { kind: 'absent' }} onRetry={reload} />;
  const listed = product.status === 'LISTED';
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/">{t('catalogue')}</Link> },
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
            <StatusBadge tone={listed ? 'success' : 'attention'}>{name('ProductStatus', product.status)}</StatusBadge>
            <Badge tone="info">{name('Delivery', product.delivery)}</Badge>
            {product.synthetic && <Badge>{t('synthetic')}</Badge>}
            <span>{t('by', { operator: named(product.operator) })}</span>
          </>
        }
        lead={(language === 'en' && product.descriptionEn) || product.description}
      />
      {!listed && (
        <Notice tone="attention" className="mb-5" title={t('off.title')}>
          {product.suspensionCode ? name('ObstacleCode', product.suspensionCode) : t('off.why')}
        </Notice>
      )}
      <div className="gap-8 lg:grid lg:grid-cols-[minmax(0,1fr)_372px]">
        {listed && (
          <aside className="mb-6 lg:order-2 lg:mb-0">
            <div className="lg:sticky lg:top-20">
              <QuotePanel
                product={product}
                search={search}
                onSearch={(next) => navigate({ search: next, replace: true, resetScroll: false })}
              />
            </div>
          </aside>
        )}
        <div className="min-w-0 lg:order-1">
          <Facts product={product} />
          <Section title={t('sources.title')} lead={t('sources.lead')} card>
            <Sources product={product} />
          </Section>
          <Section title={t('dictionary.title')} lead={t('dictionary.lead', { count: product.dictionary.length })}>
            <Dictionary product={product} />
          </Section>
          <Section title={t('sample.title')} lead={t('sample.lead')}>
            <Sample product={product} />
          </Section>
          {product.sampleUrl && (
            <Section id="try" title={t('try.title')} lead={t('try.lead')} card>
              <TryIt product={product} sampleUrl={product.sampleUrl} />
            </Section>
          )}
          {data.licence && (
            <Section title={t('licence.title')} lead={t('licence.lead', { version: data.licence.version })} card>
              <Disclosure summary={t('licence.open')}>
                <p className="whitespace-pre-wrap py-2 text-ink-2">
                  {(language === 'en' && data.licence.textEn) || data.licence.text}
                </p>
              </Disclosure>
            </Section>
          )}
        </div>
      </div>
    </>
  );
}

function Facts({ product }: { product: Product }) {
  const { t } = useTranslation('product');
  const name = useEnum();
  const format = useFormats();
  const { dataset } = product;
  return (
    <Section title={t('facts.title')} card>
      <DescriptionList
        columns={2}
        facts={[
          {
            key: 'update',
            term: t('facts.update'),
            value: product.updateFrequency && name('UpdateFrequency', product.updateFrequency),
          },
          { key: 'listed', term: t('facts.listed'), value: product.listedAt && format.day(product.listedAt) },
          {
            key: 'rows',
            term: t('facts.rows'),
            value:
              dataset &&
              t('facts.rowsValue', {
                rows: format.count(dataset.rowCount),
                size: format.bytes(dataset.bytes),
                number: dataset.number,
              }),
          },
          {
            key: 'aggregate',
            term: t('facts.grain'),
            value: product.aggregate ? t('facts.aggregate') : t('facts.single'),
          },
          {
            key: 'identifier',
            term: t('facts.identifier'),
            value: <span className="break-all font-mono text-13">{product.identifier}</span>,
          },
          {
            key: 'registration',
            term: t('facts.registration'),
            value:
              product.registrationCode &&
              `${product.registrationCode}${product.registrationExpiresOn ? t('facts.until', { day: format.day(product.registrationExpiresOn) }) : ''}`,
          },
          {
            key: 'egress',
            term: t('facts.egress'),
            value:
              dataset &&
              t('facts.egressValue', {
                environment: name('EgressEnvironment', dataset.egress.environment),
                reason: name('EgressReason', dataset.egress.reason),
              }),
          },
          {
            key: 'version',
            term: t('facts.version'),
            value: t('facts.versionValue', { number: product.contentNumber }),
          },
        ]}
      />
    </Section>
  );
}

function Dictionary({ product }: { product: Product }) {
  const { t } = useTranslation('product');
  const language = useLanguage();
  const name = useEnum();
  return (
    <DataTable
      caption={t('dictionary.title')}
      rows={product.dictionary}
      rowKey={(column) => column.name}
      columns={[
        {
          key: 'name',
          head: t('dictionary.column'),
          rowHeader: true,
          cell: (column) => (
            <>
              {(language === 'en' && column.labelEn) || column.label}
              <span className="block font-mono text-ink-3 text-xs">{column.name}</span>
            </>
          ),
        },
        {
          key: 'type',
          head: t('dictionary.type'),
          nowrap: true,
          cell: (column) =>
            `${name('ColumnType', column.type)}${column.unit ? t('dictionary.unit', { unit: column.unit }) : ''}`,
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
          key: 'filter',
          head: t('dictionary.filter'),
          nowrap: true,
          cell: (column) => (column.filterable ? t('yes') : t('no')),
        },
      ]}
    />
  );
}

function Sample({ product }: { product: Product }) {
  const { t } = useTranslation('product');
  const language = useLanguage();
  return (
    <DataTable
      caption={t('sample.title')}
      rows={product.sample.map((cells, i) => ({ key: String(i), cells }))}
      rowKey={(row) => row.key}
      columns={product.dictionary.map((column, i) => ({
        key: column.name,
        head: (language === 'en' && column.labelEn) || column.label,
        nowrap: true,
        numeric: column.type === 'INTEGER' || column.type === 'DECIMAL',
        cell: (row: { cells: string[] }) => row.cells[i],
      }))}
    />
  );
}
