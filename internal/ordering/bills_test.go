package ordering

import (
	"fmt"
	"testing"

	"gongshu/pricing"
)

func TestAdjust(t *testing.T) {
	march := Bill{Month: "2026-03", RatedFen: 300}
	april := func(amount, refunded pricing.Fen) Bill {
		return Bill{Month: "2026-04", Adjustments: []Adjustment{{Month: "2026-03", AmountFen: amount, RefundedFen: refunded}}}
	}
	for _, row := range []struct {
		sentence        string
		before          []Bill
		rated, refunded pricing.Fen
		want            string
	}{
		{"what comes to the same is not corrected", []Bill{march}, 300, 0, "300-300+0=0 false"},
		{"nor because of a refund, which was a favour", []Bill{march}, 300, 200, "300-300+0=0 false"},
		{"too much is given as a credit", []Bill{march}, 61, 0, "61-300+0=-239 true"},
		{"less what was refunded of it", []Bill{march}, 61, 200, "61-300+200=-39 true"},
		{"a refund of all that is too much and more leaves no credit, and stands for it", []Bill{march}, 250, 200, "250-300+50=0 true"},
		{"too little is asked for, whatever was refunded", []Bill{march}, 541, 300, "541-300+0=241 true"},
		{"a refund stands for a correction once", []Bill{march, april(-39, 200)}, 61, 200, "61-261+200=0 false"},
		{"what is used after it is asked for", []Bill{march, april(-39, 200)}, 161, 200, "161-261+200=100 true"},
		{"and what is taken back after it is given", []Bill{march, april(-39, 200)}, 0, 200, "0-261+200=-61 true"},
		{"a refund after the credit is a favour", []Bill{march, april(-239, 0)}, 61, 61, "61-61+0=0 false"},
		{"one that failed stands for nothing", []Bill{march, april(-39, 200)}, 61, 0, "61-261+0=-200 true"},
		{"a month without a bill is asked for whole", nil, 10, 0, "10-0+0=10 true"},
	} {
		a, differs := Adjust("2026-03", row.rated, row.before, row.refunded)
		got := fmt.Sprintf("%d-%d+%d=%d %v", a.RatedFen, a.BilledFen, a.RefundedFen, a.AmountFen, differs)
		if got != row.want {
			t.Errorf("%s: got %s, want %s", row.sentence, got, row.want)
		}
	}
}
