package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/tidwall/gjson"

	"gongshu/ent/db"
	"gongshu/ent/db/product"
	"gongshu/graph/model"
	"gongshu/graph/records"
	"gongshu/graph/scalar"
	"gongshu/graph/view"
	"gongshu/internal/access"
	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// orders is a page of the viewer's own orders: each as its row says, what was agreed from its frozen document, and the product
// from its record. Where the product of one has none, as it is off the market, and more than its name is asked for, the resolvers
// answer.
func (p readRoots) orders(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	v := access.FromContext(ctx)
	var in struct {
		Status *ordering.OrderStatus
		First  *int
		After  *string
	}
	if v.MustSignIn() != nil || !given(a, &in) {
		return out, false
	}
	n, err := pageSize(in.First)
	if err != nil {
		return out, false
	}
	var after *uuid.UUID
	if in.After != nil {
		last, err := parseCursor(*in.After)
		if err != nil {
			return out, false
		}
		after = &last
	}
	rows, err := p.Store.OwnOrders(ctx, v.OrganisationID, in.Status, after, n+1)
	if !read(ctx, err) {
		return out, false
	}
	more := len(rows) > n
	rows = rows[:min(n, len(rows))]
	var edges []records.Record
	products := map[uuid.UUID]bool{}
	info := &model.PageInfo{HasNextPage: more}
	terms, quotation := a.Selects("edges.node.terms"), a.Selects("edges.node.terms.quotation")
	for i := range rows {
		node, err := p.order(&rows[i], terms, quotation)
		if !read(ctx, err) {
			return out, false
		}
		end := cursor(rows[i].Order.ID)
		info.EndCursor = &end
		edges = append(edges, p.shape.Type("OrderEdge").Of(records.Fields{{"cursor", jsonText(end)}, {"node", node}}))
		products[rows[i].Order.ProductID] = true
		if e := rows[i].Brought; e != nil {
			products[e.ProductID] = true
		}
	}
	if a.Selects("edges.node.product") || a.Selects("edges.node.entitlement.product") {
		if out.Own, out.Epoch, ok = p.bought(ctx, a, slices.Collect(maps.Keys(products))); !ok {
			return out, false
		}
	}
	out.Record = p.shape.Type("OrderConnection").Of(records.Fields{
		{"edges", records.List(edges)},
		{"pageInfo", p.pageInfo(info)},
	})
	return out, true
}

// bought are the records of products, and of those that are off the market what is plain of them, where nothing else is asked for
// and the viewer still sees them.
func (p readRoots) bought(ctx context.Context, a records.Asked, ids []uuid.UUID) (own map[uuid.UUID]records.Record, epoch int64, ok bool) {
	own, _, epoch, err := p.recorded(ctx, a, ids)
	if !read(ctx, err) || len(own) == len(ids) {
		return own, epoch, err == nil
	}
	plain := []string{"__typename", "id", "name", "nameEn", "status"}
	if !a.Only("edges.node.product", plain...) || !a.Only("edges.node.entitlement.product", plain...) {
		return nil, 0, false
	}
	left := slices.DeleteFunc(ids, func(id uuid.UUID) bool { return own[id] != nil })
	rows, err := p.Store.Read().Product.Query().Where(product.IDIn(left...)).Select(product.FieldName, product.FieldNameEn, product.FieldStatus).All(ctx)
	if !read(ctx, err) || len(rows) < len(left) {
		return nil, 0, false
	}
	for _, row := range rows {
		own[row.ID] = p.shape.Type("Product").Of(records.Fields{
			{"id", jsonText(publicid.Encode(productID, row.ID))}, {"name", jsonText(row.Name)}, {"nameEn", jsonText(row.NameEn)}, {"status", jsonText(string(row.Status))},
		})
	}
	return own, epoch, true
}

func (p readRoots) order(row *store.OwnOrder, terms, quotation bool) (records.Record, error) {
	o := &row.Order
	var agreed records.Record
	if terms {
		var err error
		if agreed, err = p.terms(row.Terms, quotation); err != nil {
			return nil, err
		}
	}
	return p.shape.Type("Order").Of(records.Fields{
		{"id", jsonText(publicid.Encode(orderID, o.ID))}, {"status", jsonText(string(o.Status))}, {"purpose", jsonText(string(o.Purpose))}, {"quantity", jsonLong(&o.Quantity)},
		{"product", o.ProductID[:]}, {"net", p.yuan(o.NetFen)}, {"vat", p.yuan(o.VatFen)}, {"total", p.yuan(o.TotalFen)}, {"entitlement", p.entitlement(row.Brought)},
		{"createdAt", jsonMoment(&o.CreatedAt)}, {"paidAt", jsonMoment(o.PaidAt)}, {"cancelledAt", jsonMoment(o.CancelledAt)}, {"expiresAt", jsonMoment(o.ExpiresAt)},
		{"terms", agreed},
	}), nil
}

// terms is what of an order's terms is written without its resolvers, by the names that ordering.Terms gives them, the quotation
// where it is asked for. The rest is read over, which is most of the document: to read all of it took a quarter of the time of a
// page of orders. The document is the program's own, and is not checked.
func (p readRoots) terms(document string, quotation bool) (records.Record, error) {
	terms := gjson.Parse(document)
	if !terms.IsObject() {
		return nil, errors.New("read the terms of an order: they are no object")
	}
	fields := records.Fields{ // as they are where the document leaves them out
		{"productName", noText}, {"productNameEn", noText}, {"productContentNumber", zero}, {"planName", noText}, {"planNameEn", noText}, {"termMonths", zero},
		{"settlement", jsonText(string(pricing.Prepaid))},
	}
	var err error
	terms.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "productName", "productNameEn", "planName", "planNameEn", "settlement":
			fields = append(fields, records.Fields{{name.Str, jsonText(value.Str)}}...)
		case "productContentNumber", "termMonths":
			fields = append(fields, records.Fields{{name.Str, []byte(value.Raw)}}...)
		case "quotation":
			if quotation {
				var quoted records.Record
				quoted, err = p.quotation(value.Raw)
				fields = append(fields, records.Fields{{name.Str, quoted}}...)
			}
		}
		return err == nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the terms of an order: %w", err)
	}
	return p.shape.Type("OrderTerms").Of(fields), nil
}

// noText and zero are JSON.
var noText, zero = []byte(`""`), []byte("0")

func (p readRoots) quotation(document string) (records.Record, error) {
	var quoted struct{ Quota pricing.Quota }
	if err := json.Unmarshal([]byte(document), &quoted); err != nil {
		return nil, err
	}
	return p.shape.Type("Quotation").Of(records.Fields{{"quota", p.quota(quoted.Quota)}}), nil
}

func (p readRoots) quota(bought pricing.Quota) records.Record {
	q := view.QuotaOf(bought)
	var term []byte
	if q.Term != nil {
		term = p.shape.Type("Period").Of(records.Fields{{"unit", jsonText(string(q.Term.Unit))}, {"count", strconv.AppendInt(nil, int64(q.Term.Count), 10)}})
	}
	return p.shape.Type("Quota").Of(records.Fields{{"calls", jsonLong(q.Calls)}, {"megabytes", jsonLong(q.Megabytes)}, {"items", jsonLong(q.Items)}, {"term", term}})
}

func (p readRoots) entitlement(e *db.Entitlement) records.Record {
	if e == nil {
		return nil
	}
	return p.shape.Type("Entitlement").Of(records.Fields{
		{"id", jsonText(publicid.Encode(entitlementID, e.ID))}, {"product", e.ProductID[:]}, {"purpose", jsonText(string(e.Purpose))}, {"scenario", jsonText(e.Scenario)}, {"status", jsonText(string(e.Status))},
		{"quotaCalls", jsonLong(e.QuotaCalls)}, {"quotaBytes", jsonLong(e.QuotaBytes)}, {"usedCalls", jsonLong(&e.UsedCalls)}, {"usedBytes", jsonLong(&e.UsedBytes)},
		{"startsAt", jsonMoment(&e.StartsAt)}, {"endsAt", jsonMoment(&e.EndsAt)},
	})
}

func (p readRoots) yuan(fen int64) records.Record {
	money := scalar.Yuan(pricing.Fen(fen))
	return p.shape.Type("Money").Of(records.Fields{{"amount", jsonOf(scalar.MarshalDecimal(money.Amount))}, {"currency", jsonText(string(money.Currency))}})
}

func jsonLong(n *int64) []byte {
	if n == nil {
		return null
	}
	return jsonOf(scalar.MarshalLong(*n))
}

func jsonMoment(at *time.Time) []byte {
	if at == nil {
		return null
	}
	return jsonOf(scalar.MarshalDateTime(*at))
}
