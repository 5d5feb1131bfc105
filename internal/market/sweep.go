package market

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/metadata"
	"gongshu/internal/store"
)

// sweepBatch is how many rows one transaction of a sweep changes at most.
const sweepBatch = 100

// pass is how far a sweep came with everything of a kind, which it goes through once a day, and once more when the program
// starts.
type pass struct {
	mu sync.Mutex
	// day is the last on which everything went.
	day authorisation.Day
	// of is the day of the pass under way, at the last row that it looked at; failed says that something of it did.
	of     authorisation.Day
	at     uuid.UUID
	failed bool
	// most is how many rows one sweep looks at, where that is not what it is by itself.
	most int
}

// holdMost is some seconds' work, and a fraction of the time that the worker gives a sweep; the next goes on.
const holdMost = 20_000

// Sweep does what time alone brings about, and returns how many rows it changed: agreements and grants past their last
// day expire, orders expire that nobody paid in time, scores of metadata follow, rights are suspended whose bills are overdue, products whose registration ran out or whose new cap is below their price leave the market, deadlines that
// waited for a year of the calendar are filled in, download links that expired unused are forgotten, what ends soon is told
// of, old notifications are forgotten, and once a day statements are drawn and the books are reconciled. It is the worker's, every half minute; done twice it changes nothing more. What fails stops nothing else: its errors are returned together, and the next sweep tries it again.
func (m *Market) Sweep(ctx context.Context) (changed int, err error) {
	var failed []error
	for _, step := range []func(context.Context) (int, error){m.expireAgreements, m.expireGrants, m.expireOrders, m.suspendArrears, m.holdAll, m.scoreAll, m.fillDeadlines, m.dropLinks, m.tellNear, m.dropNotifications, m.daily} {
		n, err := step(ctx)
		changed, failed = changed+n, append(failed, err)
	}
	return changed, errors.Join(failed...)
}

// inPages changes rows page by page: read gives the next ids, change changes those of them that still ask for it. A page is
// one transaction; when that fails, each of its rows is one.
func (m *Market) inPages(
	ctx context.Context, read func(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error),
	change func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error),
) (changed int, err error) {
	var failed []error
	after := uuid.Nil
	for {
		ids, err := read(ctx, after, sweepBatch)
		if err != nil || len(ids) == 0 {
			return changed, errors.Join(append(failed, err)...)
		}
		after = ids[len(ids)-1]
		n, err := m.changeThese(ctx, ids, change)
		changed += n
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return changed, errors.Join(append(failed, err)...)
		}
		for _, id := range ids {
			n, err := m.changeThese(ctx, []uuid.UUID{id}, change)
			changed += n
			if err != nil {
				failed = append(failed, fmt.Errorf("sweep %s: %w", id, err))
			}
		}
	}
}

func (m *Market) changeThese(ctx context.Context, ids []uuid.UUID, change func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error)) (changed int, err error) {
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		changed, err = change(ctx, tx, ids...)
		return err
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

func (m *Market) expireAgreements(ctx context.Context) (int, error) {
	return m.inPages(ctx, m.Store.EndedAgreements, func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error) {
		ended, err := tx.EndedAgreements(ctx, ids...)
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
	return m.inPages(ctx, m.Store.EndedGrants, func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error) {
		ended, err := tx.EndedGrants(ctx, ids...)
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

// goThrough goes on with a pass where the sweep before stopped: look reads a page by id, and which of it ask to be changed. It
// reports whether the pass ended and everything went. What fails keeps nothing behind it from being looked at; the next pass
// of the day tries it again.
func (m *Market) goThrough(
	ctx context.Context, p *pass, today authorisation.Day, most int,
	look func(ctx context.Context, after uuid.UUID, most int) (page, ask []uuid.UUID, err error),
	change func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error),
) (changed int, ended bool, err error) {
	if p.of != today {
		p.of, p.at, p.failed = today, uuid.Nil, false
	}
	looked, over := 0, false
	changed, err = m.inPages(ctx, func(ctx context.Context, _ uuid.UUID, atOnce int) (ask []uuid.UUID, err error) {
		for len(ask) == 0 && err == nil && !over && looked < cmp.Or(p.most, most) {
			var page []uuid.UUID
			page, ask, err = look(ctx, p.at, atOnce)
			if over = err == nil && len(page) == 0; len(page) > 0 {
				p.at, looked = page[len(page)-1], looked+len(page)
			}
		}
		return ask, err
	}, change)
	p.failed = p.failed || err != nil
	if over {
		p.of = authorisation.Day{}
	}
	return changed, over && !p.failed, err
}

// holdAll holds every product against the gate, some in each sweep, unless that was done today by this program, before its
// last start too. Rights, registrations and prices change by the day, so once a day is enough, and once more when another
// program starts, whose rules may be others.
func (m *Market) holdAll(ctx context.Context) (changed int, err error) {
	today, h := authorisation.DayOf(m.Store.Now()), &m.held
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.day == today {
		return 0, nil
	}
	if h.of != today {
		done, err := m.heldOn(ctx, today)
		if err != nil {
			return 0, err
		}
		if done {
			h.day = today
			return 0, nil
		}
	}
	changed, ended, err := m.goThrough(ctx, h, today, holdMost, m.toHold, m.recheck)
	if ended {
		err = m.recordHeld(ctx, today)
	}
	if ended && err == nil {
		h.day = today
	}
	return changed, err
}

// toHold reads a page of products by id, and which of them ask to be changed, by the gate as it is today or because the score of
// their metadata is another, or are told to the search because a grant or a cap of theirs began, or a trial price ended, these
// days. Nearly all stay as they are, so it takes neither a transaction nor a lock: those that ask are judged again where they are changed.
func (m *Market) toHold(ctx context.Context, after uuid.UUID, most int) (page, ask []uuid.UUID, err error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return nil, nil, err
	}
	page, err = m.Store.ProductIDs(ctx, after, most)
	if err != nil {
		return nil, nil, err
	}
	products, described, err := m.Store.GateDescribed(ctx, page...)
	if err != nil {
		return page, page, ctx.Err() // one of them cannot be judged; the change, which takes them singly then, says which
	}
	today := authorisation.DayOf(m.Store.Now())
	for _, id := range page {
		p, found := products[id]
		_, change := authorisation.Suspension(p, authorisation.Obstacles(p, policies.Listing, today))
		scored := metadata.OfProduct(described[id], today).Total == p.Quality
		if found && (change || !scored || grantBegan(p, today) || capBegan(p, today) || trialEnded(p, policies.Listing, today)) {
			ask = append(ask, id)
		}
	}
	return page, ask, nil
}

// newDays is how long the search is told again of what came with a day: no server may have run on it. An index that did not
// follow for longer is built anew.
const newDays = 4

// isNew reports whether a day came since an index may have followed last.
func isNew(day, today authorisation.Day) bool {
	return !day.After(today) && day.AddDays(newDays).After(today)
}

func grantBegan(p authorisation.Product, today authorisation.Day) bool {
	return slices.ContainsFunc(p.Inputs, func(in authorisation.Input) bool {
		return slices.ContainsFunc(in.Grants, func(g authorisation.Grant) bool { return isNew(g.StartsOn, today) })
	})
}

// capBegan: a plan may stop being sold, or be sold again, while the product stays.
func capBegan(p authorisation.Product, today authorisation.Day) bool {
	return slices.ContainsFunc(p.Plans, func(plan authorisation.Plan) bool { return plan.HasCap && isNew(plan.CapFrom, today) })
}

// trialEnded: a plan stops being sold while others are.
func trialEnded(p authorisation.Product, policy authorisation.ListingPolicy, today authorisation.Day) bool {
	return slices.ContainsFunc(p.Plans, func(plan authorisation.Plan) bool {
		return p.StopsPlan(plan, policy, today) == authorisation.TrialOverObstacle && p.StopsPlan(plan, policy, today.AddDays(-newDays)) == ""
	})
}

// heldMark is the name of the audit record that the whole market was held against the gate.
const heldMark = "productsRecheck"

// heldOn reports whether this program held the whole market against the gate on a day; one of no known version never did.
func (m *Market) heldOn(ctx context.Context, day authorisation.Day) (bool, error) {
	if m.Version == "" {
		return false, nil
	}
	change, err := m.Store.NewestAct(ctx, heldMark)
	return change["on"] == day.String() && change["version"] == m.Version, err
}

func (m *Market) recordHeld(ctx context.Context, day authorisation.Day) error {
	if m.Version == "" {
		return nil
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Record(ctx, store.Act{Name: heldMark, Kind: "Market", Change: map[string]any{"on": day, "version": m.Version}})
	})
}

// dropLinks forgets download links that expired unused, a while after they did.
func (m *Market) dropLinks(ctx context.Context) (dropped int, err error) {
	return m.drop(ctx, func(ctx context.Context, tx *store.Tx) (int, error) {
		return tx.DropLinks(ctx, tx.Now().Add(-expiredLinkLife), sweepBatch)
	})
}
