package market

import (
	"context"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

// Reconcile checks what must hold of money and rights: orders, bills, payments, ledger and statements agree to the fen. What
// breaks it is kept until it is found no more; it returns how many rows stand. FINANCE and AUDITOR of the platform may, and the
// worker does so each day.
func (m *Market) Reconcile(ctx context.Context) (standing int, err error) {
	if err := mayReconcile(access.FromContext(ctx)); err != nil {
		return 0, err
	}
	return m.reconcile(ctx)
}

func mayReconcile(v access.Viewer) error {
	return v.MayAct(access.Platform, access.Finance, access.Auditor)
}

// MayExplain reports whether the viewer may take a discrepancy on now, by the rule of DiscrepancyExplain.
func (m *Market) MayExplain(v access.Viewer) bool { return mayReconcile(v) == nil }

// reconciledMark is the name of the audit record that it was done.
const reconciledMark = "reconcile"

func (m *Market) reconcile(ctx context.Context) (standing int, err error) {
	breaches, err := m.Store.Reconcile(ctx)
	if err != nil {
		return 0, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if standing, err = tx.SaveDiscrepancies(ctx, breaches); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: reconciledMark, Kind: "Market", Change: map[string]any{"on": authorisation.DayOf(tx.Now()), "standing": standing}})
	})
	return standing, err
}

// DiscrepancyExplain takes a discrepancy on as the viewer, with what is known of it. Refused with REASON_MISSING.
func (m *Market) DiscrepancyExplain(ctx context.Context, id uuid.UUID, reason string) error {
	v := access.FromContext(ctx)
	if err := mayReconcile(v); err != nil {
		return err
	}
	if err := checkReason(&reason); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.ExplainDiscrepancy(ctx, id, v.PersonID, reason); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "discrepancyExplain", Kind: "Discrepancy", ID: id, Reason: reason})
	})
}

// daily does once a day what keeps the books: statements are drawn again, and what must hold is checked. It remembers by an
// audit record, so that a start does not do it again.
func (m *Market) daily(ctx context.Context) (int, error) {
	today := authorisation.DayOf(m.Store.Now())
	m.books.Lock()
	defer m.books.Unlock()
	if m.booked == today {
		return 0, nil
	}
	last, err := m.Store.NewestAct(ctx, reconciledMark)
	if err != nil {
		return 0, err
	}
	if last["on"] == today.String() {
		m.booked = today
		return 0, nil
	}
	drawn, err := m.drawAgain(ctx)
	if err != nil {
		return 0, err
	}
	if _, err := m.reconcile(ctx); err != nil {
		return drawn, err
	}
	m.booked = today
	return drawn, nil
}
