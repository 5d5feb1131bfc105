package ratelimit

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongshu/internal/fault"
)

// clock is moved by the test.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

func spend(t *testing.T, l *Limiter, points int, purses ...Purse) (http.Header, bool) {
	t.Helper()
	h := http.Header{}
	err := l.Spend(h, points, purses...)
	var f *fault.Error
	if err != nil && (!errors.As(err, &f) || f.Kind != fault.TooMany || f.Code != "RATE_LIMITED" || h.Get("Retry-After") != fmt.Sprint(f.Params["seconds"])) {
		t.Fatalf("it is refused with %v and %v", err, h)
	}
	return h, err == nil
}

func TestAPurseEmptiesAndFillsEvenly(t *testing.T) {
	c := &clock{noon}
	l := New(600, c.now)
	me := Purse{Account, "me"}
	for _, step := range []struct {
		after       time.Duration
		points      int
		ok          bool
		left, retry string
	}{
		{0, 100, true, `"account";r=500;t=10`, ""},
		{0, 500, true, `"account";r=0;t=60`, ""},
		{0, 1, false, `"account";r=0;t=60`, "1"},
		{0, 100, false, `"account";r=0;t=60`, "10"},
		{9900 * time.Millisecond, 100, false, `"account";r=99;t=51`, "1"},
		{100 * time.Millisecond, 100, true, `"account";r=0;t=60`, ""},
		{time.Hour, 0, true, `"account";r=600;t=0`, ""},
		{0, 5000, true, `"account";r=0;t=60`, ""}, // more than it holds takes all
		{59 * time.Second, 5000, false, `"account";r=590;t=1`, "1"},
		{-time.Hour, 1, false, `"account";r=0;t=60`, "1"}, // a clock that is set back keeps nobody out for longer than a window
		{time.Minute, 600, true, `"account";r=0;t=60`, ""},
	} {
		c.at = c.at.Add(step.after)
		h, ok := spend(t, l, step.points, me)
		if ok != step.ok || h.Get("RateLimit") != step.left || h.Get("Retry-After") != step.retry || h.Get("RateLimit-Policy") != `"account";q=600;w=60` {
			t.Errorf("after %s, %d points: %t %v; want %+v", step.after, step.points, ok, h, step)
		}
	}
}

func TestAllPursesPayOrNone(t *testing.T) {
	c := &clock{noon}
	l := New(100, c.now)
	network := Purse{Network, "a"}
	for i := range 10 {
		if _, ok := spend(t, l, 100, Purse{Account, fmt.Sprint(i)}, network); !ok {
			t.Errorf("account %d of ten pays", i)
		}
	}
	h, ok := spend(t, l, 1, Purse{Account, "eleventh"}, network)
	if ok || h.Get("RateLimit") != `"account";r=100;t=0, "network";r=0;t=60` || h.Get("RateLimit-Policy") != `"account";q=100;w=60, "network";q=1000;w=60` {
		t.Errorf("the network is empty, and the account still pays: %v", h)
	}
	if _, ok := spend(t, l, 100, Purse{Account, "eleventh"}, Purse{Network, "b"}); !ok {
		t.Error("another network pays for another")
	}
}

func TestNobodyGetsANewPurseByFillingTheTable(t *testing.T) {
	c := &clock{noon}
	l := New(100, c.now)
	l.max = 50
	me := Purse{Address, "me"}
	spend(t, l, 100, me)
	shared := 0
	for i := range 1000 {
		if _, ok := spend(t, l, 100, Purse{Address, fmt.Sprint(i)}); ok {
			shared++
		}
	}
	if shared != 50 { // 49 of their own, and the one that the latecomers share
		t.Errorf("%d strangers were let through", shared)
	}
	if _, ok := spend(t, l, 1, me); ok {
		t.Error("the table overflowed and I have a new purse")
	}
	if n := len(l.young) + len(l.old); n > l.max+1 {
		t.Errorf("%d purses are kept", n)
	}
	for range 3 { // what is full again is forgotten
		c.at = c.at.Add(Window)
		spend(t, l, 1, Purse{Address, "later"})
	}
	if n := len(l.young) + len(l.old); n > 2 {
		t.Errorf("%d purses are kept for good", n)
	}
}

func TestStrangersKeepNoAccountFromItsPurse(t *testing.T) {
	c := &clock{noon}
	l := New(100, c.now)
	l.max = 50
	for i := range 1000 {
		spend(t, l, 100, Purse{Address, fmt.Sprint(i)})
	}
	for _, policy := range []Policy{Account, Credential} {
		for i := range 10 {
			p := Purse{policy, fmt.Sprint(i)}
			l.Open(p)
			if _, ok := spend(t, l, 100, p); !ok || !l.IsOpen(p) {
				t.Errorf("%s %d has no purse of its own", policy, i)
			}
		}
	}
}

func TestAPurseIsRememberedUntilItIsFull(t *testing.T) {
	for offset := time.Duration(0); offset < 2*Window; offset += 7 * time.Second {
		c := &clock{noon}
		l := New(60, c.now)
		c.at = c.at.Add(offset)
		spend(t, l, 60, Purse{Address, "me"})
		for second := range 60 {
			spend(t, l, 1, Purse{Address, "another"})
			if h, ok := spend(t, l, second+1, Purse{Address, "me"}); ok {
				t.Fatalf("spent at %s, after %d s: %v", offset, second, h)
			}
			c.at = c.at.Add(time.Second)
		}
		if _, ok := spend(t, l, 60, Purse{Address, "me"}); !ok {
			t.Errorf("spent at %s, it is not full after a minute", offset)
		}
	}
}

func TestAPurseIsOpenOnceItWasOpened(t *testing.T) {
	c := &clock{noon}
	l := New(60, c.now)
	p := Purse{Credential, "c"}
	if l.IsOpen(p) {
		t.Error("it is open before")
	}
	l.Open(p)
	spend(t, l, 60, p)
	l.Open(p)
	if _, ok := spend(t, l, 1, p); !l.IsOpen(p) || ok {
		t.Error("opening it again fills it")
	}
	c.at = c.at.Add(3 * Window)
	if l.IsOpen(p) {
		t.Error("it is never closed")
	}
}

func TestWithoutPointsNothingIsLimited(t *testing.T) {
	l := New(0, time.Now)
	if h, ok := spend(t, l, 1<<30, Purse{Address, "me"}); !ok || len(h) > 0 || l.IsOpen(Purse{}) {
		t.Errorf("got %v", h)
	}
	l.Open(Purse{})
}

func TestManySpendAtOnce(t *testing.T) {
	c := &clock{noon}
	l := New(1000, c.now)
	var paid atomic.Int64
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 500 {
				if l.Spend(http.Header{}, 1, Purse{Account, "me"}, Purse{Network, "a"}) == nil {
					paid.Add(1)
				}
				l.Open(Purse{Credential, fmt.Sprint(i)})
				l.IsOpen(Purse{Credential, "0"})
			}
		})
	}
	all.Wait()
	if paid.Load() != 1000 {
		t.Errorf("%d points of 1000 were paid", paid.Load())
	}
}

func BenchmarkSpend(b *testing.B) {
	l := New(1<<30, time.Now)
	h := http.Header{}
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Spend(h, 1, Purse{Account, "me"}, Purse{Network, "a"}); err != nil {
			b.Fatal(err)
		}
	}
}
