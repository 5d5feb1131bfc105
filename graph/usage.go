package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/product"
	"gongshu/graph/model"
	"gongshu/graph/scalar"
	"gongshu/graph/view"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/todo"
	"gongshu/pricing"
)

// dataAddress is where a product's data is called, as people and programs outside reach it.
func (r *Resolver) dataAddress(p *db.Product, what string) string {
	return r.Origin + "/data/v1/products/" + publicid.Encode(productID, p.ID) + "/" + what
}

// usageOf is a right and the days for which its use is asked.
type usageOf struct {
	entitlement uuid.UUID
	days        market.Days
}

// newUsageLoader sums the uses of all rights of a page in one statement for each period that is asked for.
func newUsageLoader(s *store.Store) *dataloadgen.Loader[usageOf, []market.UsageDay] {
	return dataloadgen.NewLoader(func(ctx context.Context, keys []usageOf) ([][]market.UsageDay, []error) {
		asked := map[market.Days][]uuid.UUID{}
		for _, k := range keys {
			asked[k.days] = append(asked[k.days], k.entitlement)
		}
		used := map[usageOf][]market.UsageDay{}
		for days, ids := range asked {
			series, err := market.EntitlementUsage(ctx, s, ids, days)
			if err != nil {
				return nil, []error{err}
			}
			for i, id := range ids {
				used[usageOf{id, days}] = series[i]
			}
		}
		out := make([][]market.UsageDay, len(keys))
		for i, k := range keys {
			out[i] = used[k]
		}
		return out, nil
	}, dataloadgen.WithWait(batchWait))
}

func daysOf(from, to *authorisation.Day) market.Days {
	return market.Days{FromOn: valueOr(from), ToOn: valueOr(to)}
}

func figures(s store.UsageSum) model.UsageFigures {
	return model.UsageFigures{Calls: s.Calls, Rows: s.Rows, Bytes: s.Bytes}
}

func usageDays(days []market.UsageDay) []*model.UsageDay {
	out := make([]*model.UsageDay, len(days))
	for i, d := range days {
		out[i] = &model.UsageDay{UsedOn: d.On, Paid: figures(d.Paid), Free: figures(d.Free)}
	}
	return out
}

func (r *Resolver) salesUsage(ctx context.Context, filter *model.SalesUsageFilter) (*model.SalesUsage, error) {
	var days market.Days
	var of uuid.UUID
	if filter != nil {
		days = daysOf(filter.FromOn.Value(), filter.ToOn.Value())
		if id := filter.ProductID.Value(); id != nil {
			var err error
			if of, err = parseID(productID, *id, "filter.productId"); err != nil {
				return nil, err
			}
		}
	}
	usage, err := r.Market.SalesUsage(ctx, of, days)
	if err != nil {
		return nil, err
	}
	out := &model.SalesUsage{
		FromOn: usage.FromOn, ToOn: usage.ToOn, Paid: figures(usage.Paid), Free: figures(usage.Free), ByDay: usageDays(usage.ByDay),
		ByProduct: []*model.ProductUsage{}, AsOf: r.Store.Now(),
	}
	used := map[uuid.UUID]*db.Product{}
	for _, p := range usage.ByProduct {
		used[p.ProductID] = nil
	}
	rows, err := r.Store.Read().Product.Query().Where(product.IDIn(slices.Collect(maps.Keys(used))...)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		used[row.ID] = row
	}
	for _, p := range usage.ByProduct {
		out.ByProduct = append(out.ByProduct, &model.ProductUsage{Product: *used[p.ProductID], Paid: figures(p.Paid), Free: figures(p.Free)})
	}
	return out, nil
}

// operatorOverview says of each figure what it is of.
func operatorOverview(o market.OperatorOverview) *model.OperatorOverview {
	count := func(value int64, basis, basisEn string) model.CountFigure {
		return model.CountFigure{Value: value, Basis: basis, BasisEn: basisEn, AsOf: o.At}
	}
	beside := func(c market.Count, basis, basisEn string) model.CountFigure {
		figure := count(c.Now, basis, basisEn)
		figure.Previous, figure.ChangePercent = &c.Before, pricing.Change(pricing.Fen(c.Before), pricing.Fen(c.Now))
		return figure
	}
	return &model.OperatorOverview{
		ListedProducts:     count(o.ListedProducts, "当前在架的产品", "Products on the market now"),
		ActiveEntitlements: count(o.ActiveEntitlements, "当前有效且未到期的权益，付费和免费合计", "Rights in force now, paid and free together"),
		Orders:             beside(o.Orders, "本月至今已付款的订单，对比上月全月", "Orders paid this month so far, against the whole of last month"),
		Calls:              beside(o.Calls, "近 30 天的调用和下载（含今天），对比此前 30 天", "Calls and downloads of the last 30 days with today, against the 30 days before"),
		NetRevenue: model.MoneyFigure{
			Value: *scalar.Yuan(o.NetFen), Previous: scalar.Yuan(o.PreviousNetFen), ChangePercent: pricing.Change(o.PreviousNetFen, o.NetFen),
			Basis: "本月至今账本中的不含税收入，对比上月全月", BasisEn: "Net of VAT by the ledger, this month so far, against the whole of last month", AsOf: o.At,
		},
	}
}

// subjectOf loads what something is to be done about; what the viewer may not see any more is null.
func subjectOf(ctx context.Context, s todo.Subject) (view.Node, error) {
	l := loadersOf(ctx)
	switch s.Kind {
	case todo.OfProceeding:
		return asNode(l.proceedings.Load(ctx, s.ID))
	case todo.OfProduct:
		return asNode(l.products.Load(ctx, s.ID))
	case todo.OfGrant:
		return asNode(l.grants.Load(ctx, s.ID))
	case todo.OfAgreement:
		return asNode(l.agreements.Load(ctx, s.ID))
	case todo.OfResource:
		return asNode(l.resources.Load(ctx, s.ID))
	case todo.OfOrder:
		return asNode(l.orders.Load(ctx, s.ID))
	case todo.OfInvoice:
		return asNode(l.invoices.Load(ctx, s.ID))
	default:
		return asNode(l.entitlements.Load(ctx, s.ID))
	}
}

// asNode is a row as an object, or nothing where there is none.
func asNode[T any](row *T, err error) (view.Node, error) {
	if row == nil || err != nil {
		return nil, err
	}
	return row, nil
}
