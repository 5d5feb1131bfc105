import { enums, type Purpose } from '../../lib/schema.gql';

/** What is to be bought, as it stands in an address. */
export interface PurchaseSearch {
  purpose?: Purpose;
  plan?: string;
  /** A number as long as it is exact as one, else the text that was typed. */
  quantity?: number | string;
}

/** Takes of an address what says a purchase; the rest is nobody's. */
export function purchaseSearch(search: Record<string, unknown>): PurchaseSearch {
  const all: PurchaseSearch = {
    purpose: enums.Purpose.find((purpose) => purpose === search.purpose),
    plan: typeof search.plan === 'string' && search.plan !== '' ? search.plan.slice(0, 100) : undefined,
    quantity: quantityOf(String(search.quantity ?? '')),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Reads a whole quantity; undefined where there is none. */
export function quantityOf(text: string): number | string | undefined {
  if (!/^\d{1,30}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text.replace(/^0+/, '');
}
