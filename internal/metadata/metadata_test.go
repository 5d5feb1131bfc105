package metadata

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/purpose"
)

var today = authorisation.DayFrom(2026, time.November, 25)

// described is a product with nothing to mend; a test takes away what it is about.
func described(change func(*Product)) Product {
	p := Product{
		Name: "公交线路站点客流", NameEn: "Bus stop passenger flow",
		Description:   "按日、线路和站点汇总的上下车人次，用于选址与线网评估；不含任何乘客的出行记录，不能用于识别个人。",
		DescriptionEn: "Boardings and alightings by day, line and stop, for siting and network planning.",
		Delivery:      authorisation.DeliveryAPI, UpdateFrequency: authorisation.Daily, Items: 2, SampleRows: 3, DatasetOn: today,
		Columns: []dictionary.Column{
			{Name: "line", Label: "线路", LabelEn: "Line", Type: dictionary.Text, Description: "线路的编号。", DescriptionEn: "Number of the line.", Filterable: true, ItemIDs: []string{"1"}},
			{Name: "boardings", Label: "上车人次", LabelEn: "Boardings", Type: dictionary.Integer, Unit: "人次", Description: "当日刷卡上车的人次。", DescriptionEn: "Boardings of the day.", ItemIDs: []string{"2"}},
		},
		Purposes: []purpose.Purpose{purpose.Industry}, Registered: true, HasPlan: true,
	}
	if change != nil {
		change(&p)
	}
	return p
}

func catalogued(change func(*Resource)) Resource {
	r := Resource{
		Name: "公交线路", NameEn: "Bus lines", Note: "全市公交线路及站点，不含长途客运。", UpdateFrequency: authorisation.Monthly,
		Provision: []authorisation.ProvisionMethod{authorisation.ProvisionAPI}, Published: true, CataloguedOn: today,
		Items: []Item{{"线路编号", "Line number", true}, {"站点名称", "Stop name", true}},
	}
	if change != nil {
		change(&r)
	}
	return r
}

func codes(s Score) (found []Code) {
	for _, f := range s.Findings {
		found = append(found, f.Code)
	}
	return found
}

func TestEveryFindingOfAProduct(t *testing.T) {
	for _, row := range []struct {
		sentence string
		change   func(*Product)
		want     []Code
		total    int
	}{
		{"nothing is to be mended", nil, nil, 100},
		{"a name of three characters says little", func(p *Product) { p.Name = " 客流量 " }, []Code{NameShort}, 96},
		{"a name without a Latin letter is none in English", func(p *Product) { p.NameEn = "客流" }, []Code{NameEnMissing}, 96},
		{"a short description", func(p *Product) { p.Description = "客流。" }, []Code{DescriptionShort}, 93},
		{"a short description in English", func(p *Product) { p.DescriptionEn = "Flow." }, []Code{DescriptionEnShort}, 95},
		{"a description in English that is none", func(p *Product) { p.DescriptionEn = strings.Repeat("客", 60) }, []Code{DescriptionEnShort}, 95},
		{"made of nothing", func(p *Product) { p.Items = 0 }, []Code{ItemsMissing}, 95},
		{"no dataset is neither to be had nor up to date", func(p *Product) { p.DatasetOn = authorisation.Day{} }, []Code{DatasetMissing, DatasetUndated}, 81},
		{"no sample", func(p *Product) { p.SampleRows = 0 }, []Code{SampleMissing}, 94},
		{"two rows of a sample", func(p *Product) { p.SampleRows = 2 }, []Code{SampleShort}, 97},
		{"an interface without a filter", func(p *Product) { p.Columns[0].Filterable = false }, []Code{FilterMissing}, 95},
		{"a file needs none", func(p *Product) { p.Columns[0].Filterable, p.Delivery = false, authorisation.DeliveryFile }, nil, 100},
		{"no dictionary", func(p *Product) { p.Columns, p.Delivery = nil, authorisation.DeliveryFile }, []Code{DictionaryMissing}, 75},
		{"half of the labels lack their English: three of five points", func(p *Product) { p.Columns[1].LabelEn = "" }, []Code{ColumnLabelEnMissing}, 97},
		{"a description that repeats the label", func(p *Product) { p.Columns[1].Description = "上车人次。" }, []Code{ColumnDescriptionShort}, 97},
		{"no description in English", func(p *Product) { p.Columns[0].DescriptionEn, p.Columns[1].DescriptionEn = "", "" }, []Code{ColumnDescriptionEn}, 95},
		{"a number without a unit, the only one", func(p *Product) { p.Columns[1].Unit = "" }, []Code{ColumnUnitMissing}, 96},
		{"text needs no unit", func(p *Product) { p.Columns[1].Unit, p.Columns[1].Type = "", dictionary.Text }, nil, 100},
		{"a column that names no item", func(p *Product) { p.Columns[1].ItemIDs = nil }, []Code{ColumnItemsMissing}, 97},
		{"it may come from the social data that is joined", func(p *Product) { p.Columns[1].ItemIDs, p.JoinsSocial = nil, true }, nil, 100},
		{"not all of them do", func(p *Product) { p.Columns[0].ItemIDs, p.Columns[1].ItemIDs, p.JoinsSocial = nil, nil, true }, []Code{ColumnItemsMissing}, 94},
		{"no purpose is granted", func(p *Product) { p.Purposes = nil }, []Code{PurposesMissing}, 94},
		{"no code", func(p *Product) { p.Registered = false }, []Code{RegistrationMissing}, 95},
		{"no price", func(p *Product) { p.HasPlan = false }, []Code{TermsMissing}, 96},
		{"what is only free needs no price", func(p *Product) {
			p.HasPlan, p.Purposes = false, []purpose.Purpose{purpose.Governance, purpose.Welfare}
		}, nil, 100},
		{"how often is not said, so its age says nothing", func(p *Product) { p.UpdateFrequency = "" }, []Code{UpdateFrequencyMissing}, 85},
		{"how often is not said of no data", func(p *Product) { p.UpdateFrequency, p.DatasetOn = "", authorisation.Day{} },
			[]Code{DatasetMissing, UpdateFrequencyMissing, DatasetUndated}, 76},
		{"two days old is daily enough", func(p *Product) { p.DatasetOn = today.AddDays(-2) }, nil, 100},
		{"three days are not", func(p *Product) { p.DatasetOn = today.AddDays(-3) }, []Code{DatasetOverdue}, 90},
		{"what is renewed no more is never too old", func(p *Product) {
			p.DatasetOn, p.UpdateFrequency = today.AddDays(-5000), authorisation.Historical
		}, nil, 100},
		{"nothing at all", func(p *Product) { *p = Product{Delivery: authorisation.DeliveryAPI} }, []Code{
			NameShort, NameEnMissing, DescriptionShort, DescriptionEnShort, ItemsMissing, DatasetMissing, SampleMissing, FilterMissing,
			DictionaryMissing, PurposesMissing, RegistrationMissing, TermsMissing, UpdateFrequencyMissing, DatasetUndated}, 0},
	} {
		score := OfProduct(described(row.change), today)
		if !slices.Equal(codes(score), row.want) || score.Total != row.total {
			t.Errorf("%s: %d %v, want %d %v", row.sentence, score.Total, codes(score), row.total, row.want)
		}
	}
}

func TestEveryFindingOfAResource(t *testing.T) {
	for _, row := range []struct {
		sentence string
		change   func(*Resource)
		want     []Code
		total    int
	}{
		{"nothing is to be mended", nil, nil, 100},
		{"a short name", func(r *Resource) { r.Name = "线路" }, []Code{NameShort}, 96},
		{"no name in English", func(r *Resource) { r.NameEn = "" }, []Code{NameEnMissing}, 94},
		{"no note", func(r *Resource) { r.Note = "" }, []Code{NoteShort}, 90},
		{"no items", func(r *Resource) { r.Items = nil }, []Code{ItemsMissing, ItemNameEnMissing, ItemUnclassified}, 58},
		{"it is not said how it is provided", func(r *Resource) { r.Provision = nil }, []Code{ProvisionUnstated, ProvisionFilesOnly}, 82},
		{"files only", func(r *Resource) { r.Provision = []authorisation.ProvisionMethod{authorisation.ProvisionFile} }, []Code{ProvisionFilesOnly}, 92},
		{"not published", func(r *Resource) { r.Published = false }, []Code{NotPublished}, 90},
		{"one of two items has no name in English", func(r *Resource) { r.Items[0].NameEn = "" }, []Code{ItemNameEnMissing}, 94},
		{"one of two items is not classified", func(r *Resource) { r.Items[1].Classified = false }, []Code{ItemUnclassified}, 90},
		{"its cycle has no code", func(r *Resource) { r.UpdateFrequency = "" }, []Code{UpdateFrequencyMissing}, 94},
		{"two years old", func(r *Resource) { r.CataloguedOn = today.AddDays(-731) }, nil, 100},
		{"older than two years", func(r *Resource) { r.CataloguedOn = today.AddDays(-732) }, []Code{CatalogueOld}, 96},
		{"nothing at all", func(r *Resource) { *r = Resource{} }, []Code{NameShort, NameEnMissing, ItemsMissing, UpdateFrequencyMissing, NoteShort,
			ProvisionUnstated, NotPublished, ProvisionFilesOnly, ItemNameEnMissing, ItemUnclassified, CatalogueOld}, 0},
	} {
		score := OfResource(catalogued(row.change), today)
		if !slices.Equal(codes(score), row.want) || score.Total != row.total {
			t.Errorf("%s: %d %v, want %d %v", row.sentence, score.Total, codes(score), row.total, row.want)
		}
	}
}

func TestAMessageNamesAFewColumnsAndCountsTheRest(t *testing.T) {
	score := OfProduct(described(func(p *Product) {
		for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
			p.Columns = append(p.Columns, dictionary.Column{Name: name, Label: name, LabelEn: name, Type: dictionary.Text, Description: "说明一。", ItemIDs: []string{"1"}})
		}
	}), today)
	want := Finding{ColumnDescriptionEn, Interoperable, "dictionary", 4, "这些列没有英文说明：a、b、c、d、e 等 6 项。", "These columns have no description in English: a, b, c, d, e and 1 more."}
	if len(score.Findings) != 1 || score.Findings[0] != want {
		t.Errorf("%+v", score.Findings)
	}
}

// mendProduct mends what a finding names.
var mendProduct = map[Code]func(*Product){
	NameShort:          func(p *Product) { p.Name = "公交线路站点客流" },
	NameEnMissing:      func(p *Product) { p.NameEn = "Bus flow" },
	DescriptionShort:   func(p *Product) { p.Description = strings.Repeat("说", leastDescription) },
	DescriptionEnShort: func(p *Product) { p.DescriptionEn = strings.Repeat("e", leastDescriptionEn) },
	ItemsMissing:       func(p *Product) { p.Items = 1 },
	DatasetMissing:     func(p *Product) { p.DatasetOn = today },
	DatasetUndated:     func(p *Product) { p.DatasetOn = today },
	DatasetOverdue:     func(p *Product) { p.DatasetOn = today },
	SampleMissing:      func(p *Product) { p.SampleRows = leastSample },
	SampleShort:        func(p *Product) { p.SampleRows = leastSample },
	FilterMissing: func(p *Product) {
		if len(p.Columns) == 0 {
			p.Columns = []dictionary.Column{{Name: "a"}}
		}
		p.Columns[0].Filterable = true
	},
	DictionaryMissing:      func(p *Product) { p.Columns = []dictionary.Column{{Name: "a", Type: dictionary.Integer}} },
	ColumnLabelEnMissing:   func(p *Product) { each(p, func(c *dictionary.Column) { c.LabelEn = "Label" }) },
	ColumnDescriptionShort: func(p *Product) { each(p, func(c *dictionary.Column) { c.Description = "说明列的含义" }) },
	ColumnDescriptionEn:    func(p *Product) { each(p, func(c *dictionary.Column) { c.DescriptionEn = "What it means" }) },
	ColumnUnitMissing:      func(p *Product) { each(p, func(c *dictionary.Column) { c.Unit = "1" }) },
	ColumnItemsMissing:     func(p *Product) { each(p, func(c *dictionary.Column) { c.ItemIDs = []string{"1"} }) },
	PurposesMissing:        func(p *Product) { p.Purposes = purpose.All },
	RegistrationMissing:    func(p *Product) { p.Registered = true },
	TermsMissing:           func(p *Product) { p.HasPlan = true },
	UpdateFrequencyMissing: func(p *Product) { p.UpdateFrequency = authorisation.RealTime },
}

func each(p *Product, change func(*dictionary.Column)) {
	for i := range p.Columns {
		change(&p.Columns[i])
	}
}

var mendResource = map[Code]func(*Resource){
	NameShort:              func(r *Resource) { r.Name = "公交线路" },
	NameEnMissing:          func(r *Resource) { r.NameEn = "Bus lines" },
	NoteShort:              func(r *Resource) { r.Note = strings.Repeat("注", leastNote) },
	ItemsMissing:           func(r *Resource) { r.Items = []Item{{Name: "线路"}} },
	UpdateFrequencyMissing: func(r *Resource) { r.UpdateFrequency = authorisation.Irregular },
	ProvisionUnstated:      func(r *Resource) { r.Provision = []authorisation.ProvisionMethod{authorisation.ProvisionFile} },
	ProvisionFilesOnly:     func(r *Resource) { r.Provision = append(r.Provision, authorisation.ProvisionAPI) },
	NotPublished:           func(r *Resource) { r.Published = true },
	ItemNameEnMissing:      func(r *Resource) { eachItem(r, func(i *Item) { i.NameEn = "Line" }) },
	ItemUnclassified:       func(r *Resource) { eachItem(r, func(i *Item) { i.Classified = true }) },
	CatalogueOld:           func(r *Resource) { r.CataloguedOn = today },
}

// eachItem changes all items; where there is none, one comes first.
func eachItem(r *Resource, change func(*Item)) {
	if r.Items = slices.Clone(r.Items); len(r.Items) == 0 {
		r.Items = []Item{{Name: "线路"}}
	}
	for i := range r.Items {
		change(&r.Items[i])
	}
}

var someText = rapid.SampledFrom([]string{"", "客流", "Flow", "按日、线路和站点汇总的上下车人次，用于选址与线网评估，不能用于识别任何个人。", "Boardings and alightings by day, line and stop."})

func anyProduct(t *rapid.T) Product {
	p := Product{
		Name: someText.Draw(t, "name"), NameEn: someText.Draw(t, "nameEn"), Description: someText.Draw(t, "description"), DescriptionEn: someText.Draw(t, "descriptionEn"),
		Delivery:        rapid.SampledFrom([]authorisation.Delivery{authorisation.DeliveryAPI, authorisation.DeliveryFile}).Draw(t, "delivery"),
		UpdateFrequency: authorisation.UpdateFrequency(rapid.SampledFrom(append([]string{""}, authorisation.UpdateFrequency("").Values()...)).Draw(t, "frequency")),
		Items:           rapid.IntRange(0, 2).Draw(t, "items"), JoinsSocial: rapid.Bool().Draw(t, "social"), SampleRows: rapid.IntRange(0, 4).Draw(t, "sample"),
		Registered: rapid.Bool().Draw(t, "registered"), HasPlan: rapid.Bool().Draw(t, "plan"),
		Purposes: purpose.All[:rapid.IntRange(0, len(purpose.All)).Draw(t, "purposes")],
	}
	if rapid.Bool().Draw(t, "dataset") {
		p.DatasetOn = today.AddDays(-rapid.IntRange(0, 500).Draw(t, "age"))
	}
	for range rapid.IntRange(0, 7).Draw(t, "columns") {
		c := dictionary.Column{
			Name: "a", Label: "客流", LabelEn: someText.Draw(t, "labelEn"), Description: someText.Draw(t, "says"), DescriptionEn: someText.Draw(t, "saysEn"),
			Type: dictionary.Type(rapid.SampledFrom(dictionary.Text.Values()).Draw(t, "type")), Unit: someText.Draw(t, "unit"), Filterable: rapid.Bool().Draw(t, "filterable"),
		}
		if rapid.Bool().Draw(t, "linked") {
			c.ItemIDs = []string{"1"}
		}
		p.Columns = append(p.Columns, c)
	}
	return p
}

func anyResource(t *rapid.T) Resource {
	r := Resource{
		Name: someText.Draw(t, "name"), NameEn: someText.Draw(t, "nameEn"), Note: someText.Draw(t, "note"),
		UpdateFrequency: authorisation.UpdateFrequency(rapid.SampledFrom(append([]string{""}, authorisation.UpdateFrequency("").Values()...)).Draw(t, "frequency")),
		Provision:       rapid.SliceOfN(rapid.SampledFrom([]authorisation.ProvisionMethod{authorisation.ProvisionAPI, authorisation.ProvisionTable, authorisation.ProvisionFile}), 0, 3).Draw(t, "provision"),
		Published:       rapid.Bool().Draw(t, "published"), CataloguedOn: today.AddDays(-rapid.IntRange(0, 1500).Draw(t, "age")),
	}
	for range rapid.IntRange(0, 5).Draw(t, "items") {
		r.Items = append(r.Items, Item{"线路", someText.Draw(t, "itemEn"), rapid.Bool().Draw(t, "classified")})
	}
	return r
}

// mended checks what is promised of a score, before and after one of its findings was mended.
func mended(t *rapid.T, before Score, maxima maxima, after func(Code) Score) {
	sum, most, lost := 0, 0, 0
	for _, d := range before.Dimensions {
		if d.Points < 0 || d.Points > d.Maximum || d.Maximum != maxima[d.Dimension] {
			t.Fatalf("%s has %d of %d points", d.Dimension, d.Points, d.Maximum)
		}
		sum, most = sum+d.Points, most+d.Maximum
	}
	for _, f := range before.Findings {
		if f.Points < 1 || f.Message == "" || f.MessageEn == "" || f.Field == "" {
			t.Fatalf("a finding that says nothing: %+v", f)
		}
		lost += f.Points
	}
	if sum != before.Total || most != 100 || before.Total != 100-lost {
		t.Fatalf("the score %d is not the sum: %d of %d, %d lost", before.Total, sum, most, lost)
	}
	for _, code := range codes(before) {
		now := after(code)
		if slices.Contains(codes(now), code) {
			t.Fatalf("%s is still there after it was mended: %+v", code, now.Findings)
		}
		if now.Total < before.Total {
			t.Fatalf("mending %s lowered the score from %d to %d", code, before.Total, now.Total)
		}
	}
}

func TestMendingAFindingTakesItAwayAndNeverLowersTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyProduct(t)
		before := OfProduct(p, today)
		if !reflect.DeepEqual(before, OfProduct(p, today)) {
			t.Fatal("the same facts gave another score")
		}
		mended(t, before, ofProduct, func(code Code) Score {
			q := p
			q.Columns = slices.Clone(p.Columns)
			mendProduct[code](&q)
			return OfProduct(q, today)
		})
	})
	rapid.Check(t, func(t *rapid.T) {
		r := anyResource(t)
		mended(t, OfResource(r, today), ofResource, func(code Code) Score {
			q := r
			mendResource[code](&q)
			return OfResource(q, today)
		})
	})
}
