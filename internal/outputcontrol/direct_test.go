package outputcontrol

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFindDirect(t *testing.T) {
	for _, row := range []struct {
		sentence, text string
		want           Direct
	}{
		{"an identity number", "11010519491231002X", IdentityNumber}, // the example of GB 11643
		{"with a small x", "11010519491231002x", IdentityNumber},
		{"of digits alone", "510704199003070018", IdentityNumber},
		{"behind a name", "张三510704199003070018（本人）", IdentityNumber},
		{"behind letters, since its check character tells", "ID510704199003070018", IdentityNumber},
		{"in groups", "510704 19900307 0018", IdentityNumber},
		{"in groups with its X", "110105-19491231-002X", IdentityNumber},
		{"in full-width digits", "５１０７０４１９９００３０７００１８", IdentityNumber},
		{"another check character", "510704199003070011", NoDirect},
		{"no province", "990704199003070017", NoDirect},
		{"the 31st of February", "510704199002310016", NoDirect},
		{"inside a longer number", "1510704199003070018", NoDirect},
		{"masked", "510704********0010", NoDirect},
		{"a credit code", "91510700MA6GNGXH16", NoDirect},
		{"a mobile number", "13800138000", MobileNumber},
		{"behind a name", "张三13800138000", MobileNumber},
		{"behind another number", "2025-07-22 19912345678", MobileNumber},
		{"with the country", "+8613800138000", MobileNumber},
		{"with the country and a hyphen", "+86-13800138000", MobileNumber},
		{"in groups", "138 0013 8000", MobileNumber},
		{"in groups before a text", "138-0013-8000 白天", MobileNumber},
		{"with the country in groups", "+86 138 0013 8000", MobileNumber},
		{"a number of no mobile network", "12800138000", NoDirect},
		{"a landline", "0816-2212345", NoDirect},
		{"a longer number", "138001380001", NoDirect},
		{"a shorter number", "1380013800", NoDirect},
		{"masked", "138****8000", NoDirect},
		{"in a code", "S13800138000", NoDirect},
		{"before letters of a code", "13800138000KV", NoDirect},
		{"the digits of a fraction", "104.13800138000", NoDirect},
		{"a day and a count", "1990-01-01 123", NoDirect},
		{"a time", "2025-07-22T08:00:00.123456789+08:00", NoDirect},
		{"a card of 16 digits", "6222021234567894", BankCard},
		{"a card of 19 digits", "6222021234567890128", BankCard},
		{"a card in groups", "6222 0212 3456 7894", BankCard},
		{"a card in groups of which the last is short", "6222 0212 3456 7890 128", BankCard},
		{"another check digit", "6222021234567893", NoDirect},
		{"of no known head", "9222021234567891", NoDirect},
		{"of no known length", "622202123456788", NoDirect},
		{"with a fraction", "13800138000.50", NoDirect},
		{"at the end of a sentence", "Call 13800138000.", MobileNumber},
		{"with a sign", "-13800138000", NoDirect},
		{"in percent", "13800138000%", NoDirect},
		{"behind an underscore", "A_13800138000", NoDirect},
		{"behind letters and a hyphen", "KV-15107040012", NoDirect},
		{"behind a word and a hyphen", "电话-13800138000", MobileNumber},
		{"a code in groups", "KV138-0013-8000", NoDirect},
		{"an X with more behind it", "1234567890123456 9X1234567890123456", NoDirect},
		{"an X in the middle", "12345678901234567X12", NoDirect},
		{"text without digits", "绵阳市涪城区临园路东段七十二号", NoDirect},
		{"nothing", "", NoDirect},
	} {
		got, passes := FindDirect(row.text)
		if !passes {
			got = NoDirect
		}
		if got != row.want {
			t.Errorf("%s: %q is %d, want %d", row.sentence, row.text, got, row.want)
		}
	}
}

// A column of codes has the shape of numbers of people here and there, a column of such numbers everywhere.
func TestAColumnHoldsWhatMostOfItIs(t *testing.T) {
	codes := func(from, to int) (cells []string) {
		for i := range to - from {
			cells = append(cells, fmt.Sprintf("51070420250722%04d", from+i))
		}
		return cells
	}
	for _, row := range []struct {
		sentence string
		cells    []string
		want     Direct
		row      int64
	}{
		{"case numbers of a place and a day", codes(0, 2000), NoDirect, 0},
		{"identity numbers", []string{"", "510704199003070018", "11010519491231002X"}, IdentityNumber, 2},
		{"one telephone number among remarks", []string{"无", "下午再来", "找张三13800138000", "2025-07-22"}, MobileNumber, 3},
		{"stations with eleven digits", []string{"25107040012", "13800138000", "35107040012", "45107040012"}, NoDirect, 0},
		{"cards", []string{"6222021234567894", "6222021234567890128"}, BankCard, 1},
		{"numbers that begin as cards do", []string{"6222021234567891", "6222021234567892", "6222021234567893", "6222021234567894"}, NoDirect, 0},
		{"nothing", nil, NoDirect, 0},
	} {
		var tally Tally
		for i, cell := range row.cells {
			tally.Add(int64(i+1), cell)
		}
		kind, at := NoDirect, int64(0)
		for kind, at = range tally.Holds {
		}
		if kind != row.want || at != row.row {
			t.Errorf("%s: %d in row %d, want %d in row %d", row.sentence, kind, at, row.want, row.row)
		}
	}
}

// Whatever stands in a cell is read to its end, and what passes has the shape.
func TestFindDirectReadsAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("0123456789Xx -.%_A+０９Ｘ张")), 0, 60, -1).Draw(t, "text")
		if kind, passes := FindDirect(text); passes && kind == NoDirect {
			t.Fatalf("%q passes as nothing", text)
		}
	})
}

// What is looked for is found wherever it stands in words, and another last digit of an identity number is never one.
func TestFindDirectAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringOf(rapid.SampledFrom([]rune("甲乙，。；：()/\t\n张")))
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		if got, passes := FindDirect(before + "19912345678" + after); got != MobileNumber || !passes {
			t.Fatalf("a mobile number is %d", got)
		}
		body := "51070419900307" + rapid.StringMatching(`[0-9]{3}`).Draw(t, "body")
		found := ""
		for _, check := range "0123456789X" {
			if kind, passes := FindDirect(before + body + string(check) + after); kind == IdentityNumber && passes {
				found += string(check)
			}
		}
		if len(found) != 1 {
			t.Fatalf("%s is one with %q", body, found)
		}
	})
}

func BenchmarkFindDirect(b *testing.B) {
	for name, text := range map[string]string{"words": strings.Repeat("绵阳市涪城区", 5), "number": "104.7312", "code": "91510700MA6GNGXH16-000123"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				FindDirect(text)
			}
		})
	}
}
