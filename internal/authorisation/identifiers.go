package authorisation

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gongshu/internal/fault"
)

// CreditCode is a unified social credit code (统一社会信用代码, GB 32100): 18 characters, the last of which checks the others.
type CreditCode string

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseCreditCode reads a credit code; blanks around it and lower case are forgiven.
// It refuses at field with CREDIT_CODE_INVALID what is too short, too long or outside the alphabet, and with CREDIT_CODE_MISTYPED
// what fails its check character.
func ParseCreditCode(text, field string) (CreditCode, error) {
	code := strings.ToUpper(strings.TrimSpace(text))
	if len(code) == 18 {
		check, ok := creditCheck(code[:17])
		if ok && check == code[17] {
			return CreditCode(code), nil
		}
		if ok && strings.IndexByte(creditAlphabet, code[17]) >= 0 {
			return "", fault.New(fault.Invalid, "CREDIT_CODE_MISTYPED",
				"The last character of this unified social credit code does not fit the others: one of them is wrong.").At(field)
		}
	}
	return "", fault.New(fault.Invalid, "CREDIT_CODE_INVALID",
		"A unified social credit code has 18 digits and letters other than I, O, S, V and Z.").At(field)
}

// NewCreditCode appends the check character to the first 17 characters of a credit code; it is meant for synthetic data.
// Anything but 17 characters of the alphabet is CREDIT_CODE_INVALID.
func NewCreditCode(first17 string) (CreditCode, error) {
	check, ok := creditCheck(first17)
	if !ok {
		return "", fault.New(fault.Invalid, "CREDIT_CODE_INVALID",
			"A unified social credit code begins with 17 digits and letters other than I, O, S, V and Z.")
	}
	return CreditCode(first17 + string(check)), nil
}

// creditCheck weighs the i-th character with 3^i mod 31 and brings the sum to a multiple of 31.
func creditCheck(first17 string) (byte, bool) {
	if len(first17) != 17 {
		return 0, false
	}
	sum, weight := 0, 1
	for i := range len(first17) {
		value := strings.IndexByte(creditAlphabet, first17[i])
		if value < 0 {
			return 0, false
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31], true
}

// IdentifierKind is the first character of an identifier: what it identifies.
type IdentifierKind string

// The kinds of NDI-04 in use here.
const (
	IdentifiesProduct  IdentifierKind = "6"
	IdentifiesResource IdentifierKind = "7"
)

// RegionMianyang is the first four digits of the administrative division code of Mianyang (GB/T 2260).
const RegionMianyang = "5107"

// Identifier names a product or a resource across the national data infrastructure (NDI-04):
// its kind, the credit code of its owner, the region, eight random characters and a check character, 32 in all.
// It is not the registration code, which only a registrar issues (R26).
type Identifier string

const (
	identifierAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	checkAlphabet      = identifierAlphabet + "*"
)

// NewIdentifier makes an identifier; random is eight characters out of 0-9A-Z, drawn by the caller.
// Parts of another shape are IDENTIFIER_INVALID.
func NewIdentifier(kind IdentifierKind, owner CreditCode, region, random string) (Identifier, error) {
	body := string(kind) + string(owner) + region + random
	if len(owner) != 18 || len(region) != 4 || len(random) != 8 || !consistsOf(body, identifierAlphabet) {
		return "", identifierInvalid("")
	}
	return ParseIdentifier(body+string(identifierCheck(body)), "")
}

// ParseIdentifier reads an identifier; blanks around it and lower case are forgiven.
// It refuses with IDENTIFIER_INVALID at field an unknown kind, a wrong credit code or region, and a wrong check character.
func ParseIdentifier(text, field string) (Identifier, error) {
	id := strings.ToUpper(strings.TrimSpace(text))
	if len(id) != 32 || !consistsOf(id[:31], identifierAlphabet) || identifierCheck(id[:31]) != id[31] {
		return "", identifierInvalid(field)
	}
	if kind := IdentifierKind(id[:1]); kind != IdentifiesProduct && kind != IdentifiesResource {
		return "", identifierInvalid(field)
	}
	if _, err := ParseCreditCode(id[1:19], field); err != nil || !consistsOf(id[19:23], "0123456789") {
		return "", identifierInvalid(field)
	}
	return Identifier(id), nil
}

// identifierCheck is MOD 37-2 of GB/T 17710: with the check character as a_1, Σ a_i·2^(i−1) ≡ 1 mod 37, counted from the right.
func identifierCheck(body string) byte {
	sum := 0
	for i := range len(body) {
		sum = (sum + strings.IndexByte(checkAlphabet, body[i])) * 2 % 37
	}
	return checkAlphabet[(37+1-sum)%37]
}

func identifierInvalid(field string) *fault.Error {
	return fault.New(fault.Invalid, "IDENTIFIER_INVALID",
		"An identifier has 32 characters: kind, credit code, region, eight random characters and a check character.").At(field)
}

func consistsOf(text, alphabet string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune(alphabet, r) }) < 0
}

// MaxRegistrationCode is the greatest length of a registration code, in characters.
const MaxRegistrationCode = 64

// ParseRegistrationCode reads a registration code as the registrar issued it (R26): its form is the registrar's,
// so only what could not be printed or repeated without error is refused, with REGISTRATION_CODE_INVALID at field.
func ParseRegistrationCode(text, field string) (string, error) {
	code := strings.TrimSpace(text)
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }
	if code == "" || !utf8.ValidString(code) || utf8.RuneCountInString(code) > MaxRegistrationCode || strings.IndexFunc(code, unprintable) >= 0 {
		return "", fault.New(fault.Invalid, "REGISTRATION_CODE_INVALID",
			"A registration code has 1 to %d printable characters without blanks.", MaxRegistrationCode).
			At(field).With("max", MaxRegistrationCode)
	}
	return code, nil
}
