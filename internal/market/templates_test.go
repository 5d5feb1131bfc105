package market

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongshu/internal/catalogue"
	"gongshu/internal/fault"
)

// Who fills a template in and deletes its examples can import it; as it is, it is refused with what is to do.
func TestATemplateIsRefusedUntilItIsFilledIn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, name := range []string{"catalogue.xlsx", "catalogue.csv"} {
			raw, err := Template(name)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.ImportCatalogue(t.Context(), raw, false)
			var examples, columns int
			for _, f := range fault.All(err) {
				if f.Code == "ROW_EXAMPLE" {
					examples++
				}
				if strings.HasPrefix(f.Code, "COLUMN_") || strings.HasPrefix(f.Code, "TABLE_") {
					columns++
				}
			}
			if examples != len(catalogue.Template.Examples) || columns != 0 || w.content(t) != [6]int{} {
				t.Errorf("%s is refused with %v", name, err)
			}
		}
		raw, _ := Template("catalogue.xlsx")
		f, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		sheet := f.GetSheetList()[0]
		for cell, text := range map[string]string{
			"B1": "第一批目录", "B3": "绵数发〔2025〕14号", "B4": "2025年7月22日", "B5": "绵阳市数据局",
			"A9": "卫生健康", "G10": "居民姓名",
		} {
			if err := f.SetCellStr(sheet, cell, text); err != nil {
				t.Fatal(err)
			}
		}
		var filled bytes.Buffer
		if err := f.Write(&filled); err != nil {
			t.Fatal(err)
		}
		if report, err := w.ImportCatalogue(t.Context(), filled.Bytes(), false); err != nil || report.Added != 1 {
			t.Errorf("filled in, it is imported as %+v, %v", report, err)
		}
		if _, err := Template("../catalogue.xlsx"); fault.CodeOf(err) != "NOT_FOUND" {
			t.Errorf("another name gives %v", err)
		}
	})
}
