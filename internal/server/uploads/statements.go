package uploads

import (
	"net/http"

	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
)

const bankFormatPrefix = "bft"

// storeStatement stores the body, a bank statement in CSV or XLSX, and queues the job that matches its lines:
// POST /uploads/statements?name=2026-03.csv&format=bft_…, the format where a bank's columns have other names than usual. It answers 202
// with the job; the same file again with the same. What is wrong in the file is refused at once, each mistake with its cell.
func (h *handler) storeStatement(w http.ResponseWriter, r *http.Request) {
	if isForm(r) {
		hangUp(w)
		refuse(w, r, fault.New(fault.Invalid, "MEDIA_TYPE_REFUSED", "Send the file itself as the body, not in a form."))
		return
	}
	in := market.BankStatementInput{FileName: r.URL.Query().Get("name")}
	if format := r.URL.Query().Get("format"); format != "" {
		known := false
		if in.FormatID, known = publicid.Parse(bankFormatPrefix, format); !known {
			hangUp(w)
			refuse(w, r, fault.Absent("bank format").At("format"))
			return
		}
	}
	id, err := h.market.BankStatementQueue(r.Context(), in, body(w, r))
	if err != nil {
		hangUp(w)
		refuse(w, r, err)
		return
	}
	answer(w, http.StatusAccepted, map[string]any{"job": map[string]string{"id": publicid.Encode(jobPrefix, id)}})
}
