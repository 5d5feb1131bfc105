package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/payoutbatch"
	"gongshu/ent/db/predicate"
	dbstatement "gongshu/ent/db/statement"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/pricing"
)

// ContributorSum is what the ledger says of one contributor, and of one product where it was earned with one.
type ContributorSum struct {
	ContributorID, ProductID uuid.UUID
	Kind                     pricing.EntryKind
	AmountFen                pricing.Fen
}

// EarnedIn sums the shares of all contributors by product and kind of entry, over what was posted at a time or later and
// before another; a zero time bounds nothing.
func (tx *Tx) EarnedIn(ctx context.Context, from, until time.Time) (out []ContributorSum, err error) {
	var st statement
	st.text = `SELECT p.contributor_id, p.product_id, e.kind, CAST(sum(p.amount_fen) AS bigint) FROM postings p JOIN entries e ON e.id = p.entry_id
 WHERE p.contributor_id IS NOT NULL`
	if !from.IsZero() {
		st.text += ` AND p.created_at >= ` + st.place(from)
	}
	if !until.IsZero() {
		st.text += ` AND p.created_at < ` + st.place(until)
	}
	st.text += ` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
	tell(ctx, Statement, st.text)
	rows, err := tx.sql.QueryContext(ctx, st.text, st.args...)
	if err != nil {
		return nil, fmt.Errorf("sum what was earned: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var one ContributorSum
		var product uuid.NullUUID
		if err := rows.Scan(&one.ContributorID, &product, &one.Kind, &one.AmountFen); err != nil {
			return nil, fmt.Errorf("sum what was earned: %w", err)
		}
		one.ProductID = product.UUID
		out = append(out, one)
	}
	return out, rows.Err()
}

// ContributorStatement is a statement as use-cases see it.
type ContributorStatement struct {
	ID, ContributorID                           uuid.UUID
	Version                                     int
	Month                                       string
	Status                                      pricing.StatementStatus
	OpeningFen, EarnedFen, ReversedFen, PaidFen pricing.Fen
	ClosingFen                                  pricing.Fen
	Lines                                       []pricing.StatementLine
}

func loadStatement(row *db.Statement) ContributorStatement {
	return ContributorStatement{
		ID: row.ID, ContributorID: row.ContributorID, Version: row.Version, Month: row.Month, Status: row.Status,
		OpeningFen: pricing.Fen(row.OpeningFen), EarnedFen: pricing.Fen(row.EarnedFen), ReversedFen: pricing.Fen(row.ReversedFen),
		PaidFen: pricing.Fen(row.PaidFen), ClosingFen: pricing.Fen(row.ClosingFen), Lines: row.Lines,
	}
}

// StatementsOf reads the statements of a month by contributor.
func (tx *Tx) StatementsOf(ctx context.Context, month string) (map[uuid.UUID]ContributorStatement, error) {
	rows, err := tx.Statement.Query().Where(dbstatement.Month(month)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read statements: %w", err)
	}
	out := make(map[uuid.UUID]ContributorStatement, len(rows))
	for _, row := range rows {
		out[row.ContributorID] = loadStatement(row)
	}
	return out, nil
}

// StatementByID reads a statement that the viewer may see.
func (tx *Tx) StatementByID(ctx context.Context, id uuid.UUID) (*db.Statement, error) {
	row, err := tx.Statement.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, fault.Absent("statement")
	}
	if err != nil {
		return nil, fmt.Errorf("read a statement: %w", err)
	}
	return row, nil
}

// MonthStatedBefore is the last month before one that has statements, "" where none has.
func (tx *Tx) MonthStatedBefore(ctx context.Context, month string) (string, error) {
	row, err := tx.Statement.Query().Where(dbstatement.MonthLT(month)).Order(db.Desc(dbstatement.FieldMonth)).First(AsSystem(ctx))
	if db.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read which months have statements: %w", err)
	}
	return row.Month, nil
}

// MonthsOpenBefore are the months before one that are not closed, in their order: those with statements which are not final, and
// those since the last with one that is final in which something was posted and nothing drawn.
func (tx *Tx) MonthsOpenBefore(ctx context.Context, month pricing.BillingMonth) (open []pricing.BillingMonth, err error) {
	var stated []struct {
		Month  string
		Status pricing.StatementStatus
	}
	err = tx.Statement.Query().Where(dbstatement.MonthLT(month.String())).GroupBy(dbstatement.FieldMonth, dbstatement.FieldStatus).Scan(AsSystem(ctx), &stated)
	if err != nil {
		return nil, fmt.Errorf("read which months are open: %w", err)
	}
	drawn, isOpen, final := map[string]bool{}, map[string]bool{}, ""
	for _, one := range stated {
		drawn[one.Month] = true
		if one.Status == pricing.StatementFinal {
			final = max(final, one.Month)
		} else {
			isOpen[one.Month] = true
		}
	}
	posted, err := tx.monthsPosted(ctx, final, month)
	if err != nil {
		return nil, err
	}
	for _, name := range posted {
		if !drawn[name] {
			isOpen[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(isOpen)) {
		one, ok := pricing.ParseMonth(name)
		if !ok {
			return nil, fmt.Errorf("read which months are open: %q is none", name)
		}
		open = append(open, one)
	}
	return open, nil
}

// monthsPosted are the months after one, "" for the first ever, and before another in which shares were posted.
func (tx *Tx) monthsPosted(ctx context.Context, after string, before pricing.BillingMonth) (months []string, err error) {
	var st statement
	st.text = `SELECT DISTINCT ` + shanghaiMonth[tx.store.dialect] + ` FROM postings p WHERE p.contributor_id IS NOT NULL AND p.created_at < ` + st.place(before.Start())
	if last, ok := pricing.ParseMonth(after); ok {
		st.text += ` AND p.created_at >= ` + st.place(last.Next().Start())
	}
	tell(ctx, Statement, st.text)
	rows, err := tx.sql.QueryContext(ctx, st.text, st.args...)
	if err != nil {
		return nil, fmt.Errorf("read which months have entries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var month string
		if err := rows.Scan(&month); err != nil {
			return nil, fmt.Errorf("read which months have entries: %w", err)
		}
		months = append(months, month)
	}
	return months, rows.Err()
}

// DrawStatements saves statements: those without an id are new, the others take the figures that they have now, if nobody
// changed them since they were read.
func (tx *Tx) DrawStatements(ctx context.Context, drawn []ContributorStatement) error {
	var fresh []*db.StatementCreate
	for _, s := range drawn {
		if s.ID != uuid.Nil {
			err := changedOne(tx.Statement.Update().Where(dbstatement.ID(s.ID), dbstatement.Version(s.Version), dbstatement.StatusNEQ(pricing.StatementFinal)).
				SetOpeningFen(int64(s.OpeningFen)).SetEarnedFen(int64(s.EarnedFen)).SetReversedFen(int64(s.ReversedFen)).SetPaidFen(int64(s.PaidFen)).
				SetClosingFen(int64(s.ClosingFen)).SetLines(s.Lines).AddVersion(1).Save(ctx))
			if err != nil {
				return err
			}
			continue
		}
		fresh = append(fresh, tx.Statement.Create().SetCreatedAt(tx.now).SetContributorID(s.ContributorID).SetMonth(s.Month).SetStatus(s.Status).
			SetOpeningFen(int64(s.OpeningFen)).SetEarnedFen(int64(s.EarnedFen)).SetReversedFen(int64(s.ReversedFen)).SetPaidFen(int64(s.PaidFen)).
			SetClosingFen(int64(s.ClosingFen)).SetLines(s.Lines))
	}
	for page := range slices.Chunk(fresh, 200) {
		if err := tx.Statement.CreateBulk(page...).Exec(ctx); err != nil {
			return fmt.Errorf("draw statements: %w", err)
		}
	}
	return nil
}

// MoveStatement saves what became of a statement, if nobody changed it since it was read.
func (tx *Tx) MoveStatement(ctx context.Context, row *db.Statement, to pricing.StatementStatus, set func(*db.StatementUpdate)) error {
	update := tx.Statement.Update().Where(dbstatement.ID(row.ID), dbstatement.Version(row.Version), dbstatement.StatusEQ(row.Status)).SetStatus(to).AddVersion(1)
	set(update)
	return changedOne(update.Save(ctx))
}

// FinaliseStatements closes the statements of a month to which nobody objects, of contributors whose earlier ones are closed: each
// opens with what the one before it closed. It returns how many.
func (tx *Tx) FinaliseStatements(ctx context.Context, month string) (int, error) {
	earlierOpen := func(s *entsql.Selector) {
		s.Where(entsql.NotIn(s.C(dbstatement.FieldContributorID), entsql.Select(dbstatement.FieldContributorID).From(entsql.Table(dbstatement.Table)).
			Where(entsql.And(entsql.LT(dbstatement.FieldMonth, month), entsql.NEQ(dbstatement.FieldStatus, pricing.StatementFinal)))))
	}
	n, err := tx.Statement.Update().Where(dbstatement.Month(month), dbstatement.StatusEQ(pricing.StatementPreview), earlierOpen).
		SetStatus(pricing.StatementFinal).SetFinalAt(tx.now).AddVersion(1).Save(ctx)
	if err != nil {
		return 0, fmt.Errorf("close statements: %w", err)
	}
	return n, nil
}

// openBatches are those whose lines may still be paid.
func openBatches() predicate.PayoutBatch {
	return payoutbatch.StatusIn(pricing.PayoutSubmitted, pricing.PayoutApproved)
}

// Lot is a contributor's money on one kind of account: its own or the treasury's.
type Lot struct {
	ContributorID uuid.UUID
	Payee         pricing.AccountKind
}

// Owed is what lies on the ledger for each contributor: its shares less what was refunded and paid of them.
func (tx *Tx) Owed(ctx context.Context) (map[Lot]pricing.Fen, error) {
	const text = `SELECT p.contributor_id, a.kind, CAST(sum(CASE WHEN e.kind = 'PAYMENT' THEN p.amount_fen ELSE -p.amount_fen END) AS bigint)
 FROM postings p JOIN entries e ON e.id = p.entry_id
 JOIN accounts a ON a.id = CASE WHEN e.kind = 'PAYMENT' THEN p.to_account_id ELSE p.from_account_id END
 WHERE p.contributor_id IS NOT NULL GROUP BY 1, 2`
	tell(ctx, Statement, text)
	rows, err := tx.sql.QueryContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("sum what is owed: %w", err)
	}
	defer rows.Close()
	out := map[Lot]pricing.Fen{}
	for rows.Next() {
		var lot Lot
		var fen pricing.Fen
		if err := rows.Scan(&lot.ContributorID, &lot.Payee, &fen); err != nil {
			return nil, fmt.Errorf("sum what is owed: %w", err)
		}
		out[lot] = fen
	}
	return out, rows.Err()
}

// OnTheirWay is what lines of batches that are not done, one excepted, are about to pay.
func (tx *Tx) OnTheirWay(ctx context.Context, but uuid.UUID) (map[Lot]pricing.Fen, error) {
	rows, err := tx.PayoutBatch.Query().Where(openBatches(), payoutbatch.IDNEQ(but)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read payouts on their way: %w", err)
	}
	return linesOf(rows, pricing.PayoutLinePending)
}

// PaidLater is what lines of batches made after one paid each contributor, or are about to.
func (tx *Tx) PaidLater(ctx context.Context, than uuid.UUID) (map[uuid.UUID]pricing.Fen, error) {
	live := payoutbatch.StatusNotIn(pricing.PayoutRefused, pricing.PayoutWithdrawn)
	rows, err := tx.PayoutBatch.Query().Where(payoutbatch.IDGT(than), live).All(AsSystem(ctx)) // ids are in the order of their making
	if err != nil {
		return nil, fmt.Errorf("read later payouts: %w", err)
	}
	lots, err := linesOf(rows, pricing.PayoutLinePending, pricing.PayoutLineConfirmed)
	out := map[uuid.UUID]pricing.Fen{}
	for lot, fen := range lots {
		out[lot.ContributorID] += fen
	}
	return out, err
}

// linesOf sums the lines of batches that are in some states.
func linesOf(rows []*db.PayoutBatch, states ...pricing.PayoutLineState) (map[Lot]pricing.Fen, error) {
	out := map[Lot]pricing.Fen{}
	for _, row := range rows {
		for _, line := range row.Lines {
			id, err := uuid.Parse(line.Contributor)
			if err != nil {
				return nil, fmt.Errorf("payout batch %s: %w", row.ID, err)
			}
			if slices.Contains(states, line.State) {
				out[Lot{id, line.Payee}] += line.AmountFen
			}
		}
	}
	return out, nil
}

// PaysAgain finds another batch that pays the amount of a line that failed: one that was prepared since and pays its contributor, or
// whose own line of that contributor had failed too and was confirmed since.
func (tx *Tx) PaysAgain(ctx context.Context, batch uuid.UUID, failed pricing.PayoutLine) (row *db.PayoutBatch, found bool, err error) {
	rows, err := tx.PayoutBatch.Query().Where(payoutbatch.IDNEQ(batch), payoutbatch.StatusNotIn(pricing.PayoutRefused, pricing.PayoutWithdrawn)).
		Order(db.Asc(payoutbatch.FieldID)).All(AsSystem(ctx))
	if err != nil {
		return nil, false, fmt.Errorf("look for a batch that pays again: %w", err)
	}
	for _, row := range rows {
		for _, line := range row.Lines {
			if line.Contributor != failed.Contributor || line.State == pricing.PayoutLineFailed {
				continue
			}
			if !row.CreatedAt.Before(failed.DecidedAt) || line.Reason != "" && !line.DecidedAt.Before(failed.DecidedAt) {
				return row, true, nil
			}
		}
	}
	return nil, false, nil
}

// LastPaidInto reads into which account each contributor was paid last, by its name in lines.
func (tx *Tx) LastPaidInto(ctx context.Context) (map[string]pricing.PayeeAccount, error) {
	const text = `SELECT p.contributor_id, max(CAST(e.payout_batch_id AS text)) FROM postings p JOIN entries e ON e.id = p.entry_id
 WHERE p.contributor_id IS NOT NULL AND e.kind = 'PAYOUT' GROUP BY 1` // the ids of batches are in the order of their making
	tell(ctx, Statement, text)
	rows, err := tx.sql.QueryContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("look for who was paid last: %w", err)
	}
	defer rows.Close()
	last, batches := map[string]uuid.UUID{}, map[uuid.UUID]bool{}
	for rows.Next() {
		var contributor, batch uuid.UUID
		if err := rows.Scan(&contributor, &batch); err != nil {
			return nil, fmt.Errorf("look for who was paid last: %w", err)
		}
		last[contributor.String()], batches[batch] = batch, true
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for who was paid last: %w", err)
	}
	found, err := tx.PayoutBatch.Query().Where(payoutbatch.IDIn(slices.Collect(maps.Keys(batches))...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read payout batches: %w", err)
	}
	paid := make(map[string]pricing.PayeeAccount, len(last))
	for _, batch := range found {
		for _, line := range batch.Lines {
			if last[line.Contributor] == batch.ID {
				paid[line.Contributor] = line.Account
			}
		}
	}
	return paid, nil
}

// PayoutBatchByID reads a batch that the viewer may see.
func (tx *Tx) PayoutBatchByID(ctx context.Context, id uuid.UUID) (*db.PayoutBatch, error) {
	row, err := tx.PayoutBatch.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, fault.Absent("payout batch")
	}
	if err != nil {
		return nil, fmt.Errorf("read a payout batch: %w", err)
	}
	return row, nil
}

// ApprovedBatches reads batches that were approved and are not done, those after one and so many at most.
func (s *Store) ApprovedBatches(ctx context.Context, after uuid.UUID, most int) ([]*db.PayoutBatch, error) {
	rows, err := s.read.PayoutBatch.Query().Where(payoutbatch.StatusEQ(pricing.PayoutApproved), payoutbatch.IDGT(after)).Order(db.Asc(payoutbatch.FieldID)).Limit(most).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read approved batches: %w", err)
	}
	return rows, nil
}

// PayoutBatchByKey finds the batch that an organisation prepared under a key.
func (tx *Tx) PayoutBatchByKey(ctx context.Context, organisation uuid.UUID, key string) (row *db.PayoutBatch, found bool, err error) {
	row, err = tx.PayoutBatch.Query().Where(payoutbatch.OrganisationID(organisation), payoutbatch.IdempotencyKey(key)).Only(ctx)
	if db.IsNotFound(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look for a payout batch: %w", err)
	}
	return row, true, nil
}

// ChangePayoutBatch saves a change of a batch, if nobody changed it since it was read.
func (tx *Tx) ChangePayoutBatch(ctx context.Context, row *db.PayoutBatch, set func(*db.PayoutBatchUpdate)) error {
	update := tx.PayoutBatch.Update().Where(payoutbatch.ID(row.ID), payoutbatch.Version(row.Version)).AddVersion(1)
	set(update)
	return changedOne(update.Save(ctx))
}

// Add adds what was posted in the month.
func (s *ContributorStatement) Add(e ContributorSum) {
	switch e.Kind {
	case pricing.EntryPayout:
		s.PaidFen += e.AmountFen
		return
	case pricing.EntryPayment:
		s.EarnedFen += e.AmountFen
	case pricing.EntryRefund:
		s.ReversedFen += e.AmountFen
	}
	product := e.ProductID.String()
	i := slices.IndexFunc(s.Lines, func(l pricing.StatementLine) bool { return l.Product == product })
	if i < 0 {
		i = len(s.Lines)
		s.Lines = append(s.Lines, pricing.StatementLine{Product: product})
	}
	if e.Kind == pricing.EntryPayment {
		s.Lines[i].EarnedFen += e.AmountFen
	} else {
		s.Lines[i].ReversedFen += e.AmountFen
	}
}

// Says reports whether another statement says the same.
func (s ContributorStatement) Says(other ContributorStatement) bool {
	return s.OpeningFen == other.OpeningFen && s.EarnedFen == other.EarnedFen && s.ReversedFen == other.ReversedFen && s.PaidFen == other.PaidFen &&
		slices.Equal(s.Lines, other.Lines)
}

// PaidBy reads the organisations that lines pay, by their names in them.
func (tx *Tx) PaidBy(ctx context.Context, lines []pricing.PayoutLine) (map[string]*db.Organisation, error) {
	ids := make([]uuid.UUID, 0, len(lines))
	for _, line := range lines {
		if id, err := uuid.Parse(line.Contributor); err == nil {
			ids = append(ids, id)
		}
	}
	rows, err := tx.Organisation.Query().Where(organisation.IDIn(ids...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read who is paid: %w", err)
	}
	paid := make(map[string]*db.Organisation, len(rows))
	for _, row := range rows {
		paid[row.ID.String()] = row
	}
	return paid, nil
}

// SetPayee says into which bank account an organisation is paid.
func (tx *Tx) SetPayee(ctx context.Context, id uuid.UUID, payee access.Payee) error {
	if err := tx.Organisation.UpdateOneID(id).SetPayee(payee).AddVersion(1).Exec(ctx); err != nil {
		return fmt.Errorf("save an account: %w", err)
	}
	return nil
}
