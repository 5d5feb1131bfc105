package market

import (
	"context"
	"sync"
	"time"

	"gongshu/internal/fault"
)

type addressKey struct{}

// WithAddress returns a context that says from which network address the request came. Attempts to sign in are counted by it.
func WithAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

func addressOf(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}

// Within one window an address may try so often for one account, and so often for all of them together. For one account
// all addresses together may try so often; after that the account is tried once every accountPause, except from the
// address that its person last came from, so that strangers slow each other down and keep nobody out.
const (
	attemptWindow        = 15 * time.Minute
	attemptsPerAccount   = 5
	attemptsPerAddress   = 50
	attemptsOnOneAccount = 20
	accountPause         = 15 * time.Second
)

// throttle counts attempts to get in, in memory: a restart forgives, and each process counts for itself.
// An attempt counts from its beginning, or many at once would all be let through. Its zero value is ready.
type throttle struct {
	mu        sync.Mutex
	begun     time.Time
	addresses map[string]int
	pairs     map[accountFrom]int
	accounts  map[string]*tried
	// known is the address that an account's person last came from.
	known map[string]string
}

type accountFrom struct{ account, address string }

// tried is how often an account was tried in this window, and when last.
type tried struct {
	times int
	last  time.Time
}

// take counts an attempt from the context's address at an account, "" for what can be nobody's; TOO_MANY_ATTEMPTS when
// there were too many in this window, or too many on this account from everywhere.
func (t *throttle) take(ctx context.Context, account string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.begun) >= attemptWindow || t.pairs == nil {
		t.begun, t.addresses, t.pairs, t.accounts = now, map[string]int{}, map[accountFrom]int{}, map[string]*tried{}
	}
	address := addressOf(ctx)
	from := accountFrom{account, address}
	if t.addresses[address] >= attemptsPerAddress || t.pairs[from] >= attemptsPerAccount {
		return tooManyAttempts(attemptWindow)
	}
	all := t.accounts[account]
	if all == nil {
		all = &tried{}
		t.accounts[account] = all
	}
	known, isKnown := t.known[account]
	strange := account != "" && (!isKnown || known != address)
	if strange && all.times >= attemptsOnOneAccount && now.Sub(all.last) < accountPause {
		return tooManyAttempts(time.Minute)
	}
	t.addresses[address]++
	t.pairs[from]++
	if strange {
		all.times, all.last = all.times+1, now
	}
	return nil
}

func tooManyAttempts(wait time.Duration) error {
	minutes := int(wait.Minutes())
	return fault.New(fault.TooMany, "TOO_MANY_ATTEMPTS", "There were too many attempts. Wait %d min.", minutes).With("minutes", minutes)
}

// forgive takes back what was counted for an account from the context's address: its person proved to be who they are,
// and is known there from now on.
func (t *throttle) forgive(ctx context.Context, account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	from := accountFrom{account, addressOf(ctx)}
	t.addresses[from.address] -= t.pairs[from]
	delete(t.pairs, from)
	if t.known == nil {
		t.known = map[string]string{}
	}
	t.known[account] = from.address
}
