package server

import (
	"encoding/csv"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"gongshu/internal/publicid"
	"gongshu/internal/server/uploads"
	"gongshu/internal/store"
)

// invoiceHeads are the heads of the columns of the file that a tax system takes.
var invoiceHeads = []string{
	"发票申请编号", "蓝字/红字", "发票种类", "购买方名称", "纳税人识别号", "地址、电话", "开户行及账号", "项目名称", "金额（不含税，元）", "税率", "税额（元）", "价税合计（元）", "订单编号", "账单编号",
	"对应蓝字发票代码", "对应蓝字发票号码",
}

// invoiceWords say in its language what an invoice is.
var invoiceWords = map[string]string{"BLUE": "蓝字", "RED": "红字", "ORDINARY": "普通发票", "SPECIAL": "增值税专用发票"}

// invoices answers GET /reports/invoices.csv?month=2026-01 with what the operator of who is signed in still has to issue of what was requested or
// became due in that month: a line an invoice, for its tax system. What a red one takes back is below 0, as the system asks for it.
func (s *Server) invoices(w http.ResponseWriter, r *http.Request) {
	if err := s.spend(w, r, reportPoints); err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	month := r.URL.Query().Get("month")
	rows, err := s.Market.InvoicesExport(r.Context(), month)
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="invoices-`+month+`.csv"`)
	h.Set("Cache-Control", "private, no-store")
	out := csv.NewWriter(w)
	_, begun := w.Write([]byte("\uFEFF"))
	errs := []error{begun, out.Write(invoiceHeads)}
	for _, row := range rows {
		errs = append(errs, out.Write(invoiceCells(row)))
	}
	out.Flush()
	if err := errors.Join(append(errs, out.Error())...); err != nil {
		slog.WarnContext(r.Context(), "server: an export of invoices was not sent whole", slog.Any("error", err))
	}
}

func invoiceCells(row store.InvoiceRow) []string {
	bill := ""
	if row.BillID != uuid.Nil {
		bill = publicid.Encode("bil", row.BillID)
	}
	h, says := row.Holder, row.Signed()
	return []string{
		publicid.Encode("inv", row.ID), invoiceWords[string(row.Colour)], invoiceWords[string(row.Kind)], inert(h.Title), digits(h.TaxNumber),
		digits(inert(strings.TrimSpace(h.Address + " " + h.Phone))), digits(inert(strings.TrimSpace(h.Bank + " " + h.Account))), inert(row.ProductName),
		says.NetFen.Yuan().String(), row.VATPercent(), says.VATFen.Yuan().String(), says.TotalFen.Yuan().String(),
		publicid.Encode("ord", row.OrderID), bill, digits(row.BlueCode), digits(row.BlueNumber),
	}
}
