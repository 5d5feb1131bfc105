// Package publicid owns how ids look outside: a TypeID, such as prd_01h455vb4pex5vsknk084sn02q.
//
// Inside, keys are UUIDv7; outside, the prefix tells people and node(id) what an id is. What cannot be an id is
// answered like an id that does not exist, so Parse says yes or no and nothing else.
package publicid

import (
	"github.com/google/uuid"
)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

var digits = func() (d [256]byte) {
	for i := range d {
		d[i] = 0xff
	}
	for i := range len(alphabet) {
		d[alphabet[i]] = byte(i)
	}
	return d
}()

// Encode writes an id with its prefix: the 128 bits as 26 characters of Crockford's base 32, most significant first.
func Encode(prefix string, id uuid.UUID) string {
	out := make([]byte, len(prefix)+1+26)
	copy(out, prefix)
	out[len(prefix)] = '_'
	text := out[len(prefix)+1:]
	var buffer, bits uint
	at := 25
	for i := 15; i >= 0; i-- {
		buffer |= uint(id[i]) << bits
		for bits += 8; bits >= 5; bits -= 5 {
			text[at] = alphabet[buffer&31]
			buffer >>= 5
			at--
		}
	}
	text[0] = alphabet[buffer&31]
	return string(out)
}

// Parse reads an id of that prefix. It is false for anything that Encode would not have written, and for the id of nothing:
// inside, uuid.Nil says that there is none, and nobody may say so by naming it.
func Parse(prefix, text string) (uuid.UUID, bool) {
	if len(text) != len(prefix)+27 || text[:len(prefix)] != prefix || text[len(prefix)] != '_' {
		return uuid.Nil, false
	}
	text = text[len(prefix)+1:]
	if digits[text[0]] > 7 { // 26 characters hold 130 bits
		return uuid.Nil, false
	}
	var id uuid.UUID
	var buffer, bits uint
	at := 15
	for i := 25; i >= 0; i-- {
		d := digits[text[i]]
		if d == 0xff {
			return uuid.Nil, false
		}
		buffer |= uint(d) << bits
		for bits += 5; bits >= 8 && at >= 0; bits -= 8 {
			id[at] = byte(buffer)
			buffer >>= 8
			at--
		}
	}
	return id, id != uuid.Nil
}

// Prefix returns the prefix of an id's text, "" when it has none.
func Prefix(text string) string {
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == '_' {
			return text[:i]
		}
	}
	return ""
}
