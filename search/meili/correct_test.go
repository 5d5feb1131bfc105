package meili

import (
	"encoding/json"
	"testing"

	"github.com/meilisearch/meilisearch-go"
)

func TestCorrected(t *testing.T) {
	hit := func(text string) (h meilisearch.Hit) {
		if err := json.Unmarshal([]byte(text), &h); err != nil {
			t.Fatal(err)
		}
		return h
	}
	weather := `{"text_name":["气象 观测","weather observations"],"text_name_pinyin":"qixiang. guance","_matchesPosition":{
		"text_name":[{"start":0,"length":7,"indices":[1]},{"start":8,"length":12,"indices":[1]}],"text_name_pinyin":[{"start":0,"length":7}]}}`
	for _, row := range []struct{ text, hit, want string }{
		{"wether", weather, "weather"},
		{"Weather", weather, ""},
		{"observatio", weather, ""},
		{"气象 waether, observasion!", weather, "气象 weather, observations!"},
		{"qixinag", weather, "qixiang"},
		{"wthr", weather, ""},
		{"rainfall", weather, ""},
		{"wether", `{}`, ""},
		{"wether", `{"_matchesPosition":[]}`, ""},
		{"wether", `{"text_name":["weather"],"_matchesPosition":{"text_name":[{"start":0,"length":7,"indices":[9]},{"start":-1,"length":7,"indices":[0]},{"start":3,"length":70,"indices":[0]},{"start":0,"length":7},{"start":9223372036854775807,"length":7,"indices":[0]}]}}`, ""},
		{"wether", `{"text_name":{"a":1},"_matchesPosition":{"text_name":[{"start":0,"length":7}]}}`, ""},
	} {
		if got := corrected(read(row.text, false), hit(row.hit)); got != row.want {
			t.Errorf("%q is taken for %q, want %q", row.text, got, row.want)
		}
	}
}

func TestApartBy(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"weather", "wether", 1}, {"weather", "weahter", 1}, {"meteo", "meter", 1}, {"abc", "xyz", 3}} {
		if got := apartBy(row.a, row.b); got != row.want {
			t.Errorf("%s and %s are %d apart, want %d", row.a, row.b, got, row.want)
		}
	}
}
