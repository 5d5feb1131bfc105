package session

import (
	"net/http"
	"net/netip"
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
		{"IPv4 in IPv6 is IPv4", "[::ffff:10.0.0.1]:4711", proxies, []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := AddressOf(r, c.proxies); got != c.want {
			t.Errorf("%s: want %s, got %s", c.sentence, c.want, got)
		}
	}
}
