package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/requirement"
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
			{"nor is anything said of it", `{ invitation(token: "x") { organisationName roles } }`, `{"invitation":null}`},
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

// verifying founds the platform and lays companies that wait for it to be verified; it returns who acts for the platform and
// for the last of them.
func (h *harness) verifying(t *testing.T, companies int) (platform, last context.Context) {
	t.Helper()
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
	platform = nobody(t)
	if err := (sessionless{h.Market}).Open(platform, root.PersonID, root.OrganisationID); err != nil {
		t.Fatal(err)
	}
	for n := range companies {
		last = nobody(t)
		h.ask(t, last, `mutation($in: OrganisationSignUpInput!) { organisationSignUp(input: $in) { errors { code } } }`, signUpVariables(t, n))
		document := h.evidence(t, last)
		h.ask(t, last, `mutation($d: [ID!]!) { verificationApply(input: {evidence: $d, idempotencyKey: "k"}) { proceeding { id } errors { code } } }`, map[string]any{"d": []string{document}})
	}
	return platform, last
}

func TestTheReviewDeskIsOnePageHoweverLong(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		platform, last := h.verifying(t, 6)
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

// What is due soonest is the first to be decided, page by page, and what is overdue is counted.
func TestTheReviewDeskIsWorkedOffByDeadline(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		platform, applicant := h.verifying(t, 6)
		if err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			for company, due := range map[string]string{"公司0": "2099-03-04", "公司1": "", "公司2": "2099-03-03", "公司3": "2020-01-02", "公司4": "2099-03-03", "公司5": "2020-01-03"} {
				u := tx.Proceeding.Update().Where(proceeding.SubjectName(company))
				if due == "" {
					u.ClearDueOn()
				} else {
					u.SetDueOn(due)
				}
				if err := u.Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var out struct {
			ReviewDesk struct {
				Edges []struct {
					Cursor string
					Node   struct{ SubjectName string }
				}
				PageInfo struct{ HasNextPage bool }
			}
			ReviewDeskTotals []struct {
				Kind           string
				Count, Overdue int
			}
		}
		read := func(as context.Context, after any) []string {
			out.ReviewDesk.Edges, out.ReviewDeskTotals = nil, nil
			if errs, _ := h.do(t, as, `query($after: String) { reviewDesk(first: 2, after: $after) { edges { cursor node { subjectName } } pageInfo { hasNextPage } } reviewDeskTotals { kind count overdue } }`,
				map[string]any{"after": after}, &out); len(errs) > 0 {
				t.Fatal(errs)
			}
			names := []string{}
			for _, edge := range out.ReviewDesk.Edges {
				names = append(names, edge.Node.SubjectName)
			}
			return names
		}
		var names []string
		var after any
		for more := true; more; more = out.ReviewDesk.PageInfo.HasNextPage {
			names = append(names, read(platform, after)...)
			after = out.ReviewDesk.Edges[len(out.ReviewDesk.Edges)-1].Cursor
		}
		if want := []string{"公司3", "公司5", "公司2", "公司4", "公司0", "公司1"}; !slices.Equal(names, want) {
			t.Errorf("the desk is %v, want %v", names, want)
		}
		if len(out.ReviewDeskTotals) != 1 || out.ReviewDeskTotals[0].Kind != "ORGANISATION_VERIFICATION" || out.ReviewDeskTotals[0].Count != 6 || out.ReviewDeskTotals[0].Overdue != 2 {
			t.Errorf("the totals are %+v", out.ReviewDeskTotals)
		}
		if own := read(applicant, nil); len(own) > 0 || len(out.ReviewDeskTotals) > 0 {
			t.Errorf("an applicant has %v on its desk, %+v", own, out.ReviewDeskTotals)
		}
		if nobodys := read(nobody(t), nil); len(nobodys) > 0 || len(out.ReviewDeskTotals) > 0 {
			t.Errorf("nobody has %v on its desk, %+v", nobodys, out.ReviewDeskTotals)
		}
		// The place of what was decided meanwhile is still known; after what is not on the desk there is nothing.
		first := read(platform, nil)
		decided := out.ReviewDesk.Edges[0].Cursor
		if err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			return tx.Requirement.Update().Where(requirement.HasProceedingWith(proceeding.SubjectName(first[0]))).SetOpen(false).Exec(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		if rest := read(platform, decided); !slices.Equal(rest, []string{"公司5", "公司2"}) {
			t.Errorf("after what was decided comes %v", rest)
		}
		if rest := read(platform, cursor(uuid.Max)); len(rest) > 0 {
			t.Errorf("after what is nowhere comes %v", rest)
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
