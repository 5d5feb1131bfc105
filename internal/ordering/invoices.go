package ordering

import (
	"slices"
	"strings"

	"gongshu/internal/fault"
	"gongshu/pricing"
)

// InvoiceKind is what an invoice is good for.
type InvoiceKind string

// A special invoice (增值税专用发票) lets its holder deduct the VAT, an ordinary one (普通发票) does not.
const (
	InvoiceOrdinary InvoiceKind = "ORDINARY"
	InvoiceSpecial  InvoiceKind = "SPECIAL"
)

// Values lists the stored forms.
func (InvoiceKind) Values() []string { return []string{"ORDINARY", "SPECIAL"} }

// InvoiceColour says whether an invoice is of a payment or takes back a part of one that was issued.
type InvoiceColour string

// A red-letter invoice (红字发票) names its blue one (蓝字发票).
const (
	InvoiceBlue InvoiceColour = "BLUE"
	InvoiceRed  InvoiceColour = "RED"
)

// Values lists the stored forms.
func (InvoiceColour) Values() []string { return []string{"BLUE", "RED"} }

// InvoiceStatus is the life of an invoice.
type InvoiceStatus string

// REQUESTED → ISSUED | REFUSED | WITHDRAWN; all are final. A red one is due, and only becomes ISSUED.
const (
	InvoiceRequested InvoiceStatus = "REQUESTED"
	InvoiceIssued    InvoiceStatus = "ISSUED"
	InvoiceRefused   InvoiceStatus = "REFUSED"
	InvoiceWithdrawn InvoiceStatus = "WITHDRAWN"
)

// Values lists the stored forms.
func (InvoiceStatus) Values() []string {
	return []string{"REQUESTED", "ISSUED", "REFUSED", "WITHDRAWN"}
}

var nextInvoice = map[InvoiceStatus][]InvoiceStatus{
	InvoiceRequested: {InvoiceIssued, InvoiceRefused, InvoiceWithdrawn},
}

// CanBecome reports whether an invoice of a colour may go from one status to another.
func (s InvoiceStatus) CanBecome(to InvoiceStatus, colour InvoiceColour) bool {
	return slices.Contains(nextInvoice[s], to) && (colour == InvoiceBlue || to == InvoiceIssued)
}

// InvoiceHolder is to whom an invoice is made out (抬头). The last four are stated for a special invoice, and may be for an ordinary one.
type InvoiceHolder struct {
	Title     string `json:"title"`
	TaxNumber string `json:"taxNumber"`
	Address   string `json:"address,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Bank      string `json:"bank,omitempty"`
	Account   string `json:"account,omitempty"`
}

// What a holder states; texts are bounded in bytes.
const (
	MaxInvoiceTitle = 400
	MaxInvoiceText  = 400
)

// CheckInvoiceHolder refuses what an invoice cannot be made out to: TEXT_MISSING for a title, and for each of address, phone, bank and account
// of a special invoice, which the holder's own books need; TEXT_TOO_LONG for any. The tax number is checked where credit codes are.
func CheckInvoiceHolder(kind InvoiceKind, h InvoiceHolder) (wrong fault.List) {
	for _, part := range []struct {
		field, text string
		required    bool
		most        int
	}{
		{"input.title", h.Title, true, MaxInvoiceTitle},
		{"input.address", h.Address, kind == InvoiceSpecial, MaxInvoiceText},
		{"input.phone", h.Phone, kind == InvoiceSpecial, MaxInvoiceText},
		{"input.bank", h.Bank, kind == InvoiceSpecial, MaxInvoiceText},
		{"input.account", h.Account, kind == InvoiceSpecial, MaxInvoiceText},
	} {
		switch {
		case part.required && part.text == "":
			wrong = append(wrong, fault.New(fault.Invalid, "TEXT_MISSING", "This must be said.").At(part.field))
		case len(part.text) > part.most:
			wrong = append(wrong, fault.New(fault.Invalid, "TEXT_TOO_LONG", "This text is longer than %d bytes.", part.most).At(part.field).With("max", part.most))
		}
	}
	return wrong
}

// CheckInvoiceNumber refuses with INVOICE_NUMBER_INVALID what numbers no invoice: a fully digital one (数电发票) has 20 digits and no code, an
// older one 8 digits and a code of 10 or 12.
func CheckInvoiceNumber(code, number string) error {
	switch {
	case !digits(number) || len(number) != 8 && len(number) != 20:
		return fault.New(fault.Invalid, "INVOICE_NUMBER_INVALID", "An invoice number has 20 digits, or 8 beside an invoice code.").At("input.number")
	case len(number) == 20 && code != "", len(number) == 8 && (!digits(code) || len(code) != 10 && len(code) != 12):
		return fault.New(fault.Invalid, "INVOICE_CODE_INVALID", "A number of 8 digits stands beside a code of 10 or 12, one of 20 beside none.").At("input.code")
	}
	return nil
}

func digits(text string) bool { return strings.Trim(text, "0123456789") == "" }

// InvoiceAmounts are what an invoice says, in fen: TotalFen = NetFen + VATFen.
type InvoiceAmounts struct{ NetFen, VATFen, TotalFen pricing.Fen }

// Less is what is left when a part is taken away.
func (a InvoiceAmounts) Less(part InvoiceAmounts) InvoiceAmounts {
	return InvoiceAmounts{a.NetFen - part.NetFen, a.VATFen - part.VATFen, a.TotalFen - part.TotalFen}
}

// Invoiceable refuses what can have no invoice: INVOICE_NOTHING_PAID while nothing was paid, INVOICE_NOTHING_LEFT once all of it was refunded.
func Invoiceable(paid, left InvoiceAmounts) error {
	switch {
	case paid.TotalFen <= 0:
		return fault.New(fault.Conflict, "INVOICE_NOTHING_PAID", "Nothing was paid that an invoice could be of.").At("id")
	case left.TotalFen <= 0:
		return fault.New(fault.Conflict, "INVOICE_NOTHING_LEFT", "All that was paid is refunded.").At("id")
	}
	return nil
}

// RedDue is what a red invoice has to take back of a blue one that was issued, so that the blue one less all its red ones says what is left of
// the payment: after one refund what that gave back, split as the ledger split it. False when nothing is due. It never takes back more than is
// left of the blue one, since less than nothing is left of no payment.
func RedDue(blue InvoiceAmounts, reds []InvoiceAmounts, left InvoiceAmounts) (due InvoiceAmounts, any bool) {
	for _, red := range reds {
		blue = blue.Less(red)
	}
	due = blue.Less(left)
	if left.NetFen < 0 || left.VATFen < 0 || due.NetFen < 0 || due.VATFen < 0 || due.TotalFen <= 0 {
		return InvoiceAmounts{}, false
	}
	return due, true
}

// CheckInvoiceTotal refuses with INVOICE_AMOUNT_CHANGED to issue an invoice whose paper says another total than the invoice comes to: a refund
// lowered it while the paper was made.
func CheckInvoiceTotal(stated, total pricing.Fen) error {
	if stated != total {
		return fault.New(fault.Conflict, "INVOICE_AMOUNT_CHANGED", "The invoice comes to %s yuan now.", total).At("input.total").With("total", total.String())
	}
	return nil
}

// invoiceFiles are the media types that an invoice is issued in.
var invoiceFiles = []string{"application/pdf", "application/ofd", "text/xml"}

// CheckInvoiceFile refuses with INVOICE_FILE_KIND a file that is neither PDF nor OFD nor XML.
func CheckInvoiceFile(mediaType string) error {
	if !slices.Contains(invoiceFiles, mediaType) {
		return fault.New(fault.Invalid, "INVOICE_FILE_KIND", "An invoice is a PDF, OFD or XML file.").At("input.documentId")
	}
	return nil
}
