package demo

import (
	"context"
	"fmt"
	"time"

	"gongshu/ent/db/order"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/product"
	"gongshu/internal/access"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

const (
	subscriptionKey = "demo-subscription"
	// provider is the built-in one, which moves no money.
	provider = "test"
)

// monthToSettle lays what the bank paid in the month before, whose statements can be closed and paid at once; it draws them and says
// into which accounts its contributors are paid. The vendor has said none, as may be.
func (l *loader) monthToSettle(ctx context.Context) error {
	if err := l.subscription(ctx); err != nil {
		return err
	}
	for mailbox, account := range map[string]access.Payee{
		"platform.finance": {Name: spec.Platform, Bank: "演示银行绵阳分行（合成）", Number: "99000000000000012600"},
		"operator.finance": {Name: spec.Operator, Bank: "演示银行绵阳分行（合成）", Number: "99000000000000012601"},
		"bus.source":       {Name: "绵阳公交集团", Bank: "演示银行绵阳分行（合成）", Number: "99000000000000012602"},
	} {
		if err := l.market.PayeeSet(l.cast.as(ctx, mailbox), account); err != nil {
			return fmt.Errorf("account: %w", err)
		}
	}
	_, err := l.market.StatementsDraw(l.cast.as(ctx, "platform.finance"), pricing.MonthOf(l.store.Now()).Before().String())
	return err
}

// subscription lays an order of the month before with its payment, right and postings, unless it is there: nobody pays in the past.
func (l *loader) subscription(ctx context.Context) error {
	buyer := access.FromContext(l.cast.as(ctx, "bank.buyer"))
	return l.store.InTx(store.AsSystem(ctx), func(ctx context.Context, tx *store.Tx) error {
		there, err := tx.Order.Query().Where(order.BuyerID(buyer.OrganisationID), order.IdempotencyKey(subscriptionKey)).Exist(ctx)
		if err != nil || there {
			return err
		}
		sold, err := tx.Plan.Query().Where(plan.Name(spec.SubscribedPlan), plan.HasProductWith(product.Name(spec.SubscribedProduct))).Only(ctx)
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
		o, err := ordered(offer, policies, 1)
		if err != nil {
			return err
		}
		o.NetFen, o.VATFen, o.TotalFen = o.Terms.Quotation.NetFen, o.Terms.Quotation.VATFen, o.Terms.Quotation.TotalFen
		at := pricing.MonthOf(tx.Now()).Before().Start().UTC().Add(10*24*time.Hour + 2*time.Hour)
		row, err := tx.Order.Create().SetCreatedAt(at).SetBuyerID(buyer.OrganisationID).SetPersonID(buyer.PersonID).SetProductID(o.ProductID).
			SetPlanID(o.PlanID).SetStatus(ordering.OrderPaid).SetPurpose(o.Purpose).SetQuantity(o.Quantity).SetNetFen(int64(o.NetFen)).
			SetVatFen(int64(o.VATFen)).SetTotalFen(int64(o.TotalFen)).SetTerms(o.Terms).SetIdempotencyKey(subscriptionKey).
			SetRequestHash(subscriptionKey).SetPaidAt(at).Save(ctx)
		if err != nil {
			return err
		}
		right, err := market.EntitlementOf(o, at, policies.FloodSeason)
		if err != nil {
			return err
		}
		if _, err := tx.AddEntitlement(ctx, store.Entitlement{
			Entitlement: right, OrganisationID: buyer.OrganisationID, ProductID: o.ProductID, OrderID: row.ID,
		}); err != nil {
			return err
		}
		paid, err := tx.Payment.Create().SetCreatedAt(at).SetOrderID(row.ID).SetProvider(provider).SetState(ordering.PaymentSucceeded).
			SetReference(subscriptionKey).SetAmountFen(int64(o.TotalFen)).SetIdempotencyKey(subscriptionKey).SetSettledAt(at).Save(ctx)
		if err != nil {
			return err
		}
		o.ID = row.ID
		entry, err := market.EntryOf(ctx, tx, o, store.Payment{ID: paid.ID, Provider: provider})
		if err != nil {
			return err
		}
		entry.At = at
		return tx.Post(ctx, entry)
	})
}

// BankAccount is to which transfers go in the demo market: it is made up, and no bank has it.
var BankAccount = ordering.Transfer{Payee: "公数公共数据平台（演示）", Bank: "演示银行（虚构）", Account: "0000 0000 0000 0000"}
