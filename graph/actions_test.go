package graph_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/job"
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

// What may be applied for is said beside a resource and a grant, with as many statements for many as for one.
func TestWhoMayApplyForItemsIsSaidOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		today := authorisation.DayOf(s.Store.Now())
		agency := s.Organisation(t, access.AdministrativeOrgan, access.ImplementingAgency)
		authority := s.Organisation(t, access.AdministrativeOrgan, access.IndustryAuthority)
		err := s.Store.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
			d, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName("水文").SetIndustryAuthorityID(authority).Save(ctx)
			if err != nil {
				return err
			}
			a, err := tx.Agreement.Create().SetCreatedAt(tx.Now()).SetAgencyID(agency).SetOperatorID(s.Operator).SetNumber("1").SetMode(authorisation.ModeWhole).
				SetStatus(authorisation.AgreementOperating).SetClauses(map[authorisation.Clause]string{}).SetPublicisedOn(today.AddDays(-90).String()).
				SetStartsOn(today.AddDays(-60).String()).SetEndsOn(today.AddDays(600).String()).Save(ctx)
			if err != nil {
				return err
			}
			for i, status := range []authorisation.ResourceStatus{authorisation.ResourcePublished, authorisation.ResourcePublished, authorisation.ResourceSuspended} {
				r, err := tx.Resource.Create().SetCreatedAt(tx.Now()).SetSourceUnitID(s.Organ).SetDomainID(d.ID).SetName(fmt.Sprint("雨量站", i)).SetUpdateCycle("每日").
					SetProvision([]authorisation.ProvisionMethod{}).SetStatus(status).Save(ctx)
				if err != nil {
					return err
				}
				item, err := tx.DataItem.Create().SetCreatedAt(tx.Now()).SetResourceID(r.ID).SetPosition(0).SetName("雨量").SetGrade(authorisation.GradeGeneral).
					SetLinkage(authorisation.LinkageNone).SetSensitivity(authorisation.SensitivityPublic).SetProtections([]authorisation.Protection{}).Save(ctx)
				if err != nil {
					return err
				}
				g, err := tx.Grant.Create().SetCreatedAt(tx.Now()).SetAgreementID(a.ID).SetOperatorID(s.Operator).SetStatus(authorisation.GrantActive).
					SetPurposes([]purpose.Purpose{purpose.Welfare}).SetStartsOn(today.String()).SetEndsOn(today.AddDays(30 + 40*i).String()).Save(ctx)
				if err != nil {
					return err
				}
				if err := tx.GrantItem.Create().SetCreatedAt(tx.Now()).SetGrantID(g.ID).SetItemID(item.ID).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		const document = `query($n: Int) { resources(first: $n) { edges { node { canApply } } } grants(first: $n) { edges { node { endsInDays canApplyAgain } } } }`
		type answer struct {
			Resources struct {
				Edges []struct{ Node struct{ CanApply bool } }
			}
			Grants struct {
				Edges []struct {
					Node struct {
						EndsInDays    *int
						CanApplyAgain bool
					}
				}
			}
		}
		for _, row := range []struct {
			sentence string
			as       context.Context
			want     string
		}{
			{"nobody", context.Background(), "resources [false false false], grants []"},
			{"a buyer", s.Person(t, s.Buyer, access.BuyerRole), "resources [false false false], grants []"},
			{"the operator's publisher", s.Person(t, s.Operator, access.Publisher), "resources [true true false], grants [<nil> false <nil> false 30 true]"},
			{"a member of the operator", s.Person(t, s.Operator, access.Member), "resources [false false false], grants [<nil> false <nil> false 30 false]"},
			{"the agency's approver", s.Person(t, agency, access.Approver), "resources [false false false], grants [<nil> false <nil> false 30 false]"},
		} {
			var out answer
			s.ask(t, row.as, document, map[string]any{"n": 20}, &out)
			may, grants := []bool{}, []any{}
			for _, edge := range out.Resources.Edges {
				may = append(may, edge.Node.CanApply)
			}
			for _, edge := range out.Grants.Edges {
				var days any
				if edge.Node.EndsInDays != nil {
					days = *edge.Node.EndsInDays
				}
				grants = append(grants, days, edge.Node.CanApplyAgain)
			}
			if got := fmt.Sprintf("resources %v, grants %v", may, grants); got != row.want {
				t.Errorf("%s is told %s", row.sentence, got)
			}
		}
		publisher := s.Person(t, s.Operator, access.Publisher)
		for _, list := range []string{`resources(first: $n) { edges { node { canApply } } }`, `grants(first: $n) { edges { node { canApplyAgain } } }`} {
			counting := func(n int) int64 {
				var out answer
				ctx, statements := store.CountStatements(publisher)
				s.ask(t, ctx, `query($n: Int) { `+list+` }`, map[string]any{"n": n}, &out)
				return statements.Count()
			}
			if one, three := counting(1), counting(3); one != three {
				t.Errorf("%s: a page of 1 takes %d statements, one of 3 takes %d", list, one, three)
			}
		}
	})
}

func TestApplicationsAndJobsAreNarrowedToAProduct(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		buyer, uploader := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Operator, access.Publisher)
		ids := map[uuid.UUID]string{}
		var products []string
		for i := range 2 {
			p := s.Product(t, authorisation.DeliveryAPI, 5)
			ids[p.ID] = publicid.Encode("prd", p.ID)
			products = append(products, ids[p.ID])
			_, err := s.market.FreeUseApply(buyer, market.FreeUseInput{
				ProductID: p.ID, Purpose: purpose.Welfare, Scenario: "Flood warnings for villages.", LicenceVersion: "1",
				Evidence: []uuid.UUID{s.Document(t, buyer)}, IdempotencyKey: products[i],
			})
			if err == nil {
				err = s.Store.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
					return tx.Job.Create().SetCreatedAt(tx.Now()).SetUpdatedAt(tx.Now()).SetOrganisationID(s.Operator).SetPersonID(access.FromContext(uploader).PersonID).
						SetKind(job.DatasetCheck).SetSubjectID(p.ID).SetBlobKey(products[i]).SetBytes(1).SetIdempotencyKey(products[i]).SetRequestHash("-").
						SetState(job.Done).SetResult(job.Result{}).Exec(ctx)
				})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		type list struct {
			Edges []struct {
				Node struct{ Subject struct{ ID string } }
			}
		}
		const document = `query($p: ID) {
			applications(kind: FREE_USE_APPLICATION, productId: $p) { edges { node { subject { id } } } } jobs(open: false, productId: $p) { edges { node { subject { id } } } }
		}`
		for _, row := range []struct {
			sentence string
			product  any
			want     []string
		}{
			{"of every product", nil, []string{products[1], products[0]}},
			{"of one", products[0], products[:1]},
			{"of one that does not exist", publicid.Encode("prd", uuid.New()), nil},
		} {
			for who, as := range map[string]context.Context{"applications": buyer, "jobs": uploader} {
				var out struct{ Applications, Jobs list }
				s.ask(t, as, document, map[string]any{"p": row.product}, &out)
				found, got := out.Applications, []string(nil)
				if who == "jobs" {
					found = out.Jobs
				}
				for _, edge := range found.Edges {
					got = append(got, edge.Node.Subject.ID)
				}
				if !slices.Equal(got, row.want) {
					t.Errorf("%s %s are about %v", who, row.sentence, got)
				}
			}
		}
		for _, list := range []string{"applications", "jobs"} {
			if code := s.codeOf(t, uploader, `query { `+list+`(productId: "org_1") { edges { node { id } } } }`, nil); code != "NOT_FOUND" {
				t.Errorf("%s about no product are answered %q", list, code)
			}
		}
	})
}
