package link

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// manner is what becomes of a COMMIT on its way.
type manner int

const (
	// passes lets it through.
	passes manner = iota
	// lost cuts the link before the server hears of it.
	lost
	// unanswered cuts the link once the server has committed, before the program hears of it.
	unanswered
)

// Kinds of messages of Postgres's protocol, version 3.
const (
	query    = 'Q'
	parse    = 'P'
	bind     = 'B'
	complete = 'C'
	ready    = 'Z'
)

// proxy is the link between programs and a Postgres server. It understands their messages as far as one has to, to see a COMMIT.
type proxy struct {
	// url is that of the database through the proxy.
	url             string
	network, server string
	// see is told of each message of a program before it is forwarded, with the SQL that it runs if it runs some; commit says
	// what becomes of a COMMIT; both may be nil.
	see    func(c *conn, kind byte, body []byte, text string)
	commit func(c *conn) manner

	mu   sync.Mutex
	cuts map[manner]int
	// wrong is what the server or the proxy did that nobody expects.
	wrong []error
}

// conn is one connection through a proxy. Its own goroutine, which reads what the program sends, alone uses wrote and statements.
type conn struct {
	program, server net.Conn
	// wrote are the tables into which its transaction inserted.
	wrote []string
	// statements are the texts of those it prepared by their names; the unnamed one is among them.
	statements map[string]string

	mu      sync.Mutex
	swallow bool
}

// openProxy listens on the loopback for as long as the test runs.
func openProxy(t testing.TB, databaseURL string) *proxy {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{network: "tcp", server: u.Host, cuts: map[manner]int{}}
	q := u.Query()
	if folder := q.Get("host"); strings.HasPrefix(folder, "/") {
		port := q.Get("port")
		if port == "" {
			port = "5432"
		}
		p.network, p.server = "unix", filepath.Join(folder, ".s.PGSQL."+port)
	} else if folder != "" {
		t.Fatalf("the server is neither in the URL's host nor a socket: %q", folder)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	q.Del("host")
	q.Del("port")
	u.Host, u.RawQuery = listener.Addr().String(), q.Encode()
	p.url = u.String()
	go func() {
		for {
			program, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go p.carry(program)
		}
	}()
	return p
}

// count is how many COMMITs were cut in a manner.
func (p *proxy) count(m manner) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cuts[m]
}

func (p *proxy) cut(m manner) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cuts[m]++
}

func (p *proxy) complain(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrong = append(p.wrong, err)
}

// carry carries one connection until either side, or a cut, ends it.
func (p *proxy) carry(program net.Conn) {
	server, err := net.Dial(p.network, p.server)
	if err != nil {
		p.complain(err)
		program.Close()
		return
	}
	c := &conn{program: program, server: server, statements: map[string]string{}}
	go func() {
		defer c.close()
		p.answers(c)
	}()
	defer c.close()
	from := bufio.NewReader(program)
	var head [4]byte // the first message has no kind
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return
	}
	if err := forward(server, head[:], from, binary.BigEndian.Uint32(head[:])); err != nil {
		return
	}
	for {
		kind, message, err := read(from)
		if err != nil {
			return
		}
		text := c.follow(kind, message[5:])
		if p.see != nil {
			p.see(c, kind, message[5:], text)
		}
		if text == "COMMIT" && p.commit != nil {
			switch p.commit(c) {
			case lost:
				p.cut(lost)
				return
			case unanswered:
				c.mu.Lock()
				c.swallow = true
				c.mu.Unlock()
			}
		}
		if _, err := server.Write(message); err != nil {
			return
		}
	}
}

// follow keeps what the transaction wrote to, and returns the SQL that a message runs.
func (c *conn) follow(kind byte, body []byte) (text string) {
	switch kind {
	case query:
		text = string(bytes.TrimSuffix(body, []byte{0}))
	case parse:
		name, rest, _ := bytes.Cut(body, []byte{0})
		text, _, _ := bytes.Cut(rest, []byte{0})
		c.statements[string(name)] = string(text)
		return ""
	case bind:
		_, rest, _ := bytes.Cut(body, []byte{0}) // the portal
		name, _, _ := bytes.Cut(rest, []byte{0})
		text = c.statements[string(name)]
	default:
		return ""
	}
	if strings.HasPrefix(text, "BEGIN") {
		c.wrote = nil
	}
	if table, found := strings.CutPrefix(text, `INSERT INTO "`); found {
		table, _, _ = strings.Cut(table, `"`)
		c.wrote = append(c.wrote, table)
	}
	return text
}

// answers carries what the server says; what it says to a COMMIT that stays unanswered ends the connection.
func (p *proxy) answers(c *conn) {
	from := bufio.NewReader(c.server)
	said := ""
	for {
		kind, message, err := read(from)
		if err != nil {
			return
		}
		c.mu.Lock()
		swallow := c.swallow
		c.mu.Unlock()
		if !swallow {
			if _, err := c.program.Write(message); err != nil {
				return
			}
			continue
		}
		switch kind {
		case complete:
			said = string(bytes.TrimSuffix(message[5:], []byte{0}))
		case ready:
			if said != "COMMIT" {
				p.complain(fmt.Errorf("a COMMIT was answered by %q", said))
			}
			p.cut(unanswered)
			return
		}
	}
}

func (c *conn) close() {
	c.program.Close()
	c.server.Close()
}

// read reads one message, its kind and length with it.
func read(from *bufio.Reader) (kind byte, message []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return 0, nil, err
	}
	length := binary.BigEndian.Uint32(head[1:])
	if length < 4 || length > 1<<28 {
		return 0, nil, errors.New("no message has this length")
	}
	message = append(make([]byte, 0, 1+int(length)), head[:]...)
	message = message[:1+int(length)]
	_, err = io.ReadFull(from, message[5:])
	return head[0], message, err
}

// forward forwards a message whose length, itself counted, was read.
func forward(to io.Writer, head []byte, from io.Reader, length uint32) error {
	if length < 4 || length > 1<<16 {
		return errors.New("no first message has this length")
	}
	message := make([]byte, length)
	copy(message, head)
	if _, err := io.ReadFull(from, message[4:]); err != nil {
		return err
	}
	_, err := to.Write(message)
	return err
}
