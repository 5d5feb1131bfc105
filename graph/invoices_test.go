package graph_test

import (
	"context"
	"fmt"
	"testing"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

const invoiceOf = `{ id kind colour status holder { title taxNumber address phone bank account } net { amount } vat { amount } total { amount } vatRate code number
  document { id name } reason blue { id } reds { id } order { id } bill { id } buyer { id } operator { id } createdAt issuedAt canWithdraw canIssue canRefuse }`

// invoiceRead is an invoice as a client reads it.
type invoiceRead struct {
	ID, Kind, Colour, Status         string
	Holder                           struct{ Title, TaxNumber, Address string }
	Net, VAT, Total                  struct{ Amount string }
	VATRate                          string
	Code, Number, Reason, IssuedAt   *string
	Document                         *struct{ ID, Name string }
	Reds                             []struct{ ID string }
	Blue, Bill                       *struct{ ID string }
	Order, Buyer, Operator           struct{ ID string }
	CanWithdraw, CanIssue, CanRefuse bool
}

// invoiceDone is what a mutation about an invoice answers.
type invoiceDone struct {
	Invoice *invoiceRead
	Errors  []refusal
}

func TestAnInvoiceOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		s.Status(t, p, authorisation.ProductListed)
		buyer, seller := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Operator, access.Finance)
		var placed struct {
			OrderPlace struct{ Order struct{ ID string } }
		}
		s.ask(t, buyer, `mutation($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } errors { code field } } }`, map[string]any{"i": map[string]any{
			"productId": publicid.Encode("prd", p.ID), "planId": publicid.Encode("pln", p.PerCall), "purpose": "INDUSTRY", "quantity": 10, "licenceVersion": "1", "idempotencyKey": "o",
		}}, &placed)
		order := placed.OrderPlace.Order.ID
		request := func(about string, more map[string]any) (done invoiceDone) {
			code, err := authorisation.NewCreditCode("91510700MA0000000")
			if err != nil {
				t.Fatal(err)
			}
			in := map[string]any{"kind": "ORDINARY", "title": "某公司", "taxNumber": string(code), "idempotencyKey": "i"}
			for k, v := range more {
				in[k] = v
			}
			var out struct{ InvoiceRequest invoiceDone }
			s.ask(t, buyer, `mutation($id: ID!, $i: InvoiceRequestInput!) { invoiceRequest(id: $id, input: $i) { invoice `+invoiceOf+` errors { code field } } }`,
				map[string]any{"id": about, "i": in}, &out)
			return out.InvoiceRequest
		}
		may := func() bool {
			var out struct {
				Order struct{ CanRequestInvoice bool }
			}
			s.ask(t, buyer, `query($id: ID!) { order(id: $id) { canRequestInvoice } }`, map[string]any{"id": order}, &out)
			return out.Order.CanRequestInvoice
		}
		if may() {
			t.Error("nothing is paid yet")
		}
		for _, row := range []struct {
			sentence, about string
			more            map[string]any
			code, field     string
		}{
			{"nothing is paid yet", order, nil, "INVOICE_NOTHING_PAID", "id"},
			{"a tax number is checked", order, map[string]any{"taxNumber": "1"}, "TAX_NUMBER_INVALID", "input.taxNumber"},
			{"a special one says more", order, map[string]any{"kind": "SPECIAL", "address": "x", "phone": "1", "bank": "x"}, "TEXT_MISSING", "input.account"},
			{"what is neither order nor bill has none", publicid.Encode("prd", p.ID), nil, "NOT_FOUND", "id"},
		} {
			if got := request(row.about, row.more); got.Invoice != nil || len(got.Errors) != 1 || got.Errors[0] != (refusal{row.code, row.field}) {
				t.Errorf("%s: %+v", row.sentence, got)
			}
		}
		s.ask(t, buyer, `mutation($id: ID!) { orderPay(id: $id, input: {provider: "test", idempotencyKey: "p"}) { errors { code } } }`, map[string]any{"id": order}, new(struct{}))
		if !may() {
			t.Error("it is paid")
		}
		asked := request(order, nil)
		i := asked.Invoice
		if len(asked.Errors) > 0 || i == nil || i.Status != "REQUESTED" || i.Colour != "BLUE" || i.Total.Amount != "5.50" || i.VATRate != "0.06" || i.Holder.Address != "" ||
			!i.CanWithdraw || i.CanIssue || i.Order.ID != order || i.Bill != nil || i.Operator.ID != publicid.Encode("org", s.Operator) || may() {
			t.Fatalf("it reads %+v", asked)
		}
		document := publicid.Encode("doc", s.Document(t, seller))
		issue := func(total string) (done invoiceDone) {
			var out struct{ InvoiceIssue invoiceDone }
			s.ask(t, seller, `mutation($id: ID!, $i: InvoiceIssueInput!) { invoiceIssue(id: $id, input: $i) { invoice `+invoiceOf+` errors { code field } } }`,
				map[string]any{"id": i.ID, "i": map[string]any{"number": fmt.Sprintf("%020d", 5), "documentId": document, "total": total}}, &out)
			return out.InvoiceIssue
		}
		for total, want := range map[string]refusal{"5.49": {"INVOICE_AMOUNT_CHANGED", "input.total"}, "5.505": {"MONEY_INVALID", "input.total"}} {
			if got := issue(total); len(got.Errors) != 1 || got.Errors[0] != want {
				t.Errorf("with %s: %+v", total, got)
			}
		}
		if got := issue("5.50"); len(got.Errors) > 0 || got.Invoice.Status != "ISSUED" || *got.Invoice.Number != fmt.Sprintf("%020d", 5) || got.Invoice.Document.ID != document || got.Invoice.CanIssue || got.Invoice.Code != nil {
			t.Fatalf("it is issued as %+v", got)
		}
		// The buyer reads the file; each side has it in its own list, and a stranger in none.
		list := `{ edges { node ` + invoiceOf + ` } pageInfo { hasNextPage } }`
		var read struct {
			Invoices, Sales struct{ Edges []struct{ Node invoiceRead } }
			Node            *struct{ Name string }
		}
		s.ask(t, buyer, `query($d: ID!) { invoices(status: ISSUED) `+list+` node(id: $d) { ... on Document { name } } }`, map[string]any{"d": document}, &read)
		if len(read.Invoices.Edges) != 1 || read.Invoices.Edges[0].Node.Document == nil || read.Node == nil {
			t.Errorf("the buyer reads %+v", read)
		}
		s.ask(t, seller, `{ sales: salesInvoices(status: ISSUED, colour: BLUE) `+list+` }`, nil, &read)
		if len(read.Sales.Edges) != 1 || read.Sales.Edges[0].Node.Buyer.ID != publicid.Encode("org", s.Buyer) {
			t.Errorf("the operator reads %+v", read.Sales)
		}
		stranger := s.Person(t, s.Shop.Organisation(t, access.Enterprise, access.Buyer), access.BuyerRole)
		var none struct {
			Invoice  *struct{ ID string }
			Node     *struct{ ID string }
			Invoices struct{ Edges []struct{ Node invoiceRead } }
		}
		s.ask(t, stranger, `query($id: ID!, $d: ID!) { invoice(id: $id) { id } node(id: $d) { id } invoices { edges { node `+invoiceOf+` } } }`, map[string]any{"id": i.ID, "d": document}, &none)
		if none.Invoice != nil || none.Node != nil || len(none.Invoices.Edges) > 0 {
			t.Errorf("a stranger reads %+v", none)
		}
	})
}

// A page of invoices with all that is read of each takes as many statements for several as for one.
func TestAPageOfInvoicesIsReadInBatches(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		s.Status(t, p, authorisation.ProductListed)
		buyer := s.Person(t, s.Buyer, access.BuyerRole)
		for n := range 3 {
			var placed struct {
				OrderPlace struct{ Order struct{ ID string } }
			}
			s.ask(t, buyer, `mutation($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id } } }`, map[string]any{"i": map[string]any{
				"productId": publicid.Encode("prd", p.ID), "planId": publicid.Encode("pln", p.PerCall), "purpose": "INDUSTRY", "quantity": 10, "licenceVersion": "1", "idempotencyKey": fmt.Sprint("o", n),
			}}, &placed)
			id := placed.OrderPlace.Order.ID
			s.ask(t, buyer, `mutation($id: ID!) { orderPay(id: $id, input: {provider: "test", idempotencyKey: "p"}) { errors { code } } }`, map[string]any{"id": id}, new(struct{}))
			code, err := authorisation.NewCreditCode("91510700MA0000000")
			if err != nil {
				t.Fatal(err)
			}
			s.ask(t, buyer, `mutation($id: ID!, $t: String!) { invoiceRequest(id: $id, input: {kind: ORDINARY, title: "x", taxNumber: $t, idempotencyKey: "i"}) { errors { code } } }`,
				map[string]any{"id": id, "t": string(code)}, new(struct{}))
		}
		read := func(first int) int64 {
			ctx, statements := store.CountStatements(context.WithoutCancel(buyer))
			s.ask(t, ctx, fmt.Sprintf(`{ invoices(first: %d) { edges { node %s } } orders(first: %d) { edges { node { canRequestInvoice invoices { id } } } } }`, first, invoiceOf, first), nil, new(struct{}))
			return statements.Count()
		}
		if one, three := read(1), read(3); one != three {
			t.Errorf("a page of 1 takes %d statements, one of 3 takes %d", one, three)
		}
	})
}
