package eval

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/search"
)

// demoProduct is a product of the demo market as the search is given it.
type demoProduct struct {
	key, name, nameEn, about, aboutEn string
	domain, domainEn                  string
	inputs                            []demoInput
	// columns are the labels of its dictionary, in both languages.
	columns             []string
	delivery, frequency string
}

// demoInput is a resource with the items that are used of it, each Chinese name before its English one.
type demoInput struct {
	unit, unitEn, resource, resourceEn string
	items                              []string
}

// Demo is the demo market, whose products are known by their keys.
func Demo() Market {
	m := Market{Name: "demo"}
	for i, p := range demoProducts {
		d := search.Document{
			ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte("demo "+p.key)), Name: p.name, NameEn: p.nameEn, Description: p.about, DescriptionEn: p.aboutEn,
			DomainIDs: []string{p.domainEn}, DomainNames: []string{p.domain, p.domainEn}, Columns: p.columns,
			Codes:         []string{"DEMO-" + strings.ToUpper(p.key)},
			Operator:      search.Party{ID: party("operator"), Name: "绵阳数据运营演示有限公司", NameEn: "Mianyang Data Operation Demo Co., Ltd."},
			ChargingModes: []string{[]string{"PER_CALL", "PER_PERIOD", "PER_VOLUME"}[i%3]}, Delivery: p.delivery, UpdateFrequency: p.frequency,
			Priced: []search.Priced{search.Paid}, PriceFen: int64(10 * (i + 1)), ListedAt: time.Date(2025, 9, 10, 1, i, 0, 0, time.UTC),
		}
		for _, in := range p.inputs {
			d.SourceUnits = append(d.SourceUnits, search.Party{ID: party(in.unit), Name: in.unit, NameEn: in.unitEn})
			d.Resources = append(d.Resources, in.resource, in.resourceEn)
			for n := 0; n < len(in.items); n += 2 {
				d.Items, d.ItemsEn = append(d.Items, in.items[n]), append(d.ItemsEn, in.items[n+1])
			}
		}
		m.products = append(m.products, product{key: p.key})
		m.documents = append(m.documents, d)
	}
	return m
}

func party(name string) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "party %s", name))
}

var demoProducts = []demoProduct{
	{
		key: "bus-hourly-flow", name: "公交线路小时客流", nameEn: "Hourly passenger flow by bus line",
		about:   "按线路、站点和小时统计的公交上车人次，用于运力调度与商业选址分析。",
		aboutEn: "Boardings by line, stop and hour, for scheduling and site analysis.",
		domain:  "交通运输", domainEn: "Transport",
		inputs:   []demoInput{{"绵阳公交集团", "Mianyang Bus Group", "公交线路客流数据", "Bus line passenger flow", []string{"线路编号", "Line number", "站点名称", "Stop name", "上车人次", "Boardings"}}},
		columns:  []string{"运营日期", "Day of service", "小时", "Hour", "线路编号", "Line", "站点名称", "Stop", "上车人次", "Boardings"},
		delivery: "API", frequency: "DAILY",
	},
	{
		key: "bus-peak-index", name: "公交早晚高峰指数", nameEn: "Bus peak-hour index",
		about:   "按月统计的各线路早晚高峰客流与拥挤指数。",
		aboutEn: "Monthly peak-hour flow and crowding index of every line.",
		domain:  "交通运输", domainEn: "Transport",
		inputs:   []demoInput{{"绵阳公交集团", "Mianyang Bus Group", "公交线路客流数据", "Bus line passenger flow", []string{"线路编号", "Line number", "站点名称", "Stop name", "早晚高峰时段统计", "Morning and evening peak statistics"}}},
		columns:  []string{"月份", "Month", "线路编号", "Line", "高峰时段", "Peak", "日期类型", "Kind of day", "平均上车人次", "Average boardings", "拥挤指数", "Crowding index", "最繁忙站点", "Busiest stop"},
		delivery: "API", frequency: "MONTHLY",
	},
	{
		key: "bus-retail-heat", name: "公交商圈客流热度", nameEn: "Footfall of retail areas by bus",
		about:   "公交站点客流与数商商业网点数据融合形成的商圈热度。",
		aboutEn: "Footfall of retail areas, from stop counts joined with a data vendor's shop counts.",
		domain:  "交通运输", domainEn: "Transport",
		inputs:   []demoInput{{"绵阳公交集团", "Mianyang Bus Group", "公交线路客流数据", "Bus line passenger flow", []string{"站点名称", "Stop name", "上车人次", "Boardings"}}},
		columns:  []string{"月份", "Month", "站点名称", "Stop", "区县", "District", "日期类型", "Kind of day", "时段", "Time of day", "平均上车人次", "Average boardings", "商业网点数", "Shops", "热度指数", "Heat index"},
		delivery: "API", frequency: "MONTHLY",
	},
	{
		key: "enterprise-credit-check", name: "企业信用核验", nameEn: "Enterprise credit check",
		about:   "按统一社会信用代码核验企业注册资本与行政处罚情况，用于贷前核验与商务尽调。",
		aboutEn: "Registered capital and penalties of a business by credit code, for lending and due diligence.",
		domain:  "普惠金融", domainEn: "Inclusive finance",
		inputs:   []demoInput{{"市市场监管局", "Municipal Administration for Market Regulation", "企业信用信息库", "Enterprise credit information", []string{"统一社会信用代码", "Unified social credit code", "注册资本", "Registered capital", "行政处罚记录", "Administrative penalty records"}}},
		columns:  []string{"统一社会信用代码", "Unified social credit code", "注册资本", "Registered capital", "注册资本区间", "Capital bracket", "行政处罚次数", "Penalties", "最近处罚日期", "Last penalty"},
		delivery: "API", frequency: "REAL_TIME",
	},
	{
		key: "dishonesty-list", name: "严重失信主体名单查询", nameEn: "List of seriously untrustworthy entities",
		about:   "查询企业是否列入严重失信主体名单及其处罚依据。",
		aboutEn: "Whether a business is on the list of seriously untrustworthy entities, and why.",
		domain:  "普惠金融", domainEn: "Inclusive finance",
		inputs:   []demoInput{{"市发展改革委", "Municipal Development and Reform Commission", "严重失信主体名单", "List of seriously untrustworthy entities", []string{"区县市", "District, county or city", "企业名称", "Enterprise name", "统一社会信用代码", "Unified social credit code", "来源部门", "Originating department", "处罚部门", "Penalising department", "处罚内容", "Penalty", "黑名单类型", "Blacklist type", "处罚时间", "Penalty time", "案号", "Case number"}}},
		columns:  []string{"区县", "District", "企业名称", "Enterprise name", "统一社会信用代码", "Unified social credit code", "来源部门", "Source", "处罚部门", "Penalised by", "处罚内容", "Penalty", "黑名单类型", "Kind of list", "处罚时间", "Penalised on", "案号", "Case number"},
		delivery: "API", frequency: "REAL_TIME",
	},
	{
		key: "sme-credit-score", name: "中小企业信用评分", nameEn: "Credit score of small businesses",
		about:   "企业信用、失信名单与数商经营活跃度数据融合形成的信用评分，供普惠金融使用。",
		aboutEn: "Score from credit records, the list of untrustworthy entities and a data vendor's trade activity, for inclusive finance.",
		domain:  "普惠金融", domainEn: "Inclusive finance",
		inputs:   []demoInput{{"市市场监管局", "Municipal Administration for Market Regulation", "企业信用信息库", "Enterprise credit information", []string{"统一社会信用代码", "Unified social credit code", "注册资本", "Registered capital", "行政处罚记录", "Administrative penalty records"}}, {"市发展改革委", "Municipal Development and Reform Commission", "严重失信主体名单", "List of seriously untrustworthy entities", []string{"统一社会信用代码", "Unified social credit code", "黑名单类型", "Blacklist type"}}},
		columns:  []string{"统一社会信用代码", "Unified social credit code", "注册资本区间", "Capital bracket", "行政处罚次数", "Penalties", "是否在失信名单", "On the list", "经营活跃度", "Trade activity", "信用评分", "Score", "评分等级", "Band"},
		delivery: "API", frequency: "DAILY",
	},
	{
		key: "chronic-disease-map", name: "慢性病区域分布", nameEn: "Regional distribution of chronic diseases",
		about:   "按报送区县、病种和月份汇总的慢性病在管人数与规范随访率。",
		aboutEn: "Persons in care and follow-up rates by reporting district, disease and month.",
		domain:  "卫生健康", domainEn: "Health",
		inputs:   []demoInput{{"市卫生健康委", "Municipal Health Commission", "居民健康档案库", "Resident health records", []string{"诊断时间", "Diagnosis time", "疾病编码(ICD-11)", "Disease code (ICD-11)"}}, {"市卫生健康委", "Municipal Health Commission", "农村健康保障库", "Rural health security", []string{"慢性病类型", "Chronic disease type", "随访记录", "Follow-up records"}}},
		columns:  []string{"月份", "Month", "区县", "District", "疾病编码", "Disease code", "疾病名称", "Disease", "汇总数", "Class size", "新增率", "New cases", "规范随访率", "Follow-up rate"},
		delivery: "API", frequency: "MONTHLY",
	},
	{
		key: "disease-cost-benchmark", name: "病种费用与用药基准", nameEn: "Cost and medication benchmark by disease",
		about:   "按病种、用药剂量档和月份汇总的医保结算费用基准，供商业健康险定价与医院管理使用。",
		aboutEn: "Settlement cost by disease, dose bracket and month, for health insurers and hospitals.",
		domain:  "卫生健康", domainEn: "Health",
		inputs:   []demoInput{{"市卫生健康委", "Municipal Health Commission", "居民健康档案库", "Resident health records", []string{"诊断时间", "Diagnosis time", "疾病编码(ICD-11)", "Disease code (ICD-11)", "用药剂量", "Medication dose", "医保结算金额", "Medical-insurance settlement amount"}}},
		columns:  []string{"月份", "Month", "疾病编码", "Disease code", "疾病名称", "Disease", "用药剂量档", "Dose bracket", "汇总数", "Class size", "平均结算金额", "Average settlement", "结算金额中位数", "Median settlement"},
		delivery: "FILE", frequency: "MONTHLY",
	},
	{
		key: "traditional-medicine", name: "传统医学知识库", nameEn: "Traditional medicine knowledge base",
		about:   "传统医学名称、历史沿革、相关研究与教育机构的结构化整理，不含病例与医师个人信息。",
		aboutEn: "Names, history, research and schools of traditional medicine, without cases and physicians.",
		domain:  "卫生健康", domainEn: "Health",
		inputs:   []demoInput{{"市卫生健康委", "Municipal Health Commission", "传统医学信息库", "Traditional medicine information", []string{"医学名称", "Medical name", "历史沿革", "Historical development", "相关研究", "Related research", "教育机构", "Educational institutions"}}},
		columns:  []string{"条目编号", "Entry", "医学名称", "Name", "类别", "Kind", "历史沿革", "History", "相关研究数", "Studies", "教育机构", "School"},
		delivery: "FILE", frequency: "ANNUAL",
	},
	{
		key: "employment-stability", name: "就业参保稳定性区域指标", nameEn: "Regional stability of employment",
		about:   "按区县、参保类型、缴费基数档和季度汇总的参保人数与待遇水平，供职业教育布局与金融机构参考。",
		aboutEn: "Insured persons and benefits by district, enrolment type, contribution bracket and quarter.",
		domain:  "教育服务", domainEn: "Education services",
		inputs:   []demoInput{{"市人社局", "Municipal Human Resources and Social Security Bureau", "社保参保信息库", "Social insurance enrolment", []string{"缴费基数", "Contribution base", "参保类型", "Enrolment type", "累计缴费月数", "Months contributed", "待遇领取金额", "Benefits received"}}},
		columns:  []string{"季度", "Quarter", "区县", "District", "参保类型", "Enrolment", "缴费基数档", "Contribution bracket", "累计缴费档", "Months contributed", "汇总数", "Class size", "平均缴费基数", "Average base", "平均待遇金额", "Average benefit"},
		delivery: "API", frequency: "QUARTERLY",
	},
	{
		key: "study-tour-bases", name: "研学基地资源名录", nameEn: "Directory of study-tour bases",
		about:   "文旅研学基地的位置、接待容量、课程类型与合作学校，供学校和旅行社选择。",
		aboutEn: "Location, capacity, courses and partner schools of study-tour bases, for schools and agencies.",
		domain:  "教育服务", domainEn: "Education services",
		inputs:   []demoInput{{"市文广旅局", "Municipal Bureau of Culture, Radio, Television and Tourism", "文旅教育资源库", "Culture, tourism and education resources", []string{"基地名称", "Base name", "地理位置", "Location", "接待容量", "Reception capacity", "课程类型", "Course type", "合作学校名单", "Partner schools"}}},
		columns:  []string{"基地名称", "Base", "区县", "District", "经度", "Longitude", "纬度", "Latitude", "接待容量", "Capacity", "课程类型", "Course", "合作学校", "Partner schools"},
		delivery: "FILE", frequency: "SEMI_ANNUAL",
	},
	{
		key: "farmland-transfer-index", name: "耕地流转价格指数", nameEn: "Farmland transfer price index",
		about:   "按区县、面积档、承包期限档和月份汇总的耕地流转率与流转价格。",
		aboutEn: "Transfer rates and prices of farmland by district, area, contract term and month.",
		domain:  "农业农村", domainEn: "Agriculture and rural affairs",
		inputs:   []demoInput{{"市农业农村局", "Municipal Bureau of Agriculture and Rural Affairs", "耕地承包经营权数据库", "Contracted farmland management rights", []string{"地块位置", "Plot location", "亩数", "Area in mu", "承包期限", "Contract term", "流转状态", "Transfer status", "流转价格", "Transfer price"}}},
		columns:  []string{"月份", "Month", "区县", "District", "面积档", "Area bracket", "承包期限档", "Term bracket", "汇总数", "Class size", "流转率", "Transferred", "平均流转价格", "Average price", "价格指数", "Price index"},
		delivery: "API", frequency: "MONTHLY",
	},
	{
		key: "agri-entity-profile", name: "新型农业主体区域画像", nameEn: "Regional profile of agricultural entities",
		about:   "按区县、主体类型和主营品类汇总的经营规模，融合数商农产品行情。",
		aboutEn: "Scale of farming by district, type and main product, joined with a data vendor's market prices.",
		domain:  "农业农村", domainEn: "Agriculture and rural affairs",
		inputs:   []demoInput{{"市农业农村局", "Municipal Bureau of Agriculture and Rural Affairs", "新型农业主体经营库", "New agricultural business entities", []string{"主体类型", "Entity type", "年收入区间", "Annual income bracket", "主营品类", "Main product", "种植面积", "Planted area"}}},
		columns:  []string{"月份", "Month", "区县", "District", "主体类型", "Type of entity", "主营品类", "Main product", "汇总数", "Class size", "最常见年收入区间", "Most common income bracket", "平均种植面积", "Average planted area", "批发均价", "Wholesale price"},
		delivery: "API", frequency: "MONTHLY",
	},
	{
		key: "agri-enterprise-check", name: "涉农企业核验", nameEn: "Agricultural enterprise check",
		about:   "按统一社会信用代码核验涉农企业注册资本、处罚与经营异常状态。",
		aboutEn: "Capital, penalties and abnormal-operation status of an agricultural business by credit code.",
		domain:  "农业农村", domainEn: "Agriculture and rural affairs",
		inputs:   []demoInput{{"市市场监管局", "Municipal Administration for Market Regulation", "涉农企业工商信息库", "Agricultural enterprise registration", []string{"统一社会信用代码", "Unified social credit code", "注册资本", "Registered capital", "行政处罚记录", "Administrative penalty records", "经营异常名录状态", "Abnormal-operation list status"}}},
		columns:  []string{"统一社会信用代码", "Unified social credit code", "注册资本", "Registered capital", "注册资本区间", "Capital bracket", "行政处罚次数", "Penalties", "是否经营异常", "Abnormal"},
		delivery: "API", frequency: "REAL_TIME",
	},
	{
		key: "rural-building-statistics", name: "农村房屋竣工与宗地统计", nameEn: "Rural buildings and parcels",
		about:   "按区县、竣工年份和房屋结构统计的农村房屋数量与宗地面积，用于灾害风险与保险测算。",
		aboutEn: "Rural buildings and parcel areas by district, completion year and structure, for hazard and insurance models.",
		domain:  "农业农村", domainEn: "Agriculture and rural affairs",
		inputs:   []demoInput{{"市自然资源和规划局", "Municipal Bureau of Natural Resources and Planning", "农村不动产登记库", "Rural real-estate register", []string{"竣工日期", "Completion date", "房屋结构", "Building structure", "宗地面积(㎡)", "Parcel area (square metres)", "宗地面积(亩)", "Parcel area (mu)"}}},
		columns:  []string{"区县", "District", "竣工年份", "Completion year", "房屋结构", "Structure", "房屋数", "Buildings", "平均宗地面积", "Average parcel", "平均宗地面积（亩）", "Average parcel in mu"},
		delivery: "API", frequency: "MONTHLY",
	},
	{
		key: "rural-medical-protection", name: "农村医疗保障风险指数", nameEn: "Rural medical protection index",
		about:   "按区县、慢性病类型和费用档汇总的报销水平与大病风险，供公益救助与农村保险产品设计。",
		aboutEn: "Reimbursement and serious-illness risk by district, chronic disease and cost bracket, for relief and rural insurance.",
		domain:  "农业农村", domainEn: "Agriculture and rural affairs",
		inputs:   []demoInput{{"市人社局", "Municipal Human Resources and Social Security Bureau", "社保医保关联信息库", "Linked social and medical insurance", []string{"参保人编码", "Insured person's code", "医保报销比例", "Medical reimbursement ratio", "大病保险记录", "Serious-illness insurance records"}}, {"市卫生健康委", "Municipal Health Commission", "农村健康保障库", "Rural health security", []string{"居民健康档案编号", "Resident health record number", "慢性病类型", "Chronic disease type", "医保结算金额", "Medical-insurance settlement amount"}}},
		columns:  []string{"月份", "Month", "区县", "District", "慢性病类型", "Chronic disease", "年结算费用档", "Cost bracket", "汇总数", "Class size", "平均报销比例", "Average reimbursement", "大病发生率", "Serious illness", "保障风险指数", "Risk index"},
		delivery: "API", frequency: "MONTHLY",
	},
	{
		key: "rural-credit-risk", name: "农村信贷风险区域指数", nameEn: "Regional index of rural credit risk",
		about:   "按区县、缴费基数档和经营耕地档汇总的失信率与涉农企业异常率，供涉农贷款风险定价。",
		aboutEn: "Default and abnormal-operation rates by district, contribution bracket and farmed area, for pricing rural loans.",
		domain:  "农业农村", domainEn: "Agriculture and rural affairs",
		inputs:   []demoInput{{"市人社局", "Municipal Human Resources and Social Security Bureau", "社保医保关联信息库", "Linked social and medical insurance", []string{"参保人编码", "Insured person's code", "养老保险缴费基数", "Pension contribution base", "是否失信人标识", "Untrustworthy-person flag"}}, {"市农业农村局", "Municipal Bureau of Agriculture and Rural Affairs", "耕地承包经营权数据库", "Contracted farmland management rights", []string{"承包方编码", "Contractor code", "亩数", "Area in mu", "流转状态", "Transfer status"}}, {"市市场监管局", "Municipal Administration for Market Regulation", "涉农企业工商信息库", "Agricultural enterprise registration", []string{"经营异常名录状态", "Abnormal-operation list status"}}},
		columns:  []string{"月份", "Month", "区县", "District", "养老缴费基数档", "Contribution bracket", "经营耕地档", "Farmed area", "汇总数", "Class size", "失信率", "Untrustworthy", "企业异常率", "Abnormal businesses", "信贷风险指数", "Risk index"},
		delivery: "API", frequency: "MONTHLY",
	},
}
