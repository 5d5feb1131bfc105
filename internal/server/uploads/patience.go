package uploads

import (
	"io"
	"net/http"
	"time"
)

const (
	// fileTime is for a file over a slow line, longer than other requests have. Only whom package market lets in has it.
	fileTime = 15 * time.Minute
	// refusedTime is how long what is still coming of a refused body is let come, so that its sender hears the refusal.
	refusedTime = 2 * time.Second
)

// patient is the body of an upload. Its sender is given time once a byte of it is asked for, which package market does
// after it knows that the viewer may.
type patient struct {
	io.Reader
	control *http.ResponseController
	asked   bool
}

func body(w http.ResponseWriter, r *http.Request) *patient {
	return &patient{Reader: r.Body, control: http.NewResponseController(w)}
}

// Read reads, and waits long for it.
func (p *patient) Read(b []byte) (int, error) {
	if !p.asked {
		p.asked = true
		until := time.Now().Add(fileTime)
		// Where there is no connection to wait longer on, nothing is lost.
		_ = p.control.SetReadDeadline(until)
		_ = p.control.SetWriteDeadline(until.Add(time.Minute)) // for the answer
	}
	return p.Reader.Read(b)
}

// hangUp ends the connection after the answer, and waits no longer for a body that nobody wants.
func hangUp(w http.ResponseWriter) {
	w.Header().Set("Connection", "close")
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(refusedTime)) // as above
}
