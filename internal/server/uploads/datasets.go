package uploads

import (
	"net/http"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/publicid"
)

// uploaded is the answer to an upload of data: the version that came of it, if any, and what is wrong.
type uploaded struct {
	Dataset *version `json:"dataset"`
	// Rejects are at most the first thousand; RejectCount counts all.
	Rejects     []reject                `json:"rejects"`
	RejectCount int64                   `json:"rejectCount"`
	Egress      *outputcontrol.Evidence `json:"egress"`
	Errors      []refusal               `json:"errors"`
}

type version struct {
	ID       string `json:"id"`
	Number   int    `json:"number"`
	Accepted bool   `json:"accepted"`
	Rows     int64  `json:"rows"`
}

// reject is a place in the file: the line, and the column where there is one.
type reject struct {
	Row    int64  `json:"row"`
	Column string `json:"column"`
	Code   string `json:"code"`
}

const (
	productPrefix = "prd"
	datasetPrefix = "dst"
)

// storeDataset makes the body, a CSV, a version of a product's data: POST /uploads/datasets/prd_….
// What was rejected or may not leave answers with the status of its refusal, the places and the evidence.
func (h *handler) storeDataset(w http.ResponseWriter, r *http.Request) {
	product, known := publicid.Parse(productPrefix, r.PathValue("productId"))
	if !known {
		hangUp(w)
		refuse(w, r, fault.Absent("product"))
		return
	}
	report, err := h.market.DatasetUpload(r.Context(), product, body(w, r))
	out, status := whatBecame(report), http.StatusOK
	if err != nil {
		hangUp(w)
		status, out.Errors = refusalsOf(r, err)
	}
	answer(w, status, out)
}

func whatBecame(report market.DatasetReport) uploaded {
	out := uploaded{Rejects: []reject{}, RejectCount: report.RejectCount, Errors: []refusal{}}
	for _, place := range report.Rejects {
		out.Rejects = append(out.Rejects, reject{place.Row, place.Column, string(place.Code)})
	}
	if report.DatasetID != uuid.Nil {
		out.Dataset = &version{publicid.Encode(datasetPrefix, report.DatasetID), report.Number, report.Accepted, report.Rows}
		out.Egress = &report.Egress
	}
	return out
}
