package notice

import (
	"slices"
	"testing"

	"gongshu/internal/access"
)

func TestEveryKindHasItsAudience(t *testing.T) {
	for _, kind := range Kind("").Values() {
		if _, stated := audience[Kind(kind)]; !stated {
			t.Errorf("%s is for nobody", kind)
		}
	}
	if len(audience) != len(Kind("").Values()) {
		t.Errorf("%d kinds have an audience, there are %d", len(audience), len(Kind("").Values()))
	}
}

func TestWhoIsToldOfWhat(t *testing.T) {
	for _, row := range []struct {
		sentence string
		roles    []access.Role
		kind     Kind
		told     bool
	}{
		{"finance is told of payments", []access.Role{access.Finance}, OrderPaid, true},
		{"a member is not", []access.Role{access.Member}, OrderPaid, false},
		{"an administrator is told of all", []access.Role{access.Administrator}, CredentialEnding, true},
		{"so is an auditor", []access.Role{access.Auditor}, ProceedingWaiting, true},
		{"an approver is told what waits", []access.Role{access.Member, access.Approver}, ProceedingWaiting, true},
		{"a buyer is not", []access.Role{access.BuyerRole}, ProceedingWaiting, false},
		{"everybody is told how an application ended", []access.Role{access.Member}, ApplicationDecided, true},
	} {
		if got := slices.Contains(SeenWith(row.roles), row.kind); got != row.told {
			t.Errorf("%s: %v", row.sentence, got)
		}
	}
	if all := SeenWith([]access.Role{access.Administrator}); len(all) != len(Kind("").Values()) {
		t.Errorf("an administrator is told of %d kinds", len(all))
	}
}
