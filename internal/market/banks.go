package market

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/bankstatement"
	"gongshu/internal/fault"
	"gongshu/internal/job"
	"gongshu/internal/ordering"
	"gongshu/internal/outbox"
	"gongshu/internal/payment"
	"gongshu/internal/payment/bank"
	"gongshu/internal/spreadsheet"
	"gongshu/internal/store"
	"gongshu/internal/tabular"
	"gongshu/pricing"
)

// BankBook is the bank.Book of a market: its table of transfers.
type BankBook struct{ Store *store.Store }

var _ bank.Book = BankBook{}

// Expect answers as bank.Book says.
func (b BankBook) Expect(ctx context.Context, t ordering.BankTransfer) (ordering.BankTransfer, error) {
	return inWordsOfThePort(b.Store.ExpectTransfer(ctx, t))
}

// Expected answers as bank.Book says.
func (b BankBook) Expected(ctx context.Context, key string) (ordering.BankTransfer, error) {
	return inWordsOfThePort(b.Store.ExpectedTransfer(ctx, key))
}

// Drop answers as bank.Book says.
func (b BankBook) Drop(ctx context.Context, key string) (ordering.BankTransfer, error) {
	return inWordsOfThePort(b.Store.DropTransfer(ctx, key))
}

func inWordsOfThePort(t ordering.BankTransfer, err error) (ordering.BankTransfer, error) {
	switch {
	case errors.Is(err, store.ErrTransferUnknown):
		err = payment.ErrUnknownKey
	case errors.Is(err, store.ErrTransferExceeds):
		err = payment.ErrRefundExceeds
	}
	return t, err
}

// BankFormatInput says how a bank's statements name their columns.
type BankFormatInput struct {
	Name    string
	Columns ordering.StatementColumns
}

// BankFormatSave keeps under which names a bank's statements have their columns, in the place of what was kept for the bank, and returns
// its id. FINANCE of the platform may. Refused with TEXT_MISSING, TEXT_TOO_LONG, and COLUMN_NAME_TAKEN for a name that two columns have.
func (m *Market) BankFormatSave(ctx context.Context, in BankFormatInput) (id uuid.UUID, err error) {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return uuid.Nil, err
	}
	in.Name = strings.TrimSpace(in.Name)
	c := &in.Columns
	wrong := checkText("input.name", in.Name, 100, true)
	taken := map[string]bool{}
	for _, column := range []struct {
		field string
		name  *string
	}{
		{"day", &c.Day}, {"in", &c.In}, {"out", &c.Out}, {"amount", &c.Amount}, {"counterparty", &c.Counterparty}, {"account", &c.Account}, {"bank", &c.Bank},
		{"remark", &c.Remark}, {"serial", &c.Serial},
	} {
		*column.name = strings.TrimSpace(*column.name)
		field, plain := "input.columns."+column.field, tabular.Plain(*column.name)
		wrong = append(wrong, checkText(field, *column.name, 100, false)...)
		if plain != "" && taken[plain] {
			wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_NAME_TAKEN", "The name %s is there twice.", *column.name).At(field).With("name", *column.name))
		}
		taken[plain] = true
	}
	if err := wrong.OrNil(); err != nil {
		return uuid.Nil, err
	}
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		id, err := tx.SaveBankFormat(ctx, in.Name, in.Columns)
		if err != nil {
			return uuid.Nil, err
		}
		return id, tx.Record(ctx, store.Act{Name: "bankFormatSave", Kind: "BankFormat", ID: id, Change: map[string]any{"name": in.Name, "columns": in.Columns}})
	})
}

// BankStatementInput says what file a statement is.
type BankStatementInput struct {
	FileName string
	// FormatID is the bank whose names the columns have; Nil for the usual ones.
	FormatID uuid.UUID
}

// BankStatementQueue stores a bank statement in CSV or XLSX and queues the job that matches its lines with what is expected; it returns
// the job's id. The same file is the same job, and changes nothing, unless that job was refused or failed: then it is imported again by
// another, which finds the lines that are there. FINANCE of the platform may. Refused at once, with nothing stored,
// as spreadsheet.Read and bankstatement.Lines say, and with TEXT_MISSING, TEXT_TOO_LONG and NOT_FOUND.
func (m *Market) BankStatementQueue(ctx context.Context, in BankStatementInput, r io.Reader) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	if err := mayKeepBooks(v); err != nil {
		return uuid.Nil, err
	}
	if err := checkText("name", in.FileName, 200, true).OrNil(); err != nil {
		return uuid.Nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(r, spreadsheet.MaxBytes+1))
	if err != nil {
		return uuid.Nil, err
	}
	columns, err := m.columnsOf(ctx, in.FormatID)
	if err != nil {
		return uuid.Nil, err
	}
	if _, err := readStatement(ctx, raw, columns, authorisation.DayOf(m.Store.Now()).String()); err != nil {
		return uuid.Nil, err
	}
	name := uuid.Must(uuid.NewV7()).String()
	blobKey := uploadsKey + name
	hash := sha256.Sum256(raw)
	sum := hex.EncodeToString(hash[:])
	size, _, err := m.Blobs.Put(ctx, blobKey, bytes.NewReader(raw))
	if err != nil {
		return uuid.Nil, err
	}
	queued := false
	id, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		queued = false
		before, found, err := tx.BankStatementByHash(ctx, sum)
		if err != nil {
			return uuid.Nil, err
		}
		statement := uuid.Must(uuid.NewV7())
		if found {
			if j := before.Edges.Job; j == nil || j.State != job.Failed && j.State != job.Refused {
				return jobOf(before), nil
			}
			statement = before.ID
		}
		id, err := tx.AddJob(ctx, store.NewJob{
			OrganisationID: v.OrganisationID, PersonID: v.PersonID, SubjectID: statement, Kind: job.BankImport,
			BlobKey: blobKey, Bytes: size, IdempotencyKey: name, RequestHash: sum,
		})
		if err != nil {
			return uuid.Nil, err
		}
		if found {
			err = tx.ImportAgain(ctx, before, id, in.FormatID)
		} else {
			err = tx.AddBankStatement(ctx, store.NewBankStatement{ID: statement, PersonID: v.PersonID, FormatID: in.FormatID, JobID: id, FileName: in.FileName, SHA256: sum})
		}
		if err != nil {
			return uuid.Nil, err
		}
		queued = true
		if err := tx.Record(ctx, store.Act{Name: "bankStatementQueue", Kind: "BankStatement", ID: statement, Change: map[string]any{"job": id, "bytes": size, "sha256": sum}}); err != nil {
			return uuid.Nil, err
		}
		return id, tx.Promise(ctx, outbox.JobQueued{JobID: id})
	})
	// A commit whose answer got lost may have happened: then the file stays until it is swept.
	if !queued || fault.Refused(err) {
		err = errors.Join(err, m.Blobs.Delete(ctx, blobKey))
	}
	return id, err
}

func jobOf(s *db.BankStatement) uuid.UUID {
	if s == nil || s.JobID == nil {
		return uuid.Nil
	}
	return *s.JobID
}

func (m *Market) columnsOf(ctx context.Context, format uuid.UUID) (columns ordering.StatementColumns, err error) {
	if format == uuid.Nil {
		return columns, nil
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := tx.BankFormatByID(ctx, format)
		if err == nil {
			columns = row.Columns
		}
		return err
	})
	return columns, err
}

// readStatement reads the lines of a file, none of which is of a day after today. Banks write columns that nobody here needs: those are no mistake.
func readStatement(ctx context.Context, raw []byte, names ordering.StatementColumns, today string) ([]bankstatement.Line, error) {
	table, err := spreadsheet.Read(ctx, raw, bankstatement.Columns(names))
	faults := fault.All(err)
	if err != nil && len(faults) == 0 {
		return nil, err
	}
	var wrong fault.List
	for _, f := range faults {
		if f.Code != "COLUMN_UNKNOWN" {
			wrong = append(wrong, f)
		}
	}
	if len(wrong) > 0 {
		return nil, capped(wrong)
	}
	lines, wrong := bankstatement.Lines(table, today)
	if len(wrong) > 0 {
		return nil, capped(wrong)
	}
	return lines, nil
}

// mistakesTold is how many mistakes of a statement are told; who made more made the same again.
const mistakesTold = 100

func capped(wrong fault.List) error { return wrong[:min(len(wrong), mistakesTold)].OrNil() }

// linesAtOnce is how many lines are matched in one transaction.
const linesAtOnce = 500

// importStatement is the job of a bank statement. Each step done twice changes nothing: a line is known by its fingerprint.
func (m *Market) importStatement(ctx context.Context, row *db.Job) error {
	v, err := m.Viewer(ctx, row.PersonID, row.OrganisationID)
	if err != nil {
		return err
	}
	if err := mayKeepBooks(v); err != nil {
		return m.refuseJob(ctx, row, err)
	}
	ctx = store.AsSystem(access.With(ctx, v)) // what is paid by it is the buyers'
	file, err := m.Blobs.Open(ctx, row.BlobKey)
	if errors.Is(err, fs.ErrNotExist) {
		return m.JobFail(ctx, row.ID)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	w := &progress{market: m, ctx: ctx, id: row.ID, now: store.JobProgress{Stage: job.Reading, Total: row.Bytes}}
	if err := w.save(); err != nil {
		return err
	}
	raw, err := io.ReadAll(io.LimitReader(file, spreadsheet.MaxBytes+1))
	if err != nil {
		return err
	}
	var statement *db.BankStatement
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		statement, err = tx.BankStatementByID(ctx, row.SubjectID)
		return err
	})
	if err != nil {
		return err
	}
	var names ordering.StatementColumns
	if statement.BankFormatID != nil {
		if names, err = m.columnsOf(ctx, *statement.BankFormatID); err != nil {
			return err
		}
	}
	lines, err := readStatement(ctx, raw, names, authorisation.DayOf(m.Store.Now()).String())
	if fault.Refused(err) { // its format was changed meanwhile
		return m.refuseJob(ctx, row, err)
	}
	if err != nil {
		return err
	}
	counts := job.StatementLines{}
	w.now = store.JobProgress{Stage: job.Matching, Total: int64(len(lines)), Rows: int64(len(lines))}
	for chunk := range slices.Chunk(lines, linesAtOnce) {
		known, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (int, error) { return matchLines(ctx, tx, statement.ID, chunk) })
		if err != nil {
			return err
		}
		counts.Known += known
		w.now.Done += int64(len(chunk))
		if err := w.maybe(); err != nil {
			return err
		}
	}
	if err := m.payLate(ctx, statement.ID); err != nil {
		return err
	}
	if err := m.confirmTransferred(ctx, w, len(lines)); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if counts.Matched, counts.Queued, err = tx.LineCounts(ctx, statement.ID); err != nil {
			return err
		}
		if _, err := tx.EndJob(ctx, row.ID, job.Done, job.Result{Rows: int64(len(lines)), Lines: &counts}); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "bankStatementImport", Kind: "BankStatement", ID: statement.ID, Change: map[string]any{
			"lines": len(lines), "known": counts.Known, "matched": counts.Matched, "queued": counts.Queued,
		}})
	})
}

func (m *Market) refuseJob(ctx context.Context, row *db.Job, refusal error) error {
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.EndJob(ctx, row.ID, job.Refused, resultOf(DatasetReport{}, refusal))
		return err
	})
}

// confirmTransferred records the payments whose transfers came, and finishes refunds whose transfers went. What is cut off the worker's
// sweep finishes.
func (m *Market) confirmTransferred(ctx context.Context, w *progress, lines int) error {
	w.now = store.JobProgress{Stage: job.Confirming, Rows: int64(lines)}
	if err := w.save(); err != nil {
		return err
	}
	for last := uuid.Nil; ; {
		payments, err := m.Store.TransferredPayments(ctx, last, resumeAtOnce)
		if err != nil {
			return err
		}
		if len(payments) > 0 {
			last = payments[len(payments)-1].ID
		}
		for chunk := range slices.Chunk(payments, paymentsAtOnce) {
			if err := m.confirmAll(ctx, chunk); err != nil {
				return err
			}
			w.now.Done += int64(len(chunk))
			if err := w.maybe(); err != nil {
				return err
			}
		}
		if len(payments) < resumeAtOnce {
			break
		}
	}
	if _, err := m.resumeRefunds(ctx, &round{}, bank.Name); err != nil { // whichever it is: none of it is this statement's fault
		slog.ErrorContext(ctx, "market: refunds are not finished; the sweep tries again", "error", err)
	}
	return nil
}

// paymentsAtOnce is how many payments are recorded in one transaction.
const paymentsAtOnce = 25

// confirmAll records payments whose transfers came: together, or each by itself where one keeps that from it. What fails then is logged and
// keeps no other from being recorded.
func (m *Market) confirmAll(ctx context.Context, payments []store.Payment) error {
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, p := range payments {
			p, err := tx.PaymentByID(ctx, p.ID)
			if err == nil {
				err = m.record(ctx, tx, &p, payment.Result{State: ordering.PaymentSucceeded, Reference: p.Reference})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	for _, p := range payments {
		if _, err := m.resume(ctx, p); err != nil {
			slog.ErrorContext(ctx, "market: a payment whose transfer came is not recorded; the sweep tries again", "payment", p.ID, "error", err)
		}
	}
	return ctx.Err()
}

// matchLines saves lines of a statement with what each was found to be, and says how many another statement brought before.
func matchLines(ctx context.Context, tx *store.Tx, statement uuid.UUID, lines []bankstatement.Line) (known int, err error) {
	matcher := &matcher{tx: tx, statement: statement, seen: map[pricing.Fen][]ordering.Expectation{}}
	if lines, known, err = matcher.fresh(ctx, lines); err != nil || len(lines) == 0 {
		return known, err
	}
	if err := matcher.read(ctx, lines); err != nil {
		return known, err
	}
	for i, line := range lines {
		if err := matcher.match(ctx, line, matcher.codes[i]); err != nil {
			return known, err
		}
	}
	return known, matcher.save(ctx)
}

// matcher holds what a chunk of lines is matched with, and what becomes of them.
type matcher struct {
	tx        *store.Tx
	statement uuid.UUID
	codes     [][]string
	named     map[string]store.BankTransfer
	// likely is what lines without a code may be, by amount: as it was read, and as it is looked at.
	likely map[pricing.Fen][]store.BankTransfer
	seen   map[pricing.Fen][]ordering.Expectation
	payers map[uuid.UUID]string

	lines []store.NewBankLine
	done  []store.BankTransfer
}

// fresh leaves out the lines that are there already.
func (x *matcher) fresh(ctx context.Context, lines []bankstatement.Line) (fresh []bankstatement.Line, known int, err error) {
	prints := make([]string, len(lines))
	for i, line := range lines {
		prints[i] = line.Fingerprint
	}
	there, err := x.tx.KnownLines(ctx, prints)
	if err != nil {
		return nil, 0, err
	}
	for _, line := range lines {
		from, isThere := there[line.Fingerprint]
		switch {
		case !isThere:
			fresh = append(fresh, line)
		case from != x.statement: // and not from before a kill
			known++
		}
	}
	return fresh, known, nil
}

// read reads what lines may be, a statement for each kind of fact.
func (x *matcher) read(ctx context.Context, lines []bankstatement.Line) (err error) {
	var codes []string
	var amounts []int64
	x.codes = make([][]string, len(lines))
	for i, line := range lines {
		x.codes[i] = ordering.RemittanceCodes(line.Remark)
		codes = append(codes, x.codes[i]...)
		if len(x.codes[i]) == 0 {
			amounts = append(amounts, int64(unsigned(line.AmountFen)))
		}
	}
	if x.named, err = x.tx.TransfersByCode(ctx, codes); err != nil {
		return err
	}
	slices.Sort(amounts)
	if x.likely, err = x.tx.TransfersByAmount(ctx, slices.Compact(amounts)); err != nil {
		return err
	}
	var payers []uuid.UUID
	for _, transfers := range x.likely {
		for _, t := range transfers {
			payers = append(payers, t.OrganisationID)
		}
	}
	slices.SortFunc(payers, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	x.payers, err = x.tx.NamesOf(ctx, slices.Compact(payers))
	return err
}

// match says what one line is, and does at once what follows for others than buyers.
func (x *matcher) match(ctx context.Context, line bankstatement.Line, codes []string) error {
	var named []ordering.Expectation
	for _, code := range codes {
		if t, there := x.named[code]; there {
			named = append(named, t.Expectation(""))
		}
	}
	amount := unsigned(line.AmountFen)
	fits, reason := ordering.MatchLine(ordering.Movement{AmountFen: line.AmountFen, Payer: line.Counterparty, Day: line.Day}, named, x.likelyOf(amount, len(codes) > 0))
	new := store.NewBankLine{ID: uuid.Must(uuid.NewV7()), Line: line, State: ordering.LineQueued, Reason: reason}
	defer func() { x.lines = append(x.lines, new) }()
	if fits == nil {
		return nil
	}
	t, isNamed := x.named[fits.Code]
	if !isNamed {
		t = x.likely[amount][slices.IndexFunc(x.likely[amount], func(t store.BankTransfer) bool { return t.Code == fits.Code })]
	}
	new.TransferID = t.ID
	switch {
	case reason != "":
		return nil
	case t.Kind == ordering.TransferPayment && (t.State != ordering.TransferExpected || t.ReceivedFen > 0): // payLate looks at each
		new.Reason = ordering.LineLate
		return nil
	case t.Kind == ordering.TransferPayout && t.State == ordering.TransferExpected:
		err := payoutWent(ctx, x.tx, t, line.Serial)
		if fault.Refused(err) {
			new.Reason = ordering.LineOutgoing
			return nil
		}
		if err != nil {
			return err
		}
		t.State, t.Version = ordering.TransferDone, t.Version+1 // it is saved with its line of the batch
	}
	new.State, new.AppliedFen = ordering.LineMatched, amount
	if t.State != ordering.TransferDone {
		x.done = append(x.done, t)
	} else if err := x.tx.ChangeTransfer(ctx, t, ordering.TransferDone, t.AmountFen); err != nil { // somebody said so before
		return err
	}
	if t.Kind == ordering.TransferReturn {
		if err := returnWent(ctx, x.tx, t); err != nil {
			return err
		}
	}
	t.State, t.ReceivedFen = ordering.TransferDone, t.AmountFen
	x.named[t.Code] = t
	return nil
}

func unsigned(fen pricing.Fen) pricing.Fen { return max(fen, -fen) }

// likelyOf is what a line of an amount may be that names nothing; what a line before it in the chunk is, it is not.
func (x *matcher) likelyOf(amount pricing.Fen, hasCode bool) []ordering.Expectation {
	if hasCode {
		return nil
	}
	if x.seen[amount] == nil {
		for _, t := range x.likely[amount] {
			if now, there := x.named[t.Code]; there {
				t = now
			}
			x.seen[amount] = append(x.seen[amount], t.Expectation(cmp.Or(t.Payee.Name, x.payers[t.OrganisationID])))
		}
	}
	return slices.DeleteFunc(slices.Clone(x.seen[amount]), func(e ordering.Expectation) bool { return x.named[e.Code].State == ordering.TransferDone })
}

func (x *matcher) save(ctx context.Context) error {
	if err := x.tx.AddBankLines(ctx, x.statement, x.lines); err != nil {
		return err
	}
	if err := x.tx.FinishTransfers(ctx, x.done); err != nil {
		return err
	}
	for _, line := range x.lines {
		if line.State == ordering.LineQueued && line.AmountFen > 0 {
			if err := intoSuspense(ctx, x.tx, line.ID, line.AmountFen); err != nil {
				return err
			}
		}
	}
	return nil
}

// payoutWent confirms the line of a payout batch that a statement tells of, under the bank's number for it, and refuses as confirmPayout does.
func payoutWent(ctx context.Context, tx *store.Tx, t store.BankTransfer, serial string) error {
	batch, contributor, ok := strings.Cut(strings.TrimPrefix(t.Key, "PAYOUT:"), ":")
	in := PayoutConfirmInput{Paid: true, Reference: cmp.Or(serial, t.Code)}
	var err1, err2 error
	in.BatchID, err1 = uuid.Parse(batch)
	in.ContributorID, err2 = uuid.Parse(contributor)
	if err := errors.Join(err1, err2); err != nil || !ok {
		return fmt.Errorf("what payout is %s: %w", t.Key, err)
	}
	return confirmPayout(ctx, tx, in)
}

var (
	suspense = store.Account{Kind: pricing.AccountSuspense}
	atBank   = store.Account{Kind: pricing.AccountProvider, Provider: bank.Name}
)

// intoSuspense writes that money came which nobody knows yet to be for anything (暂收款).
func intoSuspense(ctx context.Context, tx *store.Tx, line uuid.UUID, amount pricing.Fen) error {
	return tx.Post(ctx, store.Entry{Kind: pricing.EntryReceipt, Key: "RECEIPT:" + line.String(), BankLineID: line,
		Postings: []store.Posting{{From: atBank, To: suspense, AmountFen: amount}}})
}

// outOfSuspense writes that money of a line was applied, or went back.
func outOfSuspense(ctx context.Context, tx *store.Tx, line uuid.UUID, as string, amount pricing.Fen) error {
	return tx.Post(ctx, store.Entry{Kind: pricing.EntryRelease, Key: "RELEASE:" + line.String() + ":" + as, BankLineID: line,
		Postings: []store.Posting{{From: suspense, To: atBank, AmountFen: amount}}})
}

// releaseApplied takes out of suspense what lay there for a transfer that is whole now: its payment takes it from the bank.
func releaseApplied(ctx context.Context, tx *store.Tx, transfer uuid.UUID) error {
	lines, err := tx.LinesOf(ctx, transfer)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if line.State != ordering.LineMatched || line.Reason != nil { // one that was matched at once never lay there
			if err := outOfSuspense(ctx, tx, line.ID, "APPLIED", pricing.Fen(line.AppliedFen)); err != nil {
				return err
			}
		}
	}
	return nil
}

// returnWent takes out of suspense what was returned to its payer.
func returnWent(ctx context.Context, tx *store.Tx, t store.BankTransfer) error {
	line, err := uuid.Parse(strings.TrimPrefix(t.Key, returnMark))
	if err != nil {
		return fmt.Errorf("what return is %s: %w", t.Key, err)
	}
	return outOfSuspense(ctx, tx, line, "RETURNED", t.AmountFen)
}

// returnMark begins the key of a return; the id of its line follows.
const returnMark = "RETURN:"

// payLate pays the orders of payments that nobody waits for any more, where they can still be paid, and those of which a part came
// before; the others stay in the queue.
func (m *Market) payLate(ctx context.Context, statement uuid.UUID) error {
	var late []*db.BankLine
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		late, err = tx.LateLines(ctx, statement)
		return err
	})
	if err != nil {
		return err
	}
	for _, line := range late {
		_, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (bool, error) { return true, m.payLateLine(ctx, tx, line.ID) })
		if err != nil && !fault.Refused(err) {
			return err
		}
	}
	return nil
}

func (m *Market) payLateLine(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
	line, err := tx.BankLineByID(ctx, id)
	if err != nil || line.State != ordering.LineQueued || line.BankTransferID == nil {
		return err
	}
	t, err := tx.TransferByID(ctx, *line.BankTransferID)
	if err != nil || t.State == ordering.TransferDone || t.AmountFen-t.ReceivedFen != pricing.Fen(line.AmountFen) {
		return err
	}
	if err := tx.MoveLine(ctx, line, ordering.LineMatched, func(u *db.BankLineUpdate) { u.SetAppliedFen(line.AmountFen) }); err != nil {
		return err
	}
	return m.whole(ctx, tx, t)
}

// whole does what follows once all of a buyer's transfer came: what lay in suspense is released, and its payment succeeded. Refused where
// its order or bill is paid otherwise, or cancelled.
func (m *Market) whole(ctx context.Context, tx *store.Tx, t store.BankTransfer) error {
	if err := mayStillBePaid(ctx, tx, t); err != nil {
		return err
	}
	if err := tx.ChangeTransfer(ctx, t, ordering.TransferDone, t.AmountFen); err != nil {
		return err
	}
	if err := releaseApplied(ctx, tx, t.ID); err != nil {
		return err
	}
	p, err := tx.PaymentByID(ctx, t.PaymentID)
	if err != nil {
		return err
	}
	return m.record(ctx, tx, &p, payment.Result{State: ordering.PaymentSucceeded, Reference: t.Code})
}

// transfersExported is how many transfers a file names; what is later is in the next.
const transfersExported = 2000

// TransfersExport is what the bank is to be told of refunds and returns, oldest first: of each once, unless all that did not go yet are
// asked for again. Those that have no account, or of which somebody proposed something, are left out. FINANCE of the platform may.
func (m *Market) TransfersExport(ctx context.Context, again bool) ([]store.BankTransfer, error) {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return nil, err
	}
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) ([]store.BankTransfer, error) {
		transfers, err := tx.OutgoingTransfers(ctx, again, transfersExported)
		if err != nil {
			return nil, err
		}
		if err := tx.ExportTransfers(ctx, transfers, again); err != nil {
			return nil, err
		}
		return transfers, tx.Record(ctx, store.Act{Name: "transfersExport", Kind: "BankTransfer", Change: map[string]any{"transfers": len(transfers), "again": again}})
	})
}
