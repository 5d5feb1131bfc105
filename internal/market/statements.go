package market

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// StatementsDraw draws the statements of a month of Asia/Shanghai from the ledger, one for each contributor that earned, paid
// back or was paid in it or that is still owed something, and returns how many there are. Those that are drawn already take
// today's figures unless they are final. FINANCE of the platform may, and the worker does so each night.
// Refused with MONTH_INVALID and, for a month that has not begun, MONTH_NOT_OVER.
func (m *Market) StatementsDraw(ctx context.Context, month string) (drawn int, err error) {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return 0, err
	}
	asked, err := m.stated(month, false)
	if err != nil {
		return 0, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if drawn, err = draw(ctx, tx, asked); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "statementsDraw", Kind: "Statement", ID: uuid.Nil, Change: map[string]any{"month": month, "statements": drawn}})
	})
	return drawn, err
}

// StatementsFinalise closes the statements of a month that is over: what they say is what will be paid, and no allocation
// rule begins in the month any more. Those that somebody objects to stay open, and those of who has an earlier one that is. It
// returns how many it closed; done twice it closes no more. An earlier month of which nothing was drawn yet is drawn, and is open. FINANCE of the platform may. Refused with MONTH_INVALID and MONTH_NOT_OVER.
func (m *Market) StatementsFinalise(ctx context.Context, month string) (closed int, err error) {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return 0, err
	}
	asked, err := m.stated(month, true)
	if err != nil {
		return 0, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if _, err = draw(ctx, tx, asked); err != nil {
			return err
		}
		if closed, err = tx.FinaliseStatements(ctx, month); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "statementsFinalise", Kind: "Statement", ID: uuid.Nil, Change: map[string]any{"month": month, "statements": closed}})
	})
	return closed, err
}

// settling is how long after the end of a month it may be closed: whatever began within it has been written by then.
const settling = time.Hour

// stated reads a month that has begun, and with over is over.
func (m *Market) stated(text string, over bool) (pricing.BillingMonth, error) {
	month, err := monthOf(text, "month")
	if err != nil {
		return month, err
	}
	from := month.Start()
	if over {
		from = month.Next().Start().Add(settling)
	}
	if m.Store.Now().Before(from) {
		return month, fault.New(fault.Conflict, "MONTH_NOT_OVER", "This month is not over yet.").At("month")
	}
	return month, nil
}

// draw writes the statements of a month, after those of earlier months that are open still: a month that was drawn while it ran, or
// never, says too little, and the next one opens with what it closes. One draws at a time: of two at once the second finds what the
// first drew.
func draw(ctx context.Context, tx *store.Tx, month pricing.BillingMonth) (int, error) {
	if err := tx.Alone(ctx, statementsLock); err != nil {
		return 0, err
	}
	open, err := tx.MonthsOpenBefore(ctx, month)
	if err != nil {
		return 0, err
	}
	for _, earlier := range open {
		if _, err := drawMonth(ctx, tx, earlier); err != nil {
			return 0, err
		}
	}
	return drawMonth(ctx, tx, month)
}

// statementsLock lets statements be drawn, objected to and answered by one transaction at a time.
const statementsLock = "statements"

// drawMonth writes the statements of one month: opening is what the last statements closed with and what was posted since, and
// of the first ever everything before it.
func drawMonth(ctx context.Context, tx *store.Tx, month pricing.BillingMonth) (int, error) {
	name := month.String()
	opening, err := openings(ctx, tx, month)
	if err != nil {
		return 0, err
	}
	earned, err := tx.EarnedIn(ctx, month.Start(), month.Next().Start())
	if err != nil {
		return 0, err
	}
	before, err := tx.StatementsOf(ctx, name)
	if err != nil {
		return 0, err
	}
	figures := map[uuid.UUID]*store.ContributorStatement{}
	of := func(contributor uuid.UUID) *store.ContributorStatement {
		s := figures[contributor]
		if s == nil {
			s = &store.ContributorStatement{ContributorID: contributor, Month: name, Status: pricing.StatementPreview, OpeningFen: opening[contributor], Lines: []pricing.StatementLine{}}
			figures[contributor] = s
		}
		return s
	}
	for contributor := range before { // also where nothing is left to say
		of(contributor)
	}
	for contributor, fen := range opening {
		if fen != 0 {
			of(contributor)
		}
	}
	for _, e := range earned {
		of(e.ContributorID).Add(e)
	}
	var drawn []store.ContributorStatement
	for contributor, s := range figures {
		s.ClosingFen = s.OpeningFen + s.EarnedFen - s.ReversedFen - s.PaidFen
		if was, there := before[contributor]; there {
			if was.Status == pricing.StatementFinal || s.Says(was) {
				continue
			}
			s.ID, s.Version, s.Status = was.ID, was.Version, was.Status
		}
		drawn = append(drawn, *s)
	}
	slices.SortFunc(drawn, func(a, b store.ContributorStatement) int {
		return cmp.Compare(a.ContributorID.String(), b.ContributorID.String())
	})
	return len(figures), tx.DrawStatements(ctx, drawn)
}

func openings(ctx context.Context, tx *store.Tx, month pricing.BillingMonth) (map[uuid.UUID]pricing.Fen, error) {
	opening := map[uuid.UUID]pricing.Fen{}
	last, err := tx.MonthStatedBefore(ctx, month.String())
	if err != nil {
		return nil, err
	}
	var since time.Time
	if last != "" {
		stated, err := tx.StatementsOf(ctx, last)
		if err != nil {
			return nil, err
		}
		for contributor, s := range stated {
			opening[contributor] = s.ClosingFen
		}
		before, err := monthOf(last, "month")
		if err != nil {
			return nil, err
		}
		if since = before.Next().Start(); since.Equal(month.Start()) {
			return opening, nil
		}
	}
	between, err := tx.EarnedIn(ctx, since, month.Start())
	if err != nil {
		return nil, err
	}
	for _, e := range between {
		if e.Kind == pricing.EntryPayment {
			opening[e.ContributorID] += e.AmountFen
		} else {
			opening[e.ContributorID] -= e.AmountFen
		}
	}
	return opening, nil
}

// StatementObject objects to a statement of the viewer's organisation while it is a preview; its FINANCE may. The month stays
// open for it until the platform answered. Refused with REASON_MISSING and STATEMENT_NOT_OPEN.
func (m *Market) StatementObject(ctx context.Context, id uuid.UUID, reason string) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if err := checkReason(&reason); err != nil {
		return err
	}
	return m.moveStatement(ctx, "statementObject", id, reason, func(row *db.Statement) error { return mayObject(v, row) }, pricing.StatementObjected,
		func(tx *store.Tx, u *db.StatementUpdate) {
			u.SetObjection(reason).SetObjectedAt(tx.Now()).SetObjectorID(v.PersonID).SetAnswer("")
		})
}

func mayObject(v access.Viewer, row *db.Statement) error {
	if v.OrganisationID != row.ContributorID {
		return fault.Absent("statement")
	}
	if err := v.MustHave(access.Finance); err != nil {
		return err
	}
	if !row.Status.CanBecome(pricing.StatementObjected) {
		return statementNotOpen(row)
	}
	return nil
}

// MayObject reports whether the viewer may object to a statement now, by the rule of StatementObject.
func (m *Market) MayObject(v access.Viewer, row *db.Statement) bool {
	return v.SignedIn() && mayObject(v, row) == nil
}

// StatementAnswer answers an objection: the statement is a preview again, with what the ledger says by now. FINANCE of the
// platform may. Refused with REASON_MISSING and STATEMENT_NOT_OPEN.
func (m *Market) StatementAnswer(ctx context.Context, id uuid.UUID, answer string) error {
	v := access.FromContext(ctx)
	if err := mayKeepBooks(v); err != nil {
		return err
	}
	if err := checkReason(&answer); err != nil {
		return err
	}
	return m.moveStatement(ctx, "statementAnswer", id, answer, func(row *db.Statement) error { return mayAnswer(v, row) }, pricing.StatementPreview,
		func(_ *store.Tx, u *db.StatementUpdate) { u.SetAnswer(answer) })
}

func mayAnswer(v access.Viewer, row *db.Statement) error {
	if err := mayKeepBooks(v); err != nil {
		return err
	}
	if !row.Status.CanBecome(pricing.StatementPreview) {
		return statementNotOpen(row)
	}
	return nil
}

// MayAnswer reports whether the viewer may answer an objection now, by the rule of StatementAnswer.
func (m *Market) MayAnswer(v access.Viewer, row *db.Statement) bool { return mayAnswer(v, row) == nil }

func statementNotOpen(row *db.Statement) error {
	return fault.New(fault.Conflict, "STATEMENT_NOT_OPEN", "This statement is %s.", strings.ToLower(string(row.Status))).With("status", string(row.Status))
}

func (m *Market) moveStatement(ctx context.Context, act string, id uuid.UUID, reason string, may func(*db.Statement) error, to pricing.StatementStatus, set func(*store.Tx, *db.StatementUpdate)) error {
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Alone(ctx, statementsLock); err != nil { // before the row: who draws takes both in this order
			return err
		}
		row, err := tx.StatementByID(ctx, id)
		if err != nil {
			return err
		}
		if err := may(row); err != nil {
			return err
		}
		if err := tx.MoveStatement(ctx, row, to, func(u *db.StatementUpdate) { set(tx, u) }); err != nil {
			return err
		}
		if to == pricing.StatementPreview {
			month, err := monthOf(row.Month, "month")
			if err != nil {
				return err
			}
			if _, err := draw(ctx, tx, month); err != nil {
				return err
			}
		}
		return tx.Record(ctx, store.Act{Name: act, Kind: "Statement", ID: id, Reason: reason, Change: map[string]any{"month": row.Month, "status": []pricing.StatementStatus{row.Status, to}}})
	})
}

// drawAgain draws the statements of this month each day, and those of earlier ones that are open: what a contributor looks at is
// what the ledger says.
func (m *Market) drawAgain(ctx context.Context) (drawn int, err error) {
	err = m.Store.InTx(store.AsSystem(ctx), func(ctx context.Context, tx *store.Tx) (err error) {
		drawn, err = draw(ctx, tx, pricing.MonthOf(tx.Now()))
		return err
	})
	return drawn, err
}
