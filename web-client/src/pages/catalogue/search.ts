import { enums } from '../../lib/schema.gql';
import type { ProductFilter } from './screen.gql';

/** What the address of the catalogue says: the words, the sort and the chosen values of each facet. */
export interface CatalogueSearch {
  q?: string;
  sort?: (typeof enums.ProductOrder)[number];
  domain?: string[];
  unit?: string[];
  operator?: string[];
  mode?: string[];
  delivery?: string[];
  frequency?: string[];
  priced?: string[];
}

/** Which member of the address chooses from which facet. */
export const memberOf = {
  DOMAIN: 'domain',
  SOURCE_UNIT: 'unit',
  OPERATOR: 'operator',
  CHARGING_MODE: 'mode',
  DELIVERY: 'delivery',
  UPDATE_FREQUENCY: 'frequency',
  PRICED: 'priced',
} as const satisfies Record<(typeof enums.FacetName)[number], keyof CatalogueSearch>;

const texts = (value: unknown) => {
  const list = (Array.isArray(value) ? value : [value]).filter(
    (v): v is string => typeof v === 'string' && v.length < 200,
  );
  return list.length > 0 ? list.slice(0, 50) : undefined;
};

const among = (value: unknown, known: readonly string[]) => texts(value)?.filter((v) => known.includes(v));

/** Takes of an address what the catalogue understands; the rest is nobody's. */
export function catalogueSearch(search: Record<string, unknown>): CatalogueSearch {
  const q =
    typeof search.q === 'string' ? search.q.slice(0, 200) : typeof search.q === 'number' ? String(search.q) : undefined;
  const sort = enums.ProductOrder.find((order) => order === search.sort);
  const all: CatalogueSearch = {
    q: q || undefined,
    sort,
    domain: texts(search.domain),
    unit: texts(search.unit),
    operator: texts(search.operator),
    mode: among(search.mode, enums.ChargingMode),
    delivery: among(search.delivery, enums.Delivery),
    frequency: among(search.frequency, enums.UpdateFrequency),
    priced: among(search.priced, enums.Priced),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The filter of the API for an address. */
export const filterOf = (search: CatalogueSearch): ProductFilter => ({
  domainIds: search.domain,
  sourceUnitIds: search.unit,
  operatorIds: search.operator,
  chargingModes: search.mode as ProductFilter['chargingModes'],
  deliveries: search.delivery as ProductFilter['deliveries'],
  updateFrequencies: search.frequency as ProductFilter['updateFrequencies'],
  priced: search.priced as ProductFilter['priced'],
});
