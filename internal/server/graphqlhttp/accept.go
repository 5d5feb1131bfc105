package graphqlhttp

import (
	"mime"
	"strconv"
	"strings"
)

// The two media types of an answer.
const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
	// mediaEvents is that of a stream, which only a subscription is answered with.
	mediaEvents = "text/event-stream"
)

// preference is how much a caller wants a media type (RFC 9110 §12.5.1).
type preference struct {
	specificity int // 0 not named at all, 1 by */*, 2 by application/*, 3 by its name
	quality     float64
}

// negotiate picks the media type of the answer from the Accept headers; not ok when the caller takes neither.
//
// Between equals a caller who names application/graphql-response+json knows what it is asking for; everybody else
// gets application/json, which older clients expect.
func negotiate(headers []string) (media string, ok bool) {
	accept := strings.Join(headers, ",")
	if strings.TrimSpace(accept) == "" {
		return mediaJSON, true
	}
	var modern, legacy preference
	for member := range strings.SplitSeq(accept, ",") {
		name, params, err := mime.ParseMediaType(member)
		if err != nil || !isUTF8(params) {
			continue
		}
		quality, err := quality(params)
		if err != nil {
			continue
		}
		switch name {
		case mediaGraphQL:
			modern.weigh(3, quality)
		case mediaJSON:
			legacy.weigh(3, quality)
		case "application/*":
			modern.weigh(2, quality)
			legacy.weigh(2, quality)
		case "*/*":
			modern.weigh(1, quality)
			legacy.weigh(1, quality)
		}
	}
	switch {
	case modern.quality == 0 && legacy.quality == 0:
		return "", false
	case modern.quality > legacy.quality, modern.quality == legacy.quality && modern.specificity == 3:
		return mediaGraphQL, true
	default:
		return mediaJSON, true
	}
}

// takesEvents reports whether the caller names text/event-stream among what it takes.
func takesEvents(headers []string) bool {
	for member := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, params, err := mime.ParseMediaType(member)
		if err != nil || name != mediaEvents || !isUTF8(params) {
			continue
		}
		if q, err := quality(params); err == nil && q > 0 {
			return true
		}
	}
	return false
}

// weigh takes the quality of a media range; the most specific range decides.
func (p *preference) weigh(specificity int, quality float64) {
	switch {
	case specificity > p.specificity:
		*p = preference{specificity, quality}
	case specificity == p.specificity:
		p.quality = max(p.quality, quality)
	}
}

// quality reads the weight of a media range: 0 to 1, 1 when it is not given.
func quality(params map[string]string) (float64, error) {
	text, given := params["q"]
	if !given {
		return 1, nil
	}
	q, err := strconv.ParseFloat(text, 64)
	if err == nil && !(q >= 0 && q <= 1) { // NaN is neither
		err = strconv.ErrRange
	}
	return q, err
}
