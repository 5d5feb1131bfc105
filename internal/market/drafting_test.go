package market

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

func TestADictionaryIsDraftedFromGrantedItems(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		columns, err := p.DictionaryDraft(p.publisher, []uuid.UUID{p.other, p.item})
		if err != nil || len(columns) != 2 || columns[0].Label != "上车人次" || columns[0].Type != dictionary.Integer || columns[1].Label != "线路编号" ||
			columns[1].Description != "线路编号，取自「公交线路客流数据」。" {
			t.Fatalf("the draft is %+v, %v", columns, err)
		}
		content := p.content()
		content.Dictionary, content.Sample = columns, [][]string{{"20", "1*"}}
		content.ItemIDs = []uuid.UUID{p.other, p.item}
		if _, err := p.ProductDraft(p.publisher, content); err != nil {
			t.Errorf("a product does not take the draft: %v", err)
		}
		if columns, err := p.DictionaryDraft(p.publisher, nil); err != nil || len(columns) != 0 {
			t.Errorf("of nothing it drafts %v, %v", columns, err)
		}

		absent := uuid.Must(uuid.NewV7())
		_, err = p.DictionaryDraft(p.publisher, []uuid.UUID{p.item, p.item, absent})
		if codes := fault.All(err); len(codes) != 2 || codes[0].Code != "ITEM_TWICE" || codes[0].Field != "itemIds.1" || codes[1].Code != "NOT_FOUND" || codes[1].Field != "itemIds.2" {
			t.Errorf("an item twice and none that is there: %v", err)
		}
		_, err = p.DictionaryDraft(p.publisher, make([]uuid.UUID, dictionary.MaxColumns+1))
		refused(t, err, "DICTIONARY_TOO_LONG")
		_, err = p.DictionaryDraft(p.buyer, []uuid.UUID{p.item})
		refused(t, err, "PARTY_REQUIRED")
		_, err = p.DictionaryDraft(p.person(t, p.operator, access.Finance), []uuid.UUID{p.item})
		refused(t, err, "ROLE_REQUIRED")
		_, err = p.DictionaryDraft(context.Background(), []uuid.UUID{p.item})
		refused(t, err, "SIGN_IN_REQUIRED")
		rival := p.organisation(t, "另一运营公司", access.Enterprise, access.Operator)
		_, err = p.DictionaryDraft(p.person(t, rival, access.Publisher), []uuid.UUID{p.item})
		refused(t, err, "ITEM_NOT_GRANTED")
		p.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Grant.UpdateOneID(p.grant).SetStatus(authorisation.GrantRevoked).Exec(ctx)
		})
		_, err = p.DictionaryDraft(p.publisher, []uuid.UUID{p.item})
		refused(t, err, "ITEM_NOT_GRANTED")
	})
}

func TestAPlanIsCheckedAsPlanAddJudgesIt(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.listed(t) // its cap is 0.80 per call
		volume, trial, broken := perCall("1"), perCall("0.90"), perCall("-1")
		volume.Tariff.Mode = "PER_VOLUME"
		trial.Trial = true
		broken.TermMonths, broken.Name = 0, ""
		for sentence, c := range map[string]struct {
			in                  PlanInput
			rate, left, percent string
			capped              bool
		}{
			"within the cap":            {perCall("0.60"), "0.600000", "0.200000", "75.0", true},
			"at the cap":                {perCall("0.80"), "0.800000", "0.000000", "100.0", true},
			"over the cap":              {perCall("0.90"), "0.900000", "-0.100000", "112.5", true},
			"a trial price over it":     {trial, "0.900000", "-0.100000", "112.5", true},
			"a mode without a cap":      {volume, "1.000000", "", "", false},
			"a plan with all of it bad": {broken, "", "", "", false},
		} {
			got, err := p.PlanCheck(p.publisher, id, c.in)
			if err != nil {
				t.Errorf("%s: %v", sentence, err)
				continue
			}
			if (got.Dearest != nil) != (c.rate != "") || got.Dearest != nil && got.Dearest.Rate.String() != c.rate {
				t.Errorf("%s: a unit costs %+v, want %s", sentence, got.Dearest, c.rate)
			}
			if (got.Cap != nil) != c.capped || (got.Margin != nil) != c.capped {
				t.Errorf("%s: the cap is %v, the margin %v", sentence, got.Cap, got.Margin)
			}
			if m := got.Margin; m != nil && (m.LeftRate.String() != c.left || m.UsedPercent.String() != c.percent || m.CapRate.String() != "0.800000") {
				t.Errorf("%s: the margin is %s, %s %%", sentence, m.LeftRate, m.UsedPercent)
			}
			before := fault.All(got.Refusal)
			_, added := p.PlanAdd(p.publisher, id, c.in)
			if codes := fault.All(added); !slices.EqualFunc(codes, before, func(a, b *fault.Error) bool { return a.Code == b.Code && a.Field == b.Field }) {
				t.Errorf("%s: the check says %v, planAdd says %v", sentence, got.Refusal, added)
			}
		}
		_, err := p.PlanCheck(p.buyer, id, perCall("1"))
		refused(t, err, "NOT_FOUND")
		_, err = p.PlanCheck(context.Background(), id, perCall("1"))
		refused(t, err, "SIGN_IN_REQUIRED")
		_, err = p.PlanCheck(p.publisher, uuid.Must(uuid.NewV7()), perCall("1"))
		refused(t, err, "NOT_FOUND")
		if err := p.ProductRetire(p.publisher, id, "停"); err != nil {
			t.Fatal(err)
		}
		got, err := p.PlanCheck(p.publisher, id, perCall("0.60"))
		if err != nil || fault.CodeOf(got.Refusal) != "PRODUCT_RETIRED" {
			t.Errorf("of a retired product it says %v, %v", got.Refusal, err)
		}
	})
}
