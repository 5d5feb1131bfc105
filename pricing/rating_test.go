package pricing

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"gongshu/internal/purpose"
)

func flatly(rate string) Schedule {
	return Schedule{Scheme: Flat, Bands: []Band{{Rate: decimal.MustParse(rate)}}}
}

func metered(change func(*Tariff)) Tariff {
	t := Tariff{Mode: PerCall, Schedule: flatly("10")}
	if change != nil {
		change(&t)
	}
	return t
}

var january = BillingMonth{2026, time.January}

// at is an instant of January 2026 in China's time.
func at(day, hour int) time.Time {
	return time.Date(2026, time.January, day, hour, 0, 0, 0, marketZone)
}

func called(day int, subject string, quantity int64) Use {
	return Use{ID: fmt.Sprintf("%02d-%s", day, subject), At: at(day, 9), Subject: subject, Channel: Online, Quantity: quantity}
}

func written(r Rated) string {
	var b strings.Builder
	for _, l := range r.Lines {
		fmt.Fprintf(&b, "%s", l.Rule)
		if l.Variant > 0 {
			fmt.Fprintf(&b, "/%d", l.Variant)
		}
		if l.Quantity > 0 {
			fmt.Fprintf(&b, " %d", l.Quantity)
		}
		fmt.Fprintf(&b, "=%s ", l.AmountFen)
	}
	return b.String() + "total " + r.TotalFen.String()
}

func TestRate(t *testing.T) {
	onceAMonth := metered(func(t *Tariff) { t.OnceDays = 30 })
	counter := metered(func(t *Tariff) {
		t.Variants = []Variant{{Channel: Counter, Schedule: Schedule{Scheme: Flat, Bands: []Band{{Rate: decimal.MustParse("5")}}, Free: &FreeAllowance{2, Year}}}}
	})
	classes := metered(func(t *Tariff) { t.Variants = []Variant{{Class: "PREFERENTIAL", Schedule: flatly("5")}} })
	packaged := metered(func(t *Tariff) { t.Package = &Package{Allowance: 100, FeeFen: 800_00} })
	bounded := metered(func(t *Tariff) { t.MinimumFen, t.MaximumFen = 9_00, 55_00 })
	monthly := metered(func(t *Tariff) { t.Free = &FreeAllowance{3, Month} })
	atCounter := func(day int, quantity int64) Use {
		u := called(day, "c", quantity)
		u.Channel = Counter
		return u
	}
	third := Discount{Policy: "p-3", Purpose: purpose.Industry, Percent: decimal.MustParse("33.3333")}
	per := func(rate string) *Cap { return &Cap{Mode: PerCall, Rate: decimal.MustParse(rate)} }
	secondOfJanuary, thirdOfJanuary := at(2, 0), at(3, 0)
	tenth := Discount{Policy: "p-1", Scenario: "FARM", Percent: decimal.MustParse("10")}
	for _, row := range []struct {
		sentence string
		terms    Terms
		before   Carried
		uses     []Use
		want     string
	}{
		{"uses add up under one rate", Terms{Tariff: metered(nil)}, Carried{}, []Use{called(1, "a", 2), called(2, "a", 1)}, "FLAT 3=30.00 total 30.00"},
		{"no use, no charge", Terms{Tariff: metered(nil)}, Carried{}, nil, "total 0.00"},
		{"the order in which uses come does not matter", Terms{Tariff: onceAMonth}, Carried{}, []Use{called(9, "a", 1), called(3, "a", 1)}, "BILLED_ONCE 1=0.00 FLAT 1=10.00 total 10.00"},
		{"another subject is billed anew", Terms{Tariff: onceAMonth}, Carried{}, []Use{called(3, "a", 1), called(3, "b", 1)}, "FLAT 2=20.00 total 20.00"},
		{"the window reaches back into the month before", Terms{Tariff: onceAMonth}, Carried{Billed: map[string]time.Time{"a": at(1, 9).AddDate(0, 0, -29)}},
			[]Use{called(1, "a", 1)}, "BILLED_ONCE 1=0.00 total 0.00"},
		{"thirty days later it is over", Terms{Tariff: onceAMonth}, Carried{Billed: map[string]time.Time{"a": at(1, 9).AddDate(0, 0, -30)}},
			[]Use{called(1, "a", 1)}, "FLAT 1=10.00 total 10.00"},
		{"it runs from the last use that was billed, not from one that was not", Terms{Tariff: metered(func(t *Tariff) { t.OnceDays = 10 })}, Carried{},
			[]Use{called(1, "a", 1), called(10, "a", 1), called(11, "a", 1)}, "BILLED_ONCE 1=0.00 FLAT 2=20.00 total 20.00"},
		{"two at the counter are free in a year, then they cost", Terms{Tariff: counter}, Carried{}, []Use{atCounter(1, 1), atCounter(2, 2)},
			"FREE_ALLOWANCE/1 2=0.00 FLAT/1 1=5.00 total 5.00"},
		{"what was used of them earlier in the year is used", Terms{Tariff: counter}, Carried{Month: january, FreeUsed: []int64{0, 1}}, []Use{atCounter(1, 1), atCounter(2, 1)},
			"FREE_ALLOWANCE/1 1=0.00 FLAT/1 1=5.00 total 5.00"},
		{"a month's allowance begins anew", Terms{Tariff: monthly}, Carried{Month: january.Before(), FreeUsed: []int64{3}}, []Use{called(1, "a", 4)}, "FREE_ALLOWANCE 3=0.00 FLAT 1=10.00 total 10.00"},
		{"online has its own price", Terms{Tariff: counter}, Carried{}, []Use{called(1, "a", 1), atCounter(2, 3)},
			"FLAT 1=10.00 FREE_ALLOWANCE/1 2=0.00 FLAT/1 1=5.00 total 15.00"},
		{"a preferential class pays its rate", Terms{Tariff: classes, Class: "PREFERENTIAL"}, Carried{}, []Use{called(1, "a", 2)}, "FLAT/1 2=10.00 total 10.00"},
		{"others do not", Terms{Tariff: classes, Class: "OTHER"}, Carried{}, []Use{called(1, "a", 2)}, "FLAT 2=20.00 total 20.00"},
		{"a package is due unused", Terms{Tariff: packaged}, Carried{}, nil, "PACKAGE 100=800.00 total 800.00"},
		{"what goes beyond it runs through the bands", Terms{Tariff: packaged}, Carried{}, []Use{called(1, "a", 103)}, "PACKAGE 100=800.00 FLAT 3=30.00 total 830.00"},
		{"too little is raised to the least", Terms{Tariff: metered(func(t *Tariff) { t.Schedule, t.MinimumFen = flatly("0.5"), 9_00 })}, Carried{},
			[]Use{called(1, "a", 2)}, "FLAT 2=1.00 MINIMUM=8.00 total 9.00"},
		{"nothing is not", Terms{Tariff: bounded}, Carried{}, nil, "total 0.00"},
		{"too much is lowered to the most", Terms{Tariff: bounded}, Carried{}, []Use{called(1, "a", 6)}, "FLAT 6=60.00 MAXIMUM=-5.00 total 55.00"},
		{"the greatest discount that fits is given", Terms{Tariff: metered(nil), Scenario: "FARM", Discounts: []Discount{tenth, third}}, Carried{},
			[]Use{called(1, "a", 1)}, "FLAT 1=10.00 DISCOUNT=-3.33 total 6.67"},
		{"one that does not fit is not", Terms{Tariff: metered(nil), Discounts: []Discount{tenth}}, Carried{}, []Use{called(1, "a", 1)}, "FLAT 1=10.00 total 10.00"},
		{"the least is asked for after the discount", Terms{Tariff: bounded, Discounts: []Discount{third}}, Carried{}, []Use{called(1, "a", 1)},
			"FLAT 1=10.00 DISCOUNT=-3.33 MINIMUM=2.33 total 9.00"},
		{"free use shows the prices and costs nothing", Terms{Tariff: packaged, Purpose: purpose.Welfare, Discounts: []Discount{third}}, Carried{}, []Use{called(1, "a", 103)},
			"PACKAGE 100=0.00 FLAT 3=0.00 total 0.00"},
		{"a cap that fell binds the bill", Terms{Tariff: metered(nil), Cap: per("8")}, Carried{}, []Use{called(1, "a", 3)},
			"FLAT 3=30.00 CAP=-6.00 total 24.00"},
		{"of a package it allows its rate for each unit bought", Terms{Tariff: packaged, Cap: per("7")}, Carried{}, nil,
			"PACKAGE 100=800.00 CAP=-100.00 total 700.00"},
		{"each use is under the cap of its day", Terms{Tariff: metered(nil), Cap: per("8"), CapChanges: []CapChange{{secondOfJanuary, per("6")}, {thirdOfJanuary, nil}}}, Carried{},
			[]Use{called(1, "a", 3), called(2, "a", 1), called(3, "a", 2)}, "FLAT 6=60.00 CAP=-10.00 total 50.00"},
		{"a cap that comes later binds nothing before", Terms{Tariff: metered(nil), CapChanges: []CapChange{{thirdOfJanuary, per("1")}}}, Carried{},
			[]Use{called(1, "a", 3)}, "FLAT 3=30.00 total 30.00"},
		{"a cap of nothing leaves nothing", Terms{Tariff: metered(nil), Cap: per("0")}, Carried{}, []Use{called(1, "a", 3)}, "FLAT 3=30.00 CAP=-30.00 total 0.00"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if row.terms.Purpose == "" {
				row.terms.Purpose = purpose.Industry
			}
			row.terms.VATRate = six
			rated, err := Rate(row.terms, january, row.before, row.uses)
			if err != nil {
				t.Fatal(err)
			}
			if got := written(rated); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			net, vat := SplitVAT(rated.TotalFen, six)
			if rated.NetFen+rated.VATFen != rated.TotalFen || rated.NetFen != net || rated.VATFen != vat || sum(rated.Lines) != rated.TotalFen {
				t.Errorf("it does not add up: %+v", rated)
			}
		})
	}
}

// An allowance is a user's: another order of the same month or year goes on with it.
func TestAnAllowanceIsCarriedAsFarAsItGoes(t *testing.T) {
	november := BillingMonth{2026, time.November}
	for _, row := range []struct {
		sentence string
		per      PeriodUnit
		month    BillingMonth
		want     Fen
	}{
		{"of a year, in the same month", Year, november, 20_00},
		{"of a year, in its next month", Year, november.Next(), 20_00},
		{"of a year, in its last month after a gap", Year, BillingMonth{2026, time.December}, 20_00},
		{"of a year, in the next", Year, BillingMonth{2027, time.January}, 10_00},
		{"of a month, in the same", Month, november, 20_00},
		{"of a month, in the next", Month, november.Next(), 10_00},
		{"of a month, in the same of another year", Month, BillingMonth{2027, time.November}, 10_00},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			terms := Terms{Tariff: metered(func(t *Tariff) { t.Free = &FreeAllowance{2, row.per} }), Purpose: purpose.Industry, VATRate: six}
			first, err := terms.Rating(november, Carried{})
			if err != nil {
				t.Fatal(err)
			}
			if err := first.Add(Use{ID: "1", At: november.Start(), Quantity: 1}); err != nil {
				t.Fatal(err)
			}
			rated, err := Rate(terms, row.month, first.Carry(), []Use{{ID: "2", At: row.month.Start(), Quantity: 3}})
			if err != nil || rated.TotalFen != row.want {
				t.Errorf("it comes to %s, %v, want %s", rated.TotalFen, err, row.want)
			}
		})
	}
}

func TestRatingRefuses(t *testing.T) {
	terms := Terms{Tariff: metered(func(t *Tariff) { t.OnceDays = 30 }), Purpose: purpose.Industry, VATRate: six}
	for _, row := range []struct {
		sentence string
		uses     []Use
		code     string
	}{
		{"what comes after a later one", []Use{called(2, "a", 1), called(1, "a", 1)}, "USE_OUT_OF_ORDER"},
		{"the same use twice", []Use{called(2, "a", 1), called(2, "a", 1)}, "USE_OUT_OF_ORDER"},
		{"a use of the month before", []Use{{ID: "x", At: at(1, 0).Add(-time.Second), Subject: "a", Quantity: 1}}, "USE_OUT_OF_MONTH"},
		{"a use of the month after", []Use{{ID: "x", At: january.Next().Start(), Subject: "a", Quantity: 1}}, "USE_OUT_OF_MONTH"},
		{"no quantity", []Use{called(1, "a", 0)}, "QUANTITY_INVALID"},
		{"more than money can say, together", []Use{called(1, "a", MaxQuantity), called(2, "a", 1)}, "QUANTITY_INVALID"},
		{"no subject where it is needed", []Use{called(1, "", 1)}, "SUBJECT_MISSING"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			rating, err := terms.Rating(january, Carried{})
			if err != nil {
				t.Fatal(err)
			}
			for i, u := range row.uses {
				err = rating.Add(u)
				if i < len(row.uses)-1 && err != nil {
					t.Fatal(err)
				}
			}
			wantCode(t, err, row.code)
		})
	}
	bad := terms
	bad.Discounts = []Discount{{Percent: decimal.MustParse("100.00001")}}
	if got := codesAndFields(func() error { _, err := bad.Rating(january, Carried{}); return err }()); got != "DISCOUNT_INVALID@discounts.0 DISCOUNT_PERCENT_INVALID@discounts.0.percent" {
		t.Errorf("a bad discount is %s", got)
	}
}

func TestTariffLanguageRefuses(t *testing.T) {
	for _, row := range []struct {
		sentence string
		change   func(*Tariff)
		want     string
	}{
		{"a package with all that may stand beside it is valid", func(t *Tariff) {
			t.Package, t.Free, t.OnceDays, t.MinimumFen, t.MaximumFen = &Package{10, 50_00}, &FreeAllowance{2, Month}, 30, 1, 2
		}, ""},
		{"and so are variants", func(t *Tariff) {
			t.Free, t.OnceDays, t.MinimumFen, t.MaximumFen = &FreeAllowance{2, Month}, 30, 1, 2
			t.Variants = []Variant{{Class: "A", Channel: Counter, Schedule: flatly("1")}, {Class: "A", Schedule: flatly("2")}, {Channel: Counter, Schedule: flatly("3")}}
		}, ""},
		{"a package has units", func(t *Tariff) { t.Package = &Package{0, 1} }, "ALLOWANCE_INVALID@t.package.allowance"},
		{"not so many that nobody uses them", func(t *Tariff) { t.Package = &Package{MaxAllowance + 1, 1} }, "ALLOWANCE_INVALID@t.package.allowance"},
		{"and a fee that is not negative", func(t *Tariff) { t.Package = &Package{1, -1} }, "FEE_INVALID@t.package.feeFen"},
		{"a product is no package", func(t *Tariff) { t.Mode, t.Package = PerProduct, &Package{1, 1} }, "PACKAGE_NOT_USED@t.package"},
		{"nor is it what a class would pay and not use", func(t *Tariff) {
			t.Package, t.Variants = &Package{10, 1}, []Variant{{Class: "A", Schedule: flatly("1")}}
		}, "PACKAGE_WITH_VARIANTS@t.package"},
		{"an allowance is something", func(t *Tariff) { t.Free = &FreeAllowance{0, Month} }, "ALLOWANCE_INVALID@t.free.quantity"},
		{"for a month or a year", func(t *Tariff) { t.Free = &FreeAllowance{1, Week} }, "FREE_PER_INVALID@t.free.per"},
		{"of what is counted", func(t *Tariff) { t.Mode, t.Free = PerProduct, &FreeAllowance{1, Month} }, "FREE_ALLOWANCE_NOT_USED@t.free"},
		{"a window is not negative", func(t *Tariff) { t.OnceDays = -1 }, "ONCE_DAYS_INVALID@t.onceDays"},
		{"and for calls", func(t *Tariff) { t.Mode, t.OnceDays = PerVolume, 1 }, "ONCE_NOT_PER_CALL@t.onceDays"},
		{"the least is not above the most", func(t *Tariff) { t.MinimumFen, t.MaximumFen = 2, 1 }, "MAXIMUM_BELOW_MINIMUM@t.maximumFen"},
		{"nor negative", func(t *Tariff) { t.MinimumFen, t.MaximumFen = -1, MaxTotalFen+1 }, "FEE_INVALID@t.minimumFen FEE_INVALID@t.maximumFen"},
		{"a variant is for somebody", func(t *Tariff) { t.Variants = []Variant{{Schedule: flatly("1")}} }, "VARIANT_FOR_ALL@t.variants.0"},
		{"that no earlier one is for", func(t *Tariff) {
			t.Variants = []Variant{{Class: "A", Schedule: flatly("1")}, {Class: "A", Channel: Online, Schedule: flatly("2")}}
		}, "VARIANT_UNREACHABLE@t.variants.1"},
		{"by its code", func(t *Tariff) { t.Variants = []Variant{{Class: "a b", Schedule: flatly("1")}} }, "USER_CLASS_INVALID@t.variants.0.class"},
		{"through a channel there is", func(t *Tariff) { t.Variants = []Variant{{Channel: "FAX", Schedule: flatly("1")}} }, "SERVICE_CHANNEL_INVALID@t.variants.0.channel"},
		{"at a rate", func(t *Tariff) { t.Variants = []Variant{{Class: "A", Schedule: flatly("-1")}} }, "RATE_NEGATIVE@t.variants.0.bands.0.rate"},
		{"not one of too many", func(t *Tariff) { t.Variants = make([]Variant, MaxVariants+1) }, "VARIANTS_TOO_MANY@t.variants"},
		{"a period has a unit", func(t *Tariff) { t.Mode, t.Period = PerPeriod, Period{"EPOCH", 1} }, "PERIOD_UNIT_INVALID@t.period.unit"},
		{"and no more than ten years", func(t *Tariff) { t.Mode, t.Period = PerItemPeriod, Period{Year, 11} }, "PERIOD_INVALID@t.period.count"},
		{"of weeks neither", func(t *Tariff) { t.Mode, t.Period = PerPeriod, Period{Week, 521} }, "PERIOD_INVALID@t.period.count"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := codesAndFields(metered(row.change).Validate("t")); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func TestSettlement(t *testing.T) {
	all := metered(func(t *Tariff) {
		t.Free, t.OnceDays, t.MinimumFen, t.MaximumFen = &FreeAllowance{2, Month}, 30, 1, 2
		t.Variants = []Variant{{Class: "A", Schedule: Schedule{Scheme: Flat, Bands: flatly("1").Bands, Free: &FreeAllowance{1, Year}}}}
	})
	for _, row := range []struct {
		sentence   string
		tariff     Tariff
		settlement Settlement
		want       string
	}{
		{"a bill can do everything", all, Metered, ""},
		{"an order cannot", all, Prepaid, "NOT_PREPAID@t.onceDays NOT_PREPAID@t.minimumFen NOT_PREPAID@t.maximumFen NOT_PREPAID@t.free NOT_PREPAID@t.variants.0.free"},
		{"nor does it know by which channel it will be served", metered(func(t *Tariff) { t.Variants = []Variant{{Class: "A", Channel: Counter, Schedule: flatly("2")}} }), Prepaid, "NOT_PREPAID@t.variants.0.channel"},
		{"it does know for whom it is", metered(func(t *Tariff) { t.Variants = []Variant{{Class: "A", Schedule: flatly("2")}} }), Prepaid, ""},
		{"an order can be of a package", metered(func(t *Tariff) { t.Package = &Package{10, 1} }), Prepaid, ""},
		{"periods are not billed on use", tariffOf(PerPeriod, 1, Flat, flatly("1").Bands), Metered, "NOT_METERED@t.mode"},
		{"nor are products", flatTariff(PerProduct, "1"), Metered, "NOT_METERED@t.mode"},
	} {
		if got := codesAndFields(row.tariff.CheckSettlement(row.settlement, "t")); got != row.want {
			t.Errorf("%s: got %s", row.sentence, got)
		}
	}
}

func TestTheCapBindsPackagesLeastAmountsAndVariants(t *testing.T) {
	for _, row := range []struct {
		sentence string
		change   func(*Tariff)
		cap      string
		want     string
	}{
		{"a package may cost its units at the cap", func(t *Tariff) { t.Package = &Package{100, 1000_00} }, "10", ""},
		{"and no more", func(t *Tariff) { t.Package = &Package{100, 1000_01} }, "10", "PRICE_OVER_CAP 100"},
		{"a cheap package does not pay for a dear overage for ever", func(t *Tariff) { t.Package = &Package{100, 0}; t.Schedule = flatly("11") }, "10", "PRICE_OVER_CAP 1000000000000"},
		{"a least amount binds the first unit", func(t *Tariff) { t.MinimumFen = 10_01 }, "10", "PRICE_OVER_CAP 1"},
		{"one of a unit's cap does not", func(t *Tariff) { t.MinimumFen = 10_00 }, "10", ""},
		{"a most amount makes a dear unit no cheaper", func(t *Tariff) { t.Schedule = flatly("11"); t.MaximumFen = 100_00 }, "10", "PRICE_OVER_CAP 1"},
		{"a variant keeps to the cap too", func(t *Tariff) { t.Variants = []Variant{{Channel: Counter, Schedule: flatly("10.01")}} }, "10", "PRICE_OVER_CAP 1"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			err := CheckCap(metered(row.change), perCall(row.cap))
			got := ""
			if err != nil {
				got = fmt.Sprint(strings.Split(err.Error(), ":")[0], " ", worstOf(t, metered(row.change), row.cap))
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func worstOf(t *testing.T, tariff Tariff, limit string) int64 {
	t.Helper()
	e, err := Worst(tariff, perCall(limit))
	if err != nil {
		t.Fatal(err)
	}
	return e.Quantity
}

// anyMetered draws a valid tariff with everything that a bill can have.
func anyMetered(t *rapid.T) Tariff {
	schedule := func() Schedule {
		s := Schedule{Scheme: rapid.SampledFrom([]Scheme{Flat, Graduated, Volume}).Draw(t, "scheme")}
		if s.Scheme != Flat {
			end := int64(0)
			for range rapid.IntRange(0, 3).Draw(t, "bands") {
				end += rapid.Int64Range(1, 40).Draw(t, "units")
				upTo := end
				s.Bands = append(s.Bands, Band{UpTo: &upTo, Rate: rateTo(t, MaxMeteredRateYuan)})
			}
		}
		s.Bands = append(s.Bands, Band{Rate: rateTo(t, MaxMeteredRateYuan)})
		if rapid.Bool().Draw(t, "free") {
			s.Free = &FreeAllowance{rapid.Int64Range(1, 30).Draw(t, "units"), rapid.SampledFrom([]PeriodUnit{Month, Year}).Draw(t, "per")}
		}
		return s
	}
	tariff := Tariff{Mode: rapid.SampledFrom([]ChargingMode{PerCall, PerVolume}).Draw(t, "mode"), Schedule: schedule()}
	switch rapid.SampledFrom([]string{"", "package", "counter"}).Draw(t, "beside the bands") {
	case "package":
		tariff.Package = &Package{rapid.Int64Range(1, 60).Draw(t, "allowance"), Fen(rapid.Int64Range(0, 1000_00).Draw(t, "fee"))}
	case "counter":
		tariff.Variants = append(tariff.Variants, Variant{Channel: Counter, Schedule: schedule()})
	}
	tariff.MinimumFen = Fen(rapid.SampledFrom([]int64{0, 0, 1, 5_00, 1000_00}).Draw(t, "least"))
	if rapid.Bool().Draw(t, "most") {
		tariff.MaximumFen = tariff.MinimumFen + Fen(rapid.Int64Range(1, 1000_00).Draw(t, "above"))
	}
	if err := tariff.Validate("t"); err != nil {
		t.Fatalf("the tariff drawn is not valid: %v", err)
	}
	return tariff
}

func TestAQuoteIsTheRatingOfItsUsesInAnyOrderAndGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := Terms{Tariff: anyMetered(t), Purpose: rapid.SampledFrom(purpose.All).Draw(t, "purpose"), VATRate: six}
		if rapid.Bool().Draw(t, "discount") {
			terms.Discounts = []Discount{{Policy: "p", Purpose: terms.Purpose, Percent: decimal.MustNew(rapid.Int64Range(1, 100_0000).Draw(t, "percent"), 4)}}
		}
		channel := rapid.SampledFrom([]ServiceChannel{Online, Counter}).Draw(t, "channel")
		quantity := rapid.Int64Range(1, 200).Draw(t, "quantity")
		quote, err := Quote(Request{Terms: terms, Channel: channel, Quantity: quantity, Trial: true, Settlement: Metered})
		if err != nil {
			t.Fatal(err)
		}
		var uses []Use
		for left := quantity; left > 0; {
			one := rapid.Int64Range(1, left).Draw(t, "use")
			uses = append(uses, Use{
				ID: fmt.Sprint(len(uses)), At: january.Start().Add(time.Duration(rapid.Int64Range(0, int64(31*24*time.Hour)-1).Draw(t, "at"))),
				Channel: channel, Quantity: one,
			})
			left -= one
		}
		rated, err := Rate(terms, january, Carried{}, rapid.Permutation(uses).Draw(t, "uses"))
		if err != nil {
			t.Fatal(err)
		}
		if written(rated) != written(quote.Rated) || rated.NetFen != quote.NetFen {
			t.Fatalf("quoted %s\nrated  %s", written(quote.Rated), written(rated))
		}
	})
}

func TestWhatWindowsChargeDoesNotDependOnHowMonthsAreCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(1, 40).Draw(t, "window")
		terms := Terms{Tariff: metered(func(t *Tariff) { t.OnceDays = days }), Purpose: purpose.Industry, VATRate: six}
		var uses []Use
		for i := range rapid.IntRange(1, 40).Draw(t, "uses") {
			uses = append(uses, Use{
				ID: fmt.Sprint(i), At: january.Start().Add(time.Duration(rapid.IntRange(0, 89*24).Draw(t, "hour")) * time.Hour),
				Subject: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "subject"), Quantity: 1,
			})
		}
		uses = inOrder(uses)
		want, last := int64(0), map[string]time.Time{}
		for _, u := range uses {
			if at, was := last[u.Subject]; !was || u.At.Sub(at) >= time.Duration(days)*24*time.Hour {
				last[u.Subject] = u.At
				want++
			}
		}
		got, carried := Fen(0), Carried{}
		for month := january; month.Month <= time.April; month = month.Next() {
			rating, err := terms.Rating(month, carried)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range uses {
				if MonthOf(u.At) == month {
					if err := rating.Add(u); err != nil {
						t.Fatal(err)
					}
				}
			}
			bill, err := rating.Bill()
			if err != nil {
				t.Fatal(err)
			}
			got, carried = got+bill.TotalFen, rating.Carry()
		}
		if got != Fen(want)*10_00 {
			t.Fatalf("%d were charged, billed %s", want, got)
		}
	})
}

// Every quantity of a schedule is tried, packages and bounds included, against what the pieces say of it.
func TestThePiecesOfAMeteredTariffAreItsBills(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tariff := anyMetered(t)
		limit := min(int64(300), tariff.quantityLimit())
		for number := range 1 + len(tariff.Variants) {
			next := int64(1)
			if number == 0 && tariff.Package != nil {
				next = tariff.Package.Allowance
			}
			for _, p := range tariff.pieces(number, limit) {
				if p.from != next {
					t.Fatalf("a piece begins at %d after %d", p.from, next-1)
				}
				for q := p.from; q <= min(p.to, limit); q++ {
					var counts counts
					counts[number].charged = q
					_, total := tariff.charge(&counts, nil)
					if p.total(q) != total {
						t.Fatalf("%d cost %s, the piece says %s", q, total, p.total(q))
					}
				}
				next = p.to + 1
			}
		}
	})
}

func TestAGraduatedPriceIsMonotoneAndContinuousAtTheEdgesOfItsBands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tariff := anyTariff(t)
		if tariff.Scheme == Volume {
			tariff.Scheme = Graduated
		}
		for i, b := range tariff.Bands[:len(tariff.Bands)-1] {
			if *b.UpTo >= tariff.quantityLimit() {
				return
			}
			_, at, err := tariff.Charge(*b.UpTo)
			if err != nil {
				t.Fatal(err)
			}
			_, beyond, err := tariff.Charge(*b.UpTo + 1)
			if err != nil {
				t.Fatal(err)
			}
			step := product(tariff.Bands[i+1].Rate, 1)
			if big.NewInt(int64(beyond-at)).Cmp(step) != 0 {
				t.Fatalf("the step over the edge of band %d is %s, and one unit of the next costs %s fen", i, beyond-at, step)
			}
		}
	})
}

func TestPublishedTariffs(t *testing.T) {
	examples, err := Examples()
	if err != nil {
		t.Fatal(err)
	}
	// inForce is the version of a day.
	inForce := func(code, day string) (in TariffVersion, found bool) {
		i := slices.IndexFunc(examples, func(p Published) bool { return p.Code == code })
		if i < 0 {
			t.Fatalf("there is no example %s", code)
		}
		if version := examples[i].InForce(day); version != nil {
			return *version, true
		}
		return TariffVersion{}, false
	}
	for _, e := range examples {
		before := ""
		for _, version := range e.Versions {
			if _, err := time.Parse(time.DateOnly, version.From); err != nil || version.From <= before {
				t.Errorf("%s: a version begins on %q after %q", e.Code, version.From, before)
			}
			if err := version.Tariff.Validate(e.Code); err != nil {
				t.Error(err)
			}
			before = version.From
		}
	}
	uses := func(channel ServiceChannel, subjects ...string) (list []Use) {
		for i, s := range subjects {
			list = append(list, Use{ID: fmt.Sprint(i), At: at(1+i, 9), Channel: channel, Subject: s, Quantity: 1})
		}
		return list
	}
	for _, row := range []struct {
		sentence  string
		code, day string
		class     UserClass
		uses      []Use
		want      string
	}{
		{"in 2016 a report of an enterprise costs 60 yuan", "CREDIT_REPORT_ENTERPRISE", "2016-01-20", "", uses(Online, "a", "a"), "FLAT 2=120.00 total 120.00"},
		{"nobody was preferred then", "CREDIT_REPORT_ENTERPRISE", "2019-08-31", "PREFERENTIAL", uses(Online, "a"), "FLAT 1=60.00 total 60.00"},
		{"from 2019 it costs 20", "CREDIT_REPORT_ENTERPRISE", "2019-09-01", "", uses(Online, "a"), "FLAT 1=20.00 total 20.00"},
		{"and 10 for the preferential", "CREDIT_REPORT_ENTERPRISE", "2025-05-31", "PREFERENTIAL", uses(Online, "a"), "FLAT/1 1=10.00 total 10.00"},
		{"from 2025 it costs 9, once in 30 days", "CREDIT_REPORT_ENTERPRISE", "2025-06-01", "", uses(Online, "a", "a", "b"), "BILLED_ONCE 1=0.00 FLAT 2=18.00 total 18.00"},
		{"and 4.50 for the preferential", "CREDIT_REPORT_ENTERPRISE", "2026-11-28", "PREFERENTIAL", uses(Online, "a", "a"), "BILLED_ONCE/1 1=0.00 FLAT/1 1=4.50 total 4.50"},
		{"of a person it costs 1, once in a day", "CREDIT_REPORT_PERSONAL", "2025-06-01", "", uses(Online, "a", "a"), "FLAT 2=2.00 total 2.00"},
		{"at the counter two a year are free, then 5", "CREDIT_REPORT_OWN", "2025-06-01", "", uses(Counter, "a", "a", "a"), "FREE_ALLOWANCE/1 2=0.00 FLAT/1 1=5.00 total 5.00"},
		{"10 before", "CREDIT_REPORT_OWN", "2016-01-20", "", uses(Counter, "a", "a", "a"), "FREE_ALLOWANCE/1 2=0.00 FLAT/1 1=10.00 total 10.00"},
		{"online one's own is free", "CREDIT_REPORT_OWN", "2025-06-01", "", uses(Online, "a", "a", "a"), "FLAT 3=0.00 total 0.00"},
		{"a pledge is registered at 15 an item and year", "PLEDGE_REGISTRATION", "2025-06-01", "", []Use{{ID: "1", At: at(1, 9), Quantity: 6}}, "FLAT 6=90.00 total 90.00"},
		{"its change costs 5", "PLEDGE_CHANGE", "2025-06-01", "", uses(Counter, "a"), "FLAT 1=5.00 total 5.00"},
		{"its search nothing", "PLEDGE_SEARCH", "2025-06-01", "", uses(Online, "a"), "FLAT 1=0.00 total 0.00"},
		{"the graduated example has three bands", "GRADUATED_CALLS", "2026-01-01", "", []Use{{ID: "1", At: at(1, 9), Quantity: 60_000}},
			"GRADUATED_BAND 5000=3000.00 GRADUATED_BAND 45000=16200.00 GRADUATED_BAND 10000=1200.00 total 20400.00"},
		{"a point forecast costs 500 a use", "METEOROLOGY_POINT_FORECAST", "2005-12-01", "", uses(Online, "a"), "FLAT 1=500.00 total 500.00"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			version, found := inForce(row.code, row.day)
			if !found {
				t.Fatal("none is in force")
			}
			rated, err := Rate(Terms{Tariff: version.Tariff, Purpose: purpose.Industry, Class: row.class, VATRate: six}, january, Carried{}, row.uses)
			if err != nil {
				t.Fatal(err)
			}
			if got := written(rated); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	if _, found := inForce("CREDIT_REPORT_ENTERPRISE", "2016-01-19"); found {
		t.Error("a version is in force before the first begins")
	}
	for code, want := range map[string]string{
		"METEOROLOGY_DAILY_WEEK": "800.00 WEEK", "METEOROLOGY_TEN_DAY_REPORT": "800.00 TEN_DAYS", "METEOROLOGY_MONTHLY_REPORT": "400.00 MONTH",
		"METEOROLOGY_QUARTERLY_REPORT": "500.00 QUARTER", "METEOROLOGY_YEARLY_REPORT": "1000.00 YEAR", "METEOROLOGY_FLOOD_FORECAST": "2000.00 FLOOD_SEASON",
		"METEOROLOGY_SHORT_FORECAST": "400.00 MONTH", "METEOROLOGY_MEDIUM_FORECAST": "500.00 MONTH",
	} {
		version, _ := inForce(code, "2026-01-01")
		q, err := Quote(asked(purpose.Industry, version.Tariff, 1, nil, true, six))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(q.TotalFen, " ", q.Quota.Term.Unit); got != want || q.Quota.Term.Count != 1 {
			t.Errorf("%s costs %s, want %s", code, got, want)
		}
	}
}

func TestAPeriodFitsIntoALongerOneOfItsKind(t *testing.T) {
	for _, row := range []struct {
		period, longer Period
		times          int
		whole          bool
	}{
		{Period{TenDays, 1}, Period{Month, 1}, 3, true},
		{Period{Month, 3}, Period{Quarter, 1}, 1, true},
		{Period{Quarter, 1}, Period{Year, 2}, 8, true},
		{Period{Month, 5}, Period{Year, 1}, 0, false},
		{Period{Year, 1}, Period{Month, 1}, 0, false},
		{Period{Week, 1}, Period{Month, 1}, 0, false},
		{Period{Week, 2}, Period{Week, 4}, 2, true},
		{Period{FloodSeason, 1}, Period{Year, 1}, 0, false},
		{Period{FloodSeason, 1}, Period{FloodSeason, 3}, 3, true},
	} {
		if times, whole := row.period.In(row.longer); times != row.times || whole != row.whole {
			t.Errorf("%v fits into %v %d times, %v", row.period, row.longer, times, whole)
		}
	}
}

func BenchmarkRate(b *testing.B) {
	terms := Terms{Tariff: calls(Graduated), Purpose: purpose.Industry, VATRate: six}
	uses := make([]Use, 1000)
	for i := range uses {
		uses[i] = Use{ID: fmt.Sprintf("%04d", i), At: january.Start().Add(time.Duration(i) * time.Minute), Quantity: 1}
	}
	b.ReportAllocs()
	for b.Loop() {
		rating, err := terms.Rating(january, Carried{})
		if err != nil {
			b.Fatal(err)
		}
		for _, u := range uses {
			if err := rating.Add(u); err != nil {
				b.Fatal(err)
			}
		}
		if bill, err := rating.Bill(); err != nil || bill.TotalFen != 600_00 {
			b.Fatal(bill, err)
		}
	}
}
