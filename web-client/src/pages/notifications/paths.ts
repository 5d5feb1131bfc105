import type { NoticeFieldsFragment } from './notifications.gql';

/** Where a notification leads an organisation, by what it is about; nowhere where that has no page for it. */
export function pathOf({ kind, subject }: Pick<NoticeFieldsFragment, 'kind' | 'subject'>, own: string | undefined) {
  switch (subject?.__typename) {
    case 'Product':
      // Who operates it goes to where something can be done about it; who uses it sees what became of it.
      return subject.operator.id === own && kind !== 'PRODUCT_LISTED'
        ? `/operator/products/${subject.id}`
        : `/products/${subject.id}`;
    case 'Resource':
      return `/resources/${subject.id}`;
    case 'Order':
      return `/orders/${subject.id}`;
    case 'Bill':
      return `/bills/${subject.id}`;
    case 'Invoice':
      if (subject.operator.id === own) return '/operator/invoices';
      return subject.bill ? `/bills/${subject.bill.id}` : `/orders/${subject.order.id}`;
    case 'Entitlement':
      return `/data/${subject.id}`;
    case 'Grant':
      return '/operator/grants';
    case 'Agreement':
      return subject.agency.id === own ? `/agency/agreements/${subject.id}` : '/operator/grants';
    case 'Proceeding':
      return kind === 'APPLICATION_DECIDED' ? pathOfDecided(subject) : `/review/${subject.id}`;
    default:
      return undefined;
  }
}

type Decided = Extract<NonNullable<NoticeFieldsFragment['subject']>, { __typename: 'Proceeding' }>;

/** What an applicant has of its application once that was decided. */
function pathOfDecided({ kind, id, subject }: Decided): string | undefined {
  switch (kind) {
    case 'FREE_USE_APPLICATION':
      return `/free-use/${id}`;
    case 'GRANT_APPLICATION':
      return '/operator/grants';
    case 'ORGANISATION_VERIFICATION':
      return '/organisation';
    case 'PRODUCT_REVIEW':
      return subject ? `/operator/products/${subject.id}` : undefined;
    case 'ALLOCATION_RULE':
      return subject?.__typename === 'AllocationRule' && subject.product
        ? `/operator/products/${subject.product.id}`
        : undefined;
    case 'REFUND':
      return subject?.__typename === 'Refund' && subject.order ? `/orders/${subject.order.id}` : undefined;
    case 'RESOURCE_APPROVAL':
      return subject ? `/source/resources/${subject.id}` : undefined;
  }
}
