package policy

import (
	"fmt"
	"strings"

	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
)

// MaxRows bounds how many rows a file of policy has.
const MaxRows = 200

// Row is a row of dated policy as a file states it; what its value may be, its kind says.
type Row struct {
	Kind          string         `json:"kind"`
	EffectiveFrom string         `json:"effectiveFrom"`
	Value         map[string]any `json:"value"`
	Source        string         `json:"source"`
}

// RowsFile reads rows of policy from JSON, in the form of data/policy.json: a list of them. A row that names no source document
// takes the given one.
//
// Refused, all at once by place: POLICY_FILE_BROKEN, POLICY_FILE_TOO_LARGE, MEMBER_TWICE, ROWS_COUNT, DAY_INVALID, ROW_TWICE,
// SOURCE_MISSING, SOURCE_INVALID; and POLICY_FAULTS_MORE where more than MaxFaults are wrong.
func RowsFile(raw []byte, source string) ([]Row, error) {
	var rows []Row
	if err := decode(raw, &rows); err != nil {
		return nil, err
	}
	f := faults{otherwise: source}
	if len(rows) == 0 || len(rows) > MaxRows {
		f.refuse(at(""), fault.New(fault.Invalid, "ROWS_COUNT", "A file of policy has 1 to %d rows.", MaxRows).With("max", MaxRows))
		return nil, f.orNil()
	}
	seen := map[string]bool{}
	for i := range rows {
		row, place := &rows[i], fmt.Sprint(i)
		if _, err := authorisation.ParseDay(row.EffectiveFrom); err != nil {
			f.refuse(at(place+".effectiveFrom"), fault.New(fault.Invalid, "DAY_INVALID", "There is no such day; one is written as 2026-11-25."))
		}
		if key := row.Kind + " " + row.EffectiveFrom; seen[key] {
			f.refuse(at(place), fault.New(fault.Invalid, "ROW_TWICE", "The file has this kind with this first day twice."))
		} else {
			seen[key] = true
		}
		row.Source = strings.TrimSpace(row.Source)
		f.settleSource(&row.Source, at(place+".source"))
	}
	return rows, f.orNil()
}
