package pricing

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"gongshu/internal/fault"
)

// band is a band up to a unit, 0 for no end.
func band(upTo int64, rate string) Band {
	b := Band{Rate: decimal.MustParse(rate)}
	if upTo != 0 {
		b.UpTo = &upTo
	}
	return b
}

func flatTariff(mode ChargingMode, rate string) Tariff {
	t := tariffOf(mode, 0, Flat, []Band{band(0, rate)})
	if mode == PerPeriod {
		t.Period = Months(1)
	}
	return t
}

// tariffOf is a tariff for calls, months and so on that has nothing but bands.
func tariffOf(mode ChargingMode, months int, scheme Scheme, bands []Band) Tariff {
	return Tariff{Mode: mode, Period: Months(months), Schedule: Schedule{Scheme: scheme, Bands: bands}}
}

// calls is the example of the published tariffs: 0.60 to 5 000, 0.36 to 50 000, 0.12 beyond.
func calls(scheme Scheme) Tariff {
	return tariffOf(PerCall, 0, scheme, []Band{band(5000, "0.60"), band(50_000, "0.36"), band(0, "0.12")})
}

func TestAListShowsOnePrice(t *testing.T) {
	two := int64(2)
	flat := Tariff{Mode: PerCall, Schedule: Schedule{Scheme: Flat, Bands: []Band{{Rate: decimal.MustParse("0.55")}}}}
	banded, packaged, classed := flat, flat, flat
	banded.Scheme, banded.Bands = Graduated, []Band{{UpTo: &two, Rate: decimal.MustParse("1")}, {Rate: decimal.MustParse("0.5")}}
	packaged.Package = &Package{Allowance: 100, FeeFen: 5000}
	classed.Variants = []Variant{{Class: "SMALL", Schedule: flat.Schedule}}
	for _, row := range []struct {
		of    Tariff
		yuan  string
		units int64
		from  bool
	}{{flat, "0.55", 1, false}, {banded, "1", 1, true}, {packaged, "50.00", 100, true}, {classed, "0.55", 1, true}} {
		if h := row.of.Headline(); h.Amount.String() != row.yuan || h.Units != row.units || h.From != row.from {
			t.Errorf("%+v is shown as %+v", row.of, h)
		}
	}
}

func TestCharge(t *testing.T) {
	cheap := tariffOf(PerCall, 0, Graduated, []Band{band(1, "0.005"), band(0, "0.005")})
	yearly := tariffOf(PerPeriod, 12, Flat, []Band{band(0, "400")})
	for _, row := range []struct {
		sentence string
		tariff   Tariff
		quantity int64
		want     string // band:from-to=amount of each line, then the total
		code     string
	}{
		{"a flat price is one line", flatTariff(PerCall, "9"), 3, "FLAT 0:1-3=27.00 total 27.00", ""},
		{"a product is bought once", flatTariff(PerProduct, "300000"), 1, "FLAT 0:1-1=300000.00 total 300000.00", ""},
		{"a product is not bought twice", flatTariff(PerProduct, "300000"), 2, "", "QUANTITY_INVALID"},
		{"the last call of a graduated band is in it", calls(Graduated), 5000,
			"GRADUATED_BAND 0:1-5000=3000.00 total 3000.00", ""},
		{"the first call after it begins the next", calls(Graduated), 5001,
			"GRADUATED_BAND 0:1-5000=3000.00 GRADUATED_BAND 1:5001-5001=0.36 total 3000.36", ""},
		{"graduated bands each charge at their own rate", calls(Graduated), 60_000,
			"GRADUATED_BAND 0:1-5000=3000.00 GRADUATED_BAND 1:5001-50000=16200.00 GRADUATED_BAND 2:50001-60000=1200.00 total 20400.00", ""},
		{"the last call of a volume tier is in it", calls(Volume), 5000, "VOLUME_TIER 0:1-5000=3000.00 total 3000.00", ""},
		{"a volume tier charges everything at the rate reached", calls(Volume), 5001,
			"VOLUME_TIER 1:1-5001=1800.36 total 1800.36", ""},
		{"a rate may be below a fen", flatTariff(PerVolume, "0.000001"), 4999, "FLAT 0:1-4999=0.00 total 0.00", ""},
		{"and half a fen goes up", flatTariff(PerVolume, "0.000001"), 5000, "FLAT 0:1-5000=0.01 total 0.01", ""},
		{"every line is rounded by itself", cheap, 2,
			"GRADUATED_BAND 0:1-1=0.01 GRADUATED_BAND 1:2-2=0.01 total 0.02", ""},
		{"a rate of 0 costs nothing", flatTariff(PerCall, "0"), MaxQuantity, "FLAT 0:1-1000000000000=0.00 total 0.00", ""},
		{"the greatest quantity is charged exactly", flatTariff(PerCall, "0.123457"), MaxQuantity,
			"FLAT 0:1-1000000000000=123457000000.00 total 123457000000.00", ""},
		{"one more is refused", flatTariff(PerCall, "0.123457"), MaxQuantity + 1, "", "QUANTITY_INVALID"},
		{"none is refused", flatTariff(PerCall, "1"), 0, "", "QUANTITY_INVALID"},
		{"fewer than none is refused", flatTariff(PerCall, "1"), math.MinInt64, "", "QUANTITY_INVALID"},
		{"the greatest int64 is refused", flatTariff(PerCall, "1"), math.MaxInt64, "", "QUANTITY_INVALID"},
		{"what would cost more than money can say is refused", flatTariff(PerCall, "1000000000"), 1_000_000_000, "", "QUANTITY_INVALID"},
		{"a hundred years of periods are sold", yearly, 100, "FLAT 0:1-100=40000.00 total 40000.00", ""},
		{"and no more", yearly, 101, "", "QUANTITY_INVALID"},
		{"a tariff that is not valid charges nothing", tariffOf(PerCall, 0, Flat, nil), 1, "", "BANDS_MISSING"},
		{"nor does an empty one", Tariff{}, 1, "", "CHARGING_MODE_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			lines, total, err := row.tariff.Charge(row.quantity)
			wantCode(t, err, row.code)
			if row.code != "" {
				return
			}
			var got strings.Builder
			for _, l := range lines {
				fmt.Fprintf(&got, "%s %d:%d-%d=%s ", l.Rule, l.Band, l.From, l.To, l.AmountFen)
			}
			fmt.Fprintf(&got, "total %s", total)
			if got.String() != row.want {
				t.Errorf("got  %s\nwant %s", got.String(), row.want)
			}
		})
	}
}

func TestTariffValidate(t *testing.T) {
	many := tariffOf(PerCall, 0, Graduated, nil)
	for i := int64(1); i <= MaxBands; i++ {
		many.Bands = append(many.Bands, band(i, "1"))
	}
	full := many
	full.Bands = append(append([]Band{}, many.Bands[:MaxBands-1]...), band(0, "1"))
	many.Bands = append(many.Bands, band(0, "1"))

	for _, row := range []struct {
		sentence string
		tariff   Tariff
		want     string // code@field of everything, in order
	}{
		{"a flat tariff is valid", flatTariff(PerCall, "9"), ""},
		{"a graduated tariff is valid", calls(Graduated), ""},
		{"a volume tariff of twenty bands is valid", full, ""},
		{"a period of ten years is valid", tariffOf(PerPeriod, 120, Flat, []Band{band(0, "1")}), ""},
		{"the highest and finest rates are valid", tariffOf(PerCall, 0, Volume, []Band{band(1, "1000000000"), band(0, "0.000001")}), ""},
		{"a twenty-first band is too many", many, "BANDS_TOO_MANY@price.bands"},
		{"an empty tariff lacks everything", Tariff{},
			"CHARGING_MODE_INVALID@price.mode SCHEME_INVALID@price.scheme BANDS_MISSING@price.bands"},
		{"a flat tariff has one band", tariffOf(PerCall, 0, Flat, []Band{band(1, "1"), band(0, "1")}), "FLAT_HAS_BANDS@price.bands"},
		{"a flat band has no end", tariffOf(PerCall, 0, Flat, []Band{band(1, "1")}), "BAND_CLOSED@price.bands.0.upTo"},
		{"the last band has no end", tariffOf(PerCall, 0, Graduated, []Band{band(1, "1"), band(2, "1")}), "BAND_CLOSED@price.bands.1.upTo"},
		{"only the last band has no end", tariffOf(PerCall, 0, Volume, []Band{band(0, "1"), band(0, "1")}), "BAND_OPEN@price.bands.0.upTo"},
		{"bands ascend", tariffOf(PerCall, 0, Graduated, []Band{band(5, "1"), band(5, "1"), band(4, "1"), band(6, "1"), band(0, "1")}),
			"BAND_NOT_ASCENDING@price.bands.1.upTo BAND_NOT_ASCENDING@price.bands.2.upTo"},
		{"a band ends at 1 or later", tariffOf(PerCall, 0, Graduated, []Band{band(-1, "1"), band(0, "1")}), "BAND_NOT_ASCENDING@price.bands.0.upTo"},
		{"a band ends within the greatest quantity", tariffOf(PerCall, 0, Graduated, []Band{band(MaxQuantity+1, "1"), band(0, "1")}),
			"BAND_NOT_ASCENDING@price.bands.0.upTo"},
		{"a rate is not negative", flatTariff(PerCall, "-0.01"), "RATE_NEGATIVE@price.bands.0.rate"},
		{"a rate has six decimals", flatTariff(PerCall, "0.0000001"), "RATE_TOO_FINE@price.bands.0.rate"},
		{"a rate that was rounded on reading shows", flatTariff(PerCall, "0.00000000000000000000001"), "RATE_TOO_FINE@price.bands.0.rate"},
		{"a rate has a highest value", flatTariff(PerCall, "1000000000.000001"), "RATE_TOO_HIGH@price.bands.0.rate"},
		{"everything wrong with a rate is said", flatTariff(PerCall, "-0.0000001"),
			"RATE_NEGATIVE@price.bands.0.rate RATE_TOO_FINE@price.bands.0.rate"},
		{"a product has no tiers", tariffOf(PerProduct, 0, Volume, []Band{band(0, "1")}), "SCHEME_NOT_FLAT@price.scheme"},
		{"a price per period needs the period", tariffOf(PerPeriod, 0, Flat, []Band{band(0, "1")}), "PERIOD_MISSING@price.period"},
		{"a period is not negative", tariffOf(PerPeriod, -1, Flat, []Band{band(0, "1")}), "PERIOD_INVALID@price.period.count"},
		{"a period is ten years at most", tariffOf(PerPeriod, 121, Flat, []Band{band(0, "1")}), "PERIOD_INVALID@price.period.count"},
		{"no other price has a period", tariffOf(PerCall, 1, Flat, []Band{band(0, "1")}), "PERIOD_NOT_USED@price.period"},
		{"everything wrong is said at once", tariffOf("DAILY", 0, "STAIRS", []Band{band(1, "-1")}),
			"CHARGING_MODE_INVALID@price.mode SCHEME_INVALID@price.scheme BAND_CLOSED@price.bands.0.upTo RATE_NEGATIVE@price.bands.0.rate"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := codesAndFields(row.tariff.Validate("price")); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	if got := codesAndFields(tariffOf(PerCall, 0, Flat, nil).Validate("")); got != "BANDS_MISSING@bands" {
		t.Errorf("without a field, got %s", got)
	}
}

func codesAndFields(err error) string {
	var parts []string
	for _, f := range fault.All(err) {
		parts = append(parts, f.Code+"@"+f.Field)
	}
	return strings.Join(parts, " ")
}

func TestTariffJSON(t *testing.T) {
	const stored = `{"mode":"PER_CALL","scheme":"GRADUATED","bands":[{"upTo":5000,"rate":"0.60"},{"upTo":50000,"rate":"0.36"},{"upTo":null,"rate":"0.12"}]}`
	if got, err := json.Marshal(calls(Graduated)); err != nil || string(got) != stored {
		t.Errorf("written as %s, %v", got, err)
	}
	for _, row := range []struct{ sentence, text string }{
		{"a rate that is a number is refused", `{"bands":[{"rate":0.6}]}`},
		{"a missing rate is refused", `{"bands":[{"upTo":1}]}`},
		{"a null rate is refused", `{"bands":[{"rate":null}]}`},
		{"a null band is refused", `{"bands":[null]}`},
		{"an empty rate is refused", `{"bands":[{"rate":""}]}`},
		{"a rate with an exponent is refused", `{"bands":[{"rate":"1e3"}]}`},
		{"a rate that is no number is refused", `{"bands":[{"rate":"free"}]}`},
		{"a fractional end is refused", `{"bands":[{"upTo":1.5,"rate":"1"}]}`},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			var got Tariff
			if err := json.Unmarshal([]byte(row.text), &got); err == nil {
				t.Errorf("read as %+v", got)
			}
		})
	}
}

func TestTariffComesBackFromJSONAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyTariff(t)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Tariff
		if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s came back as %+v, %v", text, got, err)
		}
	})
}

func TestEveryLineIsItsRateTimesItsUnitsRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tariff := anyTariff(t)
		quantity := rapid.Int64Range(1, tariff.quantityLimit()).Draw(t, "quantity")
		lines, total, err := tariff.Charge(quantity)
		if err != nil {
			t.Fatal(err)
		}
		sum, next := new(big.Int), int64(1)
		for _, l := range lines {
			if want := product(l.Rate, l.Quantity); l.AmountFen < 0 || want.Cmp(big.NewInt(int64(l.AmountFen))) != 0 {
				t.Fatalf("%+v: want %s fen", l, want)
			}
			if l.From != next || l.To-l.From+1 != l.Quantity || l.Rate != tariff.Bands[l.Band].Rate {
				t.Fatalf("%+v: units or rate are not those of the band", l)
			}
			next = l.To + 1
			sum.Add(sum, big.NewInt(int64(l.AmountFen)))
		}
		if next != quantity+1 || sum.Cmp(big.NewInt(int64(total))) != 0 {
			t.Fatalf("lines end before %d of %d and add up to %s of %d", next, quantity, sum, total)
		}
	})
}

func TestMoreNeverCostsLessUnderAGraduatedTariff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tariff := anyTariff(t)
		if tariff.Scheme == Volume {
			tariff.Scheme = Graduated
		}
		limit := tariff.quantityLimit()
		fewer := rapid.Int64Range(1, limit).Draw(t, "fewer")
		more := rapid.Int64Range(fewer, limit).Draw(t, "more")
		_, less, err := tariff.Charge(fewer)
		if err != nil {
			t.Fatal(err)
		}
		if _, dear, err := tariff.Charge(more); err != nil || dear < less {
			t.Fatalf("%d cost %s and %d cost %s, %v", fewer, less, more, dear, err)
		}
	})
}

// anyTariff draws a valid tariff whose rates run from nothing through fractions of a fen to the highest.
func anyTariff(t *rapid.T) Tariff {
	tariff := tariffOf(rapid.SampledFrom([]ChargingMode{PerProduct, PerCall, PerPeriod, PerVolume, PerItemPeriod}).Draw(t, "mode"), 0,
		rapid.SampledFrom([]Scheme{Flat, Graduated, Volume}).Draw(t, "scheme"), nil)
	if tariff.Mode == PerProduct {
		tariff.Scheme = Flat
	}
	if tariff.Mode.perPeriod() {
		tariff.Period = Months(rapid.IntRange(1, 12*MaxPeriodYears).Draw(t, "months"))
	}
	if tariff.Scheme != Flat {
		end := int64(0)
		step := rapid.SampledFrom([]int64{3, 1000, MaxQuantity / MaxBands}).Draw(t, "step")
		for range rapid.IntRange(0, MaxBands-1).Draw(t, "bands") {
			end += rapid.Int64Range(1, step).Draw(t, "units")
			upTo := end
			tariff.Bands = append(tariff.Bands, Band{UpTo: &upTo, Rate: anyRate(t)})
		}
	}
	tariff.Bands = append(tariff.Bands, Band{Rate: anyRate(t)})
	if err := tariff.Validate("tariff"); err != nil {
		t.Fatalf("the tariff drawn is not valid: %v", err)
	}
	return tariff
}

func anyRate(t *rapid.T) decimal.Decimal { return rateTo(t, MaxRateYuan) }

func rateTo(t *rapid.T, highest int64) decimal.Decimal {
	scale := rapid.IntRange(0, MaxRateDecimals).Draw(t, "decimals")
	for range scale {
		highest *= 10
	}
	highest = min(highest, rapid.SampledFrom([]int64{9, 30_000, math.MaxInt64}).Draw(t, "highest"))
	return decimal.MustNew(rapid.Int64Range(0, highest).Draw(t, "rate"), scale)
}

func FuzzTariffJSON(f *testing.F) {
	for _, tariff := range []Tariff{calls(Graduated), calls(Volume), flatTariff(PerPeriod, "0.000001"), flatTariff(PerProduct, "1000000000")} {
		text, err := json.Marshal(tariff)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, int64(60_000))
	}
	f.Add([]byte(`{"mode":"PER_CALL","scheme":"FLAT","bands":[{"rate":"-0"}]}`), int64(1))
	f.Add([]byte(`{"mode":"PER_CALL","scheme":"VOLUME","bands":[{"upTo":9223372036854775807,"rate":"1"},{"rate":"1"}]}`), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, text []byte, quantity int64) {
		var tariff Tariff
		if json.Unmarshal(text, &tariff) != nil {
			return
		}
		lines, total, err := tariff.Charge(quantity)
		if tariff.Validate("") != nil {
			if err == nil {
				t.Fatalf("%s is not valid and charged %s", text, total)
			}
			return
		}
		again, err2 := json.Marshal(tariff)
		var back Tariff
		if err2 != nil || json.Unmarshal(again, &back) != nil || !reflect.DeepEqual(back, tariff) {
			t.Fatalf("%s came back as %s", text, again)
		}
		if err != nil {
			if code := fault.CodeOf(err); code != "QUANTITY_INVALID" {
				t.Fatalf("%s refused %d with %v", text, quantity, err)
			}
			return
		}
		want := new(big.Int)
		for _, l := range lines {
			want.Add(want, product(l.Rate, l.Quantity))
		}
		if want.Cmp(big.NewInt(int64(total))) != 0 {
			t.Fatalf("%s charged %s for %d, want %s fen", text, total, quantity, want)
		}
	})
}
