package uploads

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"

	"gongshu/internal/fault"
	"gongshu/internal/publicid"
)

const (
	productPrefix = "prd"
	jobPrefix     = "job"
)

// storeDataset stores the body, a CSV, and queues the job that makes it a version of a product's data:
// POST /uploads/datasets/prd_…, with an Idempotency-Key where it may be sent again. It answers 202 with the job, whose
// progress and result are in job(id:) of the graph.
func (h *handler) storeDataset(w http.ResponseWriter, r *http.Request) {
	product, known := publicid.Parse(productPrefix, r.PathValue("productId"))
	if !known {
		hangUp(w)
		refuse(w, r, fault.Absent("product"))
		return
	}
	id, err := h.market.DatasetQueue(r.Context(), product, r.Header.Get("Idempotency-Key"), body(w, r))
	if err != nil {
		hangUp(w)
		refuse(w, r, err)
		return
	}
	answer(w, http.StatusAccepted, map[string]any{"job": map[string]string{"id": publicid.Encode(jobPrefix, id)}})
}

// rejects gives the places of a file that a job found wrong, at most the first thousand, for spreadsheets:
// GET /uploads/datasets/job_…/rejects.csv.
func (h *handler) rejects(w http.ResponseWriter, r *http.Request) {
	id, known := publicid.Parse(jobPrefix, r.PathValue("jobId"))
	if !known {
		refuse(w, r, fault.Absent("job"))
		return
	}
	result, err := h.market.JobResult(r.Context(), id)
	if err != nil {
		refuse(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8")
	header.Set("Content-Disposition", `attachment; filename="rejects.csv"`)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "private, no-store")
	_, _ = io.WriteString(w, "\uFEFF") // spreadsheets take it for UTF-8 then; the caller may be gone
	out := csv.NewWriter(w)
	_ = out.Write([]string{"行 row", "列 column", "位置 position", "代码 code"})
	for _, at := range result.Rejects {
		_ = out.Write([]string{strconv.FormatInt(at.Row, 10), cell(at.Column), strconv.Itoa(at.Position), at.Code})
	}
	out.Flush()
}

// cell is a text that no spreadsheet runs; columns are named by people.
func cell(text string) string {
	if text != "" && (text[0] == '=' || text[0] == '+' || text[0] == '-' || text[0] == '@') {
		return "'" + text
	}
	return text
}
