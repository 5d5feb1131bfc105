package accept

import "testing"

func TestOf(t *testing.T) {
	for _, row := range []struct {
		header, what string
		want         Want
	}{
		{"", "text/turtle", Want{}},
		{"text/turtle", "text/turtle", Want{1, ByName}},
		{"*/*;q=0.9, text/turtle;q=0.2", "text/turtle", Want{0.2, ByName}},
		{"text/*;q=0.3, */*", "text/turtle", Want{0.3, ByFamily}},
		{"text/turtle;q=0, */*", "text/turtle", Want{0, ByName}},
		{"text/turtle;q=0.2, Text/Turtle;q=0.5", "text/turtle", Want{0.5, ByName}},
		{"text/turtle;q=2, */*;q=0.1", "text/turtle", Want{0.1, ByAnything}},
		{"text/turtle;q=NaN, ///;;", "text/turtle", Want{}},
		{"text/turtle;charset=gbk", "text/turtle", Want{}},
		{"br, gzip;q=0.5", "gzip", Want{0.5, ByName}},
		{"*;q=0.4", "gzip", Want{0.4, ByAnything}},
		{"*/*", "gzip", Want{}},
	} {
		if got := Of([]string{row.header}, row.what); got != row.want {
			t.Errorf("of %q %q is %v, want %v", row.header, row.what, got, row.want)
		}
	}
}
