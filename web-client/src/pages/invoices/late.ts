import { late } from '../../app/late';
import { loadTexts } from '../../lib/i18n';

/** The invoices of an order or a bill, with their texts: they come once a page is known to show them. */
export const Invoices = late(async () => {
  const [module] = await Promise.all([import('./section'), loadTexts('invoices')]);
  return module.Invoices;
});
