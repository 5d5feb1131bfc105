package server

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"gongshu/ent/db"
	"gongshu/internal/fault"
	"gongshu/internal/server/uploads"
	"gongshu/internal/spreadsheet"
	"gongshu/internal/store"
)

// maxPublished is how many agreements, and how many plans, a pack of what is published has.
const maxPublished = 5000

// disclosure answers GET /reports/disclosure.xlsx and /reports/disclosure.html?language=en, for everybody, with what the law has published:
// the agreements in force with what is granted under them, and every price beside its cap.
func (s *Server) disclosure(w http.ResponseWriter, r *http.Request) {
	if err := s.spend(w, r, reportPoints); err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	language := or(r.URL.Query().Get("language"), "zh-CN")
	if disclosureWords[language] == nil {
		uploads.Refuse(w, r, fault.New(fault.Invalid, "LANGUAGE_UNKNOWN", "A report is written in zh-CN or en.").At("language"))
		return
	}
	published, more, err := s.Market.Store.Published(r.Context(), maxPublished)
	if err == nil && more {
		err = fault.New(fault.Invalid, "REPORT_TOO_LONG", "There is more than a report of %d lines has.", maxPublished).With("max", maxPublished)
	}
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	at := s.Market.Store.Now().In(shanghai)
	writeReport(w, r, strings.HasSuffix(r.URL.Path, ".html"), "disclosure-"+at.Format("2006-01-02"), language,
		disclosureTables(published, at.Format("2006-01-02 15:04"), language))
}

// disclosureWords are the words of what is published, by language.
var disclosureWords = map[string]map[string]string{
	"zh-CN": {
		"title": "公共数据授权运营信息披露", "summary": "概况", "asOf": "数据截至", "zone": " 北京时间", "resources": "已公布资源（项）", "operators": "在营运营机构（家）", "products": "在售产品（个）",
		"agreements": "授权运营协议", "number": "协议编号", "agency": "实施机构", "operator": "运营机构", "mode": "授权方式", "status": "状态", "publicised": "公示日", "starts": "起始日", "ends": "截止日",
		"granted": "授权资源", "grantedItem": "%s（%s，%d 项）", "andMore": "等 %d 项资源",
		"prices": "收费标准", "product": "产品", "plan": "收费方案", "charged": "计费方式", "settlement": "结算", "rates": "收费标准（元，含税）", "cap": "上限（元）", "document": "上限依据", "since": "上限施行日", "trial": "试行", "yes": "是", "none": "—",
		"WHOLE": "整体授权", "DOMAIN": "分领域授权", "SCENARIO": "依场景授权", "OPERATING": "运营中", "RECTIFYING": "整改中", "PREPAID": "预付", "METERED": "按月结算",
		"PER_PRODUCT": "按产品", "PER_CALL": "按次", "PER_PERIOD": "按期", "PER_VOLUME": "按数据量", "PER_ITEM_PERIOD": "按项按期",
		"WEEK": "周", "TEN_DAYS": "旬", "MONTH": "月", "QUARTER": "季", "YEAR": "年", "FLOOD_SEASON": "汛期", "FLAT": "", "GRADUATED": "分段累进：", "VOLUME": "按总量分档：",
		"upTo": "至 %d：%s", "above": "以上：%s", "package": "套餐 %d 个单位 %s", "free": "每%s免费 %d 个单位", "once": "%d 日内同一对象只计一次", "minimum": "最低 %s", "maximum": "最高 %s",
		"COUNTER": "窗口", "ONLINE": "线上", "join": "；", "per": "%d %s",
	},
	"en": {
		"title": "Disclosure of authorised public data operation", "summary": "Summary", "asOf": "As of", "zone": " Beijing time", "resources": "Resources published", "operators": "Operators with an agreement in force", "products": "Products on the market",
		"agreements": "Operation agreements", "number": "Number", "agency": "Implementing agency", "operator": "Operator", "mode": "Authorised", "status": "Status", "publicised": "Made public", "starts": "First day", "ends": "Last day",
		"granted": "Resources granted", "grantedItem": "%s (%s, %d items)", "andMore": "of %d resources",
		"prices": "Prices", "product": "Product", "plan": "Plan", "charged": "Charged", "settlement": "Settled", "rates": "Rates (CNY, VAT included)", "cap": "Cap (CNY)", "document": "Source of the cap", "since": "Cap holds from", "trial": "Trial", "yes": "yes", "none": "–",
		"WHOLE": "As a whole", "DOMAIN": "By domain", "SCENARIO": "By scenario", "OPERATING": "Operating", "RECTIFYING": "Under rectification", "PREPAID": "Prepaid", "METERED": "Monthly",
		"PER_PRODUCT": "Per product", "PER_CALL": "Per call", "PER_PERIOD": "Per period", "PER_VOLUME": "Per data volume", "PER_ITEM_PERIOD": "Per item and period",
		"WEEK": "week", "TEN_DAYS": "ten days", "MONTH": "month", "QUARTER": "quarter", "YEAR": "year", "FLOOD_SEASON": "flood season", "FLAT": "", "GRADUATED": "each band at its rate: ", "VOLUME": "all at the band reached: ",
		"upTo": "up to %d: %s", "above": "above: %s", "package": "package of %d for %s", "free": "free each %s: %d", "once": "charged once in %d days for one subject", "minimum": "at least %s", "maximum": "at most %s",
		"COUNTER": "counter", "ONLINE": "online", "join": "; ", "per": "%d × %s",
	},
}

// disclosureTables are the parts of the pack: how large the market is, the agreements, and the prices.
func disclosureTables(p store.Published, asOf, language string) []reportTable {
	words := disclosureWords[language]
	text := func(s string) spreadsheet.Cell { return spreadsheet.Cell{Text: s} }
	head := func(keys ...string) (row []spreadsheet.Cell) {
		for _, key := range keys {
			row = append(row, spreadsheet.Cell{Text: words[key], Head: true})
		}
		return row
	}
	named := func(zh, en string) string {
		if language == "en" {
			return or(en, zh)
		}
		return zh
	}
	fact := func(key string, n int64) []spreadsheet.Cell {
		return []spreadsheet.Cell{{Text: words[key], Head: true}, {Text: strconv.FormatInt(n, 10), Number: true}}
	}
	summary := reportTable{Name: words["summary"], Title: words["title"], Rows: [][]spreadsheet.Cell{
		{{Text: words["asOf"], Head: true}, text(asOf + words["zone"])},
		fact("resources", p.Size.PublishedResources), fact("operators", p.Size.Operators), fact("products", p.Size.ListedProducts),
	}}
	agreements := reportTable{Name: words["agreements"], Title: words["agreements"], Rows: [][]spreadsheet.Cell{
		head("number", "agency", "operator", "mode", "status", "publicised", "starts", "ends", "granted"),
	}}
	for _, a := range p.Agreements {
		of := p.Granted[a.ID]
		var granted []string
		for _, g := range of.Oldest {
			if r := p.Resources[g.ResourceID]; r != nil {
				unit := r.Edges.SourceUnit
				granted = append(granted, fmt.Sprintf(words["grantedItem"], named(r.Name, r.NameEn), named(unit.Name, unit.NameEn), g.Items))
			}
		}
		if of.Count > len(granted) {
			granted = append(granted, fmt.Sprintf(words["andMore"], of.Count))
		}
		agency, operator := a.Edges.Agency, a.Edges.Operator
		agreements.Rows = append(agreements.Rows, []spreadsheet.Cell{text(a.Number), text(named(agency.Name, agency.NameEn)), text(named(operator.Name, operator.NameEn)),
			text(words[string(a.Mode)]), text(words[string(a.Status)]), text(a.PublicisedOn), text(dayOr(a.StartsOn, words["none"])), text(dayOr(a.EndsOn, words["none"])),
			text(strings.Join(granted, words["join"]))})
	}
	prices := reportTable{Name: words["prices"], Title: words["prices"], Rows: [][]spreadsheet.Cell{
		head("product", "operator", "plan", "charged", "settlement", "rates", "cap", "document", "since", "trial"),
	}}
	for _, one := range p.Prices {
		operator := one.Product.Edges.Operator
		limit, document, since, trial := text(words["none"]), "", "", ""
		if one.Cap != nil {
			limit, document, since = spreadsheet.Cell{Text: one.Cap.Rate, Number: true}, one.Cap.SourceDocument, one.Cap.EffectiveFrom
		}
		if one.Plan.Trial {
			trial = words["yes"]
		}
		charged := words[string(one.Plan.Mode)]
		if period := one.Plan.Tariff.Period; !period.IsZero() {
			charged += " " + fmt.Sprintf(words["per"], period.Count, words[string(period.Unit)])
		}
		prices.Rows = append(prices.Rows, []spreadsheet.Cell{text(named(one.Product.Name, one.Product.NameEn)), text(named(operator.Name, operator.NameEn)),
			text(named(one.Plan.Name, one.Plan.NameEn)), text(charged), text(words[string(one.Plan.Settlement)]), text(ratesOf(one.Plan, words)),
			limit, text(document), text(since), text(trial)})
	}
	return []reportTable{summary, agreements, prices}
}

// ratesOf writes all that a plan's tariff says.
func ratesOf(p *db.Plan, words map[string]string) string {
	t := p.Tariff
	var said []string
	if t.Package != nil {
		said = append(said, fmt.Sprintf(words["package"], t.Package.Allowance, t.Package.FeeFen))
	}
	for i := range 1 + len(t.Variants) {
		schedule, whose := t.Schedule, ""
		if i > 0 {
			v := t.Variants[i-1]
			schedule, whose = v.Schedule, strings.TrimSpace(string(v.Class)+" "+words[string(v.Channel)])+" "
		}
		if schedule.Free != nil {
			said = append(said, whose+fmt.Sprintf(words["free"], words[string(schedule.Free.Per)], schedule.Free.Quantity))
		}
		bands := make([]string, len(schedule.Bands))
		for k, b := range schedule.Bands {
			switch rate := b.Rate.Pad(2).String(); {
			case b.UpTo != nil:
				bands[k] = fmt.Sprintf(words["upTo"], *b.UpTo, rate)
			case k > 0:
				bands[k] = fmt.Sprintf(words["above"], rate)
			default:
				bands[k] = rate
			}
		}
		said = append(said, whose+words[string(schedule.Scheme)]+strings.Join(bands, words["join"]))
	}
	if t.OnceDays > 0 {
		said = append(said, fmt.Sprintf(words["once"], t.OnceDays))
	}
	if t.MinimumFen > 0 {
		said = append(said, fmt.Sprintf(words["minimum"], t.MinimumFen))
	}
	if t.MaximumFen > 0 {
		said = append(said, fmt.Sprintf(words["maximum"], t.MaximumFen))
	}
	return strings.Join(said, words["join"])
}

// dayOr is a day, or what stands for none.
func dayOr(day *string, none string) string {
	if day == nil {
		return none
	}
	return *day
}
