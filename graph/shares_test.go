package graph_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// bought places an order of so many calls and pays it; it returns the order's id.
func (s *shop) bought(t *testing.T, product, plan string, calls int, key string) string {
	t.Helper()
	buyer := s.Person(t, s.Buyer, access.BuyerRole)
	var licence struct{ Licence struct{ Version string } }
	s.ask(t, context.Background(), `{ licence { version } }`, nil, &licence)
	var placed struct {
		OrderPlace struct{ Order struct{ ID string } }
	}
	s.ask(t, buyer, `mutation($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code } } }`, map[string]any{"i": map[string]any{
		"productId": product, "planId": plan, "purpose": "INDUSTRY", "quantity": calls, "licenceVersion": licence.Licence.Version, "idempotencyKey": key,
	}}, &placed)
	var paid struct{ OrderPay struct{ Errors []refusal } }
	id := placed.OrderPlace.Order.ID
	s.ask(t, buyer, `mutation($id: ID!, $k: String!) { orderPay(id: $id, input: {provider: "test", idempotencyKey: $k}) { errors { code } } }`, map[string]any{"id": id, "k": key}, &paid)
	if len(paid.OrderPay.Errors) > 0 {
		t.Fatalf("not paid: %+v", paid)
	}
	return id
}

type revenuePosting struct {
	Kind   string
	Earned money
	Order  *struct{ ID string }
}

// postings reads all pages of what a product brought in the month of the shop's clock.
func (s *shop) postings(t *testing.T, as context.Context, product string, contributor any) (all []revenuePosting) {
	t.Helper()
	var after any
	for {
		var page struct {
			RevenuePostings struct {
				Edges    []struct{ Node revenuePosting }
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		s.ask(t, as, `query($p: ID!, $m: String!, $c: ID, $a: String) { revenuePostings(productId: $p, month: $m, contributorId: $c, first: 2, after: $a) {
			edges { node { kind earned { amount } order { id } posting { from to } } } pageInfo { hasNextPage endCursor } } }`,
			map[string]any{"p": product, "m": s.clock.Format("2006-01"), "c": contributor, "a": after}, &page)
		for _, edge := range page.RevenuePostings.Edges {
			all = append(all, edge.Node)
		}
		if after = page.RevenuePostings.PageInfo.EndCursor; !page.RevenuePostings.PageInfo.HasNextPage {
			return all
		}
	}
}

func TestTheRevenueOfAMonthIsFollowedToItsOrders(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 5)
		product, plan := publicid.Encode("prd", p.ID), publicid.Encode("pln", p.PerCall)
		buyer, finance := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Operator, access.Finance)
		first, second := s.bought(t, product, plan, 10, "a"), s.bought(t, product, plan, 30, "b")

		var asked struct {
			RefundRequest struct {
				Refund struct {
					Status     string
					Proceeding struct {
						ID          string
						CanWithdraw bool
					}
				}
				Errors []refusal
			}
		}
		s.ask(t, buyer, `mutation($o: ID!) { refundRequest(orderId: $o, input: {amount: "3.00", reason: "没有用到", idempotencyKey: "r"}) {
			refund { status proceeding { id canWithdraw } } errors { code field } } }`, map[string]any{"o": second}, &asked)
		if r := asked.RefundRequest; r.Refund.Status != "REQUESTED" || !r.Refund.Proceeding.CanWithdraw {
			t.Fatalf("asked back: %+v", r)
		}
		var decided struct{ ProceedingDecide struct{ Errors []refusal } }
		s.ask(t, finance, `mutation($id: ID!) { proceedingDecide(id: $id, input: {step: OPERATOR, outcome: APPROVE, reason: "属实"}) { errors { code } } }`,
			map[string]any{"id": asked.RefundRequest.Refund.Proceeding.ID}, &decided)

		var report struct {
			RevenueReport struct {
				Net  money
				Rows []struct {
					Contributor struct{ ID string }
					Amount      money
				}
			}
		}
		const lines = `{ revenueReport { net { amount } rows { contributor { id } amount { amount } } } }`
		for name, as := range map[string]context.Context{"operator": finance, "source unit": s.Person(t, s.Organ, access.Finance)} {
			s.ask(t, as, lines, nil, &report)
			all := s.postings(t, as, product, nil)
			sum, kinds, orders := decimal.Zero, map[string]int{}, map[string]bool{}
			for _, one := range all {
				sum, _ = sum.Add(decimal.MustParse(one.Earned.Amount))
				kinds[one.Kind]++
				if one.Order != nil {
					orders[one.Order.ID] = true
				}
			}
			if sum.String() != report.RevenueReport.Net.Amount || kinds["PAYMENT"] != 2*kinds["REFUND"] || kinds["REFUND"] != len(report.RevenueReport.Rows) {
				t.Errorf("%s: %v of %v, %v", name, sum, report.RevenueReport.Net.Amount, kinds)
			}
			if all[0].Kind != "REFUND" || all[0].Earned.Amount[0] != '-' {
				t.Errorf("%s: the newest is %+v", name, all[0])
			}
			if want := name == "operator"; orders[first] != want || orders[second] != want {
				t.Errorf("%s sees the orders %v", name, orders)
			}
		}
		s.ask(t, finance, lines, nil, &report)
		for _, line := range report.RevenueReport.Rows {
			sum := decimal.Zero
			for _, one := range s.postings(t, finance, product, line.Contributor.ID) {
				sum, _ = sum.Add(decimal.MustParse(one.Earned.Amount))
			}
			if sum.String() != line.Amount.Amount {
				t.Errorf("a line says %v, and what it is made of %v", line.Amount.Amount, sum)
			}
		}
		if seen := s.postings(t, buyer, product, nil); len(seen) > 0 {
			t.Errorf("the buyer sees %+v", seen)
		}
		statements := func(query string, variables map[string]any) int64 {
			ctx, counted := store.CountStatements(finance)
			s.ask(t, ctx, query, variables, new(struct{}))
			return counted.Count()
		}
		page := func(first int) int64 {
			return statements(`query($p: ID!, $m: String!, $n: Int) { revenuePostings(productId: $p, month: $m, first: $n) { edges { node { order { id } posting { contributor { id } statement { id } } } } } }`,
				map[string]any{"p": product, "m": s.clock.Format("2006-01"), "n": first})
		}
		if one, all := page(1), page(20); one != all {
			t.Errorf("one posting takes %d statements, and a page of them %d", one, all)
		}
		rule := publicid.Encode("alr", s.Store.Read().AllocationRule.Query().OnlyIDX(store.AsSystem(t.Context())))
		if n := statements(`query($o: ID!, $r: ID!) { order(id: $o) { entries { postings { contributor { id } statement { id } } } } allocationRule(id: $r) { parts { contributor { id } } replay { parts { contributor { id } } } } }`,
			map[string]any{"o": second, "r": rule}); n > 10 {
			t.Errorf("a trail and a rule with its replay take %d statements", n)
		}
		s.clock = s.clock.AddDate(0, 1, 0)
		if seen := s.postings(t, finance, product, nil); len(seen) > 0 {
			t.Errorf("the month after has %+v", seen)
		}
	})
}

func TestARuleIsRefusedAtTheFieldsOfItsInput(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		product := publicid.Encode("prd", s.Product(t, authorisation.DeliveryAPI, 5).ID)
		publisher := s.Person(t, s.Operator, access.Publisher)
		operator, organ := publicid.Encode("org", s.Operator), publicid.Encode("org", s.Organ)
		part := func(id string, more map[string]any) map[string]any {
			out := map[string]any{"contributorId": id, "basis": "投入", "channel": "COST"}
			for k, v := range more {
				out[k] = v
			}
			return out
		}
		nameOf := func(id uuid.UUID) string {
			return s.Store.Read().Organisation.GetX(store.AsSystem(t.Context()), id).Name
		}
		worth := func(value int, members ...string) map[string]any {
			return map[string]any{"memberIds": members, "value": value}
		}
		for _, row := range []struct {
			sentence string
			input    map[string]any
			want     refusal
			members  string
		}{
			{"a cost is its own field", map[string]any{"kind": "COST_PROPORTIONAL", "parts": []any{part(operator, map[string]any{"cost": "-1"})}}, refusal{"PART_COST_INVALID", "input.parts.0.cost"}, ""},
			{"a contributor has one part", map[string]any{"kind": "SHAPLEY", "parts": []any{part(operator, nil), part(operator, nil)}}, refusal{"CONTRIBUTOR_REPEATED", "input.parts.1.contributorId"}, ""},
			{"a stranger is no contributor", map[string]any{"parts": []any{part(publicid.Encode("org", s.Other), map[string]any{"weight": 1})}}, refusal{"CONTRIBUTOR_NOT_ALLOWED", "input.parts.0.contributorId"}, ""},
			{"who joins is worth something", map[string]any{"kind": "SHAPLEY", "parts": []any{part(operator, nil), part(organ, nil)}, "coalitions": []any{worth(5, operator), worth(1, organ), worth(4, operator, organ)}},
				refusal{"COALITION_NOT_MONOTONE", "input.coalitions"}, nameOf(s.Operator) + ", " + nameOf(s.Organ)},
		} {
			row.input["sourceDocument"] = "协议"
			var out struct {
				AllocationAgree struct {
					Errors []struct {
						refusal
						Params []struct{ Name, Value string }
					}
				}
			}
			s.ask(t, publisher, `mutation($p: ID!, $i: AllocationAgreeInput!) { allocationAgree(productId: $p, input: $i) { errors { code field params { name value } } } }`,
				map[string]any{"p": product, "i": row.input}, &out)
			got := out.AllocationAgree.Errors
			if len(got) == 0 || got[0].refusal != row.want || (row.members != "" && got[0].Params[0].Value != row.members) {
				t.Errorf("%s: %+v", row.sentence, got)
			}
		}
	})
}
