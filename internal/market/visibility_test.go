package market

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/search"
)

// hidden is a product of a random world, with a name, a word and a domain that no other has.
type hidden struct {
	id, domain     uuid.UUID
	name, word, no string
}

// randomProducts takes whatever was there off the market, puts everything in order again, and lays products in random states.
func (w *world) randomProducts(t *testing.T, r *rapid.T, s *followedScene, of *int) []hidden {
	statuses := []authorisation.ProductStatus{authorisation.ProductListed, authorisation.ProductListed, authorisation.ProductRegistered,
		authorisation.ProductSuspended, authorisation.ProductRetired, authorisation.ProductDraft, authorisation.ProductSubmitted}
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(
			tx.Product.Update().SetStatus(authorisation.ProductRetired).ClearListedAt().Exec(ctx),
			tx.Resource.UpdateOneID(s.resource).SetStatus(authorisation.ResourcePublished).Exec(ctx),
			tx.Organisation.UpdateOneID(s.operator).SetStatus(access.OrganisationVerified).Exec(ctx),
			tx.Agreement.UpdateOneID(s.agreement).SetStatus(authorisation.AgreementOperating).Exec(ctx),
			tx.Grant.UpdateOneID(s.grant).SetStatus(authorisation.GrantActive).Exec(ctx))
	})
	all := make([]hidden, rapid.IntRange(1, 4).Draw(r, "products"))
	for i := range all {
		*of++
		h := &all[i]
		h.no = fmt.Sprintf("%04d", *of)
		h.word = "zorv" + strings.Map(func(d rune) rune { return d - '0' + 'k' }, h.no) // a word of letters that is nobody else's
		h.name = fmt.Sprintf("企业%s核验", strings.Map(func(d rune) rune { return []rune("鹅鸭鸡狗猫牛马羊猪兔")[d-'0'] }, h.no))
		h.id = s.scene.product(t, w, rapid.SampledFrom(statuses).Draw(r, "status"))
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			d, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName("领域" + h.no).Save(ctx)
			if err != nil {
				return err
			}
			h.domain = d.ID
			return tx.Product.UpdateOneID(h.id).SetName(h.name).SetNameEn("The " + h.word + " check").
				Modify(func(u *sql.UpdateBuilder) { u.Set(product.FieldDomainID, d.ID) }).Exec(ctx)
		})
	}
	return all
}

func TestWhatIsNotListedIsFoundByNobody(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.followedScene(t)
		products, _ := notedSearch(t, w.Market)
		rival := w.organisation(t, "另一运营公司", access.Enterprise, access.Operator)
		buyer := w.organisation(t, "某银行", access.Enterprise, access.Buyer)
		viewers := map[string]context.Context{
			"a stranger": context.Background(), "the operator": s.operatorPublisher, "the agency": s.agencyApprover, "the source unit": s.publisher,
			"the platform": s.platform, "the registrar": s.registrar, "another operator": w.person(t, rival, access.Publisher), "a buyer": w.person(t, buyer, access.BuyerRole),
		}
		names := make([]string, 0, len(viewers))
		for name := range viewers {
			names = append(names, name)
		}
		slices.Sort(names)
		laid := 0
		rapid.Check(t, func(r *rapid.T) {
			all := w.randomProducts(t, r, s, &laid)
			if err := w.SearchRebuild(context.Background()); err != nil {
				r.Fatal(err)
			}
			for range rapid.IntRange(0, 6).Draw(r, "acts") {
				id := all[rapid.IntRange(0, len(all)-1).Draw(r, "which")].id
				acts := map[string]func() error{
					"list":     func() error { return w.ProductList(s.operatorPublisher, id) },
					"suspend":  func() error { return w.ProductSuspend(s.operatorPublisher, id, "核查") },
					"ban":      func() error { return w.ProductSuspend(s.agencyApprover, id, "核查") },
					"retire":   func() error { return w.ProductRetire(s.operatorPublisher, id, "停止") },
					"take off": func() error { return w.ResourceSuspend(s.publisher, s.resource, "质量") },
					"put back": func() error { return w.ResourceResume(s.agencyApprover, s.resource, "改正") },
					"expel":    func() error { return w.OrganisationSuspend(s.platform, s.operator, "违规") },
					"let in":   func() error { return w.OrganisationReinstate(s.platform, s.operator, "改正") },
					"rectify":  func() error { return w.AgreementRectify(s.agencyApprover, s.agreement, "整改") },
					"restore":  func() error { return w.AgreementRestore(s.agencyApprover, s.agreement, "改正") },
					"revoke":   func() error { return w.GrantRevoke(s.agencyApprover, s.grant, "违规") },
				}
				kinds := make([]string, 0, len(acts))
				for kind := range acts {
					kinds = append(kinds, kind)
				}
				slices.Sort(kinds)
				if err := acts[rapid.SampledFrom(kinds).Draw(r, "act")](); err != nil && !fault.Refused(err) {
					r.Fatal(err)
				}
			}
			w.followed(r)
			listed, err := w.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).IDs(store.AsSystem(context.Background()))
			if err != nil {
				r.Fatal(err)
			}
			who := rapid.SampledFrom(names).Draw(r, "viewer")
			as := viewers[who]
			w.seesOnly(r, as, all, listed)
			switch rapid.IntRange(0, 2).Draw(r, "engine") {
			case 0:
				products.fail(errors.New("the index is away"))
				w.seesOnlyInstead(r, as, all, listed)
				products.fail(nil)
			case 1:
				w.Search.ready.Store(false)
				w.seesOnlyInstead(r, as, all, listed)
				w.Search.ready.Store(true)
			}
		})
	})
}

// seesOnly fails unless a viewer finds what is listed, by its name, and no trace of what is not.
func (w *world) seesOnly(r *rapid.T, as context.Context, all []hidden, listed []uuid.UUID) {
	everything, instead, err := w.ProductsFind(as, search.Query{First: 100, CountTotal: true, Facets: true})
	if err != nil || instead || everything.Total != len(listed) || len(everything.Hits) != len(listed) {
		r.Fatalf("%d are listed, %d counted and %d found, instead %t, %v", len(listed), everything.Total, len(everything.Hits), instead, err)
	}
	for _, h := range all {
		is := slices.Contains(listed, h.id)
		inFacet := slices.Contains(everything.Facets[search.FacetDomain], search.FacetCount{Value: h.domain.String(), Count: 1})
		if slices.ContainsFunc(everything.Facets[search.FacetDomain], func(c search.FacetCount) bool { return c.Value == h.domain.String() }) != is || inFacet != is {
			r.Fatalf("listed %t, and its domain is among the facets: %v", is, everything.Facets[search.FacetDomain])
		}
		narrowed, _, err := w.ProductsFind(as, search.Query{Filter: search.Filter{DomainIDs: []string{h.domain.String()}}, CountTotal: true})
		if err != nil || (narrowed.Total == 1) != is || narrowed.Total > 1 {
			r.Fatalf("listed %t, and %d in its domain, %v", is, narrowed.Total, err)
		}
		for _, text := range []string{h.name, h.word, `"` + h.name + `"`} {
			found, _, err := w.ProductsFind(as, search.Query{Text: text, First: 100})
			if err != nil || slices.ContainsFunc(found.Hits, func(hit search.Hit) bool { return hit.ID == h.id }) != is {
				r.Fatalf("listed %t, and a search for %s finds %v, %v", is, text, found.Hits, err)
			}
		}
		mistyped := h.word[:len(h.word)-1] // and one more letter, or another
		for _, text := range []string{mistyped, mistyped + "w", h.word + "x"} {
			found, _, err := w.ProductsFind(as, search.Query{Text: text, First: 100})
			if err != nil || !is && (strings.Contains(found.Corrected, h.word) || slices.ContainsFunc(found.Hits, func(hit search.Hit) bool { return hit.ID == h.id })) {
				r.Fatalf("what is not listed is found for %s: %+v, %v", text, found, err)
			}
		}
		suggested := false
		for _, prefix := range []string{h.name, h.name[:9], h.word, "the " + h.word[:6]} {
			suggestions, err := w.Suggest(as, prefix, search.MaxSuggestions)
			if err != nil {
				r.Fatal(err)
			}
			suggested = suggested || slices.ContainsFunc(suggestions, func(s search.Suggestion) bool { return s.Text == h.name || strings.Contains(s.Text, h.word) })
		}
		if suggested != is {
			r.Fatalf("listed %t, suggested %t: %s", is, suggested, h.name)
		}
		matches, err := w.ProductMatches(as, h.name, []uuid.UUID{h.id})
		if err != nil || (len(matches[h.id]) > 0) != is {
			r.Fatalf("listed %t, and it matches %v, %v", is, matches, err)
		}
	}
}

// seesOnlyInstead is seesOnly where the database answers for the index.
func (w *world) seesOnlyInstead(r *rapid.T, as context.Context, all []hidden, listed []uuid.UUID) {
	everything, instead, err := w.ProductsFind(as, search.Query{First: 100, CountTotal: true, Facets: true})
	if err != nil || !instead || len(everything.Hits) != len(listed) || everything.Total != 0 || everything.Facets != nil {
		r.Fatalf("%d are listed, %+v is found, instead %t, %v", len(listed), everything, instead, err)
	}
	for _, h := range all {
		is := slices.Contains(listed, h.id)
		for _, q := range []search.Query{{Text: h.name, First: 100}, {Text: h.word, First: 100}, {Filter: search.Filter{DomainIDs: []string{h.domain.String()}}, First: 100}} {
			found, _, err := w.ProductsFind(as, q)
			if err != nil || slices.ContainsFunc(found.Hits, func(hit search.Hit) bool { return hit.ID == h.id }) != is {
				r.Fatalf("listed %t, and the database finds %v for %+v, %v", is, found.Hits, q, err)
			}
		}
		if suggestions, err := w.Suggest(as, h.name, search.MaxSuggestions); err != nil || len(suggestions) > 0 {
			r.Fatalf("without an index %v is suggested, %v", suggestions, err)
		}
	}
}
