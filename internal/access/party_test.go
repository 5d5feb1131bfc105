package access_test

import (
	"testing"

	"gongshu/internal/access"
	"gongshu/internal/purpose"
)

func TestTheUsualPurposeIsThatOfTheLegalForm(t *testing.T) {
	for form, want := range map[access.LegalForm]purpose.Purpose{
		access.AdministrativeOrgan: purpose.Governance,
		access.PublicInstitution:   purpose.Welfare,
		access.SocialOrganisation:  purpose.Welfare,
		access.Enterprise:          purpose.Industry,
	} {
		if got := form.UsualPurpose(); got != want {
			t.Errorf("%s mostly uses data for %s, not %s", form, got, want)
		}
	}
}
