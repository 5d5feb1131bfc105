// Package searchtest is what every adapter of the search port must pass.
//
// It owns the meaning of the port where words are too few: which products are found, counted and in what order.
// What an adapter finds beyond that, by fuzzy matching say, is left to it.
package searchtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gongshu/internal/fault"
	"gongshu/search"
)

// Run tests an adapter. open returns an empty index that the test may fill; it is closed when its test ends.
func Run(t *testing.T, open func(t *testing.T) search.Index) {
	suite := suite{open: func(t *testing.T, documents ...search.Document) search.Index {
		t.Helper()
		index := open(t)
		t.Cleanup(func() {
			if err := index.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		if err := index.Put(t.Context(), documents...); err != nil {
			t.Fatalf("put: %v", err)
		}
		return index
	}}
	t.Run("text", suite.text)
	t.Run("ranking", suite.ranking)
	t.Run("weird text", suite.weirdText)
	t.Run("refusals", suite.refusals)
	t.Run("filters, facets, orders and pages", suite.model)
	t.Run("facets are bounded", suite.manyFacetValues)
	t.Run("cursors", suite.cursors)
	t.Run("paging by relevance", suite.relevancePages)
	t.Run("put and remove", suite.putAndRemove)
	t.Run("rebuild", suite.rebuild)
	t.Run("empty", suite.empty)
	t.Run("concurrency", suite.concurrency)
	t.Run("closed and cancelled", suite.closed)
}

type suite struct {
	open func(t *testing.T, documents ...search.Document) search.Index
}

// id makes a readable identifier.
func id(kind byte, n int) uuid.UUID {
	return uuid.UUID{0: kind, 6: 0x70, 8: 0x80, 14: byte(n >> 8), 15: byte(n)}
}

var (
	weatherBureau = search.Party{ID: id('u', 1), Name: "绵阳市气象局", NameEn: "Mianyang Meteorological Bureau"}
	waterGroup    = search.Party{ID: id('u', 2), Name: "市水务集团"}
	taxOffice     = search.Party{ID: id('u', 3), Name: "国家税务总局绵阳市税务局"}
	operator      = search.Party{ID: id('o', 1), Name: "绵阳数据集团", NameEn: "Mianyang Data Group"}
	since         = time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
)

// The products of the text tests, by what they are called there.
var shelf = map[string]search.Document{
	"weather": {
		ID: id('p', 1), Name: "气象观测数据", NameEn: "Weather Observations",
		Description: "逐小时的温度、降水与风速", DescriptionEn: "Hourly temperature, precipitation and wind of all stations",
		Items: []string{"气温", "降水量"}, ItemsEn: []string{"air_temperature", "PM2.5"}, Resources: []string{"地面气象站观测资源"},
		SourceUnits: []search.Party{weatherBureau}, DomainIDs: []string{"meteorology"}, DomainNames: []string{"气象服务"},
		Operator: operator, ChargingModes: []string{"PER_CALL"}, Delivery: "API", UpdateFrequency: "DAILY", Priced: []search.Priced{search.Free, search.Paid}, PriceFen: 50, ListedAt: since,
	},
	"water": {
		ID: id('p', 2), Name: "企业供水核验API", NameEn: "Enterprise water supply check",
		Description: "核验企业的用水情况", Items: []string{"用水量"}, Resources: []string{"供水户信息"},
		SourceUnits: []search.Party{waterGroup}, DomainIDs: []string{"utilities"}, DomainNames: []string{"公用事业"},
		Operator: operator, ChargingModes: []string{"PER_CALL"}, Delivery: "API", UpdateFrequency: "MONTHLY", PriceFen: 100, ListedAt: since.AddDate(0, 0, 1),
	},
	"tax": {
		ID: id('p', 3), Name: "企业纳税信用等级", NameEn: "Taxpayer credit ratings",
		Description: "纳税人的信用评价结果", Items: []string{"统一社会信用代码", "信用等级"}, Resources: []string{"纳税信用Ａ级名单"},
		SourceUnits: []search.Party{taxOffice}, DomainIDs: []string{"credit"}, DomainNames: []string{"信用服务"},
		Operator: operator, ChargingModes: []string{"PER_PERIOD"}, Delivery: "FILE", UpdateFrequency: "ANNUAL", Priced: []search.Priced{search.Free}, PriceFen: 0, ListedAt: since.AddDate(0, 0, 2),
	},
}

func everything() []search.Document {
	return []search.Document{shelf["weather"], shelf["water"], shelf["tax"]}
}

func (s suite) text(t *testing.T) {
	index := s.open(t, everything()...)
	for _, row := range []struct {
		sentence, text string
		found, missing string // names of the shelf; of what is in neither the adapter decides
	}{
		{"a Chinese word finds the products that have it", "企业", "water tax", "weather"},
		{"the whole name finds its product", "企业纳税信用等级", "tax", "weather water"},
		{"a word that nothing has finds nothing", "医保", "", "weather water tax"},
		{"Chinese words need not stand next to each other", "气象数据", "weather", "water tax"},
		{"Chinese words may be apart with a space", "气象 数据", "weather", "water tax"},
		{"every word must match", "企业 气象", "", "weather water tax"},
		{"the words may match in different fields", "企业 水务集团", "water", "weather tax"},
		{"one character finds words that begin with it", "税", "tax", "weather water"},
		{"one character finds words that end with it", "局", "weather tax", "water"},
		{"one character of several words", "水", "weather water", "tax"},
		{"an English word is found whatever its case", "WEATHER", "weather", "water tax"},
		{"an English word is found in its other number", "observation", "weather", "water tax"},
		{"English words are all needed", "water ratings", "", "weather water tax"},
		{"small English words are not needed", "ratings of the taxpayer", "tax", "weather water"},
		{"Chinese and English mix", "核验 api", "water", "weather tax"},
		{"Chinese and English mix without a space", "核验api", "water", "weather tax"},
		{"full-width letters are letters", "ＡＰＩ", "water", "weather tax"},
		{"full-width letters in the product are letters", "信用A级", "tax", "weather water"},
		{"a full-width space is a space", "气象\u3000数据", "weather", "water tax"},
		{"a data item is found by its Chinese name", "降水量", "weather", "water tax"},
		{"a data item is found by a word of its English name", "air", "weather", "water tax"},
		{"numbers are part of a name", "pm2.5", "weather", "water tax"},
		{"a resource is found by name", "供水户", "water", "weather tax"},
		{"a source unit is found by its Chinese name", "税务局", "tax", "weather water"},
		{"a source unit is found by its English name", "meteorological bureau", "weather", "water tax"},
		{"a domain is found by name", "公用事业", "water", "weather tax"},
		{"an operator is found by name", "绵阳数据集团", "weather water tax", ""},
		{"a description is found", "风速", "weather", "water tax"},
		{"an English description is found", "precipitation", "weather", "water tax"},
		{"a blank text finds everything", "", "weather water tax", ""},
		{"white space is blank", " \t\n\u3000", "weather water tax", ""},
		{"punctuation around a word does not matter", "《气象》？", "weather", "water tax"},
		{"a minus excludes nothing", "气象 -观测", "weather", "water tax"},
		{"a field prefix is no syntax", "name:企业", "", "weather water tax"},
		{"a wildcard is no syntax", "wea*r", "", "water tax"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got := ids(ask(t, index, search.Query{Text: row.text, First: 10}))
			for _, name := range strings.Fields(row.found) {
				if !slices.Contains(got, shelf[name].ID) {
					t.Errorf("%q does not find %s", row.text, name)
				}
			}
			for _, name := range strings.Fields(row.missing) {
				if slices.Contains(got, shelf[name].ID) {
					t.Errorf("%q finds %s", row.text, name)
				}
			}
		})
	}
}

// ranking tests that where a word stands matters.
func (s suite) ranking(t *testing.T) {
	filler := "按月提供的脱敏后汇总结果"
	base := func(n int) search.Document {
		return search.Document{ID: id('p', n), Name: "普通产品", Description: filler, Items: []string{"编号"}, Resources: []string{"台账"}, DomainNames: []string{"综合"}, Operator: operator, ListedAt: since.AddDate(0, 0, n)}
	}
	name, item, resource, domain, description := base(1), base(2), base(3), base(4), base(5)
	name.Name = "公交产品"
	item.Items = []string{"公交"}
	resource.Resources = []string{"公交"}
	domain.DomainNames = []string{"公交"}
	description.Description = filler + "，公交除外"
	index := s.open(t, description, domain, resource, item, name)

	got := ids(ask(t, index, search.Query{Text: "公交", First: 10}))
	if len(got) != 5 || got[0] != name.ID || got[4] != description.ID {
		t.Errorf("a match in the name comes first and one in the description last, got %v", got)
	}
	newest := ids(ask(t, index, search.Query{First: 10}))
	if want := []uuid.UUID{description.ID, domain.ID, resource.ID, item.ID, name.ID}; !slices.Equal(newest, want) {
		t.Errorf("a blank text shows the newest first, got %v", newest)
	}
}

// weirdText tests that no text does harm: as a query, in a document and in a filter.
func (s suite) weirdText(t *testing.T) {
	index := s.open(t, everything()...)
	texts := []string{
		`"气象`, `'气象'`, `气象:观测`, `+气象 -观测 ~2 ^3`, `(气象 AND`, `name:"气象`, `*`, `?`, `/.*/`, `\`, `{"match_all":{}}`,
		"🎉", "气象🎉数据", "👨‍👩‍👧", "\x00", "气\x00象", "\xff\xfe", "气象\xc3", "\ufeff气象", "\u202e象气", "é", "e\u0301",
		"ﷺ", "ﬁ", "ｶﾞ", "한국어", "العربية", "𠀀𠀁", strings.Repeat("象", search.MaxTextRunes), strings.Repeat("a", search.MaxTextRunes),
		strings.Repeat("a ", search.MaxTextRunes/2), strings.Repeat("\ufdfa", search.MaxTextRunes), "%_", "'; DROP TABLE products; --",
	}
	for i, text := range texts {
		for _, order := range []search.Order{search.Relevance, search.Newest} {
			page := ask(t, index, search.Query{Text: text, Order: order, First: 2, Facets: true, CountTotal: true})
			if page.HasMore {
				ask(t, index, search.Query{Text: text, Order: order, First: 2, After: page.Hits[1].Cursor})
			}
		}
		if found := ask(t, index, search.Query{Filter: search.Filter{DomainIDs: []string{text}}, First: 1}); len(found.Hits) > 0 {
			t.Errorf("the domain %q finds something", text)
		}
		document := search.Document{ID: id('w', i), Name: text, Description: text, Items: []string{text}, DomainIDs: []string{text}, DomainNames: []string{text}, Delivery: text, Operator: search.Party{Name: text}, ListedAt: since}
		if err := index.Put(t.Context(), document); err != nil {
			t.Fatalf("put %q: %v", text, err)
		}
		if found := ask(t, index, search.Query{First: 100}); !slices.Contains(ids(found), document.ID) {
			t.Errorf("a product called %q is not found by a blank text", text)
		}
		if err := index.Remove(t.Context(), document.ID); err != nil {
			t.Fatalf("remove %q: %v", text, err)
		}
	}
	for _, text := range []string{"气象🎉", "气象\x00", "\xff气象", `"气象"`} {
		if found := ask(t, index, search.Query{Text: text, First: 10}); !slices.Contains(ids(found), shelf["weather"].ID) {
			t.Errorf("%q does not find what 气象 finds", text)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		q := search.Query{Text: rapid.StringN(0, search.MaxTextRunes, -1).Draw(t, "text"), First: 3, Facets: true}
		if _, err := index.Search(context.Background(), q); err != nil {
			t.Fatalf("search %q: %v", q.Text, err)
		}
	})
}

func (s suite) refusals(t *testing.T) {
	index := s.open(t, everything()...)
	for _, row := range []struct {
		sentence    string
		query       search.Query
		code, field string
	}{
		{"a text of one rune too many", search.Query{Text: strings.Repeat("象", search.MaxTextRunes+1)}, "SEARCH_TEXT_TOO_LONG", "query"},
		{"a long text of blanks", search.Query{Text: strings.Repeat(" ", search.MaxTextRunes+1)}, "SEARCH_TEXT_TOO_LONG", "query"},
		{"a page that is too long", search.Query{First: search.MaxFirst + 1}, "FIRST_OUT_OF_RANGE", "first"},
		{"a page of less than nothing", search.Query{First: -1}, "FIRST_OUT_OF_RANGE", "first"},
		{"an order that does not exist", search.Query{Order: "RANDOM"}, "ORDER_UNKNOWN", "order"},
		{"a cursor that is no cursor", search.Query{First: 1, After: "abc"}, "CURSOR_INVALID", "after"},
	} {
		t.Run(row.sentence, func(t *testing.T) { refused(t, index, row.query, row.code, row.field) })
	}
}

// model compares filters, facets, orders and pages with the plainest possible implementation.
func (s suite) model(t *testing.T) {
	market := market(150)
	index := s.open(t, market...)
	rapid.Check(t, func(t *rapid.T) {
		q := search.Query{
			Filter: search.Filter{
				DomainIDs:         some(t, "domains", "d0", "d1", "d2", "d3", "absent"),
				SourceUnitIDs:     some(t, "units", id('u', 0), id('u', 1), id('u', 2), id('u', 9)),
				ChargingModes:     some(t, "modes", "PER_CALL", "PER_PERIOD", "PER_VOLUME"),
				Deliveries:        some(t, "deliveries", "API", "FILE"),
				UpdateFrequencies: some(t, "frequencies", "DAILY", "MONTHLY", "ANNUAL"),
				Priced:            some(t, "priced", search.Free, search.Paid),
				OperatorIDs:       some(t, "operators", id('o', 0), id('o', 1)),
			},
			Order:  rapid.SampledFrom(append([]search.Order{""}, search.Orders...)).Draw(t, "order"),
			First:  rapid.SampledFrom([]int{0, 1, 7, 20, 100}).Draw(t, "first"),
			Facets: true, CountTotal: true,
		}
		want := expected(market, q)
		var got []uuid.UUID
		for pages := 0; ; pages++ {
			page, err := index.Search(context.Background(), q)
			if err != nil {
				t.Fatalf("search: %v", err)
			}
			if page.Total != len(want.ids) {
				t.Fatalf("page %d: total is %d, want %d", pages, page.Total, len(want.ids))
			}
			if !reflect.DeepEqual(page.Facets, want.facets) {
				t.Fatalf("page %d: facets are\n%v, want\n%v", pages, page.Facets, want.facets)
			}
			if len(page.Hits) > q.First || page.HasMore != (len(got)+len(page.Hits) < len(want.ids)) {
				t.Fatalf("page %d of %d: %d hits after %d of %d, has more: %t", pages, q.First, len(page.Hits), len(got), len(want.ids), page.HasMore)
			}
			got = append(got, ids(page)...)
			if !page.HasMore || q.First == 0 {
				break
			}
			q.After = page.Hits[len(page.Hits)-1].Cursor
		}
		if q.First > 0 && !slices.Equal(got, want.ids) {
			t.Fatalf("hits are\n%v, want\n%v", got, want.ids)
		}
	})

	page := ask(t, index, search.Query{First: 5})
	if page.Total != 0 || page.Facets != nil {
		t.Error("total and facets are only given when they are asked for")
	}
}

// market makes n products with many ties in price and time.
func market(n int) []search.Document {
	documents := make([]search.Document, n)
	for i := range documents {
		d := search.Document{
			ID: id('p', (i*7919)%n), Name: fmt.Sprintf("产品%d", i),
			Operator:        search.Party{ID: id('o', i%2), Name: "运营机构"},
			ChargingModes:   []string{[]string{"PER_CALL", "PER_PERIOD", "PER_VOLUME"}[i%3]},
			Delivery:        []string{"API", "FILE"}[i/3%2],
			UpdateFrequency: []string{"DAILY", "MONTHLY", "ANNUAL"}[i/5%3],
			Priced:          [][]search.Priced{nil, {search.Free}, {search.Free, search.Paid}, {search.Paid}}[i%4],
			PriceFen:        []int64{0, 1, 100, 99_999, 1<<53 + 1, 1 << 53}[i%6],
			Uses:            []int64{0, 3, 0, 70_000, 3}[i%5],
			Quality:         []int64{100, 0, 55}[i/2%3],
			ListedAt:        since.Add(time.Duration(i/4) * time.Microsecond),
		}
		for unit := range i % 3 {
			d.SourceUnits = append(d.SourceUnits, search.Party{ID: id('u', (unit+i)%3), Name: "数源单位"})
		}
		for domain := range i % 5 {
			d.DomainIDs = append(d.DomainIDs, fmt.Sprintf("d%d", (domain+i)%4), "d0")
		}
		if i%4 == 0 {
			d.ChargingModes = append(d.ChargingModes, "PER_CALL")
		}
		documents[i] = d
	}
	return documents
}

type answer struct {
	ids    []uuid.UUID
	facets map[search.FacetName][]search.FacetCount
}

// expected answers a query without text over all pages, the plain way.
func expected(market []search.Document, q search.Query) answer {
	passes := func(d search.Document, except search.FacetName) bool {
		for _, name := range search.FacetNames {
			wanted := q.Filter.FacetValues(name)
			if name != except && len(wanted) > 0 && !slices.ContainsFunc(d.FacetValues(name), func(v string) bool { return slices.Contains(wanted, v) }) {
				return false
			}
		}
		return true
	}
	found := slices.DeleteFunc(slices.Clone(market), func(d search.Document) bool { return !passes(d, "") })
	slices.SortFunc(found, func(a, b search.Document) int {
		first := 0
		switch q.Order {
		case search.PriceLow:
			first = cmp.Compare(a.PriceFen, b.PriceFen)
		case search.PriceHigh:
			first = cmp.Compare(b.PriceFen, a.PriceFen)
		case search.MostUsed:
			first = cmp.Compare(b.Uses, a.Uses)
		case search.Quality:
			first = cmp.Compare(b.Quality, a.Quality)
		}
		return cmp.Or(first, b.ListedAt.Compare(a.ListedAt), strings.Compare(a.ID.String(), b.ID.String()))
	})
	want := answer{facets: map[search.FacetName][]search.FacetCount{}}
	for _, d := range found {
		want.ids = append(want.ids, d.ID)
	}
	for _, name := range search.FacetNames {
		counts := map[string]int{}
		for _, d := range market {
			if passes(d, name) {
				for _, value := range d.FacetValues(name) {
					counts[value]++
				}
			}
		}
		want.facets[name] = search.FacetCounts(counts)
	}
	return want
}

// some draws none, one or several of the values.
func some[T comparable](t *rapid.T, label string, values ...T) []T {
	if rapid.IntRange(0, 2).Draw(t, label+"?") > 0 {
		return nil
	}
	return rapid.SliceOfN(rapid.SampledFrom(values), 0, 3).Draw(t, label)
}

func (s suite) manyFacetValues(t *testing.T) {
	var documents []search.Document
	for i := range search.MaxFacetCounts + 20 {
		d := search.Document{ID: id('p', i), Name: "产品", ListedAt: since, DomainIDs: []string{fmt.Sprintf("d%03d", i)}}
		if i >= search.MaxFacetCounts+10 {
			d.DomainIDs = append(d.DomainIDs, "common")
		}
		documents = append(documents, d)
	}
	index := s.open(t, documents...)
	counts := ask(t, index, search.Query{Facets: true}).Facets[search.FacetDomain]
	if len(counts) != search.MaxFacetCounts {
		t.Fatalf("%d values are listed, want %d", len(counts), search.MaxFacetCounts)
	}
	if want := []search.FacetCount{{Value: "common", Count: 10}, {Value: "d000", Count: 1}, {Value: "d001", Count: 1}}; !slices.Equal(counts[:3], want) {
		t.Errorf("the list begins with %v, want %v", counts[:3], want)
	}
}

func (s suite) cursors(t *testing.T) {
	index := s.open(t, market(30)...)
	q := search.Query{Order: search.PriceLow, First: 10, Filter: search.Filter{Deliveries: []string{"API", "FILE"}}}
	cursor := ask(t, index, q).Hits[4].Cursor

	for _, row := range []struct {
		sentence string
		with     func(q *search.Query)
	}{
		{"the length of the page may change", func(q *search.Query) { q.First = 3 }},
		{"facets may be asked for in between", func(q *search.Query) { q.Facets, q.CountTotal = true, true }},
		{"the filter may name the same values in another way", func(q *search.Query) { q.Filter.Deliveries = []string{"FILE", "API", "FILE"} }},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			q := q
			row.with(&q)
			first := ids(ask(t, index, q))
			q.After = cursor
			if got := ids(ask(t, index, q)); len(got) == 0 || slices.ContainsFunc(got, func(id uuid.UUID) bool { return slices.Contains(first[:3], id) }) {
				t.Errorf("the page after the fifth hit is %v", got)
			}
		})
	}

	changed := []byte(cursor)
	changed[len(changed)/2] ^= 1
	for _, row := range []struct {
		sentence string
		after    string
		with     func(q *search.Query)
	}{
		{"a cursor of another order", cursor, func(q *search.Query) { q.Order = search.PriceHigh }},
		{"a cursor of the default order", cursor, func(q *search.Query) { q.Order = "" }},
		{"a cursor of another text", cursor, func(q *search.Query) { q.Text = "产品" }},
		{"a cursor of another filter", cursor, func(q *search.Query) { q.Filter.Deliveries = nil }},
		{"a cursor of another facet", cursor, func(q *search.Query) {
			q.Filter = search.Filter{ChargingModes: q.Filter.Deliveries}
		}},
		{"a cursor with a changed character", string(changed), nil},
		{"a cursor that was cut", cursor[:len(cursor)-4], nil},
		{"a cursor with something after it", cursor + "AAAA", nil},
		{"a padded cursor", cursor + "=", nil},
		{"a cursor with a line break", cursor[:8] + "\n" + cursor[8:], nil},
		{"text that is not base64", "§§§", nil},
		{"base64 that is not JSON", "AAAA", nil},
		{"JSON that is no cursor", "e30", nil}, // {}
		{"JSON null", "bnVsbA", nil},
		{"a NUL", "\x00", nil},
		{"a very long text", strings.Repeat("A", 1<<20), nil},
	} {
		t.Run(row.sentence+" is refused", func(t *testing.T) {
			q := q
			if row.with != nil {
				row.with(&q)
			}
			q.After = row.after
			refused(t, index, q, "CURSOR_INVALID", "after")
		})
	}

	t.Run("a cursor outlives its product", func(t *testing.T) {
		all := ids(ask(t, index, q))
		if err := index.Remove(t.Context(), all[4]); err != nil {
			t.Fatal(err)
		}
		q := q
		q.After = cursor
		if got := ids(ask(t, index, q)); !slices.Equal(got[:5], all[5:]) {
			t.Errorf("the page after the removed product is %v, want to begin with %v", got, all[5:])
		}
	})
}

// relevancePages turns pages of hits of different and of equal relevance.
func (s suite) relevancePages(t *testing.T) {
	var documents []search.Document
	want := map[uuid.UUID]bool{}
	for i := range 90 {
		d := search.Document{ID: id('p', i), Name: "产品", Description: "一般说明", ListedAt: since.Add(time.Duration(i/10) * time.Hour)}
		switch i % 4 {
		case 0:
			d.Name = "交通" + strings.Repeat("数据", i%7)
		case 1:
			d.Description = "含有交通" + strings.Repeat("说明", i%11)
		case 2:
			d.Items = []string{"交通", "其他"}
		}
		if i%4 != 3 {
			want[d.ID] = true
		}
		documents = append(documents, d)
	}
	index := s.open(t, documents...)
	whole := ids(ask(t, index, search.Query{Text: "交通", First: 100}))
	for _, first := range []int{1, 7, 100} {
		q := search.Query{Text: "交通", First: first, CountTotal: true}
		var got []uuid.UUID
		for {
			page := ask(t, index, q)
			if page.Total != len(want) {
				t.Fatalf("total is %d, want %d", page.Total, len(want))
			}
			got = append(got, ids(page)...)
			if !page.HasMore {
				break
			}
			q.After = page.Hits[len(page.Hits)-1].Cursor
		}
		if !slices.Equal(got, whole) {
			t.Errorf("pages of %d give\n%v, one page gives\n%v", first, got, whole)
		}
	}
	for _, id := range whole {
		if !want[id] {
			t.Errorf("%s is found", id)
		}
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("%d products are not found, or found twice", len(want))
	}
}

func (s suite) putAndRemove(t *testing.T) {
	index := s.open(t)
	d := shelf["weather"]
	for range 2 {
		if err := index.Put(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		count(t, index, 1)
	}
	d.Name, d.Items, d.DomainIDs, d.Priced = "湖泊监测", []string{"水位"}, []string{"lakes"}, []search.Priced{search.Free}
	if err := index.Put(t.Context(), d, shelf["tax"]); err != nil {
		t.Fatal(err)
	}
	count(t, index, 2)
	if got := ids(ask(t, index, search.Query{Text: "湖泊", First: 10})); !slices.Equal(got, []uuid.UUID{d.ID}) {
		t.Errorf("the new name finds %v", got)
	}
	if got := ids(ask(t, index, search.Query{Text: "气温", First: 10})); len(got) != 0 {
		t.Errorf("the old item finds %v", got)
	}
	facets := ask(t, index, search.Query{Facets: true}).Facets
	if want := []search.FacetCount{{Value: "credit", Count: 1}, {Value: "lakes", Count: 1}}; !slices.Equal(facets[search.FacetDomain], want) {
		t.Errorf("domains are %v, want %v", facets[search.FacetDomain], want)
	}
	if want := []search.FacetCount{{Value: "FREE", Count: 2}}; !slices.Equal(facets[search.FacetPriced], want) {
		t.Errorf("priced is %v, want %v", facets[search.FacetPriced], want)
	}

	older, newer := shelf["water"], shelf["water"]
	older.Name, newer.Name = "旧名", "新名"
	if err := index.Put(t.Context(), older, newer); err != nil {
		t.Fatal(err)
	}
	if got := ids(ask(t, index, search.Query{Text: "新名", First: 10})); !slices.Equal(got, []uuid.UUID{newer.ID}) {
		t.Errorf("of one product given twice the last counts, 新名 finds %v", got)
	}

	for range 2 {
		if err := index.Remove(t.Context(), d.ID, id('x', 1)); err != nil {
			t.Fatal(err)
		}
		count(t, index, 2)
		if got := ids(ask(t, index, search.Query{Text: "湖泊", First: 10})); len(got) != 0 {
			t.Errorf("a removed product is found: %v", got)
		}
	}
	if err := index.Put(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	count(t, index, 3)
	if err := index.Put(t.Context()); err != nil {
		t.Errorf("put nothing: %v", err)
	}
	if err := index.Remove(t.Context()); err != nil {
		t.Errorf("remove nothing: %v", err)
	}
	if err := index.Put(t.Context(), search.Document{Name: "无编号"}); err == nil {
		t.Error("a document without an id is taken")
	}
	count(t, index, 3)
}

func (s suite) rebuild(t *testing.T) {
	index := s.open(t, everything()...)
	renamed := shelf["tax"]
	renamed.Name = "湖泊"
	market := market(250)
	for i := range market {
		market[i].ID[1] = 1 // others than those of the shelf
	}
	if err := index.Rebuild(t.Context(), given(append(market, renamed), nil)); err != nil {
		t.Fatal(err)
	}
	count(t, index, 251)
	if got := ids(ask(t, index, search.Query{Text: "湖泊", First: 10})); !slices.Equal(got, []uuid.UUID{renamed.ID}) {
		t.Errorf("the renamed product is not found, but %v", got)
	}
	if got := ids(ask(t, index, search.Query{Text: "气象", First: 10})); len(got) != 0 {
		t.Errorf("what was not given is still found: %v", got)
	}

	broken := errors.New("the database is away")
	if err := index.Rebuild(t.Context(), given(everything()[:1], broken)); !errors.Is(err, broken) {
		t.Errorf("the error of the sequence is %v", err)
	}
	if got := ids(ask(t, index, search.Query{Text: "湖泊", First: 10})); !slices.Equal(got, []uuid.UUID{renamed.ID}) {
		t.Errorf("a failed rebuild removed what was there")
	}
	if err := index.Rebuild(t.Context(), given(nil, nil)); err != nil {
		t.Fatal(err)
	}
	count(t, index, 0)
}

// given is a sequence of documents that may end in an error.
func given(documents []search.Document, err error) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		for _, d := range documents {
			if !yield(d, nil) {
				return
			}
		}
		if err != nil {
			yield(search.Document{}, err)
		}
	}
}

func (s suite) empty(t *testing.T) {
	index := s.open(t)
	count(t, index, 0)
	for _, text := range []string{"", "气象", "weather"} {
		page := ask(t, index, search.Query{Text: text, First: 10, Facets: true, CountTotal: true})
		if len(page.Hits) != 0 || page.HasMore || page.Total != 0 {
			t.Errorf("an empty index finds %v", page)
		}
		for _, name := range search.FacetNames {
			if counts, ok := page.Facets[name]; !ok || len(counts) != 0 {
				t.Errorf("the facet %s of an empty index is %v", name, counts)
			}
		}
	}
	if err := index.Remove(t.Context(), id('x', 1)); err != nil {
		t.Errorf("remove from an empty index: %v", err)
	}
}

// concurrency puts, removes and searches at once; every writer sees its own writes at once.
func (s suite) concurrency(t *testing.T) {
	index := s.open(t, market(50)...)
	const writers, rounds = 3, 7
	var group sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		group.Go(func() {
			for n := range rounds {
				own := search.Document{ID: id('c', w*rounds+n), Name: "并发", ListedAt: since, DomainIDs: []string{fmt.Sprintf("w%d-%d", w, n)}}
				q := search.Query{Text: "并发", Filter: search.Filter{DomainIDs: own.DomainIDs}, First: 5}
				if err := index.Put(t.Context(), own); err != nil {
					t.Errorf("put: %v", err)
				}
				if page, err := index.Search(t.Context(), q); err != nil || len(page.Hits) != 1 {
					t.Errorf("after its put a product is found %d times: %v", len(page.Hits), err)
				}
				if n%2 == 0 {
					continue
				}
				if err := index.Remove(t.Context(), own.ID); err != nil {
					t.Errorf("remove: %v", err)
				}
				if page, err := index.Search(t.Context(), q); err != nil || len(page.Hits) != 0 {
					t.Errorf("after its removal a product is found %d times: %v", len(page.Hits), err)
				}
			}
		})
	}
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				page, err := index.Search(t.Context(), search.Query{Text: "产品", First: 100, Facets: true, CountTotal: true})
				if err != nil || page.Total != 50 || len(page.Hits) != 50 {
					t.Errorf("what nobody touches is found %d of 50 times, total %d: %v", len(page.Hits), page.Total, err)
					return
				}
				delivered := 0
				for _, count := range page.Facets[search.FacetDelivery] {
					delivered += count.Count
				}
				if delivered != page.Total {
					t.Errorf("the facet counts %d, the total is %d", delivered, page.Total)
					return
				}
			}
		})
	}
	group.Wait()
	close(done)
	readers.Wait()
	count(t, index, 50+writers*(rounds+1)/2)
}

func (s suite) closed(t *testing.T) {
	index := s.open(t, everything()...)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := index.Search(cancelled, search.Query{First: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled search returns %v", err)
	}
	if err := index.Put(cancelled, shelf["tax"]); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled put returns %v", err)
	}
	for range 2 {
		if err := index.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if _, err := index.Search(t.Context(), search.Query{First: 1}); err == nil {
		t.Error("a closed index answers")
	}
	if err := index.Put(t.Context(), shelf["tax"]); err == nil {
		t.Error("a closed index takes documents")
	}
	if _, err := index.Count(t.Context()); err == nil {
		t.Error("a closed index counts")
	}
}

func ask(t *testing.T, index search.Index, q search.Query) search.Result {
	t.Helper()
	result, err := index.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %q: %v", q.Text, err)
	}
	return result
}

func ids(result search.Result) []uuid.UUID {
	list := make([]uuid.UUID, len(result.Hits))
	for i, hit := range result.Hits {
		list[i] = hit.ID
	}
	return list
}

func count(t *testing.T, index search.Index, want int) {
	t.Helper()
	if got, err := index.Count(t.Context()); err != nil || got != want {
		t.Errorf("the index counts %d, want %d: %v", got, want, err)
	}
}

func refused(t *testing.T, index search.Index, q search.Query, code, field string) {
	t.Helper()
	result, err := index.Search(t.Context(), q)
	all := fault.All(err)
	if len(all) != 1 || all[0].Kind != fault.Invalid || all[0].Code != code || all[0].Field != field {
		t.Errorf("want %s at %s, got %v", code, field, err)
	}
	if len(result.Hits) != 0 {
		t.Error("what is refused has hits")
	}
}
