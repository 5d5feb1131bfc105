package graph_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

func TestWhoMayDoWhatIsSaidOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		product, operator := publicid.Encode("prd", p.ID), publicid.Encode("org", s.Operator)
		for _, row := range []struct {
			sentence              string
			as                    context.Context
			product, organisation []string
		}{
			{"nobody", context.Background(), []string{}, []string{}},
			{"a buyer", s.Person(t, s.Buyer, access.BuyerRole), []string{}, []string{}},
			{"its publisher", s.Person(t, s.Operator, access.Publisher), []string{"UPLOAD_DATASET", "ADD_PLAN", "WITHDRAW_PLAN", "AGREE_ALLOCATION", "SUSPEND", "RETIRE"}, []string{}},
			{"its administrator", s.Person(t, s.Operator, access.Administrator), []string{}, []string{"INVITE"}},
			{"the agency's approver", s.Person(t, s.Agency, access.Approver), []string{"SET_CAP", "SUSPEND"}, []string{}},
			{"the platform's approver", s.Person(t, s.Organisation(t, access.Enterprise, access.Platform), access.Approver), []string{}, []string{"SUSPEND"}},
		} {
			var out struct {
				Product, Organisation *struct{ AllowedActions []string }
			}
			s.ask(t, row.as, `query($p: ID!, $o: ID!) { product(id: $p) { allowedActions } organisation(id: $o) { allowedActions } }`,
				map[string]any{"p": product, "o": operator}, &out)
			if out.Product == nil || !slices.Equal(out.Product.AllowedActions, row.product) {
				t.Errorf("%s may %+v about the product", row.sentence, out.Product)
			}
			if out.Organisation == nil || !slices.Equal(out.Organisation.AllowedActions, row.organisation) {
				t.Errorf("%s may %+v about its operator", row.sentence, out.Organisation)
			}
		}
	})
}

// What is said of a right and its credentials is what the mutations then do, in every state.
func TestWhatMayBeDoneAboutARightIsWhatIsDone(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		buyer, agency := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Agency, access.Approver)
		proceeding, err := s.market.FreeUseApply(buyer, market.FreeUseInput{
			ProductID: p.ID, Purpose: purpose.Welfare, Scenario: "Flood warnings.", LicenceVersion: "1", IdempotencyKey: "k",
			Evidence: []uuid.UUID{s.Document(t, buyer)},
		})
		if err == nil {
			err = s.market.ProceedingDecide(agency, proceeding, market.DecisionInput{Step: authorisation.StepAgency, Outcome: authorisation.OutcomeApprove, Reason: "Of use."})
		}
		if err != nil {
			t.Fatal(err)
		}
		type right struct {
			ID                    string
			CanRestore, CanRevoke bool
			Credentials           []struct {
				ID                   string
				CanRotate, CanRevoke bool
			}
		}
		how := func(as context.Context) right {
			var out struct {
				Proceeding struct{ Entitlement *right }
			}
			s.ask(t, as, `query($id: ID!) { proceeding(id: $id) { entitlement { id canRestore canRevoke credentials { id canRotate canRevoke } } } }`,
				map[string]any{"id": publicid.Encode("prc", proceeding)}, &out)
			if out.Proceeding.Entitlement == nil {
				t.Fatal("there is no right")
			}
			return *out.Proceeding.Entitlement
		}
		id := how(buyer).ID
		entitlement, _ := publicid.Parse("ent", id)
		tries := 0
		try := func(as context.Context, mutation, id string) bool {
			tries++
			arguments := map[string]string{
				"entitlementRestore": `, reason: "r"`, "entitlementRevoke": `, reason: "r"`, "credentialRotate": fmt.Sprintf(", idempotencyKey: %q", fmt.Sprint(tries)),
			}[mutation]
			return s.codeOf(t, as, `mutation($id: ID!) { `+mutation+`(id: $id`+arguments+`) { errors { code } } }`, map[string]any{"id": id}) == ""
		}
		if _, _, err := s.market.CredentialIssue(buyer, market.CredentialInput{EntitlementID: entitlement, Name: "a", IdempotencyKey: "a"}); err != nil {
			t.Fatal(err)
		}
		same := func(who, what string, said, done bool) {
			t.Helper()
			if said != done {
				t.Errorf("%s is told %v about %s, and is answered %v", who, said, what, done)
			}
		}
		drift := func() {
			if err := s.Store.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
				return tx.Entitlement.UpdateOneID(entitlement).SetStatus("SUSPENDED").Exec(ctx)
			}); err != nil {
				t.Fatal(err)
			}
		}
		member := s.Person(t, s.Buyer, access.Member)
		same("a member", "restoring", how(member).CanRestore, try(member, "entitlementRestore", id))
		same("a member", "rotating", how(member).Credentials[0].CanRotate, try(member, "credentialRotate", how(member).Credentials[0].ID))
		same("a member", "revoking a credential", how(member).Credentials[0].CanRevoke, try(member, "credentialRevoke", how(member).Credentials[0].ID))
		if r := how(buyer); r.CanRevoke || r.CanRestore || !r.Credentials[0].CanRotate || !r.Credentials[0].CanRevoke {
			t.Errorf("the buyer is told %+v", r)
		}
		old := how(buyer).Credentials[0].ID
		same("the buyer", "rotating", how(buyer).Credentials[0].CanRotate, try(buyer, "credentialRotate", old))
		for _, c := range how(buyer).Credentials {
			if c.CanRotate != (c.ID != old) || c.CanRevoke != (c.ID != old) {
				t.Errorf("after a rotation the buyer is told %+v", c)
			}
			same("the buyer", "rotating again", c.CanRotate, try(buyer, "credentialRotate", c.ID))
		}
		same("the agency", "restoring what runs", how(agency).CanRestore, try(agency, "entitlementRestore", id))
		drift()
		for _, c := range how(buyer).Credentials {
			same("the buyer", "rotating while the right is suspended", c.CanRotate, try(buyer, "credentialRotate", c.ID))
		}
		if r := how(agency); !r.CanRestore || !r.CanRevoke {
			t.Errorf("of a suspended right the agency is told %+v", r)
		}
		same("the agency", "restoring", how(agency).CanRestore, try(agency, "entitlementRestore", id))
		same("the agency", "revoking", how(agency).CanRevoke, try(agency, "entitlementRevoke", id))
		same("the agency", "revoking again", how(agency).CanRevoke, try(agency, "entitlementRevoke", id))
	})
}
