package catalogue_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongshu/data"
	"gongshu/internal/authorisation"
	"gongshu/internal/catalogue"
	"gongshu/internal/fault"
)

func firstBatch(t testing.TB) catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Parse(data.CatalogueBatch1)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheFirstBatchIsReadWhole(t *testing.T) {
	c := firstBatch(t)
	items, masked, withoutCode := 0, 0, 0
	for _, r := range c.Resources {
		items += len(r.Items)
		for _, item := range r.Items {
			if item.Masked {
				masked++
			}
		}
		if r.UpdateFrequency == nil {
			withoutCode++
			if r.UpdateCycleText != "定期" {
				t.Errorf("%s is updated %s and has no code", r.Name, r.UpdateCycleText)
			}
		} else if *r.UpdateFrequency != authorisation.RealTime || r.UpdateCycleText != "实时" {
			t.Errorf("%s is updated %s, read as %s", r.Name, r.UpdateCycleText, *r.UpdateFrequency)
		}
	}
	for what, n := range map[string][2]int{
		"source units":            {len(c.Units()), 8},
		"domains":                 {len(c.Domains()), 5},
		"resources":               {len(c.Resources), 13},
		"items":                   {items, 68},
		"masked items":            {masked, 6},
		"resources without cycle": {withoutCode, 6},
	} {
		if n[0] != n[1] {
			t.Errorf("%d %s, want %d", n[0], what, n[1])
		}
	}
	if c.Agency.Name != "绵阳市数据局" || c.IssuedOn != "2025-07-22" || c.Source != "绵数发〔2025〕14号 附件1" {
		t.Errorf("head of the catalogue: %+v %s %s", c.Agency, c.IssuedOn, c.Source)
	}
	if first := c.Domains()[0]; first != (catalogue.Domain{Name: "卫生健康", NameEn: "Health"}) {
		t.Errorf("first domain %+v", first)
	}
	flow := c.Resources[4]
	want := catalogue.Item{Name: "上车人次", NameEn: "Boardings", Note: "小时粒度 (hourly)"}
	if flow.Items[2] != want || !slices.Equal(flow.Provision, []authorisation.ProvisionMethod{"API", "TABLE"}) {
		t.Errorf("bus flow %+v", flow)
	}
}

// small is a correct file on one line; the rows below break it.
const small = `{"title":"甲","source":"乙","issued":"2025-07-22","implementingAgency":{"name":"丙"},"resources":[` +
	`{"domain":"丁","sourceUnit":"戊","name":"己","items":[{"name":"庚","masked":true},{"name":"辛"}],"updateCycle":"定期","updateCycleCode":null,"provision":["接口","文件"],"provisionCodes":["API","FILE"]}]}`

func TestASmallFileIsReadAndMayLeaveOutEnglishAndCodes(t *testing.T) {
	bare := strings.NewReplacer(`,"updateCycleCode":null`, "", `,"provisionCodes":["API","FILE"]`, "").Replace(small)
	for name, raw := range map[string]string{"with codes": small, "without": bare, "with a byte-order mark": "\ufeff" + small, "with white space around": " \n" + small + "\n"} {
		t.Run(name, func(t *testing.T) {
			c, err := catalogue.Parse([]byte(raw))
			if err != nil {
				t.Fatal(err)
			}
			r := c.Resources[0]
			if r.Key() != (catalogue.Key{SourceUnit: "戊", Name: "己"}) || len(r.Items) != 2 || !r.Items[0].Masked || len(r.Provision) != 2 {
				t.Errorf("%+v", r)
			}
		})
	}
	daily := strings.Replace(small, `"updateCycleCode":null`, `"updateCycleCode":"DAILY"`, 1)
	c, err := catalogue.Parse([]byte(daily))
	if err != nil {
		t.Fatal(err)
	}
	if f := c.Resources[0].UpdateFrequency; f == nil || *f != authorisation.Daily {
		t.Errorf("定期 with a stated code is read as %v", f)
	}
}

func TestABrokenFileIsRefusedByPlaceAndCode(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           []string // "place code"
	}{
		{"not JSON", `"title":"甲"`, `"title":甲`, []string{" CATALOGUE_BROKEN"}},
		{"something after the end", `}]}`, `}]} {}`, []string{" CATALOGUE_BROKEN"}},
		{"not UTF-8", `甲`, "\xff", []string{" CATALOGUE_NOT_UTF8"}},
		{"a list instead of an object", small, `[]`, []string{" CATALOGUE_TYPE_WRONG"}},
		{"nothing at all in it", small, `{}`, []string{"title TITLE_MISSING", "source SOURCE_MISSING", "issued ISSUED_MISSING", "implementingAgency AGENCY_MISSING", "resources RESOURCES_MISSING"}},
		{"an unknown member", `{"title"`, `{"colour":{"a":[1]},"title"`, []string{"colour CATALOGUE_MEMBER_UNKNOWN"}},
		{"an unknown member whose name is no name", `{"title"`, `{"甲.1":1,"title"`, []string{" CATALOGUE_MEMBER_UNKNOWN"}},
		{"a member in other letters", `"title"`, `"Title"`, []string{"Title CATALOGUE_MEMBER_UNKNOWN", "title TITLE_MISSING"}},
		{"an unknown member of an item", `{"name":"辛"}`, `{"name":"辛","x":1}`, []string{"resources.0.items.1.x CATALOGUE_MEMBER_UNKNOWN"}},
		{"a member there twice", `{"title"`, `{"title":"子","title"`, []string{"title CATALOGUE_MEMBER_TWICE"}},
		{"a number for a text", `"己"`, `7`, []string{"resources.0.name CATALOGUE_TYPE_WRONG"}},
		{"a text for a flag", `true`, `"true"`, []string{"resources.0.items.0.masked CATALOGUE_TYPE_WRONG"}},
		{"a null among the items", `{"name":"辛"}`, `null`, []string{"resources.0.items.1 CATALOGUE_TYPE_WRONG"}},
		{"a null resource", `"resources":[`, `"resources":[null,`, []string{"resources.0 CATALOGUE_TYPE_WRONG"}},
		{"an object for the items", `[{"name":"庚","masked":true},{"name":"辛"}]`, `{}`, []string{"resources.0.items CATALOGUE_TYPE_WRONG"}},
		{"a day that is none", `2025-07-22`, `2025-02-30`, []string{"issued ISSUED_INVALID"}},
		{"an agency without a name", `{"name":"丙"}`, `{}`, []string{"implementingAgency.name NAME_MISSING"}},
		{"no domain", `"丁"`, `""`, []string{"resources.0.domain DOMAIN_MISSING"}},
		{"no source unit", `"戊"`, `null`, []string{"resources.0.sourceUnit SOURCE_UNIT_MISSING"}},
		{"an item without a name", `"辛"`, `""`, []string{"resources.0.items.1.name NAME_MISSING"}},
		{"a name with space at its end", `"辛"`, `"辛 "`, []string{"resources.0.items.1.name TEXT_INVALID"}},
		{"a name with a character that cannot be seen", `"辛"`, `"辛\u200b"`, []string{"resources.0.items.1.name TEXT_INVALID"}},
		{"half a surrogate pair", `"辛"`, `"\ud800"`, []string{"resources.0.items.1.name TEXT_INVALID"}},
		{"a name too long", `"辛"`, `"` + strings.Repeat("辛", catalogue.MaxNameBytes/3+1) + `"`, []string{"resources.0.items.1.name TEXT_TOO_LONG"}},
		{"a domain too long", `"丁"`, `"` + strings.Repeat("丁", catalogue.MaxDomainBytes/3+1) + `"`, []string{"resources.0.domain TEXT_TOO_LONG"}},
		{"an item there twice", `"辛"`, `"庚"`, []string{"resources.0.items.1.name ITEM_TWICE"}},
		{"an item there twice by escapes", `"辛"`, `"\u5e9a"`, []string{"resources.0.items.1.name ITEM_TWICE"}},
		{"no items", `{"name":"庚","masked":true},{"name":"辛"}`, ``, []string{"resources.0.items ITEMS_MISSING"}},
		{"no update cycle", `"updateCycle":"定期",`, ``, []string{"resources.0.updateCycle UPDATE_CYCLE_MISSING"}},
		{"an update cycle of its own", `定期`, `有空`, []string{"resources.0.updateCycle UPDATE_CYCLE_UNKNOWN"}},
		{"an update code of its own", `"updateCycleCode":null`, `"updateCycleCode":"SOMETIMES"`, []string{"resources.0.updateCycleCode UPDATE_CYCLE_UNKNOWN"}},
		{"an update code against the words", `"定期","updateCycleCode":null`, `"实时","updateCycleCode":"DAILY"`, []string{"resources.0.updateCycleCode UPDATE_CYCLE_MISMATCH"}},
		{"no provision", `"接口","文件"`, ``, []string{"resources.0.provision PROVISION_MISSING"}},
		{"a provision method of its own", `文件`, `传真`, []string{"resources.0.provision.1 PROVISION_UNKNOWN"}},
		{"a provision method without words", `文件`, ``, []string{"resources.0.provision.1 PROVISION_MISSING"}},
		{"a provision method twice", `文件`, `接口`, []string{"resources.0.provision.1 PROVISION_TWICE"}},
		{"a provision code of its own", `FILE`, `FAX`, []string{"resources.0.provisionCodes.1 PROVISION_UNKNOWN"}},
		{"provision codes against the words", `FILE`, `TABLE`, []string{"resources.0.provisionCodes PROVISION_MISMATCH"}},
		{"several mistakes are named at once", `"戊","name":"己","items":[{"name":"庚","masked":true},{"name":"辛"}]`, `"","name":"","items":[{},{"name":2}]`,
			[]string{"resources.0.sourceUnit SOURCE_UNIT_MISSING", "resources.0.name NAME_MISSING", "resources.0.items.0.name NAME_MISSING", "resources.0.items.1.name CATALOGUE_TYPE_WRONG"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := strings.Replace(small, c.old, c.new, 1)
			if raw == small {
				t.Fatal("the row changes nothing")
			}
			_, err := catalogue.Parse([]byte(raw))
			if got := placesAndCodes(err); !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func placesAndCodes(err error) []string {
	var got []string
	for _, e := range fault.All(err) {
		got = append(got, e.Field+" "+e.Code)
	}
	return got
}

func TestAResourceThereTwiceIsRefusedOnlyWithinItsUnit(t *testing.T) {
	c := firstBatch(t)
	if c.Resources[5].SourceUnit != c.Resources[7].SourceUnit {
		t.Fatal("the first batch has changed")
	}
	twice := bytes.Replace(data.CatalogueBatch1, []byte(`"name": "社保医保关联信息库"`), []byte(`"name": "社保参保信息库"`), 1)
	_, err := catalogue.Parse(twice)
	if got := placesAndCodes(err); !slices.Equal(got, []string{"resources.7.name RESOURCE_TWICE"}) {
		t.Errorf("within one unit: %q", got)
	}
	other := bytes.Replace(data.CatalogueBatch1, []byte(`"name": "农村健康保障库"`), []byte(`"name": "社保参保信息库"`), 1)
	if _, err := catalogue.Parse(other); err != nil {
		t.Errorf("another unit may use the name: %v", err)
	}
}

func TestABrokenFileSaysWhereAndNeverWhat(t *testing.T) {
	for _, c := range []struct {
		name, raw    string
		line, column int
	}{
		{"an empty file", "", 1, 1},
		{"a wrong character on the third line, counted in characters", "{\n\"密\":1,\n\"码\":秘}", 3, 5},
		{"an end too early", "{\n\"密\":", 2, 5},
		{"a second value", "{}\n\n密", 3, 1},
		{"bytes that are no text", "{\n \"密\xff\"}", 2, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := catalogue.Parse([]byte(c.raw))
			all := fault.All(err)
			if len(all) != 1 {
				t.Fatalf("got %v", err)
			}
			if all[0].Params["line"] != c.line || all[0].Params["column"] != c.column {
				t.Errorf("at %v, want %d:%d", all[0].Params, c.line, c.column)
			}
			if want := fmt.Sprintf("at line %d, column %d.", c.line, c.column); !strings.HasSuffix(all[0].Message, want) || strings.ContainsAny(all[0].Message, "密码秘") {
				t.Errorf("message %q", all[0].Message)
			}
		})
	}
}

func TestAFileBeyondTheLimitsIsRefused(t *testing.T) {
	items := strings.Repeat(`{"name":"x"},`, catalogue.MaxItems+1)
	for _, c := range []struct {
		name, raw string
		want      string
	}{
		{"too many bytes", strings.Repeat(" ", catalogue.MaxBytes+1), " CATALOGUE_TOO_LARGE"},
		{"too many items", strings.Replace(small, `{"name":"庚","masked":true},`, items, 1), "resources.0.items CATALOGUE_LIST_TOO_LONG"},
		{"too deep", strings.Repeat("[", 20000) + strings.Repeat("]", 20000), " CATALOGUE_BROKEN"},
		{"too many mistakes", `{"resources":[` + strings.TrimSuffix(strings.Repeat("1,", catalogue.MaxResources), ",") + `]}`, " CATALOGUE_FAULTS_MORE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := catalogue.Parse([]byte(c.raw))
			got := placesAndCodes(err)
			if !slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, strings.TrimSpace(c.want)) }) || len(got) > catalogue.MaxFaults+1 {
				t.Errorf("%d faults, the last %q", len(got), got[len(got)-1])
			}
		})
	}
}

func TestADryRunReportsWhatAnImportWouldDo(t *testing.T) {
	old := firstBatch(t)
	next := firstBatch(t)
	next.Resources = slices.Clone(next.Resources[2:]) // the two of health are not named again
	changed := &next.Resources[0]
	changed.Note = "新说明"
	changed.Items = slices.Clone(changed.Items)
	changed.Items[0].Masked = true
	changed.Items = append(changed.Items[:4], catalogue.Item{Name: "成立日期"}) // 行政处罚记录 goes
	next.Resources = append(next.Resources, catalogue.Resource{SourceUnit: "市气象局", Name: "气象观测"})

	report := catalogue.Compare(old.Resources, next)
	if len(report.Added) != 1 || report.Added[0].Name != "气象观测" {
		t.Errorf("added %+v", report.Added)
	}
	if len(report.Unchanged) != 10 || len(report.Untouched) != 2 || report.Untouched[0].Name != "居民健康档案库" {
		t.Errorf("%d unchanged, untouched %+v", len(report.Unchanged), report.Untouched)
	}
	want := []catalogue.ChangedResource{{Resource: *changed, Changes: []catalogue.Change{
		{Path: "note", Before: "", After: "新说明"},
		{Path: "items.成立日期", Before: "", After: `{"name":"成立日期","nameEn":"","note":"","masked":false}`},
		{Path: "items.统一社会信用代码.masked", Before: "false", After: "true"},
		{Path: "items.行政处罚记录", Before: `{"name":"行政处罚记录","nameEn":"Administrative penalty records","note":"","masked":false}`, After: ""},
	}}}
	if !reflect.DeepEqual(report.Changed, want) {
		t.Errorf("changed %+v\nwant %+v", report.Changed, want)
	}
}

// aResource draws from few values, so that two draws are often equal or nearly so.
func aResource(t *rapid.T, name string) catalogue.Resource {
	word := rapid.SampledFrom([]string{"", "甲", "乙<"})
	r := catalogue.Resource{
		Domain: word.Draw(t, name), SourceUnit: word.Draw(t, name), Name: "己", Note: word.Draw(t, name), UpdateCycleText: "定期",
		Provision: rapid.Permutation([]authorisation.ProvisionMethod{"API", "TABLE", "FILE"}).Draw(t, name)[:rapid.IntRange(2, 3).Draw(t, name)],
	}
	if rapid.Bool().Draw(t, name) {
		f := rapid.SampledFrom([]authorisation.UpdateFrequency{authorisation.Daily, authorisation.Weekly}).Draw(t, name)
		r.UpdateFrequency = &f
	}
	for _, item := range rapid.Permutation([]string{"一", "二", "三"}).Draw(t, name)[:rapid.IntRange(0, 3).Draw(t, name)] {
		r.Items = append(r.Items, catalogue.Item{Name: item, Note: rapid.SampledFrom([]string{"", "注"}).Draw(t, name), Masked: rapid.Bool().Draw(t, name)})
	}
	return r
}

func TestAResourceDoesNotDifferFromItselfHoweverItIsOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := aResource(t, "resource")
		s := r
		s.Items = rapid.Permutation(r.Items).Draw(t, "items")
		s.Provision = rapid.Permutation(r.Provision).Draw(t, "provision")
		if changes := catalogue.Diff(r, s); len(changes) != 0 || r.Fingerprint() != s.Fingerprint() {
			t.Fatalf("differs from itself: %+v", changes)
		}
	})
}

func TestADifferenceIsEmptyExactlyWhenTheCanonicalFormsAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := aResource(t, "a")
		b := a
		if rapid.Bool().Draw(t, "one member") { // independent draws are hardly ever equal
			b.Items = slices.Clone(a.Items)
			if len(b.Items) > 0 {
				b.Items[0].Masked = rapid.Bool().Draw(t, "masked")
			}
			b.Note = rapid.SampledFrom([]string{a.Note, "新"}).Draw(t, "note")
		} else {
			b = aResource(t, "b")
		}
		same := bytes.Equal(a.Canonical(), b.Canonical())
		if there, back := catalogue.Diff(a, b), catalogue.Diff(b, a); (len(there) == 0) != same || len(there) != len(back) {
			t.Fatalf("canonical forms equal: %v, yet %+v and back %+v", same, there, back)
		}
		if same != (a.Fingerprint() == b.Fingerprint()) {
			t.Fatal("the fingerprint disagrees with the canonical form")
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(data.CatalogueBatch1)
	f.Add([]byte(small))
	f.Add([]byte(`{"resources":[{"items":[null,{}]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := catalogue.Parse(raw)
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		keys := map[catalogue.Key]bool{}
		for _, r := range c.Resources {
			if keys[r.Key()] || r.Name == "" || len(r.Items) == 0 || len(r.Provision) == 0 {
				t.Fatalf("accepted %+v", r)
			}
			keys[r.Key()] = true
		}
		if report := catalogue.Compare(c.Resources, c); len(report.Unchanged) != len(c.Resources) {
			t.Fatalf("differs from itself: %+v", report)
		}
	})
}
