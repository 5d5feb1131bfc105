package server

import (
	"encoding/csv"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/server/uploads"
)

// reportPoints are paid for a report: it reads as much as a costly query.
const reportPoints = 500

// revenueHeads are the heads of the columns of a revenue report, by language.
var revenueHeads = map[string][]string{
	"zh-CN": {"月份", "产品", "产品编号", "贡献方", "收款", "渠道", "依据", "分配规则", "金额（元）"},
	"en":    {"Month", "Product", "Product id", "Contributor", "Payee", "Channel", "Basis", "Allocation rule", "Amount (CNY)"},
}

// revenueWords are the values of closed sets, by language.
var revenueWords = map[string]map[string]string{
	"zh-CN": {"TREASURY": "国库", "CONTRIBUTOR": "贡献方账户", "COST": "成本补偿", "PROFIT": "收益分配", "IN_KIND": "实物或服务"},
	"en":    {"TREASURY": "Treasury", "CONTRIBUTOR": "Contributor's account", "COST": "Cost", "PROFIT": "Profit", "IN_KIND": "In kind"},
}

// revenue answers GET /reports/revenue.csv?from=2026-01&to=2026-03&productId=prd_…&language=en with the rows of
// revenueReport for who is signed in, as a file for spreadsheets.
func (s *Server) revenue(w http.ResponseWriter, r *http.Request) {
	if err := s.spend(w, r, reportPoints); err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	q, language, err := revenueQuery(r.URL.Query())
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	report, err := s.Market.Revenue(r.Context(), q)
	if err != nil {
		uploads.Refuse(w, r, asParameters(err))
		return
	}
	products, contributors, err := s.Market.Store.RevenueNames(r.Context(), report.Revenue)
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="revenue-`+report.Months[0].Month+"-"+report.Months[len(report.Months)-1].Month+`.csv"`)
	h.Set("Cache-Control", "private, no-store")
	out := csv.NewWriter(w)
	_, begun := w.Write([]byte("\uFEFF")) // or spreadsheets take it for another encoding
	errs := []error{begun, out.Write(revenueHeads[language])}
	words := revenueWords[language]
	for _, row := range report.Rows {
		product, contributor := products[row.ProductID], contributors[row.ContributorID]
		productName, contributorName := product.Name, contributor.Name
		if language == "en" {
			productName, contributorName = or(product.NameEn, productName), or(contributor.NameEn, contributorName)
		}
		errs = append(errs, out.Write([]string{
			row.Month, inert(productName), publicid.Encode("prd", row.ProductID), inert(contributorName), words[string(row.Payee)], words[string(row.Channel)],
			inert(row.Basis), strconv.Itoa(row.RuleNumber), row.AmountFen.Yuan().String(),
		}))
	}
	out.Flush()
	if err := errors.Join(append(errs, out.Error())...); err != nil {
		slog.WarnContext(r.Context(), "server: a report was not sent whole", slog.Any("error", err))
	}
}

// revenueQuery reads the parameters of a report.
func revenueQuery(values url.Values) (q market.RevenueQuery, language string, err error) {
	q = market.RevenueQuery{FromMonth: values.Get("from"), ToMonth: values.Get("to")}
	if text := values.Get("productId"); text != "" {
		var known bool
		if q.ProductID, known = publicid.Parse("prd", text); !known {
			return q, "", fault.Absent("product").At("productId")
		}
	}
	language = or(values.Get("language"), "zh-CN")
	if revenueHeads[language] == nil {
		return q, "", fault.New(fault.Invalid, "LANGUAGE_UNKNOWN", "A report is written in zh-CN or en.").At("language")
	}
	return q, language, nil
}

// asParameters names the parameters of the address where a refusal names those of the query.
func asParameters(err error) error {
	faults := fault.All(err)
	if faults == nil {
		return err
	}
	names := map[string]string{"filter.fromMonth": "from", "filter.toMonth": "to", "filter": ""}
	out := make(fault.List, len(faults))
	for i, f := range faults {
		out[i] = f
		if name, there := names[f.Field]; there {
			out[i] = f.At(name)
		}
	}
	return out
}

// inert is a text that no spreadsheet runs: one that begins as a formula does gets an apostrophe before it.
func inert(text string) string {
	begins := strings.TrimLeftFunc(text, unicode.IsSpace) // spreadsheets trim before they look
	if begins != "" && strings.Contains("=+-@＝＋－＠", firstRune(begins)) || strings.ContainsAny(text, "\t\r") {
		return "'" + text
	}
	return text
}

func firstRune(text string) string {
	for i := range text {
		if i > 0 {
			return text[:i]
		}
	}
	return text
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
