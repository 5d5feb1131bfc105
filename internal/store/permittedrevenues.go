package store

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/party"
	"gongshu/ent/db/permittedrevenue"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/pricing"
)

// PermittedRevenue is a reported cost survey and the permitted revenue that it leads to, as use-cases see it.
type PermittedRevenue struct {
	ID             uuid.UUID
	Version        int
	OperatorID     uuid.UUID
	PersonID       uuid.UUID
	Status         pricing.SurveyStatus
	Year           int
	Cycle          pricing.Cycle
	Survey         pricing.CostSurvey
	Permitted      pricing.PermittedRevenue
	DeductedFen    pricing.Fen
	SourceDocument string
	ApprovedAt     *time.Time
	Clawback       *pricing.ClawbackDecision

	IdempotencyKey, RequestHash string
}

// LeftFen is what may be earned: the permitted revenue less what is deducted from it.
func (p PermittedRevenue) LeftFen() pricing.Fen { return p.Permitted.RevenueFen - p.DeductedFen }

// PermittedYear is the permitted revenue as the rules of cycles see it.
func (p PermittedRevenue) PermittedYear() pricing.PermittedYear {
	return pricing.PermittedYear{Year: p.Year, CycleFrom: p.Cycle.From, RevenueFen: p.Permitted.RevenueFen, DeductedFen: p.DeductedFen, Clawback: p.Clawback}
}

// AddPermittedRevenue saves a reported cost survey, not decided yet; IsTaken when its key was used meanwhile.
func (tx *Tx) AddPermittedRevenue(ctx context.Context, p PermittedRevenue) (uuid.UUID, error) {
	row, err := tx.PermittedRevenue.Create().SetCreatedAt(tx.now).SetOperatorID(p.OperatorID).SetPersonID(p.PersonID).
		SetStatus(pricing.SurveySubmitted).SetYear(p.Year).SetCycleFrom(p.Cycle.From).SetCycleYears(p.Cycle.Years).SetSurvey(p.Survey).
		SetCostFen(int64(p.Permitted.CostFen)).SetProfitFen(int64(p.Permitted.ProfitFen)).SetTaxFen(int64(p.Permitted.TaxFen)).
		SetRevenueFen(int64(p.Permitted.RevenueFen)).SetSourceDocument(p.SourceDocument).
		SetIdempotencyKey(p.IdempotencyKey).SetRequestHash(p.RequestHash).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("save a cost survey: %w", err)
	}
	return row.ID, nil
}

// PermittedRevenueByID reads a permitted revenue that the viewer may see.
func (tx *Tx) PermittedRevenueByID(ctx context.Context, id uuid.UUID) (PermittedRevenue, error) {
	row, err := tx.PermittedRevenue.Get(ctx, id)
	if db.IsNotFound(err) {
		return PermittedRevenue{}, fault.Absent("permitted revenue")
	}
	if err != nil {
		return PermittedRevenue{}, fmt.Errorf("read a permitted revenue: %w", err)
	}
	return LoadPermittedRevenue(row), nil
}

// LoadPermittedRevenue turns a row into what use-cases see.
func LoadPermittedRevenue(row *db.PermittedRevenue) PermittedRevenue {
	p := PermittedRevenue{
		ID: row.ID, Version: row.Version, OperatorID: row.OperatorID, PersonID: row.PersonID, Status: row.Status, Year: row.Year,
		Cycle: pricing.Cycle{From: row.CycleFrom, Years: row.CycleYears}, Survey: row.Survey, DeductedFen: pricing.Fen(row.DeductedFen),
		SourceDocument: row.SourceDocument, ApprovedAt: row.ApprovedAt, Clawback: row.Clawback, RequestHash: row.RequestHash,
		Permitted: pricing.PermittedRevenue{
			CostFen: pricing.Fen(row.CostFen), ProfitFen: pricing.Fen(row.ProfitFen), TaxFen: pricing.Fen(row.TaxFen), RevenueFen: pricing.Fen(row.RevenueFen),
		},
	}
	return p
}

// UndecidedSurvey reports whether a cost survey of an operator for a year waits to be decided.
func (tx *Tx) UndecidedSurvey(ctx context.Context, operator uuid.UUID, year int) (bool, error) {
	waits, err := tx.PermittedRevenue.Query().Where(permittedrevenue.OperatorID(operator), permittedrevenue.Year(year),
		permittedrevenue.StatusEQ(pricing.SurveySubmitted)).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a cost survey: %w", err)
	}
	return waits, nil
}

// PermittedInForce are the permitted revenues of an operator that are in force, whoever looks, the earliest year first.
func (tx *Tx) PermittedInForce(ctx context.Context, operator uuid.UUID) ([]PermittedRevenue, error) {
	return permittedInForce(ctx, tx.Client, operator)
}

// PermittedInForce are the same for looking.
func (s *Store) PermittedInForce(ctx context.Context, operator uuid.UUID) ([]PermittedRevenue, error) {
	return permittedInForce(ctx, s.read, operator)
}

func permittedInForce(ctx context.Context, c *db.Client, operator uuid.UUID) ([]PermittedRevenue, error) {
	rows, err := c.PermittedRevenue.Query().Where(permittedrevenue.OperatorID(operator), InForce).Order(db.Asc(permittedrevenue.FieldYear)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read permitted revenues: %w", err)
	}
	inForce := make([]PermittedRevenue, len(rows))
	for i, row := range rows {
		inForce[i] = LoadPermittedRevenue(row)
	}
	return inForce, nil
}

// InForce matches the permitted revenues that are in force: approved ones after which none of the same year was. Nothing else says so.
func InForce(s *sql.Selector) {
	t := sql.Table(permittedrevenue.Table).As("later")
	s.Where(sql.And(sql.EQ(s.C(permittedrevenue.FieldStatus), pricing.SurveyApproved),
		sql.Not(sql.Exists(sql.Dialect(s.Dialect()).Select(t.C(permittedrevenue.FieldID)).From(t).Where(sql.And(
			sql.ColumnsEQ(t.C(permittedrevenue.FieldOperatorID), s.C(permittedrevenue.FieldOperatorID)),
			sql.ColumnsEQ(t.C(permittedrevenue.FieldYear), s.C(permittedrevenue.FieldYear)),
			sql.EQ(t.C(permittedrevenue.FieldStatus), pricing.SurveyApproved),
			sql.Or(sql.ColumnsGT(t.C(permittedrevenue.FieldApprovedAt), s.C(permittedrevenue.FieldApprovedAt)),
				sql.And(sql.ColumnsEQ(t.C(permittedrevenue.FieldApprovedAt), s.C(permittedrevenue.FieldApprovedAt)),
					sql.ColumnsGT(t.C(permittedrevenue.FieldID), s.C(permittedrevenue.FieldID)))),
		))))))
}

// PermittedInForceOf are the ids of the permitted revenues in force of several operators, in one statement.
func (s *Store) PermittedInForceOf(ctx context.Context, operators []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	rows, err := s.read.PermittedRevenue.Query().Where(permittedrevenue.OperatorIDIn(operators...), InForce).
		Order(db.Asc(permittedrevenue.FieldYear)).Select(permittedrevenue.FieldID, permittedrevenue.FieldOperatorID).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read permitted revenues: %w", err)
	}
	inForce := map[uuid.UUID][]uuid.UUID{}
	for _, row := range rows {
		inForce[row.OperatorID] = append(inForce[row.OperatorID], row.ID)
	}
	return inForce, nil
}

// DecidePermittedRevenue saves how a cost survey was decided, if nobody changed it since it was read. An approved one has what is
// deducted from it, and the decision about its cycle that the one had whose place it takes.
func (tx *Tx) DecidePermittedRevenue(ctx context.Context, p PermittedRevenue, to pricing.SurveyStatus) error {
	update := tx.PermittedRevenue.Update().Where(permittedrevenue.ID(p.ID), permittedrevenue.Version(p.Version),
		permittedrevenue.StatusEQ(pricing.SurveySubmitted)).SetStatus(to).AddVersion(1)
	if to == pricing.SurveyApproved {
		update.SetApprovedAt(tx.now).SetDeductedFen(int64(p.DeductedFen))
		if p.Clawback != nil {
			update.SetClawback(p.Clawback)
		}
	}
	return changedOne(update.Save(ctx))
}

// DecideClawback saves on the last year of a cycle how its excess is deducted, if nobody changed the year since it was read.
func (tx *Tx) DecideClawback(ctx context.Context, p PermittedRevenue, decided pricing.ClawbackDecision) error {
	return changedOne(tx.PermittedRevenue.Update().Where(permittedrevenue.ID(p.ID), permittedrevenue.Version(p.Version)).
		SetClawback(&decided).AddVersion(1).Save(ctx))
}

// DeductFromPermitted saves what is deducted from a permitted revenue, if nobody changed it since it was read.
func (tx *Tx) DeductFromPermitted(ctx context.Context, p PermittedRevenue, deducted pricing.Fen) error {
	return changedOne(tx.PermittedRevenue.Update().Where(permittedrevenue.ID(p.ID), permittedrevenue.Version(p.Version)).
		SetDeductedFen(int64(deducted)).AddVersion(1).Save(ctx))
}

// Earned is what an operator earned from From on and before Until with all its products, or with each of them.
type Earned struct {
	ProductID uuid.UUID
	AmountFen pricing.Fen
}

// EarnedByProduct sums what was paid for an operator's products in a time, net of VAT and less what was refunded in it, whenever that
// was paid: the shares of the payments less those of the refunds. Payouts only move what was earned. The most first, so many at most, 0 for
// all. It is not narrowed to the viewer.
func (s *Store) EarnedByProduct(ctx context.Context, operator uuid.UUID, from, until time.Time, most int) ([]Earned, error) {
	return earnedByProduct(ctx, s.reader, operator, from, until, most)
}

func earnedByProduct(ctx context.Context, asked asker, operator uuid.UUID, from, until time.Time, most int) ([]Earned, error) {
	var st statement
	st.text = `SELECT p.product_id, CAST(sum(CASE e.kind WHEN ` + st.place(string(pricing.EntryPayment)) + ` THEN p.amount_fen ELSE -p.amount_fen END) AS bigint)` +
		` FROM postings p JOIN entries e ON e.id = p.entry_id WHERE p.product_id IN (SELECT id FROM products WHERE operator_id = ` + st.place(operator) + `)` +
		` AND p.contributor_id IS NOT NULL AND e.kind IN ` + places(&st, []string{string(pricing.EntryPayment), string(pricing.EntryRefund)}) +
		` AND p.created_at >= ` + st.place(from) + ` AND p.created_at < ` + st.place(until) + ` GROUP BY 1 ORDER BY 2 DESC, 1`
	if most > 0 {
		st.text += ` LIMIT ` + st.place(most)
	}
	var earned []Earned
	var one Earned
	err := each(ctx, asked, st, []any{&one.ProductID, &one.AmountFen}, func() { earned = append(earned, one) })
	return earned, err
}

// Earned is the sum of EarnedByProduct.
func (s *Store) Earned(ctx context.Context, operator uuid.UUID, from, until time.Time) (pricing.Fen, error) {
	return earned(ctx, s.reader, operator, from, until)
}

// Earned is the sum of EarnedByProduct.
func (tx *Tx) Earned(ctx context.Context, operator uuid.UUID, from, until time.Time) (pricing.Fen, error) {
	return earned(ctx, tx.sql, operator, from, until)
}

func earned(ctx context.Context, asked asker, operator uuid.UUID, from, until time.Time) (total pricing.Fen, err error) {
	earned, err := earnedByProduct(ctx, asked, operator, from, until, 0)
	for _, e := range earned {
		total += e.AmountFen
	}
	return total, err
}

// OperatesSince is the first day of an operator's first agreement, none while it never had one.
func (s *Store) OperatesSince(ctx context.Context, operator uuid.UUID) (authorisation.Day, error) {
	return operatesSince(ctx, s.read, operator)
}

// OperatesSince is the first day of an operator's first agreement, none while it never had one.
func (tx *Tx) OperatesSince(ctx context.Context, operator uuid.UUID) (authorisation.Day, error) {
	return operatesSince(ctx, tx.Client, operator)
}

// ProductOperatesSince is OperatesSince of the operator of a product, whoever asks.
func (s *Store) ProductOperatesSince(ctx context.Context, productID uuid.UUID) (authorisation.Day, error) {
	p, err := s.read.Product.Get(AsSystem(ctx), productID)
	if err != nil {
		return authorisation.Day{}, fmt.Errorf("read a product: %w", err)
	}
	return operatesSince(ctx, s.read, p.OperatorID)
}

func operatesSince(ctx context.Context, c *db.Client, operator uuid.UUID) (authorisation.Day, error) {
	rows, err := c.Agreement.Query().Where(agreement.OperatorID(operator), agreement.StartsOnNotNil()).All(AsSystem(ctx))
	if err != nil {
		return authorisation.Day{}, fmt.Errorf("read agreements: %w", err)
	}
	return firstDay(rows), nil
}

// firstDay is the first day of the earliest of some agreements.
func firstDay(rows []*db.Agreement) (first authorisation.Day) {
	for _, row := range rows {
		if day := storedDay(row.StartsOn); !day.IsZero() && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	return first
}

// MaySeePrices reports whether the viewer may see an operator's permitted revenue and price report: the operator itself, the agency and the
// price authority.
func MaySeePrices(v access.Viewer, operator uuid.UUID) bool {
	return v.SignedIn() && (v.OrganisationID == operator && v.Is(access.Operator) || v.Is(access.ImplementingAgency) || v.Is(access.PriceAuthority))
}

// IsOperator reports whether an organisation takes part as an operator, whoever asks.
func (s *Store) IsOperator(ctx context.Context, id uuid.UUID) (bool, error) {
	is, err := s.read.Party.Query().Where(party.OrganisationID(id), party.KindEQ(access.Operator)).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("read in which capacities an organisation takes part: %w", err)
	}
	return is, nil
}
