package session

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestWhereARequestCameFrom(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		sentence  string
		peer      string
		proxies   []netip.Prefix
		forwarded []string
		want      string
	}{
		{"whoever is connected", "192.0.2.1:4711", proxies, nil, "192.0.2.1"},
		{"a stranger's word counts for nothing", "192.0.2.1:4711", proxies, []string{"198.51.100.7"}, "192.0.2.1"},
		{"without trusted proxies nobody's does", "10.0.0.1:4711", nil, []string{"198.51.100.7"}, "10.0.0.1"},
		{"a proxy speaks for the last hop", "10.0.0.1:4711", proxies, []string{"203.0.113.9, 198.51.100.7"}, "198.51.100.7"},
		{"proxies behind each other are passed over", "10.0.0.1:4711", proxies, []string{"203.0.113.9, 198.51.100.7", "10.0.0.2"}, "198.51.100.7"},
		{"a hop may have a port", "[fd00::1]:4711", proxies, []string{"198.51.100.7:99"}, "198.51.100.7"},
		{"a hop that is no address ends the search", "10.0.0.1:4711", proxies, []string{"198.51.100.7, unknown"}, "10.0.0.1"},
		{"a proxy that says nothing is counted itself", "10.0.0.1:4711", proxies, nil, "10.0.0.1"},
		{"IPv6 counts by its network", "[2001:db8:1:2:3:4:5:6]:4711", proxies, nil, "2001:db8:1:2::/64"},
		{"behind a proxy too", "10.0.0.1:4711", proxies, []string{"2001:db8:1:2::9"}, "2001:db8:1:2::/64"},
		{"an empty header says nothing", "10.0.0.1:4711", proxies, []string{""}, "10.0.0.1"},
		{"IPv4 in IPv6 is IPv4", "[::ffff:10.0.0.1]:4711", proxies, []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := AddressOf(r, c.proxies); got != c.want {
			t.Errorf("%s: want %s, got %s", c.sentence, c.want, got)
		}
	}
}

func TestWhichNetworkAnAddressIsIn(t *testing.T) {
	for _, c := range []struct{ sentence, peer, want string }{
		{"IPv6 is with the others of its site", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1::/48"},
		{"another of the same site", "[2001:db8:1:ffff::1]:4711", "2001:db8:1::/48"},
		{"another site", "[2001:db8:2::1]:4711", "2001:db8:2::/48"},
		{"IPv4 is alone", "192.0.2.1:4711", "192.0.2.1"},
	} {
		if got := NetworkOf(AddressOf(&http.Request{RemoteAddr: c.peer}, nil)); got != c.want {
			t.Errorf("%s: want %s, got %s", c.sentence, c.want, got)
		}
	}
}

// What a stranger writes is not even read.
func TestAStrangersHeaderIsNotRead(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	long := http.Header{"X-Forwarded-For": {strings.Repeat("10.0.0.9,", 7000)}}
	for sentence, r := range map[string]*http.Request{
		"from a stranger":      {RemoteAddr: "192.0.2.1:4711", Header: long},
		"behind another proxy": {RemoteAddr: "10.0.0.1:4711", Header: http.Header{"X-Forwarded-For": {long.Get("X-Forwarded-For") + "192.0.2.1"}}},
	} {
		if n := testing.AllocsPerRun(10, func() { AddressOf(r, proxies) }); n > 10 {
			t.Errorf("%s: %v allocations", sentence, n)
		}
	}
}
