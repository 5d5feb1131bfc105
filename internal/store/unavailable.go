package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/lib/pq"

	"gongshu/internal/fault"
)

// unavailable is what callers are told of a database that does not answer: it is no fault of theirs or of the program's,
// and passes. Every edge shows its kind as 503.
var unavailable = fault.New(fault.Unavailable, "UNAVAILABLE", "The database does not answer now; try again later.")

// unreachable is a database that does not answer. What it says is for who runs the program: the driver's own words,
// which name hosts and users, stay inside.
type unreachable struct {
	why   string
	cause error
}

func (u *unreachable) Error() string { return "the database cannot be reached: " + u.why }

func (u *unreachable) Unwrap() []error { return []error{unavailable, u.cause} }

// ifUnreachable makes an error of a connection that is gone, or was never there, an unreachable; any other it returns as it is.
func ifUnreachable(err error) error {
	var known *unreachable
	if err == nil || errors.As(err, &known) {
		return err
	}
	if why := whyUnreachable(err); why != "" {
		return &unreachable{why, err}
	}
	return err
}

// whyUnreachable says in plain words why there is no connection, "" where the error is another.
func whyUnreachable(err error) string {
	var answered *pq.Error
	if errors.As(err, &answered) {
		switch answered.Code.Class() {
		case "08", "57": // connection exceptions; shutting down, starting up
			if answered.Code == "57014" { // a statement was cancelled
				return ""
			}
			return "its server is starting or stopping"
		case "28":
			return "it refuses the user or the password of its URL"
		case "3D":
			return "its server has no database of the name in its URL"
		case "53":
			if answered.Code == "53300" {
				return "its server takes no more connections"
			}
			return "its server has run out of disk or memory"
		}
		return ""
	}
	var name *net.DNSError
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "" // who asked gave up
	case errors.As(err, &name):
		return "the host of its URL is not known"
	case errors.As(err, &network) && network.Timeout():
		return "its server did not answer in time"
	case errors.As(err, &network):
		return "no server answers at the address of its URL"
	case errors.Is(err, pq.ErrSSLNotSupported):
		return "its server offers no TLS; say sslmode=disable in its URL where the network is your own"
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "its server closed the connection"
	}
	return ""
}

// connector opens connections that prepare what they are asked again, and says of those that cannot be opened why.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, ifUnreachable(err)
	}
	whole, ok := conn.(pqConn)
	if !ok {
		return nil, errors.Join(errors.New("store: lib/pq makes something unknown"), conn.Close())
	}
	return newPreparing(whole), nil
}
