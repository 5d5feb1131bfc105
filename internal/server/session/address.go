package session

import (
	"iter"
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
	for hop := range hopsBackward(r.Header.Values("X-Forwarded-For")) {
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

// NetworkOf is where an address of AddressOf is together with others: an IPv6 address in its /48, which one site may have
// and which holds 65,536 addresses as they are counted; an IPv4 address by itself, since its neighbours are anybody.
func NetworkOf(address string) string {
	subscriber, err := netip.ParsePrefix(address)
	if err != nil {
		return address
	}
	return netip.PrefixFrom(subscriber.Addr(), 48).Masked().String()
}

// hopsBackward are what stands between the commas of a header, the last first; what nobody asks for is not looked at, since
// anybody may have written it.
func hopsBackward(header []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, hops := range slices.Backward(header) {
			for more := true; more; {
				hop := hops
				if i := strings.LastIndexByte(hops, ','); i >= 0 {
					hops, hop = hops[:i], hops[i+1:]
				} else {
					more = false
				}
				if !yield(hop) {
					return
				}
			}
		}
	}
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
