package market

import (
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// UseOption is a purpose for which a product may be wanted, and what refuses it to the viewer: nil when nothing does.
type UseOption struct {
	Purpose purpose.Purpose
	// Granted: the product's items are granted for the purpose, whoever asks.
	Granted bool
	Refusal error
}

// UseOptions says of each purpose whether the viewer may go on: to OrderPlace where it pays, to FreeUseApply where it is free.
// The refusals are those that these would answer whatever else they are given. It reads nothing.
func (m *Market) UseOptions(v access.Viewer, facts authorisation.Product) []UseOption {
	today := authorisation.DayOf(m.Store.Now())
	options := make([]UseOption, len(purpose.All))
	for i, p := range purpose.All {
		err := v.MayAct(access.Buyer, access.BuyerRole)
		if err == nil && facts.Status != authorisation.ProductListed {
			err = fault.New(fault.Conflict, "PRODUCT_NOT_LISTED", "This product is not on the market.").At("input.productId")
		}
		offered := authorisation.Offered(facts, p, today)
		options[i] = UseOption{p, offered == nil, firstOf(err, offered)}
	}
	return options
}
