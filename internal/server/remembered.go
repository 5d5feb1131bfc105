package server

import (
	"sync"
	"time"
)

// remembered is what anybody may ask for and is found out once a second at most, however many ask.
type remembered[T any] struct {
	mu    sync.Mutex
	at    time.Time
	value T
}

func (r *remembered[T]) get(find func() T) T {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at.IsZero() || time.Since(r.at) >= time.Second {
		r.value, r.at = find(), time.Now()
	}
	return r.value
}
