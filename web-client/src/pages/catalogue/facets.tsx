import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../lib/format';
import { useEnum, useLanguage } from '../../lib/i18n';
import { Chip } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Checkbox } from '../../ui/choice';
import type { CatalogueQuery } from './screen.gql';
import { type CatalogueSearch, memberOf } from './search';

type Facet = CatalogueQuery['products']['facets'][number];
type Value = Facet['values'][number];

interface Props {
  facets: readonly Facet[];
  search: CatalogueSearch;
  onSearch: (next: CatalogueSearch) => void;
}

/** How many values of a facet are shown before the rest is asked for. */
const few = 6;

const chosenIn = (search: CatalogueSearch, facet: Facet) => search[memberOf[facet.name]] ?? [];

function toggled(search: CatalogueSearch, facet: Facet, value: string): CatalogueSearch {
  const chosen = chosenIn(search, facet);
  const next = chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value];
  return { ...search, [memberOf[facet.name]]: next.length > 0 ? next : undefined };
}

/** The facets with their counts; several values of one widen the result, several facets narrow it. */
export function Facets({ facets, search, onSearch }: Props) {
  return (
    <div className="space-y-5">
      {facets
        .filter((facet) => facet.values.length > 0)
        .map((facet) => (
          <FacetGroup key={facet.name} facet={facet} search={search} onSearch={onSearch} />
        ))}
    </div>
  );
}

function FacetGroup({ facet, search, onSearch }: { facet: Facet } & Omit<Props, 'facets'>) {
  const { t } = useTranslation('catalogue');
  const name = useEnum();
  const label = useLabel();
  const format = useFormats();
  const [all, setAll] = useState(false);
  const chosen = chosenIn(search, facet);
  const shown = all ? facet.values : facet.values.filter((value, i) => i < few || chosen.includes(value.value));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium">{name('FacetName', facet.name)}</legend>
      {shown.map((value) => (
        <Checkbox
          key={value.value}
          checked={chosen.includes(value.value)}
          onCheckedChange={() => onSearch(toggled(search, facet, value.value))}
          label={
            <span className="flex justify-between gap-2">
              <span className="min-w-0">{label(value)}</span>
              <span className="shrink-0 text-ink-3 text-xs">{format.count(value.count)}</span>
            </span>
          }
          className="[&>span]:flex-1"
        />
      ))}
      {facet.values.length > shown.length && (
        <Button kind="quiet" size="small" onClick={() => setAll(true)}>
          {t('facets.all', { count: facet.values.length })}
        </Button>
      )}
    </fieldset>
  );
}

/** What was chosen, each to be taken back. */
export function Chips({ facets, search, onSearch }: Props) {
  const { t } = useTranslation('catalogue');
  const label = useLabel();
  const chosen = facets.flatMap((facet) =>
    facet.values.filter((value) => chosenIn(search, facet).includes(value.value)).map((value) => ({ facet, value })),
  );
  if (chosen.length === 0) return null;
  return (
    <ul aria-label={t('chosen')} className="flex flex-wrap items-center gap-2">
      {chosen.map(({ facet, value }) => (
        <li key={`${facet.name} ${value.value}`}>
          <Chip onRemove={() => onSearch(toggled(search, facet, value.value))}>{label(value)}</Chip>
        </li>
      ))}
      <li>
        <ClearAll search={search} onSearch={onSearch} />
      </li>
    </ul>
  );
}

/** Takes back everything that was chosen. */
export function ClearAll({ search, onSearch }: Omit<Props, 'facets'>) {
  const { t } = useTranslation('catalogue');
  return (
    <Button
      kind="quiet"
      size="small"
      onClick={() => onSearch({ q: search.q, sort: search.sort, priced: search.priced })}
    >
      {t('clearAll')}
    </Button>
  );
}

function useLabel() {
  const language = useLanguage();
  return (value: Value) => (language === 'en' && value.labelEn) || value.label;
}
