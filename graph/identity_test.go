package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// sessionless is what sessions do for the rest of a request, without any that lasts.
type sessionless struct{ market *market.Market }

func (s sessionless) Open(ctx context.Context, personID, organisationID uuid.UUID) error {
	v, err := s.market.Viewer(ctx, personID, organisationID)
	access.Become(ctx, v)
	return err
}

func (s sessionless) Switch(ctx context.Context, organisationID uuid.UUID) error {
	return s.Open(ctx, access.FromContext(ctx).PersonID, organisationID)
}

func (sessionless) Still(ctx context.Context) (access.Viewer, error) {
	return access.FromContext(ctx), nil
}

func (sessionless) Close(ctx context.Context) error {
	access.Become(ctx, access.Viewer{})
	return nil
}

// ask executes a document that has to be answered without errors, and gives the answer as text.
func (h *harness) ask(t *testing.T, ctx context.Context, document string, variables map[string]any) (string, int64) {
	t.Helper()
	var data any
	errs, statements := h.do(t, ctx, document, variables, &data)
	if len(errs) > 0 {
		t.Fatalf("%s\nis answered %v", document, errs)
	}
	text, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), statements
}

// nobody is a request that nobody is signed in to.
func nobody(t *testing.T) context.Context { return access.With(t.Context(), access.Viewer{}) }

func signUpVariables(t *testing.T, n int) map[string]any {
	t.Helper()
	code, err := authorisation.NewCreditCode(fmt.Sprintf("91510700MA6CGN%03d", n))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"in": map[string]any{
		"name": fmt.Sprintf("公司%d", n), "creditCode": string(code), "legalForm": "ENTERPRISE", "parties": []string{"BUYER"},
		"email": fmt.Sprintf("p%d@test.example", n), "displayName": "甲", "password": "correct horse",
	}}
}

func TestWhoSignsUpSeesItselfAtOnce(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		got, _ := h.ask(t, nobody(t), `mutation($in: OrganisationSignUpInput!) { organisationSignUp(input: $in) {
			organisation { name status parties members { edges { node { person { displayName } roles } } } }
			viewer { person { displayName } organisation { name } memberships { organisation { name } } }
			errors { code } } }`, signUpVariables(t, 1))
		want := `{"organisationSignUp":{"errors":[],"organisation":{"members":{"edges":[{"node":{"person":{"displayName":"甲"},"roles":["ADMINISTRATOR","MEMBER","BUYER","FINANCE"]}}]},"name":"公司1","parties":["BUYER"],"status":"SUBMITTED"},"viewer":{"memberships":[{"organisation":{"name":"公司1"}}],"organisation":{"name":"公司1"},"person":{"displayName":"甲"}}}}`
		if got != want {
			t.Fatalf("signing up answers\n%s, want\n%s", got, want)
		}
		for _, row := range []struct{ sentence, document, want string }{
			{"a wrong password has one answer", `mutation { signIn(input: {email: "p1@test.example", password: "wrong"}) { viewer { roles } errors { code field params { name } } } }`,
				`{"signIn":{"errors":[{"code":"CREDENTIALS_WRONG","field":null,"params":[]}],"viewer":null}}`},
			{"an unknown invitation names its place", `mutation { invitationAccept(input: {token: "x"}) { viewer { roles } errors { code field } } }`,
				`{"invitationAccept":{"errors":[{"code":"INVITATION_INVALID","field":"input.token"}],"viewer":null}}`},
			{"what was signed up is nobody else's business", `{ organisations { edges { node { name } } } viewer { roles } }`, `{"organisations":{"edges":[]},"viewer":null}`},
			{"signed in and out in one request", `mutation { signIn(input: {email: "p1@test.example", password: "correct horse"}) { viewer { organisation { name } } } signOut { errors { code } } }`,
				`{"signIn":{"viewer":{"organisation":{"name":"公司1"}}},"signOut":{"errors":[]}}`},
			{"signed out twice", `mutation { signOut { errors { code } } again: signOut { errors { code } } }`, `{"again":{"errors":[]},"signOut":{"errors":[]}}`},
		} {
			if got, _ := h.ask(t, nobody(t), row.document, nil); got != row.want {
				t.Errorf("%s: got\n%s, want\n%s", row.sentence, got, row.want)
			}
		}
	})
}

const desk = `query($n: Int) { reviewDesk(first: $n) { pageInfo { hasNextPage } edges { node {
	id kind state applicant { name parties } subject { __typename ... on Organisation { name status } } subjectName note dueOn calendarMissing
	evidence { id name } decisions { step } allowedSteps entitlement { id } } } } }`

func TestTheReviewDeskIsOnePageHoweverLong(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		code, err := authorisation.NewCreditCode("12510700MA6CGN999")
		if err != nil {
			t.Fatal(err)
		}
		if err := h.PlatformFound(t.Context(), "平台", string(code), "root@test.example", "管", "correct horse"); err != nil {
			t.Fatal(err)
		}
		root, err := h.SignIn(t.Context(), market.SignInInput{Email: "root@test.example", Password: "correct horse"})
		if err != nil {
			t.Fatal(err)
		}
		platform := nobody(t)
		if err := (sessionless{h.Market}).Open(platform, root.PersonID, root.OrganisationID); err != nil {
			t.Fatal(err)
		}
		var last context.Context
		for n := range 6 {
			last = nobody(t)
			h.ask(t, last, `mutation($in: OrganisationSignUpInput!) { organisationSignUp(input: $in) { errors { code } } }`, signUpVariables(t, n))
			document := h.evidence(t, last)
			h.ask(t, last, `mutation($d: [ID!]!) { verificationApply(input: {evidence: $d, idempotencyKey: "k"}) { proceeding { id } errors { code } } }`, map[string]any{"d": []string{document}})
		}
		short, few := h.ask(t, platform, desk, map[string]any{"n": 2})
		long, many := h.ask(t, platform, desk, map[string]any{"n": 20})
		if few != many || few > 14 {
			t.Errorf("a page of 2 takes %d statements, one of 6 takes %d", few, many)
		}
		var page struct {
			ReviewDesk struct {
				PageInfo struct{ HasNextPage bool }
				Edges    []struct {
					Node struct {
						ID           string
						SubjectName  string
						AllowedSteps []string
						Subject      struct{ Name string }
						Evidence     []struct{ ID, Name string }
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(short), &page); err != nil || !page.ReviewDesk.PageInfo.HasNextPage {
			t.Fatalf("the short page is %s", short)
		}
		if err := json.Unmarshal([]byte(long), &page); err != nil || len(page.ReviewDesk.Edges) != 6 {
			t.Fatalf("the desk is %s", long)
		}
		first := page.ReviewDesk.Edges[0].Node
		if first.SubjectName != "公司0" || first.Subject.Name != "公司0" || len(first.AllowedSteps) != 1 || len(first.Evidence) != 1 {
			t.Fatalf("the oldest is %+v", first)
		}
		if seen, _ := h.ask(t, platform, `query($id: ID!) { node(id: $id) { id __typename } }`, map[string]any{"id": first.Evidence[0].ID}); seen != `{"node":{"__typename":"Document","id":"`+first.Evidence[0].ID+`"}}` {
			t.Errorf("the evidence as a node is %s", seen)
		}
		for _, id := range []string{first.ID, first.Evidence[0].ID} {
			if hidden, _ := h.ask(t, last, `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id}); hidden != `{"node":null}` {
				t.Errorf("another applicant sees %s", hidden)
			}
		}
		decided, _ := h.ask(t, platform, `mutation($id: ID!) { proceedingDecide(id: $id, input: {step: PLATFORM, outcome: APPROVE, reason: "checked"}) {
			proceeding { state allowedSteps decisions { outcome person { displayName } } } errors { code } } }`, map[string]any{"id": first.ID})
		if want := `{"proceedingDecide":{"errors":[],"proceeding":{"allowedSteps":[],"decisions":[{"outcome":"APPROVE","person":{"displayName":"管"}}],"state":"APPROVED"}}}`; decided != want {
			t.Errorf("the decision is answered %s", decided)
		}
		own, _ := h.ask(t, last, `{ applications { edges { node { subjectName state allowedSteps } } } reviewDesk { edges { node { id } } } }`, nil)
		if want := `{"applications":{"edges":[{"node":{"allowedSteps":[],"state":"SUBMITTED","subjectName":"公司5"}}]},"reviewDesk":{"edges":[]}}`; own != want {
			t.Errorf("an applicant's own are %s", own)
		}
	})
}

// evidence lays a document of the viewer's organisation without its bytes and returns its public id.
func (h *harness) evidence(t *testing.T, ctx context.Context) string {
	t.Helper()
	v, id := access.FromContext(ctx), uuid.Must(uuid.NewV7())
	if err := h.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.AddDocument(ctx, store.Document{ID: id, OrganisationID: v.OrganisationID, UploaderID: v.PersonID, Name: "a.pdf", MediaType: "application/pdf", BlobKey: "documents/" + id.String()})
	}); err != nil {
		t.Fatal(err)
	}
	return publicid.Encode(documentID, id)
}
