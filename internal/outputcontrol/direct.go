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

// FindDirect returns the first direct identifier in a text, NoDirect when there is none (PIPL arts. 4 and 28; GB/T 35273-2020,
// annexes A and B: numbers of identity, account and telephone are personal information, the first two sensitive).
//
// Full-width digits count, and groups that a blank or a hyphen parts, as people write them: 138 0013 8000. A number in a
// longer one is none, nor is a telephone number or a card in a code with letters or in a fraction. It finds no names, and
// nothing that was masked: 138****8000.
func FindDirect(text string) Direct {
	if digitsAtMost(text) < 11 {
		return NoDirect // most cells of most files
	}
	var s scan
	for _, r := range text {
		if found := s.take(r); found != NoDirect {
			return found
		}
	}
	return s.take('\n')
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
	code  bool   // a letter or a point is right before the group
	last  rune
}

func (s *scan) take(r rune) (found Direct) {
	if r >= '０' && r <= 'ｚ' {
		r += '0' - '０'
	}
	switch {
	case r >= '0' && r <= '9':
		if s.group.size == 0 {
			s.code = isLetter(s.last) || s.last == '.'
		}
		s.group.add(byte(r))
		s.span.add(byte(r))
	case (r == 'X' || r == 'x') && (s.group.size == 17 || s.span.size == 17):
		s.group.add('X')
		s.span.add('X')
	case s.group.size > 0:
		found = s.group.is(s.code || isLetter(r))
		if r == ' ' || r == '-' {
			s.sizes, s.group = [2]int{s.sizes[1], s.group.size}, number{}
			break
		}
		if found == NoDirect && s.span.size > s.group.size {
			found = s.parted(s.sizes[1], s.group.size)
		}
		*s = scan{}
	case s.span.size > 0:
		found = s.parted(s.sizes[0], s.sizes[1])
		*s = scan{}
	}
	s.last = r
	return found
}

// parted returns what the groups are together, given the sizes of the last two: a telephone number is parted before its last
// eight digits and in their middle, while days and counts are not.
func (s *scan) parted(before, last int) Direct {
	found := s.span.is(false)
	if found == MobileNumber && (before != 4 || last != 4) {
		return NoDirect
	}
	return found
}

// number is digits, the last of which may be X. Of what is longer than all that is looked for the head is kept.
type number struct {
	digits [20]byte
	size   int
}

func (n *number) add(digit byte) {
	if n.size < len(n.digits) {
		n.digits[n.size] = digit
	}
	n.size++
}

// is returns what the number is; in a code it is only what a check character and a birthday tell for sure.
func (n *number) is(inCode bool) Direct {
	switch digits := n.digits[:min(n.size, len(n.digits))]; {
	case isIdentityNumber(digits):
		return IdentityNumber
	case inCode:
		return NoDirect
	case isMobileNumber(digits):
		return MobileNumber
	case isBankCard(digits):
		return BankCard
	}
	return NoDirect
}

// provinces are the first two digits that GB/T 2260 gives.
var provinces = [100]bool{
	11: true, 12: true, 13: true, 14: true, 15: true, 21: true, 22: true, 23: true, 31: true, 32: true, 33: true, 34: true, 35: true, 36: true, 37: true,
	41: true, 42: true, 43: true, 44: true, 45: true, 46: true, 50: true, 51: true, 52: true, 53: true, 54: true,
	61: true, 62: true, 63: true, 64: true, 65: true, 71: true, 81: true, 82: true, 83: true,
}

// isIdentityNumber holds a number against GB 11643: a province, a day from 1900 to 2099, and a check character by
// ISO 7064 MOD 11-2.
func isIdentityNumber(digits []byte) bool {
	if len(digits) != 18 || !provinces[int(digits[0]-'0')*10+int(digits[1]-'0')] || string(digits[6:8]) != "19" && string(digits[6:8]) != "20" {
		return false
	}
	sum := 0
	for _, digit := range digits[:17] {
		sum = (sum + int(digit-'0')) * 2 % 11
	}
	if digits[17] != "10X98765432"[sum] {
		return false
	}
	_, err := time.Parse("20060102", string(digits[6:14]))
	return err == nil
}

func isMobileNumber(digits []byte) bool {
	for _, head := range []string{"0086", "86"} {
		if len(digits) == len(head)+11 && string(digits[:len(head)]) == head {
			digits = digits[len(head):]
		}
	}
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}

func isBankCard(digits []byte) bool {
	if len(digits) < 16 || len(digits) > 19 || digits[0] != '6' || digits[1] != '2' {
		return false
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
	return sum%10 == 0
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
