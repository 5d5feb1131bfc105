package store

import (
	"bufio"
	"context"
	"net"
	"time"
)

// readAhead is how much of what Postgres answers is taken from the network at once, in bytes: a page of records. lib/pq would
// ask for 4 KiB at a time.
const readAhead = 32 << 10

// dialer opens connections to Postgres that read ahead.
type dialer struct{ net.Dialer }

// readingAhead is a connection that takes from the network what there is, and gives what it is asked for.
type readingAhead struct {
	net.Conn
	ahead *bufio.Reader
}

func (c readingAhead) Read(p []byte) (int, error) { return c.ahead.Read(p) }

func aheadOf(conn net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return readingAhead{conn, bufio.NewReaderSize(conn, readAhead)}, nil
}

// DialContext opens a connection.
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return aheadOf(d.Dialer.DialContext(ctx, network, address))
}

// Dial is DialContext without one: lib/pq's dialers have it, and it does not use it where there is the other.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialTimeout is Dial that gives up after some time.
func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}
