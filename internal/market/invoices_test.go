package market

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/auditrecord"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/invoice"
	"gongshu/ent/db/notification"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/internal/todo"
	"gongshu/pricing"
)

// holder is to whom a special invoice can be made out.
func holder(t *testing.T) ordering.InvoiceHolder {
	t.Helper()
	code, err := authorisation.NewCreditCode("91510700MA0000000")
	must(t, err)
	return ordering.InvoiceHolder{Title: "绵阳某科技有限公司", TaxNumber: string(code), Address: "绵阳市涪城区1号", Phone: "0816-2220000", Bank: "示例银行绵阳分行", Account: "6222000011112222"}
}

func (b *books) request(t *testing.T, order uuid.UUID) InvoiceRequestInput {
	t.Helper()
	return InvoiceRequestInput{OrderID: order, Kind: ordering.InvoiceSpecial, Holder: holder(t), IdempotencyKey: uuid.NewString()}
}

// issuing is how the operator's finance issues an invoice that comes to so much, under the n-th number.
func (b *books) issuing(t *testing.T, n int, fen pricing.Fen) InvoiceIssueInput {
	t.Helper()
	return InvoiceIssueInput{Number: fmt.Sprintf("%020d", n), DocumentID: b.Document(t, b.operatorFinance), TotalFen: fen}
}

// giveBack refunds a part of an order.
func (b *books) giveBack(t *testing.T, order uuid.UUID, fen pricing.Fen) {
	t.Helper()
	id, err := b.RefundRequest(b.buyer, RefundInput{OrderID: order, AmountFen: fen, Reason: "没有用到", IdempotencyKey: uuid.NewString()})
	must(t, err)
	must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
}

// invoices are written: colour, status and what each comes to, in fen.
func (b *books) invoices(order uuid.UUID) (all []string) {
	ctx, c := b.system()
	for _, i := range c.Invoice.Query().Where(invoice.OrderID(order)).Order(db.Asc(invoice.FieldID)).AllX(ctx) {
		all = append(all, fmt.Sprintf("%s %s %d+%d=%d", i.Colour, i.Status, i.NetFen, i.VatFen, i.TotalFen))
	}
	return all
}

func (b *books) wants(t *testing.T, order uuid.UUID, want ...string) {
	t.Helper()
	if got := b.invoices(order); !slices.Equal(got, want) {
		t.Fatalf("the invoices are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// told are the kinds of notifications of invoices that an organisation got.
func (b *books) told(organisation uuid.UUID) (kinds []notice.Kind) {
	ctx, c := b.system()
	for _, n := range c.Notification.Query().Where(notification.OrganisationID(organisation), notification.SubjectKindEQ(notice.Invoice)).Order(db.Asc(notification.FieldID)).AllX(ctx) {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// A month begins in Asia/Shanghai while it is still the day before in UTC.
func TestAnInvoiceIsExportedInTheMonthOfItsRequest(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		month := pricing.MonthOf(b.clock).Next()
		b.clock = month.Start().Add(2 * time.Hour).UTC()
		id, err := b.InvoiceRequest(b.buyer, b.request(t, b.paid(t, b.product.PerCall, 100)))
		must(t, err)
		for of, want := range map[pricing.BillingMonth]int{month.Before(): 0, month: 1, month.Next(): 0} {
			rows, err := b.InvoicesExport(b.operatorFinance, of.String())
			if err != nil || len(rows) != want || want == 1 && rows[0].ID != id {
				t.Errorf("the export of %s is %+v, %v; want %d", of, rows, err, want)
			}
		}
	})
}

func TestAnInvoiceIsRequestedAndIssued(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		order := b.paid(t, b.product.PerCall, 100) // 55 yuan
		in := b.request(t, order)
		id, err := b.InvoiceRequest(b.buyer, in)
		must(t, err)
		again, err := b.InvoiceRequest(b.buyer, in)
		if err != nil || again != id {
			t.Fatalf("asked twice it is %s, %v", again, err)
		}
		ctx, c := b.system()
		o := c.Order.GetX(ctx, order)
		requested := fmt.Sprintf("%d+%d=%d", o.NetFen, o.VatFen, o.TotalFen)
		b.wants(t, order, "BLUE REQUESTED "+requested)
		todos, err := b.Todo(b.operatorFinance)
		if err != nil || !slices.ContainsFunc(todos, func(one todo.Todo) bool { return one.Kind == todo.IssueInvoice && one.Subject.ID == id }) {
			t.Fatalf("finance has to do %+v, %v", todos, err)
		}
		rows, err := b.InvoicesExport(b.operatorFinance, pricing.MonthOf(b.clock).String())
		if err != nil || len(rows) != 1 || rows[0].ID != id || rows[0].ProductName == "" || rows[0].VATRate != o.Terms.Quotation.VATRate.String() {
			t.Fatalf("the export is %+v, %v", rows, err)
		}
		if rows, err := b.InvoicesExport(b.operatorFinance, "2020-01"); err != nil || len(rows) != 0 {
			t.Fatalf("that of another month is %+v, %v", rows, err)
		}
		_, err = b.InvoicesExport(b.operatorFinance, "January")
		refused(t, err, "MONTH_INVALID")
		_, err = b.InvoicesExport(b.operatorSells, "2026-03")
		refused(t, err, "ROLE_REQUIRED")
		_, err = b.InvoicesExport(b.buyer, "2026-03")
		refused(t, err, "PARTY_REQUIRED")

		issuing := b.issuing(t, 1, pricing.Fen(o.TotalFen))
		must(t, b.InvoiceIssue(b.operatorFinance, id, issuing))
		must(t, b.InvoiceIssue(b.otherFinance, id, issuing)) // done twice it is done once
		b.wants(t, order, "BLUE ISSUED "+requested)
		// The buyer opens its file; a stranger does not.
		if _, err := b.world.Store.DocumentByID(b.buyer, issuing.DocumentID); err != nil {
			t.Fatal(err)
		}
		stranger := b.ofAnother(t).buyer
		_, err = b.world.Store.DocumentByID(stranger, issuing.DocumentID)
		refused(t, err, "NOT_FOUND")
		for who, want := range map[context.Context]int{b.buyer: 1, b.operatorFinance: 1, b.finance: 1, stranger: 0, b.vendorFinance: 0} {
			if n := b.world.Store.Read().Invoice.Query().CountX(who); n != want {
				t.Errorf("%v sees %d invoices, want %d", access.FromContext(who).Parties, n, want)
			}
		}
		if told := b.told(b.Buyer); !slices.Equal(told, []notice.Kind{notice.InvoiceIssued}) {
			t.Errorf("the buyer was told %v", told)
		}
		if told := b.told(b.Operator); !slices.Equal(told, []notice.Kind{notice.InvoiceWaiting}) {
			t.Errorf("the operator was told %v", told)
		}
		if acts := c.AuditRecord.Query().Where(auditrecord.SubjectID(id)).Order(db.Asc(auditrecord.FieldID)).Select(auditrecord.FieldAction).StringsX(ctx); !slices.Equal(acts, []string{"invoiceRequest", "invoiceIssue"}) {
			t.Errorf("recorded are %v", acts)
		}
	})
}

func TestWhatIsWrongWithAnInvoiceRequestIsSaidAndChangesNothing(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		order := b.paid(t, b.product.PerCall, 100)
		unpaid := b.placed(t, b.product.PerCall, 10)
		for _, row := range []struct {
			sentence string
			as       context.Context
			change   func(*InvoiceRequestInput)
			code, at string
		}{
			{"a title must be said", b.buyer, func(in *InvoiceRequestInput) { in.Holder.Title = " " }, "TEXT_MISSING", "input.title"},
			{"a tax number of 17 characters is none", b.buyer, func(in *InvoiceRequestInput) { in.Holder.TaxNumber = in.Holder.TaxNumber[:17] }, "TAX_NUMBER_INVALID", "input.taxNumber"},
			{"nor is one that is mistyped", b.buyer, func(in *InvoiceRequestInput) { in.Holder.TaxNumber = "92" + in.Holder.TaxNumber[2:] }, "TAX_NUMBER_INVALID", "input.taxNumber"},
			{"a special one needs an address", b.buyer, func(in *InvoiceRequestInput) { in.Holder.Address = "" }, "TEXT_MISSING", "input.address"},
			{"a phone", b.buyer, func(in *InvoiceRequestInput) { in.Holder.Phone = "" }, "TEXT_MISSING", "input.phone"},
			{"a bank", b.buyer, func(in *InvoiceRequestInput) { in.Holder.Bank = "" }, "TEXT_MISSING", "input.bank"},
			{"and an account", b.buyer, func(in *InvoiceRequestInput) { in.Holder.Account = "" }, "TEXT_MISSING", "input.account"},
			{"whose number is one", b.buyer, func(in *InvoiceRequestInput) { in.Holder.Account = "12x45678" }, "ACCOUNT_NUMBER_INVALID", "input.account"},
			{"a key must be said", b.buyer, func(in *InvoiceRequestInput) { in.IdempotencyKey = "" }, "IDEMPOTENCY_KEY_INVALID", "input.idempotencyKey"},
			{"nothing was paid of an order that waits for it", b.buyer, func(in *InvoiceRequestInput) { in.OrderID = unpaid }, "INVOICE_NOTHING_PAID", "id"},
			{"an order is there", b.buyer, func(in *InvoiceRequestInput) { in.OrderID = uuid.New() }, "NOT_FOUND", "id"},
			{"and so is a bill", b.buyer, func(in *InvoiceRequestInput) { in.BillID = uuid.New() }, "NOT_FOUND", "id"},
			{"who seals contracts asks for none", b.Person(t, b.Buyer, access.Publisher), func(*InvoiceRequestInput) {}, "ROLE_REQUIRED", ""},
			{"nor does the operator", b.operatorFinance, func(*InvoiceRequestInput) {}, "NOT_FOUND", ""},
			{"nor another buyer", b.ofAnother(t).buyer, func(*InvoiceRequestInput) {}, "NOT_FOUND", "id"},
			{"nor nobody", context.Background(), func(*InvoiceRequestInput) {}, "SIGN_IN_REQUIRED", ""},
		} {
			in := b.request(t, order)
			row.change(&in)
			_, err := b.InvoiceRequest(row.as, in)
			faults := fault.All(err)
			if len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.at {
				t.Errorf("%s: got %v", row.sentence, err)
			}
		}
		b.wants(t, order)

		// An ordinary one needs no more than title and tax number, and finance asks for it as well.
		in := b.request(t, order)
		in.Kind, in.Holder = ordering.InvoiceOrdinary, ordering.InvoiceHolder{Title: in.Holder.Title, TaxNumber: " " + strings.ToLower(in.Holder.TaxNumber)}
		id, err := b.InvoiceRequest(b.Person(t, b.Buyer, access.Finance), in)
		must(t, err)
		ctx, c := b.system()
		if kept := c.Invoice.GetX(ctx, id).Holder.TaxNumber; kept != holder(t).TaxNumber {
			t.Errorf("the tax number is kept as %q", kept)
		}
		// The same key is the same request, another one is one too many.
		in.Holder.Title = "别的公司"
		_, err = b.InvoiceRequest(b.buyer, in)
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")
		_, err = b.InvoiceRequest(b.buyer, b.request(t, order))
		refused(t, err, "INVOICE_EXISTS")
		// Once it is taken back there may be another, and once that is refused too.
		refused(t, b.InvoiceWithdraw(b.operatorFinance, id), "NOT_FOUND")
		must(t, b.InvoiceWithdraw(b.buyer, id))
		refused(t, b.InvoiceWithdraw(b.buyer, id), "INVOICE_NOT_OPEN")
		second, err := b.InvoiceRequest(b.buyer, b.request(t, order))
		must(t, err)
		refused(t, b.InvoiceRefuse(b.operatorFinance, second, " "), "REASON_MISSING")
		refused(t, b.InvoiceRefuse(b.buyer, second, "不开"), "NOT_FOUND")
		must(t, b.InvoiceRefuse(b.operatorFinance, second, "抬头与付款单位不符"))
		refused(t, b.InvoiceIssue(b.operatorFinance, second, b.issuing(t, 1, 55_00)), "INVOICE_NOT_OPEN")
		if row := c.Invoice.GetX(ctx, second); row.Reason != "抬头与付款单位不符" || row.LiveFor != nil {
			t.Errorf("the refused one is %+v", row)
		}
		if told := b.told(b.Buyer); !slices.Equal(told, []notice.Kind{notice.InvoiceRefused}) {
			t.Errorf("the buyer was told %v", told)
		}
		_, err = b.InvoiceRequest(b.buyer, b.request(t, order))
		must(t, err)
	})
}

func TestWhatIsWrongWithAnInvoiceIsSaidAndIssuesNothing(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		other := b.paid(t, b.product.PerCall, 100)
		first, err := b.InvoiceRequest(b.buyer, b.request(t, other))
		must(t, err)
		must(t, b.InvoiceIssue(b.operatorFinance, first, b.issuing(t, 7, 55_00)))
		order := b.paid(t, b.product.PerCall, 100)
		id, err := b.InvoiceRequest(b.buyer, b.request(t, order))
		must(t, err)
		// Somebody of the operator's finance who belongs to the buyer's organisation as well.
		both := b.Person(t, b.Operator, access.Finance)
		b.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddMember(ctx, b.Buyer, access.FromContext(both).PersonID, []access.Role{access.Member})
		})
		refused(t, b.InvoiceRefuse(both, id, "不开"), "SAME_PERSON")
		theirs := b.Document(t, b.buyer)
		picture := uuid.New()
		b.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddDocument(ctx, store.Document{
				ID: picture, OrganisationID: b.Operator, UploaderID: access.FromContext(b.operatorFinance).PersonID, Name: "a.png", MediaType: "image/png", Size: 1, SHA256: "-", BlobKey: "documents/picture",
			})
		})
		for _, row := range []struct {
			sentence string
			as       context.Context
			change   func(*InvoiceIssueInput)
			code, at string
		}{
			{"a number has 20 digits", b.operatorFinance, func(in *InvoiceIssueInput) { in.Number = "123" }, "INVOICE_NUMBER_INVALID", "input.number"},
			{"or 8 beside a code", b.operatorFinance, func(in *InvoiceIssueInput) { in.Number = "12345678" }, "INVOICE_CODE_INVALID", "input.code"},
			{"a number is given once", b.operatorFinance, func(in *InvoiceIssueInput) { in.Number = fmt.Sprintf("%020d", 7) }, "INVOICE_NUMBER_TAKEN", "input.number"},
			{"the file is the operator's", b.operatorFinance, func(in *InvoiceIssueInput) { in.DocumentID = theirs }, "NOT_FOUND", "input.documentId"},
			{"and no picture", b.operatorFinance, func(in *InvoiceIssueInput) { in.DocumentID = picture }, "INVOICE_FILE_KIND", "input.documentId"},
			{"it says what the invoice comes to", b.operatorFinance, func(in *InvoiceIssueInput) { in.TotalFen++ }, "INVOICE_AMOUNT_CHANGED", "input.total"},
			{"who publishes issues none", b.operatorSells, func(*InvoiceIssueInput) {}, "ROLE_REQUIRED", ""},
			{"nor does who belongs to the buyer too", both, func(*InvoiceIssueInput) {}, "SAME_PERSON", ""},
			{"nor the buyer", b.Person(t, b.Buyer, access.Finance), func(*InvoiceIssueInput) {}, "NOT_FOUND", ""},
			{"nor the platform", b.finance, func(*InvoiceIssueInput) {}, "NOT_FOUND", ""},
			{"nor nobody", context.Background(), func(*InvoiceIssueInput) {}, "SIGN_IN_REQUIRED", ""},
		} {
			in := b.issuing(t, 8, 55_00)
			row.change(&in)
			faults := fault.All(b.InvoiceIssue(row.as, id, in))
			if len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.at {
				t.Errorf("%s: got %v", row.sentence, faults)
			}
		}
		if got := b.invoices(order); len(got) != 1 || !strings.HasPrefix(got[0], "BLUE REQUESTED") {
			t.Errorf("the invoices are %v", got)
		}
		in := b.issuing(t, 0, 55_00)
		in.Code, in.Number = "051002300111", "12345678"
		must(t, b.InvoiceIssue(b.operatorFinance, id, in))
		refused(t, b.InvoiceWithdraw(b.buyer, id), "INVOICE_NOT_OPEN")
		refused(t, b.InvoiceRefuse(b.operatorFinance, id, "不开"), "INVOICE_NOT_OPEN")
	})
}

func TestARefundMakesARedInvoiceDue(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		order := b.paid(t, b.product.PerCall, 100) // 51.89 and 3.11 of VAT
		b.giveBack(t, order, 5_00)                 // before it is asked for
		id, err := b.InvoiceRequest(b.buyer, b.request(t, order))
		must(t, err)
		b.wants(t, order, "BLUE REQUESTED 4717+283=5000")
		b.giveBack(t, order, 10_00) // lowers what is only requested
		b.wants(t, order, "BLUE REQUESTED 3773+227=4000")
		// The file was made before that.
		refused(t, b.InvoiceIssue(b.operatorFinance, id, b.issuing(t, 1, 50_00)), "INVOICE_AMOUNT_CHANGED")
		must(t, b.InvoiceIssue(b.operatorFinance, id, b.issuing(t, 1, 40_00)))
		storetest.Reconciled(t, b.world.Store)

		b.giveBack(t, order, 15_00)
		b.giveBack(t, order, 25_00)
		ctx, c := b.system()
		reds := c.Invoice.Query().Where(invoice.BlueID(id)).Order(db.Asc(invoice.FieldID)).AllX(ctx)
		b.wants(t, order, "BLUE ISSUED 3773+227=4000", "RED REQUESTED 1415+85=1500", "RED REQUESTED 2358+142=2500")
		if reds[0].Holder != holder(t) || reds[0].RefundID == nil || reds[0].Kind != ordering.InvoiceSpecial {
			t.Errorf("the red one is %+v", reds[0])
		}
		rows, err := b.InvoicesExport(b.operatorFinance, pricing.MonthOf(b.clock).String())
		if err != nil || len(rows) != 2 || rows[0].BlueNumber != fmt.Sprintf("%020d", 1) {
			t.Fatalf("the export is %+v, %v", rows, err)
		}
		// It is due: neither refused nor taken back.
		refused(t, b.InvoiceRefuse(b.operatorFinance, reds[0].ID, "不开"), "INVOICE_NOT_OPEN")
		refused(t, b.InvoiceWithdraw(b.buyer, reds[0].ID), "INVOICE_NOT_OPEN")
		refused(t, b.InvoiceIssue(b.operatorFinance, reds[0].ID, b.issuing(t, 2, 25_00)), "INVOICE_AMOUNT_CHANGED")
		refused(t, b.InvoiceIssue(b.operatorFinance, reds[0].ID, b.issuing(t, 1, 15_00)), "INVOICE_NUMBER_TAKEN")
		must(t, b.InvoiceIssue(b.operatorFinance, reds[0].ID, b.issuing(t, 2, 15_00)))
		must(t, b.InvoiceIssue(b.operatorFinance, reds[1].ID, b.issuing(t, 3, 25_00)))
		if told := b.told(b.Operator); len(told) != 3 {
			t.Errorf("the operator was told %v", told)
		}
		if told := b.told(b.Buyer); len(told) != 3 {
			t.Errorf("the buyer was told %v", told)
		}
	})
}

func TestNoInvoiceIsOfWhatWasGivenBackWhole(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		order := b.paid(t, b.product.PerCall, 100)
		id, err := b.InvoiceRequest(b.buyer, b.request(t, order))
		must(t, err)
		b.giveBack(t, order, 55_00)
		if got := b.invoices(order); len(got) != 1 || !strings.HasPrefix(got[0], "BLUE WITHDRAWN") {
			t.Errorf("the invoices are %v", got)
		}
		refused(t, b.InvoiceIssue(b.operatorFinance, id, b.issuing(t, 1, 55_00)), "INVOICE_NOT_OPEN")
		_, err = b.InvoiceRequest(b.buyer, b.request(t, order))
		refused(t, err, "INVOICE_NOTHING_LEFT")
	})
}

func TestABillHasItsOwnInvoice(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		one := b.shop.metered(t, storetest.Flat(pricing.PerCall, "1"))
		one.goTo(t, "2026-03-20 12:00")
		one.report(t, 10, one.clock.Add(-time.Minute))
		one.issue(t, "2026-04-01 01:00", 1)
		ctx, c := b.system()
		march := c.Bill.Query().Where(bill.OrderID(one.order)).OnlyX(ctx)
		in := b.request(t, uuid.Nil)
		in.BillID = march.ID
		_, err := b.InvoiceRequest(b.buyer, in)
		refused(t, err, "INVOICE_NOTHING_PAID")
		_, err = b.InvoiceRequest(b.buyer, b.request(t, one.order)) // which costs nothing itself
		refused(t, err, "INVOICE_NOTHING_PAID")
		_, err = b.BillPay(b.buyer, march.ID, OrderPayInput{paytest.Name, uuid.NewString()})
		must(t, err)
		id, err := b.InvoiceRequest(b.buyer, in)
		must(t, err)
		row := c.Invoice.GetX(ctx, id)
		if row.TotalFen != march.TotalFen || row.VatFen != march.VatFen || row.VatRate != "0.06" || *row.LiveFor != row.PaymentID || *row.BillID != march.ID {
			t.Errorf("the invoice is %+v", row)
		}
		must(t, b.InvoiceIssue(b.operatorFinance, id, b.issuing(t, 1, 10_00)))
		b.giveBack(t, one.order, 4_00)
		if reds := c.Invoice.Query().Where(invoice.BlueID(id)).AllX(ctx); len(reds) != 1 || reds[0].TotalFen != 4_00 || *reds[0].BillID != march.ID {
			t.Errorf("the red ones are %+v", reds)
		}
	})
}

// Of several that ask for the same order at once, under their own keys, one has it.
func TestOnePaymentHasOneInvoiceWhoeverAsks(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		order := b.paid(t, b.product.PerCall, 100)
		errs := make(chan error)
		for range 4 {
			in := b.request(t, order)
			go func() { _, err := b.InvoiceRequest(b.buyer, in); errs <- err }()
		}
		asked := 0
		for range 4 {
			if err := <-errs; err == nil {
				asked++
			} else if code := fault.CodeOf(err); code != "INVOICE_EXISTS" {
				t.Errorf("refused with %v", err)
			}
		}
		if asked != 1 || len(b.invoices(order)) != 1 {
			t.Errorf("%d were asked for, there are %v", asked, b.invoices(order))
		}
	})
}

// invoiced is a statement that puts an invoice of the one order of a status.
func invoiced(status, total string) string {
	number := "NULL, NULL, NULL, NULL"
	if status == "'ISSUED'" {
		number = "'1', 'x', 'x', created_at"
	}
	return `INSERT INTO invoices (id, created_at, kind, colour, status, holder, vat_rate, net_fen, vat_fen, total_fen, idempotency_key, request_hash, number, document_id, issuer_id, issued_at, order_id, payment_id, buyer_id, operator_id, person_id)
 SELECT 'y', created_at, 'ORDINARY', 'BLUE', ` + status + `, '{}', '0', ` + total + `, 0, ` + total + `, 'x', '', ` + number + `, order_id, id, 'x', 'x', 'x' FROM payments WHERE bill_id IS NULL LIMIT 1`
}
