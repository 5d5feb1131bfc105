package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// MaxPayoutLines is how many contributors one batch pays.
const MaxPayoutLines = 2000

// PayoutPrepareInput is what a payout batch is made of.
type PayoutPrepareInput struct {
	// Month is up to whose final statements is paid.
	Month          string
	IdempotencyKey string
}

// PayoutPrepare makes a batch that pays every contributor what its final statement of a month closes with, less what was paid
// since or is on its way, and never more than its account holds now: a refund since then is not paid out, and who owes is
// paid nothing. It returns the batch's id; somebody else of the platform approves it. FINANCE of the platform may.
//
// The same key is the same batch; with another month it is IDEMPOTENCY_KEY_REUSED. Refused with MONTH_INVALID,
// STATEMENTS_NOT_FINAL while the month has no final statement, NOTHING_TO_PAY and PAYOUT_TOO_LONG.
func (m *Market) PayoutPrepare(ctx context.Context, in PayoutPrepareInput) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	if err := mayKeepBooks(v); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	if _, err := monthOf(in.Month, "input.month", "-"); err != nil {
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
		lines, err := payoutLines(ctx, tx, in.Month)
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

// payoutLock lets one batch be prepared at a time: two would pay the same twice.
const payoutLock = "payout"

func payoutLines(ctx context.Context, tx *store.Tx, month string) ([]pricing.PayoutLine, error) {
	stated, err := tx.StatementsOf(ctx, month)
	if err != nil {
		return nil, err
	}
	earned, err := tx.EarnedIn(ctx, noTime, noTime)
	if err != nil {
		return nil, err
	}
	onTheirWay, err := tx.OnTheirWay(ctx)
	if err != nil {
		return nil, err
	}
	balance := map[uuid.UUID]pricing.Fen{}
	for _, e := range earned {
		if e.Kind == pricing.EntryPayment {
			balance[e.ContributorID] += e.AmountFen
		} else {
			balance[e.ContributorID] -= e.AmountFen
		}
	}
	final := false
	lines := []pricing.PayoutLine{}
	var ids []uuid.UUID
	for contributor, s := range stated {
		if s.Status != pricing.StatementFinal {
			continue
		}
		final = true
		if owed := min(s.ClosingFen, balance[contributor]) - onTheirWay[contributor]; owed > 0 {
			lines = append(lines, pricing.PayoutLine{Contributor: contributor.String(), AmountFen: owed, State: pricing.PayoutLinePending})
			ids = append(ids, contributor)
		}
	}
	switch {
	case !final:
		return nil, fault.New(fault.Conflict, "STATEMENTS_NOT_FINAL", "The statements of %s are not final.", month).At("input.month").With("month", month)
	case len(lines) == 0:
		return nil, fault.New(fault.Conflict, "NOTHING_TO_PAY", "Nobody is owed anything for %s.", month).At("input.month").With("month", month)
	case len(lines) > MaxPayoutLines:
		return nil, fault.New(fault.Conflict, "PAYOUT_TOO_LONG", "A batch pays at most %d contributors.", MaxPayoutLines).At("input.month").With("max", MaxPayoutLines)
	}
	if err := namePayees(ctx, tx, lines, ids); err != nil {
		return nil, err
	}
	slices.SortFunc(lines, func(a, b pricing.PayoutLine) int { return cmp.Compare(a.Contributor, b.Contributor) })
	return lines, nil
}

// namePayees says into whose account each line is paid, as policy says by the contributor's legal form.
func namePayees(ctx context.Context, tx *store.Tx, lines []pricing.PayoutLine, ids []uuid.UUID) error {
	forms, err := tx.LegalForms(ctx, ids)
	if err != nil {
		return err
	}
	policies, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	for i := range lines {
		id, err := uuid.Parse(lines[i].Contributor)
		if err != nil {
			return err
		}
		lines[i].Payee = policies.Payees[forms[id]]
	}
	return nil
}

// payoutDecided makes a batch APPROVED, REFUSED or WITHDRAWN as its proceeding ended.
func (m *Market) payoutDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	row, err := tx.PayoutBatchByID(store.AsSystem(ctx), p.SubjectID)
	if err != nil {
		return err
	}
	to := map[authorisation.ProceedingState]pricing.PayoutBatchStatus{
		authorisation.StateApproved: pricing.PayoutApproved, authorisation.StateRefused: pricing.PayoutRefused, authorisation.StateWithdrawn: pricing.PayoutWithdrawn,
	}[p.State]
	if row.Status != pricing.PayoutSubmitted {
		return fmt.Errorf("payout batch %s is %s and cannot become %s", row.ID, row.Status, to)
	}
	return tx.ChangePayoutBatch(ctx, row, func(u *db.PayoutBatchUpdate) {
		u.SetStatus(to)
		if to == pricing.PayoutApproved {
			u.SetApprovedAt(tx.Now())
		}
	})
}

// PayoutConfirmInput is what the bank says of one line.
type PayoutConfirmInput struct {
	BatchID, ContributorID uuid.UUID
	// Paid says whether the bank paid; a line that it did not pay is owed again.
	Paid bool
	// Reference is the bank's, of a line that it paid.
	Reference string
}

// PayoutConfirm records what the bank says of one line of an approved batch: paid, it is written on the ledger, once; failed,
// it is owed again. With its last line the batch is done. FINANCE of the platform may. The same again changes nothing; the
// contrary is PAYOUT_LINE_DECIDED. Refused with PAYOUT_NOT_APPROVED, REFERENCE_MISSING, and NOT_FOUND for a line that the batch
// has not.
func (m *Market) PayoutConfirm(ctx context.Context, in PayoutConfirmInput) error {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return err
	}
	in.Reference = strings.TrimSpace(in.Reference)
	if err := checkText("input.reference", in.Reference, 128, in.Paid).OrNil(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := tx.PayoutBatchByID(ctx, in.BatchID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(row.Lines, func(l pricing.PayoutLine) bool { return l.Contributor == in.ContributorID.String() })
		if at < 0 {
			return fault.Absent("payout line").At("input.contributorId")
		}
		to := pricing.PayoutLineFailed
		if in.Paid {
			to = pricing.PayoutLineConfirmed
		}
		line := row.Lines[at]
		switch {
		case line.State == to && line.Reference == in.Reference:
			return nil
		case line.State != pricing.PayoutLinePending:
			return fault.New(fault.Conflict, "PAYOUT_LINE_DECIDED", "This line is %s already.", strings.ToLower(string(line.State))).With("state", string(line.State))
		case row.Status != pricing.PayoutApproved:
			return fault.New(fault.Conflict, "PAYOUT_NOT_APPROVED", "This batch is not approved.").With("status", string(row.Status))
		}
		line.State, line.Reference = to, in.Reference
		lines := slices.Clone(row.Lines)
		lines[at] = line
		pending := slices.ContainsFunc(lines, func(l pricing.PayoutLine) bool { return l.State == pricing.PayoutLinePending })
		err = tx.ChangePayoutBatch(ctx, row, func(u *db.PayoutBatchUpdate) {
			u.SetLines(lines)
			if !pending {
				u.SetStatus(pricing.PayoutDone)
			}
		})
		if err != nil {
			return err
		}
		if in.Paid {
			if err := payOut(ctx, tx, row.ID, in.ContributorID, line); err != nil {
				return err
			}
		}
		return tx.Record(ctx, store.Act{Name: "payoutConfirm", Kind: "PayoutBatch", ID: row.ID, Change: map[string]any{
			"contributor": in.ContributorID, "amountFen": line.AmountFen, "state": line.State, "reference": line.Reference,
		}})
	})
}

// mayKeepBooks refuses all but the platform's FINANCE.
func mayKeepBooks(v access.Viewer) error { return v.MayAct(access.Platform, access.Finance) }

// MayConfirm reports whether the viewer may say what the bank says of a batch's lines now, by the rule of PayoutConfirm.
func (m *Market) MayConfirm(v access.Viewer, row *db.PayoutBatch) bool {
	return row.Status == pricing.PayoutApproved && mayKeepBooks(v) == nil
}

// payOut writes a paid line on the ledger: from the contributor's payee through clearing to the bank.
func payOut(ctx context.Context, tx *store.Tx, batch, contributor uuid.UUID, line pricing.PayoutLine) error {
	from := store.Account{Kind: line.Payee}
	if line.Payee == pricing.AccountContributor {
		from.OrganisationID = contributor
	}
	clearing := store.Account{Kind: pricing.AccountClearing}
	return tx.Post(ctx, store.Entry{
		Kind: pricing.EntryPayout, Key: "PAYOUT:" + batch.String() + ":" + contributor.String(), PayoutBatchID: batch,
		Postings: []store.Posting{
			{From: from, To: clearing, AmountFen: line.AmountFen, ContributorID: contributor},
			{From: clearing, To: store.Account{Kind: pricing.AccountProvider, Provider: "bank"}, AmountFen: line.AmountFen},
		},
	})
}

// BankLine is a line of an approved batch as the bank is told of it.
type BankLine struct {
	pricing.PayoutLine
	Paid *db.Organisation
	// Treasury says that the line goes to the treasury; Account is into which it goes else, empty while nobody has said.
	Treasury bool
	Account  access.Payee
}

// PayoutExport is what the bank is told of an approved batch. FINANCE of the platform may. Refused with PAYOUT_NOT_APPROVED.
func (m *Market) PayoutExport(ctx context.Context, id uuid.UUID) (lines []BankLine, err error) {
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
		paid, err := tx.PaidBy(ctx, batch)
		if err != nil {
			return err
		}
		lines = make([]BankLine, len(batch.Lines))
		for i, line := range batch.Lines {
			contributor, err := uuid.Parse(line.Contributor)
			if err != nil {
				return err
			}
			lines[i] = BankLine{PayoutLine: line, Paid: paid[contributor], Treasury: line.Payee == pricing.AccountTreasury}
			if !lines[i].Treasury {
				lines[i].Account = lines[i].Paid.Payee
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
// ORGANISATION_NOT_VERIFIED, TEXT_MISSING and the like, and ACCOUNT_NUMBER_INVALID.
func (m *Market) PayeeSet(ctx context.Context, in access.Payee) error {
	v := access.FromContext(ctx)
	if err := mayStatePayee(v); err != nil {
		return err
	}
	in.Name, in.Bank, in.Number = strings.TrimSpace(in.Name), strings.TrimSpace(in.Bank), strings.ReplaceAll(strings.TrimSpace(in.Number), " ", "")
	wrong := append(checkText("input.name", in.Name, 400, true), checkText("input.bank", in.Bank, 400, true)...)
	if !access.IsAccountNumber(in.Number) {
		wrong = append(wrong, fault.New(fault.Invalid, "ACCOUNT_NUMBER_INVALID", "An account number has 8 to 32 digits.").At("input.number"))
	}
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.SetPayee(ctx, v.OrganisationID, in); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "payeeSet", Kind: "Organisation", ID: v.OrganisationID, Change: map[string]any{"bank": in.Bank}})
	})
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
