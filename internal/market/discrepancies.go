package market

import (
	"regexp"
	"slices"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

var kindsOfTold = map[string]ordering.DiscrepancyKind{
	store.ToldMoney: ordering.DiscrepancyMoney, store.ToldTaken: ordering.DiscrepancyTaken, store.ToldRefund: ordering.DiscrepancyRefund, store.ToldLost: ordering.DiscrepancyLost,
	store.ToldTurned: ordering.DiscrepancyTurned, store.ToldPayout: ordering.DiscrepancyReverse,
}

// DiscrepancyFacts are what the subject of a discrepancy says, so that each page can say it in its language. What it does not say is zero.
type DiscrepancyFacts struct {
	Kind ordering.DiscrepancyKind
	// Provider is who told it, Reference its number for the refund, dispute or transfer.
	Provider, Reference string
	// OrderID, BillID, BatchID and ContributorID are what it is about.
	OrderID, BillID, BatchID, ContributorID uuid.UUID
}

// toldSubject reads what toldOf, toldOfRefund, toldOfDisputed and toldOfPayout write.
var toldSubject = regexp.MustCompile(`^(?:(?:refund|dispute|transfer) (\S+) of )?(\S+) (?:payment \S+ of (\S+)|payout (\S+) to (\S+))$`)

// FactsOf reads what a discrepancy is about.
func FactsOf(invariant, subject string) DiscrepancyFacts {
	f := DiscrepancyFacts{Kind: kindsOfTold[invariant]}
	if f.Kind == "" {
		f.Kind = ordering.DiscrepancyBooks
		at := slices.IndexFunc(invariants, func(i store.Invariant) bool { return i.Name == invariant })
		id, err := uuid.Parse(subject)
		if at < 0 || err != nil {
			return f
		}
		switch invariants[at].Table() {
		case "orders":
			f.OrderID = id
		case "bills":
			f.BillID = id
		case "payout_batches":
			f.BatchID = id
		}
		return f
	}
	if m := toldSubject.FindStringSubmatch(subject); m != nil {
		f.Reference, f.Provider = m[1], m[2]
		f.OrderID, _ = publicid.Parse("ord", m[3])
		f.BatchID, _ = publicid.Parse("pbt", m[4])
		f.ContributorID, _ = publicid.Parse("org", m[5])
	}
	return f
}

var invariants = store.Invariants()
