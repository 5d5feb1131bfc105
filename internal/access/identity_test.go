package access

import (
	"strings"
	"testing"

	"gongshu/internal/fault"
)

func codeOf(f *fault.Error) string {
	if f == nil {
		return ""
	}
	return f.Code
}

func TestEmails(t *testing.T) {
	for _, row := range []struct{ sentence, text, want string }{
		{"an address is kept in lower case without blanks around it", " Li.Wei+a@Data.Example ", "li.wei+a@data.example"},
		{"no at sign", "li.wei", ""},
		{"no mailbox", "@data.example", ""},
		{"no host", "li@", ""},
		{"a host without a dot", "li@data", ""},
		{"a host that ends in a dot", "li@data.", ""},
		{"a host with two dots in a row", "li@data..example", ""},
		{"two at signs", "li@a@data.example", ""},
		{"a blank inside", "li wei@data.example", ""},
		{"a name before the address", "Li <li@data.example>", ""},
		{"a letter that looks like another", "lі@data.example", ""},
		{"255 characters", strings.Repeat("a", 60) + "@" + strings.Repeat("a", 186) + ".example", ""},
	} {
		got, refused := ParseEmail(row.text, "input.email")
		if got != row.want || (refused == nil) != (row.want != "") {
			t.Errorf("%s: got %q, %v", row.sentence, got, refused)
		}
	}
}

func TestWhatPeopleState(t *testing.T) {
	name := func(text string) *fault.Error { _, f := ParseName(text, ""); return f }
	for _, row := range []struct {
		sentence string
		got      *fault.Error
		want     string
	}{
		{"a Chinese name", name("绵阳市数据局"), ""},
		{"a name of blanks", name("  "), "NAME_MISSING"},
		{"a name over the limit", name(strings.Repeat("数", MaxName+1)), "NAME_TOO_LONG"},
		{"a name with a line break", name("a\nb"), "NAME_INVALID"},
		{"a name that turns the text around", name("a\u202eb"), "NAME_INVALID"},
		{"nine characters", CheckPassword("数据数据数据数据数", ""), "PASSWORD_TOO_SHORT"},
		{"ten characters", CheckPassword("数据数据数据数据数据", ""), ""},
		{"128 characters", CheckPassword(strings.Repeat("x", 128), ""), ""},
		{"129 characters", CheckPassword(strings.Repeat("x", 129), ""), "PASSWORD_TOO_LONG"},
		{"a buyer asks for itself", CheckAskedFor([]Party{Buyer, Operator}, ""), ""},
		{"no capacity", CheckAskedFor(nil, ""), "PARTY_MISSING"},
		{"nobody makes itself the platform", CheckAskedFor([]Party{Buyer, Platform}, ""), "PARTY_NOT_ALLOWED"},
		{"nobody makes itself an authority", CheckAskedFor([]Party{IndustryAuthority}, ""), "PARTY_NOT_ALLOWED"},
		{"a capacity twice", CheckAskedFor([]Party{Buyer, Buyer}, ""), "PARTY_REPEATED"},
		{"an agency by office", CheckByOffice([]Party{ImplementingAgency}, ""), ""},
		{"the platform makes no second platform", CheckByOffice([]Party{Platform}, ""), "PARTY_NOT_ALLOWED"},
		{"an operator is verified by its evidence", CheckByOffice([]Party{Operator}, ""), "PARTY_NOT_ALLOWED"},
		{"no role", CheckRoles(nil, false, ""), "ROLE_MISSING"},
		{"a role twice", CheckRoles([]Role{Member, Member}, false, ""), "ROLE_REPEATED"},
		{"a first member who cannot invite", CheckRoles([]Role{Approver}, true, ""), "ADMINISTRATOR_MISSING"},
		{"a later member who cannot invite", CheckRoles([]Role{Approver}, false, ""), ""},
	} {
		if got := codeOf(row.got); got != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, got, row.want)
		}
	}
}
