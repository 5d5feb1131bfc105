import type {
  AgreementStatus,
  EntitlementStatus,
  GrantStatus,
  OrganisationStatus,
  ProductStatus,
} from '../../lib/schema.gql';
import type { Tone } from '../../ui/styles';

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
