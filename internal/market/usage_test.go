package market

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/entitlement"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

// caller buys five calls of a product and returns what calls it once, with the right.
func (s *shop) caller(t *testing.T, p storetest.Product) (call func(), right uuid.UUID) {
	t.Helper()
	s.product = p
	order := s.paid(t, p.PerCall, 5)
	ctx, c := s.system()
	right = c.Entitlement.Query().Where(entitlement.OrderID(order)).OnlyIDX(ctx)
	return s.calls(t, p, right, purpose.Industry), right
}

func (s *shop) calls(t *testing.T, p storetest.Product, right uuid.UUID, of purpose.Purpose) func() {
	t.Helper()
	_, secret, err := s.CredentialIssue(s.buyer, CredentialInput{EntitlementID: right, IdempotencyKey: uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		_, err := s.DataRows(context.Background(), RowsCall{Secret: secret, ProductID: p.ID, Purpose: of, Query: url.Values{"first": {"4"}}}, func(Rows) []byte { return make([]byte, 70) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// free gives the buyer a free right by an approved application that was never made.
func (s *shop) free(t *testing.T, p storetest.Product) (right uuid.UUID) {
	t.Helper()
	end := s.clock.AddDate(1, 0, 0)
	s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
		proceeding, err := tx.Proceeding.Create().SetCreatedAt(tx.Now()).SetKind(authorisation.ProceedingFreeUse).SetState(authorisation.StateApproved).SetApplicantID(s.Buyer).
			SetSubmitterID(access.FromContext(s.buyer).PersonID).SetSubjectID(p.ID).SetSubjectName("逐日雨量").SetApplication(authorisation.Application{}).SetEvidence([]uuid.UUID{}).Save(ctx)
		if err != nil {
			return err
		}
		right, err = tx.AddEntitlement(ctx, store.Entitlement{
			Entitlement:    ordering.Entitlement{Status: ordering.EntitlementActive, Purpose: purpose.Welfare, Unit: ordering.QuotaCall, StartsAt: s.clock, ExpiresAt: &end},
			OrganisationID: s.Buyer, ProductID: p.ID, ProceedingID: proceeding.ID,
		})
		return err
	})
	return right
}

func TestWhatWasUsedIsSummed(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		first, second := s.product, s.Product(t, authorisation.DeliveryAPI, 3)
		s.clock = time.Date(2026, time.March, 1, 15, 59, 59, 0, time.UTC) // the last second of the first of March in Shanghai
		call, right := s.caller(t, first)
		gratis := s.calls(t, first, s.free(t, first), purpose.Welfare)
		other, _ := s.caller(t, second)
		call()
		s.clock = s.clock.Add(time.Second) // the second of March
		call()
		call()
		gratis()
		s.clock = s.clock.AddDate(0, 0, 2)
		other()

		operator := s.Person(t, s.Operator, access.Finance)
		got, err := s.SalesUsage(operator, uuid.Nil, Days{authorisation.DayFrom(2026, 3, 1), authorisation.DayFrom(2026, 3, 4)})
		if err != nil || got.Paid != (store.UsageSum{Calls: 4, Rows: 15, Bytes: 280}) || got.Free != (store.UsageSum{Calls: 1, Rows: 4, Bytes: 70}) {
			t.Fatalf("all of it is %+v, %v", got, err)
		}
		days := []UsageDay{
			{authorisation.DayFrom(2026, 3, 1), store.UsageSum{Calls: 1, Rows: 4, Bytes: 70}, store.UsageSum{}},
			{authorisation.DayFrom(2026, 3, 2), store.UsageSum{Calls: 2, Rows: 8, Bytes: 140}, store.UsageSum{Calls: 1, Rows: 4, Bytes: 70}},
			{On: authorisation.DayFrom(2026, 3, 3)},
			{On: authorisation.DayFrom(2026, 3, 4), Paid: store.UsageSum{Calls: 1, Rows: 3, Bytes: 70}},
		}
		for i := range days {
			if len(got.ByDay) != len(days) || got.ByDay[i] != days[i] {
				t.Errorf("a day is %+v, want %+v", got.ByDay, days[i])
			}
		}
		if p := got.ByProduct; len(p) != 2 || p[0].ProductID != first.ID || p[0].Paid.Calls != 3 || p[0].Free.Calls != 1 || p[1].ProductID != second.ID || p[1].Paid.Calls != 1 {
			t.Errorf("by product it is %+v", p)
		}
		if one, err := s.SalesUsage(operator, second.ID, Days{}); err != nil || one.Paid.Calls != 1 || len(one.ByDay) != 30 || one.ToOn != authorisation.DayFrom(2026, 3, 4) || len(one.ByProduct) != 1 {
			t.Errorf("of one product, in the last 30 days, it is %+v, %v", one, err)
		}
		series, err := EntitlementUsage(t.Context(), s.world.Store, []uuid.UUID{uuid.New(), right}, Days{authorisation.DayFrom(2026, 3, 2), authorisation.DayFrom(2026, 3, 3)})
		if err != nil || len(series) != 2 || len(series[0]) != 2 || series[0][0].Paid.Calls != 0 || series[1][0].Paid != (store.UsageSum{Calls: 2, Rows: 8, Bytes: 140}) || series[1][1].Paid.Calls != 0 {
			t.Errorf("of a right it is %+v, %v", series, err)
		}

		rival := s.Person(t, s.Organisation(t, access.Enterprise, access.Operator), access.Finance)
		if none, err := s.SalesUsage(rival, first.ID, Days{}); err != nil || none.Paid.Calls+none.Free.Calls != 0 || len(none.ByProduct) != 0 {
			t.Errorf("another operator sees %+v, %v", none, err)
		}
		_, err = s.SalesUsage(s.buyer, uuid.Nil, Days{})
		refused(t, err, "PARTY_REQUIRED")
		for days, code := range map[Days]string{
			{authorisation.DayFrom(2026, 3, 2), authorisation.DayFrom(2026, 3, 1)}: "PERIOD_INVALID",
			{authorisation.DayFrom(2026, 1, 1), authorisation.DayFrom(2026, 4, 3)}: "PERIOD_TOO_LONG",
			{authorisation.DayFrom(2026, 1, 1), authorisation.DayFrom(2026, 4, 2)}: "INTERNAL", // 92 days: no refusal
		} {
			if _, err := s.SalesUsage(operator, uuid.Nil, days); fault.CodeOf(err) != code || code == "INTERNAL" && err != nil {
				t.Errorf("%v: want %s, got %v", days, code, err)
			}
		}

		ctx, statements := store.CountStatements(operator)
		if _, err := s.SalesUsage(ctx, uuid.Nil, Days{}); err != nil || statements.Count() != 2 {
			t.Errorf("it takes %d statements, %v", statements.Count(), err)
		}
	})
}

func TestAnOperatorIsToldHowItStands(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.clock = time.Date(2026, time.January, 31, 15, 0, 0, 0, time.UTC) // in January in Shanghai
		old, _ := s.caller(t, s.product)
		old()
		s.clock = time.Date(2026, time.January, 31, 16, 0, 0, 0, time.UTC) // in February in Shanghai
		s.paid(t, s.product.PerCall, 10)
		before, _ := s.caller(t, s.product)
		before()
		before()
		s.clock = time.Date(2026, time.March, 4, 2, 0, 0, 0, time.UTC)
		s.paid(t, s.product.PerCall, 20)
		now, _ := s.caller(t, s.product)
		now()
		s.placed(t, s.product.PerCall, 1) // not paid, so no order yet
		s.free(t, s.product)

		operator := s.Person(t, s.Operator, access.Publisher)
		got, err := s.OperatorOverview(operator)
		if err != nil || got.ListedProducts != 1 || got.Orders != (Count{2, 2}) || got.ActiveEntitlements != 6 || got.Calls != (Count{1, 3}) || got.At != s.clock {
			t.Fatalf("it stands as %+v, %v", got, err)
		}
		march, err := s.Revenue(operator, RevenueQuery{FromMonth: "2026-03", ToMonth: "2026-03"})
		if err != nil || got.NetFen != march.NetFen || got.NetFen == 0 || got.PreviousNetFen != march.PreviousNetFen || got.PreviousNetFen == 0 {
			t.Errorf("its revenue is %d after %d, the report says %d after %d, %v", got.NetFen, got.PreviousNetFen, march.NetFen, march.PreviousNetFen, err)
		}
		_, err = s.OperatorOverview(s.buyer)
		refused(t, err, "PARTY_REQUIRED")
		ctx, statements := store.CountStatements(operator)
		if _, err := s.OperatorOverview(ctx); err != nil || statements.Count() != 6 {
			t.Errorf("it takes %d statements, %v", statements.Count(), err)
		}
		s.clock = s.clock.AddDate(2, 0, 0)
		if later, err := s.OperatorOverview(operator); err != nil || later.ActiveEntitlements != 0 || later.Calls != (Count{}) || later.Orders != (Count{}) || later.ListedProducts != 1 {
			t.Errorf("after two years it stands as %+v, %v", later, err)
		}
	})
}
