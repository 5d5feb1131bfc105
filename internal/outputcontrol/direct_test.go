package outputcontrol

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongshu/internal/authorisation"
)

var today = authorisation.DayFrom(2026, 3, 2)

// found is what a column of these cells holds.
func found(cells ...string) []FoundDirect {
	var c DirectColumn
	for i, cell := range cells {
		c.Add(int64(i+1), cell, today)
	}
	return c.Found()
}

// direct is what a cell alone is.
func direct(text string) Direct {
	for _, f := range found(text) {
		return f.Kind
	}
	return NoDirect
}

func TestOneCell(t *testing.T) {
	for _, row := range []struct {
		sentence, text string
		want           Direct
	}{
		{"an identity number", "11010519491231002X", IdentityNumber}, // the example of GB 11643
		{"with a small x", "11010519491231002x", IdentityNumber},
		{"of digits alone", "510704199003070018", IdentityNumber},
		{"behind a name", "张三510704199003070018（本人）", IdentityNumber},
		{"behind letters of a code", "ID510704199003070018", NoDirect},
		{"in groups", "510704 19900307 0018", IdentityNumber},
		{"in groups with its X", "110105-19491231-002X", IdentityNumber},
		{"in full-width digits", "５１０７０４１９９００３０７００１８", IdentityNumber},
		{"another check character", "510704199003070011", NoDirect},
		{"no province", "990704199003070017", NoDirect},
		{"the 31st of February", "510704199002310016", NoDirect},
		{"inside a longer number", "1510704199003070018", NoDirect},
		{"of somebody not yet born", "510704202603030011", NoDirect},
		{"masked", "510704********0010", NoDirect},
		{"an X after 17 digits of two groups, before a third", "1234567890123456 9X1234567890123456", NoDirect},
		{"ten digits and the X of another number", "1234567 1380013800X", NoDirect},
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
		{"behind a hyphen of a text", "张三-13800138000", MobileNumber},
		{"behind a point of a text", "电话.13800138000", MobileNumber},
		{"at the end of a sentence", "call 13800138000.", MobileNumber},
		{"in a code", "S13800138000", NoDirect},
		{"behind a low line", "1_13800138000", NoDirect},
		{"behind letters and a hyphen", "KV-15107040012", NoDirect},
		{"behind a part of a code", "KV-001-15107040012", NoDirect},
		{"beside a code", "KV-001 15107040012", MobileNumber},
		{"an amount", "13800138000.50", NoDirect},
		{"a percentage", "13800138000%", NoDirect},
		{"behind a minus", "-13800138000", NoDirect},
		{"behind a minus in a text", "增减 -13800138000 元", NoDirect},
		{"behind a plus", "+13800138000", NoDirect},
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
		{"text without digits", "绵阳市涪城区临园路东段七十二号", NoDirect},
		{"nothing", "", NoDirect},
	} {
		if got := direct(row.text); got != row.want {
			t.Errorf("%s: %q is %d, want %d", row.sentence, row.text, got, row.want)
		}
	}
}

// codes are numbers of one shape that differ in their last places.
func codes(format string, from, to int) (all []string) {
	for n := from; n < to; n++ {
		all = append(all, fmt.Sprintf(format, n))
	}
	return all
}

func TestAColumn(t *testing.T) {
	repeated := func(n int, text string) []string { return strings.Split(strings.Repeat(text+"|", n-1)+text, "|") }
	for _, row := range []struct {
		sentence string
		cells    []string
		want     []FoundDirect
	}{
		{"codes of a place, a day and a serial number are none, though some have the check character", codes("5107042024011%05d", 10000, 10100), nil},
		{"codes of 11 digits are none, though some begin like a mobile number", codes("%d0000001", 1000, 3000), nil},
		{"numbers that begin with 62 are no cards, though some have the check digit", codes("622202123456%04d", 0, 200), nil},
		{"one alone is one", append(repeated(50, "无"), "13800138000"), []FoundDirect{{MobileNumber, 51}}},
		{"the first that passes is named", append([]string{"12800138000"}, repeated(2, "13800138000")...), []FoundDirect{{MobileNumber, 2}}},
		{"just half is not more than half", []string{"12800138000", "13800138000"}, nil},
		{"landlines do not hide mobile numbers", append(repeated(3, "08162212345"), "13800138000"), []FoundDirect{{MobileNumber, 4}}},
		{"each kind is found", []string{"张三 13800138000", "11010519491231002X", "6222021234567894"},
			[]FoundDirect{{IdentityNumber, 2}, {MobileNumber, 1}, {BankCard, 3}}},
	} {
		if got := found(row.cells...); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %v, want %v", row.sentence, got, row.want)
		}
	}
}

// Whatever stands in a cell, it is looked at, and the same in digits of full width.
func TestAnyCell(t *testing.T) {
	alphabet := []rune("0123456789999Xx -.")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 60, -1).Draw(t, "text")
		wide := strings.Map(func(r rune) rune {
			if isDigit(r) {
				return r + '０' - '0'
			}
			return r
		}, text)
		if got, want := found(wide), found(text); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is %v, in full width %v", text, want, got)
		}
	})
}

// What is looked for is found wherever it stands in words, and another last digit of an identity number is never one.
func TestACellAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringOf(rapid.SampledFrom([]rune("甲乙，。；：()/\t\n张")))
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		if got := direct(before + "19912345678" + after); got != MobileNumber {
			t.Fatalf("a mobile number is %d", got)
		}
		body := "51070419900307" + rapid.StringMatching(`[0-9]{3}`).Draw(t, "body")
		passing := ""
		for _, check := range "0123456789X" {
			if direct(before+body+string(check)+after) == IdentityNumber {
				passing += string(check)
			}
		}
		if len(passing) != 1 {
			t.Fatalf("%s is one with %q", body, passing)
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	for name, text := range map[string]string{"words": strings.Repeat("绵阳市涪城区", 5), "number": "104.7312", "code": "91510700MA6GNGXH16-000123"} {
		b.Run(name, func(b *testing.B) {
			var c DirectColumn
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				c.Add(1, text, today)
			}
		})
	}
}
