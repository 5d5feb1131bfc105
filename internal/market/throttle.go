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

// Within one window an address may try so often for one account, and so often for all of them together.
const (
	attemptWindow      = 15 * time.Minute
	attemptsPerAccount = 5
	attemptsPerAddress = 50
)

// throttle counts attempts to get in, in memory: a restart forgives, and each process counts for itself.
// An attempt counts from its beginning, or many at once would all be let through. Its zero value is ready.
type throttle struct {
	mu     sync.Mutex
	begun  time.Time
	counts map[string]int
}

// take counts an attempt from the context's address at an account; TOO_MANY_ATTEMPTS when there were too many in this window.
func (t *throttle) take(ctx context.Context, account string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.begun) >= attemptWindow || t.counts == nil {
		t.begun, t.counts = now, map[string]int{}
	}
	address := addressOf(ctx)
	if t.counts[address] >= attemptsPerAddress || t.counts[account+" "+address] >= attemptsPerAccount {
		minutes := int(attemptWindow.Minutes())
		return fault.New(fault.TooMany, "TOO_MANY_ATTEMPTS", "There were too many attempts. Wait %d minutes.", minutes).With("minutes", minutes)
	}
	t.counts[address]++
	t.counts[account+" "+address]++
	return nil
}

// forgive takes back what was counted for an account: its person proved to be who they are.
func (t *throttle) forgive(ctx context.Context, account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	address := addressOf(ctx)
	t.counts[address] -= t.counts[account+" "+address]
	delete(t.counts, account+" "+address)
}
