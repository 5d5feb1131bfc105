package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/account"
	"gongshu/ent/db/entry"
	"gongshu/ent/db/posting"
	dbstatement "gongshu/ent/db/statement"
	"gongshu/pricing"
)

// TrailEntry is one event of money with those of its postings that the viewer may see.
type TrailEntry struct {
	Kind      pricing.EntryKind
	CreatedAt time.Time
	Postings  []TrailPosting
}

// TrailPosting is a posting with its entry and the kinds of its two accounts.
type TrailPosting struct {
	*db.Posting
	Entry    *db.Entry
	From, To pricing.AccountKind
}

// Trails reads what moved for orders, oldest first, in three statements however many they are.
func (s *Store) Trails(ctx context.Context, orderIDs []uuid.UUID) (map[uuid.UUID][]TrailEntry, error) {
	seen, err := s.read.Posting.Query().Where(posting.HasEntryWith(entry.OrderIDIn(orderIDs...))).
		Order(db.Asc(posting.FieldEntryID, posting.FieldPosition)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the trail of orders: %w", err)
	}
	postings, err := s.TrailOf(ctx, seen)
	if err != nil {
		return nil, err
	}
	trails := map[uuid.UUID][]TrailEntry{}
	for i, p := range postings {
		trail := trails[*p.Entry.OrderID]
		if i == 0 || postings[i-1].EntryID != p.EntryID {
			trail = append(trail, TrailEntry{Kind: p.Entry.Kind, CreatedAt: p.Entry.CreatedAt})
		}
		last := &trail[len(trail)-1]
		last.Postings = append(last.Postings, p)
		trails[*p.Entry.OrderID] = trail
	}
	return trails, nil
}

// TrailOf sets beside postings that the viewer may see their entries and the kinds of their accounts, in their order, in two
// statements however many they are.
func (s *Store) TrailOf(ctx context.Context, seen []*db.Posting) ([]TrailPosting, error) {
	entryIDs, accountIDs := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, p := range seen {
		entryIDs[p.EntryID], accountIDs[p.FromAccountID], accountIDs[p.ToAccountID] = true, true, true
	}
	// Who sees a posting sees what it is of.
	entries, err := s.read.Entry.Query().Where(entry.IDIn(slices.Collect(maps.Keys(entryIDs))...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the entries of postings: %w", err)
	}
	accounts, err := s.read.Account.Query().Where(account.IDIn(slices.Collect(maps.Keys(accountIDs))...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the accounts of postings: %w", err)
	}
	entryOf := indexed(entries, func(e *db.Entry) uuid.UUID { return e.ID })
	accountOf := indexed(accounts, func(a *db.Account) uuid.UUID { return a.ID })
	out := make([]TrailPosting, len(seen))
	for i, p := range seen {
		out[i] = TrailPosting{p, entryOf[p.EntryID], accountOf[p.FromAccountID].Kind, accountOf[p.ToAccountID].Kind}
	}
	return out, nil
}

// ContributorMonth is whose statement of which month.
type ContributorMonth struct {
	ContributorID uuid.UUID
	Month         string
}

// StatementsFor reads the statements that the viewer may see, by contributor and month.
func (s *Store) StatementsFor(ctx context.Context, wanted []ContributorMonth) (map[ContributorMonth]*db.Statement, error) {
	ids, months := map[uuid.UUID]bool{}, map[string]bool{}
	for _, w := range wanted {
		ids[w.ContributorID], months[w.Month] = true, true
	}
	rows, err := s.read.Statement.Query().Where(dbstatement.ContributorIDIn(slices.Collect(maps.Keys(ids))...), dbstatement.MonthIn(slices.Collect(maps.Keys(months))...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read statements: %w", err)
	}
	out := make(map[ContributorMonth]*db.Statement, len(rows))
	for _, row := range rows {
		out[ContributorMonth{row.ContributorID, row.Month}] = row
	}
	return out, nil
}

// Payout is what the bank paid a contributor.
type Payout struct {
	At        time.Time
	AmountFen pricing.Fen
	// Reference is the bank's.
	Reference string
}

// PayoutsFor reads what contributors were paid in months whose statements the viewer may see, oldest first, in three statements however
// many they are.
func (s *Store) PayoutsFor(ctx context.Context, wanted []ContributorMonth) (map[ContributorMonth][]Payout, error) {
	ids := map[uuid.UUID]bool{}
	asked := map[ContributorMonth]bool{}
	first, last := wanted[0].Month, wanted[0].Month
	for _, w := range wanted {
		ids[w.ContributorID], asked[w] = true, true
		first, last = min(first, w.Month), max(last, w.Month)
	}
	from, _ := pricing.ParseMonth(first) // what was saved is a month
	until, _ := pricing.ParseMonth(last)
	rows, err := s.read.Posting.Query().Where(posting.ContributorIDIn(slices.Collect(maps.Keys(ids))...),
		posting.CreatedAtGTE(from.Start()), posting.CreatedAtLT(until.Next().Start()), posting.HasEntryWith(entry.KindEQ(pricing.EntryPayout))).
		WithEntry(func(q *db.EntryQuery) { q.WithPayoutBatch() }).Order(db.Asc(posting.FieldID)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read payouts: %w", err)
	}
	out := map[ContributorMonth][]Payout{}
	for _, row := range rows {
		of := ContributorMonth{*row.ContributorID, pricing.MonthOf(row.CreatedAt).String()}
		if !asked[of] {
			continue
		}
		paid := Payout{At: row.CreatedAt, AmountFen: pricing.Fen(row.AmountFen)}
		for _, line := range row.Edges.Entry.Edges.PayoutBatch.Lines {
			if line.Contributor == of.ContributorID.String() {
				paid.Reference = line.Reference
			}
		}
		out[of] = append(out[of], paid)
	}
	return out, nil
}
