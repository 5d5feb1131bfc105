package server

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/store"
)

// What a tax system takes keeps its digits, and no spreadsheet runs it.
func TestAnExportOfInvoicesIsTakenAsItIs(t *testing.T) {
	row := store.InvoiceRow{ProductName: "+产品", BlueNumber: "12345678901234567890", BlueCode: "051002300111"}
	row.Kind, row.Colour, row.VATRate = "SPECIAL", "RED", "0.06"
	row.NetFen, row.VATFen, row.TotalFen = 94_34, 5_66, 100_00
	row.Holder.Title, row.Holder.TaxNumber, row.Holder.Address, row.Holder.Bank, row.Holder.Account = "=cmd()", "915107000000000000", "绵阳", "示例银行", "62220000"
	cells := invoiceCells(row)
	cells[0], cells[12] = "", "" // which are ids
	want := "|红字|增值税专用发票|'=cmd()|\t915107000000000000|绵阳|示例银行 62220000|'+产品|-94.34|6%|-5.66|-100.00|||\t051002300111|\t12345678901234567890"
	if got := strings.Join(cells, "|"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	row.Colour, row.BillID, row.Holder.Bank = "BLUE", uuid.New(), ""
	cells = invoiceCells(row)
	if len(cells) != len(invoiceHeads) || cells[1] != "蓝字" || cells[11] != "100.00" || !strings.HasPrefix(cells[13], "bil_") || cells[6] != "\t62220000" {
		t.Errorf("a blue one is %q", cells)
	}
}
