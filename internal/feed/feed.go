// Package feed owns what open screens are told at once: it looks for what is new in the database, once for all of a server's
// subscribers, and hands each what its viewer may see.
//
// Everything is read from rows, so that it is the same on both databases, and what another server or the worker wrote is seen
// too: within Every, and at once where this server wrote it. What it hands out are hints, named by id; whoever gets one reads
// the thing itself afresh. Hints are not kept: who was away, or reads too slowly, is told Ready, and reads anew what it shows.
package feed

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

const (
	// Every is how often is looked, while anybody is subscribed.
	Every = time.Second
	// pause is the least time between two looks, however much is written.
	pause = 100 * time.Millisecond
	// overlap is how far back is looked each time: a transaction may be committed after one that began later.
	overlap = 5 * time.Second
	// most is how much of each sort is read at once.
	most = 1000
	// waiting is how many events a subscriber may be behind.
	waiting = 64
	// MaxStreams is how many subscriptions an account may have at once.
	MaxStreams = 8
)

// Kind is a kind of event.
type Kind string

// The kinds.
const (
	// Ready says that from now on nothing is missed, and that what came before may have been.
	Ready Kind = "READY"
	// Notification says that the viewer's organisation was told something.
	Notification Kind = "NOTIFICATION"
	// Changed says that something changed which the viewer may see.
	Changed Kind = "CHANGED"
	// Job says that a job of the viewer's organisation moved.
	Job Kind = "JOB"
)

// Values lists the kinds.
func (Kind) Values() []string { return []string{"READY", "NOTIFICATION", "CHANGED", "JOB"} }

// Event is what a subscriber is told: the id of a notification or a job, or what changed.
type Event struct {
	Kind    Kind
	ID      uuid.UUID
	Subject store.SubjectRef
}

// Feed hands events to subscribers. It is safe for concurrent use.
type Feed struct {
	store *store.Store
	log   *slog.Logger

	mu          sync.Mutex
	subscribers map[*Subscription]bool
	running     bool
	closed      bool
}

// New returns a feed of a store, which may have one.
func New(s *store.Store, log *slog.Logger) *Feed {
	return &Feed{store: s, log: log, subscribers: map[*Subscription]bool{}}
}

// Subscription is one open stream.
type Subscription struct {
	// Viewer is who subscribed.
	Viewer access.Viewer

	feed   *Feed
	events chan Event
	acted  chan struct{}
	ended  chan struct{}
	once   sync.Once
	missed bool // something did not fit; guarded by the feed's lock
}

// Events gives the events, Ready first, until the subscription is closed.
func (s *Subscription) Events() <-chan Event { return s.events }

// Acted is signalled when the viewer itself did something somewhere: it may have signed out.
func (s *Subscription) Acted() <-chan struct{} { return s.acted }

// Ended is closed with the subscription.
func (s *Subscription) Ended() <-chan struct{} { return s.ended }

// Subscribe begins a stream of events for a viewer, until ctx ends or the viewer has other rights. Refused with SIGN_IN_REQUIRED, STREAMS_TOO_MANY, and
// UNAVAILABLE while the server stops.
func (f *Feed) Subscribe(ctx context.Context, v access.Viewer) (*Subscription, error) {
	if err := v.MustSignIn(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, fault.New(fault.Unavailable, "STOPPING", "The server is stopping. Try again in a moment.")
	}
	own := 0
	for s := range f.subscribers {
		if s.Viewer.PersonID == v.PersonID {
			own++
		}
	}
	if own >= MaxStreams {
		return nil, fault.New(fault.TooMany, "STREAMS_TOO_MANY", "An account has at most %d streams at once.", MaxStreams).With("max", MaxStreams)
	}
	s := &Subscription{Viewer: v, feed: f, events: make(chan Event, waiting), acted: make(chan struct{}, 1), ended: make(chan struct{})}
	f.subscribers[s] = true
	if !f.running {
		f.running = true
		go f.run()
	}
	context.AfterFunc(ctx, s.Close)
	s.missed = true // what came before the first look: it is told that it is ready then
	return s, nil
}

// Close ends the subscription; done twice it does nothing.
func (s *Subscription) Close() {
	s.once.Do(func() {
		s.feed.mu.Lock()
		defer s.feed.mu.Unlock()
		delete(s.feed.subscribers, s)
		close(s.ended)
	})
}

// Close ends all subscriptions and takes no more.
func (f *Feed) Close() {
	f.mu.Lock()
	f.closed = true
	open := f.open()
	f.mu.Unlock()
	for _, s := range open {
		s.Close()
	}
}

// open are the subscriptions. The caller holds the lock.
func (f *Feed) open() []*Subscription {
	open := make([]*Subscription, 0, len(f.subscribers))
	for s := range f.subscribers {
		open = append(open, s)
	}
	return open
}

// run looks again and again while anybody is subscribed.
func (f *Feed) run() {
	l := look{store: f.store, seen: map[uuid.UUID]time.Time{}, versions: map[uuid.UUID]int{}}
	if err := l.skip(context.Background()); err != nil {
		f.log.Warn("what is new cannot be read", "error", err)
	}
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		f.mu.Lock()
		open := f.open()
		if len(open) == 0 {
			f.running = false
			f.mu.Unlock()
			return
		}
		f.mu.Unlock()
		found, err := l.look(context.Background())
		if err != nil {
			f.log.Warn("what is new cannot be read", "error", err)
			f.miss(open)
		} else {
			f.hand(open, found)
		}
		select {
		case <-tick.C:
		case <-f.store.News():
			time.Sleep(pause)
		}
	}
}

// miss notes that subscribers may have missed something.
func (f *Feed) miss(open []*Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range open {
		s.missed = true
	}
}

// acting is a person as an organisation.
type acting struct{ person, organisation uuid.UUID }

// view is who somebody is now, and what of that which changed it may see.
type view struct {
	viewer  access.Viewer
	changed []store.SubjectRef
	err     error
}

// hand gives each subscriber what is new and may be seen by it. Who it is and what it may see is asked afresh, once for each
// person in an organisation; where it has other rights than it subscribed with, its subscription ends.
func (f *Feed) hand(open []*Subscription, found news) {
	views := map[acting]view{}
	for _, s := range open {
		if slices.Contains(found.actors, s.Viewer.PersonID) {
			select {
			case s.acted <- struct{}{}:
			default:
			}
		}
		if found.empty() {
			f.tell(s, found, nil)
			continue
		}
		who := acting{s.Viewer.PersonID, s.Viewer.OrganisationID}
		now, known := views[who]
		if !known {
			if now = f.view(who, found.changed); now.err != nil {
				f.log.Warn("what may be told cannot be read", "error", now.err)
			}
			views[who] = now
		}
		switch {
		case now.err != nil:
			f.miss([]*Subscription{s})
		case !reflect.DeepEqual(now.viewer, s.Viewer):
			s.Close()
		default:
			f.tell(s, found, now.changed)
		}
	}
}

func (f *Feed) tell(s *Subscription, found news, changed []store.SubjectRef) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s.missed || found.missed {
		s.missed = !s.put(Event{Kind: Ready})
	}
	for _, n := range found.told {
		if n.OrganisationID == s.Viewer.OrganisationID {
			s.missed = !s.put(Event{Kind: Notification, ID: n.ID}) || s.missed
		}
	}
	for _, subject := range changed {
		s.missed = !s.put(Event{Kind: Changed, Subject: subject}) || s.missed
	}
	for _, j := range found.jobs {
		if j.OrganisationID == s.Viewer.OrganisationID {
			s.missed = !s.put(Event{Kind: Job, ID: j.ID}) || s.missed
		}
	}
}

// put reports whether an event found room.
func (s *Subscription) put(e Event) bool {
	select {
	case s.events <- e:
		return true
	default:
		return false
	}
}

// view reads who somebody is now, and which of the things that changed it may see.
func (f *Feed) view(who acting, changed []store.SubjectRef) (now view) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if now.viewer, now.err = f.store.Viewer(ctx, who.person, who.organisation); now.err == nil && now.viewer.SignedIn() {
		now.changed, now.err = f.visible(access.With(ctx, now.viewer), changed)
	}
	return now
}

// visible are those of the things that changed which the viewer may see.
func (f *Feed) visible(ctx context.Context, changed []store.SubjectRef) (seen []store.SubjectRef, err error) {
	byKind := map[string][]uuid.UUID{}
	for _, c := range changed {
		byKind[string(c.Kind)] = append(byKind[string(c.Kind)], c.ID)
	}
	may := map[store.SubjectRef]bool{}
	for _, c := range changed {
		ids := byKind[string(c.Kind)]
		if ids == nil {
			continue
		}
		delete(byKind, string(c.Kind))
		found, err := f.store.Visible(ctx, c.Kind, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			may[store.SubjectRef{Kind: c.Kind, ID: id}] = true
		}
	}
	for _, c := range changed {
		if may[c] {
			seen = append(seen, c)
		}
	}
	return seen, nil
}
