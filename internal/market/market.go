// Package market owns the use-cases: one method for each thing that people do on the market.
//
// A use-case loads what the viewer may see, lets a rule decide, saves, records and promises, all in one transaction
// without network. It returns an error, an id, or a secret shown once; whoever asked reads the result afresh.
// It knows no edge: not GraphQL, not HTTP. Who may do what is asked of the viewer first, in every method.
package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"sync"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/dataset"
	"gongshu/internal/fault"
	"gongshu/internal/payment"
	"gongshu/internal/store"
)

// Market is the use-cases over one store.
type Market struct {
	Store *store.Store
	// Blobs holds the bytes of evidence and datasets.
	Blobs *blob.Store
	// Rows serves pages of rows from datasets.
	Rows *dataset.Files
	// Payments are the ways to pay, by the provider's name.
	Payments map[string]payment.Provider
	// URL is where people reach the market, without a slash at its end: providers send buyers back there.
	URL string
	// Search finds listed products and published resources.
	Search *Searching
	// Version names the program, "" where it is not known: another one may have other rules.
	Version string

	attempts throttle
	// held is how far the products were held against the gate, scored how far the resources were scored.
	held, scored pass
	near         near
	// booked is the last day on which daily was done; books guards it.
	books  sync.Mutex
	booked authorisation.Day
	// How far the sweep came with what is on its way, and what it asked about lately.
	openRound, transferRound, refundRound, disputeRound, payoutRound round
	pages                                                            pages
}

// requestHash is the content of a request as an idempotency key holds it.
func requestHash(content any) string {
	raw, err := json.Marshal(content)
	if err != nil {
		panic(err) // values of our own types: always encodable
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// opening is what a use-case says to open a proceeding.
type opening struct {
	kind        authorisation.ProceedingKind
	subjectID   uuid.UUID
	subjectName string
	authorities []uuid.UUID
	application authorisation.Application
	evidence    []uuid.UUID
	key, hash   string
}

// open opens a proceeding of the viewer's organisation about a subject, with its deadline in working days.
func (m *Market) open(ctx context.Context, tx *store.Tx, o opening) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	if err := tx.Beside(ctx, calendarLock); err != nil {
		return uuid.Nil, err
	}
	policies, err := tx.Policies(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	if err := tx.OwnDocuments(ctx, v.OrganisationID, o.evidence); err != nil {
		return uuid.Nil, err
	}
	opened, missing, err := authorisation.Open(o.kind, v.PersonID, o.authorities, policies.Calendar, policies.Deadlines, tx.Now())
	if err != nil {
		return uuid.Nil, err
	}
	id, err := tx.OpenProceeding(ctx, store.Proceeding{
		Proceeding: opened, ApplicantID: v.OrganisationID, SubjectID: o.subjectID, SubjectName: o.subjectName,
		Application: o.application, Evidence: o.evidence, IdempotencyKey: o.key, RequestHash: o.hash, CalendarMissing: missing,
	})
	if err != nil {
		return uuid.Nil, err
	}
	return id, tellOpened(ctx, tx, id, o, opened.DueOn)
}

// DecisionInput is what a person decides at one step of a proceeding.
type DecisionInput struct {
	Step     authorisation.Step
	Outcome  authorisation.Outcome
	Reason   string
	Evidence []uuid.UUID
}

// ProceedingDecide decides one step of a proceeding as the viewer's organisation, and does what the decision brings about
// in the same transaction; a refund that was approved is then asked of its provider. Refused as authorisation.Decide says, and
// with ROLE_REQUIRED.
func (m *Market) ProceedingDecide(ctx context.Context, id uuid.UUID, in DecisionInput) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	var decided store.Proceeding
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.ProceedingByID(ctx, id)
		if err != nil {
			return err
		}
		if err := mayDecide(v, in.Step); err != nil {
			return err
		}
		if p.Involved {
			return fault.New(fault.Forbidden, "DECIDER_INVOLVED", "The money would go to an organisation that you belong to: somebody else decides on that.").At("id")
		}
		if err := tx.OwnDocuments(ctx, v.OrganisationID, in.Evidence); err != nil {
			return err
		}
		p.Proceeding, err = authorisation.Decide(p.Proceeding, authorisation.Decision{
			Step: in.Step, OrganisationID: v.OrganisationID, PersonID: v.PersonID, Outcome: in.Outcome, Reason: in.Reason,
		}, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.SaveDecision(ctx, p, in.Evidence); err != nil {
			return err
		}
		if p.Ended() {
			if err := m.decided(ctx, tx, p); err != nil {
				return err
			}
			if err := tellDecided(ctx, tx, p); err != nil {
				return err
			}
		}
		decided = p
		return tx.Record(ctx, store.Act{
			Name: "proceedingDecide", Kind: string(p.Kind), ID: p.SubjectID, Reason: in.Reason,
			Change: map[string]any{"proceeding": p.ID, "step": in.Step, "outcome": in.Outcome, "state": p.State},
		})
	})
	if err == nil && decided.Kind == authorisation.ProceedingRefund && decided.State == authorisation.StateApproved {
		// It is decided, whatever becomes of the money now: RefundsResume finishes it.
		if _, err := m.payBack(ctx, decided.SubjectID); err != nil {
			slog.ErrorContext(ctx, "market: a refund that was approved is not finished", "refund", decided.SubjectID, "error", err)
		}
	}
	return err
}

// decided does what the end of a proceeding brings about for its subject.
func (m *Market) decided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	switch p.Kind {
	case authorisation.ProceedingVerification:
		return m.organisationDecided(ctx, tx, p)
	case authorisation.ProceedingResourceApproval:
		return m.resourceDecided(ctx, tx, p)
	case authorisation.ProceedingGrant:
		return m.grantDecided(ctx, tx, p)
	case authorisation.ProceedingProductReview:
		return m.productDecided(ctx, tx, p)
	case authorisation.ProceedingFreeUse:
		return m.freeUseDecided(ctx, tx, p)
	case authorisation.ProceedingAllocation:
		return m.allocationDecided(ctx, tx, p)
	case authorisation.ProceedingRefund:
		return m.refundDecided(ctx, tx, p)
	case authorisation.ProceedingPayout:
		return m.payoutDecided(ctx, tx, p)
	case authorisation.ProceedingReceipt:
		return m.receiptDecided(ctx, tx, p)
	case authorisation.ProceedingTransfer:
		return m.transferDecided(ctx, tx, p)
	case authorisation.ProceedingCostSurvey:
		return m.costSurveyDecided(ctx, tx, p)
	}
	panic("market: a kind of proceeding without its consequence: " + p.Kind)
}

// openers are the roles that open a kind of proceeding for their organisation, and so may take it back.
var openers = map[authorisation.ProceedingKind][]access.Role{
	authorisation.ProceedingVerification:     {access.Administrator},
	authorisation.ProceedingResourceApproval: {access.Publisher},
	authorisation.ProceedingGrant:            {access.Publisher},
	authorisation.ProceedingProductReview:    {access.Publisher},
	authorisation.ProceedingFreeUse:          {access.BuyerRole},
	authorisation.ProceedingAllocation:       {access.Publisher},
	authorisation.ProceedingRefund:           {access.Finance, access.BuyerRole},
	authorisation.ProceedingPayout:           {access.Finance},
	authorisation.ProceedingReceipt:          {access.Finance},
	authorisation.ProceedingTransfer:         {access.Finance},
	authorisation.ProceedingCostSurvey:       {access.Finance},
}

// ProceedingWithdraw takes an application back before it is decided; of its applicant, whoever could have opened it may.
// Refused with NOT_THE_APPLICANT and ROLE_REQUIRED.
func (m *Market) ProceedingWithdraw(ctx context.Context, id uuid.UUID) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.ProceedingByID(ctx, id)
		if err != nil {
			return err
		}
		if p.Proceeding, err = withdraw(v, p); err != nil {
			return err
		}
		if err := tx.SaveWithdrawal(ctx, p); err != nil {
			return err
		}
		if err := m.decided(ctx, tx, p); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "proceedingWithdraw", Kind: string(p.Kind), ID: p.SubjectID, Change: map[string]any{"proceeding": p.ID}})
	})
}

// MayWithdraw reports whether the viewer may take a proceeding back now, by the rule that ProceedingWithdraw uses.
func (m *Market) MayWithdraw(v access.Viewer, p store.Proceeding) bool {
	_, err := withdraw(v, p)
	return err == nil
}

func withdraw(v access.Viewer, p store.Proceeding) (authorisation.Proceeding, error) {
	if p.ApplicantID != v.OrganisationID {
		return authorisation.Proceeding{}, fault.New(fault.Forbidden, "NOT_THE_APPLICANT", "Only its applicant may take an application back.")
	}
	if err := v.MustHave(openers[p.Kind]...); err != nil {
		return authorisation.Proceeding{}, err
	}
	return authorisation.Withdraw(p.Proceeding)
}

// AllowedSteps are the steps of a proceeding that the viewer may decide now, by the rule that ProceedingDecide uses.
func (m *Market) AllowedSteps(v access.Viewer, p store.Proceeding) []authorisation.Step {
	steps := []authorisation.Step{}
	for _, r := range p.Undecided() {
		trial := authorisation.Decision{Step: r.Step, OrganisationID: v.OrganisationID, PersonID: v.PersonID, Outcome: authorisation.OutcomeApprove, Reason: "?"}
		if p.Involved || r.OrganisationID != v.OrganisationID || mayDecide(v, r.Step) != nil {
			continue
		}
		if _, err := authorisation.Decide(p.Proceeding, trial, p.SubmittedAt); err == nil {
			steps = append(steps, r.Step)
		}
	}
	return steps
}

// mayDecide says in which capacity and role a step is decided.
func mayDecide(v access.Viewer, step authorisation.Step) error {
	switch step {
	case authorisation.StepPlatform:
		return v.MayAct(access.Platform, access.Approver)
	case authorisation.StepIndustry:
		return v.MayAct(access.IndustryAuthority, access.Approver)
	case authorisation.StepPrice:
		return v.MayAct(access.PriceAuthority, access.Approver)
	case authorisation.StepSecurity:
		return v.MayAct(access.ImplementingAgency, access.Security)
	case authorisation.StepOperator:
		return v.MayAct(access.Operator, access.Finance)
	default:
		return v.MayAct(access.ImplementingAgency, access.Approver)
	}
}
