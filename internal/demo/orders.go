package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/ent/db/plan"
	"gongshu/internal/access"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// What the insurer used in the month before, at the counter of the operator.
const (
	monthKey   = "demo-month-of-use"
	monthUses  = 30
	usesOfOnce = 20
)

// monthOfUse lays a metered order of the month before with its uses, unless it is there: its bill is due at once. It is laid as rows,
// because nobody orders in the past.
func (l *loader) monthOfUse(ctx context.Context) error {
	buyer := access.FromContext(l.cast.as(ctx, "insurer.admin"))
	return l.store.InTx(store.AsSystem(ctx), func(ctx context.Context, tx *store.Tx) error {
		there, err := tx.Order.Query().Where(order.BuyerID(buyer.OrganisationID), order.IdempotencyKey(monthKey)).Exist(ctx)
		if err != nil || there {
			return err
		}
		sold, err := tx.Plan.Query().Where(plan.Name(spec.MeteredPlan)).Only(ctx)
		if err != nil {
			return fmt.Errorf("find the plan: %w", err)
		}
		offer, err := tx.Offer(access.With(ctx, buyer), sold.ProductID, sold.ID)
		if err != nil {
			return err
		}
		policies, err := tx.Policies(ctx)
		if err != nil {
			return err
		}
		began := pricing.MonthOf(tx.Now()).Before().Start().UTC()
		o, err := ordered(offer, policies, monthUses*usesOfOnce)
		if err != nil {
			return err
		}
		row, err := tx.Order.Create().SetCreatedAt(began).SetBuyerID(buyer.OrganisationID).SetPersonID(buyer.PersonID).SetProductID(o.ProductID).
			SetPlanID(o.PlanID).SetStatus(ordering.OrderPaid).SetPurpose(o.Purpose).SetQuantity(o.Quantity).SetNetFen(0).SetVatFen(0).SetTotalFen(0).
			SetTerms(o.Terms).SetIdempotencyKey(monthKey).SetRequestHash(monthKey).SetPaidAt(began).Save(ctx)
		if err != nil {
			return err
		}
		right, err := market.EntitlementOf(o, began, policies.FloodSeason)
		if err != nil {
			return err
		}
		id, err := tx.AddEntitlement(ctx, store.Entitlement{
			Entitlement: right, OrganisationID: buyer.OrganisationID, ProductID: o.ProductID, OrderID: row.ID,
		})
		if err != nil {
			return err
		}
		return layUses(ctx, tx, id, o, began)
	})
}

// ordered is an order as orderPlace makes it of an offer, for industry.
func ordered(offer store.Offer, policies store.Policies, quantity int64) (store.Order, error) {
	o := store.Order{ProductID: offer.ProductID, PlanID: offer.PlanID, Purpose: purpose.Industry, Quantity: quantity}
	q, err := pricing.Quote(pricing.Request{
		Terms:   pricing.Terms{Tariff: offer.Tariff, Purpose: o.Purpose, Cap: offer.Cap, VATRate: policies.VATRate},
		Channel: pricing.Online, Quantity: o.Quantity, Trial: offer.Trial, Settlement: offer.Settlement,
	})
	o.Terms = ordering.Terms{
		ProductName: offer.ProductName, ProductNameEn: offer.ProductNameEn, ProductContentNumber: offer.ContentNumber, PlanName: offer.PlanName,
		PlanNameEn: offer.PlanNameEn, TermMonths: offer.TermMonths, Tariff: offer.Tariff, Settlement: offer.Settlement, Trial: offer.Trial,
		Quotation: q, AllocationRuleID: offer.AllocationRuleID.String(), Licence: policies.Licence,
	}
	return o, err
}

// layUses lays uses of the month's days, each heard of when it was made.
func layUses(ctx context.Context, tx *store.Tx, right uuid.UUID, o store.Order, began time.Time) error {
	for i := range monthUses {
		at := began.Add(time.Duration(i)*22*time.Hour + 10*time.Hour)
		err := tx.Usage.Create().SetCreatedAt(at).SetEntitlementID(right).SetProductID(o.ProductID).SetIdempotencyKey(fmt.Sprintf("%s-%d", monthKey, i)).
			SetRequestHash(monthKey).SetKind(ordering.UsageReported).SetPurpose(o.Purpose).SetChannel(pricing.Counter).SetQuantity(usesOfOnce).
			SetRowCount(0).SetBytes(0).SetUsedAt(at).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return tx.Entitlement.Update().Where(entitlement.ID(right)).AddUsedCalls(monthUses * usesOfOnce).Exec(ctx)
}
