package market

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
)

// rural returns the products about agriculture and the countryside.
// Codes of persons and households are used as join keys only; none leaves, masked or not.
func rural() []Product {
	farmland := func(items ...string) []Input { return from(agriculture, "耕地承包经营权数据库", items...) }
	insurance := func(items ...string) []Input { return from(humanRes, "社保医保关联信息库", items...) }
	business := func(items ...string) []Input { return from(marketBody, "涉农企业工商信息库", items...) }
	return []Product{
		{
			Key: "farmland-transfer-index", Name: "耕地流转价格指数", NameEn: "Farmland transfer price index",
			Description:   "按区县、面积档、承包期限档和月份汇总的耕地流转率与流转价格。",
			DescriptionEn: "Transfer rates and prices of farmland by district, area, contract term and month.",
			Domain:        "农业农村", Inputs: farmland("地块位置", "亩数", "承包期限", "流转状态", "流转价格"),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.Monthly, Aggregate: true,
			Dictionary: []dictionary.Column{
				monthColumn(), districtColumn(quasi),
				column(dictionary.Text, "area_band", "面积档", "Area bracket", "", "地块面积所在档次", "Bracket of the plot's area", quasi, filterable),
				column(dictionary.Text, "term_band", "承包期限档", "Term bracket", "", "剩余承包期限所在档次", "Bracket of the remaining contract term", quasi, filterable),
				classSizeColumn("块", "汇总地块数", "Plots"),
				column(dictionary.Decimal, "transferred_rate", "流转率", "Transferred", "%", "已流转地块比例", "Share of plots transferred"),
				column(dictionary.Decimal, "price_average", "平均流转价格", "Average price", "元/亩/年", "流转价格均值", "Mean price per mu and year"),
				column(dictionary.Decimal, "price_index", "价格指数", "Price index", "", "首月为100", "The first month is 100"),
			},
			Plans: []Plan{
				perVolume("按流量阶梯", "Megabytes in bands", "GRADUATED", "6.00", bands("50", "6.00", "500", "4.00", "", "2.50")),
				perCall("按次", "Per call", "FLAT", "0.80", bands("", "0.65")),
			},
			Allocation: shared(50, unitPart(agriculture, 45)),
			generate:   farmlandTransfers,
		},
		{
			Key: "agri-entity-profile", Name: "新型农业主体区域画像", NameEn: "Regional profile of agricultural entities",
			Description:   "按区县、主体类型和主营品类汇总的经营规模，融合数商农产品行情。",
			DescriptionEn: "Scale of farming by district, type and main product, joined with a data vendor's market prices.",
			Domain:        "农业农村", Inputs: from(agriculture, "新型农业主体经营库", "主体类型", "年收入区间", "主营品类", "种植面积"),
			SocialInputs: []SocialInput{{"农产品批发行情", "数商自有采集的合成批发行情，按数据合作演示协议使用", Vendor}},
			Delivery:     authorisation.DeliveryAPI, UpdateFrequency: authorisation.Monthly, Aggregate: true,
			Dictionary: []dictionary.Column{
				monthColumn(), districtColumn(quasi),
				column(dictionary.Text, "entity_kind", "主体类型", "Type of entity", "", "种植、养殖或工商", "Planting, livestock or commerce", quasi, filterable),
				column(dictionary.Text, "main_product", "主营品类", "Main product", "", "水稻、生猪或果蔬", "Rice, pigs, or fruit and vegetables", quasi, filterable),
				classSizeColumn("个", "汇总主体数", "Entities"),
				column(dictionary.Text, "income_mode", "最常见年收入区间", "Most common income bracket", "万元", "主体最集中的年收入区间", "Bracket of yearly income with the most entities, in 10,000 yuan"),
				column(dictionary.Decimal, "planted_average", "平均种植面积", "Average planted area", "亩", "种植面积均值", "Mean planted area in mu"),
				column(dictionary.Decimal, "market_price", "批发均价", "Wholesale price", "元/公斤", "主营品类批发均价（数商数据）", "Wholesale price of the product (vendor's data)"),
			},
			Plans: []Plan{
				perPeriod("按年订阅", "Yearly subscription", 12, "18000", "20000"),
				try(perCall("按次用量", "Calls by volume", "VOLUME", "", bands("1000", "0.50", "", "0.30"))),
			},
			Allocation: shared(45, unitPart(agriculture, 35), vendorPart(15)),
			generate:   entityProfile,
		},
		{
			Key: "agri-enterprise-check", Name: "涉农企业核验", NameEn: "Agricultural enterprise check",
			Description:   "按统一社会信用代码核验涉农企业注册资本、处罚与经营异常状态。",
			DescriptionEn: "Capital, penalties and abnormal-operation status of an agricultural business by credit code.",
			Domain:        "农业农村", Inputs: business("统一社会信用代码", "注册资本", "行政处罚记录", "经营异常名录状态"),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.RealTime,
			Dictionary: slices.Concat([]dictionary.Column{creditCodeColumn()}, capitalColumns(), []dictionary.Column{
				column(dictionary.Boolean, "abnormal", "是否经营异常", "Abnormal", "", "是否列入经营异常名录", "Whether it is on the abnormal-operation list", filterable),
			}),
			Plans: []Plan{
				perCall("按次用量", "Calls by volume", "VOLUME", "0.80", bands("1000", "0.80", "10000", "0.50", "", "0.25")),
			},
			Allocation: shared(50, unitPart(marketBody, 45)),
			generate:   agriculturalCheck,
		},
		{
			Key: "rural-building-statistics", Name: "农村房屋竣工与宗地统计", NameEn: "Rural buildings and parcels",
			Description:   "按区县、竣工年份和房屋结构统计的农村房屋数量与宗地面积，用于灾害风险与保险测算。",
			DescriptionEn: "Rural buildings and parcel areas by district, completion year and structure, for hazard and insurance models.",
			Domain:        "农业农村", Inputs: from(land, "农村不动产登记库", "竣工日期", "房屋结构", "宗地面积(㎡)", "宗地面积(亩)"),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.Monthly,
			Dictionary: []dictionary.Column{
				districtColumn(),
				column(dictionary.Integer, "completion_year", "竣工年份", "Completion year", "", "竣工年份", "Year of completion", filterable),
				column(dictionary.Text, "structure", "房屋结构", "Structure", "", "房屋结构类型", "Type of structure", filterable),
				column(dictionary.Integer, "buildings", "房屋数", "Buildings", "栋", "房屋数量，不少于21", "Number of buildings; never fewer than 21"),
				column(dictionary.Decimal, "parcel_square_metres", "平均宗地面积", "Average parcel", "㎡", "宗地面积均值", "Mean parcel area in square metres"),
				column(dictionary.Decimal, "parcel_mu", "平均宗地面积（亩）", "Average parcel in mu", "亩", "宗地面积均值", "Mean parcel area in mu"),
			},
			Plans: []Plan{
				perVolume("按流量", "Per megabyte", "FLAT", "6.00", bands("", "5.00")),
			},
			Allocation: shared(50, unitPart(land, 45)),
			generate:   ruralBuildings,
		},
		{
			Key: "rural-medical-protection", Name: "农村医疗保障风险指数", NameEn: "Rural medical protection index",
			Description:   "按区县、慢性病类型和费用档汇总的报销水平与大病风险，供公益救助与农村保险产品设计。",
			DescriptionEn: "Reimbursement and serious-illness risk by district, chronic disease and cost bracket, for relief and rural insurance.",
			Domain:        "农业农村",
			Inputs: slices.Concat(insurance("参保人编码", "医保报销比例", "大病保险记录"),
				from(health, "农村健康保障库", "居民健康档案编号", "慢性病类型", "医保结算金额")),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.Monthly, Aggregate: true,
			Dictionary: []dictionary.Column{
				monthColumn(), districtColumn(quasi),
				column(dictionary.Text, "chronic_kind", "慢性病类型", "Chronic disease", "", "高血压、糖尿病或合并", "Hypertension, diabetes or both", quasi, filterable),
				column(dictionary.Text, "cost_band", "年结算费用档", "Cost bracket", "", "年医保结算金额所在档次", "Bracket of the yearly settlement", quasi, filterable),
				classSizeColumn("人", "汇总人数", "Persons"),
				column(dictionary.Decimal, "reimbursed_average", "平均报销比例", "Average reimbursement", "%", "医保报销比例均值", "Mean reimbursement ratio"),
				column(dictionary.Decimal, "serious_illness_rate", "大病发生率", "Serious illness", "%", "有大病保险记录的比例", "Share with serious-illness records"),
				column(dictionary.Decimal, "risk_index", "保障风险指数", "Risk index", "", "0至100，越大风险越高", "0 to 100, the greater the riskier"),
			},
			Plans: []Plan{
				perPeriod("按年订阅", "Yearly subscription", 12, "24000", "28000"),
				perCall("按次阶梯", "Calls in bands", "GRADUATED", "1.50", bands("2000", "1.50", "20000", "1.00", "", "0.60")),
			},
			Allocation: shared(45, unitPart(humanRes, 25), unitPart(health, 25)),
			generate:   medicalProtection,
		},
		{
			Key: "rural-credit-risk", Name: "农村信贷风险区域指数", NameEn: "Regional index of rural credit risk",
			Description:   "按区县、缴费基数档和经营耕地档汇总的失信率与涉农企业异常率，供涉农贷款风险定价。",
			DescriptionEn: "Default and abnormal-operation rates by district, contribution bracket and farmed area, for pricing rural loans.",
			Domain:        "农业农村",
			Inputs: slices.Concat(insurance("参保人编码", "养老保险缴费基数", "是否失信人标识"),
				farmland("承包方编码", "亩数", "流转状态"), business("经营异常名录状态")),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.Monthly, Aggregate: true,
			Dictionary: []dictionary.Column{
				monthColumn(), districtColumn(quasi),
				column(dictionary.Text, "base_band", "养老缴费基数档", "Contribution bracket", "", "养老保险缴费基数所在档次", "Bracket of the pension contribution base", quasi, filterable),
				column(dictionary.Text, "land_band", "经营耕地档", "Farmed area", "", "经营耕地面积所在档次", "Bracket of the farmed area", quasi, filterable),
				classSizeColumn("人", "汇总人数", "Persons"),
				column(dictionary.Decimal, "dishonest_rate", "失信率", "Untrustworthy", "%", "失信人比例", "Share flagged as untrustworthy"),
				column(dictionary.Decimal, "abnormal_rate", "企业异常率", "Abnormal businesses", "%", "区域涉农企业经营异常比例", "Share of the region's agricultural businesses on the abnormal list"),
				column(dictionary.Decimal, "risk_index", "信贷风险指数", "Risk index", "", "0至100，越大风险越高", "0 to 100, the greater the riskier"),
			},
			Plans: []Plan{
				perCall("按次阶梯", "Calls in bands", "GRADUATED", "3.00", bands("500", "3.00", "5000", "2.00", "", "1.20")),
				try(perPeriod("按年订阅", "Yearly subscription", 12, "30000", "")),
			},
			Allocation: shared(40, unitPart(humanRes, 20), unitPart(agriculture, 20), unitPart(marketBody, 15)),
			generate:   creditRisk,
		},
	}
}

func farmlandTransfers(_ uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for _, d := range districts {
		for a, area := range []string{"1亩以下", "1至3亩", "3至10亩", "10亩以上"} {
			for t, term := range []string{"5年以下", "5至15年", "15年以上"} {
				first := around(r, 620+60*float64(a)+30*float64(t), 80, 300, 1200)
				price, plots := first, 200+float64(d.weight)*logNormal(r, 150, 0.3)/float64(1+a)
				for _, month := range months(24) {
					rows = append(rows, []string{month, d.name, area, term, whole(int(plots)),
						decimal(around(r, 34+5*float64(a), 3, 5, 90), 1), decimal(price, 2), decimal(100*price/first, 2)})
					price *= around(r, 1.003, 0.01, 0.96, 1.05)
				}
			}
		}
	}
	return rows
}

func entityProfile(_ uint64, r *rand.Rand) [][]string {
	products := []struct {
		name  string
		price float64
	}{{"水稻", 2.8}, {"生猪", 15.5}, {"果蔬", 5.6}}
	incomes := []string{"10万元以下", "10至30万元", "30至100万元", "100万元以上"}
	var rows [][]string
	for _, p := range products {
		price := p.price
		for _, month := range months(24) {
			price *= around(r, 1, 0.02, 0.93, 1.07)
			for _, d := range districts {
				for k, kind := range []string{"种植", "养殖", "工商"} {
					rows = append(rows, []string{month, d.name, kind, p.name, whole(classSize(r, 6*float64(d.weight))),
						incomes[min(k+r.IntN(2), len(incomes)-1)], decimal(logNormal(r, 60/float64(1+k), 0.2), 1), decimal(price, 2)})
				}
			}
		}
	}
	return rows
}

func agriculturalCheck(seed uint64, _ *rand.Rand) [][]string {
	var rows [][]string
	for n := agricultural + 1; n <= agricultural+800; n++ {
		f := firmOf(seed, n)
		rows = append(rows, []string{f.code, decimal(f.capital, 0), capitalBand(f.capital), whole(f.penalties), fmt.Sprint(f.abnormal)})
	}
	return rows
}

func ruralBuildings(_ uint64, r *rand.Rand) [][]string {
	const squareMetresPerMu = 10000.0 / 15
	var rows [][]string
	for _, d := range districts {
		for year := 1985; year <= 2025; year++ {
			for _, structure := range []string{"土木", "砖木", "砖混", "框架", "钢结构"} {
				parcel := around(r, 165, 25, 80, 320)
				rows = append(rows, []string{d.name, whole(year), structure, whole(classSize(r, 8*float64(d.weight))),
					decimal(parcel, 1), decimal(parcel/squareMetresPerMu, 3)})
			}
		}
	}
	return rows
}

func medicalProtection(_ uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for _, d := range districts {
		for k, kind := range []string{"高血压", "糖尿病", "高血压合并糖尿病"} {
			for c, cost := range []string{"1000元以下", "1000至5000元", "5000至20000元", "20000元以上"} {
				people := float64(d.weight) * logNormal(r, 160, 0.2) / float64((1+k)*(1+c))
				for _, month := range months(24) {
					people *= around(r, 1.003, 0.01, 0.97, 1.04)
					illness := around(r, 0.6+float64(k)*0.5+float64(c)*1.8, 0.3, 0, 15)
					reimbursed := around(r, 58+4*float64(c), 3, 35, 90)
					rows = append(rows, []string{month, d.name, kind, cost, whole(21 + int(people)), decimal(reimbursed, 1),
						decimal(illness, 2), decimal(min(100, 6*illness+(90-reimbursed)/2+5*float64(k)), 1)})
				}
			}
		}
	}
	return rows
}

func creditRisk(_ uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for _, d := range districts {
		abnormal := around(r, 4.5, 1, 1, 9)
		for b, base := range []string{"200元/年", "1000元/年", "3000元/年以上"} {
			for l, area := range []string{"无耕地", "5亩以下", "5至50亩", "50亩以上"} {
				people := float64(d.weight) * logNormal(r, 220, 0.2) / float64((1+b)*(1+l))
				for _, month := range months(24) {
					dishonest := around(r, 2.4-0.6*float64(b)-0.2*float64(l), 0.2, 0.1, 6)
					abnormal = around(r, abnormal, 0.05, 1, 9)
					rows = append(rows, []string{month, d.name, base, area, whole(21 + int(people)), decimal(dishonest, 2),
						decimal(abnormal, 2), decimal(min(100, 14*dishonest+6*abnormal), 1)})
				}
			}
		}
	}
	return rows
}
