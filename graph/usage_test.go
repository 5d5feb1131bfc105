package graph_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// uses buys calls of a product and calls it once; it returns the right.
func (s *shop) uses(t *testing.T, m *market.Market, buyer context.Context, product, plan uuid.UUID) (right uuid.UUID) {
	t.Helper()
	order, err := m.OrderPlace(buyer, market.OrderPlaceInput{ProductID: product, PlanID: plan, Purpose: purpose.Industry, Quantity: 5, LicenceVersion: "1", IdempotencyKey: uuid.NewString()})
	if err == nil {
		_, err = m.OrderPay(buyer, order, market.OrderPayInput{Provider: paytest.Name, IdempotencyKey: uuid.NewString()})
	}
	if err != nil {
		t.Fatal(err)
	}
	rights, err := s.Store.Read().Entitlement.Query().IDs(buyer)
	if err != nil {
		t.Fatal(err)
	}
	right = rights[len(rights)-1]
	_, secret, err := m.CredentialIssue(buyer, market.CredentialInput{EntitlementID: right, IdempotencyKey: uuid.NewString()})
	if err == nil {
		_, err = m.DataRows(context.Background(), market.RowsCall{Secret: secret, ProductID: product, Purpose: purpose.Industry, Query: url.Values{}}, func(market.Rows) []byte { return []byte("12") })
	}
	if err != nil {
		t.Fatal(err)
	}
	return right
}

func TestUsesAndWhatIsToBeDoneOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p, file := s.Product(t, authorisation.DeliveryAPI, 5), s.Product(t, authorisation.DeliveryFile, 5)
		buyer, operator := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Operator, access.Publisher)
		s.uses(t, s.market, buyer, p.ID, p.PerCall)
		s.uses(t, s.market, buyer, p.ID, p.PerCall)
		_, err := s.market.OrderPlace(buyer, market.OrderPlaceInput{ProductID: p.ID, PlanID: p.PerCall, Purpose: purpose.Industry, Quantity: 5, LicenceVersion: "1", IdempotencyKey: "unpaid"})
		if err != nil {
			t.Fatal(err)
		}

		type figures struct{ Calls, Rows, Bytes int }
		type figure struct {
			Value, Previous int
			ChangePercent   *string
			Basis, BasisEn  string
			AsOf            string
		}
		var seen struct {
			SalesUsage struct {
				FromOn, ToOn string
				Paid, Free   figures
				ByDay        []struct {
					UsedOn string
					Paid   figures
				}
				ByProduct []struct {
					Product struct{ Name string }
					Paid    figures
				}
			}
			OperatorOverview struct {
				ListedProducts, Orders, ActiveEntitlements, Calls figure
				NetRevenue                                        struct {
					Value, Previous struct{ Amount string }
					Basis           string
				}
			}
		}
		s.ask(t, operator, `{ salesUsage(filter: {fromOn: "2026-03-01", toOn: "2026-03-02"}) { fromOn toOn paid { calls rows bytes } free { calls } byDay { usedOn paid { calls } } byProduct { product { name } paid { calls } } asOf }
			operatorOverview { listedProducts { value basis basisEn asOf } orders { value previous changePercent basis } activeEntitlements { value } calls { value previous } netRevenue { value { amount } previous { amount } basis } } }`, nil, &seen)
		if u := seen.SalesUsage; u.Paid != (figures{2, 10, 4}) || u.Free.Calls != 0 || len(u.ByDay) != 2 || u.ByDay[1].UsedOn != "2026-03-02" || u.ByDay[1].Paid.Calls != 2 || len(u.ByProduct) != 1 || u.ByProduct[0].Product.Name != "逐日雨量" {
			t.Errorf("what was used reads %+v", u)
		}
		if o := seen.OperatorOverview; o.ListedProducts.Value != 2 || o.ListedProducts.Basis == "" || o.ListedProducts.BasisEn == "" || o.ListedProducts.AsOf != "2026-03-02T02:00:00Z" ||
			o.Orders.Value != 2 || o.Orders.ChangePercent != nil || o.ActiveEntitlements.Value != 2 || o.Calls.Value != 2 || o.NetRevenue.Value.Amount != "5.18" || o.NetRevenue.Previous.Amount != "0.00" {
			t.Errorf("it stands as %+v", o)
		}

		var mine struct {
			Entitlements struct {
				Edges []struct {
					Node struct {
						QuotaUsedPercent string
						DaysLeft         int
						UsageByDay       []struct {
							UsedOn string
							Paid   figures
						}
						Product struct {
							CallURL   string
							SampleURL *string
						}
					}
				}
			}
			Todo []struct {
				Kind, SubjectKind, SubjectName string
				Subject                        struct{ ID string }
				DueOn, Obstacle                *string
			}
			File struct {
				CallURL   string
				SampleURL *string
			}
		}
		ctx, statements := store.CountStatements(buyer)
		s.ask(t, ctx, `{ entitlements { edges { node { quotaUsedPercent daysLeft usageByDay(fromOn: "2026-03-02", toOn: "2026-03-02") { usedOn paid { calls } } product { callUrl sampleUrl } } } } }`, nil, &mine)
		if statements.Count() > 3 {
			t.Errorf("the uses of a page of rights take %d statements", statements.Count())
		}
		for _, e := range mine.Entitlements.Edges {
			if n := e.Node; n.QuotaUsedPercent != "20.0" || n.DaysLeft != 365 || len(n.UsageByDay) != 1 || n.UsageByDay[0].Paid.Calls != 1 || n.Product.CallURL != "https://market.example/data/v1/products/"+publicid.Encode("prd", p.ID)+"/rows" ||
				n.Product.SampleURL == nil || !strings.HasSuffix(*n.Product.SampleURL, "/sample") {
				t.Errorf("a right reads %+v", n)
			}
		}
		s.ask(t, buyer, `query($id: ID!) { todo(first: 1) { kind subjectKind subjectName subject { id } dueOn obstacle } file: product(id: $id) { callUrl sampleUrl } }`, map[string]any{"id": publicid.Encode("prd", file.ID)}, &mine)
		if d := mine.Todo; len(d) != 1 || d[0].Kind != "PAY_ORDER" || d[0].SubjectKind != "ORDER" || !strings.HasPrefix(d[0].Subject.ID, "ord_") || d[0].SubjectName != "逐日雨量" || d[0].DueOn != nil || d[0].Obstacle != nil {
			t.Errorf("what is to be done reads %+v", d)
		}
		if !strings.HasSuffix(mine.File.CallURL, "/download-link") || mine.File.SampleURL != nil {
			t.Errorf("a file reads %+v", mine.File)
		}
	})
}
