// Package ratelimit owns how much one caller may ask for in a while: by points of cost, not by requests.
//
// A purse holds the points of one caller under one policy: an account, a data-call credential, a network address, and all
// that comes from an address together. It is full at first, and fills evenly. Purses are kept in memory: a restart forgives,
// and each server counts for itself. What requests cost is the edges' to say.
//
// It promises that spending takes constant time, that strangers cannot take more than a bounded memory, that no purse is
// forgotten before it is full again, so that nobody gets a new one by making the table overflow, and that no stranger who
// does so keeps an account or a credential from having its own.
package ratelimit

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"gongshu/internal/fault"
)

// Window is the time in which an empty purse fills.
const Window = time.Minute

// maxPurses is about 20 MB. Addresses that come while there are so many share one purse for each policy. Accounts and
// credentials do not: each is a row of the market, so that nobody has very many.
const maxPurses = 1 << 17

// Policy is what a purse is for; it names the policy in the headers.
type Policy string

// The policies.
const (
	// Account is a person who is signed in.
	Account Policy = "account"
	// Credential is a credential of data calls, once it was served.
	Credential Policy = "credential"
	// Address is a network address, for whoever is neither.
	Address Policy = "address"
	// Network is where addresses are together with all that comes from there, so that one person does not starve an office, nor
	// an office the market.
	Network Policy = "network"
)

// networkFactor is how many times a purse the purse of a network holds.
const networkFactor = 10

// Purse names a purse: of whom, under which policy.
type Purse struct {
	Policy Policy
	Key    string
}

// Limiter keeps the purses. It is safe for concurrent use.
type Limiter struct {
	points int
	now    func() time.Time

	mu sync.Mutex
	// What is not full: when it will be. Untouched for a window a purse is full, so a generation that was not looked at
	// for so long is dropped whole.
	young, old map[Purse]time.Time
	turned     time.Time
	max        int
}

// New returns a limiter whose purses hold so many points each, those of a network ten times as many; nil, which limits
// nothing, when points is not positive.
func New(points int, now func() time.Time) *Limiter {
	if points <= 0 {
		return nil
	}
	return &Limiter{points: points, now: now, young: map[Purse]time.Time{}, old: map[Purse]time.Time{}, turned: now(), max: maxPurses}
}

// Spend takes points from each of the purses, or from none, and says in the headers of the answer what is left. More than a
// whole purse takes a whole one. It refuses as RATE_LIMITED, with the seconds to wait in params and in Retry-After.
func (l *Limiter) Spend(h http.Header, points int, purses ...Purse) error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.turn(now)
	var wait time.Duration
	lacking := make([]time.Duration, len(purses)) // how long until each is full
	for i := range purses {
		purses[i] = l.resident(purses[i])
		lacking[i] = l.lacking(purses[i], now)
		wait = max(wait, lacking[i]+l.price(purses[i].Policy, points)-Window)
	}
	if wait <= 0 {
		for i, p := range purses {
			lacking[i] += l.price(p.Policy, points)
			l.young[p] = now.Add(lacking[i])
		}
	}
	l.say(h, purses, lacking)
	if wait <= 0 {
		return nil
	}
	seconds := seconds(wait)
	h.Set("Retry-After", strconv.Itoa(seconds))
	return fault.New(fault.TooMany, "RATE_LIMITED", "You asked for too much in a short time. Wait %d s.", seconds).With("seconds", seconds)
}

// Open makes a purse one of its own, as by spending nothing.
func (l *Limiter) Open(p Purse) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.turn(now)
	if p = l.resident(p); p.Key != "" {
		l.young[p] = now.Add(l.lacking(p, now))
	}
}

// IsOpen reports whether a purse was opened or spent from within the last window.
func (l *Limiter) IsOpen(p Purse) bool {
	if l == nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn(l.now())
	return l.has(p)
}

func (l *Limiter) has(p Purse) bool {
	_, young := l.young[p]
	_, old := l.old[p]
	return young || old
}

// turn drops what is full again.
func (l *Limiter) turn(now time.Time) {
	passed := now.Sub(l.turned)
	if passed >= 0 && passed < Window {
		return
	}
	l.old, l.young = l.young, map[Purse]time.Time{}
	if passed >= 2*Window {
		l.old = map[Purse]time.Time{}
	}
	l.turned = now
}

// resident is the purse to spend from: where there is no room for another address, the one that latecomers share.
func (l *Limiter) resident(p Purse) Purse {
	anybodys := p.Policy == Address || p.Policy == Network
	if !anybodys || l.has(p) || len(l.young)+len(l.old) < l.max {
		return p
	}
	return Purse{Policy: p.Policy}
}

// lacking is how long until a purse is full: never more than a window, whatever became of the clock.
func (l *Limiter) lacking(p Purse, now time.Time) time.Duration {
	full, ok := l.young[p]
	if !ok {
		full = l.old[p]
	}
	return min(max(full.Sub(now), 0), Window)
}

func (l *Limiter) holds(p Policy) int {
	if p == Network {
		return l.points * networkFactor
	}
	return l.points
}

// price is the time in which points come back.
func (l *Limiter) price(p Policy, points int) time.Duration {
	holds := l.holds(p)
	return time.Duration(float64(Window) * float64(min(points, holds)) / float64(holds))
}

// say writes the fields RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10): what a purse holds and in
// how many seconds it fills, what is left and in how many seconds it is full.
func (l *Limiter) say(h http.Header, purses []Purse, lacking []time.Duration) {
	var policies, left []string
	for i, p := range purses {
		holds := l.holds(p.Policy)
		rest := math.Floor(float64(holds) * (1 - float64(lacking[i])/float64(Window)))
		policies = append(policies, fmt.Sprintf("%q;q=%d;w=%d", p.Policy, holds, seconds(Window)))
		left = append(left, fmt.Sprintf("%q;r=%d;t=%d", p.Policy, max(0, int(rest)), seconds(lacking[i])))
	}
	h.Set("RateLimit-Policy", strings.Join(policies, ", "))
	h.Set("RateLimit", strings.Join(left, ", "))
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
