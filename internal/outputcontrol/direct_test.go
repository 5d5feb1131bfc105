package outputcontrol

import (
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
		{"text without digits", "绵阳市涪城区临园路东段七十二号", NoDirect},
		{"nothing", "", NoDirect},
	} {
		if got := FindDirect(row.text); got != row.want {
			t.Errorf("%s: %q is %d, want %d", row.sentence, row.text, got, row.want)
		}
	}
}

// What is looked for is found wherever it stands in words, and another last digit of an identity number is never one.
func TestFindDirectAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringOf(rapid.SampledFrom([]rune("甲乙，。；：()/\t\n张")))
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		if got := FindDirect(before + "19912345678" + after); got != MobileNumber {
			t.Fatalf("a mobile number is %d", got)
		}
		body := "51070419900307" + rapid.StringMatching(`[0-9]{3}`).Draw(t, "body")
		found := ""
		for _, check := range "0123456789X" {
			if FindDirect(before+body+string(check)+after) == IdentityNumber {
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
