// Package job owns the life of long work that a person began and need not wait for: its states, its stages, how far it is.
//
// It does no work and knows no clock. What a job does, and who may see it, belongs to others.
package job

import (
	"encoding/json"
	"slices"
	"time"

	"gongshu/internal/fault"
)

// Kind is what a job does.
type Kind string

// DatasetCheck reads an uploaded file by its product's dictionary, holds it against output control and makes it a version.
const DatasetCheck Kind = "DATASET_CHECK"

// BankImport reads a bank statement and matches its lines with what is expected.
const BankImport Kind = "BANK_IMPORT"

// Values lists the stored forms.
func (Kind) Values() []string { return []string{"DATASET_CHECK", "BANK_IMPORT"} }

// State is how far a job is.
type State string

// QUEUED → RUNNING → DONE | REFUSED | FAILED. A job that a stop cut off goes on RUNNING and is done again from its beginning.
const (
	Queued  State = "QUEUED"
	Running State = "RUNNING"
	Done    State = "DONE"
	// Refused says that what was given is wrong, and its result says where.
	Refused State = "REFUSED"
	// Failed says that the program could not; nobody is told why but its log.
	Failed State = "FAILED"
)

// Values lists the stored forms.
func (State) Values() []string { return []string{"QUEUED", "RUNNING", "DONE", "REFUSED", "FAILED"} }

// Open are the states of work that has not ended.
var Open = []State{Queued, Running}

// next lists the legal moves; a state without an entry is final.
var next = map[State][]State{
	Queued:  {Running, Done, Refused, Failed},
	Running: {Running, Done, Refused, Failed},
}

// Ended reports whether nothing more becomes of it.
func (s State) Ended() bool { return len(next[s]) == 0 }

// Move refuses what a job cannot become with MOVE_NOT_ALLOWED.
func Move(from, to State) error {
	if slices.Contains(next[from], to) {
		return nil
	}
	return fault.New(fault.Conflict, "MOVE_NOT_ALLOWED", "A job that is %s does not become %s.", from, to).With("from", string(from)).With("to", string(to))
}

// Stage is the part of the work that a running job is at, in their order.
type Stage string

// The stages of a dataset check.
const (
	// Reading reads rows and holds them against the dictionary; done and total are bytes of the file.
	Reading Stage = "READING"
	// Building indexes and settles the files that are served, counts classes for output control and records the version.
	Building Stage = "BUILDING"
)

// The stages of a bank import, after READING.
const (
	// Matching holds lines against what is expected; done and total are lines.
	Matching Stage = "MATCHING"
	// Confirming gives what was paid for to its buyers; done and total are payments.
	Confirming Stage = "CONFIRMING"
)

// Values lists the stored forms.
func (Stage) Values() []string { return []string{"READING", "BUILDING", "MATCHING", "CONFIRMING"} }

// leastTime is how long work has to run before anything is foretold of it.
const leastTime = time.Second

// TimeLeft foretells how long the stage that a job is at will last, by how fast it went until now; ok is false while nobody
// can tell: too early, nothing done, or a total that is not known.
func TimeLeft(began, now time.Time, done, total int64) (left time.Duration, ok bool) {
	took := now.Sub(began)
	if took < leastTime || done <= 0 || total < done {
		return 0, false
	}
	return time.Duration(float64(took) * float64(total-done) / float64(done)).Truncate(time.Second), true
}

// Result is what a job ended in.
type Result struct {
	// DatasetID is the version that a dataset check made, also where output control does not let it leave; "" for none.
	DatasetID string `json:"datasetId,omitempty"`
	Rows      int64  `json:"rows,omitempty"`
	// Encoding is the one that a file was read in; "" where none was.
	Encoding string `json:"encoding,omitempty"`
	// Rejects are the first mistakes of the file, RejectCount counts all.
	Rejects     []Reject `json:"rejects,omitempty"`
	RejectCount int64    `json:"rejectCount,omitempty"`
	// Lines counts what a bank import made of the lines of its statement; nil of another job.
	Lines *StatementLines `json:"lines,omitempty"`
	// Refusals say why it was refused.
	Refusals []Refusal `json:"refusals,omitempty"`
}

// StatementLines counts lines of a bank statement.
type StatementLines struct {
	// Known were in another statement already, Matched are what was expected, Queued wait for a person.
	Known   int `json:"known"`
	Matched int `json:"matched"`
	Queued  int `json:"queued"`
}

// Reject is a place in a file that is wrong; it never holds what stands there.
type Reject struct {
	// Row is the line of the file, 0 for the whole; Column is "" where none is concerned, and Position its place from 1.
	Row      int64  `json:"row,omitempty"`
	Column   string `json:"column,omitempty"`
	Position int    `json:"position,omitempty"`
	Code     string `json:"code"`
}

// UnmarshalJSON reads a place as it was kept; FILE_NOT_UTF8 is what FILE_ENCODING was called while UTF-8 alone was read.
func (r *Reject) UnmarshalJSON(raw []byte) error {
	type kept Reject
	if err := json.Unmarshal(raw, (*kept)(r)); err != nil {
		return err
	}
	if r.Code == "FILE_NOT_UTF8" {
		r.Code = "FILE_ENCODING"
	}
	return nil
}

// Refusal is a fault as it is kept.
type Refusal struct {
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Params  map[string]string `json:"params,omitempty"`
}
