package outputcontrol

import "time"

// Direct is a direct identifier (直接标识符): what names a person by itself, whatever stands beside it.
type Direct int

// The direct identifiers that show in their own digits.
const (
	NoDirect       Direct = iota
	IdentityNumber        // 公民身份号码 of GB 11643: place, birthday and check character
	MobileNumber          // of the mainland: 11 digits that begin with 13 to 19, maybe behind 86
	BankCard              // of UnionPay: 16 to 19 digits that begin with 62, with Luhn's check digit
)

// Direct identifiers are numbers that many codes look like, so a column is judged and not a cell: region, day and serial make
// every eleventh code of a case an identity number, while of a column of identity numbers all are.

// Tally counts what the cells of one column hold; its zero value is of an empty one.
type Tally struct{ kinds [BankCard + 1]tallied }

type tallied struct {
	shaped, passed int64
	row            int64 // of the first that passed
}

// Add counts a cell of a row.
func (t *Tally) Add(row int64, text string) {
	kind, passes := FindDirect(text)
	if kind == NoDirect {
		return
	}
	k := &t.kinds[kind]
	k.shaped++
	if passes {
		if k.passed++; k.passed == 1 {
			k.row = row
		}
	}
}

// Holds yields each direct identifier that the column holds, and the first row with it. It holds one where of the cells with a number of its shape more than half are one (PIPL arts. 4 and 28; GB/T 35273-2020, annexes A and B:
// numbers of identity, account and telephone are personal information, the first two sensitive). One cell alone is enough.
func (t *Tally) Holds(yield func(kind Direct, row int64) bool) {
	for kind := IdentityNumber; kind <= BankCard; kind++ {
		if k := t.kinds[kind]; 2*k.passed > k.shaped && !yield(kind, k.row) {
			return
		}
	}
}

// FindDirect returns the direct identifier that a number in a text is by all that its digits tell; where there is none, one
// whose shape a number has, and passes is false; NoDirect when there is not even that.
//
// Full-width digits count, and groups that a blank or a hyphen parts, as people write them: 138 0013 8000. A number in a
// longer one is none, nor is a telephone number or a card in a code with letters, with a sign or in a fraction. It finds no
// names, and nothing that was masked: 138****8000.
func FindDirect(text string) (kind Direct, passes bool) {
	if digitsAtMost(text) < 11 {
		return NoDirect, false // most cells of most files
	}
	var s scan
	for i, r := range text {
		found, passed := s.take(r, text[i:])
		if passed {
			return found, true
		}
		if kind == NoDirect {
			kind = found
		}
	}
	found, passed := s.take('\n', "")
	if passed || kind == NoDirect {
		return found, passed
	}
	return kind, false
}

// digitsAtMost counts the digits of a text, and with them all bytes that one of full width could begin with.
func digitsAtMost(text string) (n int) {
	for i := range len(text) {
		if text[i]-'0' < 10 || text[i] == "０"[0] {
			n++
		}
	}
	return n
}

// scan is how far a text was looked at.
type scan struct {
	group number // the digits in a row that stand last
	span  number // those with the ones before them that single blanks and hyphens part from them
	sizes [2]int // of the two groups before
	// code and spanCode say that what is right before the group and the span makes it a part of a code, a fraction or a quantity.
	code, spanCode bool
	last           [2]rune // the two before
}

// take looks at the next character, with which rest begins.
func (s *scan) take(r rune, rest string) (found Direct, passes bool) {
	if r >= '０' && r <= 'ｚ' {
		r += '0' - '０'
	}
	switch {
	case r >= '0' && r <= '9':
		if s.group.size == 0 {
			s.code = s.inCode()
			if s.span.size == 0 {
				s.spanCode = s.code
			}
		}
		s.group.add(byte(r))
		s.span.add(byte(r))
	case (r == 'X' || r == 'x') && (s.group.size == 17 || s.span.size == 17):
		s.group.add('X')
		s.span.add('X')
	case s.group.size > 0:
		found, passes = s.group.is(s.code || goesOn(r, rest))
		if r == ' ' || r == '-' {
			s.sizes, s.group = [2]int{s.sizes[1], s.group.size}, number{}
			break
		}
		if !passes && s.span.size > s.group.size {
			found, passes = s.parted(s.sizes[1], s.group.size, goesOn(r, rest))
		}
		*s = scan{last: s.last}
	case s.span.size > 0:
		found, passes = s.parted(s.sizes[0], s.sizes[1], false)
		*s = scan{last: s.last}
	}
	s.last = [2]rune{s.last[1], r}
	return found, passes
}

// inCode reports whether what stands before a number makes it part of something longer: a letter, a point, an underscore, a letter
// and a hyphen, or a sign.
func (s *scan) inCode() bool {
	before, last := s.last[0], s.last[1]
	if last == '-' {
		return before == 0 || before == ' ' || before == '_' || isLetter(before)
	}
	return isLetter(last) || last == '.' || last == '_'
}

// goesOn reports whether what follows a number makes it part of something longer.
func goesOn(r rune, rest string) bool {
	return isLetter(r) || r == '_' || r == '%' || r == '.' && len(rest) > 1 && rest[1]-'0' < 10
}

// parted returns what the groups are together, given the sizes of the last two: a telephone number is parted before its last
// eight digits and in their middle, while days and counts are not.
func (s *scan) parted(before, last int, goesOn bool) (Direct, bool) {
	found, passes := s.span.is(s.spanCode || goesOn)
	if found == MobileNumber && (before != 4 || last != 4) {
		return NoDirect, false
	}
	return found, passes
}

// number is digits, the last of which may be X. Of what is longer than all that is looked for the head is kept.
type number struct {
	digits [20]byte
	size   int
	broken bool // something follows its X
}

func (n *number) add(digit byte) {
	if n.size > 0 && n.size <= len(n.digits) && n.digits[n.size-1] == 'X' {
		n.broken = true
	}
	if n.size < len(n.digits) {
		n.digits[n.size] = digit
	}
	n.size++
}

// is returns what the number is by its shape, and whether it is one by all that its digits tell. In a code it is only what has a
// place and a birthday.
func (n *number) is(inCode bool) (kind Direct, passes bool) {
	if n.broken {
		return NoDirect, false
	}
	digits := n.digits[:min(n.size, len(n.digits))]
	if shaped, passes := identityNumber(digits); shaped {
		return IdentityNumber, passes
	}
	if inCode || len(digits) == 0 || digits[len(digits)-1] == 'X' {
		return NoDirect, false
	}
	if shaped, passes := mobileNumber(digits); shaped {
		return MobileNumber, passes
	}
	if shaped, passes := bankCard(digits); shaped {
		return BankCard, passes
	}
	return NoDirect, false
}

// provinces are the first two digits that GB/T 2260 gives.
var provinces = [100]bool{
	11: true, 12: true, 13: true, 14: true, 15: true, 21: true, 22: true, 23: true, 31: true, 32: true, 33: true, 34: true, 35: true, 36: true, 37: true,
	41: true, 42: true, 43: true, 44: true, 45: true, 46: true, 50: true, 51: true, 52: true, 53: true, 54: true,
	61: true, 62: true, 63: true, 64: true, 65: true, 71: true, 81: true, 82: true, 83: true,
}

// identityNumber holds a number against GB 11643: its shape is a province and a day from 1900 to 2099, and it passes with a check
// character by ISO 7064 MOD 11-2.
func identityNumber(digits []byte) (shaped, passes bool) {
	if len(digits) != 18 || digits[0] == 'X' || digits[1] == 'X' || !provinces[int(digits[0]-'0')*10+int(digits[1]-'0')] ||
		string(digits[6:8]) != "19" && string(digits[6:8]) != "20" {
		return false, false
	}
	if _, err := time.Parse("20060102", string(digits[6:14])); err != nil {
		return false, false
	}
	sum := 0
	for _, digit := range digits[:17] {
		sum = (sum + int(digit-'0')) * 2 % 11
	}
	return true, digits[17] == "10X98765432"[sum]
}

// mobileNumber has the shape of 11 digits, maybe behind the country's, and passes with the head of a mobile network.
func mobileNumber(digits []byte) (shaped, passes bool) {
	for _, head := range []string{"0086", "86"} {
		if len(digits) == len(head)+11 && string(digits[:len(head)]) == head {
			digits = digits[len(head):]
		}
	}
	return len(digits) == 11, len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}

// bankCard has the shape of 16 to 19 digits from 62 on, and passes with Luhn's check digit.
func bankCard(digits []byte) (shaped, passes bool) {
	if len(digits) < 16 || len(digits) > 19 || digits[0] != '6' || digits[1] != '2' {
		return false, false
	}
	sum := 0
	for i, digit := range digits {
		n := int(digit - '0')
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return true, sum%10 == 0
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
