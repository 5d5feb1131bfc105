package market

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
)

// healthcare returns the products about health. What comes from patients leaves as aggregates by reporting district.
func healthcare() []Product {
	records := func(items ...string) []Input { return from(health, "居民健康档案库", items...) }
	return []Product{
		{
			Key: "chronic-disease-map", Name: "慢性病区域分布", NameEn: "Regional distribution of chronic diseases",
			Description:   "按报送区县、病种和月份汇总的慢性病在管人数与规范随访率。",
			DescriptionEn: "Persons in care and follow-up rates by reporting district, disease and month.",
			Domain:        "卫生健康",
			Inputs:        slices.Concat(records("诊断时间", "疾病编码(ICD-11)"), from(health, "农村健康保障库", "慢性病类型", "随访记录")),
			Delivery:      authorisation.DeliveryAPI, UpdateFrequency: authorisation.Monthly, Aggregate: true,
			Dictionary: []dictionary.Column{
				monthColumn(), districtColumn(quasi), diseaseCodeColumn(quasi), diseaseNameColumn(),
				classSizeColumn("人", "在管人数", "Persons in care"),
				column(dictionary.Decimal, "new_case_rate", "新增率", "New cases", "%", "当月新增占在管人数比例", "New cases of the month among persons in care"),
				column(dictionary.Decimal, "follow_up_rate", "规范随访率", "Follow-up rate", "%", "按规范完成随访的比例", "Share followed up as prescribed"),
			},
			Plans: []Plan{
				perPeriod("按季订阅", "Quarterly subscription", 3, "3000", "3600"),
				perCall("按次阶梯", "Calls in bands", "GRADUATED", "1.20", bands("1000", "1.20", "", "0.70")),
			},
			Allocation: shared(45, unitPart(health, 50)),
			generate:   chronicDiseases,
		},
		{
			Key: "disease-cost-benchmark", Name: "病种费用与用药基准", NameEn: "Cost and medication benchmark by disease",
			Description:   "按病种、用药剂量档和月份汇总的医保结算费用基准，供商业健康险定价与医院管理使用。",
			DescriptionEn: "Settlement cost by disease, dose bracket and month, for health insurers and hospitals.",
			Domain:        "卫生健康", Inputs: records("诊断时间", "疾病编码(ICD-11)", "用药剂量", "医保结算金额"),
			Delivery: authorisation.DeliveryFile, UpdateFrequency: authorisation.Monthly, Aggregate: true,
			Dictionary: []dictionary.Column{
				monthColumn(), diseaseCodeColumn(quasi), diseaseNameColumn(),
				column(dictionary.Text, "dose_band", "用药剂量档", "Dose bracket", "", "低、中或高", "Low, middle or high", quasi, filterable),
				classSizeColumn("例", "汇总病例数", "Cases"),
				column(dictionary.Decimal, "settlement_average", "平均结算金额", "Average settlement", "元", "医保结算金额均值", "Mean settlement"),
				column(dictionary.Decimal, "settlement_median", "结算金额中位数", "Median settlement", "元", "医保结算金额中位数", "Median settlement"),
			},
			Plans:      []Plan{once("6800", "8000", 12)},
			Allocation: shared(45, unitPart(health, 50)),
			generate:   diseaseCosts,
		},
		{
			Key: "traditional-medicine", Name: "传统医学知识库", NameEn: "Traditional medicine knowledge base",
			Description:   "传统医学名称、历史沿革、相关研究与教育机构的结构化整理，不含病例与医师个人信息。",
			DescriptionEn: "Names, history, research and schools of traditional medicine, without cases and physicians.",
			Domain:        "卫生健康", Inputs: from(health, "传统医学信息库", "医学名称", "历史沿革", "相关研究", "教育机构"),
			Delivery: authorisation.DeliveryFile, UpdateFrequency: authorisation.Annual,
			Dictionary: []dictionary.Column{
				column(dictionary.Text, "entry", "条目编号", "Entry", "", "条目编号", "Number of the entry", filterable),
				column(dictionary.Text, "name", "医学名称", "Name", "", "合成的方剂或疗法名称", "Synthetic name of a formula or therapy"),
				column(dictionary.Text, "kind", "类别", "Kind", "", "方剂、针灸、推拿或外治", "Formula, acupuncture, massage or external therapy", filterable),
				column(dictionary.Text, "history", "历史沿革", "History", "", "历史沿革摘要", "Summary of its history"),
				column(dictionary.Integer, "research_count", "相关研究数", "Studies", "篇", "收录的相关研究数量", "Studies on record"),
				column(dictionary.Text, "school", "教育机构", "School", "", "合成的教育机构名称", "Synthetic name of a school"),
			},
			Plans:      []Plan{try(once("1200", "", 24))},
			Allocation: shared(60, unitPart(health, 35)),
			generate:   traditionalMedicine,
		},
	}
}

func diseaseCodeColumn(marks ...mark) dictionary.Column {
	return column(dictionary.Text, "icd11_code", "疾病编码", "Disease code", "", "ICD-11 编码", "ICD-11 code", append(marks, filterable)...)
}

func diseaseNameColumn() dictionary.Column {
	return column(dictionary.Text, "disease", "疾病名称", "Disease", "", "与编码对应的疾病名称", "Disease of the code")
}

// diseases begin with the eight chronic ones; cost is the median settlement in yuan.
var diseases = []struct {
	code, name string
	cost       float64
}{
	{"BA00", "原发性高血压", 900}, {"5A11", "2型糖尿病", 1400}, {"CA22", "慢性阻塞性肺疾病", 3800}, {"8B11", "脑缺血性卒中", 7600},
	{"BA52", "冠状动脉粥样硬化", 5200}, {"CA23", "哮喘", 1700}, {"GB61", "慢性肾脏病", 6400}, {"FA20", "类风湿关节炎", 2300},
	{"CA40", "肺炎", 3100}, {"DA42", "胃炎", 1100}, {"DB10", "阑尾炎", 6900}, {"FA01", "膝骨关节炎", 2600},
	{"8A80", "偏头痛", 800}, {"DC11", "胆石症", 8200}, {"EA90", "银屑病", 1500}, {"9B10", "白内障", 5600},
	{"AB0Z", "中耳炎", 700}, {"GC08", "泌尿道感染", 1200}, {"5C80", "高脂血症", 850}, {"FB83", "骨质疏松", 1900},
}

const chronic = 8

func chronicDiseases(_ uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for _, d := range districts {
		for i, disease := range diseases[:chronic] {
			people := float64(d.weight) * logNormal(r, 400, 0.2) / float64(1+i)
			for _, month := range months(24) {
				people *= around(r, 1.004, 0.01, 0.97, 1.04)
				rows = append(rows, []string{month, d.name, disease.code, disease.name, whole(21 + int(people)),
					decimal(around(r, 1.1, 0.4, 0, 4), 2), decimal(around(r, 78, 6, 40, 99), 1)})
			}
		}
	}
	return rows
}

func diseaseCosts(_ uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for _, disease := range diseases {
		for band, dose := range []string{"低", "中", "高"} {
			for _, month := range months(36) {
				median := disease.cost * (0.8 + 0.25*float64(band)) * around(r, 1, 0.06, 0.8, 1.2)
				rows = append(rows, []string{month, disease.code, disease.name, dose, whole(classSize(r, 140)),
					decimal(median*around(r, 1.18, 0.05, 1.02, 1.4), 2), decimal(median, 2)})
			}
		}
	}
	return rows
}

func traditionalMedicine(_ uint64, r *rand.Rand) [][]string {
	kinds := []string{"方剂", "针灸", "推拿", "外治"}
	herbs := []string{"麦冬", "附子", "黄芪", "当归", "川芎", "白芷", "丹参", "天麻", "杜仲", "金银花"}
	eras := []string{"汉代", "唐代", "宋代", "明代", "清代", "近现代"}
	var rows [][]string
	for n := 1; n <= 360; n++ {
		kind, from := pick(r, kinds), r.IntN(len(eras)-1)
		rows = append(rows, []string{
			fmt.Sprintf("演示条目%04d", n), fmt.Sprintf("%s%s演示条目%d", pick(r, herbs), kind, n), kind,
			fmt.Sprintf("合成示例：相传源于%s，%s后在涪江流域流传。", eras[from], pick(r, eras[from+1:])),
			whole(int(logNormal(r, 6, 0.9))), fmt.Sprintf("演示中医药学校%02d", 1+r.IntN(12)),
		})
	}
	return rows
}
