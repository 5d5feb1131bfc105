package access

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongshu/internal/fault"
)

// Bounds of what people state about themselves and their organisations, in characters.
const (
	MaxName     = 200
	MinPassword = 10
	MaxPassword = 128
	MaxEmail    = 254
)

// ParseName reads the name of a person or an organisation; blanks around it are forgiven.
// It refuses with NAME_MISSING, NAME_TOO_LONG, and NAME_INVALID for what cannot be printed.
func ParseName(text, field string) (string, *fault.Error) {
	name := strings.TrimSpace(text)
	switch {
	case name == "":
		return "", fault.New(fault.Invalid, "NAME_MISSING", "A name is required.").At(field)
	case utf8.RuneCountInString(name) > MaxName:
		return "", fault.New(fault.Invalid, "NAME_TOO_LONG", "A name has at most %d characters.", MaxName).At(field).With("max", MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", fault.New(fault.Invalid, "NAME_INVALID", "A name consists of printable characters.").At(field)
	}
	return name, nil
}

var wellFormedEmail = regexp.MustCompile("^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9-]+([.][a-z0-9-]+)+$")

// ParseEmail reads an e-mail address in the one form in which it is kept: lower case, ASCII, so that no two accounts look alike.
// It refuses with EMAIL_INVALID.
func ParseEmail(text, field string) (string, *fault.Error) {
	email := strings.ToLower(strings.TrimSpace(text))
	if len(email) > MaxEmail || !wellFormedEmail.MatchString(email) {
		return "", fault.New(fault.Invalid, "EMAIL_INVALID", "This is no e-mail address.").At(field)
	}
	return email, nil
}

// CheckPassword refuses with PASSWORD_TOO_SHORT or PASSWORD_TOO_LONG. What it consists of is the person's own affair.
func CheckPassword(password, field string) *fault.Error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return fault.New(fault.Invalid, "PASSWORD_TOO_SHORT", "A password has at least %d characters.", MinPassword).At(field).With("min", MinPassword)
	case n > MaxPassword:
		return fault.New(fault.Invalid, "PASSWORD_TOO_LONG", "A password has at most %d characters.", MaxPassword).At(field).With("max", MaxPassword)
	}
	return nil
}

// The capacities that an organisation can ask for itself, and those that a public body has by its office.
var (
	askedFor = []Party{Buyer, Operator, DataVendor}
	byOffice = []Party{ImplementingAgency, SourceUnit, IndustryAuthority, Registrar, PriceAuthority, Supervisor, Buyer}
)

// CheckAskedFor refuses capacities that an organisation cannot ask for itself: PARTY_MISSING, PARTY_NOT_ALLOWED, PARTY_REPEATED.
func CheckAskedFor(parties []Party, field string) *fault.Error {
	return checkParties(parties, askedFor, field)
}

// CheckByOffice refuses capacities that the platform cannot give: those that are asked for, and its own.
// A public body may also buy.
func CheckByOffice(parties []Party, field string) *fault.Error {
	return checkParties(parties, byOffice, field)
}

func checkParties(parties, allowed []Party, field string) *fault.Error {
	if len(parties) == 0 {
		return fault.New(fault.Invalid, "PARTY_MISSING", "Say in which capacity the organisation takes part.").At(field)
	}
	for i, p := range parties {
		if !slices.Contains(allowed, p) {
			return fault.New(fault.Invalid, "PARTY_NOT_ALLOWED", "The capacity %s is not given here.", p).At(field).With("party", string(p))
		}
		if slices.Contains(parties[:i], p) {
			return fault.New(fault.Invalid, "PARTY_REPEATED", "The capacity %s is named twice.", p).At(field).With("party", string(p))
		}
	}
	return nil
}

// CheckRoles refuses no role with ROLE_MISSING and a role named twice with ROLE_REPEATED.
// The first member of an organisation has to administer it, or nobody could invite the others: ADMINISTRATOR_MISSING.
func CheckRoles(roles []Role, first bool, field string) *fault.Error {
	if len(roles) == 0 {
		return fault.New(fault.Invalid, "ROLE_MISSING", "A member has at least one role.").At(field)
	}
	for i, r := range roles {
		if slices.Contains(roles[:i], r) {
			return fault.New(fault.Invalid, "ROLE_REPEATED", "The role %s is named twice.", r).At(field).With("role", string(r))
		}
	}
	if first && !slices.Contains(roles, Administrator) {
		return fault.New(fault.Invalid, "ADMINISTRATOR_MISSING", "The first member of an organisation has to be its administrator.").At(field)
	}
	return nil
}

// FounderRoles are the roles of the person who signs an organisation up: those with which it can begin alone.
// Where two persons are needed, it has to invite the second.
func FounderRoles(parties []Party) []Role {
	roles := []Role{Administrator, Member}
	if slices.Contains(parties, Buyer) {
		roles = append(roles, BuyerRole)
	}
	if slices.Contains(parties, Operator) || slices.Contains(parties, DataVendor) {
		roles = append(roles, Publisher)
	}
	return append(roles, Finance)
}
