package graph

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/data"
	"gongshu/internal/access"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// agent lays the verified implementing agency and a person who may import and assign for it.
func (h *harness) agent(t *testing.T) context.Context {
	t.Helper()
	v := access.Viewer{Verified: true, Parties: []access.Party{access.ImplementingAgency}, Roles: []access.Role{access.Publisher, access.Approver}}
	err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
		o, err := tx.Organisation.Create().SetCreatedAt(tx.Now()).SetName("绵阳市数据局").SetLegalForm(access.AdministrativeOrgan).
			SetStatus(access.OrganisationVerified).Save(ctx)
		if err != nil {
			return err
		}
		p, err := tx.Person.Create().SetCreatedAt(tx.Now()).SetEmail("agent@test.example").SetDisplayName("Test").SetPasswordHash("-").Save(ctx)
		if err != nil {
			return err
		}
		v.OrganisationID, v.PersonID = o.ID, p.ID
		return tx.AddParty(ctx, o.ID, access.ImplementingAgency)
	})
	if err != nil {
		t.Fatal(err)
	}
	return access.With(t.Context(), v)
}

func TestTheCatalogueIsImportedAndReadThroughTheSchema(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		agent := h.agent(t)
		const document = `mutation ($document: String!) { catalogueImport(document: $document) { added unchanged changes { path } errors { code field } } }`
		var imported struct {
			CatalogueImport struct {
				Added, Unchanged int
				Errors           []struct{ Code, Field string }
			}
		}
		if errs, _ := h.do(t, t.Context(), document, map[string]any{"document": "{}"}, &imported); len(errs) != 1 {
			t.Errorf("nobody is answered %v", errs)
		}
		errs, _ := h.do(t, agent, document, map[string]any{"document": string(data.CatalogueBatch1)}, &imported)
		if len(errs) > 0 || imported.CatalogueImport.Added != 13 {
			t.Fatalf("%v, %+v", errs, imported)
		}
		errs, _ = h.do(t, agent, document, map[string]any{"document": "{"}, &imported)
		if len(errs) > 0 || len(imported.CatalogueImport.Errors) != 1 || imported.CatalogueImport.Errors[0].Code != "CATALOGUE_BROKEN" {
			t.Fatalf("%v, %+v", errs, imported)
		}

		type page struct {
			Resources struct {
				TotalCount int
				Edges      []struct {
					Node struct {
						ID, Name, UpdateCycle string
						UpdateFrequency       *string
						SourceUnit, Domain    struct{ Name string }
						Items                 []struct{ Name string }
					}
				}
			}
		}
		read := func(who context.Context, first int, count string) (p page, statements int64) {
			errs, statements := h.do(t, who, `query ($first: Int) { resources(first: $first) { `+count+` edges { node {
				id name updateCycle updateFrequency allowedActions sourceUnit { name } domain { name industryAuthority { name } } items { name grade } } } } }`,
				map[string]any{"first": first}, &p)
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			return p, statements
		}
		whole, counted := read(agent, 13, "totalCount")
		_, uncounted := read(agent, 13, "")
		_, one := read(agent, 1, "")
		if len(whole.Resources.Edges) != 13 || whole.Resources.TotalCount != 13 || counted != uncounted+1 || uncounted != one {
			t.Errorf("%d of %d; statements: %d counted, %d for a page, %d for one", len(whole.Resources.Edges), whole.Resources.TotalCount, counted, uncounted, one)
		}
		first := whole.Resources.Edges[0].Node
		if first.Name != "居民健康档案库" || first.UpdateCycle != "定期" || first.UpdateFrequency != nil || first.SourceUnit.Name != "市卫生健康委" ||
			first.Domain.Name != "卫生健康" || len(first.Items) != 6 || first.Items[0].Name != "诊断时间" {
			t.Errorf("the first is %+v", first)
		}
		if drafts, _ := read(t.Context(), 13, "totalCount"); len(drafts.Resources.Edges) != 0 || drafts.Resources.TotalCount != 0 {
			t.Errorf("the public sees drafts: %+v", drafts)
		}
		for _, c := range []struct {
			sentence, text string
			who            context.Context
			want           int
		}{
			{"a part of a name", "居民健康档案库", agent, 1},
			{"blanks around it", " 居民健康档案库 ", agent, 1},
			{"an item of one", "诊断时间", agent, 1},
			{"nothing at all", " ", agent, 13},
			{"what no name holds", "不存在的资源", agent, 0},
			{"no pattern of a database", "%", agent, 0},
			{"what the viewer may not see", "居民健康档案", t.Context(), 0},
		} {
			var found page
			errs, _ := h.do(t, c.who, `query ($text: String) { resources(filter: {text: $text}) { totalCount edges { node { name } } } }`, map[string]any{"text": c.text}, &found)
			if len(errs) > 0 || found.Resources.TotalCount != c.want || len(found.Resources.Edges) != c.want {
				t.Errorf("%s: %d found, want %d: %v", c.sentence, found.Resources.TotalCount, c.want, errs)
			}
		}
		errs, _ = h.do(t, agent, `query ($text: String) { resources(filter: {text: $text}) { totalCount } }`, map[string]any{"text": strings.Repeat("象", 201)}, nil)
		if len(errs) != 1 || !strings.HasPrefix(errs[0].Message, "SEARCH_TEXT_TOO_LONG") {
			t.Errorf("a text that is too long is answered %v", errs)
		}
		var refusal struct {
			ResourceSuspend struct {
				Errors []struct{ Code, Field string }
			}
		}
		errs, _ = h.do(t, agent, `mutation ($id: ID!) { resourceSuspend(id: $id, reason: "x") { errors { code field } } }`,
			map[string]any{"id": publicid.Encode(resourceID, uuid.New())}, &refusal)
		if len(errs) > 0 || len(refusal.ResourceSuspend.Errors) != 1 || refusal.ResourceSuspend.Errors[0].Code != "NOT_FOUND" {
			t.Errorf("%v, %+v", errs, refusal)
		}
	})
}
