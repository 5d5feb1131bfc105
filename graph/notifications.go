package graph

import (
	"context"
	"reflect"
	"time"

	"gongshu/ent/db"
	"gongshu/graph/model"
	"gongshu/graph/view"
	"gongshu/internal/access"
	"gongshu/internal/feed"
	"gongshu/internal/notice"
	"gongshu/internal/publicid"
)

// toldOf is what a notification is about.
func toldOf(ctx context.Context, n *db.Notification) (view.Node, error) {
	l, id := loadersOf(ctx), n.SubjectID
	switch n.SubjectKind {
	case notice.Organisation:
		return asNode(l.organisations.Load(ctx, id))
	case notice.Resource:
		return asNode(l.resources.Load(ctx, id))
	case notice.Agreement:
		return asNode(l.agreements.Load(ctx, id))
	case notice.Grant:
		return asNode(l.grants.Load(ctx, id))
	case notice.Proceeding:
		return asNode(l.proceedings.Load(ctx, id))
	case notice.Product:
		return asNode(l.products.Load(ctx, id))
	case notice.Order:
		return asNode(l.orders.Load(ctx, id))
	case notice.Bill:
		return asNode(l.bills.Load(ctx, id))
	case notice.Invoice:
		return asNode(l.invoices.Load(ctx, id))
	case notice.Entitlement:
		return asNode(l.entitlements.Load(ctx, id))
	case notice.PermittedRevenue:
		return asNode(l.permittedRevenues.Load(ctx, id))
	default:
		return asNode(l.credential.Load(ctx, id))
	}
}

// subjectPrefixes are those of what is told of.
var subjectPrefixes = map[notice.Subject]string{
	notice.Organisation: organisationID, notice.Resource: resourceID, notice.Agreement: agreementID, notice.Grant: grantID,
	notice.Proceeding: proceedingID, notice.Product: productID, notice.Order: orderID, notice.Bill: billID, notice.Invoice: invoiceID, notice.Entitlement: entitlementID, notice.Credential: credentialID,
	notice.PermittedRevenue: permittedRevenueID,
}

// unread counts what the viewer has not read.
func (r *Resolver) unread(ctx context.Context) (int, error) {
	seen, err := loadersOf(ctx).seen(ctx)
	if err != nil {
		return 0, err
	}
	return r.Store.UnreadNotifications(ctx, seen)
}

const (
	// stillEvery is how often is asked whether a session lasts.
	stillEvery = 15 * time.Second
	// stillAfter is when it is asked once more after its person did something: signing out is recorded before the session ends.
	stillAfter = time.Second
)

// stream gives a subscriber's events until its session ends, or who acts there becomes another or has other rights.
func (r *Resolver) stream(ctx context.Context, s *feed.Subscription, to chan<- *model.ViewerEvent) {
	defer close(to)
	defer s.Close()
	every := time.NewTicker(stillEvery)
	defer every.Stop()
	after := time.NewTimer(stillEvery)
	defer after.Stop()
	for {
		select {
		case <-s.Ended():
			return
		case <-s.Acted():
			after.Reset(stillAfter)
			if !r.lasts(ctx, s.Viewer) {
				return
			}
		case <-every.C:
			if !r.lasts(ctx, s.Viewer) {
				return
			}
		case <-after.C:
			if !r.lasts(ctx, s.Viewer) {
				return
			}
		case e := <-s.Events():
			select {
			case <-s.Ended(): // what still waits may no longer be this viewer's to see
				return
			default:
			}
			shown := r.shown(ctx, e)
			if shown == nil {
				continue
			}
			select {
			case to <- shown:
			case <-s.Ended():
				return
			}
		}
	}
}

// lasts reports whether the session still is of the same person with the same rights. While nobody can tell, it does.
func (r *Resolver) lasts(ctx context.Context, v access.Viewer) bool {
	now, err := r.Sessions.Still(ctx)
	return err != nil || reflect.DeepEqual(now, v)
}

// shown is an event as a client gets it; nil where the viewer may not see what it is about.
func (r *Resolver) shown(ctx context.Context, e feed.Event) *model.ViewerEvent {
	shown := &model.ViewerEvent{Kind: e.Kind}
	switch e.Kind {
	case feed.Notification:
		n, err := r.Store.Read().Notification.Get(ctx, e.ID)
		if err != nil {
			return nil // it is not for this viewer's roles; a database that is away is told of by Ready
		}
		shown.Notification = n
	case feed.Job:
		j, err := r.Store.Read().Job.Get(ctx, e.ID)
		if err != nil {
			return nil // as above
		}
		shown.Job = j
	case feed.Changed:
		shown.Subject = &model.ViewerEventSubject{Kind: e.Subject.Kind, ID: publicid.Encode(subjectPrefixes[e.Subject.Kind], e.Subject.ID)}
	}
	return shown
}
