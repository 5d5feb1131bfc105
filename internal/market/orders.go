package market

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// OrderPlaceInput is what a buyer orders.
type OrderPlaceInput struct {
	ProductID, PlanID uuid.UUID
	Purpose           purpose.Purpose
	Quantity          int64
	// Scenario is as that of a quote; what is ordered for it is priced by it.
	Scenario string `json:",omitempty"`
	// LicenceVersion is the licence, with its purpose clause, that the buyer accepts.
	LicenceVersion string
	IdempotencyKey string
}

// OrderPlace places an order and returns its id. It copies product version, plan, price, allocation rule and licence, so
// that what was agreed stays what was agreed. A metered order costs nothing when it is placed, and what costs nothing is confirmed
// in the same transaction: nobody is asked to pay it. Another is kept until it expires, as policy says, and takes one of the places of
// a plan that is limited in number; cancelled, expired or refunded whole it frees it. Buyers with the role BUYER may.
//
// The same key with the same content is the same order, also when both are sent at once; with other content it is
// IDEMPOTENCY_KEY_REUSED. Refused with PURPOSE_IS_FREE for what is free (P65 §1), LICENCE_CHANGED when another licence is
// in force, ALLOCATION_MISSING while nobody agreed among whom the fee is shared, METERED_ALREADY, BUYER_IN_ARREARS, PLAN_SOLD_OUT, QUOTA_INVALID, and as Quote and
// authorisation.Offered say.
func (m *Market) OrderPlace(ctx context.Context, in OrderPlaceInput) (id uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Buyer, access.BuyerRole); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	hash := requestHash(in)
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		before, found, err := tx.OrderByKey(ctx, v.OrganisationID, in.IdempotencyKey)
		if err != nil || found {
			return before.ID, firstOf(err, inputKey(ordering.CheckIdempotency(before.RequestHash, hash)))
		}
		order, err := m.newOrder(ctx, tx, in)
		if err != nil {
			return uuid.Nil, err
		}
		order.BuyerID, order.PersonID, order.RequestHash = v.OrganisationID, v.PersonID, hash
		id, err := tx.PlaceOrder(ctx, order)
		if err != nil {
			return uuid.Nil, err
		}
		if order.TotalFen == 0 {
			placed, err := tx.OrderByID(ctx, id)
			if err == nil {
				err = confirmOrder(ctx, tx, placed)
			}
			if err != nil {
				return uuid.Nil, err
			}
		}
		return id, tx.Record(ctx, store.Act{Name: "orderPlace", Kind: "Order", ID: id, Change: map[string]any{
			"product": in.ProductID, "plan": in.PlanID, "purpose": in.Purpose, "quantity": in.Quantity,
			"totalFen": order.TotalFen, "licence": order.Terms.Licence.Version,
		}})
	})
}

// newOrder makes an order of what is asked for, with its terms.
func (m *Market) newOrder(ctx context.Context, tx *store.Tx, in OrderPlaceInput) (store.Order, error) {
	v := access.FromContext(ctx)
	if in.Purpose.Free() {
		return store.Order{}, fault.New(fault.Invalid, "PURPOSE_IS_FREE", "Use for this purpose is free: apply for it with freeUseApply.").
			At("input.purpose").With("purpose", string(in.Purpose)).With("mutation", "freeUseApply")
	}
	policies, err := tx.Policies(ctx)
	if err != nil {
		return store.Order{}, err
	}
	licence, err := licenceInForce(policies, in.LicenceVersion)
	if err != nil {
		return store.Order{}, err
	}
	q, err := m.quotation(ctx, tx, policies, QuoteInput{ProductID: in.ProductID, PlanID: in.PlanID, Purpose: in.Purpose, Quantity: in.Quantity, Scenario: in.Scenario})
	if err != nil {
		return store.Order{}, err
	}
	if err := mustBeOffered(ctx, tx, in.ProductID, q.OperatorID, in.Purpose); err != nil {
		return store.Order{}, err
	}
	if q.AllocationRuleID == uuid.Nil {
		return store.Order{}, fault.New(fault.Conflict, "ALLOCATION_MISSING", "It is not agreed yet among whom the fee of this product is shared.").At("input.productId")
	}
	order := store.Order{
		ProductID: in.ProductID, PlanID: in.PlanID, Purpose: in.Purpose, Quantity: in.Quantity,
		NetFen: q.Quotation.NetFen, VATFen: q.Quotation.VATFen, TotalFen: q.Quotation.TotalFen, IdempotencyKey: in.IdempotencyKey,
		Terms: ordering.Terms{
			ProductName: q.ProductName, ProductNameEn: q.ProductNameEn, ProductContentNumber: q.ContentNumber,
			PlanName: q.PlanName, PlanNameEn: q.PlanNameEn, TermMonths: q.TermMonths, Tariff: q.Tariff,
			Settlement: q.Settlement, UserClass: q.UserClass, Scenario: q.Scenario, Trial: q.Trial, Quotation: q.Quotation,
			AllocationRuleID: q.AllocationRuleID.String(), Licence: licence,
		},
	}
	if q.Settlement == pricing.Metered { // each month's bill asks for what was used
		// What is free or charged once is so for a user: another order beside would give it again.
		if err := tx.Alone(ctx, "metered "+v.OrganisationID.String()); err != nil {
			return store.Order{}, err
		}
		running, err := tx.IsMetered(ctx, v.OrganisationID, in.ProductID, in.Purpose)
		if err != nil {
			return store.Order{}, err
		}
		if running {
			return store.Order{}, fault.New(fault.Conflict, "METERED_ALREADY", "Your organisation has a right to this product that is billed by the month. Go on with it.").At("input.planId")
		}
		owes, err := tx.IsInArrears(ctx, v.OrganisationID, in.ProductID)
		if err != nil {
			return store.Order{}, err
		}
		if owes {
			return store.Order{}, fault.New(fault.Conflict, "BUYER_IN_ARREARS", "Your organisation has overdue bills for this product. Pay them first.").At("input.planId")
		}
		order.NetFen, order.VATFen, order.TotalFen = 0, 0, 0
	}
	// What payment would bring is tried now: nobody pays for what then cannot be given.
	flood, err := floodSeason(ctx, tx, order)
	if err != nil {
		return store.Order{}, err
	}
	if _, err = EntitlementOf(order, tx.Now(), flood); err != nil {
		return order, at(err, map[string]string{"input.quota": "input.quantity"})
	}
	if order.TotalFen > 0 {
		until := tx.Now().Add(q.ReservedFor)
		order.ExpiresAt = &until
	}
	if q.Limited { // last, since everybody who orders this plan waits for whoever is here
		if taken, err := tx.TakePlace(ctx, in.PlanID); err != nil || !taken {
			return order, firstOf(err, soldOut())
		}
	}
	return order, nil
}

// EntitlementOf is the right that an order brings which is paid at a moment: its quota is what was bought. One of a flood season begins
// with it. Refused with TERM_MISSING and as ordering.NewEntitlement.
func EntitlementOf(o store.Order, from time.Time, flood pricing.Season) (ordering.Entitlement, error) {
	bought := o.Terms.Quotation.Quota
	quota := ordering.Quota{Unit: ordering.QuotaCall, Months: o.Terms.TermMonths}
	switch {
	case bought.Calls > 0:
		quota.Amount = &bought.Calls
	case bought.Items > 0:
		quota.Amount = &bought.Items
	case bought.Megabytes > 0:
		quota.Unit, quota.Amount = ordering.QuotaMegabyte, &bought.Megabytes
	}
	if months := bought.Term.InMonths(); months > 0 {
		quota.Months = months
	} else if !bought.Term.IsZero() {
		quota.Months = 0
		if starts, ends, ok := bought.Term.Stretch(from, flood); ok {
			from, quota.Ends = starts.UTC(), ends
		}
	}
	if quota.Months == 0 && quota.Ends.IsZero() {
		return ordering.Entitlement{}, fault.New(fault.Conflict, "TERM_MISSING", "This plan does not say for how long.").At("input.planId")
	}
	return ordering.NewEntitlement(o.Purpose, quota, from)
}

// floodSeason is what policy says of the season that was ordered, if one was.
func floodSeason(ctx context.Context, tx *store.Tx, o store.Order) (pricing.Season, error) {
	if o.Terms.Quotation.Quota.Term.Unit != pricing.FloodSeason {
		return pricing.Season{}, nil
	}
	policies, err := tx.Policies(ctx)
	return policies.FloodSeason, err
}

// licenceInForce refuses any other licence than the one that is in force.
func licenceInForce(policies store.Policies, accepted string) (ordering.Licence, error) {
	if accepted == "" || accepted != policies.Licence.Version {
		return ordering.Licence{}, fault.New(fault.Conflict, "LICENCE_CHANGED", "Read and accept the licence in force, version %s.", policies.Licence.Version).
			At("input.licenceVersion").With("version", policies.Licence.Version)
	}
	return policies.Licence, nil
}

// OrderCancel cancels an order before it is paid; done twice it answers ORDER_NOT_CANCELLABLE. Buyers with the role BUYER
// may. Refused with PAYMENT_PENDING while money may be on its way.
func (m *Market) OrderCancel(ctx context.Context, id uuid.UUID) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		order, err := tx.OrderByID(ctx, id)
		if err != nil {
			return err
		}
		if err := v.MayActFor(order.BuyerID, "order", access.Buyer, access.BuyerRole); err != nil {
			return err
		}
		to, err := ordering.Cancel(order.Status)
		if err != nil {
			return err
		}
		payments, err := tx.PaymentsOf(ctx, id)
		if err != nil {
			return err
		}
		for _, p := range payments { // it has no bills yet
			if p.State.Open() {
				return paymentPending()
			}
		}
		if err := endUnpaid(ctx, tx, order, to); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "orderCancel", Kind: "Order", ID: id, Change: map[string]any{"status": to}})
	})
}

// endUnpaid ends an order that nobody paid, and frees the place that it took.
func endUnpaid(ctx context.Context, tx *store.Tx, o store.Order, to ordering.OrderStatus) error {
	if err := tx.MoveOrder(ctx, o, to); err != nil {
		return err
	}
	return tx.FreePlace(ctx, o.PlanID)
}

// expiryMargin is how long after its last moment an order expires: a payment that was begun before is stored by then, and keeps it.
const expiryMargin = 2 * time.Minute

// expireOrders ends orders that were not paid in time; one of which a payment is on its way waits for its outcome.
func (m *Market) expireOrders(ctx context.Context) (int, error) {
	before := m.Store.Now().Add(-expiryMargin)
	read := func(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
		return m.Store.UnpaidOrders(ctx, before, after, most)
	}
	return m.inPages(ctx, read, func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error) {
		orders, err := tx.UnpaidOrders(ctx, before, ids...)
		if err != nil {
			return 0, err
		}
		for _, o := range orders {
			if err := endUnpaid(ctx, tx, o, ordering.OrderExpired); err != nil {
				return 0, err
			}
			if err := tx.Record(ctx, store.Act{Name: "orderExpire", Kind: "Order", ID: o.ID, Change: map[string]any{"status": ordering.OrderExpired}}); err != nil {
				return 0, err
			}
		}
		return len(orders), nil
	})
}

// once runs a transaction that makes something under an idempotency key. When another transaction took the key meanwhile, or changed
// what it rests on, it runs again, and then finds what the other made; so often at most.
func once[T any](ctx context.Context, s *store.Store, make func(ctx context.Context, tx *store.Tx) (T, error)) (made T, err error) {
	for range 3 {
		err = s.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			made, err = make(ctx, tx)
			return err
		})
		if !store.IsTaken(err) && fault.CodeOf(err) != "CHANGED_MEANWHILE" {
			break
		}
	}
	if err != nil {
		made = *new(T)
	}
	if store.IsTaken(err) {
		err = fmt.Errorf("repeat under the same key: %w", err)
	}
	return made, err
}

// inputKey names the idempotency key as an input object has it.
func inputKey(err error) error {
	return at(err, map[string]string{"idempotencyKey": "input.idempotencyKey"})
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
