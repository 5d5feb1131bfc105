package meili

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"gongshu/internal/fault"
)

func TestMeaning(t *testing.T) {
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(10 * time.Second):
		}
	}))
	defer slow.Close()
	client := &http.Client{Timeout: 10 * time.Millisecond}
	_, err := meilisearch.New(slow.URL, meilisearch.WithCustomClient(client), meilisearch.DisableRetries()).HealthWithContext(t.Context())
	for want, err := range map[string]error{
		"did not answer in time":  err,
		"host of its URL is not":  &url.Error{Op: "Post", URL: "http://search", Err: &net.DNSError{Name: "search", IsNotFound: true}},
		"closed the connection":   io.ErrUnexpectedEOF,
		"too long":                errTooLong,
		"with status 301":         &meilisearch.Error{StatusCode: 301},
		"nothing answers":         errors.New("connection refused"),
		"answer cannot be read":   &meilisearch.Error{ErrCode: meilisearch.ErrCodeResponseUnmarshalBody, StatusCode: 200},
		"answers with status 502": &meilisearch.Error{StatusCode: 502},
	} {
		got := meaning(t.Context(), err)
		if all := fault.All(got); len(all) != 1 || all[0].Kind != fault.Unavailable || !strings.Contains(got.Error(), want) {
			t.Errorf("%v means %v, want %s", err, got, want)
		}
	}
	for want, err := range map[string]*meilisearch.Error{
		"refuses the key":           {StatusCode: 403},
		"refuses what it was asked": {StatusCode: 400},
		"with status 404":           {StatusCode: 404},
	} {
		if got := meaning(t.Context(), err); fault.All(got) != nil || !strings.Contains(got.Error(), want) {
			t.Errorf("%d means %v, want %s", err.StatusCode, got, want)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if got := meaning(gone, io.EOF); !errors.Is(got, context.Canceled) {
		t.Errorf("of who gave up it says %v", got)
	}
}

func TestAnAnswerIsBounded(t *testing.T) {
	body := &boundedBody{io.NopCloser(strings.NewReader(strings.Repeat("a", 100))), 10}
	if read, err := io.ReadAll(body); !errors.Is(err, errTooLong) || len(read) != 10 {
		t.Errorf("%d bytes are read: %v", len(read), err)
	}
}

func TestRecent(t *testing.T) {
	for version, want := range map[string]bool{"1.18.0": true, "1.50.0-rc.1": true, "1.17.9": false, "0.30.0": false, "2.0.0": false, "": false, "1.x": false} {
		if recent(version) != want {
			t.Errorf("%s: %t", version, !want)
		}
	}
}
