import type {
  AgreementStatus,
  BankLineState,
  BillStatus,
  DisputeState,
  EntitlementStatus,
  GrantStatus,
  InvoiceStatus,
  OrderStatus,
  OrganisationStatus,
  PayoutBatchStatus,
  PayoutLineState,
  ProceedingState,
  ProductStatus,
  RefundStatus,
  ResourceStatus,
  StatementStatus,
  TransferState,
} from '../lib/schema.gql';
import type { Tone } from '../ui/styles';

// The colours of what things are at, the same on every page.

export const agreementTones: Record<AgreementStatus, Tone> = {
  ANNOUNCED: 'neutral',
  APPLIED: 'neutral',
  SELECTED: 'neutral',
  PUBLICISED: 'info',
  FILED: 'info',
  SIGNED: 'success',
  OPERATING: 'success',
  RECTIFYING: 'attention',
  TERMINATED: 'refused',
  EXITED: 'neutral',
  EXPIRED: 'neutral',
};

export const grantTones: Record<GrantStatus, Tone> = {
  APPLIED: 'info',
  ACTIVE: 'success',
  REFUSED: 'refused',
  EXPIRED: 'neutral',
  REVOKED: 'refused',
};

export const productTones: Record<ProductStatus, Tone> = {
  DRAFT: 'neutral',
  SUBMITTED: 'info',
  REVIEWED: 'info',
  REGISTERED: 'info',
  LISTED: 'success',
  SUSPENDED: 'attention',
  RETIRED: 'neutral',
};

export const disputeTones: Record<DisputeState, Tone> = {
  INQUIRY: 'info',
  OPEN: 'attention',
  WON: 'success',
  LOST: 'refused',
};

export const rightTones: Record<EntitlementStatus, Tone> = {
  ACTIVE: 'success',
  SUSPENDED: 'attention',
  REVOKED: 'refused',
};

export const organisationTones: Record<OrganisationStatus, Tone> = {
  RECORDED: 'neutral',
  SUBMITTED: 'info',
  VERIFIED: 'success',
  REFUSED: 'refused',
  SUSPENDED: 'attention',
};

export const billTones: Record<BillStatus, Tone> = { ISSUED: 'attention', PAID: 'success' };

export const invoiceTones: Record<InvoiceStatus, Tone> = {
  REQUESTED: 'attention',
  ISSUED: 'success',
  REFUSED: 'refused',
  WITHDRAWN: 'neutral',
};

export const orderTones: Record<OrderStatus, Tone> = {
  PLACED: 'attention',
  PAID: 'success',
  CANCELLED: 'neutral',
  EXPIRED: 'neutral',
};

export const refundTones: Record<RefundStatus, Tone> = {
  REQUESTED: 'info',
  APPROVED: 'info',
  PAID: 'success',
  FAILED: 'attention',
  REFUSED: 'refused',
  WITHDRAWN: 'neutral',
};

export const proceedingTones: Record<ProceedingState, Tone> = {
  SUBMITTED: 'info',
  HALF_APPROVED: 'info',
  APPROVED: 'success',
  REFUSED: 'refused',
  WITHDRAWN: 'neutral',
};

export const resourceTones: Record<ResourceStatus, Tone> = {
  DRAFT: 'neutral',
  REGISTERED: 'info',
  APPROVED: 'info',
  PUBLISHED: 'success',
  SUSPENDED: 'attention',
  WITHDRAWN: 'neutral',
};

export const statementTones: Record<StatementStatus, Tone> = {
  PREVIEW: 'info',
  OBJECTED: 'attention',
  FINAL: 'success',
};

export const payoutTones: Record<PayoutBatchStatus, Tone> = {
  SUBMITTED: 'info',
  APPROVED: 'attention',
  DONE: 'success',
  REFUSED: 'refused',
  WITHDRAWN: 'neutral',
};

export const payoutLineTones: Record<PayoutLineState, Tone> = {
  PENDING: 'attention',
  CONFIRMED: 'success',
  FAILED: 'refused',
};

export const lineTones: Record<BankLineState, Tone> = {
  MATCHED: 'success',
  QUEUED: 'attention',
  PROPOSED: 'info',
  SETTLED: 'success',
};

export const transferTones: Record<TransferState, Tone> = {
  EXPECTED: 'info',
  DONE: 'success',
  CANCELLED: 'neutral',
  FAILED: 'refused',
};
