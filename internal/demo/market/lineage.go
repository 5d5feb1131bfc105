package market

// origins say, by product and column, from which of the product's data items a column comes: every input of that name. A column
// that is not here comes from all of them in general, as the months that figures are summed up by do, or from social data.
var origins = map[string]map[string][]string{
	"bus-hourly-flow": {
		"service_on": {"上车人次"}, "hour": {"上车人次"}, "line": {"线路编号"}, "stop": {"站点名称"}, "boardings": {"上车人次"},
	},
	"bus-peak-index": {
		"line": {"线路编号"}, "peak": {"早晚高峰时段统计"}, "day_kind": {"早晚高峰时段统计"}, "average_boardings": {"早晚高峰时段统计"},
		"crowding_index": {"早晚高峰时段统计"}, "busiest_stop": {"站点名称", "早晚高峰时段统计"},
	},
	"bus-retail-heat": {
		"stop": {"站点名称"}, "district": {"站点名称"}, "day_kind": {"上车人次"}, "time_band": {"上车人次"}, "average_boardings": {"上车人次"}, "heat_index": {"上车人次"},
	},
	"enterprise-credit-check": {
		"credit_code": {"统一社会信用代码"}, "registered_capital": {"注册资本"}, "capital_band": {"注册资本"}, "penalty_count": {"行政处罚记录"}, "last_penalty_on": {"行政处罚记录"},
	},
	"dishonesty-list": {
		"district": {"区县市"}, "enterprise_name": {"企业名称"}, "credit_code": {"统一社会信用代码"}, "source_department": {"来源部门"}, "penalty_department": {"处罚部门"},
		"penalty": {"处罚内容"}, "list_kind": {"黑名单类型"}, "penalised_on": {"处罚时间"}, "case_number": {"案号"},
	},
	"sme-credit-score": {
		"credit_code": {"统一社会信用代码"}, "capital_band": {"注册资本"}, "penalty_count": {"行政处罚记录"}, "on_list": {"黑名单类型"},
		"score": {"注册资本", "行政处罚记录", "黑名单类型"}, "score_band": {"注册资本", "行政处罚记录", "黑名单类型"},
	},
	"chronic-disease-map": {
		"month": {"诊断时间"}, "icd11_code": {"疾病编码(ICD-11)"}, "disease": {"疾病编码(ICD-11)", "慢性病类型"}, "new_case_rate": {"诊断时间", "慢性病类型"}, "follow_up_rate": {"随访记录"},
	},
	"disease-cost-benchmark": {
		"month": {"诊断时间"}, "icd11_code": {"疾病编码(ICD-11)"}, "disease": {"疾病编码(ICD-11)"}, "dose_band": {"用药剂量"},
		"settlement_average": {"医保结算金额"}, "settlement_median": {"医保结算金额"},
	},
	"traditional-medicine": {"name": {"医学名称"}, "kind": {"医学名称"}, "history": {"历史沿革"}, "research_count": {"相关研究"}, "school": {"教育机构"}},
	"employment-stability": {
		"enrolment": {"参保类型"}, "base_band": {"缴费基数"}, "months_band": {"累计缴费月数"}, "base_average": {"缴费基数"}, "benefit_average": {"待遇领取金额"},
	},
	"study-tour-bases": {
		"base_name": {"基地名称"}, "district": {"地理位置"}, "longitude": {"地理位置"}, "latitude": {"地理位置"}, "capacity": {"接待容量"}, "course": {"课程类型"},
		"partner_schools": {"合作学校名单"},
	},
	"farmland-transfer-index": {
		"district": {"地块位置"}, "area_band": {"亩数"}, "term_band": {"承包期限"}, "transferred_rate": {"流转状态"}, "price_average": {"流转价格"}, "price_index": {"流转价格"},
	},
	"agri-entity-profile": {"entity_kind": {"主体类型"}, "main_product": {"主营品类"}, "income_mode": {"年收入区间"}, "planted_average": {"种植面积"}},
	"agri-enterprise-check": {
		"credit_code": {"统一社会信用代码"}, "registered_capital": {"注册资本"}, "capital_band": {"注册资本"}, "penalty_count": {"行政处罚记录"}, "abnormal": {"经营异常名录状态"},
	},
	"rural-building-statistics": {
		"completion_year": {"竣工日期"}, "structure": {"房屋结构"}, "parcel_square_metres": {"宗地面积(㎡)"}, "parcel_mu": {"宗地面积(亩)"},
	},
	"rural-medical-protection": {
		"chronic_kind": {"慢性病类型"}, "cost_band": {"医保结算金额"}, "class_size": {"参保人编码", "居民健康档案编号"}, "reimbursed_average": {"医保报销比例"},
		"serious_illness_rate": {"大病保险记录"}, "risk_index": {"医保报销比例", "大病保险记录", "慢性病类型", "医保结算金额"},
	},
	"rural-credit-risk": {
		"base_band": {"养老保险缴费基数"}, "land_band": {"亩数", "流转状态"}, "class_size": {"参保人编码", "承包方编码"}, "dishonest_rate": {"是否失信人标识"},
		"abnormal_rate": {"经营异常名录状态"}, "risk_index": {"养老保险缴费基数", "是否失信人标识", "亩数", "经营异常名录状态"},
	},
}

// Origins are the inputs that a column comes from, none where it comes from all of them in general.
func (p Product) Origins(column string) (from []Input) {
	for _, name := range origins[p.Key][column] {
		for _, in := range p.Inputs {
			if in.Item == name {
				from = append(from, in)
			}
		}
	}
	return from
}
