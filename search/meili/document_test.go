package meili

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gongshu/search"
)

// TestEveryOrderIsHeld tests that documents hold what every order of the port sorts by.
func TestEveryOrderIsHeld(t *testing.T) {
	d := documentOf(search.Document{ID: uuid.UUID{1}})
	for _, value := range search.Order("").Values() {
		order := search.Order(value)
		if order == search.Relevance {
			continue
		}
		if held, ok := d[orderAttribute(order)].(string); !ok || !orderKeys.MatchString(held) {
			t.Errorf("of %s a document holds %v", order, d[orderAttribute(order)])
		}
		if !slices.Contains(settings().SortableAttributes, orderAttribute(order)) {
			t.Errorf("%s is not sorted by", order)
		}
	}
}

func TestKeysSortAsNumbersDo(t *testing.T) {
	numbers := []int64{math.MinInt64, -1 << 53, -1, 0, 1, 1 << 53, 1<<53 + 1, math.MaxInt64}
	for i, a := range numbers {
		for j, b := range numbers {
			if (ascending(a) < ascending(b)) != (i < j) || (descending(a) < descending(b)) != (i > j) {
				t.Errorf("%d and %d", a, b)
			}
		}
	}
	older := search.Document{ID: uuid.UUID{1}, PriceFen: 5, ListedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	newer := search.Document{ID: uuid.UUID{2}, PriceFen: 5, ListedAt: older.ListedAt.Add(time.Microsecond)}
	for _, order := range sorted {
		if orderKey(order, newer) >= orderKey(order, older) {
			t.Errorf("by %s the newer one is not first", order)
		}
	}
}

// TestValuesAreEncodedOneToOne tests that forms have no sign of a filter, and that different values have different ones,
// whatever the case.
func TestValuesAreEncodedOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z0-9_.-]{0,5}`), rapid.SampledFrom([]string{"", "u.a", "v.a", "x.61", strings.Repeat("a", 151)}))
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		form := facetValue(a)
		if strings.Trim(form, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
			t.Fatalf("%q is encoded as %q", a, form)
		}
		if a != b && strings.EqualFold(form, facetValue(b)) {
			t.Fatalf("%q and %q have the form %q", a, b, form)
		}
		if value, ok := valueOf(form); ok && value != a || !ok && len(a) <= maxFacetValue {
			t.Fatalf("%q is decoded as %q", a, value)
		}
	})
}

// TestNothingButWords tests that without operators no sign of a text is sent.
func TestNothingButWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune(`"“-−＂－ 气象a.9'\`)))).Draw(t, "text")
		if q := read(text, false).q; strings.ContainsAny(q, `"-'`) {
			t.Fatalf("%q is sent as %q", text, q)
		}
	})
}

func TestReadOperators(t *testing.T) {
	for text, want := range map[string]string{
		`气象 "企业供水" -"纳税 a"`:     `-"纳 税 a" "企 业 供 水" 气象`,
		`“气象”`:                  `"气 象"`,
		`-企业`:                   `-"企 业"`,
		`PM2.5-企业`:              `pm2.5 企业`,
		`气象 -`:                  `气象`,
		`"气象`:                   `气象`,
		`-"" "" -`:              ``,
		`the "a"`:               `"a" the`,
		`the weather of a city`: `weather city`,
	} {
		if got := read(text, true).q; got != want {
			t.Errorf("%s is sent as %s, want %s", text, got, want)
		}
	}
}

func TestSynonymsOf(t *testing.T) {
	got := synonymsOf([][]string{{"气象", "天气"}, {"天气", "Weather  Data"}, {"alone"}, {"!"}, {}, {"a", "A"}})
	if len(got) != 5 || !slices.Equal(got["tianqi"], []string{"weather data", "天气", "气象"}) || !slices.Equal(got["qixiang"], got["tianqi"]) || !slices.Equal(got["天气"], []string{"weather data", "气象"}) || !slices.Equal(got["weather data"], []string{"天气", "气象"}) {
		t.Errorf("they are %v", got)
	}
}
