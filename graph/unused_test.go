package graph_test

import (
	"testing"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
)

type rightAfter struct {
	Change     string
	QuotaCalls *int64
	QuotaBytes *int64
	EndsAt     string
}

func TestWhatIsUnusedAndWhatARefundDoesToTheRight(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 5)
		buyer, finance := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Operator, access.Finance)
		id := s.bought(t, publicid.Encode("prd", p.ID), publicid.Encode("pln", p.PerCall), 30, "a")
		const question = `query($id: ID!, $a: Decimal!) { order(id: $id) { total { amount } unused { amount } rightAfterRefund(amount: $a) { change quotaCalls quotaBytes endsAt } } }`
		var asked struct {
			Order struct {
				Total, Unused    *money
				RightAfterRefund *rightAfter
			}
		}
		s.ask(t, buyer, question, map[string]any{"id": id, "a": "0.01"}, &asked)
		if o := asked.Order; o.Unused == nil || *o.Unused != *o.Total || o.RightAfterRefund == nil || o.RightAfterRefund.Change != "SHRINKS" || *o.RightAfterRefund.QuotaCalls != 29 || o.RightAfterRefund.QuotaBytes != nil {
			t.Fatalf("the order is %+v", o)
		}
		total := asked.Order.Total.Amount
		for amount, want := range map[string]string{total: "ENDS", "0": "", "999999.00": "", "0.001": "", "-1": ""} {
			asked.Order.RightAfterRefund = nil
			s.ask(t, buyer, question, map[string]any{"id": id, "a": amount}, &asked)
			if got := asked.Order.RightAfterRefund; want == "" && got != nil || want != "" && (got == nil || got.Change != want) {
				t.Errorf("after %s it is %+v, want %q", amount, got, want)
			}
		}

		var requested struct {
			RefundRequest struct {
				Refund struct {
					RightAfter *rightAfter
					Proceeding struct{ ID string }
				}
				Errors []refusal
			}
		}
		s.ask(t, buyer, `mutation($o: ID!) { refundRequest(orderId: $o, input: {amount: "0.01", reason: "没有用到", idempotencyKey: "r"}) {
			refund { rightAfter { change quotaCalls } proceeding { id } } errors { code field } } }`, map[string]any{"o": id}, &requested)
		r := requested.RefundRequest.Refund
		if r.RightAfter == nil || r.RightAfter.Change != "SHRINKS" || *r.RightAfter.QuotaCalls != 29 {
			t.Fatalf("asked back: %+v", requested)
		}
		var reviewed struct {
			Proceeding struct {
				Subject struct{ RightAfter *rightAfter }
			}
		}
		const review = `query($id: ID!) { proceeding(id: $id) { subject { ... on Refund { rightAfter { change quotaCalls } } } } }`
		s.ask(t, finance, review, map[string]any{"id": r.Proceeding.ID}, &reviewed)
		if after := reviewed.Proceeding.Subject.RightAfter; after == nil || *after.QuotaCalls != 29 {
			t.Errorf("who approves sees %+v", after)
		}
		var decided struct{ ProceedingDecide struct{ Errors []refusal } }
		s.ask(t, finance, `mutation($id: ID!) { proceedingDecide(id: $id, input: {step: OPERATOR, outcome: APPROVE, reason: "属实"}) { errors { code } } }`,
			map[string]any{"id": r.Proceeding.ID}, &decided)
		reviewed.Proceeding.Subject.RightAfter = nil
		s.ask(t, finance, review, map[string]any{"id": r.Proceeding.ID}, &reviewed)
		if after := reviewed.Proceeding.Subject.RightAfter; after != nil {
			t.Errorf("once it is paid it would still do %+v", after)
		}
		var now struct {
			Order struct{ Entitlement struct{ QuotaCalls int64 } }
		}
		s.ask(t, buyer, `query($id: ID!) { order(id: $id) { entitlement { quotaCalls } } }`, map[string]any{"id": id}, &now)
		if now.Order.Entitlement.QuotaCalls != 29 {
			t.Errorf("the right is for %d calls", now.Order.Entitlement.QuotaCalls)
		}
		asked.Order.Unused = nil
		s.ask(t, s.Person(t, s.Other, access.BuyerRole), question, map[string]any{"id": id, "a": "1"}, &asked)
		if asked.Order.Unused != nil {
			t.Error("another buyer sees what is unused")
		}
	})
}
