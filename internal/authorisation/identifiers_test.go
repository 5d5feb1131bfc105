package authorisation

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongshu/internal/fault"
)

func TestParseCreditCode(t *testing.T) {
	for _, row := range []struct {
		sentence, text string
		want           CreditCode
		code           string
	}{
		{"a public company's code is right", "9144030071526726XG", "9144030071526726XG", ""},
		{"another company's code is right", "91330100799655058B", "91330100799655058B", ""},
		{"blanks and lower case are forgiven", " 9144030071526726xg\n", "9144030071526726XG", ""},
		{"a wrong check character is refused", "9144030071526726XH", "", "CREDIT_CODE_MISTYPED"},
		{"two neighbours in the wrong order are refused", "9144030071527626XG", "", "CREDIT_CODE_MISTYPED"},
		{"a letter outside the alphabet is refused", "9144030071526726OG", "", "CREDIT_CODE_INVALID"},
		{"a letter outside the alphabet at the end is refused", "9144030071526726XO", "", "CREDIT_CODE_INVALID"},
		{"too short is refused", "9144030071526726X", "", "CREDIT_CODE_INVALID"},
		{"too long is refused", "9144030071526726XG0", "", "CREDIT_CODE_INVALID"},
		{"nothing is refused", "", "", "CREDIT_CODE_INVALID"},
		{"wide digits are refused", "９１44030071526726XG", "", "CREDIT_CODE_INVALID"},
		{"broken text is refused", strings.Repeat("\xff", 18), "", "CREDIT_CODE_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got, err := ParseCreditCode(row.text, "input.creditCode")
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
			refusedWith(t, err, row.code)
			if row.code == "" {
				return
			}
			if field := fault.All(err)[0].Field; field != "input.creditCode" {
				t.Errorf("at field %q", field)
			}
		})
	}
}

func TestNewCreditCode(t *testing.T) {
	got, err := NewCreditCode("9144030071526726X")
	if got != "9144030071526726XG" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for _, wrong := range []string{"", "9144030071526726", "9144030071526726XG", "9144030071526726I", "９1440300715267"} {
		_, err := NewCreditCode(wrong)
		refusedWith(t, err, "CREDIT_CODE_INVALID")
	}
}

var first17 = rapid.StringMatching(`[0-9A-HJ-NPQRTUWXY]{17}`)

// The check character finds every single wrong character.
func TestCreditCodeFindsEveryWrongCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, err := NewCreditCode(first17.Draw(t, "first17"))
		if err != nil {
			t.Fatal(err)
		}
		if same, err := ParseCreditCode(string(code), ""); err != nil || same != code {
			t.Fatalf("%s reads as %q, %v", code, same, err)
		}
		at := rapid.IntRange(0, 17).Draw(t, "at")
		wrong := creditAlphabet[rapid.IntRange(0, 30).Draw(t, "wrong")]
		if _, err := ParseCreditCode(string(code[:at])+string(wrong)+string(code[at+1:]), ""); (err == nil) != (wrong == code[at]) {
			t.Fatalf("%s with %c at %d: %v", code, wrong, at, err)
		}
	})
}

// The check character satisfies Σ a_i·2^(i−1) ≡ 1 mod 37, counted from the right, and finds every single wrong character.
func TestIdentifierChecksByTheFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		owner, err := NewCreditCode(first17.Draw(t, "first17"))
		if err != nil {
			t.Fatal(err)
		}
		kind := rapid.SampledFrom([]IdentifierKind{IdentifiesProduct, IdentifiesResource}).Draw(t, "kind")
		id, err := NewIdentifier(kind, owner, RegionMianyang, rapid.StringMatching(`[0-9A-Z]{8}`).Draw(t, "random"))
		if err != nil || len(id) != 32 {
			t.Fatalf("%q: %v", id, err)
		}
		sum, power := 0, 1
		for i := len(id) - 1; i >= 0; i-- {
			sum += strings.IndexByte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*", id[i]) * power
			power = power * 2 % 37
		}
		if sum%37 != 1 {
			t.Fatalf("%s sums to %d", id, sum%37)
		}
		at := rapid.IntRange(0, 31).Draw(t, "at")
		wrong := checkAlphabet[rapid.IntRange(0, 36).Draw(t, "wrong")]
		if _, err := ParseIdentifier(string(id[:at])+string(wrong)+string(id[at+1:]), ""); (err == nil) != (wrong == id[at]) {
			t.Fatalf("%s with %c at %d: %v", id, wrong, at, err)
		}
	})
}

// A donation number whose check character ISO 7064 MOD 37-2 is known to give.
func TestIdentifierCheckOfAKnownNumber(t *testing.T) {
	if got := identifierCheck("G123489654321"); got != 'Y' {
		t.Errorf("got %c, want Y", got)
	}
}

func TestNewIdentifier(t *testing.T) {
	const owner = CreditCode("9144030071526726XG")
	for _, row := range []struct {
		sentence       string
		kind           IdentifierKind
		owner          CreditCode
		region, random string
		right          bool
	}{
		{"a product's parts are right", IdentifiesProduct, owner, "5107", "AB12CD34", true},
		{"a resource's parts are right", IdentifiesResource, owner, "5107", "00000000", true},
		{"another kind is refused", "5", owner, "5107", "AB12CD34", false},
		{"a wrong credit code is refused", IdentifiesProduct, "9144030071526726XH", "5107", "AB12CD34", false},
		{"a region is digits", IdentifiesProduct, owner, "51A7", "AB12CD34", false},
		{"a region has four digits", IdentifiesProduct, owner, "510", "0AB12CD34", false},
		{"lower case is not random", IdentifiesProduct, owner, "5107", "ab12cd34", false},
		{"random is eight characters", IdentifiesProduct, owner, "5107", "AB12CD3", false},
		{"the check character's star is not random", IdentifiesProduct, owner, "5107", "AB12CD3*", false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			id, err := NewIdentifier(row.kind, row.owner, row.region, row.random)
			if !row.right {
				refusedWith(t, err, "IDENTIFIER_INVALID")
				return
			}
			refusedWith(t, err, "")
			if want := string(row.kind) + string(row.owner) + row.region + row.random; string(id[:31]) != want {
				t.Errorf("got %s, want %s and a check character", id, want)
			}
			if same, err := ParseIdentifier(" "+strings.ToLower(string(id)), ""); same != id || err != nil {
				t.Errorf("%s reads as %q, %v", id, same, err)
			}
		})
	}
}

func TestParseRegistrationCode(t *testing.T) {
	for _, row := range []struct {
		sentence, text, want string
	}{
		{"a code is kept as issued", "51-0700/公-2026a", "51-0700/公-2026a"},
		{"blanks around it are no part of it", " X1 ", "X1"},
		{"64 characters are the most", strings.Repeat("码", 64), strings.Repeat("码", 64)},
		{"65 are too many", strings.Repeat("码", 65), ""},
		{"nothing is no code", " ", ""},
		{"a blank inside is refused", "X 1", ""},
		{"a wide blank is refused", "X\u30001", ""},
		{"an invisible character is refused", "X\u200b1", ""},
		{"a line break is refused", "X\n1", ""},
		{"broken text is refused", "X\xff", ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got, err := ParseRegistrationCode(row.text, "input.code")
			code := ""
			if row.want == "" {
				code = "REGISTRATION_CODE_INVALID"
			}
			refusedWith(t, err, code)
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func FuzzParseCreditCode(f *testing.F) {
	f.Add("9144030071526726XG")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		code, err := ParseCreditCode(text, "")
		if err != nil {
			return
		}
		if again, err := NewCreditCode(string(code[:17])); err != nil || again != code {
			t.Errorf("%q was read as %q, whose check makes it %q, %v", text, code, again, err)
		}
	})
}

func FuzzParseIdentifier(f *testing.F) {
	id, err := NewIdentifier(IdentifiesProduct, "9144030071526726XG", RegionMianyang, "AB12CD34")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(id))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseIdentifier(text, "")
		if err != nil {
			return
		}
		again, err := NewIdentifier(IdentifierKind(id[:1]), CreditCode(id[1:19]), string(id[19:23]), string(id[23:31]))
		if err != nil || again != id {
			t.Errorf("%q was read as %q, whose parts make %q, %v", text, id, again, err)
		}
	})
}
