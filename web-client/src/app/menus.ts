import type { Party, Role } from '../lib/schema.gql';
import { actsAs, type Viewer } from './viewer';

/** An entry of a menu: its text is common:nav.<key>. */
export interface Entry {
  key: string;
  to: string;
  /** Where pages of this entry are too, beside those below its own address. */
  also?: string;
}

/** A console: the pages of those who take part as one of these parties. */
interface Console {
  key: string;
  parties: Party[];
  roles?: Role[];
  entries: Entry[];
}

/** In the order in which they are offered; whoever takes part in several ways has several. */
const consoles: Console[] = [
  {
    key: 'operator',
    parties: ['OPERATOR'],
    entries: [
      { key: 'overview', to: '/operator' },
      { key: 'products', to: '/operator/products' },
      { key: 'sales', to: '/operator/orders' },
      { key: 'bills', to: '/operator/bills' },
      { key: 'invoices', to: '/operator/invoices' },
      { key: 'usage', to: '/operator/usage' },
      { key: 'revenue', to: '/operator/revenue' },
      { key: 'statements', to: '/statements' },
      { key: 'pricing', to: '/operator/pricing', also: '/pricing' },
      { key: 'grants', to: '/operator/grants' },
    ],
  },
  {
    key: 'refunds',
    parties: ['OPERATOR'],
    roles: ['FINANCE'],
    entries: [{ key: 'desk', to: '/review' }],
  },
  {
    key: 'review',
    parties: ['IMPLEMENTING_AGENCY', 'INDUSTRY_AUTHORITY', 'PRICE_AUTHORITY', 'PLATFORM'],
    entries: [{ key: 'desk', to: '/review' }],
  },
  {
    key: 'registrar',
    parties: ['REGISTRAR'],
    entries: [{ key: 'registrations', to: '/registrations' }],
  },
  {
    key: 'agency',
    parties: ['IMPLEMENTING_AGENCY'],
    entries: [
      { key: 'batches', to: '/agency/batches' },
      { key: 'operators', to: '/agency/operators', also: '/agency/agreements' },
      { key: 'supervised', to: '/agency/products' },
      { key: 'permitted', to: '/pricing' },
      { key: 'freeRights', to: '/agency/rights' },
      { key: 'domains', to: '/agency/domains' },
      { key: 'synonyms', to: '/agency/synonyms' },
    ],
  },
  {
    key: 'price',
    parties: ['PRICE_AUTHORITY'],
    entries: [{ key: 'permitted', to: '/pricing' }],
  },
  {
    key: 'industry',
    parties: ['INDUSTRY_AUTHORITY'],
    entries: [{ key: 'supervised', to: '/agency/products' }],
  },
  {
    key: 'platform',
    parties: ['PLATFORM'],
    entries: [
      { key: 'organisations', to: '/agency/organisations' },
      { key: 'synonyms', to: '/agency/synonyms' },
    ],
  },
  {
    key: 'settlement',
    parties: ['PLATFORM'],
    roles: ['FINANCE', 'APPROVER', 'AUDITOR'],
    entries: [
      { key: 'monthly', to: '/settlement/statements', also: '/statements' },
      { key: 'payouts', to: '/settlement/payouts' },
      { key: 'bank', to: '/settlement/bank' },
      { key: 'disputes', to: '/settlement/disputes' },
      { key: 'discrepancies', to: '/settlement/discrepancies' },
    ],
  },
  {
    key: 'source',
    parties: ['SOURCE_UNIT'],
    entries: [
      { key: 'resources', to: '/source/resources' },
      { key: 'income', to: '/source/income' },
      { key: 'statements', to: '/statements' },
    ],
  },
  {
    key: 'vendor',
    parties: ['DATA_VENDOR'],
    entries: [{ key: 'statements', to: '/statements' }],
  },
];

/** The consoles of a viewer. */
export const consolesOf = (viewer: Viewer | null): Console[] =>
  consoles.filter((console) => actsAs(viewer, console.parties, console.roles));

/** What everybody may look at. */
export const publicEntries: Entry[] = [
  { key: 'catalogue', to: '/' },
  { key: 'resourceCatalogue', to: '/resources' },
  { key: 'prices', to: '/prices' },
  { key: 'help', to: '/help' },
];

/** What whoever uses products has. */
export const ownEntries: Entry[] = [
  { key: 'orders', to: '/orders' },
  { key: 'bills', to: '/bills' },
  { key: 'data', to: '/data' },
  { key: 'freeUse', to: '/free-use' },
  { key: 'organisation', to: '/organisation' },
];
