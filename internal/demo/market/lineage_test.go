package market_test

import (
	"slices"
	"testing"

	"gongshu/internal/demo/market"
)

func TestEveryColumnThatSaysWhereItComesFromIsThereAndSoAreItsItems(t *testing.T) {
	products := map[string]market.Product{}
	for _, p := range market.Products() {
		products[p.Key] = p
		linked := 0
		for _, c := range p.Dictionary {
			if len(p.Origins(c.Name)) > 0 {
				linked++
			}
		}
		if linked*2 < len(p.Dictionary) {
			t.Errorf("%s says of %d of %d columns where they come from", p.Key, linked, len(p.Dictionary))
		}
	}
	for key, columns := range market.AllOrigins {
		p, there := products[key]
		if !there {
			t.Errorf("there is no product %s", key)
		}
		for column, items := range columns {
			if !slices.Contains(p.Header(), column) {
				t.Errorf("%s has no column %s", key, column)
			}
			for _, item := range items {
				if !slices.ContainsFunc(p.Inputs, func(in market.Input) bool { return in.Item == item }) {
					t.Errorf("%s is not made of %s", key, item)
				}
			}
		}
	}
}
