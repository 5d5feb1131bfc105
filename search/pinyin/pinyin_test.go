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

func TestARunIsSpelledAsAWhole(t *testing.T) {
	spelled, initials := Spellings("停车泊位")
	for _, want := range []string{"tingchebowei", "tingchepowei"} {
		if !slices.Contains(spelled, want) {
			t.Errorf("%s is missing in %v", want, spelled)
		}
	}
	if !slices.Contains(initials, "tcbw") || slices.Contains(initials, "tc") {
		t.Errorf("the initials are %v", initials)
	}
	if spelled, initials := Spellings("公ア"); len(spelled)+len(initials) > 0 {
		t.Errorf("what has no reading is spelled %v %v", spelled, initials)
	}
}

func TestLettersAreReadWithoutTones(t *testing.T) {
	for word, want := range map[string]struct {
		letters  string
		numbered bool
	}{
		"zhengxin": {"zhengxin", false}, "zhèngxìn": {"zhengxin", false}, "lǜ": {"lv", false}, "lüse": {"lvse", false}, "gong1jiao1": {"gongjiao", true},
		"e\u0304": {"e", false}, "": {}, "gong1jiao": {}, "pm2.5": {}, "icd11": {}, "gong6": {}, "公交": {}, "müller9": {},
	} {
		letters, numbered, ok := Letters(word)
		if letters != want.letters && ok || numbered != want.numbered && ok || ok != (want.letters != "") {
			t.Errorf("%q is read %q, numbered %t, %t", word, letters, numbered, ok)
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
