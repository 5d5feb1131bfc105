import type { Outcome, ProceedingKind } from '../../lib/schema.gql';

const approving: Record<ProceedingKind, string[]> = {
  ORGANISATION_VERIFICATION: ['complete', 'identity'],
  RESOURCE_APPROVAL: ['complete', 'graded'],
  GRANT_APPLICATION: ['complete', 'necessary'],
  PRODUCT_REVIEW: ['complete', 'safe'],
  FREE_USE_APPLICATION: ['complete', 'purpose'],
  COST_SURVEY: ['complete', 'cost'],
  ALLOCATION_RULE: ['complete', 'shares'],
  REFUND: ['complete', 'refund'],
  PAYOUT_BATCH: ['complete', 'payout'],
  RECEIPT: ['complete', 'receipt'],
  TRANSFER: ['complete', 'transfer'],
};

const refusing: Record<ProceedingKind, string[]> = {
  ORGANISATION_VERIFICATION: ['evidenceMissing', 'identityWrong'],
  RESOURCE_APPROVAL: ['gradeWrong', 'protectionMissing'],
  GRANT_APPLICATION: ['evidenceMissing', 'tooMuch', 'protectionMissing'],
  PRODUCT_REVIEW: ['evidenceMissing', 'dictionaryMissing', 'protectionMissing'],
  FREE_USE_APPLICATION: ['evidenceMissing', 'purposeWrong'],
  COST_SURVEY: ['evidenceMissing', 'costWrong'],
  ALLOCATION_RULE: ['evidenceMissing', 'sharesWrong'],
  REFUND: ['evidenceMissing', 'refundWrong'],
  PAYOUT_BATCH: ['payoutWrong'],
  RECEIPT: ['receiptWrong'],
  TRANSFER: ['transferWrong'],
};

/** The keys of the sentences that are common for a kind of proceeding and a way to decide it. */
export const phrasesOf = (kind: ProceedingKind, outcome: Outcome): string[] =>
  (outcome === 'APPROVE' ? approving : refusing)[kind];
