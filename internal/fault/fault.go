// Package fault owns the one error type that a person can act on.
//
// A fault has a kind, a stable code that clients translate, one English sentence,
// and where there is one the field it concerns. Everything that is not a fault is
// wrapped with what was being done and reaches the caller as Internal, without its cause.
package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind says what the caller can do about a fault.
type Kind int

// The kinds. Invalid, NotFound and Conflict become payload errors in GraphQL; the others are top-level errors.
const (
	// Internal is not the caller's doing; its cause is logged and never shown.
	Internal Kind = iota
	// Invalid input: correct the named field and try again.
	Invalid
	// NotFound is what is absent or invisible to the viewer; the two are never told apart.
	NotFound
	// Conflict with the present state of things.
	Conflict
	// Unauthenticated: sign in first.
	Unauthenticated
	// Forbidden: signed in, but not as somebody who may.
	Forbidden
	// TooLarge: the request exceeds a stated limit.
	TooLarge
	// TooMany: a rate limit was reached; wait.
	TooMany
	// Unavailable: a part that is needed does not answer now.
	Unavailable
)

// Error is a refusal with a stable code.
type Error struct {
	Kind Kind
	// Code is stable, upper case: ORDER_NOT_PAYABLE.
	Code string
	// Message is one English sentence.
	Message string
	// Field is the path of the input that the fault concerns, "" when there is none: input.quantity.
	Field string
	// Params are the values inside the message, for the client that says it in another language.
	Params map[string]any
}

// New makes a fault; the arguments fill the format as in fmt.Sprintf.
func New(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Error returns the code and the sentence.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// At returns a copy of the fault that names the field it concerns.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// With returns a copy of the fault that carries one more parameter.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Params = map[string]any{}
	for k, v := range e.Params {
		c.Params[k] = v
	}
	c.Params[name] = value
	return &c
}

// Is makes errors.Is(err, fault.New(k, code, …)) true when the codes agree.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// List is several faults at once: everything that is wrong with an input, in the order of the input.
type List []*Error

// Error joins the sentences.
func (l List) Error() string {
	parts := make([]string, len(l))
	for i, e := range l {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// OrNil returns the list as an error, nil when it is empty.
func (l List) OrNil() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All returns the faults that err consists of, nil when err holds none.
func All(err error) []*Error {
	var list List
	if errors.As(err, &list) {
		return list
	}
	var one *Error
	if errors.As(err, &one) {
		return []*Error{one}
	}
	return nil
}

// Refused reports whether err is a refusal: nothing was done, and nothing will have been. What a part that does not answer leaves open is
// none, as a commit whose answer got lost.
func Refused(err error) bool {
	all := All(err)
	return len(all) > 0 && !slices.ContainsFunc(all, func(e *Error) bool { return e.Kind == Unavailable || e.Kind == Internal })
}

// CodeOf returns the code of the first fault in err, INTERNAL when there is none.
func CodeOf(err error) string {
	if all := All(err); len(all) > 0 {
		return all[0].Code
	}
	return "INTERNAL"
}

// Absent is the one answer for what does not exist and for what the viewer may not see.
func Absent(what string) *Error {
	return New(NotFound, "NOT_FOUND", "There is no such %s.", what).With("what", what)
}
