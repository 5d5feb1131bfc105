package graphqlhttp

import (
	"net/http/httptest"
	"testing"

	"gongshu/e2e/conformance"
)

func TestTheTransportPassesEveryAuditOfTheSpecification(t *testing.T) {
	server := httptest.NewServer(newFixture(t, Options{}))
	defer server.Close()
	conformance.Audit(t, server.URL)
}
