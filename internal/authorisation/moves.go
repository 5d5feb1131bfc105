package authorisation

import (
	"slices"

	"gongshu/internal/fault"
)

// The tables list the legal moves; a status without an entry is final.

// A suspended resource comes back once its source unit has put it right; a withdrawn one does not.
// What the industry authority refuses becomes a draft again.
var nextResource = map[ResourceStatus][]ResourceStatus{
	ResourceDraft:      {ResourceRegistered, ResourceWithdrawn},
	ResourceRegistered: {ResourceApproved, ResourceDraft, ResourceWithdrawn},
	ResourceApproved:   {ResourcePublished, ResourceWithdrawn},
	ResourcePublished:  {ResourceSuspended, ResourceWithdrawn},
	ResourceSuspended:  {ResourcePublished, ResourceWithdrawn},
}

// An operator under rectification may also leave or run out of time.
var nextAgreement = map[AgreementStatus][]AgreementStatus{
	AgreementAnnounced:  {AgreementApplied},
	AgreementApplied:    {AgreementSelected},
	AgreementSelected:   {AgreementPublicised},
	AgreementPublicised: {AgreementFiled},
	AgreementFiled:      {AgreementSigned},
	AgreementSigned:     {AgreementOperating, AgreementTerminated},
	AgreementOperating:  {AgreementRectifying, AgreementTerminated, AgreementExited, AgreementExpired},
	AgreementRectifying: {AgreementOperating, AgreementTerminated, AgreementExited, AgreementExpired},
}

var nextGrant = map[GrantStatus][]GrantStatus{
	GrantApplied: {GrantActive, GrantRefused},
	GrantActive:  {GrantExpired, GrantRevoked},
}

// What review refuses, and what its operator reworks, is a draft again and is reviewed anew.
// A reviewed product is listed without registration only where policy asks for no code; Obstacles sees to that.
var nextProduct = map[ProductStatus][]ProductStatus{
	ProductDraft:      {ProductSubmitted, ProductRetired},
	ProductSubmitted:  {ProductReviewed, ProductDraft},
	ProductReviewed:   {ProductRegistered, ProductListed, ProductDraft, ProductRetired},
	ProductRegistered: {ProductListed, ProductDraft, ProductRetired},
	ProductListed:     {ProductSuspended, ProductRetired},
	ProductSuspended:  {ProductListed, ProductDraft, ProductRetired},
}

// With one decider a proceeding has no half-way state.
var nextOfOne = map[ProceedingState][]ProceedingState{
	StateSubmitted: {StateApproved, StateRefused, StateWithdrawn},
}

// With several deciders the first approval is never the last.
var nextOfSeveral = map[ProceedingState][]ProceedingState{
	StateSubmitted:    {StateHalfApproved, StateRefused, StateWithdrawn},
	StateHalfApproved: {StateApproved, StateRefused, StateWithdrawn},
}

// CanBecome reports whether a resource may move from s to t.
func (s ResourceStatus) CanBecome(t ResourceStatus) bool { return slices.Contains(nextResource[s], t) }

// CanBecome reports whether an agreement may move from s to t.
func (s AgreementStatus) CanBecome(t AgreementStatus) bool {
	return slices.Contains(nextAgreement[s], t)
}

// CanBecome reports whether a grant may move from s to t.
func (s GrantStatus) CanBecome(t GrantStatus) bool { return slices.Contains(nextGrant[s], t) }

// CanBecome reports whether a product may move from s to t.
func (s ProductStatus) CanBecome(t ProductStatus) bool { return slices.Contains(nextProduct[s], t) }

// CanBecome reports whether a proceeding of kind k may move from one state to the other.
func (k ProceedingKind) CanBecome(from, to ProceedingState) bool {
	if len(procedures[k]) > 1 {
		return slices.Contains(nextOfSeveral[from], to)
	}
	return len(procedures[k]) == 1 && slices.Contains(nextOfOne[from], to)
}

// Status is a status with a table of moves.
type Status[S any] interface {
	~string
	CanBecome(S) bool
}

// Move refuses with the conflict MOVE_NOT_ALLOWED (params from, to) what the table of moves does not hold.
func Move[S Status[S]](from, to S) error {
	if from.CanBecome(to) {
		return nil
	}
	return fault.New(fault.Conflict, "MOVE_NOT_ALLOWED", "What is %s cannot become %s.", string(from), string(to)).
		With("from", string(from)).With("to", string(to))
}
