package server

import (
	"crypto/sha256"
	"net/http"
	"strings"

	"gongshu/internal/access"
	"gongshu/internal/server/ratelimit"
	"gongshu/internal/server/session"
)

// spend pays for a request to /graphql or for a file: from the account of who is signed in, else from the address, and always from the network.
func (s *Server) spend(w http.ResponseWriter, r *http.Request, points int) error {
	address := session.AddressOf(r, s.TrustedProxies)
	own := ratelimit.Purse{Policy: ratelimit.Address, Key: address}
	if v := access.FromContext(r.Context()); v.SignedIn() {
		own = ratelimit.Purse{Policy: ratelimit.Account, Key: v.PersonID.String()}
	}
	return s.rates.Spend(w.Header(), points, own, ratelimit.Purse{Policy: ratelimit.Network, Key: session.NetworkOf(address)})
}

// dataRate pays for data calls. A credential has a purse once it was served; until then, and where there is none, its
// address pays, so that nobody gets a purse by making up secrets.
type dataRate struct{ *Server }

// Spend pays for a data call.
func (d dataRate) Spend(w http.ResponseWriter, r *http.Request, points int) error {
	address := session.AddressOf(r, d.TrustedProxies)
	own := ratelimit.Purse{Policy: ratelimit.Address, Key: address}
	if p := credentialOf(r); d.rates.IsOpen(p) {
		own = p
	}
	return d.rates.Spend(w.Header(), points, own, ratelimit.Purse{Policy: ratelimit.Network, Key: session.NetworkOf(address)})
}

// Served opens a purse for the credential of a call.
func (d dataRate) Served(r *http.Request) { d.rates.Open(credentialOf(r)) }

// credentialOf is the purse of a call's credential; the key is a hash, so that no secret is kept.
func credentialOf(r *http.Request) ratelimit.Purse {
	_, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(secret)))
	return ratelimit.Purse{Policy: ratelimit.Credential, Key: string(sum[:])}
}
