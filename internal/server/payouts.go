package server

import (
	"encoding/csv"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"gongshu/internal/fault"
	"gongshu/internal/publicid"
	"gongshu/internal/server/uploads"
)

// bankHeads are the heads of the columns of a bank file.
var bankHeads = []string{"批次", "序号", "收款单位", "统一社会信用代码", "收款方式", "户名", "开户行", "账号", "金额（元）", "附言（汇款识别码）", "状态", "银行流水号"}

// bankStates say in its language what the bank said of a line.
var bankStates = map[string]string{"PENDING": "待银行确认", "CONFIRMED": "已付款", "FAILED": "未付成"}

// payout answers GET /payouts/pbt_….csv with what the bank is told of an approved batch: a line a contributor. An organ's part is
// the treasury's, and has no account of the organ's beside it.
func (s *Server) payout(w http.ResponseWriter, r *http.Request) {
	if err := s.spend(w, r, reportPoints); err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	name, _ := strings.CutSuffix(r.PathValue("file"), ".csv")
	id, known := publicid.Parse("pbt", name)
	if !known {
		uploads.Refuse(w, r, fault.Absent("payout batch"))
		return
	}
	lines, err := s.Market.PayoutExport(r.Context(), id)
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	h.Set("Cache-Control", "private, no-store")
	out := csv.NewWriter(w)
	_, begun := w.Write([]byte("\uFEFF"))
	errs := []error{begun, out.Write(bankHeads)}
	for i, line := range lines {
		way := "本单位账户"
		if line.Treasury {
			way = "国库"
		}
		code := ""
		if line.Paid.CreditCode != nil {
			code = *line.Paid.CreditCode
		}
		errs = append(errs, out.Write([]string{
			name, strconv.Itoa(i + 1), inert(line.Paid.Name), digits(code), way, inert(line.Account.Name), inert(line.Account.Bank), digits(line.Account.Number), line.AmountFen.String(), line.Code,
			bankStates[string(line.State)], digits(inert(line.Reference)),
		}))
	}
	out.Flush()
	if err := errors.Join(append(errs, out.Error())...); err != nil {
		slog.WarnContext(r.Context(), "server: a bank file was not sent whole", slog.Any("error", err))
	}
}

// digits is a text of which a spreadsheet keeps every digit: one that it would read as a number, and round, gets a tab before it.
func digits(text string) string {
	if text != "" && strings.Trim(text, "0123456789") == "" {
		return "\t" + text
	}
	return text
}
