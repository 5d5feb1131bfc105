package pinyin

import (
	"slices"
	"testing"
)

func TestReadings(t *testing.T) {
	for r, want := range map[rune]string{'气': "qi", '绿': "lv", '水': "shui", '数': "shu"} {
		if got := Readings(r); len(got) == 0 || got[0] != want {
			t.Errorf("%c is read %v, want %s first", r, got, want)
		}
	}
	if got := Readings('降'); !slices.Contains(got, "jiang") || !slices.Contains(got, "xiang") {
		t.Errorf("降 is read %v", got)
	}
	for _, r := range "a1，\ufffd" {
		if got := Readings(r); got != nil {
			t.Errorf("%c is read %v", r, got)
		}
	}
}

func TestSpans(t *testing.T) {
	spelled, initials := Spans("降水量")
	for _, want := range []string{"jiangshui", "xiangshuiliang", "jiangshuiliang", "shuiliang"} {
		if !slices.Contains(spelled, want) {
			t.Errorf("%s is missing in %v", want, spelled)
		}
	}
	for _, want := range []string{"js", "jsl", "sl", "xsl"} {
		if !slices.Contains(initials, want) {
			t.Errorf("%s is missing in %v", want, initials)
		}
	}
	if slices.Contains(spelled, "shui") || slices.Contains(initials, "s") {
		t.Error("one syllable is no span")
	}
	for _, run := range []string{"", "水"} {
		if spelled, initials := Spans(run); len(spelled)+len(initials) > 0 {
			t.Errorf("%q is spelled %v %v", run, spelled, initials)
		}
	}
}
