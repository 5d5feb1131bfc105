package market

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/resource"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// What bounds an account of a resource's use: the products that it names, and its months.
const (
	maxResourceUses   = 100
	resourceUseMonths = 12
)

// ResourceUse is who uses a resource and how much.
type ResourceUse struct {
	At time.Time
	// Products are the newest reviewed products that use it, at most 100 of ProductCount.
	Products     []store.ProductUse
	ProductCount int64
	// Organisations have a right in force to one of them.
	Organisations int64
	// Months are the last twelve, this one among them, oldest first: what was used of the products.
	Months []UsageMonth
}

// UsageMonth is what was used in a month of Asia/Shanghai.
type UsageMonth struct {
	Month      string
	Paid, Free store.UsageSum
}

// ResourceUse says who uses a resource and how much, in numbers: who bought stays between the buyer and the operator.
// Its source unit, the industry authority of its domain and the agency may ask; to others it is NOT_FOUND.
func (m *Market) ResourceUse(ctx context.Context, id uuid.UUID) (*db.Resource, ResourceUse, error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return nil, ResourceUse{}, err
	}
	row, err := m.Store.Read().Resource.Query().Where(resource.ID(id)).WithDomain().Only(ctx)
	if db.IsNotFound(err) {
		return nil, ResourceUse{}, fault.Absent("resource").At("resourceId")
	}
	if err != nil {
		return nil, ResourceUse{}, fmt.Errorf("read a resource: %w", err)
	}
	answers := v.Is(access.ImplementingAgency) || v.Verified && row.SourceUnitID == v.OrganisationID
	if authority := row.Edges.Domain.IndustryAuthorityID; authority != nil {
		answers = answers || v.Verified && *authority == v.OrganisationID
	}
	if !answers {
		return nil, ResourceUse{}, fault.Absent("resource").At("resourceId")
	}
	out := ResourceUse{At: m.Store.Now()}
	if out.ProductCount, out.Organisations, err = m.Store.ResourceReach(ctx, id, out.At); err != nil {
		return nil, ResourceUse{}, err
	}
	if out.Products, err = m.Store.UsesOfResource(ctx, id, out.At, maxResourceUses); err != nil {
		return nil, ResourceUse{}, err
	}
	this := pricing.MonthOf(out.At)
	first := monthsAfter(this, 1-resourceUseMonths)
	used, err := m.Store.UsageByMonth(ctx, store.UsageQuery{ResourceID: id, From: first.Start(), Until: this.Next().Start()})
	for _, month := range monthsOf(first, this) {
		out.Months = append(out.Months, UsageMonth{month, used[month].Paid, used[month].Free})
	}
	return row, out, err
}
