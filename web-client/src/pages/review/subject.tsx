import { useTranslation } from 'react-i18next';
import { Go } from '../../app/go';
import { actsAs, useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useEnum, useLanguage, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { Disclosure } from '../../ui/disclosure';
import { DescriptionList, type Fact, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { linkText } from '../../ui/styles';
import { DataTable } from '../../ui/table';
import { Replay } from '../shares/replay';
import { TariffText } from '../tariffs/tariff';
import { Documents } from './documents';
import { Items } from './items';
import { PayoutFacts, ReceiptFacts, RefundFacts, RuleFacts, TransferFacts } from './money';
import type { ProceedingFacts } from './proceeding';
import type { ProceedingQuery } from './proceeding.gql';

type Subjects = NonNullable<ProceedingFacts['subject']>;
type Of<Name extends Subjects['__typename']> = Extract<Subjects, { __typename: Name }>;

/** What a proceeding is about, with everything that its kind is decided by. */
export function Subject({ proceeding, licence }: { proceeding: ProceedingFacts; licence: ProceedingQuery['licence'] }) {
  const { t } = useTranslation('review');
  const { subject } = proceeding;
  return (
    <>
      {proceeding.kind === 'FREE_USE_APPLICATION' && <FreeUse proceeding={proceeding} licence={licence} />}
      {proceeding.note && (
        <Section title={t('note')} card>
          <p className="whitespace-pre-line">{proceeding.note}</p>
        </Section>
      )}
      <Section title={t('evidence')} card>
        <Documents documents={proceeding.evidence} />
      </Section>
      {subject?.__typename === 'Organisation' ? (
        <OrganisationFacts organisation={subject} />
      ) : subject?.__typename === 'Resource' ? (
        <ResourceFacts resource={subject} />
      ) : subject?.__typename === 'Grant' ? (
        <GrantFacts grant={subject} />
      ) : subject?.__typename === 'Product' ? (
        <ProductFacts product={subject} whole={proceeding.kind === 'PRODUCT_REVIEW'} />
      ) : subject?.__typename === 'AllocationRule' ? (
        <>
          <RuleFacts rule={subject} product={subject.product} />
          {!proceeding.endedAt && <Replay ruleId={subject.id} />}
        </>
      ) : subject?.__typename === 'Refund' ? (
        <RefundFacts refund={subject} />
      ) : subject?.__typename === 'PayoutBatch' ? (
        <PayoutFacts batch={subject} />
      ) : subject?.__typename === 'BankLine' ? (
        <ReceiptFacts line={subject} />
      ) : subject?.__typename === 'BankTransfer' ? (
        <TransferFacts transfer={subject} />
      ) : subject?.__typename === 'PermittedRevenue' ? (
        <SurveyFacts permitted={subject} />
      ) : (
        <Notice tone="attention">{t('subjectAbsent')}</Notice>
      )}
    </>
  );
}

function FreeUse({ proceeding, licence }: { proceeding: ProceedingFacts; licence: ProceedingQuery['licence'] }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const language = useLanguage();
  const { applicant } = proceeding;
  return (
    <Section title={t('freeUse.title')} card>
      <DescriptionList
        facts={[
          {
            key: 'purpose',
            term: t('freeUse.purpose'),
            value: proceeding.purpose && <strong>{name('Purpose', proceeding.purpose)}</strong>,
          },
          {
            key: 'scenario',
            term: t('freeUse.scenario'),
            value: proceeding.scenario && <span className="whitespace-pre-line">{proceeding.scenario}</span>,
          },
          { key: 'applicant', term: t('fact.applicant'), value: applicant && named(applicant) },
          { key: 'form', term: t('fact.legalForm'), value: applicant && name('LegalForm', applicant.legalForm) },
          {
            key: 'code',
            term: t('fact.creditCode'),
            value: applicant?.creditCode && <Code>{applicant.creditCode}</Code>,
          },
        ]}
      />
      <div className="mt-2">
        <Disclosure summary={t('freeUse.licence', { version: licence.version })}>
          <p className="whitespace-pre-line">{(language === 'en' && licence.textEn) || licence.text}</p>
        </Disclosure>
      </div>
    </Section>
  );
}

const Code = ({ children }: { children: string }) => <span className="break-all font-mono text-13">{children}</span>;

function OrganisationFacts({ organisation }: { organisation: Of<'Organisation'> }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  return (
    <Section title={t('organisation.title')} card>
      <DescriptionList
        facts={[
          {
            key: 'name',
            term: t('fact.name'),
            value: (
              <>
                {named(organisation)} {organisation.synthetic && <Badge>{t('synthetic')}</Badge>}
              </>
            ),
          },
          {
            key: 'code',
            term: t('fact.creditCode'),
            value: organisation.creditCode ? <Code>{organisation.creditCode}</Code> : t('fact.open'),
          },
          { key: 'form', term: t('fact.legalForm'), value: name('LegalForm', organisation.legalForm) },
          {
            key: 'parties',
            term: t('fact.parties'),
            value: organisation.parties.map((party) => name('Party', party)).join(t('separator')),
          },
          { key: 'status', term: t('fact.status'), value: name('OrganisationStatus', organisation.organisationStatus) },
        ]}
      />
    </Section>
  );
}

function SurveyFacts({ permitted }: { permitted: Of<'PermittedRevenue'> }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const format = useFormats();
  const { survey, amounts, cycle } = permitted;
  return (
    <>
      <Section title={t('survey.title')} card>
        <DescriptionList
          columns={2}
          facts={[
            { key: 'year', term: t('survey.year'), value: permitted.year },
            {
              key: 'cycle',
              term: t('survey.cycle'),
              value: t('survey.cycleOf', { from: cycle.from, last: cycle.from + cycle.years - 1 }),
            },
            { key: 'document', term: t('survey.document'), value: permitted.sourceDocument },
            { key: 'industry', term: t('survey.industry'), value: format.money(amounts.industry) },
            { key: 'shared', term: t('survey.shared'), value: format.money(amounts.shared) },
            { key: 'subsidy', term: t('survey.subsidy'), value: format.money(amounts.subsidy) },
            { key: 'cost', term: t('survey.cost'), value: format.money(amounts.cost) },
            {
              key: 'rate',
              term: t('survey.rate'),
              value: t('survey.rateOf', {
                rate: amounts.ratePercent,
                yield: survey.yieldPercent,
                spread: survey.spreadPoints,
              }),
            },
            { key: 'profit', term: t('survey.profit'), value: format.money(amounts.profit) },
            { key: 'tax', term: t('survey.tax'), value: format.money(amounts.tax) },
            { key: 'permitted', term: t('survey.permitted'), value: <strong>{format.money(amounts.revenue)}</strong> },
          ]}
        />
      </Section>
      <Section title={t('survey.lines')}>
        <DataTable
          caption={t('survey.lines')}
          rows={survey.lines.map((line, i) => ({ ...line, place: String(i) }))}
          rowKey={(line) => line.place}
          columns={[
            {
              key: 'name',
              head: t('survey.name'),
              rowHeader: true,
              cell: (line) => (
                <>
                  {line.name}
                  <span className="block text-ink-2 text-xs">{name('CostCategory', line.category)}</span>
                </>
              ),
            },
            {
              key: 'scope',
              head: t('survey.scope'),
              cell: (line) => (
                <>
                  {name('CostScope', line.scope)}
                  {line.key && (
                    <span className="block text-ink-2 text-xs">
                      {t('survey.keyOf', {
                        key: line.key,
                        units: format.count(line.units ?? 0),
                        total: format.count(line.total ?? 0),
                      })}
                    </span>
                  )}
                </>
              ),
            },
            { key: 'amount', head: t('survey.amount'), numeric: true, cell: (line) => format.money(line.amount) },
            { key: 'entered', head: t('survey.entered'), numeric: true, cell: (line) => format.money(line.entered) },
          ]}
        />
      </Section>
    </>
  );
}

function ResourceFacts({ resource }: { resource: Of<'Resource'> }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  return (
    <>
      <Section title={t('resource.title')} card>
        <DescriptionList
          facts={[
            { key: 'unit', term: t('fact.sourceUnit'), value: named(resource.sourceUnit) },
            { key: 'domain', term: t('fact.domain'), value: named(resource.domain) },
            {
              key: 'cycle',
              term: t('fact.updateFrequency'),
              value: resource.updateFrequency
                ? resource.updateCycle === name('UpdateFrequency', resource.updateFrequency)
                  ? resource.updateCycle
                  : name('UpdateFrequency', resource.updateFrequency) +
                    t('ui:bracketed', { text: resource.updateCycle })
                : t('resource.cycleWithoutCode', { text: resource.updateCycle }),
            },
            {
              key: 'provision',
              term: t('resource.provision'),
              value: resource.provision.map((method) => name('ProvisionMethod', method)).join(t('separator')),
            },
            { key: 'version', term: t('resource.version'), value: resource.contentNumber },
            { key: 'note', term: t('note'), value: resource.note || null },
          ]}
        />
      </Section>
      <Section title={t('items.title', { count: resource.items.length })} lead={t('items.lead')}>
        <Items items={resource.items} />
      </Section>
    </>
  );
}

function GrantFacts({ grant }: { grant: Of<'Grant'> }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  return (
    <>
      <Section title={t('grant.title')} card>
        <DescriptionList
          facts={[
            { key: 'operator', term: t('fact.operator'), value: named(grant.operator) },
            {
              key: 'agreement',
              term: t('grant.agreement'),
              value:
                grant.agreement &&
                (grant.agreement.endsOn
                  ? t('grant.agreementUntil', {
                      number: grant.agreement.number,
                      day: format.day(grant.agreement.endsOn),
                    })
                  : grant.agreement.number),
            },
            {
              key: 'purposes',
              term: t('grant.purposes'),
              value: grant.purposes.map((purpose) => name('Purpose', purpose)).join(t('separator')),
            },
            {
              key: 'period',
              term: t('grant.period'),
              value: t('fromTo', { from: format.day(grant.startsOn), to: format.day(grant.endsOn) }),
            },
          ]}
        />
      </Section>
      <Section title={t('items.title', { count: grant.items.length })} lead={t('items.leadGrant')}>
        <Items items={grant.items} withResource />
      </Section>
    </>
  );
}

/** whole shows what a review is decided by; without it only what the product is. */
function ProductFacts({ product, whole }: { product: Of<'Product'>; whole: boolean }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const language = useLanguage();
  const format = useFormats();
  const { viewer } = useViewer();
  const facts: Fact[] = [
    { key: 'operator', term: t('fact.operator'), value: named(product.operator) },
    { key: 'domain', term: t('fact.domain'), value: named(product.domain) },
    { key: 'delivery', term: t('product.delivery'), value: name('Delivery', product.delivery) },
    {
      key: 'frequency',
      term: t('fact.updateFrequency'),
      value: product.updateFrequency && name('UpdateFrequency', product.updateFrequency),
    },
    {
      key: 'aggregate',
      term: t('product.rows'),
      value: product.aggregate ? t('product.aggregate') : t('product.single'),
    },
    { key: 'identifier', term: t('product.identifier'), value: whole ? <Code>{product.identifier}</Code> : null },
  ];
  return (
    <>
      <Section
        title={t('product.title')}
        card
        actions={
          product.productStatus === 'LISTED' ? (
            <Go to={`/products/${product.id}`} className={`${linkText} inline-flex min-h-8 items-center`}>
              {t('product.open')}
            </Go>
          ) : undefined
        }
      >
        <p className="mb-2">{(language === 'en' && product.descriptionEn) || product.description}</p>
        <DescriptionList facts={facts} />
      </Section>
      {whole && (
        <>
          <Egress dataset={product.dataset} />
          <Dictionary product={product} />
          <Section title={t('items.title', { count: product.items.length })} lead={t('items.leadProduct')}>
            <Items items={product.items} withResource />
          </Section>
          {product.socialInputs.length > 0 && (
            <Section title={t('social.title')} card>
              <DescriptionList
                facts={product.socialInputs.map((input) => ({
                  key: input.name,
                  term: input.name,
                  value: [input.provenance, input.contributor && named(input.contributor)].filter(Boolean).join(' · '),
                }))}
              />
            </Section>
          )}
          <Section
            title={t('plans.title')}
            actions={
              actsAs(viewer, ['IMPLEMENTING_AGENCY']) && (
                <Go to={`/agency/products/${product.id}`} className={`${linkText} inline-flex min-h-8 items-center`}>
                  {t('plans.setCap')}
                </Go>
              )
            }
          >
            <DataTable
              caption={t('plans.title')}
              rows={product.plans}
              rowKey={(plan) => plan.id}
              empty={<p className="p-3 text-ink-2">{t('plans.none')}</p>}
              columns={[
                {
                  key: 'name',
                  head: t('plans.name'),
                  rowHeader: true,
                  cell: (plan) => (
                    <>
                      {named(plan)} {plan.trial && <Badge tone="attention">{t('plans.trial')}</Badge>}
                    </>
                  ),
                },
                { key: 'mode', head: t('plans.mode'), nowrap: true, cell: (plan) => name('ChargingMode', plan.mode) },
                {
                  key: 'rates',
                  head: t('plans.rates'),
                  cell: (plan) => <TariffText tariff={plan.tariff} />,
                },
                {
                  key: 'cap',
                  head: t('plans.cap'),
                  numeric: true,
                  cell: (plan) => (plan.cap ? format.rate(plan.cap.rate) : t('plans.noCap')),
                },
              ]}
            />
          </Section>
          {product.allocationRule && <RuleFacts rule={product.allocationRule} />}
        </>
      )}
    </>
  );
}

function Egress({ dataset }: { dataset: Of<'Product'>['dataset'] }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const format = useFormats();
  if (!dataset)
    return (
      <Section title={t('egress.title')} card>
        <Notice tone="attention">{t('egress.none')}</Notice>
      </Section>
    );
  const { egress } = dataset;
  return (
    <Section title={t('egress.title')} lead={t('egress.lead')} card>
      <Notice
        tone={egress.leaves ? 'success' : 'refused'}
        title={egress.leaves ? t('egress.leaves') : t('egress.stays')}
      >
        {name('EgressReason', egress.reason)}
      </Notice>
      <div className="mt-2">
        <DescriptionList
          facts={[
            {
              key: 'dataset',
              term: t('egress.dataset'),
              value: t('egress.datasetValue', {
                number: dataset.number,
                rows: format.count(dataset.rowCount),
                size: format.bytes(dataset.bytes),
                at: format.moment(dataset.createdAt),
              }),
            },
            { key: 'environment', term: t('egress.environment'), value: name('EgressEnvironment', egress.environment) },
            {
              key: 'classes',
              term: t('egress.classes'),
              value: t('egress.classesValue', {
                classes: format.count(egress.classes),
                smallest: format.count(egress.smallestClass),
              }),
            },
            {
              key: 'theta',
              term: t('egress.theta'),
              value: t('egress.against', { value: egress.maxTheta, limit: egress.tau }),
            },
            {
              key: 'risk',
              term: t('egress.risk'),
              value: t('egress.against', { value: egress.risk, limit: egress.limit }),
            },
          ]}
        />
      </div>
    </Section>
  );
}

function Dictionary({ product }: { product: Of<'Product'> }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const language = useLanguage();
  const label = (column: (typeof product.dictionary)[number]) => (language === 'en' && column.labelEn) || column.label;
  return (
    <>
      <Section title={t('dictionary.title', { count: product.dictionary.length })}>
        <DataTable
          caption={t('dictionary.title', { count: product.dictionary.length })}
          rows={product.dictionary}
          rowKey={(column) => column.name}
          empty={<p className="p-3 text-ink-2">{t('dictionary.none')}</p>}
          columns={[
            {
              key: 'name',
              head: t('dictionary.column'),
              rowHeader: true,
              cell: (column) => (
                <span className="block min-w-24">
                  {label(column)} <span className="block font-mono text-ink-3 text-xs">{column.name}</span>
                </span>
              ),
            },
            {
              key: 'type',
              head: t('dictionary.type'),
              nowrap: true,
              cell: (column) => [name('ColumnType', column.type), column.unit].filter(Boolean).join(' · '),
            },
            {
              key: 'description',
              head: t('dictionary.description'),
              cell: (column) => (
                <span className="block min-w-32">
                  {(language === 'en' && column.descriptionEn) || column.description}
                </span>
              ),
            },
            {
              key: 'sensitivity',
              head: t('item.sensitivity'),
              cell: (column) => (
                <span className="flex flex-wrap gap-1">
                  <Badge>{name('Sensitivity', column.sensitivity)}</Badge>
                  {column.quasiIdentifier && <Badge tone="attention">{t('dictionary.quasi')}</Badge>}
                </span>
              ),
            },
          ]}
        />
      </Section>
      <Section title={t('sample.title')} lead={t('sample.lead')}>
        <DataTable
          caption={t('sample.title')}
          rows={product.sample.map((cells, i) => ({ key: String(i), cells }))}
          rowKey={(row) => row.key}
          empty={<p className="p-3 text-ink-2">{t('sample.none')}</p>}
          columns={product.dictionary.map((column, i) => ({
            key: column.name,
            head: label(column),
            cell: (row: { key: string; cells: string[] }) => row.cells[i] ?? '',
          }))}
        />
      </Section>
    </>
  );
}
