package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/payment/bank"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// MaxPayoutLines is how many contributors one batch pays; the next pays the others.
const MaxPayoutLines = 2000

// PayoutPrepareInput is what a payout batch is made of.
type PayoutPrepareInput struct {
	// Month is up to whose final statements is paid.
	Month          string
	IdempotencyKey string
}

// PayoutPrepare makes a batch that pays every contributor what its final statement of a month closes with, less what was paid or
// refunded since, is on its way or held by a dispute: what was earned since waits for its own statement, and who owes is paid nothing. Each is paid
// from the account that its money lies on; what lies on another, because policy named another payee meanwhile, is for the next
// batch. It returns the batch's id; somebody else of the platform approves it. FINANCE of the platform may.
//
// The same key is the same batch; with another month it is IDEMPOTENCY_KEY_REUSED. Refused with MONTH_INVALID,
// STATEMENTS_NOT_FINAL while the month has no final statement, and NOTHING_TO_PAY.
func (m *Market) PayoutPrepare(ctx context.Context, in PayoutPrepareInput) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	if err := mayKeepBooks(v); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	month, err := monthOf(in.Month, "input.month")
	if err != nil {
		return uuid.Nil, err
	}
	hash := requestHash(in)
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		before, found, err := tx.PayoutBatchByKey(ctx, v.OrganisationID, in.IdempotencyKey)
		if err != nil {
			return uuid.Nil, err
		}
		if found {
			return before.ID, inputKey(ordering.CheckIdempotency(before.RequestHash, hash))
		}
		if err := tx.Alone(ctx, payoutLock); err != nil {
			return uuid.Nil, err
		}
		lines, err := payoutLines(ctx, tx, month, m.transferrer())
		if err != nil {
			return uuid.Nil, err
		}
		total := pricing.Fen(0)
		for _, line := range lines {
			total += line.AmountFen
		}
		row, err := tx.PayoutBatch.Create().SetCreatedAt(tx.Now()).SetOrganisationID(v.OrganisationID).SetPersonID(v.PersonID).SetMonth(in.Month).
			SetStatus(pricing.PayoutSubmitted).SetLines(lines).SetTotalFen(int64(total)).SetIdempotencyKey(in.IdempotencyKey).SetRequestHash(hash).Save(ctx)
		if err != nil {
			return uuid.Nil, fmt.Errorf("prepare a payout: %w", err)
		}
		if _, err := m.open(ctx, tx, opening{kind: authorisation.ProceedingPayout, subjectID: row.ID, subjectName: in.Month}); err != nil {
			return uuid.Nil, err
		}
		return row.ID, tx.Record(ctx, store.Act{Name: "payoutPrepare", Kind: "PayoutBatch", ID: row.ID, Change: map[string]any{
			"month": in.Month, "lines": len(lines), "totalFen": total,
		}})
	})
}

// HeldBack is what a batch of a month holds back of what final statements close with, since refunds took it after that month.
type HeldBack struct {
	// Contributors is how many are paid less or nothing for it, AmountFen what all of them together.
	Contributors int
	AmountFen    pricing.Fen
}

// PayoutHeldBack says what refunds after a month take from whom its final statements are of, as of now. FINANCE of the platform may.
func (m *Market) PayoutHeldBack(ctx context.Context, text string) (held HeldBack, err error) {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return held, err
	}
	month, err := monthOf(text, "input.month")
	if err != nil {
		return held, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		held = HeldBack{}
		stated, err := tx.StatementsOf(ctx, month.String())
		if err != nil {
			return err
		}
		since, err := tx.EarnedIn(ctx, month.Next().Start(), time.Time{})
		if err != nil {
			return err
		}
		back := map[uuid.UUID]pricing.Fen{}
		for _, e := range since {
			if e.Kind == pricing.EntryRefund && stated[e.ContributorID].Status == pricing.StatementFinal {
				back[e.ContributorID] += e.AmountFen
			}
		}
		for _, fen := range back {
			held.Contributors++
			held.AmountFen += fen
		}
		return nil
	})
	return held, err
}

// payoutLock lets one batch be prepared or approved at a time, and no line be confirmed meanwhile: the same would be paid twice.
const payoutLock = "payout"

// owing is what final statements of a month leave to be paid.
type owing struct {
	// closing is what each contributor's month closed with, less what was refunded and paid since, is on its way or held by disputes.
	closing map[uuid.UUID]pricing.Fen
	// lots is what the ledger holds, less what is on its way or held by disputes.
	lots map[store.Lot]pricing.Fen
}

// of is what may be paid from a lot; 0 or less is nothing.
func (o owing) of(lot store.Lot) pricing.Fen {
	return min(o.closing[lot.ContributorID], o.lots[lot])
}

// owed works out what final statements of a month leave to be paid; the lines of one batch, but, are not taken as on their way.
func owed(ctx context.Context, tx *store.Tx, month pricing.BillingMonth, but uuid.UUID) (owing, error) {
	stated, err := tx.StatementsOf(ctx, month.String())
	if err != nil {
		return owing{}, err
	}
	since, err := tx.EarnedIn(ctx, month.Next().Start(), time.Time{})
	if err != nil {
		return owing{}, err
	}
	lots, err := tx.Owed(ctx)
	if err != nil {
		return owing{}, err
	}
	onTheirWay, err := tx.OnTheirWay(ctx, but)
	if err != nil {
		return owing{}, err
	}
	taken := map[uuid.UUID]pricing.Fen{} // from what the month closed with
	for _, e := range since {
		if e.Kind != pricing.EntryPayment {
			taken[e.ContributorID] += e.AmountFen
		}
	}
	held, err := tx.HeldByDisputes(ctx)
	if err != nil {
		return owing{}, err
	}
	for _, away := range []map[store.Lot]pricing.Fen{onTheirWay, held} {
		for lot, fen := range away {
			taken[lot.ContributorID] += fen
			lots[lot] -= fen
		}
	}
	out := owing{closing: map[uuid.UUID]pricing.Fen{}, lots: lots}
	for contributor, s := range stated {
		if s.Status == pricing.StatementFinal {
			out.closing[contributor] = s.ClosingFen - taken[contributor]
		}
	}
	return out, nil
}

// payoutLines are what a batch pays; through is who pays into connected accounts by itself, "" where nobody does.
func payoutLines(ctx context.Context, tx *store.Tx, month pricing.BillingMonth, through string) ([]pricing.PayoutLine, error) {
	all, err := owed(ctx, tx, month, uuid.Nil)
	if err != nil {
		return nil, err
	}
	best := map[uuid.UUID]store.Lot{}
	for lot, fen := range all.lots {
		if was, there := best[lot.ContributorID]; !there || fen > all.lots[was] || fen == all.lots[was] && lot.Payee < was.Payee {
			best[lot.ContributorID] = lot
		}
	}
	lines := []pricing.PayoutLine{}
	for contributor := range all.closing {
		lot := best[contributor]
		if fen := all.of(lot); fen > 0 {
			lines = append(lines, pricing.PayoutLine{Contributor: contributor.String(), Payee: lot.Payee, AmountFen: fen, State: pricing.PayoutLinePending})
		}
	}
	switch {
	case len(all.closing) == 0:
		return nil, fault.New(fault.Conflict, "STATEMENTS_NOT_FINAL", "The statements of %s are not final.", month).At("input.month").With("month", month.String())
	case len(lines) == 0:
		return nil, fault.New(fault.Conflict, "NOTHING_TO_PAY", "Nobody is owed anything for %s.", month).At("input.month").With("month", month.String())
	}
	slices.SortFunc(lines, func(a, b pricing.PayoutLine) int { return cmp.Compare(a.Contributor, b.Contributor) })
	lines = lines[:min(len(lines), MaxPayoutLines)]
	paid, err := tx.PaidBy(ctx, lines)
	if err != nil {
		return nil, err
	}
	last, err := tx.LastPaidInto(ctx)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		if line := &lines[i]; line.Payee == pricing.AccountContributor {
			line.Account = pricing.PayeeAccount(paid[line.Contributor].Payee)
			before, there := last[line.Contributor]
			line.AccountChanged = there && !line.AccountMissing() && line.Account != before
			if line.Account.Connected != "" {
				line.Provider = through
			}
		}
	}
	return lines, nil
}

// payoutDecided makes a batch APPROVED, REFUSED or WITHDRAWN as its proceeding ended. What is owed may be less by now than when
// the batch was prepared: an approval is refused with PAYOUT_OVER_OWED while a line is above it, and the batch is then refused or
// taken back and another prepared.
func (m *Market) payoutDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	if err := tx.Alone(ctx, payoutLock); err != nil {
		return err
	}
	row, err := tx.PayoutBatchByID(store.AsSystem(ctx), p.SubjectID)
	if err != nil {
		return err
	}
	to := map[authorisation.ProceedingState]pricing.PayoutBatchStatus{
		authorisation.StateApproved: pricing.PayoutApproved, authorisation.StateRefused: pricing.PayoutRefused, authorisation.StateWithdrawn: pricing.PayoutWithdrawn,
	}[p.State]
	if !row.Status.CanBecome(to) {
		return fmt.Errorf("payout batch %s is %s and cannot become %s", row.ID, row.Status, to)
	}
	if to == pricing.PayoutApproved {
		if err := stillOwed(ctx, tx, row); err != nil {
			return err
		}
	}
	if to == pricing.PayoutApproved {
		if err := expectPayouts(ctx, tx, row); err != nil {
			return err
		}
	}
	return tx.ChangePayoutBatch(ctx, row, func(u *db.PayoutBatchUpdate) {
		u.SetStatus(to)
		if to == pricing.PayoutApproved {
			u.SetApprovedAt(tx.Now())
		}
	})
}

// expectPayouts makes the lines of an approved batch that a bank pays transfers that its statements are held against.
func expectPayouts(ctx context.Context, tx *store.Tx, batch *db.PayoutBatch) error {
	var transfers []store.BankTransfer
	for _, line := range batch.Lines {
		if line.Provider != "" {
			continue
		}
		contributor, err := uuid.Parse(line.Contributor)
		if err != nil {
			return fmt.Errorf("payout batch %s: %w", batch.ID, err)
		}
		key := payoutKey(batch.ID, contributor)
		transfers = append(transfers, store.BankTransfer{OrganisationID: contributor, Payee: line.Account, BankTransfer: ordering.BankTransfer{
			Kind: ordering.TransferPayout, Key: key, AmountFen: line.AmountFen,
		}})
	}
	return tx.AddTransfers(ctx, transfers...)
}

// payoutKey is what a paid line is on the ledger, and what its transfer is known by.
func payoutKey(batch, contributor uuid.UUID) string {
	return "PAYOUT:" + batch.String() + ":" + contributor.String()
}

// stillOwed refuses a batch with a line that is above what is owed now.
func stillOwed(ctx context.Context, tx *store.Tx, batch *db.PayoutBatch) error {
	month, err := monthOf(batch.Month, "month")
	if err != nil {
		return err
	}
	now, err := owed(ctx, tx, month, batch.ID)
	if err != nil {
		return err
	}
	later, err := tx.PaidLater(ctx, batch.ID) // what left room for this batch takes nothing from it
	if err != nil {
		return err
	}
	for contributor, fen := range later {
		now.closing[contributor] += fen
	}
	for _, line := range batch.Lines {
		contributor, err := uuid.Parse(line.Contributor)
		if err != nil {
			return fmt.Errorf("payout batch %s: %w", batch.ID, err)
		}
		left := max(now.of(store.Lot{ContributorID: contributor, Payee: line.Payee}), 0)
		if line.AmountFen <= left {
			continue
		}
		paid, err := tx.PaidBy(ctx, []pricing.PayoutLine{line})
		if err != nil {
			return err
		}
		name := paid[line.Contributor].Name
		return fault.New(fault.Conflict, "PAYOUT_OVER_OWED", "%s would be paid ¥%s and is owed ¥%s by now; refuse this batch and prepare another.", name, line.AmountFen, left).
			With("contributor", name).With("amount", line.AmountFen.String()).With("owed", left.String())
	}
	return nil
}

// PayoutConfirmInput is what the bank says of one line.
type PayoutConfirmInput struct {
	BatchID, ContributorID uuid.UUID
	// Paid says whether the bank paid; a line that it did not pay is owed again.
	Paid bool
	// Reference is the bank's, of a line that it paid.
	Reference string
	// Reason is why a line that was recorded as failed was paid after all, or why one failed, which may be left out.
	Reason string
	// through is who says so: the provider that moved the money by itself, "" for a bank.
	through string
}

// PayoutConfirm records what the bank says of one line of an approved batch: paid, it is written on the ledger, once; failed,
// it is owed again. With its last line the batch is done. A line that failed may still be recorded as paid, with a reason, while
// no other batch pays its amount; why one failed may be said. FINANCE of the platform may. The same again changes nothing; what was paid is not taken back:
// PAYOUT_LINE_DECIDED. Refused with PAYOUT_NOT_APPROVED, TEXT_MISSING without a reference, PAYOUT_REFERENCE_USED for one that another
// line of the batch has, PAYOUT_ACCOUNT_MISSING for a payment into no account, PAYOUT_BY_PROVIDER for one that no bank makes, REASON_MISSING,
// PAYOUT_PREPARED_AGAIN, and NOT_FOUND for a line that the batch has not.
//
// What was approved is recorded as the bank says, also where refunds took from the account since: the bank may have paid already.
// What its contributor owes then is carried over, and nothing is paid to it before it is made up for.
func (m *Market) PayoutConfirm(ctx context.Context, in PayoutConfirmInput) error {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return err
	}
	in.Reference, in.Reason = strings.TrimSpace(in.Reference), strings.TrimSpace(in.Reason)
	if err := checkText("input.reference", in.Reference, 128, in.Paid).OrNil(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return confirmPayout(ctx, tx, in) })
}

func confirmPayout(ctx context.Context, tx *store.Tx, in PayoutConfirmInput) error {
	if err := tx.Alone(ctx, payoutLock); err != nil {
		return err
	}
	row, err := tx.PayoutBatchByID(ctx, in.BatchID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(row.Lines, func(l pricing.PayoutLine) bool { return l.Contributor == in.ContributorID.String() })
	if at < 0 {
		return fault.Absent("payout line").At("input.contributorId")
	}
	line := row.Lines[at]
	to := pricing.PayoutLineFailed
	if in.Paid {
		to = pricing.PayoutLineConfirmed
	}
	if line.State == to && line.Reference == in.Reference {
		return nil
	}
	if err := mayConfirm(ctx, tx, row, line, to, &in); err != nil {
		return err
	}
	line.State, line.Reference, line.Reason, line.DecidedAt = to, in.Reference, in.Reason, tx.Now()
	lines := slices.Clone(row.Lines)
	lines[at] = line
	pending := slices.ContainsFunc(lines, func(l pricing.PayoutLine) bool { return l.State == pricing.PayoutLinePending })
	err = tx.ChangePayoutBatch(ctx, row, func(u *db.PayoutBatchUpdate) {
		u.SetLines(lines)
		if !pending && row.Status.CanBecome(pricing.PayoutDone) {
			u.SetStatus(pricing.PayoutDone)
		}
	})
	if err != nil {
		return err
	}
	moved := ordering.TransferFailed
	if in.Paid {
		moved = ordering.TransferDone
		if err := payOut(ctx, tx, row.ID, in.ContributorID, line); err != nil {
			return err
		}
	}
	if err := tx.EndTransfer(ctx, payoutKey(row.ID, in.ContributorID), moved); err != nil {
		return err
	}
	return tx.Record(ctx, store.Act{Name: "payoutConfirm", Kind: "PayoutBatch", ID: row.ID, Reason: line.Reason, Change: map[string]any{
		"contributor": in.ContributorID, "amountFen": line.AmountFen, "state": line.State, "reference": line.Reference,
	}})
}

// mayConfirm refuses what may not be recorded of a line; a reason is kept only of a line that had failed.
func mayConfirm(ctx context.Context, tx *store.Tx, batch *db.PayoutBatch, line pricing.PayoutLine, to pricing.PayoutLineState, in *PayoutConfirmInput) error {
	failed := line.State == pricing.PayoutLineFailed
	switch {
	case !line.State.CanBecome(to):
		return fault.New(fault.Conflict, "PAYOUT_LINE_DECIDED", "This line is %s already.", strings.ToLower(string(line.State))).With("state", string(line.State))
	case batch.ApprovedAt == nil:
		return fault.New(fault.Conflict, "PAYOUT_NOT_APPROVED", "This batch is not approved.").With("status", string(batch.Status))
	case line.Provider != in.through:
		return fault.New(fault.Conflict, "PAYOUT_BY_PROVIDER", "This line is paid by %s, which says itself what became of it.", line.Provider).With("provider", line.Provider)
	case !in.Paid:
		return checkText("input.reason", in.Reason, 2000, false).OrNil()
	case line.AccountMissing():
		return fault.New(fault.Conflict, "PAYOUT_ACCOUNT_MISSING", "This line names no account, so the bank cannot have paid it.").At("input.paid")
	case slices.ContainsFunc(batch.Lines, func(l pricing.PayoutLine) bool {
		return l.State == pricing.PayoutLineConfirmed && l.Reference == in.Reference
	}):
		return fault.New(fault.Conflict, "PAYOUT_REFERENCE_USED", "Another line of this batch has this reference; the bank gives each transfer its own.").At("input.reference")
	case !failed:
		in.Reason = ""
		return nil
	}
	if err := at(checkReason(&in.Reason), map[string]string{"reason": "input.reason"}); err != nil {
		return err
	}
	again, found, err := tx.PaysAgain(ctx, batch.ID, line)
	if err == nil && found {
		err = fault.New(fault.Conflict, "PAYOUT_PREPARED_AGAIN", "Another batch, of %s, pays this amount.", again.Month).
			With("month", again.Month).With("batch", publicid.Encode("pbt", again.ID))
	}
	return err
}

// mayKeepBooks refuses all but the platform's FINANCE.
func mayKeepBooks(v access.Viewer) error { return v.MayAct(access.Platform, access.Finance) }

// MayConfirm reports whether the viewer may say what the bank says of a batch's lines now, by the rule of PayoutConfirm.
func (m *Market) MayConfirm(v access.Viewer, row *db.PayoutBatch) bool {
	open := func(l pricing.PayoutLine) bool { return l.State.CanBecome(pricing.PayoutLineConfirmed) }
	return row.ApprovedAt != nil && slices.ContainsFunc(row.Lines, open) && mayKeepBooks(v) == nil
}

// payOut writes a paid line on the ledger: from the contributor's payee through clearing to the bank, or to the provider that paid it.
func payOut(ctx context.Context, tx *store.Tx, batch, contributor uuid.UUID, line pricing.PayoutLine) error {
	from := store.Account{Kind: line.Payee}
	if line.Payee == pricing.AccountContributor {
		from.OrganisationID = contributor
	}
	clearing := store.Account{Kind: pricing.AccountClearing}
	return tx.Post(ctx, store.Entry{
		Kind: pricing.EntryPayout, Key: payoutKey(batch, contributor), PayoutBatchID: batch,
		Postings: []store.Posting{
			{From: from, To: clearing, AmountFen: line.AmountFen, ContributorID: contributor},
			{From: clearing, To: store.Account{Kind: pricing.AccountProvider, Provider: cmp.Or(line.Provider, bank.Name)}, AmountFen: line.AmountFen},
		},
	})
}

// PayoutOrder is a line of an approved batch as the bank is told of it.
type PayoutOrder struct {
	pricing.PayoutLine
	Paid *db.Organisation
	// Treasury says that the line goes to the treasury.
	Treasury bool
	// Code is what the bank is to write as its remark, so that its statement says which line it paid.
	Code string
}

// PayoutExport is what the bank is told of an approved batch, lines that a provider pays left out. FINANCE of the platform may. Refused with PAYOUT_NOT_APPROVED.
func (m *Market) PayoutExport(ctx context.Context, id uuid.UUID) (lines []PayoutOrder, err error) {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return nil, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		batch, err := tx.PayoutBatchByID(ctx, id)
		if err != nil {
			return err
		}
		if batch.ApprovedAt == nil {
			return fault.New(fault.Conflict, "PAYOUT_NOT_APPROVED", "This batch is not approved.").With("status", string(batch.Status))
		}
		paid, err := tx.PaidBy(ctx, batch.Lines)
		if err != nil {
			return err
		}
		codes, err := tx.CodesOf(ctx, "PAYOUT:"+batch.ID.String()+":")
		if err != nil {
			return err
		}
		for _, line := range batch.Lines {
			if line.Provider == "" {
				lines = append(lines, PayoutOrder{
					PayoutLine: line, Paid: paid[line.Contributor], Treasury: line.Payee == pricing.AccountTreasury, Code: codes[line.Contributor],
				})
			}
		}
		if batch.ExportedAt == nil {
			err = tx.ChangePayoutBatch(ctx, batch, func(u *db.PayoutBatchUpdate) { u.SetExportedAt(tx.Now()) })
		}
		return firstOf(err, tx.Record(ctx, store.Act{Name: "payoutExport", Kind: "PayoutBatch", ID: id}))
	})
	return lines, err
}

// PayeeSet says into which bank account the viewer's organisation is paid; its FINANCE and its ADMINISTRATOR may. Refused with
// ORGANISATION_NOT_VERIFIED, TEXT_MISSING and the like, ACCOUNT_NUMBER_INVALID and CONNECTED_ACCOUNT_INVALID.
func (m *Market) PayeeSet(ctx context.Context, in access.Payee) error {
	v := access.FromContext(ctx)
	if err := mayStatePayee(v); err != nil {
		return err
	}
	if err := checkPayee(&in, "input"); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.SetPayee(ctx, v.OrganisationID, in); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "payeeSet", Kind: "Organisation", ID: v.OrganisationID, Change: map[string]any{"bank": in.Bank}})
	})
}

// checkPayee trims an account and refuses one that is stated in part or wrong.
func checkPayee(p *access.Payee, at string) error {
	p.Name, p.Bank, p.Number = strings.TrimSpace(p.Name), strings.TrimSpace(p.Bank), strings.ReplaceAll(strings.TrimSpace(p.Number), " ", "")
	wrong := append(checkText(at+".name", p.Name, 400, true), checkText(at+".bank", p.Bank, 400, true)...)
	if p.Connected = strings.TrimSpace(p.Connected); p.Connected != "" && !access.IsConnectedAccount(p.Connected) {
		wrong = append(wrong, fault.New(fault.Invalid, "CONNECTED_ACCOUNT_INVALID", "A connected account is acct_ and letters and digits.").At(at+".connectedAccount"))
	}
	if !access.IsAccountNumber(p.Number) {
		wrong = append(wrong, fault.New(fault.Invalid, "ACCOUNT_NUMBER_INVALID", "An account number has 8 to 32 digits.").At(at+".number"))
	}
	return wrong.OrNil()
}

func mayStatePayee(v access.Viewer) error {
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if !v.Verified {
		return fault.New(fault.Forbidden, "ORGANISATION_NOT_VERIFIED", "The organisation has to be verified before it takes part.")
	}
	return v.MustHave(access.Finance, access.Administrator)
}

// MaySeePayee reports whether the viewer may see into which account an organisation is paid: its own FINANCE and ADMINISTRATOR, and
// the FINANCE of the platform, which pays.
func (m *Market) MaySeePayee(v access.Viewer, organisation uuid.UUID) bool {
	if !v.SignedIn() {
		return false
	}
	own := v.OrganisationID == organisation && v.MustHave(access.Finance, access.Administrator) == nil
	return own || mayKeepBooks(v) == nil
}

// MaySetPayee reports whether the viewer may say into which account an organisation is paid, by the rule of PayeeSet.
func (m *Market) MaySetPayee(v access.Viewer, organisation uuid.UUID) bool {
	return v.OrganisationID == organisation && mayStatePayee(v) == nil
}
