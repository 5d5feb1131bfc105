package market

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

// sweepBatch is how many rows one transaction of a sweep changes at most.
const sweepBatch = 100

// held remembers the day on which the whole market was last held against the gate. Rights, registrations and prices
// change by the day, so once a day is enough, and once after every start.
type held struct {
	mu  sync.Mutex
	day authorisation.Day
}

// Sweep does what time alone brings about, and returns how many rows it changed: agreements and grants past their last
// day expire, products whose registration ran out or whose new cap is below their price leave the market, deadlines that
// waited for a year of the calendar are filled in, download links that expired unused are forgotten. It is the worker's, every half minute; done twice it changes nothing
// more. Each batch is a transaction of its own, so what was done stays done when a later batch fails.
func (m *Market) Sweep(ctx context.Context) (changed int, err error) {
	for _, step := range []func(context.Context) (int, error){m.expireAgreements, m.expireGrants, m.holdAll, m.fillDeadlines, m.dropLinks} {
		n, err := step(ctx)
		changed += n
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// inBatches runs one transaction after the other until one changes less than a whole batch.
func (m *Market) inBatches(ctx context.Context, batch func(ctx context.Context, tx *store.Tx) (int, error)) (changed int, err error) {
	for {
		n := 0
		err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = batch(ctx, tx)
			return err
		})
		if err != nil {
			return changed, err
		}
		if changed += n; n < sweepBatch {
			return changed, nil
		}
	}
}

func (m *Market) expireAgreements(ctx context.Context) (int, error) {
	return m.inBatches(ctx, func(ctx context.Context, tx *store.Tx) (int, error) {
		ended, err := tx.EndedAgreements(ctx, sweepBatch)
		if err != nil {
			return 0, err
		}
		for _, a := range ended {
			if err := m.expireAgreement(ctx, tx, a); err != nil {
				return 0, err
			}
		}
		return len(ended), nil
	})
}

func (m *Market) expireAgreement(ctx context.Context, tx *store.Tx, a store.StoredAgreement) error {
	if err := authorisation.Move(a.Status, authorisation.AgreementExpired); err != nil {
		return err
	}
	expired, err := m.endGrants(ctx, tx, a.ID, authorisation.GrantExpired)
	if err != nil {
		return err
	}
	if err := tx.MoveAgreement(ctx, a, authorisation.AgreementExpired); err != nil {
		return err
	}
	err = tx.Record(ctx, store.Act{Name: "agreementExpire", Kind: "Agreement", ID: a.ID, Change: map[string]any{
		"status": []authorisation.AgreementStatus{a.Status, authorisation.AgreementExpired}, "endsOn": a.EndsOn, "grantsExpired": expired,
	}})
	if err != nil {
		return err
	}
	return m.recheckOperator(ctx, tx, a.OperatorID)
}

func (m *Market) expireGrants(ctx context.Context) (int, error) {
	return m.inBatches(ctx, func(ctx context.Context, tx *store.Tx) (int, error) {
		ended, err := tx.EndedGrants(ctx, sweepBatch)
		if err != nil {
			return 0, err
		}
		for _, g := range ended {
			if err := tx.MoveGrant(ctx, g, authorisation.GrantExpired); err != nil {
				return 0, err
			}
			err := tx.Record(ctx, store.Act{Name: "grantExpire", Kind: "Grant", ID: g.ID, Change: map[string]any{
				"status": []authorisation.GrantStatus{g.Status, authorisation.GrantExpired}, "endsOn": g.EndsOn,
			}})
			if err != nil {
				return 0, err
			}
			if err := m.recheckGrant(ctx, tx, g.ID); err != nil {
				return 0, err
			}
		}
		return len(ended), nil
	})
}

// holdAll holds every listed product against the gate, unless that was done today.
func (m *Market) holdAll(ctx context.Context) (suspended int, err error) {
	today := authorisation.DayOf(m.Store.Now())
	m.held.mu.Lock()
	defer m.held.mu.Unlock()
	if m.held.day == today {
		return 0, nil
	}
	after := uuid.Nil
	for {
		listed, err := m.Store.ListedProducts(ctx, after, sweepBatch)
		if err != nil {
			return suspended, err
		}
		if len(listed) == 0 {
			m.held.day = today
			return suspended, nil
		}
		after = listed[len(listed)-1]
		n := 0
		err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = m.recheck(ctx, tx, listed...)
			return err
		})
		if err != nil {
			return suspended, err
		}
		suspended += n
	}
}

// fillDeadlines gives proceedings the last day that could not be reckoned when they were opened.
func (m *Market) fillDeadlines(ctx context.Context) (filled int, err error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return 0, err
	}
	after := uuid.Nil
	for {
		open, err := m.Store.WithoutDeadline(ctx, after, sweepBatch)
		if err != nil || len(open) == 0 {
			return filled, err
		}
		after = open[len(open)-1].ID
		n := 0
		err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = fillThese(ctx, tx, open, policies)
			return err
		})
		if err != nil {
			return filled, err
		}
		filled += n
	}
}

func fillThese(ctx context.Context, tx *store.Tx, open []store.Proceeding, policies store.Policies) (filled int, err error) {
	for _, p := range open {
		days, set := policies.Deadlines[p.Kind]
		due, missing := policies.Calendar.Deadline(authorisation.DayOf(p.SubmittedAt), days)
		if !set || missing || due == nil {
			continue
		}
		done, err := tx.FillDeadline(ctx, p.ID, *due)
		if err != nil {
			return 0, err
		}
		if !done {
			continue
		}
		filled++
		err = tx.Record(ctx, store.Act{Name: "deadlineFill", Kind: string(p.Kind), ID: p.SubjectID, Change: map[string]any{"proceeding": p.ID, "dueOn": *due}})
		if err != nil {
			return 0, err
		}
	}
	return filled, nil
}

// dropLinks forgets download links that expired unused, a while after they did.
func (m *Market) dropLinks(ctx context.Context) (int, error) {
	return m.inBatches(ctx, func(ctx context.Context, tx *store.Tx) (int, error) {
		return tx.DropLinks(ctx, tx.Now().Add(-expiredLinkLife), sweepBatch)
	})
}
