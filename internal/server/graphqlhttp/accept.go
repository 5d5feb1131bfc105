package graphqlhttp

import (
	"strings"

	"gongshu/internal/server/accept"
)

// The two media types of an answer.
const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
	// mediaEvents is that of a stream, which only a subscription is answered with.
	mediaEvents = "text/event-stream"
)

// negotiate picks the media type of the answer from the Accept headers; not ok when the caller takes neither.
//
// Between equals a caller who names application/graphql-response+json knows what it is asking for; everybody else
// gets application/json, which older clients expect.
func negotiate(headers []string) (media string, ok bool) {
	if strings.TrimSpace(strings.Join(headers, ",")) == "" {
		return mediaJSON, true
	}
	modern, legacy := accept.Of(headers, mediaGraphQL), accept.Of(headers, mediaJSON)
	switch {
	case modern.Quality == 0 && legacy.Quality == 0:
		return "", false
	case modern.Quality > legacy.Quality, modern.Quality == legacy.Quality && modern.Specificity == accept.ByName:
		return mediaGraphQL, true
	default:
		return mediaJSON, true
	}
}

// takesEvents reports whether the caller names text/event-stream among what it takes.
func takesEvents(headers []string) bool {
	events := accept.Of(headers, mediaEvents)
	return events.Specificity == accept.ByName && events.Quality > 0
}
