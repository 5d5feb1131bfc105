import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum, useNamed } from '../../lib/i18n';
import { Badge } from '../../ui/badge';
import type { ProductQuery } from './product.gql';

type Product = NonNullable<ProductQuery['product']>;

/** Where the data comes from: source unit → resource → the items that are used, with their protection. */
export function Sources({ product }: { product: Product }) {
  const { t } = useTranslation('product');
  const named = useNamed();
  const name = useEnum();
  const format = useFormats();
  const resources = [...new Map(product.items.map((item) => [item.resource.id, item.resource])).values()];
  return (
    <ul className="space-y-3">
      {resources.map((resource) => (
        <li key={resource.id} className="rounded-lg border border-line p-4">
          <p>
            <span className="text-ink-2">{named(resource.sourceUnit)}</span>
            <span aria-hidden className="mx-2 text-ink-3">
              →
            </span>
            <Link to="/resources/$id" params={{ id: resource.id }} className="font-medium text-brand hover:underline">
              {named(resource)}
            </Link>
          </p>
          {resource.batch && (
            <p className="text-ink-3 text-xs">
              {t('sources.batch', { title: resource.batch.title, day: format.day(resource.batch.createdAt) })}
            </p>
          )}
          <ul className="mt-2 grid gap-x-6 gap-y-1 sm:grid-cols-2">
            {product.items
              .filter((item) => item.resource.id === resource.id)
              .map((item) => (
                <li key={item.id} className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                  <span>{named(item)}</span>
                  {item.grade && <Badge>{name('Grade', item.grade)}</Badge>}
                  {item.masked && <Badge tone="info">{t('sources.masked')}</Badge>}
                  {item.protections.map((protection) => (
                    <Badge key={protection} tone="success">
                      {name('Protection', protection)}
                    </Badge>
                  ))}
                </li>
              ))}
          </ul>
        </li>
      ))}
      {product.socialInputs.map((input) => (
        <li key={input.name} className="rounded-lg border border-line p-4">
          <p>
            {input.contributor && <span className="text-ink-2">{named(input.contributor)} → </span>}
            <span className="font-medium">{input.name}</span> <Badge tone="special">{t('sources.social')}</Badge>
          </p>
          <p className="text-13 text-ink-2">{input.provenance}</p>
        </li>
      ))}
    </ul>
  );
}
