package market

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
)

// education returns the products of the domain 教育服务, in which the first batch files social insurance as well.
func education() []Product {
	return []Product{
		{
			Key: "employment-stability", Name: "就业参保稳定性区域指标", NameEn: "Regional stability of employment",
			Description:   "按区县、参保类型、缴费基数档和季度汇总的参保人数与待遇水平，供职业教育布局与金融机构参考。",
			DescriptionEn: "Insured persons and benefits by district, enrolment type, contribution bracket and quarter.",
			Domain:        "教育服务", Inputs: from(humanRes, "社保参保信息库", "缴费基数", "参保类型", "累计缴费月数", "待遇领取金额"),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.Quarterly, Aggregate: true,
			Dictionary: []dictionary.Column{
				column(dictionary.Text, "quarter", "季度", "Quarter", "", "统计季度，如 2025Q3", "Quarter of the figures, such as 2025Q3", filterable),
				districtColumn(quasi),
				column(dictionary.Text, "enrolment", "参保类型", "Enrolment", "", "职工或居民", "Employee or resident", quasi, filterable),
				column(dictionary.Text, "base_band", "缴费基数档", "Contribution bracket", "", "缴费基数所在档次", "Bracket of the contribution base", quasi, filterable),
				column(dictionary.Text, "months_band", "累计缴费档", "Months contributed", "", "累计缴费月数所在档次", "Bracket of the months contributed", filterable),
				classSizeColumn("人", "参保人数", "Insured persons"),
				column(dictionary.Decimal, "base_average", "平均缴费基数", "Average base", "元/月", "缴费基数均值", "Mean contribution base"),
				column(dictionary.Decimal, "benefit_average", "平均待遇金额", "Average benefit", "元/月", "区域待遇领取金额均值", "Mean benefit of the region"),
			},
			Plans: []Plan{
				perPeriod("按季订阅", "Quarterly subscription", 3, "4500", "5000"),
				try(perVolume("按流量", "Per megabyte", "FLAT", "", bands("", "4.00"))),
			},
			Allocation: shared(50, unitPart(humanRes, 45)),
			generate:   employmentStability,
		},
		{
			Key: "study-tour-bases", Name: "研学基地资源名录", NameEn: "Directory of study-tour bases",
			Description:   "文旅研学基地的位置、接待容量、课程类型与合作学校，供学校和旅行社选择。",
			DescriptionEn: "Location, capacity, courses and partner schools of study-tour bases, for schools and agencies.",
			Domain:        "教育服务", Inputs: from(culture, "文旅教育资源库", "基地名称", "地理位置", "接待容量", "课程类型", "合作学校名单"),
			Delivery: authorisation.DeliveryFile, UpdateFrequency: authorisation.SemiAnnual,
			Dictionary: []dictionary.Column{
				column(dictionary.Text, "base_name", "基地名称", "Base", "", "合成的基地名称", "Synthetic name of the base"),
				districtColumn(),
				column(dictionary.Decimal, "longitude", "经度", "Longitude", "°", "合成的经度", "Synthetic longitude"),
				column(dictionary.Decimal, "latitude", "纬度", "Latitude", "°", "合成的纬度", "Synthetic latitude"),
				column(dictionary.Integer, "capacity", "接待容量", "Capacity", "人/日", "日最大接待人数", "Most visitors in a day", filterable),
				column(dictionary.Text, "course", "课程类型", "Course", "", "课程类型", "Type of course", filterable),
				column(dictionary.Text, "partner_schools", "合作学校", "Partner schools", "", "合成的合作学校名单", "Synthetic names of partner schools", internal),
			},
			Plans: []Plan{
				once("980", "1200", 12),
				try(perVolume("按流量", "Per megabyte", "GRADUATED", "", bands("10", "20.00", "", "8.00"))),
			},
			Allocation: shared(55, unitPart(culture, 40)),
			generate:   studyTourBases,
		},
	}
}

func employmentStability(_ uint64, r *rand.Rand) [][]string {
	bases := []struct {
		name string
		mean float64
	}{{"4500元以下", 4200}, {"4500至6000元", 5200}, {"6000至9000元", 7200}, {"9000元以上", 12500}}
	terms := []string{"60个月以下", "60至180个月", "180个月以上"}
	var rows [][]string
	for _, d := range districts {
		for e, enrolment := range []string{"职工", "居民"} {
			for b, base := range bases {
				for t, term := range terms {
					people := float64(d.weight) * logNormal(r, 300, 0.2) / float64((1+b)*(1+e*b))
					for q := range 12 {
						people *= around(r, 1.005, 0.012, 0.96, 1.05)
						rows = append(rows, []string{fmt.Sprintf("%dQ%d", 2023+(q+2)/4, (q+2)%4+1), d.name, enrolment, base.name, term,
							whole(21 + int(people)), decimal(base.mean*around(r, 1, 0.02, 0.94, 1.06), 2),
							decimal((1300-900*float64(e))*(1+0.35*float64(t))*around(r, 1, 0.03, 0.9, 1.1), 2)})
					}
				}
			}
		}
	}
	return rows
}

func studyTourBases(_ uint64, r *rand.Rand) [][]string {
	courses := []string{"科技创新", "三线建设", "自然生态", "羌族文化", "三国文化", "农耕劳动", "李白诗词"}
	var rows [][]string
	for n := 1; n <= 320; n++ {
		schools := make([]string, 1+r.IntN(4))
		for i := range schools {
			schools[i] = fmt.Sprintf("演示学校%03d", 1+r.IntN(200))
		}
		d := anyDistrict(r)
		rows = append(rows, []string{fmt.Sprintf("演示研学基地%03d", n), d.name,
			decimal(around(r, 104.75, 0.25, 103.8, 105.7), 4), decimal(around(r, 31.5, 0.2, 30.7, 33), 4),
			whole(10 * int(logNormal(r, 20, 0.6))), pick(r, courses), strings.Join(schools, "、")})
	}
	return rows
}
