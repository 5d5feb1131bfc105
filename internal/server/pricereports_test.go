package server

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

func TestAPriceReportIsAWorkbookAndAPage(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		p := shop.Product(t, authorisation.DeliveryAPI, 5)
		err := f.Market.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			return tx.Product.UpdateOneID(p.ID).SetName("=1+1<script>").SetNameEn("").Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		year := f.Market.Store.Now().Format("2006")
		get := func(as context.Context, file, query string) *httptest.ResponseRecorder {
			answer := httptest.NewRecorder()
			f.priceReport(answer, httptest.NewRequestWithContext(as, "GET", "/reports/"+file+"?operatorId="+publicid.Encode("org", shop.Operator)+query, nil))
			return answer
		}
		finance := shop.Person(t, shop.Operator, access.Finance)
		answer := get(finance, "prices.xlsx", "&year="+year)
		book, err := excelize.OpenReader(bytes.NewReader(answer.Body.Bytes()))
		if err != nil {
			t.Fatalf("it is no workbook: %v, %s", err, answer.Body)
		}
		defer book.Close()
		rows, err := book.GetRows("价格变动")
		if err != nil || len(rows) != 6 || rows[1][1] != "新增方案" || rows[1][2] != "=1+1<script>" || rows[1][6] != "是" {
			t.Errorf("what changed is %v, %v", rows, err)
		}
		if formula, _ := book.GetCellFormula("价格变动", "C2"); formula != "" {
			t.Errorf("a name is a formula: %s", formula)
		}
		if summary, err := book.GetRows("概况"); err != nil || len(summary) != 11 || summary[5][1] != "0" || summary[4][1] != "—" {
			t.Errorf("it says %v, %v", summary, err)
		}
		page := get(finance, "prices.html", "&year="+year+"&language=en")
		if body := page.Body.String(); !strings.Contains(body, "Price report of") || !strings.Contains(body, "Beijing time") || !strings.Contains(body, `<td class="n">1000.00</td>`) || strings.Contains(body, "<script>") || !strings.Contains(body, "=1&#43;1&lt;script&gt;") {
			t.Errorf("the page is %s", body)
		}
		if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "style-src '"+priceStyleHash+"'") || strings.Contains(policy, "unsafe") {
			t.Errorf("its policy is %s", policy)
		}
		for _, row := range []struct {
			as    context.Context
			query string
			code  string
		}{
			{t.Context(), "&year=" + year, "SIGN_IN_REQUIRED"},
			{shop.Person(t, shop.Buyer, access.Finance), "&year=" + year, "NOT_FOUND"},
			{finance, "", "YEAR_INVALID"},
			{finance, "&year=" + year + "&language=fr", "LANGUAGE_UNKNOWN"},
		} {
			if answer := get(row.as, "prices.xlsx", row.query); answer.Code < 400 || !strings.Contains(answer.Body.String(), row.code) {
				t.Errorf("%s is answered %d %s, want %s", row.query, answer.Code, answer.Body, row.code)
			}
		}
	})
}
