package graph_test

import (
	"context"
	"fmt"
	"testing"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// A dispute is read by buyer, operator and who keeps the books, and says why a right is suspended; a stranger reads nothing of it.
func TestADisputeOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		s.Status(t, p, authorisation.ProductListed)
		buyer, seller := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Operator, access.Finance)
		keeper := s.Person(t, s.Shop.Organisation(t, access.Enterprise, access.Platform), access.Finance)
		stranger := s.Person(t, s.Shop.Organisation(t, access.Enterprise, access.Buyer), access.BuyerRole)
		var placed struct {
			OrderPlace struct{ Order struct{ ID string } }
		}
		s.ask(t, buyer, `mutation($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code field } } }`, map[string]any{"i": map[string]any{
			"productId": publicid.Encode("prd", p.ID), "planId": publicid.Encode("pln", p.PerCall), "purpose": "INDUSTRY", "quantity": 10, "licenceVersion": "1", "idempotencyKey": "o",
		}}, &placed)
		order := placed.OrderPlace.Order.ID
		var paid struct {
			OrderPay struct {
				Payment struct{ ID string }
				Errors  []refusal
			}
		}
		s.ask(t, buyer, `mutation($id: ID!) { orderPay(id: $id, input: {provider: "test", idempotencyKey: "p"}) { payment { id } errors { code field } } }`, map[string]any{"id": order}, &paid)

		type read struct {
			Disputes, Decided struct {
				Edges []struct {
					Node struct{ ID, State, Reference string }
				}
			}
			Order *struct {
				Payments    []struct{ Disputes []struct{ ID, State string } }
				Entitlement *struct{ Status, SuspendedBy string }
			}
			Node *struct{ ID string }
		}
		see := func(who string, node string) (got read) {
			t.Helper()
			ctx := map[string]any{"id": order, "n": node}
			as := buyer
			switch who {
			case "operator":
				as = seller
			case "platform":
				as = keeper
			case "stranger":
				as = stranger
			}
			s.ask(t, as, `query($id: ID!, $n: ID!) { disputes(open: true) { edges { node { id state reference } } } decided: disputes(first: 1) { edges { node { id state reference } } }
				order(id: $id) { payments { disputes { id state } } entitlement { status suspendedBy } } node(id: $n) { id } }`, ctx, &got)
			return got
		}
		orderID, _ := publicid.Parse("ord", order)
		paymentID, _ := publicid.Parse("pay", paid.OrderPay.Payment.ID)
		var id string
		err := s.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			made, err := tx.AddDispute(ctx, store.Dispute{PaymentID: paymentID, OrderID: orderID, Reference: "dp_1", State: ordering.DisputeOpen, AmountFen: 7, OpenedAt: s.Store.Now()})
			id = publicid.Encode("dpt", made)
			if err == nil {
				_, _, err = tx.SwitchRightOf(ctx, orderID, ordering.EntitlementActive, ordering.EntitlementSuspended)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{"buyer", "operator", "platform"} {
			got := see(who, id)
			if len(got.Disputes.Edges) != 1 || got.Disputes.Edges[0].Node.Reference != "dp_1" || len(got.Decided.Edges) != 1 || got.Node == nil || got.Node.ID != id {
				t.Errorf("%s reads %+v", who, got)
			}
			if fmt.Sprint(got.Order.Payments) != fmt.Sprintf("[{[{%s OPEN}]}]", id) {
				t.Errorf("%s reads of the payment %+v", who, got.Order.Payments)
			}
		}
		if got := see("buyer", id); got.Order.Entitlement == nil || got.Order.Entitlement.SuspendedBy != "DISPUTE" {
			t.Errorf("the right is %+v", got.Order.Entitlement)
		}
		if got := see("stranger", id); len(got.Disputes.Edges)+len(got.Decided.Edges) > 0 || got.Order != nil || got.Node != nil {
			t.Errorf("a stranger reads %+v", got)
		}
	})
}
