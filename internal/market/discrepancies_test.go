package market

import (
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// What is written as the subject of a discrepancy is read again, so that each page can say it in its language.
func TestWhatADiscrepancyIsAbout(t *testing.T) {
	p := store.Payment{ID: uuid.New(), OrderID: uuid.New(), Provider: "stripe"}
	batch, contributor, row := uuid.New(), uuid.New(), uuid.New()
	for _, c := range []struct {
		invariant, subject string
		want               DiscrepancyFacts
	}{
		{store.ToldMoney, toldOf(p), DiscrepancyFacts{Kind: ordering.DiscrepancyMoney, Provider: "stripe", OrderID: p.OrderID}},
		{store.ToldTaken, toldOf(p), DiscrepancyFacts{Kind: ordering.DiscrepancyTaken, Provider: "stripe", OrderID: p.OrderID}},
		{store.ToldRefund, toldOfRefund(p, "re_1"), DiscrepancyFacts{Kind: ordering.DiscrepancyRefund, Provider: "stripe", Reference: "re_1", OrderID: p.OrderID}},
		{store.ToldLost, toldOfDisputed(p, "dp_1"), DiscrepancyFacts{Kind: ordering.DiscrepancyLost, Provider: "stripe", Reference: "dp_1", OrderID: p.OrderID}},
		{store.ToldTurned, toldOfDisputed(p, "dp_1"), DiscrepancyFacts{Kind: ordering.DiscrepancyTurned, Provider: "stripe", Reference: "dp_1", OrderID: p.OrderID}},
		{store.ToldPayout, toldOfPayout("stripe", "tr_1", batch, contributor),
			DiscrepancyFacts{Kind: ordering.DiscrepancyReverse, Provider: "stripe", Reference: "tr_1", BatchID: batch, ContributorID: contributor}},
		{store.ToldMoney, "what nobody writes any more", DiscrepancyFacts{Kind: ordering.DiscrepancyMoney}},
		{"an order has dates that fit its status", row.String(), DiscrepancyFacts{Kind: ordering.DiscrepancyBooks, OrderID: row}},
		{"a bill brings the credit that the one before carried", row.String(), DiscrepancyFacts{Kind: ordering.DiscrepancyBooks, BillID: row}},
		{"nothing of an entry stays in clearing", row.String(), DiscrepancyFacts{Kind: ordering.DiscrepancyBooks}},
		{"no check", publicid.Encode("ord", row), DiscrepancyFacts{Kind: ordering.DiscrepancyBooks}},
	} {
		if got := FactsOf(c.invariant, c.subject); got != c.want {
			t.Errorf("%s, %q: got %+v", c.invariant, c.subject, got)
		}
	}
	if len(kindsOfTold) != len(store.ToldAll()) {
		t.Errorf("%d of %d have a kind", len(kindsOfTold), len(store.ToldAll()))
	}
}
