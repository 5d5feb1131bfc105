package market

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/ent/db/payment"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	pay "gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// shop is a world with a product on the market and a buyer.
type shop struct {
	*world
	*storetest.Shop
	product  storetest.Product
	buyer    context.Context
	provider *paytest.Provider
}

// eachShop runs a test in a shop on each database and holds the invariants at its end.
func eachShop(t *testing.T, run func(t *testing.T, s *shop)) {
	t.Helper()
	eachWorld(t, func(t *testing.T, w *world) {
		run(t, newShop(t, w))
		storetest.Reconciled(t, w.Store)
	})
}

func newShop(t *testing.T, w *world) *shop {
	t.Helper()
	s := &shop{world: w, Shop: storetest.Lay(t, w.Store), provider: &paytest.Provider{}}
	w.Payments = map[string]pay.Provider{paytest.Name: s.provider}
	w.Blobs, w.Rows = s.Shop.Blobs, dataset.NewFiles(0)
	t.Cleanup(func() { w.Rows.Close() })
	s.product = s.Product(t, authorisation.DeliveryAPI, 30)
	s.buyer = s.Person(t, s.Buyer, access.BuyerRole)
	return s
}

// ofAnother is the shop as another organisation buys in it.
func (s *shop) ofAnother(t *testing.T) *shop {
	t.Helper()
	other := *s
	other.buyer = s.Person(t, s.Shop.Organisation(t, access.Enterprise, access.Buyer), access.BuyerRole)
	return &other
}

// system sees everything.
func (s *shop) system() (context.Context, *db.Client) { return storetest.System(s.world.Store) }

func (s *shop) input(key string) OrderPlaceInput {
	return OrderPlaceInput{ProductID: s.product.ID, PlanID: s.product.PerCall, Purpose: purpose.Industry, Quantity: 10, LicenceVersion: "1", IdempotencyKey: key}
}

// placed places an order under a plan, for so much of it.
func (s *shop) placed(t *testing.T, plan uuid.UUID, quantity int64) uuid.UUID {
	t.Helper()
	in := s.input(uuid.NewString())
	in.PlanID, in.Quantity = plan, quantity
	id, err := s.OrderPlace(s.buyer, in)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// paid places an order and pays it.
func (s *shop) paid(t *testing.T, plan uuid.UUID, quantity int64) uuid.UUID {
	t.Helper()
	id := s.placed(t, plan, quantity)
	if ctx, c := s.system(); c.Order.GetX(ctx, id).TotalFen == 0 { // confirmed when it was placed
		return id
	}
	if _, err := s.OrderPay(s.buyer, id, OrderPayInput{paytest.Name, uuid.NewString()}); err != nil {
		t.Fatal(err)
	}
	return id
}

// begun stores a payment of an order, and asks nobody.
func (s *shop) begun(ctx context.Context, order uuid.UUID) (store.Payment, error) {
	return once(ctx, s.world.Store, func(ctx context.Context, tx *store.Tx) (store.Payment, error) {
		return s.beginPayment(ctx, tx, order, OrderPayInput{paytest.Name, "k"})
	})
}

// counted is how many rows there are of what money and rights are made of.
type counted struct{ orders, payments, entitlements, entries, postings, records int }

func (s *shop) count(t *testing.T) (n counted) {
	t.Helper()
	ctx, c := s.system()
	for _, one := range []struct {
		into *int
		of   interface {
			Count(context.Context) (int, error)
		}
	}{
		{&n.orders, c.Order.Query()}, {&n.payments, c.Payment.Query()}, {&n.entitlements, c.Entitlement.Query()},
		{&n.entries, c.Entry.Query()}, {&n.postings, c.Posting.Query()}, {&n.records, c.AuditRecord.Query()},
	} {
		var err error
		if *one.into, err = one.of.Count(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func TestAPaidOrderBringsWhatWasBought(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.product
		for _, c := range []struct {
			sentence   string
			plan       uuid.UUID
			quantity   int64
			total      int64
			calls, mb  int64
			endsAt     string
			wantPosted int
		}{
			{"10 calls at 0.55", p.PerCall, 10, 550, 10, 0, "2027-03-02T16:00:00Z", 5},
			{"3 MB at 1.00", p.PerVolume, 3, 300, 0, 3_000_000, "2027-03-02T16:00:00Z", 5},
			{"2 periods of 3 months at 99.99", p.PerPeriod, 2, 19998, 0, 0, "2026-09-02T16:00:00Z", 5},
			{"the product at 1000", p.PerProduct, 1, 100000, 0, 0, "2027-03-02T16:00:00Z", 5},
			{"calls at nothing are paid without postings", p.Gratis, 7, 0, 7, 0, "2027-03-02T16:00:00Z", 0},
			{"1 call leaves no fen behind", p.PerCall, 1, 55, 1, 0, "2027-03-02T16:00:00Z", 5},
		} {
			before := s.count(t).postings
			id := s.paid(t, c.plan, c.quantity)
			ctx, client := s.system()
			o := client.Order.GetX(ctx, id)
			e := client.Entitlement.Query().Where(entitlement.OrderID(id)).OnlyX(ctx)
			if o.Status != ordering.OrderPaid || o.TotalFen != c.total || o.PaidAt == nil || o.NetFen+o.VatFen != c.total {
				t.Errorf("%s: the order is %+v", c.sentence, o)
			}
			if value(e.QuotaCalls) != c.calls || value(e.QuotaBytes) != c.mb || e.EndsAt.UTC().Format("2006-01-02T15:04:05Z") != c.endsAt || e.Purpose != purpose.Industry {
				t.Errorf("%s: the entitlement is %+v", c.sentence, e)
			}
			if posted := s.count(t).postings - before; posted != c.wantPosted {
				t.Errorf("%s: %d postings", c.sentence, posted)
			}
			terms := o.Terms
			if terms.Licence.Version != "1" || terms.Licence.Text == "" || terms.ProductContentNumber != 1 || terms.AllocationRuleID != p.Allocation.String() ||
				int64(terms.Quotation.TotalFen) != c.total {
				t.Errorf("%s: the terms are %+v", c.sentence, terms)
			}
		}
	})
}

// A term that is no number of months is as long as was bought, whatever the plan's own term.
func TestARightLastsAsLongAsWasBought(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) { // on 2 March 2026
		publisher := s.Person(t, s.Operator, access.Publisher)
		for _, row := range []struct {
			period   pricing.Period
			quantity int64
			from, to string
		}{
			{pricing.Period{Unit: pricing.Week, Count: 1}, 2, "2026-03-02", "2026-03-16"},
			{pricing.Period{Unit: pricing.TenDays, Count: 1}, 1, "2026-03-02", "2026-03-12"},
			{pricing.Period{Unit: pricing.TenDays, Count: 1}, 3, "2026-03-02", "2026-04-02"},
			{pricing.Period{Unit: pricing.Quarter, Count: 1}, 1, "2026-03-02", "2026-06-02"},
			{pricing.Period{Unit: pricing.FloodSeason, Count: 1}, 1, "2026-05-01", "2026-09-30"},
			{pricing.Period{Unit: pricing.FloodSeason, Count: 1}, 2, "2026-05-01", "2027-09-30"},
		} {
			tariff := storetest.Flat(pricing.PerPeriod, "10")
			tariff.Period = row.period
			plan, err := s.PlanAdd(publisher, s.product.ID, PlanInput{Name: fmt.Sprint(row), Tariff: tariff, Settlement: pricing.Prepaid, TermMonths: 12, Trial: true})
			must(t, err)
			s.Status(t, s.product, authorisation.ProductListed)
			order := s.paid(t, plan, row.quantity)
			ctx, c := s.system()
			e := c.Entitlement.Query().Where(entitlement.OrderID(order)).OnlyX(ctx)
			day := func(at time.Time) string { return authorisation.DayOf(at).String() }
			if got := [2]string{day(e.StartsAt), day(e.EndsAt.Add(-time.Second))}; got != [2]string{row.from, row.to} {
				t.Errorf("%d of %v last %v, want %s to %s", row.quantity, row.period, got, row.from, row.to)
			}
		}
	})
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func TestAnOrderThatCannotBeIsRefusedAndChangesNothing(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		if _, err := s.OrderPlace(s.buyer, s.input("used")); err != nil {
			t.Fatal(err)
		}
		off := s.Product(t, authorisation.DeliveryAPI, 1)
		s.Status(t, off, authorisation.ProductSuspended)
		before := s.count(t)
		for _, c := range []struct {
			sentence string
			change   func(in *OrderPlaceInput)
			code     string
			field    string
		}{
			{"quantity 0", func(in *OrderPlaceInput) { in.Quantity = 0 }, "QUANTITY_INVALID", "input.quantity"},
			{"a negative quantity", func(in *OrderPlaceInput) { in.Quantity = -1 }, "QUANTITY_INVALID", "input.quantity"},
			{"the least quantity", func(in *OrderPlaceInput) { in.Quantity = math.MinInt64 }, "QUANTITY_INVALID", "input.quantity"},
			{"the greatest quantity", func(in *OrderPlaceInput) { in.Quantity = math.MaxInt64 }, "QUANTITY_INVALID", "input.quantity"},
			{"more periods than a right lasts", func(in *OrderPlaceInput) { in.PlanID, in.Quantity = s.product.PerPeriod, 41 }, "QUOTA_INVALID", "input.quantity"},
			{"no purpose", func(in *OrderPlaceInput) { in.Purpose = "" }, "PURPOSE_MISSING", "input.purpose"},
			{"an unknown purpose", func(in *OrderPlaceInput) { in.Purpose = "FUN" }, "PURPOSE_INVALID", "input.purpose"},
			{"a free purpose is applied for", func(in *OrderPlaceInput) { in.Purpose = purpose.Governance }, "PURPOSE_IS_FREE", "input.purpose"},
			{"another licence", func(in *OrderPlaceInput) { in.LicenceVersion = "0" }, "LICENCE_CHANGED", "input.licenceVersion"},
			{"no licence", func(in *OrderPlaceInput) { in.LicenceVersion = "" }, "LICENCE_CHANGED", "input.licenceVersion"},
			{"an unknown product", func(in *OrderPlaceInput) { in.ProductID = uuid.New() }, "NOT_FOUND", "input.productId"},
			{"a plan of another product", func(in *OrderPlaceInput) { in.PlanID = off.PerCall }, "NOT_FOUND", "input.planId"},
			{"a product off the market", func(in *OrderPlaceInput) { in.ProductID, in.PlanID = off.ID, off.PerCall }, "NOT_FOUND", "input.productId"},
			{"no key", func(in *OrderPlaceInput) { in.IdempotencyKey = "" }, "IDEMPOTENCY_KEY_INVALID", "input.idempotencyKey"},
			{"a used key with other content", func(in *OrderPlaceInput) { in.IdempotencyKey, in.Quantity = "used", 11 }, "IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey"},
		} {
			in := s.input(uuid.NewString())
			c.change(&in)
			_, err := s.OrderPlace(s.buyer, in)
			if all := fault.All(err); len(all) != 1 || all[0].Code != c.code || all[0].Field != c.field {
				t.Errorf("%s: want %s at %s, got %v", c.sentence, c.code, c.field, err)
			}
		}
		for sentence, c := range map[string]struct {
			as   context.Context
			code string
		}{
			"nobody":                            {context.Background(), "SIGN_IN_REQUIRED"},
			"an operator":                       {s.Person(t, s.Operator, access.BuyerRole), "PARTY_REQUIRED"},
			"a member without the role":         {s.Person(t, s.Buyer, access.Member, access.Finance, access.Administrator), "ROLE_REQUIRED"},
			"somebody of an unverified company": {access.With(context.Background(), access.Viewer{PersonID: uuid.New(), OrganisationID: s.Buyer}), "ORGANISATION_NOT_VERIFIED"},
		} {
			if _, err := s.OrderPlace(c.as, s.input(uuid.NewString())); fault.CodeOf(err) != c.code {
				t.Errorf("%s: want %s, got %v", sentence, c.code, err)
			}
		}
		if after := s.count(t); after != before {
			t.Errorf("refusals changed %+v to %+v", before, after)
		}
	})
}

func TestAHundredOrdersUnderOneKeyAreOne(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		before := s.count(t)
		ids := make([]uuid.UUID, 100)
		var group sync.WaitGroup
		for i := range ids {
			group.Go(func() {
				var err error
				if ids[i], err = s.OrderPlace(s.buyer, s.input("one")); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Fatalf("one key brought %s and %s", ids[0], id)
			}
		}
		if n := s.count(t); n.orders != 1 || n.records != before.records+1 {
			t.Fatalf("there are %d orders, %d new records", n.orders, n.records-before.records)
		}
	})
}

func TestPayingAndCancellingRefuseWhatIsOver(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		way := func() OrderPayInput { return OrderPayInput{paytest.Name, uuid.NewString()} }
		open, paid, cancelled := s.placed(t, s.product.PerCall, 1), s.placed(t, s.product.PerCall, 1), s.placed(t, s.product.PerCall, 1)
		first := way()
		paymentID, err := s.OrderPay(s.buyer, paid, first)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.OrderCancel(s.buyer, cancelled); err != nil {
			t.Fatal(err)
		}
		before := s.count(t)
		if again, err := s.OrderPay(s.buyer, paid, first); err != nil || again != paymentID {
			t.Errorf("the same key answered %s, %v", again, err)
		}
		s.Payments["other"] = &paytest.Provider{}
		other := s.Person(t, s.Other, access.BuyerRole)
		for _, c := range []struct {
			sentence string
			err      error
			code     string
		}{
			{"paying twice", second(s.OrderPay(s.buyer, paid, way())), "ORDER_NOT_PAYABLE"},
			{"paying a cancelled order", second(s.OrderPay(s.buyer, cancelled, way())), "ORDER_NOT_PAYABLE"},
			{"the same key at another provider", second(s.OrderPay(s.buyer, paid, OrderPayInput{"other", first.IdempotencyKey})), "IDEMPOTENCY_KEY_REUSED"},
			{"the same key for another order", second(s.OrderPay(s.buyer, open, first)), "IDEMPOTENCY_KEY_REUSED"},
			{"the same key for another organisation's order", second(s.OrderPay(other, open, first)), "NOT_FOUND"},
			{"an unknown provider", second(s.OrderPay(s.buyer, open, OrderPayInput{"gold", "k"})), "PAYMENT_PROVIDER_UNKNOWN"},
			{"no key", second(s.OrderPay(s.buyer, open, OrderPayInput{paytest.Name, ""})), "IDEMPOTENCY_KEY_INVALID"},
			{"an unknown order", second(s.OrderPay(s.buyer, uuid.New(), way())), "NOT_FOUND"},
			{"another organisation's order", second(s.OrderPay(other, open, way())), "NOT_FOUND"},
			{"nobody pays", second(s.OrderPay(context.Background(), open, way())), "SIGN_IN_REQUIRED"},
			{"a member without the role pays", second(s.OrderPay(s.Person(t, s.Buyer, access.Member), open, way())), "ROLE_REQUIRED"},
			{"the operator pays for its buyer", second(s.OrderPay(s.Person(t, s.Operator, access.BuyerRole), open, way())), "NOT_FOUND"},
			{"cancelling a paid order", s.OrderCancel(s.buyer, paid), "ORDER_NOT_CANCELLABLE"},
			{"cancelling twice", s.OrderCancel(s.buyer, cancelled), "ORDER_NOT_CANCELLABLE"},
			{"cancelling another organisation's order", s.OrderCancel(other, open), "NOT_FOUND"},
			{"the operator cancels a sale", s.OrderCancel(s.Person(t, s.Operator, access.BuyerRole), open), "NOT_FOUND"},
			{"finance cancels", s.OrderCancel(s.Person(t, s.Buyer, access.Finance), open), "ROLE_REQUIRED"},
			{"nobody cancels", s.OrderCancel(context.Background(), open), "SIGN_IN_REQUIRED"},
		} {
			if fault.CodeOf(c.err) != c.code {
				t.Errorf("%s: want %s, got %v", c.sentence, c.code, c.err)
			}
		}
		if after := s.count(t); after != before {
			t.Errorf("refusals changed %+v to %+v", before, after)
		}
		s.Status(t, s.product, authorisation.ProductSuspended)
		if _, err := s.OrderPay(s.buyer, open, way()); fault.CodeOf(err) != "PRODUCT_NOT_LISTED" {
			t.Errorf("a product off the market was paid for: %v", err)
		}
	})
}

func TestWhatCostsLessThanAFenIsNotOrderedFree(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		tariff := storetest.Flat(pricing.PerCall, "0.0049")
		plan, err := s.PlanAdd(s.Person(t, s.Operator, access.Publisher), s.product.ID, PlanInput{Name: "x", Tariff: tariff, TermMonths: 12, Trial: true})
		if err != nil {
			t.Fatal(err)
		}
		s.Status(t, s.product, authorisation.ProductListed)
		in := s.input("k")
		in.PlanID, in.Quantity = plan, 1
		_, err = s.OrderPlace(s.buyer, in)
		faults := fault.All(err)
		if len(faults) != 1 || faults[0].Code != "TOTAL_BELOW_FEN" || faults[0].Field != "input.quantity" || faults[0].Params["minimum"] != int64(2) {
			t.Fatalf("one call was answered %v", err)
		}
		if _, err := s.Quote(s.buyer, QuoteInput{ProductID: s.product.ID, PlanID: plan, Purpose: purpose.Welfare, Quantity: 1}); err != nil {
			t.Errorf("free use was refused: %v", err)
		}
		in.Quantity = 2
		if _, err := s.OrderPlace(s.buyer, in); err != nil {
			t.Errorf("two calls were refused: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestOfPaymentsAtOnceOnePays(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		id := s.placed(t, s.product.PerCall, 10)
		errs := make([]error, 20)
		var group sync.WaitGroup
		for i := range errs {
			group.Go(func() {
				_, errs[i] = s.OrderPay(s.buyer, id, OrderPayInput{paytest.Name, fmt.Sprint("key ", i%2)})
			})
		}
		group.Wait()
		for _, err := range errs {
			if code := fault.CodeOf(err); err != nil && code != "PAYMENT_PENDING" && code != "ORDER_NOT_PAYABLE" {
				t.Error(err)
			}
		}
		if n := s.count(t); n.payments != 1 || n.entitlements != 1 || n.entries != 1 || s.provider.Charges() != 1 {
			t.Fatalf("there are %+v and %d charges", n, s.provider.Charges())
		}
	})
}

func TestAKilledPaymentIsFinished(t *testing.T) {
	finish := map[string]func(t *testing.T, s *shop, id uuid.UUID){
		"by the same key": func(t *testing.T, s *shop, id uuid.UUID) {
			if _, err := s.OrderPay(s.buyer, id, OrderPayInput{paytest.Name, "k"}); err != nil {
				t.Fatal(err)
			}
		},
		"by the worker": func(t *testing.T, s *shop, id uuid.UUID) {
			if n, err := s.PaymentsResume(context.Background()); err != nil || n != 1 {
				t.Fatalf("resumed %d, %v", n, err)
			}
		},
	}
	for how, finish := range finish {
		for kill, until := range map[string]func(t *testing.T, s *shop, id uuid.UUID){
			"after it was stored": func(t *testing.T, s *shop, id uuid.UUID) {
				if _, err := s.begun(s.buyer, id); err != nil {
					t.Fatal(err)
				}
			},
			"after the provider took the money": func(t *testing.T, s *shop, id uuid.UUID) {
				p, err := s.begun(s.buyer, id)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := s.askProvider(s.buyer, p); err != nil {
					t.Fatal(err)
				}
			},
			"while the answer was lost": func(t *testing.T, s *shop, id uuid.UUID) {
				s.provider.Behave(paytest.Silent)
				_, err := s.OrderPay(s.buyer, id, OrderPayInput{paytest.Name, "k"})
				refused(t, err, "PAYMENT_PENDING")
				s.provider.Behave(paytest.Pays)
			},
			"while the provider was out of reach": func(t *testing.T, s *shop, id uuid.UUID) {
				s.provider.Behave(paytest.Unreachable)
				_, err := s.OrderPay(s.buyer, id, OrderPayInput{paytest.Name, "k"})
				refused(t, err, "PAYMENT_PENDING")
				if n, _ := s.PaymentsResume(context.Background()); n != 0 {
					t.Fatal("nobody answered, and yet it was settled")
				}
				s.provider.Behave(paytest.Pays)
			},
		} {
			t.Run(kill+", "+how, func(t *testing.T) {
				eachShop(t, func(t *testing.T, s *shop) {
					id := s.placed(t, s.product.PerCall, 10)
					until(t, s, id)
					storetest.Reconciled(t, s.world.Store)
					_, err := s.OrderPay(s.buyer, id, OrderPayInput{paytest.Name, "another"})
					refused(t, err, "PAYMENT_PENDING")
					refused(t, s.OrderCancel(s.buyer, id), "PAYMENT_PENDING")
					finish(t, s, id)
					finish2, err := s.PaymentsResume(context.Background())
					if err != nil || finish2 != 0 {
						t.Fatalf("finished twice: %d, %v", finish2, err)
					}
					if n := s.count(t); n.payments != 1 || n.entitlements != 1 || n.entries != 1 || s.provider.Charges() != 1 {
						t.Fatalf("there are %+v and %d charges", n, s.provider.Charges())
					}
				})
			})
		}
	}
}

func TestAFailedPaymentLeavesTheOrderToBePaidOtherwise(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		id := s.placed(t, s.product.PerCall, 10)
		s.provider.Behave(paytest.Refuses)
		for range 2 { // the same key answers the same payment
			paid, err := s.OrderPay(s.buyer, id, OrderPayInput{paytest.Name, "k"})
			refused(t, err, "PAYMENT_FAILED")
			if ctx, c := s.system(); c.Payment.GetX(ctx, paid).State != ordering.PaymentFailed {
				t.Fatal("the payment did not fail")
			}
		}
		s.provider.Behave(paytest.Pays)
		if _, err := s.OrderPay(s.Person(t, s.Buyer, access.Finance), id, OrderPayInput{paytest.Name, "k2"}); err != nil {
			t.Fatal(err)
		}
		ctx, c := s.system()
		if c.Payment.Query().Where(payment.StateEQ(ordering.PaymentSucceeded)).CountX(ctx) != 1 || c.Order.Query().Where(order.StatusEQ(ordering.OrderPaid)).CountX(ctx) != 1 {
			t.Fatal("the second payment did not pay")
		}
	})
}

func TestPostingsAlwaysAddUp(t *testing.T) {
	rule := pricing.FixedWeights(1, []pricing.Part{
		{Contributor: uuid.NewString(), Weight: 1, Basis: "x", Channel: pricing.ChannelCost}, {Contributor: uuid.NewString(), Weight: 999_999, Basis: "x", Channel: pricing.ChannelCost},
		{Contributor: uuid.NewString(), Weight: 7, Basis: "x", Channel: pricing.ChannelProfit},
	})
	for _, net := range []pricing.Fen{0, 1, 2, 3, 99, 100, 101, 9_999_999, math.MaxInt64 / 2} {
		for _, vat := range []pricing.Fen{0, 1, 6, net / 17} {
			o := store.Order{NetFen: net, VATFen: vat, TotalFen: net + vat}
			shares, err := rule.Split(net)
			if err != nil {
				t.Fatal(err)
			}
			clearing := pricing.Fen(0)
			postings, err := PostingsOf(o, uuid.New(), "test", shares, map[string]store.Account{})
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range postings {
				if p.AmountFen <= 0 && o.TotalFen > 0 {
					t.Errorf("net %d VAT %d: posting %d moves %d", net, vat, i, p.AmountFen)
				}
				if p.From.Kind == pricing.AccountClearing {
					clearing -= p.AmountFen
				} else {
					clearing += p.AmountFen
				}
			}
			if clearing != 0 {
				t.Errorf("net %d VAT %d: %d stay in clearing", net, vat, clearing)
			}
		}
	}
}
