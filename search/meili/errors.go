package meili

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/meilisearch/meilisearch-go"

	"gongshu/internal/fault"
)

// silent is what callers are told of a server that does not answer: it is no fault of theirs, and passes.
var silent = fault.New(fault.Unavailable, "UNAVAILABLE", "The search does not answer now; try again later.")

// unavailable is a server that does not answer, or answers what cannot be read. What it says is for who runs the program.
type unavailable struct{ why string }

func (u *unavailable) Error() string { return "the search server cannot be reached: " + u.why }

func (u *unavailable) Unwrap() error { return silent }

// refusedError is a request or a task that the server does not carry out, whoever asks again.
type refusedError struct{ said string }

func (r *refusedError) Error() string { return "search server: " + r.said }

// codeOf is the code of an error of Meilisearch's, "" of any other and of none.
func codeOf(err error) string {
	var answered *meilisearch.Error
	if errors.As(err, &answered) {
		return answered.MeilisearchApiError.Code
	}
	return ""
}

// meaning says what an error of the client means. The client's own words hold whole requests and answers, and stay inside.
func meaning(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if gone := ctx.Err(); gone != nil {
		return gone
	}
	var answered *meilisearch.Error
	if !errors.As(err, &answered) {
		return &unavailable{why(err)}
	}
	said := answered.MeilisearchApiError
	switch status := answered.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Errorf("search server: it refuses the key: %.40q", said.Code)
	case answered.ErrCode == meilisearch.ErrCodeResponseUnmarshalBody:
		return &unavailable{"its answer cannot be read"}
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return &unavailable{fmt.Sprintf("it answers with status %d: %.40q", status, said.Code)}
	case status >= 300 && status < 400: // it is elsewhere, or something in between stands in for it
		return &unavailable{fmt.Sprintf("it answers with status %d", status)}
	case status >= 400:
		return &refusedError{fmt.Sprintf("it refuses what it was asked with status %d: %.60q, %.300q", status, said.Code, said.Message)}
	default:
		return &unavailable{why(answered.OriginError)}
	}
}

// why says in plain words why there is no answer.
func why(err error) string {
	var name *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &name):
		return "the host of its URL is not known"
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "it did not answer in time"
	case errors.Is(err, errTooLong):
		return "its answer is too long"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it closed the connection"
	default:
		return "nothing answers at the address of its URL"
	}
}

// bounded bounds what is read of an answer.
type bounded struct{ http.RoundTripper }

var errTooLong = errors.New("the answer is too long")

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Body = &boundedBody{response.Body, maxAnswer}
	}
	return response, err
}

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
