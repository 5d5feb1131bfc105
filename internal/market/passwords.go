package market

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"

	"github.com/alexedwards/argon2id"
)

// passwordCost makes one guess dear: two passes over 19 MiB (OWASP's least for argon2id).
var passwordCost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobodysHash is compared with when there is no such account, so that the answer takes the same time.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCAwMA$bm9ib2R5J3MgcGFzc3dvcmQ6IG1hdGNoZXMgbm90aGk"

// hashing lets one password be hashed at a time, and so bounds the memory that strangers can make it take.
var hashing = make(chan struct{}, 1)

// HashPassword is what is stored of a password.
func HashPassword(ctx context.Context, password string) (hash string, err error) {
	err = hashed(ctx, func() error {
		hash, err = argon2id.CreateHash(password, passwordCost)
		return err
	})
	return hash, err
}

// passwordMatches says whether a password is the one that was hashed; with the hash "" it never is, after the same time.
func passwordMatches(ctx context.Context, password, hash string) (matches bool, err error) {
	known := hash != ""
	if !known {
		hash = nobodysHash
	}
	err = hashed(ctx, func() error {
		matches, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	return matches && known, err
}

func hashed(ctx context.Context, do func() error) error {
	select {
	case hashing <- struct{}{}:
		defer func() {
			forget()
			<-hashing
		}()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := do(); err != nil {
		return fmt.Errorf("hash a password: %w", err) // argon2id names parameters, never the password
	}
	return nil
}

// cheapToCollect is the heap up to which collecting it costs less than hashing one password.
const cheapToCollect = 64 << 20

// forget gives the memory of a hash to the next one, which would otherwise take as much again beside it.
func forget() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	if metrics.Read(live); live[0].Value.Uint64() < cheapToCollect {
		runtime.GC()
	}
}
