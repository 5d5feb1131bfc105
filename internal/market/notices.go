package market

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/notice"
	"gongshu/internal/store"
)

// NotificationsMarkRead marks the notifications of the viewer's organisation as read by the viewer, up to and with one of
// them. Done twice, or up to an earlier one, it changes nothing more. Refused with NOT_FOUND.
func (m *Market) NotificationsMarkRead(ctx context.Context, upTo uuid.UUID) error {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.SeeNotifications(ctx, upTo) })
}

// tellOpened tells those who decide of a proceeding that waits for them.
func tellOpened(ctx context.Context, tx *store.Tx, id uuid.UUID, o opening, due *authorisation.Day) error {
	deciders, err := tx.DecidersOf(ctx, id)
	if err != nil {
		return err
	}
	params := map[string]string{"proceedingKind": string(o.kind), "subjectName": o.subjectName}
	if due != nil {
		params["dueOn"] = due.String()
	}
	return tx.Notify(ctx, store.Notice{To: deciders, Kind: notice.ProceedingWaiting, Subject: notice.Proceeding, SubjectID: id, Params: params})
}

// tellDecided tells an applicant how its proceeding ended, and an operator of the grant that it got.
func tellDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	to := []uuid.UUID{p.ApplicantID}
	notices := []store.Notice{{To: to, Kind: notice.ApplicationDecided, Subject: notice.Proceeding, SubjectID: p.ID, Params: map[string]string{
		"proceedingKind": string(p.Kind), "state": string(p.State), "subjectName": p.SubjectName,
	}}}
	if p.Kind == authorisation.ProceedingGrant && p.State == authorisation.StateApproved {
		notices = append(notices, store.Notice{To: to, Kind: notice.GrantGiven, Subject: notice.Grant, SubjectID: p.SubjectID,
			Params: map[string]string{"subjectName": p.SubjectName}})
	}
	return tx.Notify(ctx, notices...)
}

// tellPaid tells both sides of an order that it is paid.
func tellPaid(ctx context.Context, tx *store.Tx, o store.Order) error {
	operator, err := tx.OperatorOf(ctx, o.ProductID)
	if err != nil {
		return err
	}
	return tx.Notify(ctx, store.Notice{To: []uuid.UUID{o.BuyerID, operator}, Kind: notice.OrderPaid, Subject: notice.Order, SubjectID: o.ID,
		Params: map[string]string{
			"productName": o.Terms.ProductName, "productNameEn": o.Terms.ProductNameEn, "amount": o.TotalFen.Yuan().String(), "currency": "CNY",
		}})
}

// told are the kinds by what a product became.
var told = map[authorisation.ProductStatus]notice.Kind{
	authorisation.ProductListed: notice.ProductListed, authorisation.ProductSuspended: notice.ProductSuspended, authorisation.ProductRetired: notice.ProductRetired,
}

// tellMoved tells an operator, and those who hold rights to its product, that it came to the market or left it; why says by
// the code of an obstacle what took it down, "" where a person did.
func tellMoved(ctx context.Context, tx *store.Tx, productID uuid.UUID, from, to authorisation.ProductStatus, why authorisation.ObstacleCode) error {
	kind, tells := told[to]
	if !tells || from == to {
		return nil
	}
	concerned, err := tx.ConcernedBy(ctx, productID)
	if err != nil {
		return err
	}
	p, err := tx.Product.Get(store.AsSystem(ctx), productID)
	if err != nil {
		return err
	}
	params := store.ProductParams(p)
	if why != "" {
		params["obstacle"] = string(why)
	}
	return tx.Notify(ctx, store.Notice{To: concerned, Kind: kind, Subject: notice.Product, SubjectID: productID, Params: params})
}

// tellResourceSuspended tells the operators whose products are made of a resource.
func tellResourceSuspended(ctx context.Context, tx *store.Tx, id uuid.UUID, name string) error {
	operators, err := tx.OperatorsUsing(ctx, id)
	if err != nil {
		return err
	}
	return tx.Notify(ctx, store.Notice{To: operators, Kind: notice.ResourceSuspended, Subject: notice.Resource, SubjectID: id,
		Params: map[string]string{"subjectName": name}})
}

// tellDataset tells an operator what became of a dataset of its product; reason is output control's or the refusal's code.
func tellDataset(ctx context.Context, tx *store.Tx, p *db.Product, accepted bool, pairs ...string) error {
	kind := notice.DatasetRefused
	if accepted {
		kind = notice.DatasetAccepted
	}
	return tx.Notify(ctx, store.Notice{To: []uuid.UUID{p.OperatorID}, Kind: kind, Subject: notice.Product, SubjectID: p.ID, Params: store.ProductParams(p, pairs...)})
}

// nearEvery is how often days that are near are looked for: nothing finds them by an index.
const nearEvery = time.Hour

// near remembers when days that are near were last looked for.
type near struct {
	mu sync.Mutex
	at time.Time
}

// tellNear tells of days that are near, each once.
func (m *Market) tellNear(ctx context.Context) (told int, err error) {
	now := m.Store.Now()
	m.near.mu.Lock()
	defer m.near.mu.Unlock()
	if since := now.Sub(m.near.at); since >= 0 && since < nearEvery && authorisation.DayOf(now) == authorisation.DayOf(m.near.at) {
		return 0, nil
	}
	if told, err = m.tellAllNear(ctx); err == nil {
		m.near.at = now
	}
	return told, err
}

func (m *Market) tellAllNear(ctx context.Context) (told int, err error) {
	for {
		n := 0
		err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			policies, err := tx.Policies(ctx)
			if err != nil {
				return err
			}
			today := authorisation.DayOf(tx.Now())
			var due authorisation.Day
			if day, missing := policies.Calendar.Deadline(today, policies.Notifications.DueWorkingDays); !missing && day != nil {
				due = *day
			}
			near, err := tx.NearEnds(ctx, policies, today.AddDays(policies.Notifications.EndingDays), due, sweepBatch)
			if err != nil {
				return err
			}
			n = len(near)
			return tx.Notify(ctx, near...)
		})
		if err != nil {
			return told, err
		}
		if told += n; n < sweepBatch { // a sort that is full brings as many
			return told, nil
		}
	}
}

// dropNotifications forgets notifications that are older than policy keeps them.
func (m *Market) dropNotifications(ctx context.Context) (dropped int, err error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return 0, err
	}
	before := authorisation.DayOf(m.Store.Now()).AddMonths(-policies.Notifications.KeepMonths).Start()
	return m.drop(ctx, func(ctx context.Context, tx *store.Tx) (int, error) {
		return tx.DropNotifications(ctx, before, sweepBatch)
	})
}

// drop forgets what there is of something, so much in one transaction.
func (m *Market) drop(ctx context.Context, some func(ctx context.Context, tx *store.Tx) (int, error)) (dropped int, err error) {
	for {
		n := 0
		err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = some(ctx, tx)
			return err
		})
		if err != nil {
			return dropped, err
		}
		if dropped += n; n < sweepBatch {
			return dropped, nil
		}
	}
}
