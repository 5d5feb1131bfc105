package market

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/resource"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/metadata"
	"gongshu/internal/policy"
	"gongshu/internal/store"
)

// scoredNow is the score that is saved of a product, which must be the one that the rule gives.
func (p *publisher) scoredNow(t *testing.T, sentence string, id uuid.UUID) int {
	t.Helper()
	facts, described, err := p.Store.GateDescribed(t.Context(), id)
	must(t, err)
	score := metadata.OfProduct(described[id], p.today())
	if facts[id].Quality != score.Total {
		t.Errorf("%s: %d is saved, the rule gives %d", sentence, facts[id].Quality, score.Total)
	}
	return facts[id].Quality
}

func (p *publisher) resourceScore(t *testing.T) int {
	t.Helper()
	row, err := p.Store.Read().Resource.Query().Where(resource.ID(p.resource)).Only(store.AsSystem(t.Context()))
	must(t, err)
	return row.Quality
}

func TestTheScoreOfAProductFollowsWhatIsSaidOfIt(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		poor := p.content()
		poor.NameEn, poor.DescriptionEn = "", ""
		id, err := p.ProductDraft(p.publisher, poor)
		must(t, err)
		drafted := p.scoredNow(t, "a draft", id)
		must(t, p.ProductRevise(p.publisher, id, func(c *ProductContent) { c.NameEn, c.DescriptionEn = p.content().NameEn, p.content().DescriptionEn }))
		if revised := p.scoredNow(t, "revised", id); revised != drafted+4+5 {
			t.Errorf("a name and a description in English bring %d points", revised-drafted)
		}
		plan, err := p.PlanAdd(p.publisher, id, perCall("0.60"))
		must(t, err)
		priced := p.scoredNow(t, "with a plan", id)
		must(t, p.PlanWithdraw(p.publisher, plan))
		if without := p.scoredNow(t, "without a plan", id); without != priced-4 {
			t.Errorf("a plan is %d points", priced-without)
		}
		_, err = p.DatasetUpload(p.publisher, id, classes(21))
		must(t, err)
		p.scoredNow(t, "with data", id)
		whole, _ := p.listed(t)
		p.scoredNow(t, "on the market", whole)
		must(t, p.GrantRevoke(p.approver, p.grant, "核查"))
		p.scoredNow(t, "with no grant", id)
	})
}

func TestAScoreFallsByTimeAndTheSearchLearnsOfIt(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.listed(t)
		before, resourceBefore := p.scoredNow(t, "listed", id), p.resourceScore(t)
		if _, err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if resourceBefore != 0 || p.resourceScore(t) == 0 { // it was laid without a score, as before there were any
			t.Errorf("the first round scores the resource %d, then %d", resourceBefore, p.resourceScore(t))
		}
		promised := p.promises(t, id)
		p.clock = p.clock.AddDate(0, 0, 10) // of data that is renewed daily
		if changed, err := p.Sweep(t.Context()); err != nil || changed != 0 {
			t.Errorf("the sweep changed %d, %v", changed, err)
		}
		if after := p.scoredNow(t, "ten days on", id); after != before-10 {
			t.Errorf("the score was %d and is %d", before, after)
		}
		if now := p.promises(t, id); now != promised+1 {
			t.Errorf("the search was told %d times", now-promised)
		}
		if row := p.row(t, id); row.Status != authorisation.ProductListed {
			t.Errorf("it is %s", row.Status)
		}
		p.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Product.UpdateOneID(id).SetQuality(0).Exec(ctx)
		})
		p.clock = p.clock.AddDate(0, 0, 1)
		if _, err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.scoredNow(t, "made anew", id)
	})
}

// After an upgrade every resource has another score: a sweep does some of them, and the next goes on where it stopped.
func TestResourcesAreScoredInPartsOfABoundedLength(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			for n := range 2*sweepBatch + 1 {
				err := tx.Resource.Create().SetCreatedAt(tx.Now()).SetSourceUnitID(s.unit).SetDomainID(s.domain).SetName(fmt.Sprintf("资源%03d", n)).
					SetUpdateCycle("每天").SetProvision([]authorisation.ProvisionMethod{}).SetStatus(authorisation.ResourceRegistered).Exec(ctx)
				must(t, err)
			}
			return nil
		})
		unscored := func() int {
			n, err := w.Store.Read().Resource.Query().Where(resource.Quality(0)).Count(store.AsSystem(t.Context()))
			must(t, err)
			return n
		}
		m := &Market{Store: w.Store, scored: pass{most: 1}} // a page
		for left := unscored(); left > 0; {
			if _, err := m.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			was := left
			if left = unscored(); left >= was || was-left > sweepBatch {
				t.Fatalf("of %d a sweep leaves %d", was, left)
			}
		}
		if _, err := m.Sweep(t.Context()); err != nil { // which finds the end
			t.Fatal(err)
		}
		if m.scored.day != authorisation.DayOf(w.clock) {
			t.Error("it is not done for today")
		}
	})
}

// What fails keeps nothing behind it from being looked at, and is tried again in the next pass.
func TestAPassGoesOnBehindWhatFails(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		rows := make([]uuid.UUID, 5)
		for i := range rows {
			rows[i] = uuid.UUID{15: byte(i + 1)}
		}
		changes, broken, away := map[uuid.UUID]int{}, errors.New("this one cannot be changed"), true
		look := func(_ context.Context, after uuid.UUID, _ int) (page, ask []uuid.UUID, err error) {
			at := slices.IndexFunc(rows, func(id uuid.UUID) bool { return bytes.Compare(id[:], after[:]) > 0 })
			if at < 0 {
				return nil, nil, nil
			}
			return rows[at : at+1], rows[at : at+1], nil
		}
		change := func(_ context.Context, _ *store.Tx, ids ...uuid.UUID) (int, error) {
			if away && slices.Contains(ids, rows[1]) {
				return 0, broken
			}
			for _, id := range ids {
				changes[id]++
			}
			return len(ids), nil
		}
		today := authorisation.DayOf(w.clock)
		p := &pass{most: 1}
		for i := range 6 { // five rows, and the end
			_, ended, err := w.goThrough(store.AsSystem(t.Context()), p, today, 0, look, change)
			if ended || errors.Is(err, broken) != (i == 1) {
				t.Errorf("sweep %d ended %t with %v", i, ended, err)
			}
		}
		if len(changes) != 4 || changes[rows[4]] != 1 {
			t.Errorf("behind what failed is changed %v", changes)
		}
		away, p.most = false, 100
		if n, ended, err := w.goThrough(store.AsSystem(t.Context()), p, today, 0, look, change); n != 5 || !ended || err != nil {
			t.Errorf("the next pass changes %d, ended %t, %v", n, ended, err)
		}
	})
}

func TestTheFloorKeepsOffTheMarketWhatIsNotThere(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		listed, _ := p.listed(t)
		other := p.content()
		waiting, _ := p.ready(t)
		p.tx(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.LoadPolicies(ctx, []policy.Row{{Kind: "METADATA_QUALITY", EffectiveFrom: p.today().String(), Value: map[string]any{"floor": 99}, Source: "平台规则"}})
			return err
		})
		if codes := p.codes(t, waiting); !slices.Equal(codes, []string{"QUALITY_BELOW_FLOOR"}) {
			t.Errorf("%s has the obstacles %v", other.Name, codes)
		}
		refused(t, p.ProductList(p.publisher, waiting), "QUALITY_BELOW_FLOOR")
		if _, err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if row := p.row(t, listed); row.Status != authorisation.ProductListed {
			t.Errorf("what is on the market is %s", row.Status)
		}
		if found := p.needs(t, p.publisher); strings.Count(found, "QUALITY_BELOW_FLOOR") != 2 {
			t.Errorf("the operator is told %q", found)
		}
		must(t, p.ProductSuspend(p.publisher, listed, "更新"))
		refused(t, p.ProductList(p.publisher, listed), "QUALITY_BELOW_FLOOR")
	})
}

func TestAColumnComesFromItemsOfItsProduct(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		content := p.content()
		content.Dictionary[0].ItemIDs = plainIDs([]uuid.UUID{p.item, uuid.Must(uuid.NewV7()), p.item})
		content.Dictionary[1].ItemIDs = []string{"x"}
		_, err := p.ProductDraft(p.publisher, content)
		var got []string
		for _, f := range fault.All(err) {
			got = append(got, f.Code+" "+f.Field)
		}
		want := []string{"COLUMN_ITEM_UNKNOWN input.dictionary.0.itemIds.1", "COLUMN_ITEM_TWICE input.dictionary.0.itemIds.2", "COLUMN_ITEM_UNKNOWN input.dictionary.1.itemIds.0"}
		if !slices.Equal(got, want) {
			t.Fatalf("refused with %v, want %v", got, want)
		}

		id, err := p.ProductDraft(p.publisher, p.content())
		must(t, err)
		_, err = p.DatasetUpload(p.publisher, id, classes(21))
		must(t, err)
		must(t, p.ProductRevise(p.publisher, id, func(c *ProductContent) { c.Dictionary[0].ItemIDs = nil }))
		if row := p.row(t, id); row.DatasetID == nil || len(row.Dictionary[0].ItemIDs) != 0 || len(row.Dictionary[1].ItemIDs) != 1 {
			t.Errorf("where a column comes from does not type its data: %v, %+v", row.DatasetID, row.Dictionary)
		}
		must(t, p.ProductRevise(p.publisher, id, func(c *ProductContent) { c.ItemIDs = c.ItemIDs[:1] }))
		if row := p.row(t, id); len(row.Dictionary[1].ItemIDs) != 0 {
			t.Errorf("a column comes from what the product is no longer made of: %+v", row.Dictionary[1])
		}
		drafted, err := p.DictionaryDraft(p.publisher, []uuid.UUID{p.other, p.item})
		must(t, err)
		if !slices.Equal(drafted[0].ItemIDs, plainIDs([]uuid.UUID{p.other})) {
			t.Errorf("a drafted column comes from %v", drafted[0].ItemIDs)
		}
	})
}

func TestTheScoreOfAResourceFollowsItsUnitAndItsCatalogue(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		score := func(sentence string) *db.Resource {
			t.Helper()
			row, err := w.Store.Read().Resource.Get(store.AsSystem(t.Context()), s.resource)
			must(t, err)
			described, err := w.Store.DescribedResources(t.Context(), s.resource)
			must(t, err)
			if want := metadata.OfResource(described[s.resource].Resource, authorisation.DayOf(w.Store.Now())); row.Quality != want.Total {
				t.Errorf("%s: %d is saved, the rule gives %d", sentence, row.Quality, want.Total)
			}
			return row
		}
		imported := score("imported").Quality
		s.publish(t, w, s.classified(t, w))
		if published := score("classified, with a code, and published").Quality; published != imported+20+6+10 {
			t.Errorf("the score was %d and is %d", imported, published)
		}
		must(t, w.ResourceSuspend(s.publisher, s.resource, "核查"))
		score("suspended")
	})
}
