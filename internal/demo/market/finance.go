package market

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
)

// finance returns the products about businesses; none uses what is linked to a person.
func finance() []Product {
	credit := func(items ...string) []Input { return from(marketBody, "企业信用信息库", items...) }
	blacklist := func(items ...string) []Input { return from(development, "严重失信主体名单", items...) }
	return []Product{
		{
			Key: "enterprise-credit-check", Name: "企业信用核验", NameEn: "Enterprise credit check",
			Description:   "按统一社会信用代码核验企业注册资本与行政处罚情况，用于贷前核验与商务尽调。",
			DescriptionEn: "Registered capital and penalties of a business by credit code, for lending and due diligence.",
			Domain:        "普惠金融", Inputs: credit("统一社会信用代码", "注册资本", "行政处罚记录"),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.RealTime,
			Dictionary: slices.Concat([]dictionary.Column{creditCodeColumn()}, capitalColumns(), []dictionary.Column{
				column(dictionary.Date, "last_penalty_on", "最近处罚日期", "Last penalty", "", "最近一次行政处罚日期，无处罚为空", "Day of the last penalty, empty without one", optional),
			}),
			Plans: []Plan{
				perCall("按次阶梯", "Calls in bands", "GRADUATED", "0.90", bands("1000", "0.90", "10000", "0.60", "", "0.30")),
				perPeriod("按年订阅", "Yearly subscription", 12, "36000", "40000"),
				perItem("按监测企业年付", "By company watched, yearly", 12, "30", "36"),
			},
			Allocation: shared(50, unitPart(marketBody, 45)),
			generate:   creditCheck,
		},
		{
			Key: "dishonesty-list", Name: "严重失信主体名单查询", NameEn: "List of seriously untrustworthy entities",
			Description:   "查询企业是否列入严重失信主体名单及其处罚依据。",
			DescriptionEn: "Whether a business is on the list of seriously untrustworthy entities, and why.",
			Domain:        "普惠金融", Inputs: blacklist("区县市", "企业名称", "统一社会信用代码", "来源部门", "处罚部门", "处罚内容", "黑名单类型", "处罚时间", "案号"),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.RealTime,
			Dictionary: []dictionary.Column{
				districtColumn(),
				column(dictionary.Text, "enterprise_name", "企业名称", "Enterprise name", "", "合成的企业名称", "Synthetic name of the business", filterable, internal),
				creditCodeColumn(),
				column(dictionary.Text, "source_department", "来源部门", "Source", "", "名单来源部门", "Department that listed it"),
				column(dictionary.Text, "penalty_department", "处罚部门", "Penalised by", "", "作出处罚的部门", "Department that penalised it"),
				column(dictionary.Text, "penalty", "处罚内容", "Penalty", "", "处罚内容", "What the penalty is"),
				column(dictionary.Text, "list_kind", "黑名单类型", "Kind of list", "", "黑名单类型", "Kind of blacklist", filterable),
				column(dictionary.Date, "penalised_on", "处罚时间", "Penalised on", "", "处罚日期", "Day of the penalty", filterable),
				column(dictionary.Text, "case_number", "案号", "Case number", "", "合成的案号", "Synthetic case number", internal),
			},
			Plans: []Plan{
				perCall("按次", "Per call", "FLAT", "0.20", bands("", "0.15")),
			},
			Allocation: shared(50, unitPart(development, 45)),
			generate:   dishonestyList,
		},
		{
			Key: "sme-credit-score", Name: "中小企业信用评分", NameEn: "Credit score of small businesses",
			Description:   "企业信用、失信名单与数商经营活跃度数据融合形成的信用评分，供普惠金融使用。",
			DescriptionEn: "Score from credit records, the list of untrustworthy entities and a data vendor's trade activity, for inclusive finance.",
			Domain:        "普惠金融",
			Inputs:        slices.Concat(credit("统一社会信用代码", "注册资本", "行政处罚记录"), blacklist("统一社会信用代码", "黑名单类型")),
			SocialInputs:  []SocialInput{{"企业经营活跃度指数", "数商依企业授权汇集的合成交易活跃度，按数据合作演示协议使用", Vendor}},
			Delivery:      authorisation.DeliveryAPI, UpdateFrequency: authorisation.Daily,
			Dictionary: []dictionary.Column{
				creditCodeColumn(),
				column(dictionary.Text, "capital_band", "注册资本区间", "Capital bracket", "", "注册资本所在区间", "Bracket of the registered capital", filterable),
				column(dictionary.Integer, "penalty_count", "行政处罚次数", "Penalties", "次", "近三年行政处罚记录数", "Administrative penalties of the past three years"),
				column(dictionary.Boolean, "on_list", "是否在失信名单", "On the list", "", "是否列入严重失信主体名单", "Whether it is on the list of untrustworthy entities", filterable),
				column(dictionary.Decimal, "activity_index", "经营活跃度", "Trade activity", "", "0至100（数商数据）", "0 to 100 (vendor's data)"),
				column(dictionary.Integer, "score", "信用评分", "Score", "分", "300至900", "300 to 900", filterable),
				column(dictionary.Text, "score_band", "评分等级", "Band", "", "A至D", "A to D", filterable),
			},
			Plans: []Plan{
				perCall("按次用量", "Calls by volume", "VOLUME", "2.00", bands("500", "2.00", "5000", "1.50", "", "0.80")),
				try(perPeriod("按季订阅", "Quarterly subscription", 3, "9000", "")),
			},
			Allocation: shared(45, unitPart(marketBody, 20), unitPart(development, 15), vendorPart(15)),
			generate:   creditScore,
		},
	}
}

// Every listedEvery-th firm is on the list of untrustworthy entities, in each product alike.
const (
	firms       = 1500
	listedEvery = 4
)

func creditCheck(seed uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for n := 1; n <= firms; n++ {
		f, last := firmOf(seed, n), ""
		if f.penalties > 0 {
			last = dayBefore(r, 1000)
		}
		rows = append(rows, []string{f.code, decimal(f.capital, 0), capitalBand(f.capital), whole(f.penalties), last})
	}
	return rows
}

// dayBefore is a day within so many days before 2026-06-30.
func dayBefore(r *rand.Rand, days int) string {
	return time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -r.IntN(days)).Format(time.DateOnly)
}

func dishonestyList(seed uint64, r *rand.Rand) [][]string {
	kinds := []struct{ kind, source, by, penalty string }{
		{"失信被执行人", "市中级人民法院", "市中级人民法院", "限制高消费"},
		{"重大税收违法", "市税务局", "市税务局", "追缴税款并处罚款"},
		{"拖欠农民工工资", "市人社局", "市人社局", "列入名单并限期支付"},
		{"严重违法失信企业", "市市场监管局", "市市场监管局", "罚款并列入名单"},
		{"环境违法", "市生态环境局", "市生态环境局", "责令整改并处罚款"},
	}
	var rows [][]string
	for n := listedEvery; n <= firms; n += listedEvery {
		f, k, on := firmOf(seed, n), pick(r, kinds), dayBefore(r, 1095)
		rows = append(rows, []string{f.district, f.name, f.code, k.source, k.by, k.penalty, k.kind, on, fmt.Sprintf("（%s）演示罚字第%04d号", on[:4], n)})
	}
	return rows
}

func creditScore(seed uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for n := 1; n <= firms; n++ {
		f, listed := firmOf(seed, n), n%listedEvery == 0
		activity := around(r, 55, 20, 0, 100)
		score := 560 + 3*activity - 35*float64(f.penalties) + around(r, 0, 30, -90, 90)
		if listed {
			score -= 220
		}
		points := int(min(max(score, 300), 900))
		rows = append(rows, []string{f.code, capitalBand(f.capital), whole(f.penalties), fmt.Sprint(listed), decimal(activity, 1), whole(points), scoreBand(points)})
	}
	return rows
}

func scoreBand(points int) string {
	switch {
	case points >= 750:
		return "A"
	case points >= 650:
		return "B"
	case points >= 520:
		return "C"
	}
	return "D"
}
