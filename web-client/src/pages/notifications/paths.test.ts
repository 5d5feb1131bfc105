import { expect, it } from 'vitest';
import type { NoticeFieldsFragment } from './notifications.gql';
import { pathOf } from './paths';

type Kind = NoticeFieldsFragment['kind'];
const product = { __typename: 'Product', id: 'prd_1', operator: { id: 'org_operator' } };
const agreement = { __typename: 'Agreement', id: 'agr_1', agency: { id: 'org_agency' } };
const decided = (kind: string, id = 'x_1') => ({ __typename: 'Proceeding', id: 'prc_1', kind, subject: { id } });

it.each([
  ['PRODUCT_SUSPENDED', product, 'org_operator', '/operator/products/prd_1'],
  ['PRODUCT_SUSPENDED', product, 'org_buyer', '/products/prd_1'],
  ['PRODUCT_LISTED', product, 'org_operator', '/products/prd_1'],
  ['GRANT_REVOKED', { __typename: 'Grant', id: 'grt_1' }, 'org_operator', '/operator/grants'],
  ['AGREEMENT_ENDING', agreement, 'org_agency', '/agency/agreements/agr_1'],
  ['AGREEMENT_ENDING', agreement, 'org_operator', '/operator/grants'],
  ['PROCEEDING_WAITING', decided('PRODUCT_REVIEW'), 'org_agency', '/review/prc_1'],
  ['APPLICATION_DECIDED', decided('FREE_USE_APPLICATION'), 'org_buyer', '/free-use/prc_1'],
  ['APPLICATION_DECIDED', decided('PRODUCT_REVIEW', 'prd_1'), 'org_operator', '/operator/products/prd_1'],
  ['APPLICATION_DECIDED', decided('RESOURCE_APPROVAL', 'res_1'), 'org_source', '/source/resources/res_1'],
  ['APPLICATION_DECIDED', decided('ORGANISATION_VERIFICATION'), 'org_new', '/organisation'],
  ['APPLICATION_DECIDED', { ...decided('PRODUCT_REVIEW'), subject: null }, 'org_operator', undefined],
  [
    'APPLICATION_DECIDED',
    { ...decided('REFUND'), subject: { __typename: 'Refund', id: 'rfd_1', order: { id: 'ord_1' } } },
    'org_buyer',
    '/orders/ord_1',
  ],
  [
    'APPLICATION_DECIDED',
    { ...decided('ALLOCATION_RULE'), subject: { __typename: 'AllocationRule', id: 'alr_1', product: { id: 'prd_1' } } },
    'org_operator',
    '/operator/products/prd_1',
  ],
  ['ORDER_PAID', null, 'org_buyer', undefined],
])('%s leads to a page of who is told', (kind, subject, own, path) => {
  expect(pathOf({ kind: kind as Kind, subject: subject as NoticeFieldsFragment['subject'] }, own)).toBe(path);
});
