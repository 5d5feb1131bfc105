package market

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/notification"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/notice"
	"gongshu/internal/store"
)

// toldTo are the kinds that somebody's organisation was told and that are for its roles, oldest first.
func (w *world) toldTo(t *testing.T, as context.Context) []notice.Kind {
	t.Helper()
	rows, err := w.Store.Read().Notification.Query().Order(db.Asc(notification.FieldID)).All(as)
	must(t, err)
	kinds := make([]notice.Kind, len(rows))
	for i, row := range rows {
		kinds[i] = row.Kind
	}
	return kinds
}

func (w *world) expectTold(t *testing.T, sentence string, as context.Context, want ...notice.Kind) {
	t.Helper()
	if got := w.toldTo(t, as); !slices.Equal(got, want) {
		t.Errorf("%s: told %v, want %v", sentence, got, want)
	}
}

func TestWhoIsToldOfWhat(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		member := w.person(t, s.operator, access.Member)
		stranger := w.person(t, w.organisation(t, "别家公司", access.Enterprise, access.Operator), access.Administrator)
		s.publish(t, w, s.classified(t, w))
		w.expectTold(t, "an authority decides, its applicant hears", s.industry, notice.ProceedingWaiting)
		w.expectTold(t, "the applicant", s.publisher, notice.ApplicationDecided)
		agreement := s.agree(t, w, "XY-1")
		grant := s.grant(t, w, agreement, 200)
		w.expectTold(t, "a grant is decided by two", s.agencyApprover, notice.ProceedingWaiting)
		w.expectTold(t, "who does not decide is not told to", s.agencyPublisher)
		w.expectTold(t, "and given", member, notice.ApplicationDecided, notice.GrantGiven)

		product := s.product(t, w, authorisation.ProductListed)
		must(t, w.ResourceSuspend(s.agencyApprover, s.resource, "核查"))
		w.expectTold(t, "a resource takes the products down that are made of it", member, notice.ApplicationDecided, notice.GrantGiven,
			notice.ResourceSuspended, notice.ProductSuspended)
		rows, err := w.Store.Read().Notification.Query().Where(notification.KindEQ(notice.ProductSuspended)).All(member)
		must(t, err)
		if len(rows) != 1 || rows[0].SubjectID != product || rows[0].Params["obstacle"] != string(authorisation.ResourceNotPublished) || rows[0].Params["productName"] == "" {
			t.Errorf("the suspension says %+v", rows)
		}
		must(t, w.GrantRevoke(s.agencyApprover, grant, "到期整改"))
		if told := w.toldTo(t, member); told[len(told)-1] != notice.GrantRevoked {
			t.Errorf("at last the operator is told %v", told)
		}
		w.expectTold(t, "nobody else is told anything", stranger)
		w.expectTold(t, "nor nobody at all", context.Background())
	})
}

func TestWhatIsNearIsToldOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		agreement := s.agree(t, w, "XY-1")
		s.grant(t, w, agreement, 60)
		_, proceeding, err := w.GrantApply(s.operatorPublisher, s.application(agreement, w, 50, "another"))
		must(t, err)
		row, err := w.Store.Read().Proceeding.Get(s.agencyApprover, proceeding)
		must(t, err)
		near := func(as context.Context, kind notice.Kind) (n int) {
			for _, told := range w.toldTo(t, as) {
				if told == kind {
					n++
				}
			}
			return n
		}
		sweepOn := func(day authorisation.Day) {
			t.Helper()
			w.clock = day.Start().Add(10 * time.Hour)
			for range 2 {
				_, err := w.Sweep(t.Context())
				must(t, err)
			}
		}
		due, err := authorisation.ParseDay(*row.DueOn)
		must(t, err)
		policies, err := w.Store.Policies(t.Context())
		must(t, err)
		soon := due
		for n := 0; n < 3; { // the third working day before
			soon = soon.AddDays(-1)
			works, err := policies.Calendar.IsWorkingDay(soon)
			must(t, err)
			if works {
				n++
			}
		}
		sweepOn(soon)
		if n := near(s.agencyApprover, notice.ProceedingDueSoon); n != 0 {
			t.Errorf("three working days before its deadline a proceeding is told of %d times", n)
		}
		sweepOn(due.AddDays(-1))
		sweepOn(due)
		if n := near(s.agencyApprover, notice.ProceedingDueSoon); n != 1 {
			t.Errorf("a deadline that is near is told of %d times", n)
		}
		first := authorisation.DayOf(today)
		if n := near(s.operatorPublisher, notice.GrantEnding); n != 0 {
			t.Errorf("the end of a grant is told of long before")
		}
		sweepOn(first.AddDays(30))
		sweepOn(first.AddDays(45))
		if n := near(s.operatorPublisher, notice.GrantEnding); n != 1 {
			t.Errorf("the end of a grant is told of %d times", n)
		}
		sweepOn(first.AddMonths(13))
		for _, as := range []context.Context{s.operatorPublisher, s.agencyApprover} {
			for _, kind := range w.toldTo(t, as) {
				if kind != notice.AgreementEnding {
					t.Errorf("after a year %s is still there", kind)
				}
			}
		}
	})
}

func TestNotificationsAreMarkedAsReadUpToOne(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		organisation := w.organisation(t, "需求方", access.Enterprise, access.Buyer)
		one, other := w.person(t, organisation, access.Administrator), w.person(t, organisation, access.Member)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			for range 3 {
				err := tx.Notify(ctx, store.Notice{To: []uuid.UUID{organisation, organisation}, Kind: notice.ProductListed, Subject: notice.Product, SubjectID: uuid.New()})
				if err != nil {
					return err
				}
			}
			return nil
		})
		unread := func(as context.Context) int {
			t.Helper()
			seen, err := w.Store.NotificationsSeen(as)
			must(t, err)
			n, err := w.Store.UnreadNotifications(as, seen)
			must(t, err)
			return n
		}
		ids, err := w.Store.Read().Notification.Query().Order(db.Asc(notification.FieldID)).IDs(one)
		must(t, err)
		if len(ids) != 3 || unread(one) != 3 {
			t.Fatalf("told %d times, %d unread", len(ids), unread(one))
		}
		for _, step := range []struct {
			upTo uuid.UUID
			left int
		}{{ids[1], 1}, {ids[0], 1}, {ids[1], 1}, {ids[2], 0}} {
			must(t, w.NotificationsMarkRead(one, step.upTo))
			if n := unread(one); n != step.left {
				t.Errorf("%d are unread, want %d", n, step.left)
			}
		}
		if n := unread(other); n != 3 {
			t.Errorf("a colleague has %d unread", n)
		}
		refused(t, w.NotificationsMarkRead(one, uuid.Must(uuid.NewV7())), "NOT_FOUND")
		refused(t, w.NotificationsMarkRead(w.person(t, w.organisation(t, "别家", access.Enterprise, access.Buyer), access.Administrator), ids[0]), "NOT_FOUND")
		refused(t, w.NotificationsMarkRead(context.Background(), ids[0]), "SIGN_IN_REQUIRED")
		late := w.person(t, organisation, access.Member) // joined after
		w.clock = w.clock.Add(time.Hour)
		if unread(late) != 3 { // at the same moment of this clock
			t.Errorf("who joins has %d unread", unread(late))
		}
		if n := unread(w.person(t, organisation, access.Member)); n != 0 {
			t.Errorf("who joins later has %d unread", n)
		}
	})
}
