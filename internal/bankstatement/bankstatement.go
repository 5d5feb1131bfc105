// Package bankstatement owns what a bank's statement says (银行流水): which of its columns mean what, and what each line moved.
//
// Reading the file is left to internal/spreadsheet, and what becomes of a line to internal/ordering.
package bankstatement

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"gongshu/internal/fault"
	"gongshu/internal/legible"
	"gongshu/internal/ordering"
	"gongshu/internal/tabular"
	"gongshu/pricing"
)

// MaxLines is how many lines a statement may have; a month of more is imported in parts.
const MaxLines = 20_000

// Line is one movement.
type Line struct {
	// Number is the row of the file.
	Number int
	Day    string // yyyy-mm-dd
	// AmountFen is below 0 where money went out.
	AmountFen                   pricing.Fen
	Counterparty, Account, Bank string
	Remark, Serial              string
	// The texts hold what can be seen of the bank's; Fingerprint is of what the bank wrote, and the same for the same movement in whatever file.
	Fingerprint string
}

// The keys of the columns.
const (
	keyDay, keyIn, keyOut, keyAmount, keyCounterparty = "day", "in", "out", "amount", "counterparty"
	keyAccount, keyBank, keyRemark, keySerial, keyCCY = "account", "bank", "remark", "serial", "currency"
)

// Columns are the columns of a bank whose names are given, and otherwise those that Chinese banks use. A name that is given means what it is
// given for, also where another column usually has it.
func Columns(given ordering.StatementColumns) []tabular.Column {
	column := func(key, title, english, own string, names ...string) tabular.Column {
		c := tabular.Column{Key: key, Title: title, TitleEn: english, Names: names}
		if own != "" {
			c.Title, c.Names = own, nil
		}
		return c
	}
	columns := []tabular.Column{
		column(keyDay, "交易日期", "Date", given.Day, "记账日期", "入账日期", "交易时间", "日期", "记账日"),
		column(keyIn, "贷方发生额", "Credit", given.In, "贷方金额", "收入金额", "收入", "贷方", "贷方发生额(元)", "收入金额(元)"),
		column(keyOut, "借方发生额", "Debit", given.Out, "借方金额", "支出金额", "支出", "借方", "借方发生额(元)", "支出金额(元)"),
		column(keyAmount, "交易金额", "Amount", given.Amount, "金额", "发生额", "交易金额(元)"),
		column(keyCounterparty, "对方户名", "Counterparty", given.Counterparty, "对方账户名称", "对方名称", "对方单位", "交易对手名称", "户名", "付款人名称"),
		column(keyAccount, "对方账号", "Counterparty account", given.Account, "对方账户", "交易对手账号", "付款人账号"),
		column(keyBank, "对方开户行", "Counterparty bank", given.Bank, "对方行名", "对方开户机构", "开户行", "付款人开户行"),
		column(keyRemark, "附言", "Remark", given.Remark, "摘要", "用途", "备注", "交易附言"),
		column(keySerial, "交易流水号", "Serial", given.Serial, "流水号", "交易编号", "凭证号", "核心流水号"),
		{Key: keyCCY, Title: "币种", TitleEn: "Currency", Names: []string{"币别", "货币"}},
	}
	isGiven := func(c tabular.Column) int { return map[bool]int{true: 1}[c.Names == nil] }
	slices.SortStableFunc(columns, func(a, b tabular.Column) int { return isGiven(a) - isGiven(b) }) // of two with a name the last has it
	for i := range columns {
		columns[i].Needed = columns[i].Key == keyDay || columns[i].Key == keyCounterparty || columns[i].Key == keyRemark
	}
	return columns
}

// Lines reads the lines of a table. What is wrong is refused, all of it at once and with its place: COLUMN_MISSING without a column of
// amounts, DAY_INVALID, MONEY_INVALID, CURRENCY_INVALID, TEXT_TOO_LONG, and STATEMENT_EMPTY, TABLE_TOO_LARGE.
func Lines(table tabular.Table, today string) (lines []Line, wrong fault.List) {
	if !table.Has(keyAmount) && !table.Has(keyIn) && !table.Has(keyOut) {
		return nil, fault.List{fault.New(fault.Invalid, "COLUMN_MISSING", "A column of amounts is needed.").At(keyAmount).With("row", table.Header).With("column", "交易金额")}
	}
	if len(table.Rows) > MaxLines {
		return nil, fault.List{fault.New(fault.TooLarge, "TABLE_TOO_LARGE", "A statement has at most %d lines.", MaxLines).With("max", MaxLines)}
	}
	rows := slices.DeleteFunc(slices.Clone(table.Rows), closes)
	seen, minus := map[string]int{}, debitsCarryMinus(rows)
	for _, row := range rows {
		line, faults := lineOf(row, minus, today)
		if faults != nil {
			wrong = append(wrong, faults...)
			continue
		}
		base := strings.Join([]string{line.Day, line.AmountFen.String(), line.Counterparty, line.Account, line.Remark, line.Serial}, "\x00")
		// Two that a bank tells no way apart are two where one file has both; a voucher's number tells no two fees of a day apart.
		seen[base]++
		if n := seen[base]; line.Serial == "" || n > 1 {
			base += "\x00" + strconv.Itoa(n)
		}
		sum := sha256.Sum256([]byte(base))
		line.Fingerprint = hex.EncodeToString(sum[:])
		for _, text := range []*string{&line.Counterparty, &line.Account, &line.Bank, &line.Remark, &line.Serial} {
			*text = legible.Seen(*text)
		}
		lines = append(lines, line)
	}
	if wrong == nil && len(lines) == 0 {
		wrong = fault.List{fault.New(fault.Invalid, "STATEMENT_EMPTY", "This statement has no lines.")}
	}
	tabular.Sort(wrong)
	return lines, wrong
}

// total is how the cell reads that says what a closing row is: nothing else stands in it but a count or an amount.
var total = regexp.MustCompile(`^(本?[页日周月季年期次户]|当[日月期]|以上|累计|借方|贷方|收入|支出)*(合计|总计|小计|共计)(笔数|金额|发生额)?:?[0-9.,¥笔元]*$|^(sub|grand)?total:?$`)

// closes reports whether a row sums up those above it and is no movement: it has no day, and a cell of any column says that it is a total,
// or it has no amount either. What has a day, and be it a wrong one, is a movement.
func closes(row tabular.Record) bool {
	isTotal := func(text string) bool {
		return total.MatchString(strings.ToLower(strings.ReplaceAll(norm.NFKC.String(text), " ", "")))
	}
	if day := row.Text(keyDay); day != "" && !isTotal(day) {
		return false
	}
	for _, cell := range row.Cells {
		if isTotal(cell.Text) {
			return true
		}
	}
	for _, key := range amountKeys {
		if text := row.Text(key); !blank(text) {
			if fen, ok := amountOf(text); !ok || fen != 0 {
				return false
			}
		}
	}
	return true
}

// amountKeys are the columns of amounts.
var amountKeys = []string{keyIn, keyOut, keyAmount}

// blank reports whether a bank wrote no amount.
func blank(text string) bool { return strings.Trim(text, "-—") == "" }

// debitsCarryMinus reports whether all debits of rows are below 0: that bank writes what went out so. Otherwise a minus takes a debit
// back (冲正).
func debitsCarryMinus(rows []tabular.Record) bool {
	for _, row := range rows {
		if fen, ok := amountOf(row.Text(keyOut)); ok && fen > 0 {
			return false
		}
	}
	return true
}

// lineOf reads a line; minus says that debits carry one.
func lineOf(row tabular.Record, minus bool, today string) (line Line, wrong fault.List) {
	line = Line{
		Number: row.Number, Counterparty: row.Text(keyCounterparty), Account: row.Text(keyAccount), Bank: row.Text(keyBank),
		Remark: row.Text(keyRemark), Serial: row.Text(keySerial),
	}
	amounts := 0
	for _, key := range amountKeys {
		text := row.Text(key)
		if blank(text) {
			continue
		}
		fen, ok := amountOf(text)
		if !ok {
			wrong = append(wrong, row.Refuse(key, fault.New(fault.Invalid, "MONEY_INVALID", "This is no amount in yuan.")))
			continue
		}
		if fen == 0 {
			continue
		}
		amounts++
		if key == keyOut {
			if fen < 0 && !minus {
				wrong = append(wrong, row.Refuse(key, fault.New(fault.Invalid, "MONEY_INVALID", "This takes a debit back: enter it as what came.")))
			}
			fen = -max(fen, -fen)
		}
		line.AmountFen = fen
	}
	if amounts != 1 && wrong == nil {
		wrong = append(wrong, row.Refuse(keyAmount, fault.New(fault.Invalid, "MONEY_INVALID", "A line has one amount.")))
	}
	if line.Day = dayOf(row.Text(keyDay)); line.Day < firstDay || line.Day > today {
		wrong = append(wrong, row.Refuse(keyDay, fault.New(fault.Invalid, "DAY_INVALID", "This is no day on which money can have moved.")))
	}
	if ccy := strings.ToUpper(row.Text(keyCCY)); ccy != "" && !slices.Contains([]string{"CNY", "RMB", "人民币", "156", "01"}, ccy) {
		wrong = append(wrong, row.Refuse(keyCCY, fault.New(fault.Invalid, "CURRENCY_INVALID", "Only yuan is taken.")))
	}
	for key, max := range map[string]int{keyCounterparty: 400, keyAccount: 100, keyBank: 400, keyRemark: 2000, keySerial: 128} {
		if len(row.Text(key)) > max {
			wrong = append(wrong, row.Refuse(key, fault.New(fault.Invalid, "TEXT_TOO_LONG", "This text is longer than %d bytes.", max).With("max", max)))
		}
	}
	return line, wrong
}

// amountOf reads an amount as banks write it: 1,234.50, ￥1234.5, -8.00, (8.00), +8.
func amountOf(text string) (pricing.Fen, bool) {
	text = strings.NewReplacer(" ", "", "¥", "", "元", "", "CNY", "", "+", "").Replace(norm.NFKC.String(text))
	if strings.Contains(text, ",") {
		if !grouped.MatchString(text) { // 980,00 is read in two ways, a hundredfold apart
			return 0, false
		}
		text = strings.ReplaceAll(text, ",", "")
	}
	negative := false
	if inner, bracketed := strings.CutPrefix(text, "("); bracketed && strings.HasSuffix(inner, ")") {
		negative, text = true, strings.TrimSuffix(inner, ")")
	} else if rest, minus := strings.CutPrefix(text, "-"); minus {
		negative, text = true, rest
	}
	if whole, fraction, dotted := strings.Cut(text, "."); dotted && len(fraction) > 2 && strings.Trim(fraction[2:], "0") == "" {
		text = whole + "." + fraction[:2] // a spreadsheet's 12.5000
	}
	fen, err := pricing.ParseYuan(text)
	if err != nil || fen < 0 || fen > maxFen {
		return 0, false
	}
	if negative {
		fen = -fen
	}
	return fen, true
}

// grouped is a number whose thousands are set apart.
var grouped = regexp.MustCompile(`^[-(]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\)?$`)

// firstDay is before every movement that a statement can be of.
const firstDay = "2000-01-01"

// maxFen is a trillion yuan: above that a column was mistaken for one of amounts.
const maxFen = 100_000_000_000_000

// dayOf reads a day, or the day of a moment; "" is none.
func dayOf(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), " ")
	text, _, _ = strings.Cut(text, "T")
	if len(text) == 8 && strings.Trim(text, "0123456789") == "" {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	day := tabular.Day(text)
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ""
	}
	return day
}
