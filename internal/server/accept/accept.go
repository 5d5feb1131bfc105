// Package accept reads the headers by which a caller says what it takes (RFC 9110 §12.5): Accept and Accept-Encoding.
package accept

import (
	"mime"
	"strconv"
	"strings"
)

// How exactly a caller names something.
const (
	NotAtAll = iota
	ByAnything
	ByFamily
	ByName
)

// Want is how much a caller wants something: 0 to 1 by the most exact of what it lists, and how exactly it names it.
type Want struct {
	Quality     float64
	Specificity int
}

// Of is how much a caller wants a media type or, without a slash, a coding. Of members that are as exact the highest counts; one
// that is broken, or of another charset than UTF-8, is none.
func Of(headers []string, what string) (w Want) {
	family, _, isType := strings.Cut(what, "/")
	for member := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, params, err := mime.ParseMediaType(member)
		if err != nil || !IsUTF8(params) {
			continue
		}
		q, ok := quality(params)
		if !ok {
			continue
		}
		specificity := NotAtAll
		switch {
		case name == what:
			specificity = ByName
		case isType && name == family+"/*":
			specificity = ByFamily
		case name == "*/*" && isType, name == "*" && !isType:
			specificity = ByAnything
		}
		switch {
		case specificity > w.Specificity:
			w = Want{q, specificity}
		case specificity > NotAtAll && specificity == w.Specificity:
			w.Quality = max(w.Quality, q)
		}
	}
	return w
}

// IsUTF8 reports whether the parameters of a media type leave UTF-8 as the charset.
func IsUTF8(params map[string]string) bool {
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// quality reads a weight: 0 to 1, 1 when it is not given.
func quality(params map[string]string) (q float64, ok bool) {
	text, given := params["q"]
	if !given {
		return 1, true
	}
	q, err := strconv.ParseFloat(text, 64)
	return q, err == nil && q >= 0 && q <= 1 // NaN is neither
}
