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

// TrailPosting is a posting with the kinds of its two accounts.
type TrailPosting struct {
	*db.Posting
	From, To pricing.AccountKind
}

// Trails reads what moved for orders, oldest first, in three statements however many they are.
func (s *Store) Trails(ctx context.Context, orderIDs []uuid.UUID) (map[uuid.UUID][]TrailEntry, error) {
	seen, err := s.read.Posting.Query().Where(posting.HasEntryWith(entry.OrderIDIn(orderIDs...))).Order(db.Asc(posting.FieldPosition)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the trail of orders: %w", err)
	}
	of, accounts := map[uuid.UUID][]*db.Posting{}, map[uuid.UUID]pricing.AccountKind{}
	for _, p := range seen {
		of[p.EntryID] = append(of[p.EntryID], p)
		accounts[p.FromAccountID], accounts[p.ToAccountID] = "", ""
	}
	entries, err := s.read.Entry.Query().Where(entry.IDIn(slices.Collect(maps.Keys(of))...)).Order(db.Asc(entry.FieldID)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the trail of orders: %w", err)
	}
	rows, err := s.read.Account.Query().Where(account.IDIn(slices.Collect(maps.Keys(accounts))...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the trail of orders: %w", err)
	}
	for _, a := range rows {
		accounts[a.ID] = a.Kind
	}
	trails := map[uuid.UUID][]TrailEntry{}
	for _, e := range entries {
		one := TrailEntry{Kind: e.Kind, CreatedAt: e.CreatedAt}
		for _, p := range of[e.ID] {
			one.Postings = append(one.Postings, TrailPosting{p, accounts[p.FromAccountID], accounts[p.ToAccountID]})
		}
		trails[*e.OrderID] = append(trails[*e.OrderID], one)
	}
	return trails, nil
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
