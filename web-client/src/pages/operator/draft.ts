import { keptOf } from '../../app/kept';
import type { Delivery, UpdateFrequency } from '../../lib/schema.gql';
import type { ColumnInput, DraftDictionaryQuery } from './new.gql';

type Drafted = DraftDictionaryQuery['dictionaryDraft'][number];

/** A column as it was changed, and the name under which it was drafted: that one stays the same. */
export type Column = Drafted & { of: string };

/** A product that is not drafted yet: all that was typed and chosen for it. */
export interface Begun {
  step: 0 | 1;
  basics: {
    name: string;
    nameEn: string;
    description: string;
    descriptionEn: string;
    domainId: string;
    delivery: Delivery;
    updateFrequency: UpdateFrequency;
    aggregate: boolean;
  };
  chosen: string[];
  columns: Column[];
  sample: string;
}

/** The fields that are filled in before the dictionary is drafted. */
export const firstFields = [
  'name',
  'nameEn',
  'description',
  'descriptionEn',
  'domainId',
  'delivery',
  'updateFrequency',
  'aggregate',
  'itemIds',
] as const;

const blank: Begun = {
  step: 0,
  basics: {
    name: '',
    nameEn: '',
    description: '',
    descriptionEn: '',
    domainId: '',
    delivery: 'API',
    updateFrequency: 'MONTHLY',
    aggregate: false,
  },
  chosen: [],
  columns: [],
  sample: '',
};

/** The form in which a product is begun. */
export const newForm = 'new-product';

/** What was begun before, less what is granted no more; then the items are chosen again first. */
export function begunBefore(owner: string, granted: ReadonlySet<string>): Begun {
  const kept = keptOf(owner, newForm, blank);
  const chosen = kept.chosen.filter((id) => granted.has(id));
  return chosen.length === kept.chosen.length ? kept : { ...kept, chosen, step: 0 };
}

/** A dictionary drafted anew: what was changed in a column stays as long as its item is among the chosen ones. */
export function redrafted(drafts: Drafted[], before: Column[]): Column[] {
  return drafts.map((draft) => before.find((column) => column.of === draft.name) ?? { ...draft, of: draft.name });
}

/** The columns as they are sent: items by their ids; what was kept before columns had any has none. */
export const sent = (columns: Column[]): ColumnInput[] =>
  columns.map(({ of: _, items, ...column }) => ({ ...column, itemIds: (items ?? []).map((item) => item.id) }));
