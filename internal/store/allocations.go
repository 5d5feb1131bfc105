package store

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/allocationrule"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/permittedrevenue"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	dbstatement "gongshu/ent/db/statement"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/pricing"
)

// RuleAllocation is a stored allocation rule as the rules take it.
func RuleAllocation(row *db.AllocationRule) pricing.AllocationRule {
	return pricing.AllocationRule{Version: row.Number, Kind: row.Kind, Whole: row.Whole, Parts: row.Parts, Coalitions: row.Coalitions}
}

// Allocation reads an allocation rule, whoever looks.
func (tx *Tx) Allocation(ctx context.Context, id uuid.UUID) (pricing.AllocationRule, error) {
	row, err := tx.AllocationRule.Get(AsSystem(ctx), id)
	if err != nil {
		return pricing.AllocationRule{}, fmt.Errorf("read an allocation rule: %w", err)
	}
	return RuleAllocation(row), nil
}

// AllocationRule reads an allocation rule that the viewer may see.
func (s *Store) AllocationRule(ctx context.Context, id uuid.UUID) (*db.AllocationRule, pricing.AllocationRule, error) {
	row, err := s.read.AllocationRule.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, pricing.AllocationRule{}, fault.Absent("allocation rule")
	}
	if err != nil {
		return nil, pricing.AllocationRule{}, fmt.Errorf("read an allocation rule: %w", err)
	}
	return row, RuleAllocation(row), nil
}

// AddAllocationRule saves a rule that nobody approved yet.
func (tx *Tx) AddAllocationRule(ctx context.Context, productID, personID uuid.UUID, r pricing.AllocationRule, from authorisation.Day, source string) (uuid.UUID, error) {
	create := tx.AllocationRule.Create().SetCreatedAt(tx.now).SetProductID(productID).SetPersonID(personID).
		SetNumber(r.Version).SetKind(r.Kind).SetWhole(r.Whole).SetParts(r.Parts).SetSourceDocument(source)
	if len(r.Coalitions) > 0 {
		create.SetCoalitions(r.Coalitions)
	}
	if !from.IsZero() {
		create.SetEffectiveFrom(from.String())
	}
	row, err := create.Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("save an allocation rule: %w", err)
	}
	return row.ID, nil
}

// ApproveAllocation approves a rule, once.
func (tx *Tx) ApproveAllocation(ctx context.Context, id uuid.UUID) error {
	return changedOne(tx.AllocationRule.Update().Where(allocationrule.ID(id), allocationrule.ApprovedAtIsNil()).SetApprovedAt(tx.now).Save(ctx))
}

// ApproveDraftedAllocation approves the newest rule of a product that was agreed while it was a draft: those of no proceeding
// of their own. Without one it does nothing.
func (tx *Tx) ApproveDraftedAllocation(ctx context.Context, productID uuid.UUID) error {
	id, err := tx.AllocationRule.Query().Where(allocationrule.ProductID(productID), allocationrule.ApprovedAtIsNil(), ofNoProceeding).
		Order(db.Desc(allocationrule.FieldNumber)).FirstID(AsSystem(ctx))
	switch {
	case db.IsNotFound(err):
		return nil
	case err != nil:
		return fmt.Errorf("find the rule of a draft: %w", err)
	}
	return tx.ApproveAllocation(ctx, id)
}

func ofNoProceeding(s *sql.Selector) {
	p := sql.Table(proceeding.Table)
	s.Where(sql.NotExists(sql.Dialect(s.Dialect()).Select(p.C(proceeding.FieldID)).From(p).Where(sql.ColumnsEQ(p.C(proceeding.FieldSubjectID), s.C(allocationrule.FieldID)))))
}

// inForce matches the rules that hold on a day, of which the newest does.
func inForce(today authorisation.Day) predicate.AllocationRule {
	return allocationrule.And(allocationrule.ApprovedAtNotNil(), allocationrule.EffectiveFromLTE(today.String()))
}

// VerifiedAmong says which organisations are verified.
func (tx *Tx) VerifiedAmong(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	found, err := tx.Organisation.Query().Where(organisation.IDIn(ids...), organisation.StatusEQ(access.OrganisationVerified)).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read who is verified: %w", err)
	}
	verified := map[uuid.UUID]bool{}
	for _, id := range found {
		verified[id] = true
	}
	return verified, nil
}

// LastClosedMonth is the last month with a final statement, "" while there is none.
func (tx *Tx) LastClosedMonth(ctx context.Context) (string, error) {
	row, err := tx.Statement.Query().Where(dbstatement.StatusEQ(pricing.StatementFinal)).Order(db.Desc(dbstatement.FieldMonth)).First(AsSystem(ctx))
	if db.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read which month is closed: %w", err)
	}
	return row.Month, nil
}

// Permitted is what an operator may earn in a year, after what is deducted from it.
type Permitted struct{ RevenueFen, ProfitFen pricing.Fen }

// PermittedIn reads what is in force for an operator and a year; false while nothing is.
func (tx *Tx) PermittedIn(ctx context.Context, operator uuid.UUID, year int) (p Permitted, found bool, err error) {
	row, err := tx.PermittedRevenue.Query().Where(permittedrevenue.OperatorID(operator), permittedrevenue.Year(year), InForce).Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		return Permitted{}, false, nil
	}
	if err != nil {
		return Permitted{}, false, fmt.Errorf("read a permitted revenue: %w", err)
	}
	return Permitted{RevenueFen: pricing.Fen(row.RevenueFen - row.DeductedFen), ProfitFen: pricing.Fen(row.ProfitFen)}, true, nil
}

// NetOfEntries tells the net of each payment of a product in a period, one after the other. It is not narrowed to the viewer:
// whoever calls it saw the product's rule.
func (s *Store) NetOfEntries(ctx context.Context, productID uuid.UUID, from, until time.Time, tell func(net pricing.Fen) error) error {
	var net pricing.Fen
	var failed error
	var st statement
	st.text = `SELECT CAST(sum(p.amount_fen) AS bigint) FROM postings p JOIN entries e ON e.id = p.entry_id WHERE p.product_id = ` + st.place(productID) +
		` AND p.created_at >= ` + st.place(from) + ` AND p.created_at < ` + st.place(until) +
		` AND p.contributor_id IS NOT NULL AND e.kind = 'PAYMENT' GROUP BY p.entry_id ORDER BY p.entry_id`
	err := s.each(ctx, st, []any{&net}, func() {
		if failed == nil {
			failed = tell(net)
		}
	})
	if err != nil {
		return fmt.Errorf("read what payments brought: %w", err)
	}
	return failed
}

// PostedShare is what one contributor received of a product on a ground.
type PostedShare struct {
	ContributorID uuid.UUID
	Channel       pricing.Channel
	Basis         string
	AmountFen     pricing.Fen
}

// PostedShares sums the shares of a product's payments in a period. It is not narrowed to the viewer either.
func (s *Store) PostedShares(ctx context.Context, productID uuid.UUID, from, until time.Time) (out []PostedShare, err error) {
	var one PostedShare
	var st statement
	st.text = `SELECT p.contributor_id, coalesce(p.channel, ''), p.basis, CAST(sum(p.amount_fen) AS bigint) FROM postings p JOIN entries e ON e.id = p.entry_id WHERE p.product_id = ` + st.place(productID) +
		` AND p.created_at >= ` + st.place(from) + ` AND p.created_at < ` + st.place(until) +
		` AND p.contributor_id IS NOT NULL AND e.kind = 'PAYMENT' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
	err = s.each(ctx, st, []any{&one.ContributorID, &one.Channel, &one.Basis, &one.AmountFen}, func() { out = append(out, one) })
	return out, err
}
