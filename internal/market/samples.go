package market

import (
	"context"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/product"
	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/fault"
)

// DataSample serves one page of the masked sample of an API product on the market, to everybody and metered as nobody's: the
// call that its rows are bought for, with the same parameters and by the same reading, on the rows that the product's page
// shows. What is not on the market is NOT_FOUND, like what does not exist. Refused with DELIVERY_OTHER, and as
// dataset.ParseFilters and ParsePaging say.
func (m *Market) DataSample(ctx context.Context, productID uuid.UUID, query url.Values) (Rows, error) {
	p, err := m.Store.Read().Product.Query().Where(product.ID(productID), product.StatusEQ(authorisation.ProductListed)).Only(ctx)
	if db.IsNotFound(err) {
		return Rows{}, fault.Absent("product")
	}
	if err != nil {
		return Rows{}, fmt.Errorf("read the sample of a product: %w", err)
	}
	if p.Delivery != authorisation.DeliveryAPI {
		return Rows{}, deliveryOther(p.Delivery)
	}
	request, err := requestOf(query, p.Dictionary)
	if err != nil {
		return Rows{}, err
	}
	page, err := dataset.PageOf(ctx, p.Sample, request)
	if err != nil {
		return Rows{}, err
	}
	return Rows{ProductID: p.ID, Sample: true, Synthetic: p.Synthetic, Columns: p.Dictionary, Page: page}, nil
}
