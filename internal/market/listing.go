package market

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// ProductSubmit asks for security and compliance review (A27 art. 14) and returns the proceeding.
// Refused with PRODUCT_NOT_SUBMITTABLE, naming what is missing, and with MOVE_NOT_ALLOWED when it is no draft.
func (m *Market) ProductSubmit(ctx context.Context, id uuid.UUID, evidence []uuid.UUID) (proceeding uuid.UUID, err error) {
	err = m.changeOwn(ctx, id, authorisation.SubmitProduct, func(ctx context.Context, tx *store.Tx, p *db.Product) error {
		facts, err := gateOf(ctx, tx, id)
		if err != nil {
			return err
		}
		status, err := authorisation.Submit(facts)
		if err != nil {
			return err
		}
		if err := tx.ChangeProduct(ctx, p, func(u *db.ProductUpdate) { u.SetStatus(status) }); err != nil {
			return err
		}
		proceeding, err = m.open(ctx, tx, opening{
			kind: authorisation.ProceedingProductReview, subjectID: id, subjectName: p.Name, evidence: evidence,
		})
		if err != nil {
			return at(err, evidencePaths(evidence))
		}
		return m.moved(ctx, tx, "productSubmit", p, status, "", map[string]any{"proceeding": proceeding})
	})
	return proceeding, err
}

// evidencePaths are the paths of evidence that is an argument of its own.
func evidencePaths(evidence []uuid.UUID) map[string]string {
	paths := map[string]string{}
	for i := range evidence {
		paths[fmt.Sprintf("input.evidence.%d", i)] = fmt.Sprintf("evidence.%d", i)
	}
	return paths
}

// productDecided makes a product reviewed once security and compliance approved it, else a draft again.
func (m *Market) productDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	row, err := tx.ProductByID(ctx, p.SubjectID)
	if err != nil {
		return err
	}
	status := authorisation.ProductDraft
	if p.State == authorisation.StateApproved {
		status = authorisation.ProductReviewed
	}
	if err := authorisation.Move(row.Status, status); err != nil {
		return err
	}
	if status == authorisation.ProductReviewed {
		if err := tx.ApproveDraftedAllocation(ctx, row.ID); err != nil {
			return err
		}
	}
	return tx.ChangeProduct(ctx, row, func(u *db.ProductUpdate) {
		u.SetStatus(status)
		if status == authorisation.ProductReviewed {
			u.SetReviewedAt(tx.Now())
		}
	})
}

// RegistrationInput is the code that a registrar issued for a product, with its proof.
type RegistrationInput struct {
	ProductID uuid.UUID
	Code      string
	CodedOn   authorisation.Day
	Evidence  uuid.UUID
}

// RegistrationRecord records the code that the viewer's organisation, a registrar, issued for a reviewed product, with
// the document that proves it (R26). A product that is registered, listed or suspended gets the code of its renewal and
// stays what it is. Refused with REGISTRATION_CODE_INVALID, CODED_ON_INVALID and MOVE_NOT_ALLOWED.
func (m *Market) RegistrationRecord(ctx context.Context, in RegistrationInput) error {
	v := access.FromContext(ctx)
	if err := doesAny(v, authorisation.RecordRegistration); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		code, err := authorisation.ParseRegistrationCode(in.Code, "input.code")
		if err != nil {
			return err
		}
		if in.CodedOn.IsZero() || in.CodedOn.After(authorisation.DayOf(tx.Now())) {
			return fault.New(fault.Invalid, "CODED_ON_INVALID", "A code is recorded once it is issued.").At("input.codedOn")
		}
		p, err := tx.ProductByID(ctx, in.ProductID)
		if err != nil {
			return at(err, map[string]string{"": "productId"})
		}
		if err := tx.OwnDocuments(ctx, v.OrganisationID, []uuid.UUID{in.Evidence}); err != nil {
			return at(err, map[string]string{"input.evidence.0": "input.evidence"})
		}
		return m.register(ctx, tx, p, code, in)
	})
}

func (m *Market) register(ctx context.Context, tx *store.Tx, p *db.Product, code string, in RegistrationInput) error {
	policies, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	facts, err := gateOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	status, err := registered(p.Status)
	if err != nil {
		return err
	}
	term := authorisation.RegistrationTerm(in.CodedOn, policies.RegistrationMonths, facts.Agreement)
	if err := tx.ChangeProduct(ctx, p, func(u *db.ProductUpdate) {
		u.SetStatus(status).SetRegistrationCode(code).SetRegistrationDocumentID(in.Evidence).
			SetRegisteredOn(term.StartsOn.String()).SetRegistrationExpiresOn(term.EndsOn.String())
	}); err != nil {
		return err
	}
	if err := m.moved(ctx, tx, "registrationRecord", p, status, "", map[string]any{
		"registrationCode": []any{p.RegistrationCode, code}, "evidence": in.Evidence, "expiresOn": term.EndsOn.String(),
	}); err != nil {
		return err
	}
	_, err = m.recheck(ctx, tx, p.ID)
	return err
}

// ProductList puts a product on the market. Refused with PRODUCT_NOT_LISTABLE and everything that stands in its way.
func (m *Market) ProductList(ctx context.Context, id uuid.UUID) error {
	return m.changeOwn(ctx, id, authorisation.ListProduct, func(ctx context.Context, tx *store.Tx, p *db.Product) error {
		policies, err := tx.Policies(ctx)
		if err != nil {
			return err
		}
		if err := m.scoreProduct(ctx, tx, id); err != nil { // some of it changes by time alone
			return err
		}
		facts, err := gateOf(ctx, tx, id)
		if err != nil {
			return err
		}
		status, err := authorisation.List(facts, policies.Listing, authorisation.DayOf(tx.Now()))
		if err != nil {
			return err
		}
		if err := tx.ChangeProduct(ctx, p, func(u *db.ProductUpdate) {
			u.SetStatus(status).SetListedAt(tx.Now()).SetSuspensionCode("")
			if p.FirstListedAt == nil {
				u.SetFirstListedAt(tx.Now())
			}
		}); err != nil {
			return err
		}
		return m.moved(ctx, tx, "productList", p, status, "", nil)
	})
}

// Listing is everything that keeps a product off the market now, and whether productList would succeed for the viewer,
// by the rule that it uses.
func (m *Market) Listing(v access.Viewer, facts authorisation.Product, policies store.Policies) (obstacles []authorisation.Obstacle, may bool) {
	today := authorisation.DayOf(m.Store.Now())
	obstacles = authorisation.Obstacles(facts, policies.Listing, today)
	if obstacles == nil {
		obstacles = []authorisation.Obstacle{}
	}
	_, refusal := authorisation.List(facts, policies.Listing, today)
	mayList := v.MayActFor(facts.Agreement.OperatorID, "product", access.Operator, access.Publisher) == nil
	return obstacles, refusal == nil && mayList
}

// ProductSuspend takes a product off the market for a while; its operator or the agency may. Rights that were given go on
// being served when its operator does it. What the agency takes down, also when it is off the market already, has lost its
// review too: it serves nobody, and comes back once it has been revised and reviewed again.
func (m *Market) ProductSuspend(ctx context.Context, id uuid.UUID, reason string) error {
	if access.FromContext(ctx).Is(access.ImplementingAgency) {
		return m.suspendByAgency(ctx, id, reason)
	}
	return m.takeOff(ctx, id, authorisation.SuspendProduct, "productSuspend", authorisation.ProductSuspended, reason)
}

func (m *Market) suspendByAgency(ctx context.Context, id uuid.UUID, reason string) error {
	if err := doesAny(access.FromContext(ctx), authorisation.SuspendProduct); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.ProductByID(ctx, id)
		if err != nil {
			return err
		}
		to, err := suspendedByAgency(p)
		if err != nil {
			return err
		}
		return m.leave(ctx, tx, p, "productSuspend", to, reason, func(u *db.ProductUpdate) {
			u.ClearReviewedAt().SetSuspensionCode(string(authorisation.NotReviewed))
		})
	})
}

// ProductRetire takes a product off the market for good; rights that were given stay and are served, unless what the product
// is made of may not be: see authorisation.MayBeServed. Its operator may.
func (m *Market) ProductRetire(ctx context.Context, id uuid.UUID, reason string) error {
	return m.takeOff(ctx, id, authorisation.RetireProduct, "productRetire", authorisation.ProductRetired, reason)
}

func (m *Market) takeOff(ctx context.Context, id uuid.UUID, act authorisation.ProductAction, name string, to authorisation.ProductStatus, reason string) error {
	return m.changeOwn(ctx, id, act, func(ctx context.Context, tx *store.Tx, p *db.Product) error {
		if err := m.leave(ctx, tx, p, name, to, reason, store.Touched); err != nil {
			return err
		}
		_, err := m.recheck(ctx, tx, id)
		return err
	})
}

// leave puts a product where it is not listed, for a reason.
func (m *Market) leave(ctx context.Context, tx *store.Tx, p *db.Product, act string, to authorisation.ProductStatus, reason string, also func(*db.ProductUpdate)) error {
	if err := checkText("reason", reason, 8000, true).OrNil(); err != nil {
		return err
	}
	if err := tx.ChangeProduct(ctx, p, func(u *db.ProductUpdate) {
		u.SetStatus(to).ClearListedAt()
		also(u)
	}); err != nil {
		return err
	}
	return m.moved(ctx, tx, act, p, to, reason, nil)
}

// moved records that a product was moved and makes the search agree, where it is or was to be found there.
func (m *Market) moved(ctx context.Context, tx *store.Tx, act string, p *db.Product, to authorisation.ProductStatus, reason string, also map[string]any) error {
	change := map[string]any{"status": []authorisation.ProductStatus{p.Status, to}}
	for name, value := range also {
		change[name] = value
	}
	if err := tx.Record(ctx, store.Act{Name: act, Kind: "Product", ID: p.ID, Reason: reason, Change: change}); err != nil {
		return err
	}
	if err := tellMoved(ctx, tx, p.ID, p.Status, to, ""); err != nil {
		return err
	}
	if p.Status == authorisation.ProductListed || to == authorisation.ProductListed {
		return tx.ProductsChanged(ctx, p.ID)
	}
	return nil
}

// gateOf is what the listing of one product depends on.
func gateOf(ctx context.Context, tx *store.Tx, id uuid.UUID) (authorisation.Product, error) {
	facts, err := tx.GateProducts(ctx, id)
	if err != nil {
		return authorisation.Product{}, err
	}
	product, ok := facts[id]
	if !ok {
		return authorisation.Product{}, fmt.Errorf("product %s is gone in the middle of a transaction", id)
	}
	return product, nil
}
