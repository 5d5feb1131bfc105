package pricing

import (
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"
)

// forOrder is a tariff of a mode with bands; its periods are years.
func forOrder(scheme Scheme, mode ChargingMode, bands ...Band) Tariff {
	if mode == PerPeriod {
		return tariffOf(mode, 12, scheme, bands)
	}
	return tariffOf(mode, 0, scheme, bands)
}

// bought is an order of so many units, with a discount in percent, as the rule of prices charges it.
func bought(t interface{ Fatal(...any) }, tariff Tariff, quantity, parts, percent int64) Bought {
	var counts counts
	counts[0].charged = quantity
	var discount *Discount
	if percent > 0 {
		discount = &Discount{Policy: "p", Percent: decimal.MustNew(percent, 0)}
	}
	if err := tariff.Validate(""); err != nil {
		t.Fatal(err)
	}
	lines, total := tariff.charge(&counts, discount)
	return Bought{Tariff: tariff, Lines: lines, Quantity: tariff.bought(quantity), Parts: parts, TotalFen: total}
}

// bought is what a quantity carries.
func (t *Tariff) bought(quantity int64) int64 {
	if t.Package != nil {
		return max(quantity, t.Package.Allowance)
	}
	return quantity
}

func TestUnused(t *testing.T) {
	flat := forOrder(Flat, PerCall, band(0, "0.05"))
	graduated := forOrder(Graduated, PerCall, band(100, "1"), band(0, "0.5"))
	volume := forOrder(Volume, PerCall, band(100, "1"), band(0, "0.5"))
	fine := forOrder(Flat, PerCall, band(0, "0.001"))
	pack := flat
	pack.Package = &Package{Allowance: 100, FeeFen: 1000}
	years := forOrder(Graduated, PerPeriod, band(1, "120"), band(0, "60"))
	whole := forOrder(Flat, PerProduct, band(0, "100"))
	for _, row := range []struct {
		sentence string
		bought   Bought
		left     Fen
		used     int64
		unused   Fen
		// kept is what stays once the unused part went back, and pays how much of what was bought that pays for.
		pays int64
	}{
		{"nothing used, everything goes back", bought(t, flat, 100, 1, 0), 500, 0, 500, 0},
		{"what was used is paid at its rate", bought(t, flat, 100, 1, 0), 500, 40, 300, 40},
		{"everything used, nothing goes back", bought(t, flat, 100, 1, 0), 500, 100, 0, 100},
		{"what went back before is not given again", bought(t, flat, 100, 1, 0), 300, 40, 100, 40},
		{"after more went back than was unused nothing is left", bought(t, flat, 100, 1, 0), 100, 40, 0, 20},
		{"the first of a graduated tariff are the dear ones", bought(t, graduated, 200, 1, 0), 15000, 100, 5000, 100},
		{"and the last the cheap ones", bought(t, graduated, 200, 1, 0), 15000, 150, 2500, 150},
		{"who used little would have paid the price of little", bought(t, volume, 200, 1, 0), 10000, 50, 5000, 50},
		{"who would have paid more for less has nothing unused", bought(t, volume, 110, 1, 0), 5500, 60, 0, 110},
		{"a discount is given in proportion", bought(t, flat, 100, 1, 20), 400, 50, 200, 50},
		{"one of everything left nothing to give back", bought(t, flat, 100, 1, 100), 0, 50, 0, 100},
		{"rates below a fen are rounded once", bought(t, fine, 1000, 1, 0), 100, 125, 87, 134},
		{"a package that was begun was bought", bought(t, pack, 100, 1, 0), 1000, 1, 0, 100},
		{"a package that was not begun was not used", bought(t, pack, 100, 1, 0), 1000, 0, 1000, 0},
		{"beyond a package each unit counts", bought(t, pack, 200, 1, 0), 1500, 150, 250, 150},
		{"who buys less than the package has it", bought(t, pack, 10, 1, 0), 1000, 60, 0, 100},
		{"a month of a year is its twelfth", bought(t, years, 1, 12, 0), 12000, 1, 11000, 1},
		{"a year costs what the tariff says", bought(t, years, 2, 12, 0), 18000, 12, 6000, 12},
		{"and a month of the second year its twelfth of that", bought(t, years, 2, 12, 0), 18000, 13, 5500, 13},
		{"a product bought whole goes back by months of its term", bought(t, whole, 1, 7, 0), 10000, 2, 7143, 2},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			unused := row.bought.Unused(row.left, row.used)
			if unused != row.unused {
				t.Errorf("of %s with %d used, %s are unused, want %s", row.left, row.used, unused, row.unused)
			}
			if pays := row.bought.PaysFor(row.left - unused); pays != row.pays {
				t.Errorf("what stays pays for %d, want %d", pays, row.pays)
			}
		})
	}
}

func TestAllButAFen(t *testing.T) {
	for _, row := range []struct {
		sentence string
		bought   Bought
		pays     int64
	}{
		{"a fen pays for no call of five fen", bought(t, forOrder(Flat, PerCall, band(0, "0.05")), 100, 1, 0), 0},
		{"and for as many as are rounded to it", bought(t, forOrder(Flat, PerCall, band(0, "0.001")), 1000, 1, 0), 14},
		{"for no month", bought(t, forOrder(Flat, PerProduct, band(0, "100")), 1, 12, 0), 0},
	} {
		if pays := row.bought.PaysFor(1); pays != row.pays {
			t.Errorf("%s: it pays for %d, want %d", row.sentence, pays, row.pays)
		}
	}
}

func TestWhatStaysPaysForWhatWasUsedAndForNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scheme := rapid.SampledFrom([]Scheme{Flat, Graduated, Volume}).Draw(t, "scheme")
		mode := rapid.SampledFrom([]ChargingMode{PerCall, PerVolume, PerPeriod}).Draw(t, "mode")
		draw := func(name string) decimal.Decimal {
			return decimal.MustNew(rapid.Int64Range(0, 500_000).Draw(t, name), 5)
		}
		bands := []Band{{Rate: draw("rate")}}
		if scheme != Flat {
			upTo := rapid.Int64Range(1, 30).Draw(t, "upTo")
			bands = []Band{{UpTo: &upTo, Rate: draw("first")}, {Rate: draw("second")}}
		}
		tariff := forOrder(scheme, mode, bands...)
		parts, most := int64(1), int64(500)
		if mode == PerPeriod {
			parts, most = 12, 9
		} else if rapid.Bool().Draw(t, "package") {
			tariff.Package = &Package{Allowance: rapid.Int64Range(1, 40).Draw(t, "allowance"), FeeFen: Fen(rapid.Int64Range(0, 5000).Draw(t, "fee"))}
		}
		b := bought(t, tariff, rapid.Int64Range(1, most).Draw(t, "quantity"), parts, rapid.Int64Range(0, 100).Draw(t, "percent"))
		used := rapid.Int64Range(0, b.all()).Draw(t, "used")
		unused := b.Unused(b.TotalFen, used)
		if unused < 0 || unused > b.TotalFen {
			t.Fatalf("%s of %s are unused", unused, b.TotalFen)
		}
		kept := b.TotalFen - unused
		pays := b.PaysFor(kept)
		if pays < used {
			t.Fatalf("%s pay for %d, and %d were used", kept, pays, used)
		}
		amount := Fen(rapid.Int64Range(0, int64(b.TotalFen)).Draw(t, "amount"))
		pays = b.PaysFor(amount)
		if b.Price(pays) > amount {
			t.Fatalf("%s pay for %d, which cost %s", amount, pays, b.Price(pays))
		}
		for more := pays + 1; more <= b.all(); more++ { // by trying them all
			if b.Price(more) <= amount {
				t.Fatalf("%s pay for %d, and also for %d", amount, pays, more)
			}
		}
	})
}
