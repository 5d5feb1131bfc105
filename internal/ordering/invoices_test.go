package ordering

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongshu/internal/fault"
	"gongshu/pricing"
)

func TestTheLifeOfAnInvoice(t *testing.T) {
	allowed := map[string]bool{
		"BLUE REQUESTED ISSUED": true, "BLUE REQUESTED REFUSED": true, "BLUE REQUESTED WITHDRAWN": true, // what is asked for is issued, refused or withdrawn
		"RED REQUESTED ISSUED": true, // what is due is issued
	}
	for _, colour := range InvoiceBlue.Values() {
		for _, from := range InvoiceRequested.Values() {
			for _, to := range InvoiceRequested.Values() {
				move := colour + " " + from + " " + to
				if got := InvoiceStatus(from).CanBecome(InvoiceStatus(to), InvoiceColour(colour)); got != allowed[move] {
					t.Errorf("%s: %v", move, got)
				}
			}
		}
	}
}

func TestCheckInvoiceHolder(t *testing.T) {
	whole := InvoiceHolder{Title: "某公司", TaxNumber: "91510700MA00000000", Address: "绵阳", Phone: "0816-1", Bank: "某银行", Account: "62220000"}
	for _, row := range []struct {
		sentence string
		kind     InvoiceKind
		change   func(*InvoiceHolder)
		want     string
	}{
		{"all that a special invoice needs is enough", InvoiceSpecial, func(*InvoiceHolder) {}, ""},
		{"an ordinary one needs its title alone", InvoiceOrdinary, func(h *InvoiceHolder) { *h = InvoiceHolder{Title: h.Title} }, ""},
		{"and needs that", InvoiceOrdinary, func(h *InvoiceHolder) { h.Title = "" }, "TEXT_MISSING input.title"},
		{"a special one needs address and phone", InvoiceSpecial, func(h *InvoiceHolder) { h.Address, h.Phone = "", "" }, "TEXT_MISSING input.address, TEXT_MISSING input.phone"},
		{"and bank and account", InvoiceSpecial, func(h *InvoiceHolder) { h.Bank, h.Account = "", "" }, "TEXT_MISSING input.bank, TEXT_MISSING input.account"},
		{"a title has an end", InvoiceOrdinary, func(h *InvoiceHolder) { h.Title = strings.Repeat("x", 401) }, "TEXT_TOO_LONG input.title"},
		{"and so has what an ordinary one need not say", InvoiceOrdinary, func(h *InvoiceHolder) { h.Bank = strings.Repeat("x", 401) }, "TEXT_TOO_LONG input.bank"},
	} {
		h := whole
		row.change(&h)
		var got []string
		for _, f := range CheckInvoiceHolder(row.kind, h) {
			got = append(got, f.Code+" "+f.Field)
		}
		if strings.Join(got, ", ") != row.want {
			t.Errorf("%s: got %v", row.sentence, got)
		}
	}
}

func TestCheckInvoiceNumber(t *testing.T) {
	for _, row := range []struct{ sentence, code, number, want string }{
		{"a fully digital invoice has 20 digits", "", strings.Repeat("2", 20), ""},
		{"and no code", "0123456789", strings.Repeat("2", 20), "INVOICE_CODE_INVALID"},
		{"one with a code of 10 digits has 8", "0123456789", "12345678", ""},
		{"and so has one of 12", "012345678901", "12345678", ""},
		{"without a code 8 digits name no invoice", "", "12345678", "INVOICE_CODE_INVALID"},
		{"a code of 11 digits is none", "01234567890", "12345678", "INVOICE_CODE_INVALID"},
		{"nor is one with letters", "01234567ab", "12345678", "INVOICE_CODE_INVALID"},
		{"9 digits are no number", "0123456789", "123456789", "INVOICE_NUMBER_INVALID"},
		{"nor are letters", "0123456789", "1234567x", "INVOICE_NUMBER_INVALID"},
		{"nor is nothing", "", "", "INVOICE_NUMBER_INVALID"},
	} {
		if got := refusal(CheckInvoiceNumber(row.code, row.number)); got != row.want {
			t.Errorf("%s: got %q", row.sentence, got)
		}
	}
}

func amounts(net, vat pricing.Fen) InvoiceAmounts { return InvoiceAmounts{net, vat, net + vat} }

func TestInvoiceable(t *testing.T) {
	for _, row := range []struct {
		sentence   string
		paid, left InvoiceAmounts
		want       string
	}{
		{"what was paid has an invoice", amounts(94, 6), amounts(94, 6), ""},
		{"and what is left of it", amounts(94, 6), amounts(1, 0), ""},
		{"nothing that was paid has none", amounts(0, 0), amounts(0, 0), "INVOICE_NOTHING_PAID"},
		{"nor has what was refunded whole", amounts(94, 6), amounts(0, 0), "INVOICE_NOTHING_LEFT"},
	} {
		if got := refusal(Invoiceable(row.paid, row.left)); got != row.want {
			t.Errorf("%s: got %q", row.sentence, got)
		}
	}
}

func TestRedDue(t *testing.T) {
	for _, row := range []struct {
		sentence   string
		blue       InvoiceAmounts
		reds       []InvoiceAmounts
		left, want InvoiceAmounts
	}{
		{"a refund makes as much due", amounts(94, 6), nil, amounts(47, 3), amounts(47, 3)},
		{"the next one its own part", amounts(94, 6), []InvoiceAmounts{amounts(47, 3)}, amounts(40, 2), amounts(7, 1)},
		{"the last one all that is left", amounts(94, 6), []InvoiceAmounts{amounts(47, 3), amounts(7, 1)}, amounts(0, 0), amounts(40, 2)},
		{"nothing is due twice", amounts(94, 6), []InvoiceAmounts{amounts(47, 3)}, amounts(47, 3), InvoiceAmounts{}},
		{"a blue one of what was left before is taken back by what came after", amounts(47, 3), nil, amounts(40, 2), amounts(7, 1)},
		{"what never was on the blue one is not taken back", amounts(47, 3), nil, amounts(94, 6), InvoiceAmounts{}},
		{"less than nothing is left of no payment", amounts(47, 3), nil, amounts(-1, 0), InvoiceAmounts{}},
	} {
		if got, due := RedDue(row.blue, row.reds, row.left); got != row.want || due != (row.want != InvoiceAmounts{}) {
			t.Errorf("%s: got %+v, %v", row.sentence, got, due)
		}
	}
}

// Whatever is refunded in whatever parts: the reds never exceed the blue one, and blue less reds is what the ledger says is left.
func TestRedInvoicesFollowTheLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net, vat := pricing.Fen(rapid.Int64Range(1, 1_000_000).Draw(t, "net")), pricing.Fen(rapid.Int64Range(0, 60_000).Draw(t, "vat"))
		paid, before := amounts(net, vat), pricing.Fen(0)
		left := paid
		refund := func(name string) {
			fen := pricing.Fen(rapid.Int64Range(0, int64(left.TotalFen)).Draw(t, name))
			back, err := pricing.Reverse([]pricing.Fen{net, vat}, before, fen)
			if err != nil {
				t.Fatal(err)
			}
			left, before = left.Less(amounts(back[0], back[1])), before+fen
		}
		refund("before it is issued")
		blue := left
		var reds []InvoiceAmounts
		for i := range rapid.IntRange(0, 6).Draw(t, "refunds") {
			refund(fmt.Sprint("refund ", i))
			if red, due := RedDue(blue, reds, left); due {
				reds = append(reds, red)
			}
			rest := blue
			for _, red := range reds {
				rest = rest.Less(red)
			}
			if rest != left || slices.ContainsFunc(reds, func(r InvoiceAmounts) bool { return r.TotalFen != r.NetFen+r.VATFen || r.NetFen < 0 || r.VATFen < 0 }) {
				t.Fatalf("the blue one less its reds is %+v, left are %+v", rest, left)
			}
		}
	})
}

func TestCheckInvoiceTotalAndFile(t *testing.T) {
	for _, row := range []struct {
		sentence string
		err      error
		want     string
	}{
		{"the paper says what the invoice comes to", CheckInvoiceTotal(100, 100), ""},
		{"one that says more was made before a refund", CheckInvoiceTotal(100, 60), "INVOICE_AMOUNT_CHANGED"},
		{"an invoice is a PDF", CheckInvoiceFile("application/pdf"), ""},
		{"an OFD", CheckInvoiceFile("application/ofd"), ""},
		{"or an XML", CheckInvoiceFile("text/xml"), ""},
		{"and no picture", CheckInvoiceFile("image/png"), "INVOICE_FILE_KIND"},
	} {
		if got := refusal(row.err); got != row.want {
			t.Errorf("%s: got %q", row.sentence, got)
		}
	}
}

// refusal is the code of an error, "" where there is none.
func refusal(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}
