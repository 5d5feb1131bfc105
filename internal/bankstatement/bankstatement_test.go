package bankstatement

import (
	"testing"

	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/tabular"
	"gongshu/pricing"
)

// table is a sheet with a header and rows.
func table(t *testing.T, given ordering.StatementColumns, rows ...[]string) (tabular.Table, error) {
	t.Helper()
	sheet := tabular.Sheet{}
	for i, row := range rows {
		r := tabular.Row{Number: i + 1}
		for _, text := range row {
			r.Cells = append(r.Cells, tabular.Cell{Text: text})
		}
		sheet.Rows = append(sheet.Rows, r)
	}
	return tabular.Find([]tabular.Sheet{sheet}, Columns(given))
}

func TestAmountsAndDays(t *testing.T) {
	for text, want := range map[string]pricing.Fen{"1,234.50": 1_234_50, "￥1234.5": 1_234_50, "-8.00": -8_00, "(8.00)": -8_00, "+8": 8_00, "12.5000": 12_50, "１２": 12_00} {
		if got, ok := amountOf(text); !ok || got != want {
			t.Errorf("%s: got %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "abc", "1.234", "--1", "1e5", "999999999999999999999"} {
		if got, ok := amountOf(text); ok {
			t.Errorf("%s: got %v", text, got)
		}
	}
	for text, want := range map[string]string{"2026-03-05": "2026-03-05", "20260305": "2026-03-05", "2026/3/5": "2026-03-05", "2026年3月5日": "2026-03-05", "2026-03-05 10:11:12": "2026-03-05", "2026-02-30": "", "": "", "春天": ""} {
		if got := dayOf(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	header := []string{"交易日期", "贷方发生额", "借方发生额", "对方户名", "对方账号", "附言", "交易流水号"}
	got, err := table(t, ordering.StatementColumns{}, []string{"账户明细"}, header,
		[]string{"2026-03-05", "100.00", "", "甲公司", "6200", "GS1", "s1"},
		[]string{"2026-03-06", "0.00", "30.00", "乙公司", "6201", "退款", "s2"},
		[]string{"合计", "", "", "", "", "", ""})
	if err != nil {
		t.Fatal(err)
	}
	lines, wrong := Lines(got, "2099-12-31")
	if wrong != nil || len(lines) != 2 || lines[0].AmountFen != 100_00 || lines[1].AmountFen != -30_00 || lines[0].Number != 3 || lines[0].Fingerprint == lines[1].Fingerprint {
		t.Fatalf("got %+v, %v", lines, wrong)
	}
}

func TestTheSameMovementTwice(t *testing.T) {
	row := []string{"2026-03-05", "100.00", "甲公司", "GS1"}
	got, err := table(t, ordering.StatementColumns{}, []string{"日期", "金额", "对方名称", "摘要"}, row, row)
	if err != nil {
		t.Fatal(err)
	}
	lines, wrong := Lines(got, "2099-12-31")
	if wrong != nil || len(lines) != 2 || lines[0].Fingerprint == lines[1].Fingerprint {
		t.Fatalf("two lines that look the same are two: %+v, %v", lines, wrong)
	}
}

// A voucher's number is no serial: two fees of a day may have the same, and the first is what it was before.
func TestMovementsWithTheSameSerialAreTold(t *testing.T) {
	header, row := []string{"日期", "金额", "对方名称", "摘要", "凭证号"}, []string{"2026-03-05", "-0.50", "银行", "手续费", "1"}
	prints := func(rows ...[]string) (prints []string) {
		got, err := table(t, ordering.StatementColumns{}, append([][]string{header}, rows...)...)
		if err != nil {
			t.Fatal(err)
		}
		lines, wrong := Lines(got, "2099-12-31")
		if wrong != nil {
			t.Fatal(wrong)
		}
		for _, line := range lines {
			prints = append(prints, line.Fingerprint)
		}
		return prints
	}
	one, three := prints(row), prints(row, row, row)
	if three[0] != one[0] || three[1] == three[0] || three[2] == three[1] || three[2] == three[0] {
		t.Fatalf("one alone is %v, of three %v", one, three)
	}
}

func TestADebitThatIsTakenBackIsNoDebit(t *testing.T) {
	header := []string{"日期", "贷方金额", "借方金额", "对方名称", "摘要"}
	of := func(debits ...string) ([]Line, fault.List) {
		rows := [][]string{header, {"2026-03-05", "1.00", "", "甲", "来款"}}
		for _, debit := range debits {
			rows = append(rows, []string{"2026-03-05", "", debit, "乙", "x"})
		}
		got, err := table(t, ordering.StatementColumns{}, rows...)
		if err != nil {
			t.Fatal(err)
		}
		return Lines(got, "2099-12-31")
	}
	if lines, wrong := of("-3.00", "-4.00"); wrong != nil || lines[1].AmountFen != -3_00 || lines[2].AmountFen != -4_00 {
		t.Errorf("a bank that writes what went out with a minus: %+v, %v", lines, wrong)
	}
	if _, wrong := of("3.00", "-3.00"); len(wrong) != 1 || wrong[0].Code != "MONEY_INVALID" || wrong[0].Field != "C4" {
		t.Errorf("a debit that is taken back: %v", wrong)
	}
}

// A row that sums up is no movement, wherever it says so; one that has a day is one, whatever its texts say.
func TestAClosingRowIsNoMovement(t *testing.T) {
	header := []string{"序号", "交易日期", "贷方金额", "借方金额", "对方户名", "附言"}
	movements := [][]string{header, {"1", "2026-03-05", "1.00", "", "甲", "来款"}, {"2", "2026-03-05", "", "-3.00", "乙", "合计"}}
	for _, closing := range [][]string{
		{"合计", "", "1.00", "3.00", "", ""}, {"", "合计", "1.00", "3.00", "", ""}, {"", "", "1.00", "3.00", "总计：", ""},
		{"", "", "1.00", "3.00", "", "小 计"}, {"", "", "1.00", "", "", "贷方合计"}, {"", "", "合计：1.00", "合计：3.00", "", ""},
		{"本页合计2笔", "", "1.00", "3.00", "", ""}, {"Total", "", "1.00", "3.00", "", ""}, {"", "", "", "", "本月 完", ""}, {"", "合计", "", "", "", ""},
	} {
		got, err := table(t, ordering.StatementColumns{}, append(movements, closing)...)
		if fault.CodeOf(err) != "COLUMN_UNKNOWN" {
			t.Fatal(err)
		}
		if lines, wrong := Lines(got, "2099-12-31"); wrong != nil || len(lines) != 2 || lines[1].AmountFen != -3_00 {
			t.Errorf("%q: got %+v, %v", closing, lines, wrong)
		}
	}
	for _, movement := range [][]string{
		{"合计", "2026-03-06", "1.00", "", "甲", "x"}, {"", "2026-03-06", "1.00", "", "甲", "合计"}, // which have a day
		{"合计", "5.3.2026", "1.00", "", "甲", "x"}, {"", "", "1.00", "", "甲", "货款合计"}, {"3", "", "1.00", "", "合计有限公司", "x"}, // which are to be mended
	} {
		got, err := table(t, ordering.StatementColumns{}, append(movements, movement)...)
		if fault.CodeOf(err) != "COLUMN_UNKNOWN" {
			t.Fatal(err)
		}
		lines, wrong := Lines(got, "2099-12-31")
		if isDay := movement[1] == "2026-03-06"; isDay && len(lines) != 3 || !isDay && (len(wrong) != 1 || wrong[0].Code != "DAY_INVALID" || wrong[0].Field != "B4") {
			t.Errorf("%q: got %+v, %v", movement, lines, wrong)
		}
	}
}

// What a bank's texts hold that nobody sees, a character that turns names around for example, is left out; it is the same movement as before.
func TestTextsHoldWhatCanBeSeen(t *testing.T) {
	of := func(payer, remark string) Line {
		got, err := table(t, ordering.StatementColumns{}, []string{"日期", "金额", "对方名称", "摘要"}, []string{"2026-03-05", "1", payer, remark})
		if err != nil {
			t.Fatal(err)
		}
		lines, wrong := Lines(got, "2099-12-31")
		if wrong != nil {
			t.Fatal(wrong)
		}
		return lines[0]
	}
	if got := of("甲\u202e司公\u2066", "GS\u200b12\n\t货款\u0007"); got.Counterparty != "甲司公" || got.Remark != "GS12  货款" {
		t.Errorf("got %q of %q", got.Remark, got.Counterparty)
	}
	if plain, turned := of("甲", "x"), of("甲\u202e", "x"); plain.Fingerprint == turned.Fingerprint {
		t.Error("two that a bank wrote apart are one movement")
	}
}

func TestColumnsHaveTheNamesThatAreGiven(t *testing.T) {
	given := ordering.StatementColumns{Day: "Tag", Amount: "Betrag", Counterparty: "Wer", Remark: "Zweck"}
	got, err := table(t, given, []string{"Tag", "Betrag", "Wer", "Zweck"}, []string{"2026-03-05", "7", "甲", "x"})
	if err != nil {
		t.Fatal(err)
	}
	if lines, wrong := Lines(got, "2099-12-31"); wrong != nil || len(lines) != 1 || lines[0].AmountFen != 7_00 {
		t.Fatalf("got %+v, %v", lines, wrong)
	}
	// A name that usually is another column's.
	given = ordering.StatementColumns{Out: "金额", Counterparty: "备注"}
	got, err = table(t, given, []string{"日期", "金额", "备注", "附言"}, []string{"2026-03-05", "7", "甲", "x"})
	if err != nil {
		t.Fatal(err)
	}
	if lines, wrong := Lines(got, "2099-12-31"); wrong != nil || len(lines) != 1 || lines[0].AmountFen != -7_00 || lines[0].Counterparty != "甲" || lines[0].Remark != "x" {
		t.Fatalf("got %+v, %v", lines, wrong)
	}
}

func TestWhatIsWrongIsRefusedWithItsPlace(t *testing.T) {
	header := []string{"交易日期", "交易金额", "对方户名", "附言", "币种"}
	for _, c := range []struct {
		sentence, code, field string
		row                   []string
	}{
		{"no day", "DAY_INVALID", "A2", []string{"x", "1", "甲", "", ""}},
		{"no amount", "MONEY_INVALID", "B2", []string{"2026-03-05", "", "甲", "", ""}},
		{"an amount that is none", "MONEY_INVALID", "B2", []string{"2026-03-05", "1.234", "甲", "", ""}},
		{"cents behind a comma, which may be thousands", "MONEY_INVALID", "B2", []string{"2026-03-05", "980,00", "甲", "", ""}},
		{"thousands that are none", "MONEY_INVALID", "B2", []string{"2026-03-05", "1,2,34.50", "甲", "", ""}},
		{"a day to come", "DAY_INVALID", "A2", []string{"2100-01-01", "1", "甲", "", ""}},
		{"a day before there were banks that say so", "DAY_INVALID", "A2", []string{"1900-01-01", "1", "甲", "", ""}},
		{"another currency", "CURRENCY_INVALID", "E2", []string{"2026-03-05", "1", "甲", "", "USD"}},
	} {
		got, err := table(t, ordering.StatementColumns{}, header, c.row)
		if err != nil {
			t.Fatal(err)
		}
		_, wrong := Lines(got, "2099-12-31")
		if len(wrong) != 1 || wrong[0].Code != c.code || wrong[0].Field != c.field {
			t.Errorf("%s: got %v", c.sentence, wrong)
		}
	}
	if _, err := table(t, ordering.StatementColumns{}, []string{"交易日期", "交易金额", "对方户名"}, []string{"2026-03-05", "1", "甲"}); fault.CodeOf(err) != "COLUMN_MISSING" {
		t.Errorf("without a remark: got %v", err)
	}
	got, err := table(t, ordering.StatementColumns{}, []string{"交易日期", "对方户名", "附言"}, []string{"2026-03-05", "甲", ""})
	if err != nil {
		t.Fatal(err)
	}
	if _, wrong := Lines(got, "2099-12-31"); len(wrong) != 1 || wrong[0].Code != "COLUMN_MISSING" {
		t.Errorf("without an amount: got %v", wrong)
	}
	if _, wrong := Lines(tabular.Table{}, "2099-12-31"); len(wrong) != 1 {
		t.Errorf("nothing: got %v", wrong)
	}
}
