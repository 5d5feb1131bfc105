package server

import (
	"context"
	"encoding/csv"
	"net/http/httptest"
	"strings"
	"testing"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

func TestARevenueReportIsAFileForSpreadsheets(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		f.Market.Payments = map[string]payment.Provider{paytest.Name: &paytest.Provider{}}
		p := shop.Product(t, authorisation.DeliveryAPI, 5)
		err := f.Market.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			return tx.Product.UpdateOneID(p.ID).SetName("=雨量,\"逐日\"").Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		buyer := shop.Person(t, shop.Buyer, access.BuyerRole)
		order, err := f.Market.OrderPlace(buyer, market.OrderPlaceInput{
			ProductID: p.ID, PlanID: p.PerCall, Purpose: purpose.Industry, Quantity: 10, LicenceVersion: "1", IdempotencyKey: "k",
		})
		if err == nil {
			_, err = f.Market.OrderPay(buyer, order, market.OrderPayInput{Provider: paytest.Name, IdempotencyKey: "k"})
		}
		if err != nil {
			t.Fatal(err)
		}
		get := func(as context.Context, query string) *httptest.ResponseRecorder {
			answer := httptest.NewRecorder()
			f.revenue(answer, httptest.NewRequestWithContext(as, "GET", "/reports/revenue.csv"+query, nil))
			return answer
		}
		finance := shop.Person(t, shop.Operator, access.Finance)
		answer := get(finance, "")
		text, marked := strings.CutPrefix(answer.Body.String(), "\uFEFF")
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || !marked || len(rows) != 4 || rows[0][0] != "月份" || rows[1][1] != "'=雨量,\"逐日\"" {
			t.Fatalf("the file is %q, %v", answer.Body, err)
		}
		report, err := f.Market.Revenue(finance, market.RevenueQuery{})
		if err != nil {
			t.Fatal(err)
		}
		payees := map[string]int{}
		for i, row := range report.Rows {
			if rows[i+1][0] != row.Month || rows[i+1][8] != row.AmountFen.Yuan().String() || rows[i+1][6] != row.Basis || !strings.HasPrefix(rows[i+1][2], "prd_") {
				t.Errorf("a row is %v, and %+v in the report", rows[i+1], row)
			}
			payees[rows[i+1][4]]++
		}
		if payees["国库"] != 1 || payees["贡献方账户"] != 2 {
			t.Errorf("it went to %v", payees)
		}
		if h := answer.Header(); h.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(h.Get("Content-Disposition"), `attachment; filename="revenue-`) || h.Get("Cache-Control") != "private, no-store" {
			t.Errorf("its headers are %v", h)
		}
		if english := get(finance, "?language=en").Body.String(); !strings.Contains(english, "Month,Product") || !strings.Contains(english, "Daily rain") || !strings.Contains(english, "Treasury") {
			t.Errorf("in English it is %q", english)
		}
		if own := get(shop.Person(t, shop.Organ, access.Finance), ""); strings.Count(own.Body.String(), "\n") != 2 || !strings.Contains(own.Body.String(), "国库") {
			t.Errorf("a contributor gets %q", own.Body)
		}
		if none := get(finance, "?from=2020-01&to=2020-02"); strings.Count(none.Body.String(), "\n") != 1 || !strings.Contains(none.Header().Get("Content-Disposition"), "revenue-2020-01-2020-02.csv") {
			t.Errorf("of a time without income it is %q, %v", none.Body, none.Header())
		}
		for query, want := range map[string]string{
			"?from=x": `"code":"MONTH_INVALID","message":"A month is written as 2026-01.","field":"from"`, "?productId=x": `"field":"productId"`, "?language=fr": `"code":"LANGUAGE_UNKNOWN"`,
		} {
			if got := get(finance, query); got.Code < 400 || got.Code >= 500 || !strings.Contains(got.Body.String(), want) {
				t.Errorf("%s is answered %d %s", query, got.Code, got.Body)
			}
		}
		if nobody, body := f.do(t, "GET", "/reports/revenue.csv", ""); nobody.StatusCode != 401 || !strings.Contains(body, "SIGN_IN_REQUIRED") {
			t.Errorf("nobody is answered %d %s", nobody.StatusCode, body)
		}
	})
}

func TestWhatASpreadsheetWouldRunIsInert(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "雨量": "雨量", "=1+1": "'=1+1", " @x": "' @x", "＝x": "'＝x", "-x": "'-x", "a\tb": "'a\tb", "1-2": "1-2", " ": " ",
	} {
		if got := inert(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
