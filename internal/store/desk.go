package store

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/requirement"
	"gongshu/internal/authorisation"
)

// WaitingFor matches the proceedings that still need a decision of an organisation: what lies on its desk.
func WaitingFor(organisationID uuid.UUID) predicate.Proceeding {
	return inSelect(proceeding.FieldID, requirement.Table, requirement.FieldProceedingID, func(t *sql.SelectTable) *sql.Predicate {
		return sql.And(sql.EQ(t.C(requirement.FieldOrganisationID), organisationID), sql.EQ(t.C(requirement.FieldOpen), true))
	})
}

// EarliestDeadlineFirst is the order in which a desk is worked off; what has no deadline comes last, and of what is due on
// one day the oldest first.
func EarliestDeadlineFirst(s *sql.Selector) {
	s.OrderExpr(sql.Expr(dueOn(s.C(proceeding.FieldDueOn)))).OrderBy(sql.Asc(s.C(proceeding.FieldID)))
}

// AfterOnTheDesk matches what comes in that order after a proceeding that the organisation decides or decided; after any other
// there is nothing.
func AfterOnTheDesk(organisationID, last uuid.UUID) predicate.Proceeding {
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("(" + dueOn(s.C(proceeding.FieldDueOn)) + ", " + s.C(proceeding.FieldID) + ") > (SELECT " + dueOn("l.due_on") +
				", l.id FROM proceedings l WHERE l.id = ").Arg(last).
				WriteString(" AND l.id IN (SELECT proceeding_id FROM requirements WHERE organisation_id = ").Arg(organisationID).WriteString("))")
		}))
	}
}

// dueOn is the deadline in a column, as what it is sorted by: a day after all others where there is none.
func dueOn(column string) string { return "COALESCE(" + column + ", '9999-12-31')" }

// DeskTotal counts what lies on the desk of an organisation, of one kind.
type DeskTotal struct {
	Kind authorisation.ProceedingKind
	// Count is how many there are, Overdue of how many the last day is over.
	Count, Overdue int
}

// DeskTotals counts what waits for an organisation by kind, in one statement. Kinds of which nothing waits are left out.
func (s *Store) DeskTotals(ctx context.Context, organisationID uuid.UUID) (totals []DeskTotal, err error) {
	today := authorisation.DayOf(s.now()).String()
	err = s.read.Proceeding.Query().Where(WaitingFor(organisationID)).GroupBy(proceeding.FieldKind).Aggregate(db.Count(), func(s *sql.Selector) string {
		return sql.As("SUM(CASE WHEN "+s.C(proceeding.FieldDueOn)+" < '"+today+"' THEN 1 ELSE 0 END)", "overdue")
	}).Scan(ctx, &totals)
	if err != nil {
		return nil, fmt.Errorf("count what lies on a desk: %w", err)
	}
	kinds := authorisation.ProceedingKind("").Values()
	slices.SortFunc(totals, func(a, b DeskTotal) int {
		return slices.Index(kinds, string(a.Kind)) - slices.Index(kinds, string(b.Kind))
	})
	return totals, nil
}
