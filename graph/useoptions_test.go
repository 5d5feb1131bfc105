package graph_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"gongshu/graph"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// What useOptions says is what the mutations then answer: the refusal is theirs, and what is allowed they do.
func TestWhatUseOptionsSayIsWhatTheMutationsDo(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		product := publicid.Encode("prd", p.ID)
		var now struct{ Licence struct{ Version string } }
		s.ask(t, context.Background(), `{ licence { version } }`, nil, &now)
		unverified := access.FromContext(s.Person(t, s.Buyer, access.BuyerRole))
		unverified.Verified = false
		check := func(sentence string, as context.Context, want string) {
			t.Helper()
			var out struct {
				Product *struct {
					UseOptions []struct {
						Purpose                string
						Free, Granted, Allowed bool
						Refusal                *struct{ Code string }
					}
				}
			}
			s.ask(t, as, `query($id: ID!) { product(id: $id) { useOptions { purpose free granted allowed refusal { code } } } }`, map[string]any{"id": product}, &out)
			if out.Product == nil || len(out.Product.UseOptions) != 4 {
				t.Fatalf("%s is told %+v", sentence, out.Product)
			}
			for _, o := range out.Product.UseOptions {
				said := ""
				if o.Refusal != nil {
					said = o.Refusal.Code
				}
				if said != want || !o.Granted || o.Allowed != (said == "") || o.Free != (o.Purpose == "GOVERNANCE" || o.Purpose == "WELFARE") {
					t.Errorf("%s is told %+v (%s), want %q", sentence, o, said, want)
				}
				if o.Free {
					continue
				}
				input := map[string]any{
					"productId": product, "planId": publicid.Encode("pln", p.PerCall), "purpose": o.Purpose, "quantity": 10,
					"licenceVersion": now.Licence.Version, "idempotencyKey": sentence + o.Purpose,
				}
				if done := s.codeOf(t, as, `mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { errors { code } } }`, map[string]any{"input": input}); done != said {
					t.Errorf("%s is told %q and answered %q by orderPlace", sentence, said, done)
				}
			}
		}
		buyer := s.Person(t, s.Buyer, access.BuyerRole)
		check("nobody", context.Background(), "SIGN_IN_REQUIRED")
		check("a buyer", buyer, "")
		check("a member of the buyer", s.Person(t, s.Buyer, access.Member), "ROLE_REQUIRED")
		check("an operator", s.Person(t, s.Operator, access.Publisher), "PARTY_REQUIRED")
		check("an unverified company", access.With(context.Background(), unverified), "ORGANISATION_NOT_VERIFIED")

		// Its operator, who buys too, still sees what left the market.
		if err := s.Store.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
			return tx.Product.UpdateOneID(p.ID).SetStatus(authorisation.ProductSuspended).Exec(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		both := access.FromContext(s.Person(t, s.Operator, access.BuyerRole))
		both.Parties = append(both.Parties, access.Buyer)
		check("its operator that buys", access.With(context.Background(), both), "PRODUCT_NOT_LISTED")
	})
}

// codeOf is the code of the refusal of a mutation of one field, at the top or in its payload; "" when it is done.
func (s *shop) codeOf(t *testing.T, as context.Context, document string, variables map[string]any) string {
	t.Helper()
	ctx := graph.WithLoaders(graphql.StartOperationTrace(as), s.Store)
	op, errs := s.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if len(errs) > 0 {
		t.Fatalf("%s: %v", document, errs)
	}
	next, ctx := s.exec.DispatchOperation(ctx, op)
	answer := next(ctx)
	if len(answer.Errors) > 0 {
		return fault.CodeOf(answer.Errors[0])
	}
	var payload map[string]struct{ Errors []struct{ Code string } }
	if err := json.Unmarshal(answer.Data, &payload); err != nil {
		t.Fatal(err)
	}
	for _, p := range payload {
		if len(p.Errors) > 0 {
			return p.Errors[0].Code
		}
	}
	return ""
}
