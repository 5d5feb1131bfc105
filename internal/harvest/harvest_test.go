package harvest

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/dictionary"
	"gongshu/internal/purpose"
)

const site = Site("https://data.example.cn")

func everyColumn() (columns []dictionary.Column) {
	for i, kind := range dictionary.Type("").Values() {
		name := []string{"first", "after", "price", "opened", "measured", "works"}[i]
		columns = append(columns, dictionary.Column{Name: name, Label: "列", Type: dictionary.Type(kind), Description: "说明", Filterable: true},
			dictionary.Column{Name: name + "_kept", Label: "列", Type: dictionary.Type(kind), Description: "说明"})
	}
	return columns
}

func TestADescriptionPromisesWhatACallTakes(t *testing.T) {
	if maxFirst != dataset.MaxFirst || defaultFirst != dataset.DefaultFirst || maxFilters != dataset.MaxFilters || maxInValues != dataset.MaxInValues {
		t.Error("the bounds of data calls are others")
	}
	values := map[string]string{"first": "一", "after": "1", "price": "1.5", "opened": "2026-01-31", "measured": "2026-01-31T00:00:00Z", "works": "true"}
	columns := everyColumn()
	described := map[string]bool{}
	for _, p := range (openAPI{Product{Columns: columns}}).query()[2:] {
		name := p["name"].(string)
		described[name] = true
		column, _, _ := strings.Cut(name, "[")
		if _, err := dataset.ParseFilters(url.Values{name: {values[column]}}, columns); err != nil {
			t.Errorf("%s is described and refused: %v", name, err)
		}
	}
	for _, c := range columns {
		for _, op := range []string{"eq", "ne", "lt", "lte", "gt", "gte", "prefix", "in"} {
			name := c.Name + "[" + op + "]"
			_, err := dataset.ParseFilters(url.Values{name: {values[c.Name]}}, columns)
			if op == "eq" && c.Name != "first" && c.Name != "after" {
				name = c.Name
			}
			if (err == nil) != described[name] {
				t.Errorf("%s is taken: %t, and described: %t", name, err == nil, described[name])
			}
		}
	}
}

func TestEveryFrequencyHasOneOfTheEU(t *testing.T) {
	for _, f := range authorisation.UpdateFrequency("").Values() {
		if frequencies[authorisation.UpdateFrequency(f)] == "" {
			t.Errorf("%s has none", f)
		}
	}
	for _, p := range purpose.All {
		if purposeNames[p][0] == "" || purposeNames[p][1] == "" {
			t.Errorf("%s has no name", p)
		}
	}
}

func TestWhatAProductMayBeUsedForIsSaid(t *testing.T) {
	for _, row := range []struct {
		purposes []purpose.Purpose
		zh, en   string
	}{
		{nil, "目前没有用途获得授权。", "It is granted for no purpose at present."},
		{purpose.All, "凭订单或申请批准的用途使用：免费用于公共治理、公益事业；付费用于产业发展、行业发展。",
			"To be used for the purpose that was ordered or approved: free of charge for public governance and public welfare; for a fee for industrial development and sector development."},
		{[]purpose.Purpose{purpose.Sector}, "凭订单或申请批准的用途使用：付费用于行业发展。", "To be used for the purpose that was ordered or approved: for a fee for sector development."},
	} {
		if zh, en := (Product{Purposes: row.purposes}).uses(); zh != row.zh || en != row.en {
			t.Errorf("of %v it says %s %s", row.purposes, zh, en)
		}
	}
}

func TestAThemeIsOfTheEUWhereItMeansTheSame(t *testing.T) {
	for theme, want := range map[string]string{"C0200": "data-theme/HEAL", "B0100": "data-theme/AGRI", "D0400": "", "": ""} {
		c := Catalogue{Products: []Product{{ID: uuid.New(), Name: "名", Domain: Domain{ID: uuid.New(), Named: Named{Name: "领域"}, Theme: theme}, Delivery: authorisation.DeliveryFile}}}
		got := string(site.DCAT(c, Pages{Self: "/catalog.ttl", First: "/catalog.ttl"}).Turtle())
		if has := strings.Contains(got, "broadMatch"); has != (want != "") || !strings.Contains(got, want) {
			t.Errorf("the theme %q is said to be in %s", theme, got)
		}
		if strings.Contains(got, "hydra:next") || strings.Contains(got, "dct:issued") || strings.Contains(got, "dct:spatial") || strings.Contains(got, "@en ;\n    dct:identifier") {
			t.Errorf("it says what is not known: %s", got)
		}
	}
}

func TestAMachineReadsWhatIsWritten(t *testing.T) {
	at := time.Date(2026, time.March, 2, 10, 0, 0, 0, time.FixedZone("", 8*3600))
	p := Product{ID: uuid.New(), Name: "名</script>", Description: strings.Repeat("长", 6000), Columns: everyColumn(), Delivery: authorisation.DeliveryAPI, Issued: at, Modified: at, Synthetic: true,
		Purposes: []purpose.Purpose{purpose.Industry}, Resources: []Resource{{ID: uuid.New(), Source: Agent{ID: uuid.New(), Name: "市局"}}, {ID: uuid.New(), Source: Agent{}}}}
	raw := site.SchemaOrg(p, Licence{Version: "1"})
	var said map[string]any
	if err := json.Unmarshal(raw, &said); err != nil || strings.Contains(string(raw), "<") {
		t.Fatalf("%v: %s", err, raw)
	}
	if runes := []rune(said["description"].(string)); len(runes) != maxDescribed || said["dateModified"] != "2026-03-02T02:00:00Z" || len(said["creator"].([]any)) != 1 {
		t.Errorf("it says %v", said)
	}
	var api struct {
		Components struct {
			Schemas struct {
				Row struct {
					Required   []string
					Properties map[string]struct{ Type any }
				}
			}
		}
		Paths map[string]map[string]struct{ Parameters []map[string]any }
	}
	if err := json.Unmarshal(site.OpenAPI(p, Licence{Version: "1"}), &api); err != nil {
		t.Fatal(err)
	}
	rows := api.Paths["/data/v1/products/"+p.PublicID()+"/rows"]["get"]
	if len(api.Components.Schemas.Row.Required) != len(p.Columns) || rows.Parameters[0]["name"] != "Gongshu-Purpose" ||
		!slices.Equal(rows.Parameters[0]["schema"].(map[string]any)["enum"].([]any), []any{"INDUSTRY"}) {
		t.Errorf("it describes %+v", api)
	}
}
