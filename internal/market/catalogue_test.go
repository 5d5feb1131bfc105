package market

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gongshu/data"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/resource"
	"gongshu/ent/db/resourceversion"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// catalogueWith is the first batch with something changed.
func catalogueWith(t *testing.T, change func(resources []any)) []byte {
	t.Helper()
	var file map[string]any
	if err := json.Unmarshal(data.CatalogueBatch1, &file); err != nil {
		t.Fatal(err)
	}
	change(file["resources"].([]any))
	raw, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// content counts all that an import may touch.
func (w *world) content(t *testing.T) [6]int {
	t.Helper()
	ctx, c := store.AsSystem(context.Background()), w.Store.Read()
	var n [6]int
	for i, count := range []func(context.Context) (int, error){
		c.Organisation.Query().Count, c.Party.Query().Count, c.Domain.Query().Count,
		c.Resource.Query().Count, c.ResourceVersion.Query().Count, c.DataItem.Query().Count,
	} {
		var err error
		if n[i], err = count(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// An import that is ended while it reads says so, and not what it would have found wrong.
func TestAnImportEndsWithItsContext(t *testing.T) {
	m := &Market{}
	gone, end := context.WithCancel(t.Context())
	end()
	wrong := []byte("领域,数源单位\n甲,乙\n")
	_, err := m.ImportCatalogue(gone, wrong, false)
	_, err2 := m.ImportCalendar(gone, wrong, PolicyImport{})
	_, err3 := m.ImportCodeTables(gone, wrong, PolicyImport{})
	for _, err := range []error{err, err2, err3} {
		if !errors.Is(err, context.Canceled) || len(fault.All(err)) > 0 {
			t.Errorf("%v", err)
		}
	}
}

func TestTheFirstBatchIsImportedOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		report, err := w.ImportCatalogue(t.Context(), data.CatalogueBatch1, true)
		if err != nil || report.Added != 13 || w.content(t) != [6]int{} {
			t.Fatalf("a dry run reports %+v, %v and leaves %v", report, err, w.content(t))
		}
		if report, err = w.ImportCatalogue(t.Context(), data.CatalogueBatch1, false); err != nil || report.Added != 13 {
			t.Fatalf("the import reports %+v, %v", report, err)
		}
		first := w.content(t)
		if first != [6]int{9, 9, 5, 13, 13, 68} {
			t.Errorf("organisations, parties, domains, resources, versions, items: %v", first)
		}
		report, err = w.ImportCatalogue(t.Context(), data.CatalogueBatch1, false)
		if err != nil || report.Added+report.Changed != 0 || report.Unchanged != 13 || w.content(t) != first {
			t.Errorf("twice: %+v, %v, %v", report, err, w.content(t))
		}
		ctx, c := store.AsSystem(t.Context()), w.Store.Read()
		unclassified, _ := c.DataItem.Query().Where(dataitem.GradeIsNil(), dataitem.LinkageIsNil(), dataitem.SensitivityIsNil()).Count(ctx)
		drafts, _ := c.Resource.Query().Where(resource.StatusEQ(authorisation.ResourceDraft)).Count(ctx)
		regular, _ := c.Resource.Query().Where(resource.UpdateCycle("定期"), resource.UpdateFrequencyIsNil()).Count(ctx)
		masked, _ := c.DataItem.Query().Where(dataitem.Masked(true)).Count(ctx)
		agencies, _ := c.Party.Query().Where(party.KindEQ(access.ImplementingAgency)).Count(ctx)
		groups, _ := c.Organisation.Query().Where(organisation.LegalFormEQ(access.Enterprise), organisation.StatusEQ(access.OrganisationRecorded)).Count(ctx)
		if unclassified != 68 || drafts != 13 || regular == 0 || masked == 0 || agencies != 1 || groups != 1 {
			t.Errorf("unclassified %d, drafts %d, 定期 without code %d, masked %d, agencies %d, enterprises %d",
				unclassified, drafts, regular, masked, agencies, groups)
		}
	})
}

func TestAChangedCatalogueMakesNewVersions(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		ctx := store.AsSystem(t.Context())
		before, err := w.Store.Read().Resource.Get(ctx, s.resource)
		if err != nil {
			t.Fatal(err)
		}
		must(t, w.ResourceClassify(s.publisher, s.resource, s.classified(t, w)))
		must(t, w.ResourceStateFrequency(s.publisher, s.resource, authorisation.Monthly))
		changed := catalogueWith(t, func(resources []any) {
			r := resources[s.index].(map[string]any)
			items := r["items"].([]any)
			r["items"] = append(items[1:], map[string]any{"name": "年度报告"})
			r["note"] = "补充说明"
		})
		dry, err := w.CatalogueImport(s.agencyPublisher, changed, true)
		if err != nil || dry.Changed != 1 || dry.Unchanged != 12 || len(dry.Changes) != 3 {
			t.Fatalf("a dry run says %+v, %v", dry, err)
		}
		if now, err := w.Store.Read().Resource.Get(ctx, s.resource); err != nil || now.Version != before.Version+2 || now.Note != before.Note {
			t.Fatalf("a dry run changed it: %+v, %v", now, err)
		}
		real, err := w.CatalogueImport(s.agencyPublisher, changed, false)
		if err != nil || !slices.Equal(real.Changes, dry.Changes) {
			t.Fatalf("the import says %+v, %v", real, err)
		}
		now, err := w.Store.Read().Resource.Get(ctx, s.resource)
		if err != nil || now.ContentNumber != 2 || now.Note != "补充说明" || *now.UpdateFrequency != authorisation.Monthly {
			t.Errorf("the resource is %+v, %v", now, err)
		}
		c := w.Store.Read()
		versions, _ := c.ResourceVersion.Query().Where(resourceversion.ResourceID(s.resource)).Count(ctx)
		kept, _ := c.DataItem.Query().Where(dataitem.ResourceID(s.resource), dataitem.Withdrawn(false), dataitem.GradeNotNil()).Count(ctx)
		gone, _ := c.DataItem.Query().Where(dataitem.ResourceID(s.resource), dataitem.Withdrawn(true)).Only(ctx)
		added, _ := c.DataItem.Query().Where(dataitem.ResourceID(s.resource), dataitem.Name("年度报告"), dataitem.GradeIsNil()).Count(ctx)
		if versions != 2 || kept != len(s.items)-1 || gone == nil || gone.ID != s.items[0] || added != 1 {
			t.Errorf("versions %d, classified items %d, withdrawn %v, added %d", versions, kept, gone, added)
		}
		if again, err := w.CatalogueImport(s.agencyPublisher, changed, false); err != nil || again.Unchanged != 13 {
			t.Errorf("again: %+v, %v", again, err)
		}
	})
}

func TestABrokenCatalogueChangesNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		before := w.content(t)
		for _, row := range []struct {
			sentence, field, code string
			change                func(resources []any)
		}{
			{"a resource without a name", "resources.3.name", "NAME_MISSING", func(rs []any) { delete(rs[3].(map[string]any), "name") }},
			{"a resource that changes its domain", "resources.2.domain", "RESOURCE_DOMAIN_FIXED", func(rs []any) { rs[2].(map[string]any)["domain"] = "卫生健康" }},
		} {
			_, err := w.CatalogueImport(s.agencyPublisher, catalogueWith(t, row.change), false)
			all := fault.All(err)
			if len(all) != 1 || all[0].Field != row.field || all[0].Code != row.code || w.content(t) != before {
				t.Errorf("%s: %v, content %v", row.sentence, err, w.content(t))
			}
		}
		_, err := w.CatalogueImport(s.agencyPublisher, []byte("{\n \"title\": \n"), false)
		refused(t, err, "CATALOGUE_BROKEN")
	})
}

// tableOf is the first batch as agencies keep it.
func tableOf(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "catalogue", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestATableIsTheSameCatalogue(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if report, err := w.ImportCatalogue(t.Context(), tableOf(t, "batch-1.gb18030.csv"), true); err != nil || report.Added != 13 || w.content(t) != [6]int{} {
			t.Fatalf("a dry run reports %+v, %v and leaves %v", report, err, w.content(t))
		}
		if report, err := w.ImportCatalogue(t.Context(), data.CatalogueBatch1, false); err != nil || report.Added != 13 {
			t.Fatalf("the import of JSON reports %+v, %v", report, err)
		}
		before := w.content(t)
		for _, name := range []string{"batch-1.xlsx", "batch-1.gb18030.csv", "batch-1.utf-8.csv"} {
			if report, err := w.ImportCatalogue(t.Context(), tableOf(t, name), false); err != nil || report.Unchanged != 13 || w.content(t) != before {
				t.Errorf("%s after the JSON reports %+v, %v and leaves %v, before %v", name, report, err, w.content(t), before)
			}
		}
		moved := bytes.ReplaceAll(tableOf(t, "batch-1.utf-8.csv"), []byte("卫生健康,Health"), []byte("医疗,Health"))
		_, err := w.ImportCatalogue(t.Context(), moved, false)
		all := fault.All(err)
		if len(all) != 2 || all[0].Code != "RESOURCE_DOMAIN_FIXED" || all[0].Field != "B7" || all[1].Field != "B13" || w.content(t) != before {
			t.Errorf("resources that change their domain: %v", err)
		}
	})
}

func TestWhoMayImport(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		agency := w.organisation(t, "绵阳市数据局", access.AdministrativeOrgan, access.ImplementingAgency)
		buyer := w.organisation(t, "市公共交通集团", access.Enterprise, access.Buyer)
		unverified := access.FromContext(w.person(t, agency, access.Publisher))
		unverified.Verified = false
		for _, row := range []struct {
			sentence string
			ctx      context.Context
			code     string
		}{
			{"nobody may not", t.Context(), "SIGN_IN_REQUIRED"},
			{"a buyer may not", w.person(t, buyer, access.Publisher), "PARTY_REQUIRED"},
			{"the agency's auditor may not", w.person(t, agency, access.Auditor), "ROLE_REQUIRED"},
			{"an agency that nobody verified may not", access.With(t.Context(), unverified), "ORGANISATION_NOT_VERIFIED"},
		} {
			_, err := w.CatalogueImport(row.ctx, data.CatalogueBatch1, false)
			t.Run(row.sentence, func(t *testing.T) { refused(t, err, row.code) })
		}
		// Who signed up under the name of a source unit and was verified by nobody is never meant by it.
		squatter := w.organisation(t, "市卫生健康委", access.Enterprise, access.Buyer)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Organisation.UpdateOneID(squatter).SetStatus(access.OrganisationSubmitted).Exec(ctx)
		})
		if _, err := w.CatalogueImport(w.person(t, agency, access.Publisher), data.CatalogueBatch1, false); err != nil {
			t.Fatal(err)
		}
		owns, err := w.Store.Read().Resource.Query().Where(resource.SourceUnitID(squatter)).Count(store.AsSystem(t.Context()))
		if err != nil || owns != 0 {
			t.Errorf("a squatter owns %d resources, %v", owns, err)
		}
	})
}
