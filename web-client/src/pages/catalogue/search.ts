import { type Address, addressOf, ids, oneOf, someOf, text } from '../../lib/address';
import { enums } from '../../lib/schema.gql';
import type { ProductFilter } from './screen.gql';

const catalogue = {
  q: text(200),
  sort: oneOf(enums.ProductOrder),
  domain: ids('dom'),
  unit: ids('org'),
  operator: ids('org'),
  mode: someOf(enums.ChargingMode),
  delivery: someOf(enums.Delivery),
  frequency: someOf(enums.UpdateFrequency),
  priced: someOf(enums.Priced),
};
/** What the address of the catalogue says: the words, the sort and the chosen values of each facet. */
export type CatalogueSearch = Address<typeof catalogue>;
export const catalogueSearch = addressOf(catalogue);

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

/** The filter of the API for an address. */
export const filterOf = (search: CatalogueSearch): ProductFilter => ({
  domainIds: search.domain,
  sourceUnitIds: search.unit,
  operatorIds: search.operator,
  chargingModes: search.mode,
  deliveries: search.delivery,
  updateFrequencies: search.frequency,
  priced: search.priced,
});
