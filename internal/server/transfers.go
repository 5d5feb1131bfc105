package server

import (
	"encoding/csv"
	"errors"
	"log/slog"
	"net/http"

	"gongshu/internal/fault"
	"gongshu/internal/server/uploads"
)

// outgoingHeads are the heads of the columns of what is to be transferred back, by language.
var outgoingHeads = map[string][]string{
	"zh-CN": {"类别", "收款单位", "开户行", "账号", "金额（元）", "附言（汇款识别码）"},
	"en":    {"Kind", "Payee", "Bank", "Account number", "Amount (yuan)", "Remark (remittance code)"},
}

// transferKinds say what goes out, by language.
var transferKinds = map[string]map[string]string{
	"zh-CN": {"REFUND": "退款", "RETURN": "退回来款"}, "en": {"REFUND": "Refund", "RETURN": "Return"},
}

// outgoing answers GET /transfers/outgoing.csv with the refunds and returns that the bank was not told of yet, oldest first, and with
// again=true those as well that it was told of and that did not go, in Chinese or with language=en in English. Payouts have a file of each
// batch. A language that is none is refused before anything counts as told.
func (s *Server) outgoing(w http.ResponseWriter, r *http.Request) {
	if err := s.spend(w, r, reportPoints); err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	language := or(r.URL.Query().Get("language"), "zh-CN")
	if outgoingHeads[language] == nil {
		uploads.Refuse(w, r, fault.New(fault.Invalid, "LANGUAGE_UNKNOWN", "A list is written in zh-CN or en.").At("language"))
		return
	}
	transfers, err := s.Market.TransfersExport(r.Context(), r.URL.Query().Get("again") == "true")
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="outgoing.csv"`)
	h.Set("Cache-Control", "private, no-store")
	out := csv.NewWriter(w)
	_, begun := w.Write([]byte("\uFEFF"))
	errs := []error{begun, out.Write(outgoingHeads[language])}
	for _, t := range transfers {
		errs = append(errs, out.Write([]string{
			transferKinds[language][string(t.Kind)], inert(t.Payee.Name), inert(t.Payee.Bank), digits(inert(t.Payee.Number)), t.AmountFen.String(), t.Code,
		}))
	}
	out.Flush()
	if err := errors.Join(append(errs, out.Error())...); err != nil {
		slog.WarnContext(r.Context(), "server: a list of transfers was not sent whole", slog.Any("error", err))
	}
}
