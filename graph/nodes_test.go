package graph_test

import (
	"context"
	"slices"
	"testing"

	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

func TestManyNodesAreReadAtOnce(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		var ids, want []string
		for range 3 {
			id := publicid.Encode("prd", s.Product(t, authorisation.DeliveryAPI, 3).ID)
			ids, want = append(ids, id), append(want, id)
		}
		off := s.Product(t, authorisation.DeliveryAPI, 3).ID
		if err := s.Store.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
			return tx.Product.UpdateOneID(off).SetStatus(authorisation.ProductSuspended).Exec(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		operator, hidden := publicid.Encode("org", s.Operator), publicid.Encode("prd", off)
		ids, want = append([]string{operator, hidden, "none"}, ids...), append([]string{operator, "", ""}, want...)
		const document = `query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Product { name plans { id } resources { id } } ... on Organisation { name } } }`
		var out struct{ Nodes []*struct{ ID string } }
		counted := func(ids []string) int64 {
			ctx, statements := store.CountStatements(context.Background())
			s.ask(t, ctx, document, map[string]any{"ids": ids}, &out)
			return statements.Count()
		}
		if one, all := counted(ids[3:4]), counted(ids[3:]); one != all {
			t.Errorf("one product takes %d statements and all %d", one, all)
		}
		counted(ids)
		var got []string
		for _, n := range out.Nodes {
			if n == nil {
				got = append(got, "")
				continue
			}
			got = append(got, n.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("asked for %v and answered %v", ids, got)
		}
		if code := s.refusal(t, context.Background(), `{ nodes(ids: [`+manyIDs(101)+`]) { id } }`); code != "IDS_OUT_OF_RANGE" {
			t.Errorf("101 ids are answered %q", code)
		}
	})
}

func manyIDs(n int) (out string) {
	for range n {
		out += `"x" `
	}
	return out
}
