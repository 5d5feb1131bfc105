package pricing

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"gongshu/internal/fault"
)

func perCall(rate string) Cap { return Cap{Mode: PerCall, Rate: decimal.MustParse(rate)} }

func TestCheckCap(t *testing.T) {
	per := func(mode ChargingMode, months int, rate string) (Tariff, Cap) {
		return tariffOf(mode, months, Flat, []Band{band(0, rate)}), Cap{mode, decimal.MustParse(rate), Months(months)}
	}
	quarter, quarterCap := per(PerPeriod, 3, "300")
	month, monthCap := per(PerPeriod, 1, "100")
	lines := tariffOf(PerCall, 0, Graduated, []Band{band(2, "0.003"), band(0, "0.003")})
	late := tariffOf(PerCall, 0, Graduated, []Band{band(100, "0"), band(0, "0.61")})

	for _, row := range []struct {
		sentence string
		tariff   Tariff
		cap      Cap
		want     string // code, and for PRICE_OVER_CAP the quantity and the effective rate
	}{
		{"a price at the cap keeps to it", flatTariff(PerCall, "9"), perCall("9.00"), ""},
		{"a price above the cap does not", flatTariff(PerCall, "9.01"), perCall("9"), "PRICE_OVER_CAP 1 9.010000"},
		{"a dear first band is not made good by cheap ones", calls(Graduated), perCall("0.59"), "PRICE_OVER_CAP 1 0.600000"},
		{"a dear last band is made good by none", late, perCall("0.60"), "PRICE_OVER_CAP 1000000000000 0.610000"},
		{"a dear last band after a cheap one keeps to a cap it only approaches", late, perCall("0.61"), ""},
		{"a dear middle tier does not", tariffOf(PerCall, 0, Volume, []Band{band(9, "1"), band(19, "2"), band(0, "1")}), perCall("1.5"), "PRICE_OVER_CAP 10 2.000000"},
		{"nothing costs nothing", flatTariff(PerCall, "0"), perCall("0"), ""},
		{"a cap of nothing binds", flatTariff(PerCall, "0.000001"), perCall("0"), "PRICE_OVER_CAP 5000 0.000002"},
		{"rounding up half a fen is no breach", flatTariff(PerCall, "0.005"), perCall("0.005"), ""},
		{"a fraction of a fen above the cap shows in a large order", flatTariff(PerCall, "0.000002"), perCall("0.000001"), "PRICE_OVER_CAP 2500 0.000004"},
		{"two lines that round up cost a fen that the cap does not allow", lines, perCall("0.003"), "PRICE_OVER_CAP 4 0.005000"},
		{"a cap for another mode says nothing", flatTariff(PerVolume, "1"), perCall("9"), "CAP_MODE_MISMATCH"},
		{"a price for a quarter keeps to the cap for a quarter", quarter, quarterCap, ""},
		{"a price for a quarter may be three times the cap for a month", quarter, monthCap, ""},
		{"and no more", tariffOf(PerPeriod, 3, Flat, []Band{band(0, "300.01")}), monthCap, "PRICE_OVER_CAP 1 300.010000"},
		{"a price for a month says nothing against a cap for a quarter", month, quarterCap, "CAP_PERIOD_MISMATCH"},
		{"a cap per period says for which", month, Cap{Mode: PerPeriod, Rate: decimal.Hundred}, "PERIOD_MISSING"},
		{"a cap that is not valid binds nobody", flatTariff(PerCall, "1"), perCall("-1"), "RATE_NEGATIVE"},
		{"a tariff that is not valid is refused", tariffOf(PerCall, 0, Flat, nil), perCall("1"), "BANDS_MISSING"},
		{"a product keeps to its cap", flatTariff(PerProduct, "300000"), Cap{Mode: PerProduct, Rate: decimal.MustParse("300000")}, ""},
		{"the highest rate and cap are compared", flatTariff(PerCall, "1000000000"), perCall("999999999.999999"), "PRICE_OVER_CAP 5001 1000000000.000000"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got := ""
			if err := CheckCap(row.tariff, row.cap); err != nil {
				got = fault.CodeOf(err)
				if params := fault.All(err)[0].Params; got == "PRICE_OVER_CAP" {
					got += fmt.Sprintf(" %v %v", params["quantity"], params["effectiveRate"])
				}
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestCapValidate(t *testing.T) {
	for _, row := range []struct {
		sentence string
		cap      Cap
		want     string
	}{
		{"a cap per call is valid", perCall("1.5"), ""},
		{"a cap per year is valid", Cap{PerPeriod, decimal.Hundred, Months(12)}, ""},
		{"an empty cap is not", Cap{}, "CHARGING_MODE_INVALID@cap.mode"},
		{"everything wrong is said at once", Cap{PerCall, decimal.MustParse("-0.0000001"), Months(1)},
			"RATE_NEGATIVE@cap.rate RATE_TOO_FINE@cap.rate PERIOD_NOT_USED@cap.period"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := codesAndFields(row.cap.Validate("cap")); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

// A price per month can be bought 1200 times at most, so every quantity can be tried.
func TestTheCapCheckAgreesWithTryingEveryQuantity(t *testing.T) {
	over := 0
	rapid.Check(t, func(t *rapid.T) {
		// Rates near each other and near the cap, in steps whose pattern of rounding repeats after 1 to 10 000 units.
		step := rapid.SampledFrom([]int64{10_000, 5000, 2500, 1000, 400, 1}).Draw(t, "step")
		near := rapid.Int64Range(1, 30).Draw(t, "near")
		draw := func(label string) decimal.Decimal {
			return decimal.MustNew(step*(near+rapid.Int64Range(-1, 1).Draw(t, label)), MaxRateDecimals)
		}
		tariff := tariffOf(PerPeriod, rapid.IntRange(1, 3).Draw(t, "months"), rapid.SampledFrom([]Scheme{Graduated, Volume}).Draw(t, "scheme"), nil)
		end := int64(0)
		for range rapid.IntRange(0, 5).Draw(t, "bands") {
			end += rapid.Int64Range(1, 300).Draw(t, "units")
			upTo := end
			tariff.Bands = append(tariff.Bands, Band{UpTo: &upTo, Rate: draw("rate")})
		}
		tariff.Bands = append(tariff.Bands, Band{Rate: draw("rate")})
		limit := Cap{Mode: PerPeriod, Rate: draw("cap"), Period: tariff.Period}

		want, wantExcess := Effective{}, new(big.Rat)
		for q := int64(1); q <= int64(1200/tariff.Period.Count); q++ {
			_, total, err := tariff.Charge(q)
			if err != nil {
				t.Fatal(err)
			}
			allowed := product(limit.Rate, q).Int64()
			excess := big.NewRat(int64(total)-allowed, q)
			if want.Quantity == 0 || excess.Cmp(wantExcess) > 0 {
				want, wantExcess = Effective{Quantity: q, TotalFen: total, LimitFen: Fen(allowed)}, excess
			}
		}
		got, err := Worst(tariff, limit)
		if err != nil {
			t.Fatal(err)
		}
		rate := halfUp(big.NewRat(int64(want.TotalFen)*10_000, want.Quantity))
		want.Rate = decimal.MustNew(rate.Int64(), MaxRateDecimals)
		if got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		err = CheckCap(tariff, limit)
		if (wantExcess.Sign() > 0) != (err != nil) || err != nil && fault.CodeOf(err) != "PRICE_OVER_CAP" {
			t.Fatalf("the worst is %+v, the check says %v", want, err)
		}
		if err != nil {
			over++
		}
	})
	if over == 0 {
		t.Error("no tariff was over its cap: the property was never tried")
	}
}

// The longest pattern of rounding, 10 000 units, within pieces that hold it several times.
func TestTheEndsOfLongPiecesAreEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Uint64Range(1, 30_000)
		first := rapid.Int64Range(1, 40_000).Draw(t, "first")
		last := rapid.Int64Range(first+1, first+40_000).Draw(t, "last")
		bands := []Band{{UpTo: &first, Rate: decimal.MustNew(int64(rate.Draw(t, "rate")), 6)}, {Rate: decimal.MustNew(int64(rate.Draw(t, "rate")), 6)}}
		pieces := rapid.SampledFrom([]model{graduated(bands), volume(bands)}).Draw(t, "model").pieces(last)
		limit := max(3, micro(bands[rapid.IntRange(0, 1).Draw(t, "near")].Rate)+rapid.Uint64Range(0, 4).Draw(t, "above")) - 2

		best, wantQuantity := new(big.Rat), int64(0)
		for q := int64(1); q <= last; q++ {
			p := pieces[0]
			if q > p.to {
				p = pieces[1]
			}
			// Compared in floating point first: exact fractions for every quantity take minutes.
			excess := int64(p.total(q) - times(limit, q))
			known, _ := best.Float64()
			if wantQuantity != 0 && float64(excess)/float64(q) < known-1e-9 {
				continue
			}
			if exact := big.NewRat(excess, q); wantQuantity == 0 || exact.Cmp(best) > 0 {
				best, wantQuantity = exact, q
			}
		}
		if quantity, _ := worst(pieces, limit); quantity != wantQuantity {
			t.Fatalf("got %d, want %d", quantity, wantQuantity)
		}
	})
}

func BenchmarkCheckCap(b *testing.B) {
	fine := tariffOf(PerCall, 0, Graduated, nil)
	for i := int64(1); i < MaxBands; i++ {
		fine.Bands = append(fine.Bands, band(i*1_000_000, "0.000101"))
	}
	fine.Bands = append(fine.Bands, band(0, "0.000101"))
	for _, row := range []struct {
		name   string
		tariff Tariff
		cap    Cap
	}{
		{"rates in whole fen", calls(Graduated), perCall("0.60")},
		{"twenty bands of six decimals", fine, perCall("0.000103")},
	} {
		b.Run(row.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Worst(row.tariff, row.cap); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestBinding(t *testing.T) {
	yearly := tariffOf(PerPeriod, 12, Flat, []Band{band(0, "900")})
	per := func(months int, rate string) Cap { return Cap{PerPeriod, decimal.MustParse(rate), Months(months)} }
	for _, row := range []struct {
		sentence string
		caps     []Cap
		want     string
	}{
		{"without a cap none binds", nil, ""},
		{"a cap of another mode does not", []Cap{perCall("1")}, ""},
		{"a cap for a longer period does not", []Cap{per(24, "1")}, ""},
		{"a cap for a period that does not fit does not", []Cap{per(5, "1")}, ""},
		{"a cap for a month binds a year twelve times", []Cap{perCall("1"), per(1, "100")}, "100"},
		{"of two the one that allows less binds, be it for the shorter period", []Cap{per(12, "1300"), per(1, "100")}, "100"},
		{"or for the longer", []Cap{per(1, "100"), per(12, "1000")}, "1000"},
	} {
		got, found := Binding(yearly, row.caps)
		if found != (row.want != "") || found && got.Rate.String() != row.want {
			t.Errorf("%s: got %v, %v", row.sentence, got, found)
		}
	}
}

func TestMarginOf(t *testing.T) {
	flat := func(mode ChargingMode, rate string, months int) Tariff {
		return tariffOf(mode, months, Flat, []Band{{Rate: decimal.MustParse(rate)}})
	}
	ten := int64(10)
	for _, row := range []struct {
		sentence string
		tariff   Tariff
		cap      Cap
		quantity int64
		rate     string
		capRate  string
		left     string
		used     string
	}{
		{"below", flat(PerCall, "0.60", 0), perCall("0.80"), 1, "0.600000", "0.800000", "0.200000", "75.0"},
		{"at the cap", flat(PerCall, "0.80", 0), perCall("0.80"), 1, "0.800000", "0.800000", "0.000000", "100.0"},
		{"over it", flat(PerCall, "1", 0), perCall("0.80"), 1, "1.000000", "0.800000", "-0.200000", "125.0"},
		{"a cap per month for a period of a year", flat(PerPeriod, "1000", 12), Cap{Mode: PerPeriod, Period: Months(1), Rate: decimal.MustParse("100")}, 1, "1000.000000", "1200.000000", "200.000000", "83.3"},
		{"a cap of nothing", flat(PerCall, "0", 0), perCall("0"), 1, "0.000000", "0.000000", "0.000000", ""},
		{"the tier that comes closest", tariffOf(PerCall, 0, Volume, []Band{{UpTo: &ten, Rate: decimal.MustParse("0.5")}, {Rate: decimal.MustParse("0.7")}}), perCall("0.80"), 11, "0.700000", "0.800000", "0.100000", "87.5"},
	} {
		m, err := MarginOf(row.tariff, row.cap)
		used := ""
		if m.UsedPercent != nil {
			used = m.UsedPercent.String()
		}
		if err != nil || m.Worst.Quantity != row.quantity || m.Worst.Rate.String() != row.rate || m.CapRate.String() != row.capRate || m.LeftRate.String() != row.left || used != row.used {
			t.Errorf("%s: %+v, %s%%, %v", row.sentence, m, used, err)
		}
	}
	if _, err := MarginOf(flat(PerVolume, "1", 0), perCall("1")); err == nil {
		t.Error("a cap of another mode says something")
	}
}

func TestDearest(t *testing.T) {
	ten := int64(10)
	e, err := Dearest(tariffOf(PerCall, 0, Graduated, []Band{{UpTo: &ten, Rate: decimal.MustParse("0.5")}, {Rate: decimal.MustParse("0.7")}}))
	if err != nil || e.Quantity <= ten || e.LimitFen != 0 || e.Rate.String() <= "0.500000" {
		t.Errorf("the dearest of two bands is %+v, %v", e, err)
	}
	if _, err := Dearest(tariffOf(PerCall, 0, "", nil)); err == nil {
		t.Error("a tariff without bands has a dearest quantity")
	}
}

func TestTheEffectiveRateOfAnyFeeIsNotNegative(t *testing.T) {
	dear := flatTariff(PerCall, "0")
	dear.Package = &Package{Allowance: 1, FeeFen: MaxTotalFen}
	margin, err := MarginOf(dear, perCall("1"))
	if err != nil || margin.Worst.Rate.String() != "10000000000.000000" || margin.LeftRate.String() != "-9999999999.000000" {
		t.Fatalf("one unit for the greatest fee costs %s, %s below its cap: %v", margin.Worst.Rate, margin.LeftRate, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		tariff := flatTariff(PerCall, "1")
		tariff.Schedule.Bands[0].Rate = anyRate(t)
		fee := func(name string) Fen { return Fen(rapid.Int64Range(0, MaxTotalFen).Draw(t, name)) }
		if rapid.Bool().Draw(t, "package") {
			tariff.Package = &Package{rapid.Int64Range(1, MaxAllowance).Draw(t, "allowance"), fee("fee")}
		}
		tariff.MinimumFen = fee("least")
		limit := Cap{Mode: PerCall, Rate: anyRate(t)}
		margin, err := MarginOf(tariff, limit)
		if err != nil {
			t.Fatal(err)
		}
		if margin.Worst.Rate.IsNeg() || margin.Worst.TotalFen < 0 || margin.LeftRate.Cmp(limit.Rate) > 0 {
			t.Fatalf("a unit costs %s, a total is %s, and %s is left of %s", margin.Worst.Rate, margin.Worst.TotalFen, margin.LeftRate, limit.Rate)
		}
	})
}
