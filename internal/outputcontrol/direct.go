package outputcontrol

import "gongshu/internal/authorisation"

// Direct is a direct identifier (直接标识符): what names a person by itself, whatever stands beside it.
type Direct int

// The direct identifiers that show in their own digits.
const (
	NoDirect       Direct = iota
	IdentityNumber        // 公民身份号码 of GB 11643: place, birthday and check character
	MobileNumber          // of the mainland: 11 digits that begin with 13 to 19, maybe behind 86
	BankCard              // of UnionPay: 16 to 19 digits that begin with 62, with Luhn's check digit
)

// DirectColumn looks for direct identifiers in the cells of one column (PIPL arts. 4 and 28; GB/T 35273-2020, annexes A and B:
// numbers of identity, account and telephone are personal information, the first two sensitive). The zero value has seen none.
//
// It is the column that is judged: of codes that look like an identifier some pass its check by chance, one in eleven that of
// GB 11643, while of identifiers nearly all do. So of each kind the cells of its shape are counted, and those that pass; the
// column holds the kind where more than half of them do. One alone that passes is one.
//
// Full-width digits count, and groups that a blank or a hyphen parts, as people write them: 138 0013 8000. A number in a
// longer one is none, nor is one in a code with letters (KV-13800138000), in a fraction, a percentage, or behind a sign. It
// finds no names, and nothing that was masked: 138****8000.
type DirectColumn struct {
	kinds [BankCard + 1]tally
	text  []rune // of the cell, to be used again
}

// tally counts the cells of one kind's shape, and those of them that pass.
type tally struct {
	shaped, passing int
	first           int64 // the row of the first that passes
}

// FoundDirect is a direct identifier that a column holds, and the first row in which it does.
type FoundDirect struct {
	Kind Direct
	Row  int64
}

// Found returns what the column holds by the cells that were added, a kind at most once.
func (c *DirectColumn) Found() (all []FoundDirect) {
	for kind, t := range c.kinds {
		if 2*t.passing > t.shaped {
			all = append(all, FoundDirect{Direct(kind), t.first})
		}
	}
	return all
}

// Add looks at the cell of a row. Nobody is born after today; a zero today bounds no birthday.
func (c *DirectColumn) Add(row int64, cell string, today authorisation.Day) {
	if digitsAtMost(cell) < 11 {
		return // most cells of most files
	}
	c.text = c.text[:0]
	for _, r := range cell {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '\u3000':
			r = ' '
		}
		c.text = append(c.text, r)
	}
	s := scan{text: c.text, today: today}
	for s.at < len(s.text) {
		if isDigit(s.text[s.at]) {
			s.chain()
		} else {
			s.at++
		}
	}
	for kind := range c.kinds {
		t := &c.kinds[kind]
		if s.shaped[kind] {
			t.shaped++
		}
		if s.passing[kind] {
			if t.passing++; t.passing == 1 {
				t.first = row
			}
		}
	}
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

// scan is how far a cell was looked at, the kinds whose shape it has, and those that pass.
type scan struct {
	text            []rune
	at              int
	today           authorisation.Day
	shaped, passing [BankCard + 1]bool
}

// chain looks at the digits that stand here: at each group, and at all that single blanks and hyphens part together.
func (s *scan) chain() {
	var all number
	var sizes [2]int // of the last two groups
	first := s.before()
	for before := first; ; s.at++ {
		var group number
		for s.at < len(s.text) && isDigit(s.text[s.at]) {
			group.add(byte(s.text[s.at]))
			all.add(byte(s.text[s.at]))
			s.at++
		}
		sizes = [2]int{sizes[1], group.size}
		whole := all.size == group.size
		ended := s.is('X', 'x') && (group.size == 17 || all.size == 17) // the check character
		if ended {
			if group.add('X'); group.size != 18 {
				group = number{} // it is the last of all, and this group no number by itself
			}
			all.add('X')
			s.at++
		}
		inCode := s.inCode()
		if !inCode {
			s.judge(group, before)
		}
		if !ended && s.is(' ', '-') && s.at+1 < len(s.text) && isDigit(s.text[s.at+1]) {
			if before != code || s.text[s.at] == ' ' {
				before = nothing
			}
			continue
		}
		// A telephone number is parted before its last eight digits and in their middle, while days and counts are not.
		if !whole && !inCode && (len(all.mobile()) == 0 || sizes == [2]int{4, 4}) {
			s.judge(all, first)
		}
		return
	}
}

// touch is what touches a number at its left.
type touch int

const (
	nothing touch = iota
	plus          // of a sign, or of a country's code
	code          // a letter, a fraction's point or a minus: it is none of what is looked for
)

// before returns what touches the number that begins here.
func (s *scan) before() touch {
	ahead := func(n int) rune {
		if s.at < n {
			return ' '
		}
		return s.text[s.at-n]
	}
	switch last := ahead(1); {
	case isCode(last), last == '.' && isDigit(ahead(2)), last == '−', last == '-' && (ahead(2) == ' ' || isCode(ahead(2))):
		return code
	case last == '+':
		return plus
	}
	return nothing
}

// inCode reports whether the number that ended here is part of a code, a fraction or a percentage by what follows.
func (s *scan) inCode() bool {
	if s.at == len(s.text) {
		return false
	}
	next := s.text[s.at]
	return isCode(next) || isDigit(next) || next == '%' || next == '‰' || next == '.' && s.at+1 < len(s.text) && isDigit(s.text[s.at+1])
}

func (s *scan) is(one, other rune) bool {
	return s.at < len(s.text) && (s.text[s.at] == one || s.text[s.at] == other)
}

// judge holds a number that nothing follows against the kinds.
func (s *scan) judge(n number, before touch) {
	if before == code {
		return
	}
	if mobile := n.mobile(); len(mobile) > 0 && (before != plus || len(mobile) < n.size) {
		s.shaped[MobileNumber] = true
		if mobile[0] == '1' && mobile[1] >= '3' {
			s.passing[MobileNumber] = true
		}
	}
	if before == plus {
		return
	}
	if n.mayBeIdentityNumber(s.today) {
		s.shaped[IdentityNumber] = true
		if n.hasCheckCharacter() {
			s.passing[IdentityNumber] = true
		}
	}
	if n.mayBeBankCard() {
		s.shaped[BankCard] = true
		if n.hasLuhnDigit() {
			s.passing[BankCard] = true
		}
	}
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

// mobile returns the eleven digits that a mobile number could be, behind 86 or alone; none begins with 0, as a landline does.
func (n *number) mobile() []byte {
	digits := n.digits[:min(n.size, len(n.digits))]
	for _, head := range []string{"0086", "86"} {
		if len(digits) == len(head)+11 && string(digits[:len(head)]) == head {
			digits = digits[len(head):]
		}
	}
	if len(digits) != 11 || digits[0] == '0' {
		return nil
	}
	return digits
}

// provinces are the first two digits that GB/T 2260 gives.
var provinces = [100]bool{
	11: true, 12: true, 13: true, 14: true, 15: true, 21: true, 22: true, 23: true, 31: true, 32: true, 33: true, 34: true, 35: true, 36: true, 37: true,
	41: true, 42: true, 43: true, 44: true, 45: true, 46: true, 50: true, 51: true, 52: true, 53: true, 54: true,
	61: true, 62: true, 63: true, 64: true, 65: true, 71: true, 81: true, 82: true, 83: true,
}

// mayBeIdentityNumber holds a number against the shape of GB 11643: a province, and a birthday from 1900 on.
func (n *number) mayBeIdentityNumber(today authorisation.Day) bool {
	if n.size != 18 || !provinces[int(n.digits[0]-'0')*10+int(n.digits[1]-'0')] {
		return false
	}
	born, err := authorisation.ParseDay(string(n.digits[6:10]) + "-" + string(n.digits[10:12]) + "-" + string(n.digits[12:14]))
	return err == nil && born.Year() >= 1900 && (today.IsZero() || !born.After(today))
}

// hasCheckCharacter reports whether the last of 18 characters is that of ISO 7064 MOD 11-2.
func (n *number) hasCheckCharacter() bool {
	sum := 0
	for _, digit := range n.digits[:17] {
		sum = (sum + int(digit-'0')) * 2 % 11
	}
	return n.digits[17] == "10X98765432"[sum]
}

func (n *number) mayBeBankCard() bool {
	return n.size >= 16 && n.size <= 19 && n.digits[0] == '6' && n.digits[1] == '2' && n.digits[n.size-1] != 'X'
}

func (n *number) hasLuhnDigit() bool {
	sum := 0
	for i, digit := range n.digits[:n.size] {
		value := int(digit - '0')
		if (n.size-i)%2 == 0 {
			if value *= 2; value > 9 {
				value -= 9
			}
		}
		sum += value
	}
	return sum%10 == 0
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isCode reports whether a character makes what it touches a code.
func isCode(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' }
