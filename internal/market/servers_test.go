package market

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/searchchange"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/search"
	"gongshu/search/inverted"
)

// eachTwo runs a test with a market on a database and another one that another process has on it.
func eachTwo(t *testing.T, run func(t *testing.T, one *world, s *followedScene, other *world)) {
	t.Helper()
	eachDatabase(t, func(t *testing.T, url string) {
		one, other := worldAt(t, url), worldAt(t, url)
		s := one.followedScene(t)
		notedSearch(t, one.Market)
		notedSearch(t, other.Market)
		run(t, one, s, other)
	})
}

// flip takes a product off the market, or puts it back, and tells the search; hold is called before the commit.
func (w *world) flip(id uuid.UUID, hold func() error) error {
	return w.Store.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.Product.Get(ctx, id)
		if err != nil {
			return err
		}
		to := authorisation.ProductListed
		if p.Status == to {
			to = authorisation.ProductSuspended
		}
		if err := tx.Product.UpdateOneID(id).SetStatus(to).SetListedAt(tx.Now()).Exec(ctx); err != nil {
			return err
		}
		return errors.Join(tx.ProductsChanged(ctx, id), hold())
	})
}

func TestNoChangeIsMissedWhoeverCommitsFirst(t *testing.T) {
	rolledBack := errors.New("it ends without a commit")
	eachTwo(t, func(t *testing.T, one *world, s *followedScene, other *world) {
		// Many at once: some are held back, some end without a commit, and both servers follow all the time.
		products := make([]uuid.UUID, 8)
		for i := range products {
			products[i] = s.scene.product(t, one, authorisation.ProductListed)
		}
		done := make(chan struct{})
		var following, writing sync.WaitGroup
		for _, server := range []*world{one, other} {
			following.Go(func() {
				for {
					if _, err := server.SearchFollow(context.Background()); err != nil {
						t.Error(err)
					}
					select {
					case <-done:
						return
					case <-time.After(time.Millisecond):
					}
				}
			})
		}
		for i, id := range products {
			server := []*world{one, other}[i%2]
			writing.Go(func() {
				random := rand.New(rand.NewPCG(1, uint64(i)))
				for range 10 {
					err := server.flip(id, func() error {
						time.Sleep(time.Duration(random.IntN(12)) * time.Millisecond)
						if random.IntN(4) == 0 {
							return rolledBack
						}
						return nil
					})
					if err != nil && !errors.Is(err, rolledBack) {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		close(done)
		following.Wait()
		one.followed(t)
		other.followed(t)
		indexed(t, one.Market)
		indexed(t, other.Market)
	})
}

// On Postgres, where a change may be committed after one that has a higher id.
func TestALateCommitIsFollowed(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, s *followedScene, other *world) {
		if one.Store.Dialect() != "postgres" {
			return // SQLite has one writer
		}
		late, early := s.product, s.scene.product(t, one, authorisation.ProductListed)
		begun, may, ended := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			ended <- one.flip(late, func() error { close(begun); <-may; return nil })
		}()
		<-begun
		must(t, other.flip(early, func() error { return nil }))
		for range 3 {
			for _, server := range []*world{one, other} {
				_, err := server.SearchFollow(t.Context())
				must(t, err)
			}
		}
		close(may)
		must(t, <-ended)
		one.followed(t)
		other.followed(t)
		indexed(t, one.Market)
		indexed(t, other.Market)
	})
}

func TestAnIndexFollowsFromWhereItStopped(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, s *followedScene, other *world) {
		dir := t.TempDir()
		open := func() (products, resources *noted) {
			t.Helper()
			products, resources = newNoted(), newNoted()
			for name, n := range map[string]*noted{"products": products, "resources": resources} {
				index, _, err := inverted.Open(filepath.Join(dir, name))
				must(t, err)
				n.Index = index
			}
			one.Search = &Searching{Products: products, Resources: resources}
			must(t, one.SearchPrepare(t.Context(), false))
			return products, resources
		}
		shut := func() { must(t, errors.Join(one.Search.Products.Close(), one.Search.Resources.Close())) }
		finds := func(text string, want int) {
			t.Helper()
			if found, err := one.Search.Products.Search(t.Context(), search.Query{Text: text, CountTotal: true}); err != nil || found.Total != want {
				t.Errorf("%d are found for %q and not %d, %v", found.Total, text, want, err)
			}
		}
		products, resources := open()
		if products.builds != 1 || resources.builds != 1 {
			t.Errorf("new ones are built %d and %d times", products.builds, resources.builds)
		}
		finds("信用核验", 1)
		shut()
		must(t, other.ProductSuspend(s.operatorPublisher, s.product, "核查"))
		must(t, other.ProductList(s.operatorPublisher, s.ready))
		products, resources = open()
		if products.builds+resources.builds > 0 || products.puts == 0 {
			t.Errorf("after a restart they are built %d times and changed %d times", products.builds+resources.builds, products.puts)
		}
		finds("信用核验", 1)
		if found, err := one.Search.Products.Search(t.Context(), search.Query{First: 5}); err != nil || len(found.Hits) != 1 || found.Hits[0].ID != s.ready {
			t.Errorf("after a restart %v is found, %v", found.Hits, err)
		}
		shut()
		products, resources = open()
		if products.builds+resources.builds+products.puts+resources.puts > 0 {
			t.Error("a restart without changes does something")
		}
		shut()
		one.Search = &Searching{Products: newNoted(), Resources: newNoted()}
	})
}

func TestWhatIsNotMarkedIsFollowedAgain(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, s *followedScene, _ *world) {
		products, resources := one.Search.Products.(*noted), one.Search.Resources.(*noted)
		must(t, one.ProductList(s.operatorPublisher, s.ready))
		must(t, one.ProductSuspend(s.operatorPublisher, s.product, "核查"))
		products.unmarked = errors.New("the program ends here")
		if _, err := one.SearchFollow(t.Context()); !errors.Is(err, products.unmarked) {
			t.Fatalf("it ends with %v", err)
		}
		products.unmarked = nil
		builds, puts := products.builds, products.puts
		one.Search = &Searching{Products: products, Resources: resources} // the next start
		must(t, one.SearchPrepare(t.Context(), false))
		indexed(t, one.Market)
		if products.builds != builds || products.puts == puts {
			t.Errorf("it was built %d times more, and changed %d times more", products.builds-builds, products.puts-puts)
		}
		if followed, err := one.SearchFollow(t.Context()); err != nil || followed > 0 {
			t.Errorf("%d are followed once more, %v", followed, err)
		}
	})
}

func TestAnIndexThatCannotFollowIsBuiltAnew(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, _ *followedScene, _ *world) {
		products, resources := one.Search.Products.(*noted), one.Search.Resources.(*noted)
		mark, err := products.BuiltFrom(t.Context())
		must(t, err)
		marked := func(change func(b *builtFrom)) string {
			var b builtFrom
			must(t, json.Unmarshal([]byte(mark), &b))
			change(&b)
			text, err := json.Marshal(b)
			must(t, err)
			return string(text)
		}
		for _, row := range []struct {
			sentence, mark string
			builds         int
		}{
			{"as it was", mark, 0},
			{"without a mark", "", 1},
			{"with one that cannot be read", "{", 1},
			{"of another database", marked(func(b *builtFrom) { b.Database = uuid.NewString() }), 1},
			{"of other rules", marked(func(b *builtFrom) { b.Rules++ }), 1},
			{"ahead of the database", marked(func(b *builtFrom) {
				b.At = store.SearchPosition{Txid: b.At.Txid + 1_000_000, ID: b.At.ID/2 + 1_000_000}
			}), 1},
			{"that followed long ago", marked(func(b *builtFrom) { b.Seen = one.Store.Now().Add(-store.SearchChangesKept) }), 1},
		} {
			must(t, products.SetBuiltFrom(t.Context(), row.mark))
			builds := products.builds
			one.Search = &Searching{Products: products, Resources: resources}
			must(t, one.SearchPrepare(t.Context(), false))
			if built := products.builds - builds; built != row.builds {
				t.Errorf("an index %s is built %d times", row.sentence, built)
			}
			indexed(t, one.Market)
		}
		// One that lost something that no change says.
		must(t, products.Index.Remove(t.Context(), firstListed(t, one)))
		builds := products.builds
		one.Search = &Searching{Products: products, Resources: resources}
		must(t, one.SearchPrepare(t.Context(), false))
		if products.builds != builds+1 {
			t.Error("an index that holds too few is not built anew")
		}
		indexed(t, one.Market)
	})
}

func firstListed(t *testing.T, w *world) uuid.UUID {
	t.Helper()
	products, _ := w.should(t)
	for id := range products {
		return id
	}
	t.Fatal("nothing is listed")
	return uuid.Nil
}

// Changes that were copied from another server of databases have numbers of its transactions, ahead of this one's. They are
// not followed, so that what followed them there is built anew.
func TestChangesOfAnotherServerAreNotTrusted(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, s *followedScene, _ *world) {
		if one.Store.Dialect() != "postgres" {
			return // SQLite is copied with its numbers
		}
		one.tx(t, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Product.UpdateOneID(s.product).SetName("改名而未告知").Exec(ctx); err != nil {
				return err
			}
			return tx.SearchChange.Create().SetCreatedAt(tx.Now()).SetTxid(1 << 60).SetKind(searchchange.KindPRODUCT).SetSubjectID(s.product).Exec(ctx)
		})
		one.Search = &Searching{Products: one.Search.Products, Resources: one.Search.Resources}
		builds := one.Search.Products.(*noted).builds
		must(t, one.SearchPrepare(t.Context(), false))
		indexed(t, one.Market)
		one.Search = &Searching{Products: one.Search.Products, Resources: one.Search.Resources}
		must(t, one.SearchPrepare(t.Context(), false))
		if built := one.Search.Products.(*noted).builds - builds; built != 1 {
			t.Errorf("it is built %d times", built)
		}
	})
}

func TestARebuildIsAskedOfEveryServer(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, _ *followedScene, other *world) {
		var told []Building
		one.Search.Told = func(b Building) { told = append(told, b) }
		asked, err := other.SearchAsk(t.Context())
		must(t, err)
		builds := one.Search.Products.(*noted).builds
		one.followed(t)
		other.followed(t)
		if one.Search.Products.(*noted).builds != builds+1 || other.Search.Products.(*noted).builds != 2 {
			t.Error("not every server builds anew")
		}
		last := told[len(told)-1]
		if !last.Ended || last.Asked != asked {
			t.Errorf("at last it says %+v of %d", last, asked)
		}
		for i, b := range told[:len(told)-1] {
			if b.Asked != asked || b.Ended || b.Done > b.Total {
				t.Errorf("at %d it says %+v", i, b)
			}
		}
		if one.followed(t); one.Search.Products.(*noted).builds != builds+1 {
			t.Error("it builds once more")
		}
		indexed(t, one.Market)
	})
}

func TestSynonymsOfOneServerAreUsedByTheOther(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, s *followedScene, other *world) {
		found := func(text string) int {
			t.Helper()
			other.followed(t)
			result, _, err := other.ProductsFind(t.Context(), search.Query{Text: text, CountTotal: true})
			must(t, err)
			if len(result.Dropped) > 0 || result.Corrected != "" {
				return 0
			}
			return result.Total
		}
		if n := found("犀牛"); n > 0 {
			t.Fatalf("%d are found before", n)
		}
		id, err := one.SynonymGroupSave(s.agencyApprover, SynonymGroupInput{Words: []string{"犀牛", "信用核验"}})
		must(t, err)
		if n := found("犀牛"); n != 1 {
			t.Errorf("%d are found by a new synonym", n)
		}
		_, err = one.SynonymGroupSave(s.agencyApprover, SynonymGroupInput{ID: id, Version: 1, Words: []string{"河马", "信用核验"}})
		must(t, err)
		if was, is := found("犀牛"), found("河马"); was > 0 || is != 1 {
			t.Errorf("%d are found by the former synonym, %d by the other", was, is)
		}
		must(t, one.SynonymGroupRemove(s.agencyApprover, id, 2))
		if n := found("河马"); n > 0 {
			t.Errorf("%d are found by a synonym that is gone", n)
		}
	})
}

func TestOldChangesAreRemovedAndAnIndexAtRestSaysThatItFollows(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, s *followedScene, other *world) {
		changes := func() (n int) {
			must(t, one.Store.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM search_changes").Scan(&n))
			return n
		}
		must(t, one.ProductSuspend(s.operatorPublisher, s.product, "核查"))
		one.followed(t)
		before := changes()
		for range 16 { // half a day each
			one.clock = one.clock.Add(12 * time.Hour)
			one.followed(t)
		}
		if before == 0 || changes() > 0 {
			t.Errorf("%d changes were there, and after eight days %d", before, changes())
		}
		other.clock = one.clock
		builds := one.Search.Products.(*noted).builds
		one.Search = &Searching{Products: one.Search.Products, Resources: one.Search.Resources}
		must(t, one.SearchPrepare(t.Context(), false))
		must(t, one.ProductList(s.operatorPublisher, s.product))
		one.followed(t)
		indexed(t, one.Market)
		if one.Search.Products.(*noted).builds != builds {
			t.Error("what followed all the time is built anew")
		}
	})
}

func TestWhatAnIndexDidNotTakeIsFollowedOnceItDoes(t *testing.T) {
	eachTwo(t, func(t *testing.T, one *world, s *followedScene, _ *world) {
		products, resources := one.Search.Products.(*noted), one.Search.Resources.(*noted)
		away := errors.New("the index is away")
		for _, index := range []*noted{products, resources} {
			must(t, one.flip(s.ready, func() error { return nil }))
			must(t, one.ResourceStateFrequency(s.publisher, s.resource, authorisation.Weekly))
			index.fail(away)
			for range 2 {
				if _, err := one.SearchFollow(t.Context()); !errors.Is(err, away) {
					t.Fatalf("it ends with %v", err)
				}
			}
			if _, err := one.SearchAsk(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := one.SearchFollow(t.Context()); !errors.Is(err, away) {
				t.Fatalf("it ends with %v", err)
			}
			index.fail(nil)
			one.followed(t)
			indexed(t, one.Market)
		}
	})
}

func TestHowOftenAProductIsUsedIsCountedForItsPlace(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		other := s.Product(t, authorisation.DeliveryAPI, 30)
		notedSearch(t, s.Market)
		first := func() uuid.UUID {
			t.Helper()
			found, _, err := s.ProductsFind(t.Context(), search.Query{Order: search.MostUsed, First: 2})
			must(t, err)
			return found.Hits[0].ID
		}
		if first() == s.product.ID { // of two that nobody used
			s.product = other
		}
		s.paid(t, s.product.PerCall, 5)
		for _, want := range []int{1, 0} {
			if n, err := s.UsesCount(t.Context()); err != nil || n != want {
				t.Errorf("%d are counted and not %d, %v", n, want, err)
			}
		}
		s.followed(t)
		indexed(t, s.Market)
		if first() != s.product.ID {
			t.Error("what is used does not come first")
		}
	})
}

// However many products are used more or less often, they are saved by one statement of a batch.
func TestUsesAreSavedInBatches(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		other := s.Product(t, authorisation.DeliveryAPI, 30)
		first := s.product
		for _, s.product = range []storetest.Product{first, other} {
			s.paid(t, s.product.PerCall, 5)
		}
		count := func(want int) int64 {
			t.Helper()
			ctx, statements := store.CountStatements(t.Context())
			n, err := s.UsesCount(ctx)
			must(t, err)
			if n != want {
				t.Errorf("%d are counted and not %d", n, want)
			}
			return statements.Count()
		}
		both := count(2)
		s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Product.UpdateOneID(other.ID).SetUses(7).Exec(ctx)
		})
		if one := count(1); one != both {
			t.Errorf("two products take %d statements and one %d", both, one)
		}
		for _, id := range []uuid.UUID{first.ID, other.ID} {
			row, err := s.world.Store.Read().Product.Get(store.AsSystem(t.Context()), id)
			must(t, err)
			if row.Uses != 1 {
				t.Errorf("a product is used %d times", row.Uses)
			}
		}
	})
}
