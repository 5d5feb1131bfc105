package graph

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

func TestWhatUsesResourcesIsReadInBatches(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		h.lay(t, 60)
		var seen struct {
			Resources struct {
				Edges []struct {
					Node struct {
						ID, Name     string
						ProductCount int
						Products     []struct{ ID, Name string }
						Items        []struct{ UsedBy int }
						Batch        *struct{ Title string }
					}
				}
			}
		}
		const page = `{ resources(first: 20) { edges { node { id name productCount products(first: 3) { id name } items { usedBy } batch { title } } } } }`
		errs, statements := h.do(t, t.Context(), page, nil, &seen)
		if errs != nil || len(seen.Resources.Edges) != 10 {
			t.Fatalf("%v, %+v", errs, seen)
		}
		if statements > 7 {
			t.Errorf("it takes %d statements", statements)
		}
		total := 0
		for _, e := range seen.Resources.Edges {
			n := e.Node
			total += n.ProductCount
			if n.ProductCount == 0 || len(n.Products) != min(3, n.ProductCount) || len(n.Items) == 0 || n.Batch != nil {
				t.Errorf("a resource reads %+v", n)
			}
			for i := 1; i < len(n.Products); i++ {
				if n.Products[i-1].ID <= n.Products[i].ID {
					t.Errorf("its products are not the newest first: %+v", n.Products)
				}
			}
			for _, item := range n.Items {
				if item.UsedBy > n.ProductCount {
					t.Errorf("an item is used by %d products, its resource by %d", item.UsedBy, n.ProductCount)
				}
			}
		}
		if total < 60 {
			t.Errorf("60 products use %d resources", total)
		}
		var refused struct{}
		if errs, _ := h.do(t, t.Context(), `{ resources { edges { node { products(first: 21) { id } } } } }`, nil, &refused); len(errs) == 0 || !strings.Contains(errs[0].Message, "FIRST_OUT_OF_RANGE") {
			t.Errorf("a list of 21 is answered %v", errs)
		}
	})
}

func TestWhatTheLawHasPublished(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		ids, operators := h.lay(t, 30)
		agent := access.FromContext(h.agent(t))
		var batch uuid.UUID
		today := authorisation.DayOf(h.Store.Now())
		err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			b, err := tx.ResourceBatch.Create().SetCreatedAt(tx.Now()).SetAgencyID(agent.OrganisationID).SetTitle("第一批").SetSourceDocument("绵数发〔2025〕14号").Save(ctx)
			if err != nil {
				return err
			}
			batch = b.ID
			resources, err := tx.Resource.Query().IDs(ctx)
			if err != nil {
				return err
			}
			for _, id := range resources[:2] {
				if err := tx.Resource.UpdateOneID(id).SetBatchID(b.ID).Exec(ctx); err != nil {
					return err
				}
			}
			items, err := tx.DataItem.Query().All(ctx)
			if err != nil {
				return err
			}
			for i, status := range []authorisation.AgreementStatus{authorisation.AgreementOperating, authorisation.AgreementRectifying, authorisation.AgreementTerminated, authorisation.AgreementSigned} {
				a, err := tx.Agreement.Create().SetCreatedAt(tx.Now()).SetAgencyID(agent.OrganisationID).SetOperatorID(operators[i]).SetNumber(fmt.Sprint(i, "号")).SetMode(authorisation.ModeWhole).
					SetStatus(status).SetClauses(map[authorisation.Clause]string{"SCOPE": "秘密"}).SetPublicisedOn(today.AddDays(-30).String()).
					SetStartsOn(today.String()).SetEndsOn(today.TermEnd(36).String()).SetSignedAt(tx.Now()).Save(ctx)
				if err != nil {
					return err
				}
				g, err := tx.Grant.Create().SetCreatedAt(tx.Now()).SetAgreementID(a.ID).SetOperatorID(operators[i]).SetStatus(authorisation.GrantActive).
					SetPurposes(purpose.All).SetStartsOn(today.String()).SetEndsOn(today.String()).Save(ctx)
				if err != nil {
					return err
				}
				for _, item := range items[:3] {
					if err := tx.GrantItem.Create().SetCreatedAt(tx.Now()).SetGrantID(g.ID).SetItemID(item.ID).Exec(ctx); err != nil {
						return err
					}
				}
			}
			if err := tx.PriceCap.Create().SetCreatedAt(tx.Now()).SetProductID(ids[0]).SetAuthorityID(agent.OrganisationID).SetPersonID(agent.PersonID).SetMode(pricing.PerCall).
				SetRate("9.90").SetEffectiveFrom(today.String()).SetSourceDocument("绵发改〔2026〕1号").SetReason("核定").Exec(ctx); err != nil {
				return err
			}
			_, err = tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(ids[0]).SetPosition(9).SetName("旧").SetMode(pricing.PerCall).SetSettlement(pricing.Prepaid).
				SetTariff(storetest.Flat(pricing.PerCall, "1")).SetTermMonths(12).SetTrial(true).SetWithdrawnAt(tx.Now()).Save(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}

		var seen struct {
			Disclosure struct {
				PublishedResources, Operators, ListedProducts int
				Agreements                                    struct {
					Edges []struct {
						Node struct {
							Number, Status, SignedOn, EndsOn string
							TermMonths                       int
							Operator, Agency                 struct{ Name string }
							GrantedResources                 []struct {
								Resource struct{ Name string }
								Items    int
							}
							GrantedResourceCount int
						}
					}
				}
				Caps struct {
					Edges []struct {
						Node struct {
							Rate    string
							Product *struct{ ID string }
						}
					}
				}
			}
			ResourceBatches struct {
				Edges []struct {
					Node struct {
						ID, Title string
						Agency    struct{ Name string }
						Resources []struct {
							Name  string
							Batch struct{ ID string }
						}
					}
				}
			}
		}
		const disclosure = `{ disclosure { publishedResources operators listedProducts
			agreements { edges { node { number status agency { name } operator { name } signedOn endsOn termMonths grantedResources { resource { name } items } grantedResourceCount } } }
			caps { edges { node { rate product { id } } } } }
			resourceBatches { edges { node { id title agency { name } resources { name batch { id } } } } } }`
		errs, statements := h.do(t, t.Context(), disclosure, nil, &seen)
		if errs != nil {
			t.Fatal(errs)
		}
		if statements > 12 {
			t.Errorf("it takes %d statements", statements)
		}
		d := seen.Disclosure
		if d.PublishedResources != 10 || d.Operators != 1 || d.ListedProducts != 30 || len(d.Agreements.Edges) != 2 || len(d.Caps.Edges) != 1 || d.Caps.Edges[0].Node.Rate != "9.90" ||
			d.Caps.Edges[0].Node.Product.ID != publicid.Encode(productID, ids[0]) {
			t.Fatalf("published is %+v", d)
		}
		if a := d.Agreements.Edges[1].Node; a.Number != "0号" || a.Status != "OPERATING" || a.TermMonths != 36 || a.Operator.Name != "甲运营机构" || a.Agency.Name == "" || a.SignedOn != today.String() ||
			a.GrantedResourceCount == 0 || len(a.GrantedResources) != a.GrantedResourceCount || a.GrantedResources[0].Items == 0 {
			t.Errorf("an agreement reads %+v", a)
		}
		if b := seen.ResourceBatches.Edges; len(b) != 1 || b[0].Node.Title != "第一批" || b[0].Node.Agency.Name != "绵阳市数据局" || len(b[0].Node.Resources) != 2 || b[0].Node.Resources[0].Batch.ID != publicid.Encode(batchID, batch) {
			t.Errorf("the publications read %+v", b)
		}
		own := seen
		if errs, _ := h.do(t, access.With(t.Context(), agent), disclosure, nil, &own); errs != nil || len(own.Disclosure.Agreements.Edges) != 2 || len(own.Disclosure.Caps.Edges) != 1 {
			t.Errorf("the agency sees something else: %+v, %v", own.Disclosure, errs)
		}

		var list struct {
			PriceList struct {
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
				Edges []struct {
					Node struct {
						Product struct {
							ID, Name string
							Plans    []struct{ Name string }
						}
						Plans []struct {
							Name  string
							Trial bool
							Bands []struct{ Rate string }
							Cap   *struct{ Rate string }
						}
					}
				}
			}
		}
		const prices = `query($q: String, $after: String) { priceList(query: $q, first: 20, after: $after) { pageInfo { hasNextPage endCursor }
			edges { node { product { id name plans { name } } plans { name trial tariff { bands { rate } } cap { rate } } } } } }`
		errs, statements = h.do(t, t.Context(), prices, nil, &list)
		if errs != nil || len(list.PriceList.Edges) != 20 || !list.PriceList.PageInfo.HasNextPage || list.PriceList.Edges[0].Node.Product.ID <= list.PriceList.Edges[1].Node.Product.ID {
			t.Fatalf("the price list reads %+v, %v", list, errs)
		}
		if statements > 3 {
			t.Errorf("a page of it takes %d statements", statements)
		}
		after := list.PriceList.PageInfo.EndCursor
		if errs, _ := h.do(t, t.Context(), prices, map[string]any{"after": after}, &list); errs != nil || len(list.PriceList.Edges) != 10 || list.PriceList.PageInfo.HasNextPage {
			t.Errorf("its second page reads %+v, %v", list, errs)
		}
		last := list.PriceList.Edges[9].Node
		if last.Product.ID != publicid.Encode(productID, ids[0]) {
			t.Fatalf("the oldest is not the last: %+v", last)
		}
		for i, p := range last.Plans {
			if p.Name == "旧" || last.Product.Plans[i].Name != p.Name || len(last.Product.Plans) != len(last.Plans) {
				t.Errorf("a withdrawn plan is shown as if it were sold: %+v", last)
			}
		}
		name := last.Product.Name
		if errs, _ := h.do(t, t.Context(), prices, map[string]any{"q": name}, &list); errs != nil || len(list.PriceList.Edges) == 0 || len(list.PriceList.Edges[0].Node.Plans) == 0 {
			t.Errorf("a search for %q reads %+v, %v", name, list, errs)
		}
	})
}
