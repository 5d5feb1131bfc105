package server

import (
	"mime"
	"strconv"
	"strings"
)

// wanted is how much a header that lists what is wanted, Accept or Accept-Encoding, wants something, by the most exact of what
// it lists: at most 1, and 0 where it does not.
func wanted(header []string, what string) float64 {
	family, _, isType := strings.Cut(what, "/")
	family += "/*"
	exact, weight := 0, 0.0
	for offer := range strings.SplitSeq(strings.Join(header, ","), ",") {
		kind, params, err := mime.ParseMediaType(offer)
		if err != nil {
			continue
		}
		how := 0
		switch {
		case kind == what:
			how = 3
		case isType && kind == family:
			how = 2
		case isType && kind == "*/*", !isType && kind == "*":
			how = 1
		}
		if how <= exact {
			continue
		}
		exact, weight = how, 1
		if q, stated := params["q"]; stated {
			if weight, err = strconv.ParseFloat(q, 64); err != nil || !(weight >= 0 && weight <= 1) {
				weight = 0
			}
		}
	}
	return weight
}
