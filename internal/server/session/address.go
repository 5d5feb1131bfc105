package session

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// AddressOf is where a request came from: whoever is connected, or, where that is a trusted proxy, the last hop of
// X-Forwarded-For that is not one; what stands before that hop anybody may have written. An IPv6 address counts as its
// /64, which is what one subscriber has.
func AddressOf(r *http.Request, proxies []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	at := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !trusted(at, proxies) {
			break
		}
		before, err := parseHop(hop)
		if err != nil {
			break // nobody knows; the proxy that said so answers for it
		}
		at = before
	}
	if at.Is6() {
		return netip.PrefixFrom(at.WithZone(""), 64).Masked().String()
	}
	return at.String()
}

// parseHop reads an address, which some proxies write with a port.
func parseHop(hop string) (netip.Addr, error) {
	hop = strings.TrimSpace(hop)
	if with, err := netip.ParseAddrPort(hop); err == nil {
		return with.Addr().Unmap(), nil
	}
	at, err := netip.ParseAddr(hop)
	return at.Unmap(), err
}

func trusted(at netip.Addr, proxies []netip.Prefix) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(at.WithZone("")) })
}
