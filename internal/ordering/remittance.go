package ordering

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// A remittance code is the mark, ten characters and one that checks them. It has none of 0, O, I, L and U, which are misread; and since
// there are 31 others, a prime, the check finds every wrong character and every two that changed places.
const (
	remittanceMark     = "GS"
	remittanceAlphabet = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
	remittanceDigits   = 10
	remittanceLength   = len(remittanceMark) + remittanceDigits + 1
)

// RemittanceCode is what a transfer names so that its money is known (汇款识别码): the same for the same key. Another attempt gives
// another, should the first be taken: of a million codes two are the same with a probability of 1 in 1,600.
func RemittanceCode(key string, attempt int) string {
	sum := sha256.Sum256(binary.BigEndian.AppendUint32([]byte(key), uint32(attempt)))
	n := binary.BigEndian.Uint64(sum[:])
	var digits [remittanceDigits]byte
	for i := range digits {
		digits[i] = remittanceAlphabet[n%uint64(len(remittanceAlphabet))]
		n /= uint64(len(remittanceAlphabet))
	}
	return remittanceMark + string(digits[:]) + string(remittanceCheck(string(digits[:])))
}

// remittanceCheck is the character that checks some.
func remittanceCheck(digits string) byte {
	sum := 0
	for i := range len(digits) {
		sum += (i + 1) * strings.IndexByte(remittanceAlphabet, digits[i])
	}
	return remittanceAlphabet[sum%len(remittanceAlphabet)]
}

// codesMost is how many codes of a remark are looked at: of more than one a person has to say anyway.
const codesMost = 8

// RemittanceCodes finds the codes in a remark, each once and the first 8, as people and banks write them: in any case, in wide characters, with spaces
// or hyphens between. What the check refuses is none.
func RemittanceCodes(remark string) (codes []string) {
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_.·—–\t\r\n", r) {
			return -1
		}
		return r
	}, strings.ToUpper(norm.NFKC.String(remark)))
	seen := map[string]bool{}
	for len(codes) < codesMost {
		i := strings.Index(text, remittanceMark)
		if i < 0 {
			return codes
		}
		if text = text[i:]; len(text) < remittanceLength {
			return codes
		}
		if code := text[:remittanceLength]; isRemittance(code) && !seen[code] {
			seen[code] = true
			codes = append(codes, code)
			text = text[remittanceLength:]
			continue
		}
		text = text[len(remittanceMark):]
	}
	return codes
}

func isRemittance(code string) bool {
	digits, check := code[len(remittanceMark):remittanceLength-1], code[remittanceLength-1]
	return strings.Trim(digits, remittanceAlphabet) == "" && remittanceCheck(digits) == check
}
