package worker

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/internal/testdb"
	"gongshu/search"
	"gongshu/search/inverted"
)

// followed does nothing but follow with the search of a market.
type followed struct {
	*work
	market *market.Market
}

func (f followed) SearchFollow(ctx context.Context) (int, error) { return f.market.SearchFollow(ctx) }

// A change is found within 2 s, whichever program made it, and what left the market is not found after 5 s.
func TestTheSearchFollowsInTime(t *testing.T) {
	t.Parallel()
	open := func(url string) (*store.Store, error) { return store.Open(context.Background(), url, time.Now) }
	prepare := func(url string) error {
		s, err := open(url)
		if err != nil {
			return err
		}
		_, migrated := s.Migrate(context.Background())
		_, err = (&market.Market{Store: s}).LoadPolicies(context.Background())
		return errors.Join(migrated, err, s.Close())
	}
	testdb.TemplateEach(t, "market", prepare, func(t *testing.T, url string) {
		own, err := open(url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { own.Close() })
		other, err := open(url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { other.Close() })
		m := &market.Market{Store: own, Search: &market.Searching{Products: inverted.Memory(), Resources: inverted.Memory()}}
		if err := m.SearchPrepare(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		w, err := New(own, followed{newWork(), m}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := w.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		})
		product := storetest.Lay(t, own).Product(t, authorisation.DeliveryAPI, 1).ID
		for range 3 {
			for _, by := range []struct {
				name string
				s    *store.Store
			}{{"this program", own}, {"another program", other}} {
				for _, to := range []struct {
					status authorisation.ProductStatus
					want   int
					within time.Duration
				}{{authorisation.ProductListed, 1, 2 * time.Second}, {authorisation.ProductSuspended, 0, 5 * time.Second}} {
					if err := move(by.s, product, to.status); err != nil {
						t.Fatal(err)
					}
					took := until(t, to.within, func() bool {
						found, _, err := m.ProductsFind(t.Context(), search.Query{Text: "逐日雨量", CountTotal: true})
						if err != nil {
							t.Fatal(err)
						}
						return found.Total == to.want
					})
					t.Logf("%s by %s is followed after %s", to.status, by.name, took)
				}
			}
		}
	})
}

// stuck follows and does not end when it is told to.
type stuck struct {
	*work
	begun, end chan struct{}
}

func (s stuck) SearchFollow(context.Context) (int, error) {
	close(s.begun)
	<-s.end
	return 0, nil
}

// A search that does not end when it is told to does not keep the program from ending.
func TestAStopDoesNotWaitForASearchThatHangs(t *testing.T) {
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "gongshu.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	hangs := stuck{newWork(), make(chan struct{}), make(chan struct{})}
	defer close(hangs.end)
	w, err := New(s, hangs, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-hangs.begun
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	begun := time.Now()
	if err := w.Stop(ctx); err == nil || time.Since(begun) > cancelTime+2*time.Second {
		t.Errorf("it stops after %s with %v", time.Since(begun), err)
	}
}

func move(s *store.Store, product uuid.UUID, to authorisation.ProductStatus) error {
	return s.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Product.UpdateOneID(product).SetStatus(to).SetListedAt(tx.Now()).Exec(ctx); err != nil {
			return err
		}
		return tx.ProductsChanged(ctx, product)
	})
}

// until waits for something, at most so long, and says how long it took.
func until(t *testing.T, limit time.Duration, is func() bool) time.Duration {
	t.Helper()
	begun := time.Now()
	for !is() {
		if time.Since(begun) > limit {
			t.Fatalf("it is not so after %s", limit)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return time.Since(begun)
}
