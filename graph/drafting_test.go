package graph

import (
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/publicid"
)

func TestAPlanIsCheckedThroughTheSchema(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		ids, operators := h.lay(t, 1)
		owner := operatorOf(t, h, ids[0])
		ctx := access.With(t.Context(), access.Viewer{
			PersonID: h.person(t), OrganisationID: owner, Verified: true, Parties: []access.Party{access.Operator}, Roles: []access.Role{access.Publisher},
		})
		const check = `query($id: ID!, $rate: Decimal!) { planCheck(productId: $id, input: {name: "按量", mode: PER_VOLUME, scheme: GRADUATED, bands: [{upTo: 10, rate: $rate}, {rate: "0.5"}], termMonths: 1, trial: true}) {
			errors { code field } effective { quantity total { amount } limit { amount } rate } cap { rate } capRate leftRate usedPercent } }`
		var got struct {
			PlanCheck struct {
				Errors    []struct{ Code, Field string }
				Effective *struct {
					Quantity int64
					Total    struct{ Amount string }
					Limit    *struct{ Amount string }
					Rate     string
				}
				CapRate *string
			}
		}
		if errs, _ := h.do(t, ctx, check, map[string]any{"id": publicid.Encode(productID, ids[0]), "rate": "0.8"}, &got); errs != nil {
			t.Fatal(errs)
		}
		if c := got.PlanCheck; len(c.Errors) != 0 || c.Effective == nil || c.Effective.Rate != "0.80" || c.Effective.Quantity != 1 || c.Effective.Limit != nil || c.CapRate != nil {
			t.Errorf("a plan without a cap reads %+v", c)
		}
		got.PlanCheck.Effective = nil
		if errs, _ := h.do(t, ctx, check, map[string]any{"id": publicid.Encode(productID, ids[0]), "rate": "-1"}, &got); errs != nil ||
			got.PlanCheck.Effective != nil || len(got.PlanCheck.Errors) != 1 || got.PlanCheck.Errors[0].Field != "input.bands.0.rate" {
			t.Errorf("a broken plan reads %+v, %v", got.PlanCheck, errs)
		}
		var columns struct{ DictionaryDraft []struct{ Name string } }
		if errs, _ := h.do(t, ctx, `query($ids: [ID!]!) { dictionaryDraft(itemIds: $ids) { name } }`, map[string]any{"ids": []any{publicid.Encode(itemID, uuid.New())}}, &columns); len(errs) != 1 {
			t.Errorf("an item that is not there drafts %+v, %v", columns, errs)
		}
		other := operators[0]
		if other == owner {
			other = operators[1]
		}
		stranger := access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: other, Verified: true, Parties: []access.Party{access.Operator}})
		if errs, _ := h.do(t, stranger, check, map[string]any{"id": publicid.Encode(productID, ids[0]), "rate": "1"}, &got); len(errs) != 1 {
			t.Errorf("another operator checks it: %v", errs)
		}
	})
}

func operatorOf(t *testing.T, h *harness, product uuid.UUID) uuid.UUID {
	t.Helper()
	p, err := h.Store.Read().Product.Get(t.Context(), product)
	if err != nil {
		t.Fatal(err)
	}
	return p.OperatorID
}
