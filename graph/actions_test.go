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
			{"the platform's approver", s.Person(t, s.Organisation(t, access.Enterprise, access.Platform), access.Approver), []string{}, []string{"SUSPEND", "CLASSIFY"}},
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

func TestWhoMayDoWhatAboutAnAgreementIsSaidOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		agency := s.Person(t, s.Agency, access.Approver)
		clauses := map[authorisation.Clause]string{}
		for _, name := range authorisation.Clause("").Values() {
			clauses[authorisation.Clause(name)] = "agreed"
		}
		today := authorisation.DayOf(s.Store.Now())
		signed, err := s.market.AgreementDraft(agency, market.AgreementInput{OperatorID: s.Operator, Number: "1", Clauses: clauses, PublicisedOn: today.AddDays(-28)})
		if err == nil {
			err = s.market.AgreementSign(agency, signed)
		}
		if err == nil { // nothing stands in its way but the other one
			_, err = s.market.AgreementDraft(agency, market.AgreementInput{OperatorID: s.Operator, Number: "2", Clauses: clauses, PublicisedOn: today.AddDays(-28)})
		}
		if err == nil {
			err = s.Store.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
				return tx.Grant.Create().SetCreatedAt(tx.Now()).SetAgreementID(signed).SetOperatorID(s.Operator).SetStatus(authorisation.GrantActive).
					SetPurposes([]purpose.Purpose{purpose.Welfare}).SetStartsOn(today.String()).SetEndsOn(today.AddDays(30).String()).Exec(ctx)
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		s.Product(t, authorisation.DeliveryAPI, 3)
		type answer struct {
			Agreements struct {
				Edges []struct {
					Node struct{ AllowedActions []string }
				}
			}
			Grants struct {
				Edges []struct{ Node struct{ CanRevoke bool } }
			}
		}
		const document = `query($o: ID!, $n: Int) { agreements(operatorId: $o, first: $n) { edges { node { allowedActions } } }
			grants(operatorId: $o, first: $n) { edges { node { canRevoke } } } }`
		operator := publicid.Encode("org", s.Operator)
		for _, row := range []struct {
			sentence           string
			as                 context.Context
			agreements, grants int
			inForce            []string
			canRevoke          bool
		}{
			{"nobody", context.Background(), 0, 0, nil, false},
			{"the agency's approver", agency, 2, 1, []string{"RECTIFY", "TERMINATE"}, true},
			{"a member of the agency", s.Person(t, s.Agency, access.Member), 2, 1, []string{}, false},
			{"the operator's publisher", s.Person(t, s.Operator, access.Publisher), 2, 1, []string{}, false},
		} {
			var out answer
			s.ask(t, row.as, document, map[string]any{"o": operator, "n": 20}, &out)
			if len(out.Agreements.Edges) != row.agreements || len(out.Grants.Edges) != row.grants {
				t.Fatalf("%s sees %+v", row.sentence, out)
			}
			if row.agreements > 0 && (len(out.Agreements.Edges[0].Node.AllowedActions) > 0 || !slices.Equal(out.Agreements.Edges[1].Node.AllowedActions, row.inForce)) {
				t.Errorf("%s may %+v about the agreements", row.sentence, out.Agreements)
			}
			if row.grants > 0 && out.Grants.Edges[0].Node.CanRevoke != row.canRevoke {
				t.Errorf("%s may %+v about the grant", row.sentence, out.Grants)
			}
		}
		var out answer
		s.ask(t, agency, document, map[string]any{"o": publicid.Encode("org", s.Buyer), "n": 20}, &out)
		if len(out.Agreements.Edges) > 0 || len(out.Grants.Edges) > 0 {
			t.Errorf("of another organisation there are %+v", out)
		}
		counting := func(n int) int64 {
			ctx, statements := store.CountStatements(agency)
			s.ask(t, ctx, document, map[string]any{"o": operator, "n": n}, &out)
			return statements.Count()
		}
		if one, two := counting(1), counting(2); one != two {
			t.Errorf("a page of 1 takes %d statements, one of 2 takes %d", one, two)
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
