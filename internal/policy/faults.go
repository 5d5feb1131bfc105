package policy

import (
	"cmp"
	"strings"

	"gongshu/internal/fault"
	"gongshu/internal/legible"
	"gongshu/internal/tabular"
)

// MaxFaults bounds how many mistakes of a file are named; the last then says that there are more.
const MaxFaults = 200

// place puts a fault where its mistake is.
type place func(*fault.Error) *fault.Error

func at(field string) place { return func(f *fault.Error) *fault.Error { return f.At(field) } }

func cell(row tabular.Record, key string) place {
	return func(f *fault.Error) *fault.Error { return row.Refuse(key, f) }
}

// faults are what is wrong with a file whose years or code tables each have a source document.
type faults struct {
	wrong fault.List
	// otherwise is the source document of those for which the file names none.
	otherwise string
}

// refuse keeps one more than are named.
func (w *faults) refuse(here place, f *fault.Error) {
	if len(w.wrong) <= MaxFaults {
		w.wrong = append(w.wrong, here(f))
	}
}

// orNil returns what is wrong in the order of the file, nil for nothing.
func (w *faults) orNil() error {
	tabular.Sort(w.wrong)
	if len(w.wrong) > MaxFaults {
		return append(w.wrong[:MaxFaults:MaxFaults], fault.New(fault.Invalid, "POLICY_FAULTS_MORE", "There are more mistakes than the %d named here.", MaxFaults).With("max", MaxFaults))
	}
	return w.wrong.OrNil()
}

// say takes what a file says here of a source document, "" for nothing: all that it says of one must agree.
func (w *faults) say(source *string, here string, at place) {
	if here != "" && *source != "" && *source != here {
		w.refuse(at, fault.New(fault.Invalid, "SOURCE_DIFFERS", "A year or code table comes from one document; its rows name several."))
	}
	*source = cmp.Or(*source, here)
}

// settleSource names the source document of what is whole now.
func (w *faults) settleSource(source *string, here place) {
	*source = cmp.Or(*source, w.otherwise)
	switch {
	case strings.TrimSpace(*source) == "":
		w.refuse(here, fault.New(fault.Invalid, "SOURCE_MISSING", "Policy has a source document: name it in the file, or with --source."))
	case len(*source) > MaxSourceBytes || legible.Line(*source) != nil:
		w.refuse(here, fault.New(fault.Invalid, "SOURCE_INVALID", "The name of a source document is one line of at most %d bytes.", MaxSourceBytes).With("max", MaxSourceBytes))
	}
}
