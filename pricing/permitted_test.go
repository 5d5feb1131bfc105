package pricing

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"gongshu/internal/fault"
)

func costs(industry, free, shared Fen, units, total int64) []CostLine {
	return []CostLine{
		{Category: CostPlatform, Scope: CostIndustry, Name: "platform", AmountFen: industry},
		{Category: CostLabour, Scope: CostFree, Name: "help for citizens", AmountFen: free},
		{Category: CostProcessing, Scope: CostShared, Name: "storage", AmountFen: shared, Key: "calls", Units: units, Total: total},
	}
}

func itemised(amount Fen) Tax { return Tax{Kind: TaxItemised, AmountFen: amount} }

func proportional(rate string) Tax { return Tax{Kind: TaxProportional, Rate: decimal.MustParse(rate)} }

func TestPermit(t *testing.T) {
	d := decimal.MustParse
	for _, row := range []struct {
		sentence                   string
		survey                     CostSurvey
		cost, profit, tax, revenue Fen
	}{
		{"cost, profit and itemised tax add up",
			CostSurvey{costs(100_000_00, 0, 0, 0, 1), 0, itemised(5_000_00), d("2"), d("3")}, 100_000_00, 5_000_00, 5_000_00, 110_000_00},
		{"of a shared cost the key's part counts",
			CostSurvey{costs(100_000_00, 0, 40_000_00, 3, 4), 0, itemised(0), d("2.35"), d("3")}, 130_000_00, 6_955_00, 0, 136_955_00},
		{"a free product's cost stays outside",
			CostSurvey{costs(100_000_00, 70_000_00, 0, 0, 1), 0, itemised(0), d("2"), d("0")}, 100_000_00, 2_000_00, 0, 102_000_00},
		{"a subsidy lowers the cost, and with it the profit",
			CostSurvey{costs(100_000_00, 0, 40_000_00, 3, 4), 10_000_00, itemised(5_000_00), d("2.35"), d("3")}, 120_000_00, 6_420_00, 5_000_00, 131_420_00},
		{"proportional tax is a part of the revenue, not of the cost",
			CostSurvey{costs(100_000_00, 0, 40_000_00, 3, 4), 10_000_00, proportional("0.06"), d("2.35"), d("3")}, 120_000_00, 6_420_00, 8_069_36, 134_489_36},
		{"six points are the widest spread",
			CostSurvey{costs(100_00, 0, 0, 0, 1), 0, itemised(0), d("0"), d("6")}, 100_00, 6_00, 0, 106_00},
		{"half a fen goes up, once",
			CostSurvey{costs(0, 0, 1, 1, 2), 0, itemised(0), d("0"), d("0")}, 1, 0, 0, 1},
		{"less than half a fen at the end is dropped",
			CostSurvey{costs(0, 0, 1, 1, 3), 0, itemised(0), d("0"), d("0")}, 0, 0, 0, 0},
		{"parts below a fen make one together",
			CostSurvey{append(costs(0, 0, 1, 1, 3), costs(0, 0, 1, 1, 3)...), 0, itemised(0), d("0"), d("0")}, 1, 0, 0, 1},
		{"more subsidy than cost leaves only the tax",
			CostSurvey{costs(100_00, 0, 0, 0, 1), 200_00, itemised(7_00), d("2"), d("3")}, 0, 0, 7_00, 7_00},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got, err := Permit(row.survey)
			if err != nil {
				t.Fatal(err)
			}
			if got.CostFen != row.cost || got.ProfitFen != row.profit || got.TaxFen != row.tax || got.RevenueFen != row.revenue {
				t.Errorf("got cost %s, profit %s, tax %s, revenue %s", got.CostFen, got.ProfitFen, got.TaxFen, got.RevenueFen)
			}
		})
	}
}

func TestCostSurveyRefused(t *testing.T) {
	d := decimal.MustParse
	good := func() CostSurvey {
		return CostSurvey{costs(100_00, 0, 10_00, 1, 2), 0, itemised(0), d("2"), d("3")}
	}
	for _, row := range []struct {
		sentence string
		spoil    func(*CostSurvey)
		want     string
	}{
		{"a good survey is valid", func(*CostSurvey) {}, ""},
		{"a spread of 6.01 points is refused", func(s *CostSurvey) { s.SpreadPoints = d("6.01") }, "SPREAD_OUT_OF_RANGE@s.spreadPoints"},
		{"and one below 0", func(s *CostSurvey) { s.SpreadPoints = d("-0.01") }, "SPREAD_OUT_OF_RANGE@s.spreadPoints"},
		{"a survey has lines", func(s *CostSurvey) { s.Lines = nil }, "COST_LINES_INVALID@s.lines"},
		{"and not too many", func(s *CostSurvey) { s.Lines = make([]CostLine, MaxCostLines+1) }, "COST_LINES_INVALID@s.lines"},
		{"a cost is not negative", func(s *CostSurvey) { s.Lines[0].AmountFen = -1 }, "AMOUNT_NEGATIVE@s.lines.0.amountFen"},
		{"nor is a subsidy", func(s *CostSurvey) { s.SubsidyFen = -1 }, "AMOUNT_NEGATIVE@s.subsidyFen"},
		{"an empty line lacks everything", func(s *CostSurvey) { s.Lines[0] = CostLine{} },
			"COST_CATEGORY_INVALID@s.lines.0.category COST_NAME_MISSING@s.lines.0.name COST_SCOPE_INVALID@s.lines.0.scope"},
		{"a shared cost names its key", func(s *CostSurvey) { s.Lines[2].Key = "" }, "COST_KEY_MISSING@s.lines.2.key"},
		{"and no more units than there are", func(s *CostSurvey) { s.Lines[2].Units = 3 }, "COST_UNITS_INVALID@s.lines.2.units"},
		{"of a total that is something", func(s *CostSurvey) { s.Lines[2].Units, s.Lines[2].Total = 0, 0 }, "COST_UNITS_INVALID@s.lines.2.units"},
		{"other costs have none", func(s *CostSurvey) { s.Lines[0].Key = "calls" }, "COST_KEY_NOT_USED@s.lines.0.key"},
		{"tax is one of two", func(s *CostSurvey) { s.Tax = Tax{} }, "TAX_KIND_INVALID@s.tax.kind"},
		{"itemised tax has no rate", func(s *CostSurvey) { s.Tax.Rate = d("0.06") }, "TAX_NOT_USED@s.tax.rate"},
		{"proportional tax has no amount", func(s *CostSurvey) { s.Tax = Tax{Kind: TaxProportional, AmountFen: 1, Rate: d("0.06")} }, "TAX_NOT_USED@s.tax.amountFen"},
		{"and is half at most", func(s *CostSurvey) { s.Tax = proportional("0.500001") }, "TAX_RATE_INVALID@s.tax.rate"},
		{"a cost is no more than any sum may be", func(s *CostSurvey) { s.Lines[0].AmountFen, s.SubsidyFen = MaxTotalFen+1, MaxTotalFen+1 },
			"AMOUNT_TOO_LARGE@s.lines.0.amountFen AMOUNT_TOO_LARGE@s.subsidyFen"},
		{"a tax that is left out is not 0", func(s *CostSurvey) { s.Tax.Missing = true }, "TAX_MISSING@s.tax.amountFen"},
		{"nor a rate", func(s *CostSurvey) { s.Tax = Tax{Kind: TaxProportional, Missing: true} }, "TAX_MISSING@s.tax.rate"},
		{"nor is a tax", func(s *CostSurvey) { s.Tax.AmountFen = math.MaxInt64 }, "AMOUNT_TOO_LARGE@s.tax.amountFen"},
		{"a yield is a percentage", func(s *CostSurvey) { s.YieldPercent = d("100.01") }, "YIELD_INVALID@s.yieldPercent"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			survey := good()
			row.spoil(&survey)
			if got := codesAndFields(survey.Validate("s")); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if _, err := Permit(survey); (err == nil) != (row.want == "") {
				t.Errorf("Permit answers %v", err)
			}
		})
	}
	most := good()
	most.Tax, most.YieldPercent, most.Lines = proportional(MaxTaxRate), decimal.Hundred, nil
	for range MaxCostLines {
		most.Lines = append(most.Lines, CostLine{Category: CostLabour, Scope: CostIndustry, Name: "x", AmountFen: MaxTotalFen})
	}
	if p, err := Permit(most); err != nil || p.CostFen != MaxCostLines*MaxTotalFen || p.RevenueFen < 4*p.CostFen {
		t.Errorf("the greatest survey comes to %+v, %v", p, err)
	}
}

func drawSurvey(t *rapid.T) CostSurvey {
	tax := itemised(Fen(rapid.Int64Range(0, 1e12).Draw(t, "tax")))
	if rapid.Bool().Draw(t, "proportional") {
		tax = Tax{Kind: TaxProportional, Rate: decimal.MustNew(rapid.Int64Range(0, 500_000).Draw(t, "rate"), 6)}
	}
	lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) CostLine {
		line := CostLine{
			Category: CostLabour, Name: "x", Scope: CostScope(rapid.SampledFrom(CostScope("").Values()).Draw(t, "scope")),
			AmountFen: Fen(rapid.Int64Range(0, 9e11).Draw(t, "amount")),
		}
		if line.Scope == CostShared {
			line.Key, line.Total = "calls", rapid.Int64Range(1, 1e9).Draw(t, "total")
			line.Units = rapid.Int64Range(0, line.Total).Draw(t, "units")
		}
		return line
	}), 1, 12).Draw(t, "lines")
	return CostSurvey{
		Lines: lines, SubsidyFen: Fen(rapid.Int64Range(0, 1e12).Draw(t, "subsidy")), Tax: tax,
		YieldPercent: decimal.MustNew(rapid.Int64Range(0, 10_0000).Draw(t, "yield"), 4),
		SpreadPoints: decimal.MustNew(rapid.Int64Range(0, 6_00).Draw(t, "spread"), 2),
	}
}

func TestPermittedRevenueAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		survey := drawSurvey(t)
		p, err := Permit(survey)
		if err != nil {
			t.Fatal(err)
		}
		if p.CostFen+p.ProfitFen+p.TaxFen != p.RevenueFen || p.CostFen < 0 || p.ProfitFen < 0 || p.TaxFen < 0 {
			t.Fatalf("%+v", p)
		}
		if want := max(0, p.IndustryFen+p.SharedFen-p.SubsidyFen); p.CostFen != want {
			t.Fatalf("the cost is %d, its parts make %d", p.CostFen, want)
		}
		// The revenue is the law's formula: within half a fen of C(1+r)+T, or of C(1+r)/(1−t).
		cost := new(big.Rat)
		for _, line := range survey.Lines {
			switch line.Scope {
			case CostIndustry:
				cost.Add(cost, big.NewRat(int64(line.AmountFen), 1))
			case CostShared:
				part := new(big.Rat).Mul(big.NewRat(int64(line.AmountFen), 1), big.NewRat(line.Units, line.Total))
				cost.Add(cost, part)
			}
		}
		if cost.Sub(cost, big.NewRat(int64(survey.SubsidyFen), 1)); cost.Sign() < 0 {
			cost.SetInt64(0)
		}
		rate, _ := new(big.Rat).SetString(p.RatePercent.String())
		cost.Mul(cost, rate.Add(rate.Quo(rate, big.NewRat(100, 1)), big.NewRat(1, 1)))
		tax, _ := new(big.Rat).SetString(survey.Tax.Rate.String())
		cost.Quo(cost, tax.Sub(big.NewRat(1, 1), tax))
		cost.Add(cost, big.NewRat(int64(survey.Tax.AmountFen), 1))
		off := cost.Sub(cost, big.NewRat(int64(p.RevenueFen), 1))
		if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
			t.Fatalf("the revenue is %s fen off", off.FloatString(3))
		}
	})
}

func TestPermittedRevenueIsMonotoneInEachCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		survey := drawSurvey(t)
		before, err := Permit(survey)
		if err != nil {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, len(survey.Lines)-1).Draw(t, "line")
		survey.Lines[i].AmountFen += Fen(rapid.Int64Range(1, 1e9).Draw(t, "more"))
		after, err := Permit(survey)
		if err != nil {
			t.Fatal(err)
		}
		if after.RevenueFen < before.RevenueFen || survey.Lines[i].Scope == CostFree && after != before {
			t.Fatalf("from %+v to %+v", before, after)
		}
	})
}

func TestDeviate(t *testing.T) {
	tenth := decimal.MustParse("0.10")
	for _, row := range []struct {
		sentence          string
		actual, permitted Fen
		want              string
	}{
		{"what was permitted asks nothing of anybody", 100_00, 100_00, "0 0.0 NOBODY"},
		{"ten percent more is the operator's", 110_00, 100_00, "1000 10.0 OPERATOR"},
		{"a fen beyond is the authorising body's", 110_01, 100_00, "1001 10.0 AUTHORISING_BODY"},
		{"ten percent less is the operator's", 90_00, 100_00, "-1000 -10.0 OPERATOR"},
		{"a fen below that is the authorising body's", 89_99, 100_00, "-1001 -10.0 AUTHORISING_BODY"},
		{"anything above nothing is beyond", 1, 0, "1 none AUTHORISING_BODY"},
		{"the greatest amounts are compared", math.MaxInt64, 1, "9223372036854775806 none AUTHORISING_BODY"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			d, err := Deviate(row.actual, row.permitted, tenth)
			if err != nil {
				t.Fatal(err)
			}
			percent := "none"
			if d.Percent != nil {
				percent = d.Percent.String()
			}
			if got := fmt.Sprint(int64(d.DifferenceFen), " ", percent, " ", d.Adjuster); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
	_, err := Deviate(-1, -1, decimal.MustParse("1.1"))
	if got := codesAndFields(err); got != "AMOUNT_NEGATIVE@actualFen AMOUNT_NEGATIVE@permittedFen TOLERANCE_INVALID@tolerance" {
		t.Errorf("bad amounts are %s", got)
	}
}

func TestCarryOver(t *testing.T) {
	for _, row := range []struct {
		sentence string
		years    []CycleYear
		excess   Fen
		code     string
	}{
		{"the years of a cycle offset each other", []CycleYear{{120, 100}, {90, 100}, {95, 100}}, 5, ""},
		{"a shortfall is not compensated", []CycleYear{{80, 100}, {90, 100}}, 0, ""},
		{"a cycle has a year", nil, 0, "CYCLE_YEARS_INVALID"},
		{"and at most three", make([]CycleYear, 4), 0, "CYCLE_YEARS_INVALID"},
		{"an amount is not negative", []CycleYear{{-1, 0}}, 0, "AMOUNT_NEGATIVE"},
		{"an excess that is no int64 is refused", []CycleYear{{math.MaxInt64, 0}, {1, 0}}, 0, "MONEY_OVERFLOW"},
		{"sums that are none are compared exactly", []CycleYear{{math.MaxInt64, math.MaxInt64}, {math.MaxInt64, math.MaxInt64}, {7, 3}}, 4, ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			excess, err := Excess(row.years)
			wantCode(t, err, row.code)
			if excess != row.excess {
				t.Errorf("got %d, want %d", excess, row.excess)
			}
		})
	}
	if got, _ := Clawback(100, 3); fmt.Sprint(got) != "[0.34 0.33 0.33]" {
		t.Errorf("100 fen over three cycles are %v", got)
	}
	_, err := Clawback(-1, 0)
	if got := codesAndFields(err); got != "AMOUNT_NEGATIVE@excessFen CLAWBACK_CYCLES_INVALID@cycles" {
		t.Errorf("a bad clawback is %s", got)
	}
	if after, left, _ := Deduct(100, 130); after != 0 || left != 30 {
		t.Errorf("130 of 100 leave %d and %d", after, left)
	}
	rapid.Check(t, func(t *rapid.T) {
		excess := Fen(rapid.Int64Range(0, math.MaxInt64).Draw(t, "excess"))
		instalments, err := Clawback(excess, rapid.IntRange(1, MaxClawbackCycles).Draw(t, "cycles"))
		if err != nil {
			t.Fatal(err)
		}
		total := Fen(0)
		for i, one := range instalments {
			total += one
			if i > 0 && (one > instalments[i-1] || one < instalments[0]-1) {
				t.Fatalf("uneven: %v", instalments)
			}
		}
		if total != excess {
			t.Fatalf("%v is not %d", instalments, excess)
		}
	})
}

func TestCapsRevenue(t *testing.T) {
	calls := func(product, from, rate string, forecast int64) DatedCap {
		return DatedCap{product, Cap{Mode: PerCall, Rate: decimal.MustParse(rate)}, from, forecast}
	}
	years := DatedCap{"x", Cap{Mode: PerPeriod, Rate: decimal.MustParse("500"), Period: Months(12)}, "2026-03-01", 2}
	for _, row := range []struct {
		sentence  string
		caps      []DatedCap
		revenue   string
		uncounted int
	}{
		{"those of a year are added", []DatedCap{calls("x", "2026-03-01", "0.60", 1000), years, calls("y", "2026-12-31", "1", 1)}, "1601.00", 0},
		{"one holds until the next begins, and counts in the years between", []DatedCap{calls("x", "2024-05-01", "0.60", 1000)}, "600.00", 0},
		{"one that ended before does not", []DatedCap{calls("x", "2024-05-01", "0.60", 1000), calls("x", "2026-01-01", "0.10", 1000)}, "100.00", 0},
		{"one that ended in the year does", []DatedCap{calls("x", "2026-01-02", "0.10", 1000), calls("x", "2024-05-01", "0.60", 1000)}, "600.00", 0},
		{"one that begins later does not", []DatedCap{calls("x", "2027-01-01", "0.60", 1000)}, "0.00", 0},
		{"a cheap one later takes nothing back", []DatedCap{calls("x", "2026-12-11", "100", 22_000), calls("x", "2026-12-31", "0", 1)}, "2200000.00", 0},
		{"what has no forecast is named", []DatedCap{calls("x", "2024-05-01", "0.60", 0), calls("x", "2026-02-01", "0.60", 10), calls("y", "2026-02-01", "9", 0)}, "6.00", 2},
		{"more than money can say is all of it", []DatedCap{calls("x", "2026-01-01", "1000000000", 1e12), calls("y", "2026-01-01", "1000000000", 1e12)}, "92233720368547758.07", 0},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			for range 2 {
				if revenue, uncounted := CapsRevenue(row.caps, 2026); revenue.String() != row.revenue || uncounted != row.uncounted {
					t.Errorf("got %s and %d, want %s and %d", revenue, uncounted, row.revenue, row.uncounted)
				}
				slices.Reverse(row.caps)
			}
		})
	}
	set := []DatedCap{calls("x", "2026-12-11", "100", 22_000), calls("x", "2026-12-31", "0", 1)}
	for _, row := range []struct {
		sentence  string
		added     DatedCap
		permitted Fen
		code      string
	}{
		{"they may earn exactly what is permitted", years, 2_201_000_00, ""},
		{"and not a fen more", years, 2_200_999_99, "CAPS_OVER_PERMITTED"},
		{"one after a cheap one is no way round", calls("y", "2026-12-31", "100", 22_000), 2_300_000_00, "CAPS_OVER_PERMITTED"},
		{"a lower one is never refused", calls("x", "2026-12-30", "99", 22_000), 1, ""},
		{"nor one of another year", calls("x", "2027-01-01", "999", 22_000), 1, ""},
	} {
		err := CheckCaps(set, row.added, 2026, row.permitted)
		if code := fault.CodeOf(err); code != row.code && (err != nil || row.code != "") {
			t.Errorf("%s: got %v", row.sentence, err)
		}
	}
}
