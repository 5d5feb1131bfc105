package pricing

import (
	"math/big"
	"slices"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

var six = decimal.MustParse("0.06")

func asked(use purpose.Purpose, tariff Tariff, quantity int64, limit *Cap, trial bool, vat decimal.Decimal) Request {
	return Request{Terms: Terms{Purpose: use, Tariff: tariff, Cap: limit, VATRate: vat}, Quantity: quantity, Trial: trial}
}

func TestQuote(t *testing.T) {
	cap60, cap59 := perCall("0.60"), perCall("0.59")
	type want struct {
		net, vat, total string
		reason          Reason
		quota           Quota
	}
	bought := Quota{Calls: 6000}
	for _, row := range []struct {
		sentence string
		request  Request
		want     want
	}{
		{"industry pays the sum of the lines, VAT within",
			asked(purpose.Industry, calls(Graduated), 6000, &cap60, false, six), want{"3169.81", "190.19", "3360.00", PaidByPurpose, bought}},
		{"a sector pays too",
			asked(purpose.Sector, calls(Volume), 6000, &cap60, false, six), want{"2037.74", "122.26", "2160.00", PaidByPurpose, bought}},
		{"governance is free",
			asked(purpose.Governance, calls(Graduated), 6000, &cap60, false, six), want{"0.00", "0.00", "0.00", FreeByPurpose, bought}},
		{"welfare is free",
			asked(purpose.Welfare, calls(Volume), 6000, &cap60, false, six), want{"0.00", "0.00", "0.00", FreeByPurpose, bought}},
		{"free use needs no cap",
			asked(purpose.Welfare, calls(Graduated), 6000, nil, false, six), want{"0.00", "0.00", "0.00", FreeByPurpose, bought}},
		{"free use is over no cap",
			asked(purpose.Welfare, calls(Graduated), 6000, &cap59, false, six), want{"0.00", "0.00", "0.00", FreeByPurpose, bought}},
		{"a trial price needs no cap",
			asked(purpose.Industry, flatTariff(PerCall, "1.06"), 100, nil, true, six), want{"100.00", "6.00", "106.00", PaidByPurpose, Quota{Calls: 100}}},
		{"a paid purpose may be priced at 0",
			asked(purpose.Industry, flatTariff(PerCall, "0"), 100, &cap60, false, six), want{"0.00", "0.00", "0.00", PaidByPurpose, Quota{Calls: 100}}},
		{"the cap binds what this quantity costs",
			asked(purpose.Industry, calls(Graduated), 10_000, &cap59, false, six), want{"4528.30", "271.70", "4800.00", PaidByPurpose, Quota{Calls: 10_000}}},
		{"without VAT everything is net",
			asked(purpose.Industry, flatTariff(PerCall, "9"), 1, nil, true, decimal.Zero), want{"9.00", "0.00", "9.00", PaidByPurpose, Quota{Calls: 1}}},
		{"half a fen of net goes up",
			asked(purpose.Industry, flatTariff(PerCall, "0.01"), 1, nil, true, decimal.One), want{"0.01", "0.00", "0.01", PaidByPurpose, Quota{Calls: 1}}},
		{"a volume carries megabytes",
			asked(purpose.Industry, flatTariff(PerVolume, "0.5"), 30, nil, true, six), want{"14.15", "0.85", "15.00", PaidByPurpose, Quota{Megabytes: 30}}},
		{"periods carry months of unlimited use",
			asked(purpose.Industry, tariffOf(PerPeriod, 3, Flat, []Band{band(0, "500")}), 4, nil, true, six),
			want{"1886.79", "113.21", "2000.00", PaidByPurpose, Quota{Term: Months(12), Unlimited: true}}},
		{"a product carries unlimited use",
			asked(purpose.Industry, flatTariff(PerProduct, "1000"), 1, nil, true, six),
			want{"943.40", "56.60", "1000.00", PaidByPurpose, Quota{Unlimited: true}}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			q, err := Quote(row.request)
			if err != nil {
				t.Fatal(err)
			}
			if got := (want{q.NetFen.String(), q.VATFen.String(), q.TotalFen.String(), q.Reason, q.Quota}); got != row.want {
				t.Errorf("got  %+v\nwant %+v", got, row.want)
			}
			if len(q.Lines) == 0 || q.Lines[0].Rate.IsZero() != row.request.Tariff.Bands[0].Rate.IsZero() {
				t.Errorf("the list price is not shown: %+v", q.Lines)
			}
			if sum(q.Lines) != q.TotalFen {
				t.Errorf("the lines add up to %s", sum(q.Lines))
			}
			if q.Purpose != row.request.Purpose || q.Quantity != row.request.Quantity || q.VATRate != row.request.VATRate || q.Trial != row.request.Trial {
				t.Errorf("the quote is not of the request: %+v", q)
			}
			if (q.Cap == nil) != (row.request.Cap == nil) || q.Cap != nil && (*q.Cap != *row.request.Cap || q.Cap == row.request.Cap) {
				t.Errorf("the cap is not a copy: %+v", q.Cap)
			}
		})
	}
}

func TestQuoteRefuses(t *testing.T) {
	billed := asked(purpose.Sector, flatTariff(PerCall, "100000"), 100_001, nil, true, six)
	billed.Settlement = Metered
	cap59, volume, fine := perCall("0.59"), Cap{Mode: PerVolume, Rate: decimal.One}, perCall("0.0000001")
	for _, row := range []struct {
		sentence string
		request  Request
		want     string
	}{
		{"a purpose is needed", asked("", calls(Graduated), 1, nil, false, six), "PURPOSE_MISSING@purpose"},
		{"there are four purposes", asked("RESEARCH", calls(Graduated), 1, nil, false, six), "PURPOSE_INVALID@purpose"},
		{"paid use needs a cap", asked(purpose.Industry, calls(Graduated), 1, nil, false, six), "CAP_MISSING@cap"},
		{"this quantity costs more than the cap", asked(purpose.Sector, calls(Graduated), 5000, &cap59, false, six), "PRICE_OVER_CAP@"},
		{"a trial price keeps to a cap there is", asked(purpose.Sector, calls(Graduated), 5000, &cap59, true, six), "PRICE_OVER_CAP@"},
		{"the cap is for the mode", asked(purpose.Sector, calls(Graduated), 1, &volume, false, six), "CAP_MODE_MISMATCH@"},
		{"the cap is valid", asked(purpose.Sector, calls(Graduated), 1, &fine, false, six), "RATE_TOO_FINE@cap.rate"},
		{"the quantity is at least 1", asked(purpose.Welfare, calls(Graduated), 0, nil, false, six), "QUANTITY_INVALID@quantity"},
		{"what costs something is not free because it is little", asked(purpose.Industry, flatTariff(PerCall, "0.0049"), 1, &cap59, false, six), "TOTAL_BELOW_FEN@quantity"},
		{"nor at a trial price", asked(purpose.Sector, flatTariff(PerProduct, "0.004"), 1, nil, true, six), "TOTAL_BELOW_FEN@quantity"},
		{"a total has a limit", asked(purpose.Sector, flatTariff(PerCall, "1000000000"), 11, nil, true, six), "TOTAL_TOO_LARGE@quantity"},
		{"a month that is asked for too", billed, "TOTAL_TOO_LARGE@quantity"},
		{"VAT is not negative", asked(purpose.Welfare, calls(Graduated), 1, nil, false, decimal.MustParse("-0.06")), "VAT_RATE_INVALID@vatRate"},
		{"VAT is not 6 times the price", asked(purpose.Welfare, calls(Graduated), 1, nil, false, decimal.MustParse("6")), "VAT_RATE_INVALID@vatRate"},
		{"everything wrong is said at once", Request{},
			"PURPOSE_MISSING@purpose CHARGING_MODE_INVALID@tariff.mode SCHEME_INVALID@tariff.scheme BANDS_MISSING@tariff.bands"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			q, err := Quote(row.request)
			if got := codesAndFields(err); got != row.want {
				t.Errorf("got %q, want %q (%+v)", got, row.want, q)
			}
		})
	}
}

func TestBelowAFenTheLeastQuantityIsNamed(t *testing.T) {
	to2, to9 := int64(2), int64(9)
	for _, row := range []struct {
		sentence string
		tariff   Tariff
		quantity int64
		want     any
	}{
		{"at 0.0049 two calls are a fen", flatTariff(PerCall, "0.0049"), 1, int64(2)},
		{"at a millionth 5000 are", flatTariff(PerCall, "0.000001"), 17, int64(5000)},
		{"a graduated tariff is a fen where one of its lines is", tariffOf(PerCall, 0, Graduated, []Band{{&to2, rate("0.001")}, {nil, rate("0.002")}}), 2, int64(5)},
		{"a free tier in between costs nothing", tariffOf(PerCall, 0, Volume, []Band{{&to2, rate("0.001")}, {&to9, rate("0")}, {nil, rate("0.0001")}}), 1, int64(50)},
		{"one product cannot be more of it", flatTariff(PerProduct, "0.004"), 1, nil},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			_, err := Quote(asked(purpose.Industry, row.tariff, row.quantity, nil, true, six))
			faults := fault.All(err)
			if len(faults) != 1 || faults[0].Code != "TOTAL_BELOW_FEN" || faults[0].Params["minimum"] != row.want {
				t.Fatalf("got %v, want a minimum of %v", err, row.want)
			}
		})
	}
	for sentence, r := range map[string]struct {
		percent string
		want    any
	}{
		"discounted it is a larger quantity":      {"50", int64(4)},
		"a tenth of a thousandth is a larger one": {"99.99", int64(10206)},
	} {
		request := asked(purpose.Industry, flatTariff(PerCall, "0.0049"), 1, nil, true, six)
		request.Discounts = []Discount{{Policy: "p", Purpose: purpose.Industry, Percent: rate(r.percent)}}
		_, err := Quote(request)
		if faults := fault.All(err); len(faults) != 1 || faults[0].Params["minimum"] != r.want {
			t.Errorf("%s: got %v with %v, want %v", sentence, err, faults, r.want)
			continue
		}
		request.Quantity = r.want.(int64)
		if q, err := Quote(request); err != nil || q.TotalFen != 1 {
			t.Errorf("%s: that costs %s, %v", sentence, q.TotalFen, err)
		}
	}
	whole := asked(purpose.Industry, flatTariff(PerCall, "2"), 3, nil, true, six)
	whole.Discounts = []Discount{{Policy: "p", Purpose: purpose.Industry, Percent: decimal.Hundred}}
	for sentence, r := range map[string]Request{
		"a discount of all of it leaves nothing to pay": whole,
		"a paid use priced at nothing costs nothing":    asked(purpose.Industry, flatTariff(PerCall, "0"), 1, nil, true, six),
		"use that is free is free at any price":         asked(purpose.Welfare, flatTariff(PerCall, "0.0049"), 1, nil, true, six),
	} {
		if q, err := Quote(r); err != nil || q.TotalFen != 0 {
			t.Errorf("%s: %+v, %v", sentence, q, err)
		}
	}
}

func rate(text string) decimal.Decimal { return decimal.MustParse(text) }

func TestAQuoteIsNetAndVAT(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tariff := anyTariff(t)
		vat := decimal.MustNew(rapid.Int64Range(0, 1_000_000).Draw(t, "vat"), 6)
		q, err := Quote(asked(rapid.SampledFrom(purpose.All).Draw(t, "purpose"), tariff,
			rapid.Int64Range(1, tariff.quantityLimit()).Draw(t, "quantity"), nil, true, vat))
		if unpayable(err) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if q.TotalFen == 0 && !q.Purpose.Free() && slices.ContainsFunc(q.Lines, func(l Line) bool { return !l.Rate.IsZero() }) {
			t.Fatalf("what costs something is free: %+v", q)
		}
		if q.NetFen+q.VATFen != q.TotalFen || sum(q.Lines) != q.TotalFen || q.NetFen < 0 || q.VATFen < 0 {
			t.Fatalf("%d and %d are not %d, or the lines are not", q.NetFen, q.VATFen, q.TotalFen)
		}
		if q.Purpose.Free() && q.TotalFen != 0 {
			t.Fatalf("%s costs %s", q.Purpose, q.TotalFen)
		}
		whole, _ := new(big.Rat).SetString(vat.String())
		whole.Add(whole, big.NewRat(1, 1))
		if want := halfUp(new(big.Rat).Quo(big.NewRat(int64(q.TotalFen), 1), whole)); want.Cmp(big.NewInt(int64(q.NetFen))) != 0 {
			t.Fatalf("net of %s at %s is %s, want %s fen", q.TotalFen, vat, q.NetFen, want)
		}
	})
}

// A tariff that passed at listing never fails at quoting, except where a quantity costs less than a fen or more than an order may.
func TestATariffWithinItsCapIsQuotedAtEveryQuantity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tariff := anyTariff(t)
		limit := Cap{Mode: tariff.Mode, Period: tariff.Period, Rate: anyRate(t)}
		for _, b := range tariff.Bands {
			if rapid.Bool().Draw(t, "raise") && limit.Rate.Less(b.Rate) {
				limit.Rate = b.Rate
			}
		}
		listable := CheckCap(tariff, limit) == nil
		worst, err := Worst(tariff, limit)
		if err != nil {
			t.Fatal(err)
		}
		request := asked(purpose.Industry, tariff, worst.Quantity, &limit, false, six)
		if _, err := Quote(request); fault.CodeOf(err) != "TOTAL_TOO_LARGE" && (err == nil || unpayable(err)) != listable {
			t.Fatalf("listable %t, and at its worst quantity quoted with %v", listable, err)
		}
		request.Quantity = rapid.Int64Range(1, tariff.quantityLimit()).Draw(t, "quantity")
		if _, err := Quote(request); listable && err != nil && !unpayable(err) {
			t.Fatalf("listed and then refused: %v", err)
		}
	})
}

func unpayable(err error) bool {
	code := fault.CodeOf(err)
	return code == "TOTAL_BELOW_FEN" || code == "TOTAL_TOO_LARGE"
}

func BenchmarkQuote(b *testing.B) {
	limit := perCall("0.60")
	request := asked(purpose.Industry, calls(Graduated), 60_000, &limit, false, six)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Quote(request); err != nil {
			b.Fatal(err)
		}
	}
}
