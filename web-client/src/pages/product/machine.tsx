import { useTranslation } from 'react-i18next';

/** Where a program reads on: the product's data calls, its dictionary and the catalogue that it is in, as others publish theirs. */
export function Machine({ id }: { id: string }) {
  const { t } = useTranslation('product');
  const forms = [
    { href: `/products/${id}/openapi.json`, name: 'OpenAPI 3.1', says: t('machine.openapi') },
    { href: `/products/${id}/datapackage.json`, name: 'Data Package 2.0', says: t('machine.dataPackage') },
    { href: '/catalog.ttl', name: 'DCAT-AP 3.0.1', says: t('machine.catalogue') },
    { href: '/feed.atom', name: 'Atom', says: t('machine.feed') },
  ];
  return (
    <ul className="grid gap-x-6 sm:grid-cols-2">
      {forms.map(({ href, name, says }) => (
        <li key={href} className="py-1">
          <a href={href} translate="no" className="inline-flex min-h-8 items-center text-brand underline">
            {name}
          </a>
          <p className="text-ink-2 text-sm">{says}</p>
        </li>
      ))}
    </ul>
  );
}
