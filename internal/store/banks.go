package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/bankformat"
	"gongshu/ent/db/bankline"
	"gongshu/ent/db/bankstatement"
	"gongshu/ent/db/banktransfer"
	"gongshu/ent/db/order"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/predicate"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	bankfile "gongshu/internal/bankstatement"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// BankTransfer is money that is expected over the platform's bank account, as use-cases see it.
type BankTransfer struct {
	ID      uuid.UUID
	Version int
	ordering.BankTransfer
	// OrganisationID is who pays or is paid, PaymentID what it pays or gives back; Nil where there is none.
	OrganisationID, PaymentID uuid.UUID
	// ReceivedFen is what lines were applied to it.
	ReceivedFen pricing.Fen
	// Payee is where money goes to; empty of what comes in.
	Payee pricing.PayeeAccount
	// Proposal is what one person proposed while a second has to agree; nil otherwise.
	Proposal  *ordering.TransferProposal
	CreatedAt time.Time
}

// Expectation is the transfer as lines are held against it; payer is the name of its organisation.
func (t BankTransfer) Expectation(payer string) ordering.Expectation {
	return ordering.Expectation{
		Code: t.Code, Kind: t.Kind, State: t.State, AmountFen: t.AmountFen, ReceivedFen: t.ReceivedFen, Payer: payer,
		Since: authorisation.DayOf(t.CreatedAt).String(),
	}
}

func loadTransfer(row *db.BankTransfer) BankTransfer {
	t := BankTransfer{
		ID: row.ID, Version: row.Version, OrganisationID: orNil(row.OrganisationID), PaymentID: orNil(row.PaymentID), ReceivedFen: pricing.Fen(row.ReceivedFen), Proposal: row.Proposal, CreatedAt: row.CreatedAt,
		BankTransfer: ordering.BankTransfer{Kind: row.Kind, Key: row.Key, Code: row.Code, AmountFen: pricing.Fen(row.AmountFen), State: row.State},
	}
	if row.Payee != nil {
		t.Payee = *row.Payee
	}
	return t
}

// ErrTransferUnknown and ErrTransferExceeds are what a Book's errors wrap: the caller says them in the words of its port.
var (
	ErrTransferUnknown = errors.New("store: no such transfer")
	ErrTransferExceeds = errors.New("store: more than is left of the transfer")
)

// codeAttempts is how many codes a transfer may have; two of a thousand million are the same.
const codeAttempts = 4

// ExpectTransfer keeps a transfer, or finds the one that is kept under its key. A refund of more than is left of its payment's transfer
// is ErrTransferExceeds, of one that did not come ErrTransferUnknown; both keep nothing.
func (s *Store) ExpectTransfer(ctx context.Context, t ordering.BankTransfer) (kept ordering.BankTransfer, err error) {
	ctx = AsSystem(ctx) // a provider sees every order
	for range codeAttempts {
		err = s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
			kept, err = tx.transferOf(ctx, t.Key)
			if !errors.Is(err, ErrTransferUnknown) {
				return err
			}
			wanted, err := tx.wantedTransfer(ctx, t)
			if err != nil {
				return err
			}
			if err := tx.AddTransfers(ctx, wanted); err != nil {
				return err
			}
			kept, err = tx.transferOf(ctx, t.Key)
			return err
		})
		if !IsTaken(err) { // by the same key at once, or by another's code
			return kept, err
		}
	}
	return kept, err
}

func (tx *Tx) wantedTransfer(ctx context.Context, t ordering.BankTransfer) (BankTransfer, error) {
	wanted := BankTransfer{BankTransfer: t}
	if t.Kind == ordering.TransferPayment {
		id, err := uuid.Parse(t.Key)
		if err != nil {
			return wanted, fmt.Errorf("expect a transfer: %w", err)
		}
		o, err := tx.Order.Query().Where(order.ID(t.OrderID)).Select(order.FieldBuyerID).Only(ctx)
		if err != nil {
			return wanted, fmt.Errorf("read the order of a transfer: %w", err)
		}
		wanted.PaymentID, wanted.OrganisationID = id, o.BuyerID
		return wanted, nil
	}
	if err := tx.Alone(ctx, "transfers back of "+t.PaymentKey); err != nil {
		return wanted, err
	}
	came, err := tx.BankTransfer.Query().Where(banktransfer.Key(t.PaymentKey), banktransfer.StateEQ(ordering.TransferDone)).Only(ctx)
	if db.IsNotFound(err) {
		return wanted, ErrTransferUnknown
	}
	if err != nil {
		return wanted, fmt.Errorf("read a transfer: %w", err)
	}
	back, err := tx.BankTransfer.Query().Where(banktransfer.PaymentID(*came.PaymentID), banktransfer.KindEQ(ordering.TransferRefund), banktransfer.StateNEQ(ordering.TransferFailed)).All(ctx)
	if err != nil {
		return wanted, fmt.Errorf("read transfers back: %w", err)
	}
	left := came.AmountFen - int64(t.AmountFen)
	for _, other := range back {
		left -= other.AmountFen
	}
	if left < 0 {
		return wanted, ErrTransferExceeds
	}
	wanted.PaymentID, wanted.OrganisationID = *came.PaymentID, orNil(came.OrganisationID)
	from, err := cameFrom(ctx, tx.Client, came.ID)
	wanted.Payee = from[came.ID]
	return wanted, err
}

// SenderOf is the account that a movement came from. What a bank writes there that is no number of an account, with stars or rounded by a
// spreadsheet, names none.
func SenderOf(l *db.BankLine) pricing.PayeeAccount {
	number := strings.ReplaceAll(l.CounterpartyAccount, " ", "")
	if !access.IsAccountNumber(number) {
		number = ""
	}
	return pricing.PayeeAccount{Name: l.Counterparty, Bank: l.CounterpartyBank, Number: number}
}

// cameFrom are the accounts that what came of transfers was sent from, by transfer. Where several accounts sent it, or the bank names none,
// nobody can tell which is to have it back: a person states one.
func cameFrom(ctx context.Context, c *db.Client, transfers ...uuid.UUID) (map[uuid.UUID]pricing.PayeeAccount, error) {
	lines, err := c.BankLine.Query().Where(bankline.BankTransferIDIn(transfers...), bankline.AppliedFenGT(0)).Order(db.Asc(bankline.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read where transfers came from: %w", err)
	}
	from := map[uuid.UUID]pricing.PayeeAccount{}
	for _, l := range lines {
		before, there := from[*l.BankTransferID]
		switch {
		case !there:
			from[*l.BankTransferID] = SenderOf(l)
		case before.Number != SenderOf(l).Number:
			from[*l.BankTransferID] = pricing.PayeeAccount{}
		}
	}
	return from, nil
}

// RefundPayees are the accounts that refunds go to, or are going to once they are approved, by refund, whoever looks; their payments are
// given. A refund that does not go by transfer has none.
func (s *Store) RefundPayees(ctx context.Context, payments map[uuid.UUID]uuid.UUID) (map[uuid.UUID]pricing.PayeeAccount, error) {
	ctx = AsSystem(ctx)
	var keys []string
	var paid []uuid.UUID
	for refund, p := range payments {
		keys, paid = append(keys, refund.String()), append(paid, p)
	}
	rows, err := s.read.BankTransfer.Query().Where(banktransfer.Or(banktransfer.KeyIn(keys...), banktransfer.And(
		banktransfer.PaymentIDIn(paid...), banktransfer.KindEQ(ordering.TransferPayment)))).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the transfers of refunds: %w", err)
	}
	came, went := map[uuid.UUID]uuid.UUID{}, map[string]BankTransfer{}
	var ids []uuid.UUID
	for _, row := range rows {
		if row.Kind == ordering.TransferPayment {
			came[*row.PaymentID] = row.ID
			ids = append(ids, row.ID)
		} else {
			went[row.Key] = loadTransfer(row)
		}
	}
	from, err := cameFrom(ctx, s.read, ids...)
	if err != nil {
		return nil, err
	}
	payees := map[uuid.UUID]pricing.PayeeAccount{}
	for refund, p := range payments {
		payees[refund] = from[came[p]]
		if t, there := went[refund.String()]; there {
			payees[refund] = t.Payee
		}
	}
	return payees, nil
}

// AddTransfers saves transfers that are expected, each under the first code of its key that no other has; IsTaken where a key is kept
// already, or a code was taken meanwhile.
func (tx *Tx) AddTransfers(ctx context.Context, transfers ...BankTransfer) error {
	rows := make([]*db.BankTransferCreate, len(transfers))
	taken, err := tx.takenCodes(ctx, transfers)
	if err != nil {
		return err
	}
	for i, t := range transfers {
		for attempt := range codeAttempts {
			if t.Code = ordering.RemittanceCode(t.Key, attempt); !taken[t.Code] {
				break
			}
		}
		taken[t.Code] = true
		rows[i] = tx.BankTransfer.Create().SetCreatedAt(tx.now).SetKind(t.Kind).SetKey(t.Key).SetCode(t.Code).SetAmountFen(int64(t.AmountFen)).SetState(ordering.TransferExpected)
		if t.PaymentID != uuid.Nil {
			rows[i].SetPaymentID(t.PaymentID)
		}
		if t.OrganisationID != uuid.Nil {
			rows[i].SetOrganisationID(t.OrganisationID)
		}
		if t.Kind != ordering.TransferPayment {
			rows[i].SetPayee(&t.Payee)
		}
	}
	if err := tx.BankTransfer.CreateBulk(rows...).Exec(ctx); err != nil {
		return fmt.Errorf("expect transfers: %w", err)
	}
	return nil
}

// takenCodes are the codes that transfers might get and others have.
func (tx *Tx) takenCodes(ctx context.Context, transfers []BankTransfer) (map[string]bool, error) {
	taken := map[string]bool{}
	for chunk := range slices.Chunk(transfers, 500) {
		var codes []string
		for _, t := range chunk {
			for attempt := range codeAttempts {
				codes = append(codes, ordering.RemittanceCode(t.Key, attempt))
			}
		}
		there, err := tx.BankTransfer.Query().Where(banktransfer.CodeIn(codes...)).Select(banktransfer.FieldCode).Strings(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for codes: %w", err)
		}
		for _, code := range there {
			taken[code] = true
		}
	}
	return taken, nil
}

// transferOf reads the transfer of a key with what it is of.
func (tx *Tx) transferOf(ctx context.Context, key string) (ordering.BankTransfer, error) {
	row, err := tx.BankTransfer.Query().Where(banktransfer.Key(key)).WithPayment().Only(ctx)
	if db.IsNotFound(err) {
		return ordering.BankTransfer{}, ErrTransferUnknown
	}
	if err != nil {
		return ordering.BankTransfer{}, fmt.Errorf("read a transfer: %w", err)
	}
	t := loadTransfer(row).BankTransfer
	if p := row.Edges.Payment; p != nil {
		t.OrderID = p.OrderID
		if t.Kind == ordering.TransferRefund {
			t.OrderID, t.PaymentKey = uuid.Nil, p.ID.String()
		}
	}
	return t, nil
}

// ExpectedTransfer reads the transfer of a key; ErrTransferUnknown where there is none.
func (s *Store) ExpectedTransfer(ctx context.Context, key string) (t ordering.BankTransfer, err error) {
	err = s.InTx(AsSystem(ctx), func(ctx context.Context, tx *Tx) error {
		t, err = tx.transferOf(ctx, key)
		return err
	})
	return t, err
}

// DropTransfer makes a transfer CANCELLED that is EXPECTED and of which nothing came, and returns what it is then.
func (s *Store) DropTransfer(ctx context.Context, key string) (t ordering.BankTransfer, err error) {
	err = s.InTx(AsSystem(ctx), func(ctx context.Context, tx *Tx) error {
		_, err := tx.BankTransfer.Update().Where(banktransfer.Key(key), banktransfer.StateEQ(ordering.TransferExpected), banktransfer.ReceivedFen(0)).
			SetState(ordering.TransferCancelled).SetEndedAt(tx.now).AddVersion(1).Save(ctx)
		if err != nil {
			return fmt.Errorf("drop a transfer: %w", err)
		}
		t, err = tx.transferOf(ctx, key)
		return err
	})
	return t, err
}

// TransferredPayments reads payments whose transfer came and that are not settled yet, those after one and so many at most.
func (s *Store) TransferredPayments(ctx context.Context, after uuid.UUID, most int) ([]Payment, error) {
	rows, err := s.read.Payment.Query().Where(payment.StateIn(ordering.OpenPaymentStates...), payment.IDGT(after), func(sel *sql.Selector) {
		t := sql.Table(banktransfer.Table)
		sel.Where(sql.Exists(sql.Select(t.C(banktransfer.FieldID)).From(t).Where(sql.And(sql.ColumnsEQ(t.C(banktransfer.FieldPaymentID), sel.C(payment.FieldID)),
			sql.EQ(t.C(banktransfer.FieldKind), ordering.TransferPayment), sql.EQ(t.C(banktransfer.FieldState), ordering.TransferDone)))))
	}).Order(db.Asc(payment.FieldID)).Limit(most).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read transferred payments: %w", err)
	}
	return loadPayments(rows), nil
}

// TransfersByCode reads the transfers that codes name, by code.
func (tx *Tx) TransfersByCode(ctx context.Context, codes []string) (map[string]BankTransfer, error) {
	found := map[string]BankTransfer{}
	if len(codes) == 0 {
		return found, nil
	}
	rows, err := tx.BankTransfer.Query().Where(banktransfer.CodeIn(codes...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	for _, row := range rows {
		found[row.Code] = loadTransfer(row)
	}
	return found, nil
}

// likelyMost is how many transfers of an amount are looked at: where more wait, which one is meant nobody can tell by it.
const likelyMost = 2000

// TransfersByAmount reads transfers that are expected and of which nothing came or went, by amount: all of an amount, or none where too many wait.
func (tx *Tx) TransfersByAmount(ctx context.Context, amounts []int64) (map[pricing.Fen][]BankTransfer, error) {
	found := map[pricing.Fen][]BankTransfer{}
	if len(amounts) == 0 {
		return found, nil
	}
	waiting := []predicate.BankTransfer{banktransfer.StateEQ(ordering.TransferExpected), banktransfer.ReceivedFen(0)}
	var counts []struct {
		AmountFen int64 `json:"amount_fen"`
		Count     int
	}
	err := tx.BankTransfer.Query().Where(append(waiting, banktransfer.AmountFenIn(amounts...))...).
		GroupBy(banktransfer.FieldAmountFen).Aggregate(db.Count()).Scan(ctx, &counts)
	if err != nil {
		return nil, fmt.Errorf("count transfers: %w", err)
	}
	var few []int64
	for _, c := range counts {
		if c.Count <= likelyMost {
			few = append(few, c.AmountFen)
		}
	}
	if len(few) == 0 {
		return found, nil
	}
	rows, err := tx.BankTransfer.Query().Where(append(waiting, banktransfer.AmountFenIn(few...))...).Order(db.Desc(banktransfer.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	for _, row := range rows {
		found[pricing.Fen(row.AmountFen)] = append(found[pricing.Fen(row.AmountFen)], loadTransfer(row))
	}
	return found, nil
}

// TransferByID reads one transfer.
func (tx *Tx) TransferByID(ctx context.Context, id uuid.UUID) (BankTransfer, error) {
	row, err := tx.BankTransfer.Get(ctx, id)
	if db.IsNotFound(err) {
		return BankTransfer{}, fault.Absent("transfer")
	}
	if err != nil {
		return BankTransfer{}, fmt.Errorf("read a transfer: %w", err)
	}
	return loadTransfer(row), nil
}

// FinishTransfers makes transfers DONE that are EXPECTED and of which nothing came yet: all of each came or went. CHANGED_MEANWHILE where
// one is that no more.
func (tx *Tx) FinishTransfers(ctx context.Context, transfers []BankTransfer) error {
	if len(transfers) == 0 {
		return nil
	}
	// By hand: ent sets no column to another's value.
	statement := "UPDATE bank_transfers SET state = 'DONE', received_fen = amount_fen, ended_at = $1, version = version + 1 WHERE state = 'EXPECTED' AND received_fen = 0 AND id IN ("
	args := []any{tx.now}
	for i, t := range transfers {
		if i > 0 {
			statement += ", "
		}
		args = append(args, t.ID)
		statement += "$" + strconv.Itoa(len(args))
	}
	statement += ")"
	tell(ctx, Statement, statement)
	result, err := tx.sql.ExecContext(ctx, statement, args...)
	if err != nil {
		return fmt.Errorf("finish transfers: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || int(n) != len(transfers) {
		return cmp.Or(err, changedOne(0, nil))
	}
	return nil
}

// ChangeTransfer saves what came of one transfer and what it is then, if nobody changed it since it was read and it may become that.
func (tx *Tx) ChangeTransfer(ctx context.Context, t BankTransfer, to ordering.TransferState, received pricing.Fen) error {
	if t.State != to && !t.State.CanBecome(to) {
		return changedOne(0, nil)
	}
	update := tx.BankTransfer.Update().Where(banktransfer.ID(t.ID), banktransfer.Version(t.Version)).SetState(to).SetReceivedFen(int64(received)).AddVersion(1)
	if to != ordering.TransferExpected {
		update.SetEndedAt(tx.now)
	}
	return changedOne(update.Save(ctx))
}

// EndTransfer saves that the transfer of a key, if there is one, is what somebody says of it, if it may become that.
func (tx *Tx) EndTransfer(ctx context.Context, key string, to ordering.TransferState) error {
	row, err := tx.BankTransfer.Query().Where(banktransfer.Key(key)).Only(ctx)
	if db.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read a transfer: %w", err)
	}
	if !row.State.CanBecome(to) {
		return changedOne(0, nil)
	}
	update := tx.BankTransfer.Update().Where(banktransfer.ID(row.ID), banktransfer.Version(row.Version))
	return changedOne(update.SetState(to).SetEndedAt(tx.now).AddVersion(1).Save(ctx))
}

// ProposeTransfer keeps what one person proposes for a transfer, or with nil that a second decided on it, if nobody changed the transfer
// since it was read.
func (tx *Tx) ProposeTransfer(ctx context.Context, t BankTransfer, p *ordering.TransferProposal) error {
	update := tx.BankTransfer.Update().Where(banktransfer.ID(t.ID), banktransfer.Version(t.Version)).AddVersion(1)
	if p == nil {
		update.ClearProposal()
	} else {
		update.SetProposal(p)
	}
	return changedOne(update.Save(ctx))
}

// ReorderTransfer keeps into which account a transfer goes, and that the bank is to be told of it again, if nobody changed it since it was
// read.
func (tx *Tx) ReorderTransfer(ctx context.Context, t BankTransfer, payee pricing.PayeeAccount) error {
	return changedOne(tx.BankTransfer.Update().Where(banktransfer.ID(t.ID), banktransfer.Version(t.Version)).
		SetPayee(&payee).ClearExportedAt().AddVersion(1).Save(ctx))
}

// TurnBack makes a line that was applied to a transfer in part one that is returned, if nobody changed it since it was read.
func (tx *Tx) TurnBack(ctx context.Context, row *db.BankLine, s ordering.LineSettlement) error {
	return changedOne(tx.BankLine.Update().Where(bankline.ID(row.ID), bankline.Version(row.Version), bankline.ReturnedFen(0)).
		SetAppliedFen(0).SetReturnedFen(row.AppliedFen).SetSettlement(&s).AddVersion(1).Save(ctx))
}

// NamesOf reads the names of organisations.
func (tx *Tx) NamesOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := tx.Organisation.Query().Where(organisation.IDIn(ids...)).Select(organisation.FieldID, organisation.FieldName).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the names of organisations: %w", err)
	}
	names := map[uuid.UUID]string{}
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, nil
}

// BankStatementByHash finds a statement that was imported, by the hash of its bytes, with its job.
func (tx *Tx) BankStatementByHash(ctx context.Context, sum string) (row *db.BankStatement, found bool, err error) {
	row, err = tx.BankStatement.Query().Where(bankstatement.Sha256(sum)).WithJob().Only(ctx)
	if db.IsNotFound(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look for a bank statement: %w", err)
	}
	return row, true, nil
}

// BankFormatByID reads the names of a bank's columns.
func (tx *Tx) BankFormatByID(ctx context.Context, id uuid.UUID) (*db.BankFormat, error) {
	row, err := tx.BankFormat.Query().Where(bankformat.ID(id)).Only(ctx)
	if db.IsNotFound(err) {
		return nil, fault.Absent("bank format").At("format")
	}
	if err != nil {
		return nil, fmt.Errorf("read a bank format: %w", err)
	}
	return row, nil
}

// KnownLines are those of some fingerprints that are there already, with the statement that brought them.
func (tx *Tx) KnownLines(ctx context.Context, fingerprints []string) (map[string]uuid.UUID, error) {
	rows, err := tx.BankLine.Query().Where(bankline.FingerprintIn(fingerprints...)).Select(bankline.FieldFingerprint, bankline.FieldBankStatementID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for bank lines: %w", err)
	}
	known := map[string]uuid.UUID{}
	for _, row := range rows {
		known[row.Fingerprint] = row.BankStatementID
	}
	return known, nil
}

// LineCounts counts the lines of a statement that were matched by themselves, and those that were not.
func (tx *Tx) LineCounts(ctx context.Context, statement uuid.UUID) (matched, queued int, err error) {
	all, err := tx.BankLine.Query().Where(bankline.BankStatementID(statement)).Count(ctx)
	if err == nil {
		matched, err = tx.BankLine.Query().Where(bankline.BankStatementID(statement), bankline.StateEQ(ordering.LineMatched)).Count(ctx)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("count bank lines: %w", err)
	}
	return matched, all - matched, nil
}

// LinesOf reads the lines that were applied to a transfer, oldest first.
func (tx *Tx) LinesOf(ctx context.Context, transfer uuid.UUID) ([]*db.BankLine, error) {
	rows, err := tx.BankLine.Query().Where(bankline.BankTransferID(transfer), bankline.AppliedFenGT(0)).Order(db.Asc(bankline.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the lines of a transfer: %w", err)
	}
	return rows, nil
}

// LateLines reads lines of a statement that name a payment which nobody waits for any more.
func (tx *Tx) LateLines(ctx context.Context, statement uuid.UUID) ([]*db.BankLine, error) {
	rows, err := tx.BankLine.Query().Where(bankline.BankStatementID(statement), bankline.StateEQ(ordering.LineQueued), bankline.ReasonEQ(ordering.LineLate)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read late lines: %w", err)
	}
	return rows, nil
}

// BankLineByID reads one line.
func (tx *Tx) BankLineByID(ctx context.Context, id uuid.UUID) (*db.BankLine, error) {
	row, err := tx.BankLine.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, fault.Absent("bank line")
	}
	if err != nil {
		return nil, fmt.Errorf("read a bank line: %w", err)
	}
	return row, nil
}

// MoveLine changes a line, if nobody did since it was read.
func (tx *Tx) MoveLine(ctx context.Context, row *db.BankLine, to ordering.LineState, change func(u *db.BankLineUpdate)) error {
	if !row.State.CanBecome(to) {
		return changedOne(0, nil)
	}
	update := tx.BankLine.Update().Where(bankline.ID(row.ID), bankline.Version(row.Version)).SetState(to).AddVersion(1)
	change(update)
	return changedOne(update.Save(ctx))
}

// SaveBankFormat keeps the names of a bank's columns, in the place of those that were kept, and returns the format's id.
func (tx *Tx) SaveBankFormat(ctx context.Context, name string, columns ordering.StatementColumns) (uuid.UUID, error) {
	row, err := tx.BankFormat.Query().Where(bankformat.Name(name)).Only(ctx)
	if db.IsNotFound(err) {
		if row, err = tx.BankFormat.Create().SetCreatedAt(tx.now).SetName(name).SetColumns(columns).Save(ctx); err != nil {
			return uuid.Nil, fmt.Errorf("save a bank format: %w", err)
		}
		return row.ID, nil
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("read a bank format: %w", err)
	}
	return row.ID, changedOne(tx.BankFormat.Update().Where(bankformat.ID(row.ID), bankformat.Version(row.Version)).SetColumns(columns).AddVersion(1).Save(ctx))
}

// NewBankStatement is a statement that is imported.
type NewBankStatement struct {
	ID, PersonID, FormatID, JobID uuid.UUID
	FileName, SHA256              string
}

// AddBankStatement saves a statement; IsTaken where its bytes were imported.
func (tx *Tx) AddBankStatement(ctx context.Context, s NewBankStatement) error {
	create := tx.BankStatement.Create().SetID(s.ID).SetCreatedAt(tx.now).SetPersonID(s.PersonID).SetJobID(s.JobID).SetFileName(s.FileName).SetSha256(s.SHA256)
	if s.FormatID != uuid.Nil {
		create.SetBankFormatID(s.FormatID)
	}
	if err := create.Exec(ctx); err != nil {
		return fmt.Errorf("add a bank statement: %w", err)
	}
	return nil
}

// ImportAgain gives a statement another job, whose format is the one that is stated now, if it has still the job that was read.
func (tx *Tx) ImportAgain(ctx context.Context, row *db.BankStatement, jobID, formatID uuid.UUID) error {
	update := tx.BankStatement.Update().Where(bankstatement.ID(row.ID), bankstatement.JobID(*row.JobID)).SetJobID(jobID).ClearBankFormatID()
	if formatID != uuid.Nil {
		update.SetBankFormatID(formatID)
	}
	return changedOne(update.Save(ctx))
}

// BankStatementByID reads a statement.
func (tx *Tx) BankStatementByID(ctx context.Context, id uuid.UUID) (*db.BankStatement, error) {
	row, err := tx.BankStatement.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read a bank statement: %w", err)
	}
	return row, nil
}

// NewBankLine is a line as it is saved.
type NewBankLine struct {
	ID uuid.UUID
	bankfile.Line
	State      ordering.LineState
	Reason     ordering.LineReason // "" of one that is matched
	TransferID uuid.UUID           // Nil where it fits none
	AppliedFen pricing.Fen
}

// AddBankLines saves lines of a statement; IsTaken where one is there already.
func (tx *Tx) AddBankLines(ctx context.Context, statement uuid.UUID, lines []NewBankLine) error {
	rows := make([]*db.BankLineCreate, len(lines))
	for i, l := range lines {
		rows[i] = tx.BankLine.Create().SetID(l.ID).SetCreatedAt(tx.now).SetBankStatementID(statement).SetNumber(l.Number).SetFingerprint(l.Fingerprint).
			SetBookedOn(l.Day).SetAmountFen(int64(l.AmountFen)).SetCounterparty(l.Counterparty).SetCounterpartyAccount(l.Account).
			SetCounterpartyBank(l.Bank).SetRemark(l.Remark).SetSerial(l.Serial).SetState(l.State).SetAppliedFen(int64(l.AppliedFen))
		if l.Reason != "" {
			rows[i].SetReason(l.Reason)
		}
		if l.TransferID != uuid.Nil {
			rows[i].SetBankTransferID(l.TransferID)
		}
	}
	if err := tx.BankLine.CreateBulk(rows...).Exec(ctx); err != nil {
		return fmt.Errorf("add bank lines: %w", err)
	}
	return nil
}

// CodesOf are the remittance codes of transfers whose keys begin with a text, by the rest of their keys.
func (tx *Tx) CodesOf(ctx context.Context, begin string) (map[string]string, error) {
	rows, err := tx.BankTransfer.Query().Where(banktransfer.KeyHasPrefix(begin)).Select(banktransfer.FieldKey, banktransfer.FieldCode).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read codes of transfers: %w", err)
	}
	codes := map[string]string{}
	for _, row := range rows {
		codes[row.Key[len(begin):]] = row.Code
	}
	return codes, nil
}

// OutgoingTransfers reads refunds and returns that are expected, whose account is known and of which nobody proposed anything, oldest
// first and so many at most: those that were not exported yet, or all of them.
func (tx *Tx) OutgoingTransfers(ctx context.Context, again bool, most int) ([]BankTransfer, error) {
	q := tx.BankTransfer.Query().Where(
		banktransfer.StateEQ(ordering.TransferExpected), banktransfer.KindIn(ordering.TransferRefund, ordering.TransferReturn), banktransfer.ProposalIsNil(),
		func(s *sql.Selector) { s.Where(sqljson.ValueNEQ(banktransfer.FieldPayee, "", sqljson.Path("number"))) },
	)
	if !again {
		q.Where(banktransfer.ExportedAtIsNil())
	}
	rows, err := q.Order(db.Asc(banktransfer.FieldID)).Limit(most).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read outgoing transfers: %w", err)
	}
	transfers := make([]BankTransfer, len(rows))
	for i, row := range rows {
		transfers[i] = loadTransfer(row)
	}
	return transfers, nil
}

// ExportTransfers keeps that the bank is told of transfers now. With again it may have been told before; otherwise CHANGED_MEANWHILE where
// another file names one.
func (tx *Tx) ExportTransfers(ctx context.Context, transfers []BankTransfer, again bool) error {
	ids := make([]uuid.UUID, len(transfers))
	for i, t := range transfers {
		ids[i] = t.ID
	}
	n, err := tx.BankTransfer.Update().Where(banktransfer.IDIn(ids...), banktransfer.ExportedAtIsNil()).SetExportedAt(tx.now).AddVersion(1).Save(ctx)
	if err != nil {
		return fmt.Errorf("save that transfers were exported: %w", err)
	}
	if !again && n != len(ids) {
		return changedOne(0, nil)
	}
	return nil
}
