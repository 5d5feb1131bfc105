package market

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/auditrecord"
	"gongshu/ent/db/entitlement"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// rightOf is the right of an order as it is stored.
func (b *books) rightOf(order uuid.UUID) *db.Entitlement {
	ctx, c := b.system()
	return c.Entitlement.Query().Where(entitlement.OrderID(order)).OnlyX(ctx)
}

// unused is what is unused of an order, beside the refunds that hold a part of it.
func (b *books) unused(t *testing.T, order uuid.UUID) pricing.Fen {
	t.Helper()
	var refunds []store.Refund
	b.world.tx(t, func(ctx context.Context, tx *store.Tx) (err error) {
		refunds, err = tx.RefundsOf(ctx, order)
		return err
	})
	unused, is, err := b.Unused(b.buyer, order, refunds)
	if err != nil || !is {
		t.Fatalf("unused is %s, %v, %v", unused, is, err)
	}
	return unused
}

// givenBack refunds an amount of an order: asked for, approved and paid.
func (b *books) givenBack(t *testing.T, order uuid.UUID, fen pricing.Fen) {
	t.Helper()
	id, err := b.refund(t, order, fen)
	must(t, err)
	must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
	ctx, c := b.system()
	if status := c.Refund.GetX(ctx, id).Status; status != ordering.RefundPaid {
		t.Fatalf("the refund is %s", status)
	}
}

// credential opens calls of an order's right.
func (b *books) credential(t *testing.T, order uuid.UUID) (id uuid.UUID, secret string) {
	t.Helper()
	id, secret, err := b.CredentialIssue(b.buyer, CredentialInput{EntitlementID: b.rightOf(order).ID, IdempotencyKey: uuid.NewString()})
	must(t, err)
	return id, secret
}

func (b *books) callWith(secret string) error {
	call := RowsCall{Secret: secret, ProductID: b.product.ID, Purpose: purpose.Industry}
	_, err := b.DataRows(context.Background(), call, func(Rows) []byte { return []byte("{}") })
	return err
}

// sold is a plan of the shop's product by a tariff.
func (b *books) sold(t *testing.T, tariff pricing.Tariff, termMonths int) uuid.UUID {
	t.Helper()
	id, err := b.PlanAdd(b.operatorSells, b.product.ID, PlanInput{Name: "方案", Tariff: tariff, TermMonths: termMonths, Trial: true})
	must(t, err)
	b.Status(t, b.product, authorisation.ProductListed) // the gate asks for more than this shop has
	return id
}

// monthly is a tariff of 10 yuan a month.
func monthly() pricing.Tariff {
	tariff := storetest.Flat(pricing.PerPeriod, "10")
	tariff.Period = pricing.Months(1)
	return tariff
}

func TestARefundTakesTheQuotaThatItGaveBack(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		plan := b.sold(t, storetest.Flat(pricing.PerCall, "1"), 12)
		ordered, kept := b.paid(t, plan, 10), b.paid(t, plan, 10)
		_, secret := b.credential(t, ordered)
		for range 3 {
			must(t, b.callWith(secret))
		}
		if got := b.unused(t, ordered); got != 700 {
			t.Fatalf("%s are unused", got)
		}

		// What is asked for is not unused again; a request alone takes nothing of the right.
		id, err := b.refund(t, ordered, 250)
		must(t, err)
		if got, right := b.unused(t, ordered), b.rightOf(ordered); got != 450 || *right.QuotaCalls != 10 {
			t.Fatalf("%s are unused, the quota is %d", got, *right.QuotaCalls)
		}
		must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeRefuse))
		if got, right := b.unused(t, ordered), b.rightOf(ordered); got != 700 || *right.QuotaCalls != 10 {
			t.Fatalf("after a refusal %s are unused, the quota is %d", got, *right.QuotaCalls)
		}

		b.givenBack(t, ordered, 250)
		if right := b.rightOf(ordered); *right.QuotaCalls != 7 || right.Status != ordering.EntitlementActive {
			t.Fatalf("the right is %s for %d", right.Status, *right.QuotaCalls)
		}
		must(t, b.callWith(secret))
		b.givenBack(t, ordered, b.unused(t, ordered))
		if right := b.rightOf(ordered); *right.QuotaCalls != 4 || right.UsedCalls != 4 {
			t.Fatalf("the right is for %d, %d used", *right.QuotaCalls, right.UsedCalls)
		}
		refused(t, b.callWith(secret), "QUOTA_EXHAUSTED")

		// A favour beyond what is unused takes nothing that was used, and the last of it ends the right.
		b.givenBack(t, ordered, 399)
		if right := b.rightOf(ordered); *right.QuotaCalls != 4 || right.Status != ordering.EntitlementActive {
			t.Fatalf("the right is %s for %d", right.Status, *right.QuotaCalls)
		}
		b.givenBack(t, ordered, 1)
		if right := b.rightOf(ordered); right.Status != ordering.EntitlementRevoked {
			t.Fatalf("the right is %s", right.Status)
		}
		refused(t, b.callWith(secret), "ENTITLEMENT_REVOKED")
		if right := b.rightOf(kept); *right.QuotaCalls != 10 || right.Status != ordering.EntitlementActive {
			t.Errorf("another order's right is %s for %d", right.Status, *right.QuotaCalls)
		}
		ctx, c := b.system()
		if n := c.AuditRecord.Query().Where(auditrecord.Action("entitlementShrink")).CountX(ctx); n != 2 {
			t.Errorf("%d acts say that it shrank", n)
		}
	})
}

func TestARefundOfAllButAFenLeavesNoMoreThanAFenPaysFor(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		for _, row := range []struct {
			sentence string
			tariff   pricing.Tariff
			quantity int64
			calls    int64
			mb       int64
			ends     string
		}{
			{"calls", storetest.Flat(pricing.PerCall, "1"), 10, 0, -1, "2027-03-02"},
			{"calls of less than a fen", storetest.Flat(pricing.PerCall, "0.001"), 1000, 14, -1, "2027-03-02"},
			{"volume", storetest.Flat(pricing.PerVolume, "1"), 10, -1, 0, "2027-03-02"},
			{"months", monthly(), 12, -1, -1, "2026-04-02"},
			{"the product", storetest.Flat(pricing.PerProduct, "100"), 1, -1, -1, "2026-04-02"},
		} {
			ordered := b.paid(t, b.sold(t, row.tariff, 12), row.quantity)
			credential, secret := b.credential(t, ordered)
			ctx, c := b.system()
			b.givenBack(t, ordered, pricing.Fen(c.Order.GetX(ctx, ordered).TotalFen)-1)
			right := b.rightOf(ordered)
			value := func(n *int64) int64 {
				if n == nil {
					return -1
				}
				return *n
			}
			ends := right.EndsAt.In(time.FixedZone("", 8*60*60)).AddDate(0, 0, -1).Format(time.DateOnly)
			if value(right.QuotaCalls) != row.calls || value(right.QuotaBytes) != row.mb || ends != row.ends || right.Status != ordering.EntitlementActive {
				t.Errorf("%s: the right is %s for %d calls, %d bytes to %s", row.sentence, right.Status, value(right.QuotaCalls), value(right.QuotaBytes), ends)
			}
			if got := c.Credential.GetX(ctx, credential).ExpiresAt; !got.Equal(right.EndsAt) {
				t.Errorf("%s: its credential ends at %s, the right at %s", row.sentence, got, right.EndsAt)
			}
			if row.calls == 0 || row.mb == 0 {
				refused(t, b.callWith(secret), "QUOTA_EXHAUSTED")
				continue
			}
			must(t, b.callWith(secret))
			before := b.clock
			b.clock = right.EndsAt
			refused(t, b.callWith(secret), "ENTITLEMENT_EXPIRED")
			b.clock = before
		}
	})
}

func TestATermIsUnusedByTheMonth(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		ordered := b.paid(t, b.sold(t, monthly(), 12), 12)
		b.clock = b.clock.AddDate(0, 3, 5) // in the fourth month
		if got := b.unused(t, ordered); got != 8000 {
			t.Fatalf("%s are unused", got)
		}
		b.givenBack(t, ordered, 3000)
		right := b.rightOf(ordered)
		if got := right.EndsAt.In(time.FixedZone("", 8*60*60)).Format(time.DateOnly); got != "2026-12-03" {
			t.Fatalf("after a part it ends on %s", got)
		}
		credential, _ := b.credential(t, ordered)
		b.givenBack(t, ordered, b.unused(t, ordered))
		right = b.rightOf(ordered)
		if got := right.EndsAt.In(time.FixedZone("", 8*60*60)).Format(time.DateOnly); got != "2026-07-03" {
			t.Fatalf("after the rest it ends on %s", got)
		}
		ctx, c := b.system()
		if got := c.Credential.GetX(ctx, credential).ExpiresAt; !got.Equal(right.EndsAt) {
			t.Errorf("a credential ends at %s", got)
		}
		b.clock = right.EndsAt
		if got := b.unused(t, ordered); got != 0 {
			t.Errorf("after its term %s are unused", got)
		}
	})
}

func TestWhatBecomesOfARightIsSaidBefore(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		ordered, unpaid := b.paid(t, b.sold(t, storetest.Flat(pricing.PerCall, "1"), 12), 10), b.placed(t, b.product.PerCall, 1)
		asked := []store.Refund{{ID: uuid.New(), AmountFen: 300, Status: ordering.RefundRequested}, {ID: uuid.New(), AmountFen: 500, Status: ordering.RefundRefused}}
		for _, row := range []struct {
			sentence string
			order    uuid.UUID
			but      uuid.UUID
			amount   pricing.Fen
			is       bool
			quota    int64
			status   ordering.EntitlementStatus
		}{
			{"beside what is asked for", ordered, uuid.Nil, 200, true, 5, ordering.EntitlementActive},
			{"of what is asked for itself", ordered, asked[0].ID, 300, true, 7, ordering.EntitlementActive},
			{"of everything that is left", ordered, uuid.Nil, 700, true, 10, ordering.EntitlementRevoked},
			{"of more than is left", ordered, uuid.Nil, 701, false, 0, ""},
			{"of nothing", ordered, uuid.Nil, 0, false, 0, ""},
			{"of an order that is not paid", unpaid, uuid.Nil, 1, false, 0, ""},
		} {
			before, after, is, err := b.RightAfter(b.buyer, row.order, asked, row.but, row.amount)
			if err != nil || is != row.is {
				t.Errorf("%s: %v, %v", row.sentence, is, err)
				continue
			}
			if is && (*before.Quota != 10 || *after.Quota != row.quota || after.Status != row.status) {
				t.Errorf("%s: from %d to %s for %d", row.sentence, *before.Quota, after.Status, *after.Quota)
			}
		}
		if _, is, err := b.Unused(b.buyer, unpaid, nil); is || err != nil {
			t.Errorf("of an order that is not paid something is unused: %v", err)
		}
		m := b.metered(t, storetest.Flat(pricing.PerCall, "1"))
		if _, is, err := b.Unused(b.buyer, m.order, nil); is || err != nil {
			t.Errorf("of a metered order something is unused: %v", err)
		}
		if _, _, is, err := b.RightAfter(b.buyer, m.order, nil, uuid.Nil, 1); is || err != nil {
			t.Errorf("a metered order has a right after a refund: %v", err)
		}
	})
}

// Calls that come while a refund is recorded are within the quota that it leaves, or came before it.
func TestCallsAndARefundAtOnce(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		plan := b.sold(t, storetest.Flat(pricing.PerCall, "1"), 12)
		for round := range 5 {
			ordered := b.paid(t, plan, 12)
			_, secret := b.credential(t, ordered)
			id, err := b.refund(t, ordered, 800)
			must(t, err)
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					if err := b.callWith(secret); err != nil && fault.CodeOf(err) != "QUOTA_EXHAUSTED" {
						t.Error(err)
					}
				})
			}
			all.Go(func() {
				if err := b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove); err != nil {
					t.Error(err)
				}
			})
			all.Wait()
			_, err = b.RefundsResume(context.Background())
			must(t, err)
			right := b.rightOf(ordered)
			if used, quota := right.UsedCalls, *right.QuotaCalls; used > quota || quota != max(4, used) && quota != 4 {
				t.Errorf("round %d: %d of %d are used", round, used, quota)
			}
		}
	})
}

func TestARefundThatIsRefusedByTheProviderTakesNothingOfTheRight(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		ordered := b.paid(t, b.sold(t, storetest.Flat(pricing.PerCall, "1"), 12), 10)
		id, err := b.refund(t, ordered, 999)
		must(t, err)
		b.provider.Behave(paytest.Refuses)
		must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
		if right := b.rightOf(ordered); *right.QuotaCalls != 10 {
			t.Errorf("the quota is %d", *right.QuotaCalls)
		}
		if got := b.unused(t, ordered); got != 1000 {
			t.Errorf("%s are unused", got)
		}
	})
}
