package server

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongshu/internal/authorisation"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

func TestWhatIsPublishedIsAWorkbookAndAPageForEverybody(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		p := shop.Product(t, authorisation.DeliveryAPI, 5)
		err := f.Market.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			err := tx.Agreement.Create().SetCreatedAt(tx.Now()).SetAgencyID(shop.Agency).SetOperatorID(shop.Operator).SetNumber("1").SetMode(authorisation.ModeWhole).
				SetStatus(authorisation.AgreementOperating).SetClauses(map[authorisation.Clause]string{}).SetPublicisedOn("2026-01-01").SetStartsOn("2026-01-10").SetEndsOn("2099-01-09").Exec(ctx)
			if err != nil {
				return err
			}
			return tx.Product.UpdateOneID(p.ID).SetName("=1+1<script>").SetNameEn("").Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		get := func(file string) *httptest.ResponseRecorder {
			answer := httptest.NewRecorder()
			f.disclosure(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/reports/"+file, nil))
			return answer
		}
		answer := get("disclosure.xlsx")
		book, err := excelize.OpenReader(bytes.NewReader(answer.Body.Bytes()))
		if err != nil {
			t.Fatalf("it is no workbook: %v, %s", err, answer.Body)
		}
		defer book.Close()
		sheets := map[string][][]string{}
		for _, name := range []string{"概况", "授权运营协议", "收费标准"} {
			if sheets[name], err = book.GetRows(name); err != nil {
				t.Fatal(err)
			}
		}
		if rows := sheets["概况"]; len(rows) != 4 || rows[3][1] != "1" {
			t.Errorf("it counts %v", rows)
		}
		if rows := sheets["授权运营协议"]; len(rows) != 2 || rows[1][4] != "运营中" || rows[1][7] != "2099-01-09" {
			t.Errorf("its agreements are %v", rows)
		}
		if rows := sheets["收费标准"]; len(rows) != 6 || rows[1][0] != "=1+1<script>" || rows[1][5] == "" {
			t.Errorf("its prices are %v", rows)
		}
		if formula, _ := book.GetCellFormula("收费标准", "A2"); formula != "" {
			t.Errorf("a name is a formula: %s", formula)
		}
		if body := get("disclosure.html?language=en").Body.String(); !strings.Contains(body, "Disclosure of authorised public data operation") || strings.Contains(body, "<script>") ||
			!strings.Contains(body, "=1&#43;1&lt;script&gt;") {
			t.Errorf("the page is %s", body)
		}
		if answer := get("disclosure.html?language=fr"); answer.Code != 400 || !strings.Contains(answer.Body.String(), "LANGUAGE_UNKNOWN") {
			t.Errorf("another language is answered %d %s", answer.Code, answer.Body)
		}
	})
}
