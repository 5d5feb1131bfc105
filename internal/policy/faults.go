package policy

import (
	"strings"
	"unicode"

	"gongshu/internal/fault"
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

// faults are what is wrong with a file.
type faults struct {
	wrong fault.List
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

// sourceFault says what is wrong with the name of a source document, nil for nothing.
func sourceFault(source string) *fault.Error {
	switch {
	case strings.TrimSpace(source) == "":
		return fault.New(fault.Invalid, "SOURCE_MISSING", "Policy has a source document: name it in the file, or with --source.")
	case len(source) > MaxSourceBytes || hasControl(source):
		return fault.New(fault.Invalid, "SOURCE_INVALID", "The name of a source document is one line of at most %d bytes.", MaxSourceBytes).With("max", MaxSourceBytes)
	}
	return nil
}

func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) })
}
