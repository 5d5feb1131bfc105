package ordering

import (
	"slices"
	"strings"
	"testing"
)

func TestRemittanceCodes(t *testing.T) {
	a, b := RemittanceCode("a", 0), RemittanceCode("b", 0)
	spaced := a[:2] + " " + a[2:7] + "-" + a[7:]
	wide := strings.Map(func(r rune) rune { return r + 0xFEE0 }, a)
	swapped := []byte(a)
	i := 2
	for swapped[i] == swapped[i+1] {
		i++
	}
	swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
	for _, c := range []struct {
		sentence, remark string
		want             []string
	}{
		{"a code alone", a, []string{a}},
		{"in a sentence", "货款" + a + "谢谢", []string{a}},
		{"in lower case", strings.ToLower(a), []string{a}},
		{"with spaces and hyphens", spaced, []string{a}},
		{"in wide characters", wide, []string{a}},
		{"two codes", a + "," + b, []string{a, b}},
		{"twice the same", a + " " + a, []string{a}},
		{"after a mark that begins none", "GSGS" + a, []string{a}},
		{"two characters that changed places", string(swapped), nil},
		{"cut off", a[:len(a)-1], nil},
		{"nothing", "", nil},
		{"words", "数据产品服务费 GS", nil},
	} {
		if got := RemittanceCodes(c.remark); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q has %v, not %v", c.sentence, c.remark, got, c.want)
		}
	}
	if a == b || a == RemittanceCode("a", 1) || a != RemittanceCode("a", 0) || len(a) != remittanceLength {
		t.Errorf("codes of other keys or attempts are the same, or those of one are not: %s, %s", a, b)
	}
}

func TestOnlySoManyCodesOfARemarkAreLookedAt(t *testing.T) {
	remark := ""
	for i := range 100 {
		remark += RemittanceCode("key", i)
	}
	if got := RemittanceCodes(remark); len(got) != codesMost || got[0] != RemittanceCode("key", 0) {
		t.Errorf("got %d", len(got))
	}
}

func TestAWrongCharacterIsNoCode(t *testing.T) {
	code := RemittanceCode("any", 0)
	for i := len(remittanceMark); i < len(code); i++ {
		for _, other := range []byte(remittanceAlphabet) {
			wrong := []byte(code)
			if wrong[i] = other; string(wrong) != code && len(RemittanceCodes(string(wrong))) > 0 {
				t.Errorf("%s passes for %s", wrong, code)
			}
		}
	}
}
