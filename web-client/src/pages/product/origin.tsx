import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import { DataTable } from '../../ui/table';
import type { Product } from './screen';

/** Which resources of which source units a product is made of, down to the items, and what was done to protect them. */
export function Origin({ product }: { product: Product }) {
  const { t } = useTranslation('product');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  return (
    <ul aria-label={t('origin.title')} className="space-y-5">
      {product.resources.map((resource) => {
        const items = product.items.filter((item) => item.resource.id === resource.id);
        return (
          <li key={resource.id}>
            <div className="mb-2 flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
              <h3 className="font-medium text-base">
                <Link
                  to="/resources/$id"
                  params={{ id: resource.id }}
                  className="inline-block min-h-6 text-brand hover:underline"
                >
                  {named(resource)}
                </Link>
              </h3>
              <p className="text-ink-3 text-xs">
                {t('origin.unit', { unit: named(resource.sourceUnit) })}
                {' · '}
                {resource.updateFrequency ? name('UpdateFrequency', resource.updateFrequency) : resource.updateCycle}
                {resource.batch && (
                  <>
                    {' · '}
                    {t('origin.batch', { title: resource.batch.title, document: resource.batch.sourceDocument })}
                  </>
                )}
                {resource.publishedAt && (
                  <>
                    {' · '}
                    {t('origin.published', { day: format.day(resource.publishedAt) })}
                  </>
                )}
              </p>
            </div>
            <DataTable
              caption={t('origin.items', { resource: named(resource) })}
              rows={items}
              rowKey={(item) => item.id}
              columns={[
                {
                  key: 'item',
                  head: t('origin.item'),
                  rowHeader: true,
                  cell: (item) => (
                    <>
                      {named(item)}
                      {item.qualifier && (
                        <span className="text-ink-3">{t('ui:bracketed', { text: item.qualifier })}</span>
                      )}
                    </>
                  ),
                },
                {
                  key: 'grade',
                  head: t('origin.grade'),
                  nowrap: true,
                  cell: (item) => (item.grade ? name('Grade', item.grade) : t('facts.open')),
                },
                {
                  key: 'linkage',
                  head: t('origin.linkage'),
                  nowrap: true,
                  cell: (item) => (item.linkage ? name('Linkage', item.linkage) : t('facts.open')),
                },
                {
                  key: 'protection',
                  head: t('origin.protection'),
                  cell: (item) =>
                    item.masked || item.protections.length > 0 ? (
                      <span className="flex flex-wrap gap-1">
                        {item.masked && <Badge tone="info">{t('origin.masked')}</Badge>}
                        {item.protections.map((protection) => (
                          <Badge key={protection}>{name('Protection', protection)}</Badge>
                        ))}
                      </span>
                    ) : (
                      <span className="text-ink-3">—</span>
                    ),
                },
              ]}
            />
          </li>
        );
      })}
      {product.socialInputs.map((input) => (
        <li key={input.name}>
          <h3 className="font-medium text-base">{input.name}</h3>
          <p className="text-ink-3 text-xs">
            {t('origin.social', { provenance: input.provenance })}
            {input.contributor && ` · ${t('origin.contributor', { name: named(input.contributor) })}`}
          </p>
        </li>
      ))}
    </ul>
  );
}
