package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	htmltemplate "html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/server/uploads"
	"gongshu/internal/spreadsheet"
)

// priceReport answers GET /reports/prices.xlsx and /reports/prices.html?operatorId=org_…&year=2026&language=en with the query
// priceReport for who is signed in, as a workbook or as a page to print.
func (s *Server) priceReport(w http.ResponseWriter, r *http.Request) {
	if err := s.spend(w, r, reportPoints); err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	values := r.URL.Query()
	language := or(values.Get("language"), "zh-CN")
	if reportWords[language] == nil {
		uploads.Refuse(w, r, fault.New(fault.Invalid, "LANGUAGE_UNKNOWN", "A report is written in zh-CN or en.").At("language"))
		return
	}
	operator, known := publicid.Parse("org", values.Get("operatorId"))
	if !known || operator == uuid.Nil {
		uploads.Refuse(w, r, fault.Absent("organisation").At("operatorId"))
		return
	}
	year, _ := strconv.Atoi(values.Get("year")) // what is no number is no year
	report, err := s.Market.PriceReport(r.Context(), operator, year)
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	named, err := s.Market.Store.Read().Organisation.Get(r.Context(), operator)
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	name := named.Name
	if language == "en" {
		name = or(named.NameEn, name)
	}
	tables := priceTables(report, name, language)
	writeReport(w, r, strings.HasSuffix(r.URL.Path, ".html"), fmt.Sprintf("prices-%d", year), language, tables)
}

// writeReport answers with tables as a page to print or as a workbook of that name; the title of the first is the report's.
func writeReport(w http.ResponseWriter, r *http.Request, asPage bool, file, language string, tables []reportTable) {
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	if asPage {
		var page bytes.Buffer
		if err := pricePage.Execute(&page, map[string]any{"Language": language, "Style": htmltemplate.CSS(priceStyle), "Title": tables[0].Title, "Tables": tables}); err != nil {
			uploads.Refuse(w, r, err)
			return
		}
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src '"+priceStyleHash+"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		_, _ = page.WriteTo(w) // the caller may be gone
		return
	}
	sheets := make([]spreadsheet.Sheet, len(tables))
	for i, t := range tables {
		sheets[i] = spreadsheet.Sheet{Title: t.Name, Rows: t.Rows}
	}
	raw, err := spreadsheet.Report(sheets...)
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", `attachment; filename="`+file+`.xlsx"`)
	_, _ = w.Write(raw) // the caller may be gone
}

// reportTable is a part of a report: a sheet of the workbook, a section of the page.
type reportTable struct {
	// Name is of the sheet, Title of the section.
	Name, Title string
	Rows        [][]spreadsheet.Cell
}

// reportWords are the words of a price report, by language.
var reportWords = map[string]map[string]string{
	"zh-CN": {
		"title": "%s %d 年价格执行情况报告", "summary": "概况", "products": "产品", "changes": "价格变动", "due": "报送期限", "asOf": "数据截至", "zone": " 北京时间", "year": "年度", "operator": "运营机构",
		"cost": "经营成本（元）", "revenue": "收入（元，不含增值税，扣除退款）", "profit": "利润（元）", "permitted": "最高准许收入（元，扣减后）", "difference": "偏离额（元）",
		"percent": "偏离（%）", "adjuster": "调整主体", "NOBODY": "无需调整", "OPERATOR": "运营机构", "AUTHORISING_BODY": "授权主体",
		"product": "产品", "calls": "调用次数", "rows": "行数", "bytes": "字节数", "productRevenue": "收入（元）", "none": "—",
		"on": "日期", "kind": "变动", "plan": "收费方案", "mode": "计费方式", "rate": "单价（元）", "trial": "试行", "yes": "是",
		"PLAN_ADDED": "新增方案", "PLAN_WITHDRAWN": "停售方案", "CAP_HELD": "上限生效",
		"PER_PRODUCT": "按产品", "PER_CALL": "按次", "PER_PERIOD": "按期", "PER_VOLUME": "按数据量", "PER_ITEM_PERIOD": "按项按期",
	},
	"en": {
		"title": "Price report of %s for %d", "summary": "Summary", "products": "Products", "changes": "Price changes", "due": "Due", "asOf": "As of", "zone": " Beijing time", "year": "Year", "operator": "Operator",
		"cost": "Operating cost (CNY)", "revenue": "Revenue (CNY, net of VAT and refunds)", "profit": "Profit (CNY)", "permitted": "Permitted revenue (CNY, less deduction)", "difference": "Deviation (CNY)",
		"percent": "Deviation (%)", "adjuster": "Who adjusts", "NOBODY": "Nobody", "OPERATOR": "Operator", "AUTHORISING_BODY": "Authorising body",
		"product": "Product", "calls": "Calls", "rows": "Rows", "bytes": "Bytes", "productRevenue": "Revenue (CNY)", "none": "–",
		"on": "Date", "kind": "Change", "plan": "Plan", "mode": "Charged", "rate": "Rate (CNY)", "trial": "Trial", "yes": "yes",
		"PLAN_ADDED": "Plan added", "PLAN_WITHDRAWN": "Plan withdrawn", "CAP_HELD": "Cap begins",
		"PER_PRODUCT": "Per product", "PER_CALL": "Per call", "PER_PERIOD": "Per period", "PER_VOLUME": "Per data volume", "PER_ITEM_PERIOD": "Per item and period",
	},
}

// priceTables are the parts of a price report: what the year came to, its products and what changed of the prices.
func priceTables(report market.PriceReport, operator, language string) []reportTable {
	words := reportWords[language]
	text := func(s string) spreadsheet.Cell { return spreadsheet.Cell{Text: s} }
	number := func(s string) spreadsheet.Cell { return spreadsheet.Cell{Text: s, Number: true} }
	heads := func(keys ...string) (row []spreadsheet.Cell) {
		for _, key := range keys {
			row = append(row, spreadsheet.Cell{Text: words[key], Head: true})
		}
		return row
	}
	summary := reportTable{Name: words["summary"], Title: fmt.Sprintf(words["title"], operator, report.Year)}
	fact := func(key string, c spreadsheet.Cell) {
		summary.Rows = append(summary.Rows, []spreadsheet.Cell{{Text: words[key], Head: true}, c})
	}
	none := text(words["none"])
	fact("operator", text(operator))
	fact("year", number(strconv.Itoa(report.Year)))
	fact("due", text(report.DueOn.String()))
	fact("asOf", text(report.AsOf.In(shanghai).Format("2006-01-02 15:04")+words["zone"]))
	cost, profit, permitted, difference, percent, adjuster := none, none, none, none, none, none
	if report.CostFen != nil {
		cost, profit = number(report.CostFen.String()), number(report.ProfitFen.String())
	}
	if report.PermittedFen != nil {
		permitted, difference = number(report.PermittedFen.String()), number(report.Deviation.DifferenceFen.String())
		adjuster = text(words[string(report.Deviation.Adjuster)])
		if report.Deviation.Percent != nil {
			percent = number(report.Deviation.Percent.String())
		}
	}
	fact("cost", cost)
	fact("revenue", number(report.RevenueFen.String()))
	fact("profit", profit)
	fact("permitted", permitted)
	fact("difference", difference)
	fact("percent", percent)
	fact("adjuster", adjuster)

	named := func(zh, en string) spreadsheet.Cell {
		if language == "en" {
			return text(or(en, zh))
		}
		return text(zh)
	}
	products := reportTable{Name: words["products"], Title: words["products"], Rows: [][]spreadsheet.Cell{heads("product", "calls", "rows", "bytes", "productRevenue")}}
	for _, p := range report.Products {
		products.Rows = append(products.Rows, []spreadsheet.Cell{named(p.Name, p.NameEn), number(strconv.FormatInt(p.Used.Calls, 10)),
			number(strconv.FormatInt(p.Used.Rows, 10)), number(strconv.FormatInt(p.Used.Bytes, 10)), number(p.RevenueFen.String())})
	}
	changes := reportTable{Name: words["changes"], Title: words["changes"], Rows: [][]spreadsheet.Cell{heads("on", "kind", "product", "plan", "mode", "rate", "trial")}}
	for _, c := range report.Changes {
		trial := ""
		if c.Trial {
			trial = words["yes"]
		}
		changes.Rows = append(changes.Rows, []spreadsheet.Cell{text(c.On.String()), text(words[string(c.Kind)]), named(c.ProductName, c.ProductNameEn),
			named(c.PlanName, c.PlanNameEn), text(words[string(c.Mode)]), number(c.Rate.Pad(2).String()), text(trial)})
	}
	return []reportTable{summary, products, changes}
}

// shanghai is the zone of the days and times of a report.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// priceStyle makes the page one to print; the policy of the page names it by its hash.
const priceStyle = `@page{margin:18mm}body{font:14px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;color:#0f1b2d;max-width:1040px;margin:24px auto;padding:0 16px}` +
	`h1{font-size:22px}h2{font-size:16px;margin-top:28px}table{border-collapse:collapse;width:100%}th,td{border:1px solid #8590a3;padding:4px 8px;text-align:left;vertical-align:top}` +
	`th{background:#f0f3f8;font-weight:600}td.n{text-align:right;font-variant-numeric:tabular-nums}tr{break-inside:avoid}.scroll{overflow-x:auto}`

var priceStyleHash = func() string {
	sum := sha256.Sum256([]byte(priceStyle))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}()

var pricePage = htmltemplate.Must(htmltemplate.New("prices").Parse(`<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title><style>{{.Style}}</style></head><body>
<main>{{range $i, $t := .Tables}}
{{if eq $i 0}}<h1>{{$t.Title}}</h1>{{else}}<h2>{{$t.Title}}</h2>{{end}}
<div class="scroll" tabindex="0" role="region" aria-label="{{$t.Name}}"><table>{{range $t.Rows}}
<tr>{{range .}}{{if .Head}}<th>{{.Text}}</th>{{else if .Number}}<td class="n">{{.Text}}</td>{{else}}<td>{{.Text}}</td>{{end}}{{end}}</tr>{{end}}
</table></div>{{end}}
</main></body></html>
`))
