package feed

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/membership"
	"gongshu/internal/access"
	"gongshu/internal/notice"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/internal/testdb"
)

// soon is how long an event may take.
const soon = 5 * time.Second

// scene is a shop whose feed is open.
type scene struct {
	*storetest.Shop
	t    *testing.T
	feed *Feed
}

func eachScene(t *testing.T, run func(t *testing.T, s *scene)) {
	testdb.TemplateEach(t, "feed", func(url string) error {
		s, err := store.Open(context.Background(), url, time.Now)
		if err != nil {
			return err
		}
		defer s.Close()
		_, err = s.Migrate(context.Background())
		return err
	}, func(t *testing.T, url string) {
		st, err := store.Open(t.Context(), url, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		s := &scene{Shop: storetest.Lay(t, st), t: t, feed: New(st, slog.New(slog.DiscardHandler))}
		t.Cleanup(s.feed.Close)
		run(t, s)
	})
}

func (s *scene) tx(do func(ctx context.Context, tx *store.Tx) error) {
	s.t.Helper()
	if err := s.Store.InTx(store.AsSystem(s.t.Context()), do); err != nil {
		s.t.Fatal(err)
	}
}

// joins makes a person a member.
func (s *scene) joins(person, organisation uuid.UUID, roles ...access.Role) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.Membership.Create().SetCreatedAt(tx.Now()).SetPersonID(person).SetOrganisationID(organisation).SetRoles(roles).Exec(ctx)
	})
}

// member lays somebody who belongs to an organisation, and opens a stream of its events that is ready.
func (s *scene) member(organisation uuid.UUID, roles ...access.Role) *Subscription {
	s.t.Helper()
	person := access.FromContext(s.Person(s.t, organisation, roles...)).PersonID
	s.joins(person, organisation, roles...)
	v, err := s.Store.Viewer(s.t.Context(), person, organisation)
	if err != nil {
		s.t.Fatal(err)
	}
	sub, err := s.feed.Subscribe(s.t.Context(), v)
	if err != nil {
		s.t.Fatal(err)
	}
	if e := s.next(sub); e.Kind != Ready {
		s.t.Fatalf("a stream begins with %v", e)
	}
	return sub
}

// happens records that something about an organisation changed.
func (s *scene) happens(organisation uuid.UUID) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.Record(ctx, store.Act{Name: "test", Kind: "Organisation", ID: organisation})
	})
}

func (s *scene) next(sub *Subscription) Event {
	s.t.Helper()
	select {
	case e := <-sub.Events():
		return e
	case <-sub.Ended():
		s.t.Fatal("the stream ended")
	case <-time.After(soon):
		s.t.Fatalf("nothing is told within %s", soon)
	}
	return Event{}
}

func (s *scene) ends(sub *Subscription) {
	s.t.Helper()
	select {
	case <-sub.Ended():
	case <-time.After(soon):
		s.t.Fatalf("the stream is open after %s", soon)
	}
	select {
	case e := <-sub.Events():
		s.t.Fatalf("it is told %v before it ends", e)
	default:
	}
}

func changed(organisation uuid.UUID) Event {
	return Event{Kind: Changed, Subject: store.SubjectRef{Kind: notice.Organisation, ID: organisation}}
}

func TestMembersOfOneOrganisationAreToldWhatEachMaySee(t *testing.T) {
	eachScene(t, func(t *testing.T, s *scene) {
		// Who buys is nobody else's business, but a person may belong to two organisations.
		for range 3 { // in whatever order they are told
			both, one := s.member(s.Buyer, access.Member), s.member(s.Buyer, access.Member)
			s.joins(both.Viewer.PersonID, s.Other, access.Member)
			s.happens(s.Other)
			s.happens(s.Buyer)
			if e := s.next(both); e != changed(s.Other) {
				t.Errorf("who belongs to both is told %v first", e)
			}
			if e := s.next(one); e != changed(s.Buyer) {
				t.Errorf("who belongs to one is told %v", e)
			}
			both.Close()
			one.Close()
		}
	})
}

func TestAStreamEndsBeforeAnythingIsToldToWhomItNoLongerConcerns(t *testing.T) {
	for name, loses := range map[string]func(*scene, access.Viewer){
		"a member that was removed": func(s *scene, v access.Viewer) {
			s.tx(func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Membership.Delete().Where(membership.PersonID(v.PersonID)).Exec(ctx)
				return err
			})
		},
		"a member whose role was taken": func(s *scene, v access.Viewer) {
			s.tx(func(ctx context.Context, tx *store.Tx) error {
				return tx.Membership.Update().Where(membership.PersonID(v.PersonID)).SetRoles([]access.Role{access.Member}).Exec(ctx)
			})
		},
		"a person that was disabled": func(s *scene, v access.Viewer) {
			s.tx(func(ctx context.Context, tx *store.Tx) error {
				return tx.Person.UpdateOneID(v.PersonID).SetDisabledAt(tx.Now()).Exec(ctx)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachScene(t, func(t *testing.T, s *scene) {
				gone, stays := s.member(s.Buyer, access.Finance), s.member(s.Buyer, access.Finance)
				loses(s, gone.Viewer)
				s.happens(s.Buyer)
				if e := s.next(stays); e != changed(s.Buyer) {
					t.Errorf("who stays is told %v", e)
				}
				s.ends(gone)
			})
		})
	}
	t.Run("an organisation that was suspended", func(t *testing.T) {
		eachScene(t, func(t *testing.T, s *scene) {
			member := s.member(s.Buyer, access.Finance)
			s.tx(func(ctx context.Context, tx *store.Tx) error {
				if err := tx.Organisation.UpdateOneID(s.Buyer).SetStatus(access.OrganisationSuspended).Exec(ctx); err != nil {
					return err
				}
				return tx.Record(ctx, store.Act{Name: "organisationSuspend", Kind: "Organisation", ID: s.Buyer})
			})
			s.ends(member)
		})
	})
}

func TestAStreamSaysThatSomethingWasMissed(t *testing.T) {
	eachScene(t, func(t *testing.T, s *scene) {
		slow := s.member(s.Buyer, access.Member)
		for range waiting + 1 {
			slow.put(changed(s.Buyer))
		}
		s.happens(s.Buyer) // it finds no room
		for until := time.Now().Add(soon); ; time.Sleep(10 * time.Millisecond) {
			s.feed.mu.Lock()
			missed := slow.missed
			s.feed.mu.Unlock()
			if missed {
				break
			}
			if time.Now().After(until) {
				t.Fatal("nothing is noted as missed")
			}
		}
		for range waiting {
			s.next(slow)
		}
		if e := s.next(slow); e.Kind != Ready {
			t.Errorf("who missed something is told %v", e)
		}
	})
}
