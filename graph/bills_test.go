package graph_test

import (
	"context"
	"testing"
	"time"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/store/storetest"
)

const planOf = `mutation($p: ID!, $i: PlanInput!) { planAdd(productId: $p, input: $i) {
  plan { id settlement headline { amount units from } tariff { mode onceDays minimum { amount } free { quantity per } package { fee { amount } }
    variants { class channel bands { upTo rate } } } } errors { code field } } }`

func (s *shop) refusals(t *testing.T, as context.Context, product string, input map[string]any) (all []refusal) {
	t.Helper()
	var out struct{ PlanAdd struct{ Errors []refusal } }
	s.ask(t, as, planOf, map[string]any{"p": product, "i": input}, &out)
	return out.PlanAdd.Errors
}

func TestATariffIsRefusedAtEachOfItsFields(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		product := publicid.Encode("prd", s.Product(t, authorisation.DeliveryAPI, 3).ID)
		publisher := s.Person(t, s.Operator, access.Publisher)
		band := func(rate string) []any { return []any{map[string]any{"rate": rate}} }
		plan := func(more map[string]any) map[string]any {
			in := map[string]any{"name": "x", "mode": "PER_CALL", "scheme": "FLAT", "bands": band("1"), "termMonths": 12, "trial": true}
			for k, v := range more {
				in[k] = v
			}
			return in
		}
		variant := func(more map[string]any) map[string]any {
			in := map[string]any{"class": "SMALL", "scheme": "FLAT", "bands": band("1")}
			for k, v := range more {
				in[k] = v
			}
			return map[string]any{"variants": []any{in}}
		}
		for _, row := range []struct {
			sentence    string
			more        map[string]any
			code, field string
		}{
			{"a band of a variant has its own place", variant(map[string]any{"scheme": "GRADUATED", "bands": []any{map[string]any{"upTo": 5, "rate": "1"}, map[string]any{"rate": "-1"}}}), "RATE_NEGATIVE", "input.variants.0.bands.1.rate"},
			{"a class is a code", variant(map[string]any{"class": "small"}), "USER_CLASS_INVALID", "input.variants.0.class"},
			{"a variant is for somebody", variant(map[string]any{"class": nil}), "VARIANT_FOR_ALL", "input.variants.0"},
			{"a free allowance of a variant is billed by the month", variant(map[string]any{"free": map[string]any{"quantity": 1, "per": "MONTH"}}), "NOT_PREPAID", "input.variants.0.free"},
			{"and so is another price at the counter", variant(map[string]any{"channel": "COUNTER"}), "NOT_PREPAID", "input.variants.0.channel"},
			{"a period belongs to a price per period", map[string]any{"period": map[string]any{"unit": "WEEK", "count": 1}}, "PERIOD_NOT_USED", "input.period"},
			{"a period is of some length", map[string]any{"mode": "PER_PERIOD", "period": map[string]any{"unit": "WEEK", "count": 0}}, "PERIOD_INVALID", "input.period.count"},
			{"a package costs whole fen", map[string]any{"package": map[string]any{"allowance": 1, "fee": "1.005"}}, "MONEY_INVALID", "input.package.fee"},
			{"a package is of something", map[string]any{"package": map[string]any{"allowance": 0, "fee": "1"}}, "ALLOWANCE_INVALID", "input.package.allowance"},
			{"a package is for all alike", map[string]any{"package": map[string]any{"allowance": 1, "fee": "1"}, "variants": []any{map[string]any{"class": "SMALL", "scheme": "FLAT", "bands": band("1")}}}, "PACKAGE_WITH_VARIANTS", "input.package"},
			{"a fee is not below nothing", map[string]any{"package": map[string]any{"allowance": 1, "fee": "-1"}}, "FEE_INVALID", "input.package.fee"},
			{"a least amount is billed by the month", map[string]any{"minimum": "1"}, "NOT_PREPAID", "input.minimum"},
			{"a window is billed by the month", map[string]any{"onceDays": 30}, "NOT_PREPAID", "input.onceDays"},
			{"the most is not below the least", map[string]any{"settlement": "METERED", "minimum": "2", "maximum": "1"}, "MAXIMUM_BELOW_MINIMUM", "input.maximum"},
			{"a product is not counted as it is used", map[string]any{"settlement": "METERED", "mode": "PER_PRODUCT"}, "NOT_METERED", "input.mode"},
		} {
			got := s.refusals(t, publisher, product, plan(row.more))
			if len(got) != 1 || got[0] != (refusal{row.code, row.field}) {
				t.Errorf("%s: %v", row.sentence, got)
			}
		}
		whole := plan(map[string]any{
			"settlement": "METERED", "onceDays": 30, "minimum": "1.00", "free": map[string]any{"quantity": 5, "per": "YEAR"},
			"variants": []any{map[string]any{"class": "SMALL", "channel": "COUNTER", "scheme": "FLAT", "bands": band("0.5")}},
		})
		var out struct {
			PlanAdd struct {
				Plan *struct {
					Settlement string
					Headline   struct {
						Amount string
						Units  int64
						From   bool
					}
					Tariff struct {
						OnceDays int
						Minimum  struct{ Amount string }
						Free     struct {
							Quantity int64
							Per      string
						}
						Package  struct{ Fee struct{ Amount string } }
						Variants []struct{ Class, Channel string }
					}
				}
				Errors []refusal
			}
		}
		s.ask(t, publisher, planOf, map[string]any{"p": product, "i": whole}, &out)
		p := out.PlanAdd.Plan
		if len(out.PlanAdd.Errors) > 0 || p == nil || p.Settlement != "METERED" || p.Tariff.OnceDays != 30 || p.Tariff.Minimum.Amount != "1.00" ||
			p.Tariff.Free.Per != "YEAR" || len(p.Tariff.Variants) != 1 || p.Tariff.Variants[0].Channel != "COUNTER" {
			t.Errorf("the plan reads %+v", out.PlanAdd)
		}
		s.ask(t, publisher, planOf, map[string]any{"p": product, "i": plan(map[string]any{"package": map[string]any{"allowance": 100, "fee": "50"}})}, &out)
		p = out.PlanAdd.Plan
		if len(out.PlanAdd.Errors) > 0 || p == nil || p.Headline.Amount != "50.00" || p.Headline.Units != 100 || p.Tariff.Package.Fee.Amount != "50.00" {
			t.Errorf("the package reads %+v", out.PlanAdd)
		}
		var examples struct {
			TariffExamples []struct {
				Code     string
				Versions []struct{ FromOn string }
				Before   *struct{ FromOn string }
				Then     struct{ FromOn string }
			}
		}
		s.ask(t, context.Background(), `{ tariffExamples { code versions { fromOn tariff { mode } } before: inForce(on: "2016-01-19") { fromOn } then: inForce(on: "2019-08-31") { fromOn } } }`, nil, &examples)
		if len(examples.TariffExamples) < 3 || examples.TariffExamples[0].Versions[0].FromOn == "" ||
			examples.TariffExamples[0].Before != nil || examples.TariffExamples[0].Then.FromOn != "2016-01-20" {
			t.Errorf("the examples read %+v", examples)
		}
	})
}

func TestABillOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		product := publicid.Encode("prd", p.ID)
		publisher, buyer := s.Person(t, s.Operator, access.Publisher), s.Person(t, s.Buyer, access.BuyerRole)
		var made struct {
			PlanAdd struct {
				Plan   struct{ ID string }
				Errors []refusal
			}
		}
		s.ask(t, publisher, planOf, map[string]any{"p": product, "i": map[string]any{
			"name": "x", "settlement": "METERED", "mode": "PER_CALL", "scheme": "FLAT", "bands": []any{map[string]any{"rate": "0.55"}}, "termMonths": 12, "trial": true,
		}}, &made)
		s.Status(t, p, authorisation.ProductListed)
		var placed struct {
			OrderPlace struct {
				Order struct {
					ID, Status  string
					Entitlement struct {
						ID         string
						QuotaCalls *int64
					}
				}
				Errors []refusal
			}
		}
		s.ask(t, buyer, `mutation($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id status entitlement { id quotaCalls } } errors { code field } } }`,
			map[string]any{"i": map[string]any{"productId": product, "planId": made.PlanAdd.Plan.ID, "purpose": "INDUSTRY", "quantity": 10, "licenceVersion": "1", "idempotencyKey": "k"}}, &placed)
		order := placed.OrderPlace.Order
		if order.Status != "PAID" || order.Entitlement.QuotaCalls != nil || len(placed.OrderPlace.Errors) > 0 {
			t.Fatalf("the order reads %+v", placed)
		}
		const report = `mutation($i: UsageReportInput!) { usageReport(input: $i) { usage { id kind channel quantity reversed canReverse } errors { code field } } }`
		var reported struct {
			UsageReport struct {
				Usage *struct {
					ID, Kind, Channel string
					Quantity          int64
					Reversed          bool
					CanReverse        bool
				}
				Errors []refusal
			}
		}
		used := s.clock.Add(time.Minute).Format(time.RFC3339)
		s.clock = s.clock.Add(time.Hour)
		uses := map[string]any{"entitlementId": order.Entitlement.ID, "quantity": 7, "usedAt": used, "idempotencyKey": "u"}
		s.ask(t, publisher, report, map[string]any{"i": uses}, &reported)
		if u := reported.UsageReport.Usage; u == nil || u.Kind != "REPORTED" || u.Channel != "COUNTER" || u.Quantity != 7 || !u.CanReverse || u.Reversed {
			t.Fatalf("the use reads %+v", reported)
		}
		var preview struct {
			BillPreview struct {
				Month string
				Total struct{ Amount string }
				Lines []struct{ Rule string }
			}
		}
		s.ask(t, buyer, `query($o: ID!) { billPreview(orderId: $o) { month total { amount } lines { rule } } }`, map[string]any{"o": order.ID}, &preview)
		if preview.BillPreview.Month != "2026-03" || preview.BillPreview.Total.Amount != "3.85" || len(preview.BillPreview.Lines) != 1 {
			t.Errorf("the preview reads %+v", preview)
		}
		s.clock = time.Date(2026, time.April, 1, 1, 0, 0, 0, time.UTC)
		var issued struct {
			BillsIssue struct {
				Issued int
				More   bool
			}
		}
		s.ask(t, s.Person(t, s.Operator, access.Finance), `mutation { billsIssue { issued more errors { code } } }`, nil, &issued)
		if issued.BillsIssue.Issued != 1 || issued.BillsIssue.More {
			t.Errorf("issued reads %+v", issued)
		}
		type bill struct {
			ID, Month, Status, DueOn string
			Overdue, CanPay          bool
			Total                    struct{ Amount string }
			Order                    struct{ ID string }
			Buyer                    *struct{ ID string }
			Payments                 []struct{ State string }
		}
		var listed struct {
			Bills, SalesBills struct{ Edges []struct{ Node bill } }
		}
		const fields = `{ edges { node { id month status dueOn overdue canPay total { amount } order { id } buyer { id } payments { state } } } }`
		s.ask(t, buyer, `query($o: ID) { bills(orderId: $o) `+fields+` }`, map[string]any{"o": order.ID}, &listed)
		s.ask(t, publisher, `{ salesBills(status: ISSUED) `+fields+` }`, nil, &listed)
		if len(listed.Bills.Edges) != 1 || len(listed.SalesBills.Edges) != 1 {
			t.Fatalf("the lists read %+v", listed)
		}
		mine, theirs := listed.Bills.Edges[0].Node, listed.SalesBills.Edges[0].Node
		if !mine.CanPay || theirs.CanPay || mine.ID != theirs.ID || mine.Total.Amount != "3.85" || mine.DueOn != "2026-05-01" || mine.Overdue || theirs.Buyer == nil || mine.Order.ID != order.ID {
			t.Errorf("the bill reads %+v and %+v", mine, theirs)
		}
		stranger := s.Person(t, s.Organisation(t, access.Enterprise, access.Buyer), access.Finance)
		var hidden struct{ Bill, Node *struct{ ID string } }
		s.ask(t, stranger, `query($b: ID!) { bill(id: $b) { id } node(id: $b) { id } }`, map[string]any{"b": mine.ID}, &hidden)
		if hidden.Bill != nil || hidden.Node != nil {
			t.Error("a bill is seen by a stranger")
		}
		const pay = `mutation($b: ID!) { billPay(id: $b, input: {provider: "test", idempotencyKey: "p"}) { bill { status canPay payments { state } } payment { state } errors { code } } }`
		var paid struct {
			BillPay struct {
				Bill    *bill
				Payment *struct{ State string }
				Errors  []refusal
			}
		}
		s.ask(t, stranger, pay, map[string]any{"b": mine.ID}, &paid)
		if paid.BillPay.Bill != nil || len(paid.BillPay.Errors) != 1 || paid.BillPay.Errors[0].Code != "NOT_FOUND" {
			t.Errorf("a stranger pays %+v", paid)
		}
		for range 2 { // the same key is the same payment
			s.ask(t, buyer, pay, map[string]any{"b": mine.ID}, &paid)
			if got := paid.BillPay; len(got.Errors) > 0 || got.Bill.Status != "PAID" || got.Bill.CanPay || len(got.Bill.Payments) != 1 || got.Payment.State != "SUCCEEDED" {
				t.Errorf("the payment reads %+v", got)
			}
		}
		var reversed struct {
			UsageReverse struct {
				Usage  *struct{ Reverses struct{ Reversed bool } }
				Errors []refusal
			}
		}
		s.ask(t, publisher, `mutation($u: ID!) { usageReverse(id: $u, reason: "误报") { usage { reverses { reversed } } errors { code field } } }`, map[string]any{"u": reported.UsageReport.Usage.ID}, &reversed)
		if reversed.UsageReverse.Usage == nil || !reversed.UsageReverse.Usage.Reverses.Reversed {
			t.Errorf("the reversal reads %+v", reversed)
		}
		storetest.Reconciled(t, s.Store)
	})
}
