import { type Address, addressOf, id, oneOf } from '../../lib/address';
import { enums } from '../../lib/schema.gql';
import type { ProductQuery } from './screen.gql';

export type Plan = NonNullable<ProductQuery['product']>['plans'][number];
export type Scenario = ProductQuery['discountScenarios'][number];

/**
 * What is to be bought, as it stands in an address; the quantity as a number as long as it is exact as one, else as it was typed:
 * a number that no float holds was read as another, and is none.
 */
export const purchase = {
  purpose: oneOf(enums.Purpose),
  plan: id('pln'),
  quantity: (value: unknown) =>
    typeof value === 'number' && !Number.isSafeInteger(value) ? undefined : quantityOf(String(value ?? '')),
  /** For what it is used, where policy gives a discount for that. */
  scenario: (value: unknown) => (typeof value === 'string' && /^[A-Z0-9_]{1,32}$/.test(value) ? value : undefined),
};
export type PurchaseSearch = Address<typeof purchase>;
export const purchaseSearch = addressOf(purchase);

/** Reads a whole quantity; undefined where there is none. */
export function quantityOf(text: string): number | string | undefined {
  if (!/^\d{1,30}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text.replace(/^0+/, '');
}

/** The quantity as the API takes it, within 64 bits: what is more is more than anything that is sold, and is refused all the same. */
export const askable = (quantity: number | string): number =>
  (typeof quantity === 'string' && quantity.length > 18 ? '9'.repeat(18) : quantity) as number;
