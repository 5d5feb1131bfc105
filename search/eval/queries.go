package eval

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// judged is a query with its judgement: clauses parted by semicolons, each a grade and conditions that must all hold.
// A condition is a part of a product and the values it may have; a product's grade is that of its best clause.
//
//	3 where=涪城区 subject=公交客流; 1 subject=公交客流
type judged struct {
	class           Class
	text, judgement string
}

// Queries are the judged queries over the market.
func (m Market) Queries() []Query {
	list := largeQueries
	if m.Name == "demo" {
		list = demoQueries
	}
	queries := make([]Query, len(list))
	for i, j := range list {
		clauses := parse(j.judgement)
		queries[i] = Query{Class: j.class, Text: j.text, grade: func(p product) int { return gradeOf(p, clauses) }}
	}
	return queries
}

type clause struct {
	grade      int
	conditions []condition
}

type condition struct {
	part   string
	values []string
}

func parse(judgement string) []clause {
	var clauses []clause
	for _, text := range strings.FieldsFunc(judgement, func(r rune) bool { return r == ';' }) {
		words := strings.Fields(text)
		grade, err := strconv.Atoi(words[0])
		if err != nil || grade < 1 || grade > 3 {
			panic("eval: no grade in " + text)
		}
		c := clause{grade: grade}
		for _, word := range words[1:] {
			part, values, ok := strings.Cut(word, "=")
			if !ok {
				panic("eval: no condition: " + word)
			}
			c.conditions = append(c.conditions, condition{part, strings.Split(values, ",")})
		}
		clauses = append(clauses, c)
	}
	return clauses
}

func gradeOf(p product, clauses []clause) int {
	best := 0
	for _, c := range clauses {
		if c.grade > best && !slices.ContainsFunc(c.conditions, func(cond condition) bool { return !p.meets(cond) }) {
			best = c.grade
		}
	}
	return best
}

// meets reports whether a part of the product is one of the values. A place is a district or the whole city around it.
func (p product) meets(c condition) bool {
	return slices.ContainsFunc(c.values, func(value string) bool {
		switch c.part {
		case "key":
			return p.key == value
		case "where":
			return value == places[p.city][p.district].zh || value == places[p.city][0].zh
		case "subject":
			return value == sectors[p.sector].subjects[p.subject].zh
		case "shape":
			return value == shapes[p.shape].zh
		case "use":
			return value == uses[p.use].zh
		case "unit":
			return value == sectors[p.sector].units[p.unit].zh
		case "sector":
			return value == sectors[p.sector].zh
		case "item":
			return slices.ContainsFunc(p.items, func(n int) bool { return sectors[p.sector].items[n].zh == value })
		default:
			panic(fmt.Sprintf("eval: products have no %s", c.part))
		}
	})
}

var demoQueries = []judged{
	{Names, "公交线路小时客流", "3 key=bus-hourly-flow"},
	{Names, "公交早晚高峰指数", "3 key=bus-peak-index"},
	{Names, "企业信用核验", "3 key=enterprise-credit-check; 1 key=agri-enterprise-check"},
	{Names, "中小企业信用评分", "3 key=sme-credit-score"},
	{Names, "慢性病区域分布", "3 key=chronic-disease-map"},
	{Names, "病种费用与用药基准", "3 key=disease-cost-benchmark"},
	{Names, "传统医学知识库", "3 key=traditional-medicine"},
	{Names, "研学基地资源名录", "3 key=study-tour-bases"},
	{Names, "耕地流转价格指数", "3 key=farmland-transfer-index"},
	{Names, "严重失信主体名单", "3 key=dishonesty-list; 2 key=sme-credit-score"},
	{Names, "农村信贷风险区域指数", "3 key=rural-credit-risk"},
	{Names, "涉农企业核验", "3 key=agri-enterprise-check"},
	{Names, "Farmland transfer price index", "3 key=farmland-transfer-index"},
	{Names, "bus peak-hour index", "3 key=bus-peak-index"},
	{Names, "credit score of small businesses", "3 key=sme-credit-score"},
	{Names, "regional profile of agricultural entities", "3 key=agri-entity-profile"},
	{Names, "就业参保稳定性", "3 key=employment-stability"},
	{Names, "农村房屋统计", "3 key=rural-building-statistics"},
	{Names, "DEMO-BUS-HOURLY-FLOW", "3 key=bus-hourly-flow"},
	{Names, "公交客流", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},

	{Items, "上车人次", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Items, "注册资本", "3 key=enterprise-credit-check,agri-enterprise-check,sme-credit-score"},
	{Items, "缴费基数", "3 key=employment-stability,rural-credit-risk"},
	{Items, "用药剂量", "3 key=disease-cost-benchmark"},
	{Items, "医保结算金额", "3 key=disease-cost-benchmark,rural-medical-protection"},
	{Items, "合作学校名单", "3 key=study-tour-bases"},
	{Items, "随访记录", "3 key=chronic-disease-map"},
	{Items, "慢性病类型", "3 key=chronic-disease-map,rural-medical-protection"},
	{Items, "流转价格", "3 key=farmland-transfer-index"},
	{Items, "黑名单类型", "3 key=dishonesty-list,sme-credit-score"},
	{Items, "房屋结构", "3 key=rural-building-statistics"},
	{Items, "大病保险记录", "3 key=rural-medical-protection"},
	{Items, "行政处罚记录", "3 key=enterprise-credit-check,agri-enterprise-check,sme-credit-score"},
	{Items, "经营异常名录状态", "3 key=agri-enterprise-check,rural-credit-risk"},
	{Items, "disease code", "3 key=chronic-disease-map,disease-cost-benchmark"},
	{Items, "registered capital", "3 key=enterprise-credit-check,agri-enterprise-check,sme-credit-score"},
	{Items, "medication dose", "3 key=disease-cost-benchmark"},
	{Items, "ICD-11", "3 key=chronic-disease-map,disease-cost-benchmark"},
	{Items, "种植面积", "3 key=agri-entity-profile"},
	{Items, "宗地面积", "3 key=rural-building-statistics"},
	{Items, "统一社会信用代码", "3 key=enterprise-credit-check,dishonesty-list,sme-credit-score,agri-enterprise-check"},
	{Items, "累计缴费月数", "3 key=employment-stability"},

	{Synonyms, "中医", "3 key=traditional-medicine"},
	{Synonyms, "中医知识库", "3 key=traditional-medicine"},
	{Synonyms, "公共汽车客流", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Synonyms, "征信", "3 key=enterprise-credit-check,sme-credit-score"},
	{Synonyms, "医疗保险结算", "3 key=disease-cost-benchmark,rural-medical-protection"},
	{Synonyms, "老赖名单", "3 key=dishonesty-list; 2 key=sme-credit-score"},
	{Synonyms, "社会保险参保", "3 key=employment-stability; 2 key=rural-medical-protection,rural-credit-risk"},
	{Synonyms, "土地流转", "3 key=farmland-transfer-index; 1 key=rural-credit-risk"},
	{Synonyms, "小微企业评分", "3 key=sme-credit-score"},
	{Synonyms, "TCM", "3 key=traditional-medicine"},
	{Synonyms, "SME credit", "3 key=sme-credit-score"},
	{Synonyms, "房产登记", "3 key=rural-building-statistics"},
	{Synonyms, "游学基地", "3 key=study-tour-bases"},
	{Synonyms, "农地流转价格", "3 key=farmland-transfer-index"},

	{Pinyin, "gongjiao keliu", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Pinyin, "qiyexinyong", "3 key=enterprise-credit-check,sme-credit-score"},
	{Pinyin, "chuantong yixue", "3 key=traditional-medicine"},
	{Pinyin, "manxingbing", "3 key=chronic-disease-map; 2 key=rural-medical-protection"},
	{Pinyin, "gengdi liuzhuan", "3 key=farmland-transfer-index; 1 key=rural-credit-risk"},
	{Pinyin, "zhucezhiben", "3 key=enterprise-credit-check,agri-enterprise-check,sme-credit-score"},
	{Pinyin, "yanxue jidi", "3 key=study-tour-bases"},
	{Pinyin, "zaowan gaofeng", "3 key=bus-peak-index"},
	{Pinyin, "yongyao jiliang", "3 key=disease-cost-benchmark"},
	{Pinyin, "nongcun xindai", "3 key=rural-credit-risk"},
	{Pinyin, "shangquan", "3 key=bus-retail-heat"},
	{Pinyin, "jiaofeijishu", "3 key=employment-stability,rural-credit-risk"},
	{Pinyin, "gong", "3 key=bus-hourly-flow,bus-retail-heat,bus-peak-index; 1 key=agri-enterprise-check"},
	{Pinyin, "nong", "3 key=agri-entity-profile,agri-enterprise-check,rural-building-statistics,rural-medical-protection,rural-credit-risk"},
	{Pinyin, "bing", "3 key=chronic-disease-map,disease-cost-benchmark; 1 key=rural-medical-protection"},
	{Pinyin, "zhengxin", "3 key=enterprise-credit-check,sme-credit-score"},
	{Pinyin, "gonggongqiche", "3 key=bus-hourly-flow,bus-retail-heat,bus-peak-index"},
	{Pinyin, "gonggong qiche keliu", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Pinyin, "gonggongqichekeliu", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Pinyin, "laolai mingdan", "3 key=dishonesty-list; 2 key=sme-credit-score"},
	{Pinyin, "zhèngxìn", "3 key=enterprise-credit-check,sme-credit-score"},
	{Pinyin, "gōngjiāo kèliú", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Pinyin, "gōngjiāokèliú", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Pinyin, "gong1jiao1", "3 key=bus-hourly-flow,bus-retail-heat,bus-peak-index"},

	{Initials, "gjkl", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Initials, "qyxy", "3 key=enterprise-credit-check,sme-credit-score"},
	{Initials, "ctyx", "3 key=traditional-medicine"},
	{Initials, "mxb", "3 key=chronic-disease-map; 2 key=rural-medical-protection"},
	{Initials, "gdlz", "3 key=farmland-transfer-index; 1 key=rural-credit-risk"},
	{Initials, "yxjd", "3 key=study-tour-bases"},
	{Initials, "zczb", "3 key=enterprise-credit-check,agri-enterprise-check,sme-credit-score"},
	{Initials, "jfjs", "3 key=employment-stability,rural-credit-risk"},
	{Initials, "yzsx", "3 key=dishonesty-list; 2 key=sme-credit-score"},
	{Initials, "snqy", "3 key=agri-enterprise-check; 2 key=rural-credit-risk"},
	{Initials, "xdfx", "3 key=rural-credit-risk"},
	{Initials, "ggqc", "3 key=bus-hourly-flow,bus-retail-heat,bus-peak-index"},
	{Initials, "zyy", "3 key=traditional-medicine"},

	{Typos, "公交客留", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Typos, "企业信用核研", "3 key=enterprise-credit-check; 1 key=agri-enterprise-check"},
	{Typos, "传统医学知试库", "3 key=traditional-medicine"},
	{Typos, "慢性病区域分部", "3 key=chronic-disease-map"},
	{Typos, "耕地流专价格", "3 key=farmland-transfer-index"},
	{Typos, "研学基地名陆", "3 key=study-tour-bases"},
	{Typos, "注册资夲", "3 key=enterprise-credit-check,agri-enterprise-check,sme-credit-score"},
	{Typos, "严重失信主题名单", "3 key=dishonesty-list; 2 key=sme-credit-score"},
	{Typos, "farmlnd transfer", "3 key=farmland-transfer-index"},
	{Typos, "enterprse credit", "3 key=enterprise-credit-check; 2 key=sme-credit-score"},
	{Typos, "medcation dose", "3 key=disease-cost-benchmark"},
	{Typos, "passanger flow", "3 key=bus-hourly-flow; 2 key=bus-retail-heat,bus-peak-index"},
	{Typos, "农村信贷凤险", "3 key=rural-credit-risk"},
	{Typos, "缴费基输", "3 key=employment-stability,rural-credit-risk"},
	{Typos, "gongjaio keliu", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Typos, "buses", "3 key=bus-hourly-flow,bus-retail-heat,bus-peak-index"},
	{Typos, "工交", "3 key=bus-hourly-flow,bus-retail-heat,bus-peak-index"},
	{Typos, "信待", "3 key=rural-credit-risk"},
	{Typos, "研雪", "3 key=study-tour-bases"},
	{Typos, "企業信用核驗", "3 key=enterprise-credit-check; 1 key=agri-enterprise-check"},
	{Typos, "農村信貸風險", "3 key=rural-credit-risk"},
	{Typos, "credit scoer", "3 key=sme-credit-score"},
	{Typos, "公焦客流", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Typos, "公交客刘", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Typos, "商圈可流", "3 key=bus-retail-heat"},
	{Typos, "企业信庸核验", "3 key=enterprise-credit-check; 1 key=agri-enterprise-check"},

	{Mixed, "公交 flow", "3 key=bus-hourly-flow; 2 key=bus-retail-heat,bus-peak-index"},
	{Mixed, "qiye信用", "3 key=enterprise-credit-check,sme-credit-score"},
	{Mixed, "企业xinyong核验", "3 key=enterprise-credit-check; 1 key=agri-enterprise-check"},
	{Mixed, "ICD-11疾病编码", "3 key=chronic-disease-map,disease-cost-benchmark"},
	{Mixed, "bus 高峰", "3 key=bus-peak-index"},
	{Mixed, "gj客流", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Mixed, "卫生健康委 mxb", "3 key=chronic-disease-map,rural-medical-protection"},
	{Mixed, "farmland 价格", "3 key=farmland-transfer-index"},
	{Mixed, "zczb 核验", "3 key=enterprise-credit-check,agri-enterprise-check"},
	{Mixed, "信贷 risk", "3 key=rural-credit-risk"},
	{Mixed, "医学 yanjiu", "3 key=traditional-medicine"},
	{Mixed, "农村 medical", "3 key=rural-medical-protection"},
	{Mixed, "公共qiche客流", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Mixed, "gonggongqiche客流", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Mixed, "zhengxin核验", "3 key=enterprise-credit-check; 1 key=agri-enterprise-check"},
	{Mixed, "小微qiye评分", "3 key=sme-credit-score"},

	{Short, "公交客流量", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Short, "客流量", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Short, "公交客流报表", "3 key=bus-hourly-flow,bus-retail-heat; 2 key=bus-peak-index"},
	{Short, "企业征信报告", "3 key=enterprise-credit-check,sme-credit-score"},
	{Short, "信用分", "3 key=sme-credit-score"},
	{Short, "bus passenger flow xyzzy", "3 key=bus-hourly-flow; 2 key=bus-retail-heat,bus-peak-index"},
	{Short, "企业信用核验查询", "3 key=enterprise-credit-check; 1 key=agri-enterprise-check"},
	{Short, "公交线路小时客流怎么查", "3 key=bus-hourly-flow"},
	{Short, "慢性病区域分布查询", "3 key=chronic-disease-map"},
	{Short, "耕地流转价格查询", "3 key=farmland-transfer-index"},
	{Short, "企业信用怎么查", "3 key=enterprise-credit-check,sme-credit-score"},
	{Short, "失信名单查询", "3 key=dishonesty-list; 2 key=sme-credit-score"},
	{Short, "注册资本查询", "3 key=enterprise-credit-check,agri-enterprise-check,sme-credit-score"},
	{Short, "缴费基数怎么查", "3 key=employment-stability,rural-credit-risk"},
	{Short, "医保报销流程", "3 key=rural-medical-protection"},
	{Short, "农村信贷风险报告", "3 key=rural-credit-risk"},
	{Short, "研学基地大全", "3 key=study-tour-bases"},
	{Short, "研学基地地址", "3 key=study-tour-bases"},
	{Short, "企业信用证书", "3 key=enterprise-credit-check,sme-credit-score"},
	{Short, "农村房屋税", "3 key=rural-building-statistics"},
	{Short, "商圈客流排行", "3 key=bus-retail-heat"},
	{Short, "病种费用明细表", "3 key=disease-cost-benchmark"},
	{Short, "farmland price report", "3 key=farmland-transfer-index"},
	{Short, "credit score lookup", "3 key=sme-credit-score"},
	{Short, "chronic disease distribution report", "3 key=chronic-disease-map"},

	{Questions, "我想知道哪些公交站点附近的商圈人流量大", "3 key=bus-retail-heat; 1 key=bus-hourly-flow"},
	{Questions, "银行放贷前怎么核验一家企业有没有行政处罚", "3 key=enterprise-credit-check; 2 key=agri-enterprise-check"},
	{Questions, "有没有可以查询企业是否在失信名单里的数据", "3 key=dishonesty-list; 2 key=sme-credit-score"},
	{Questions, "想了解绵阳各区县慢性病的分布情况", "3 key=chronic-disease-map; 1 key=rural-medical-protection"},
	{Questions, "给农户贷款定价需要哪些风险指数", "3 key=rural-credit-risk"},
	{Questions, "请问哪里能找到中医历史和研究的资料", "3 key=traditional-medicine"},
	{Questions, "学校组织学生研学旅行去哪些基地比较好", "3 key=study-tour-bases"},
	{Questions, "想做农村保险产品需要大病和报销比例数据", "3 key=rural-medical-protection"},
	{Questions, "商业健康险定价需要各病种的费用数据", "3 key=disease-cost-benchmark"},
	{Questions, "How much does it cost to lease farmland in each district", "3 key=farmland-transfer-index"},
	{Questions, "Which bus lines are the most crowded in the morning peak", "3 key=bus-peak-index; 1 key=bus-hourly-flow"},
	{Questions, "Is there data about how many people pay social insurance by district", "3 key=employment-stability"},
	{Questions, "想看农村的房子是什么结构哪一年竣工的", "3 key=rural-building-statistics"},
	{Questions, "哪些农产品种植面积大，经营主体收入怎么样", "3 key=agri-entity-profile"},

	{Nothing, "区块链", ""},
	{Nothing, "海洋渔业", ""},
	{Nothing, "卫星遥感影像", ""},
	{Nothing, "足球比赛", ""},
	{Nothing, "基因测序", ""},
	{Nothing, "烟草专卖", ""},
	{Nothing, "bitcoin", ""},
	{Nothing, "football league", ""},
	{Nothing, "护照签证", ""},
	{Nothing, "核电站", ""},
	{Nothing, "企业登月", ""},
	{Nothing, "hjklqwz", ""},
	{Nothing, "DEMO-XX-YY", ""},
	{Nothing, "DEMO-2099-0001-X", ""},
	{Nothing, "足球比赛统计", ""},
	{Nothing, "机场航班查询", ""},
	{Nothing, "卫星遥感报告", ""},
	{Nothing, "石油价格指数", ""},
	{Nothing, "宠物医院名录", ""},
	{Nothing, "核电站怎么查", ""},
	{Nothing, "区块链平台", ""},
	{Nothing, "天气预报", ""},
	{Nothing, "信用卡", ""},
	{Nothing, "彩票查询", ""},
	{Nothing, "football league report", ""},
	{Nothing, "stock price index", ""},
	{Nothing, "xyzzy plugh", ""},
	{Nothing, "jxkl", ""},
	{Nothing, "bank", ""},
	{Nothing, "brain", ""},
	{Nothing, "train", ""},
	{Nothing, "公焦火星", ""},
	{Nothing, "登月客刘", ""},
}

var largeQueries = []judged{
	{Names, "涪城区公交客流指数", "3 where=涪城区 subject=公交客流 shape=指数"},
	{Names, "成华区空气质量预测模型", "3 where=成华区 subject=空气质量 shape=预测模型"},
	{Names, "双流区企业信用", "3 where=双流区 subject=企业信用"},
	{Names, "阆中市景区客流热力图", "3 where=阆中市 subject=景区客流 shape=热力图"},
	{Names, "江油市 充电桩 空间分布", "3 where=江油市 subject=充电桩 shape=空间分布"},
	{Names, "医保结算月度统计", "3 subject=医保结算 shape=月度统计"},
	{Names, "Hourly rainfall index, Santai County", "3 where=三台县 subject=逐时降水 shape=指数"},
	{Names, "parking space index Jinjiang District", "3 where=锦江区 subject=停车泊位 shape=指数"},
	{Names, "专利转化供需画像", "3 subject=专利转化 shape=供需画像"},
	{Names, "绵竹市水库水位预警提示", "3 where=绵竹市 subject=水库水位 shape=预警提示"},
	{Names, "SCDR-510700-0004242", "3 key=SCDR-510700-0004242"},
	{Names, "scdr5107000099999", "3 key=SCDR-510700-0099999"},

	{Items, "降水量", "3 item=降水量"},
	{Items, "用药剂量", "3 item=用药剂量"},
	{Items, "统一社会信用代码", "3 item=统一社会信用代码"},
	{Items, "ICD-11", "3 item=疾病编码(ICD-11)"},
	{Items, "客房出租率", "3 item=客房出租率"},
	{Items, "细颗粒物浓度", "3 item=细颗粒物浓度"},
	{Items, "学历层次", "3 item=学历层次"},
	{Items, "装机容量", "3 item=装机容量"},
	{Items, "chemical oxygen demand", "3 item=化学需氧量"},
	{Items, "patent number", "3 item=专利号"},
	{Items, "担保余额 贷款余额", "3 item=担保余额 item=贷款余额"},
	{Items, "涪城区 拥堵时长", "3 where=涪城区 item=拥堵时长"},

	{Synonyms, "公共汽车客流", "3 subject=公交客流"},
	{Synonyms, "大气质量", "3 subject=空气质量"},
	{Synonyms, "充电站", "3 subject=充电桩"},
	{Synonyms, "传统医学诊疗", "3 subject=中医诊疗"},
	{Synonyms, "停车位", "3 subject=停车泊位"},
	{Synonyms, "太阳能发电", "3 subject=光伏发电"},
	{Synonyms, "宾馆入住", "3 subject=酒店入住"},
	{Synonyms, "租房", "3 subject=住房租赁"},
	{Synonyms, "降雨量", "3 item=降水量"},
	{Synonyms, "打车运力", "3 subject=网约车运力"},
	{Synonyms, "堵车", "3 subject=道路拥堵; 2 item=拥堵时长"},
	{Synonyms, "养猪", "3 subject=生猪养殖"},
	{Synonyms, "农家乐", "3 subject=乡村民宿"},
	{Synonyms, "预防接种", "3 subject=疫苗接种"},
	{Synonyms, "天然气消费", "3 subject=燃气消费"},
	{Synonyms, "景点客流", "3 subject=景区客流"},
	{Synonyms, "卫健委", "3 unit=卫生健康委"},
	{Synonyms, "vaccine", "3 subject=疫苗接种; 2 item=接种剂次"},
	{Synonyms, "EV charger", "3 subject=充电桩"},

	{Pinyin, "gongjiao keliu", "3 subject=公交客流"},
	{Pinyin, "kongqizhiliang", "3 subject=空气质量"},
	{Pinyin, "yimiao jiezhong", "3 subject=疫苗接种"},
	{Pinyin, "tingchebowei", "3 subject=停车泊位"},
	{Pinyin, "chongdianzhuang", "3 subject=充电桩"},
	{Pinyin, "shuiku shuiwei", "3 subject=水库水位"},
	{Pinyin, "zhuanli zhuanhua", "3 subject=专利转化"},
	{Pinyin, "xingzheng chufa", "3 subject=行政处罚"},
	{Pinyin, "liangshichanliang", "3 subject=粮食产量"},
	{Pinyin, "laji qingyun", "3 subject=垃圾清运"},
	{Pinyin, "jiangshuiliang", "3 item=降水量"},
	{Pinyin, "yongdianliang", "3 item=用电量"},
	{Pinyin, "dianzi qianzhang zhishu", "3 subject=电子签章 shape=指数"},
	{Pinyin, "zhuang", "3 subject=充电桩,装配式建筑; 1 item=装机容量"},
	{Pinyin, "shui", "3 subject=水质断面,水库水位,用水量,灌溉用水,供水水压,取水许可,逐时降水,纳税信用"},
	{Pinyin, "che", "3 subject=停车泊位,货运车流,网约车运力,共享单车,二手车交易"},
	{Pinyin, "daqizhiliang", "3 subject=空气质量"},
	{Pinyin, "taiyangneng fadian", "3 subject=光伏发电"},
	{Pinyin, "yùfáng jiēzhòng", "3 subject=疫苗接种"},
	{Pinyin, "ting2che1wei4", "3 subject=停车泊位"},
	{Pinyin, "dǎchē yùnlì", "3 subject=网约车运力"},

	{Initials, "gjkl", "3 subject=公交客流"},
	{Initials, "kqzl", "3 subject=空气质量"},
	{Initials, "ymjz", "3 subject=疫苗接种"},
	{Initials, "tcbw", "3 subject=停车泊位"},
	{Initials, "zlzh", "3 subject=专利转化"},
	{Initials, "lscl", "3 subject=粮食产量"},
	{Initials, "ljqy", "3 subject=垃圾清运"},
	{Initials, "sksw", "3 subject=水库水位"},
	{Initials, "xzcf", "3 subject=行政处罚"},
	{Initials, "jqkl", "3 subject=景区客流"},
	{Initials, "yhpc", "3 subject=隐患排查"},
	{Initials, "gffd", "3 subject=光伏发电"},
	{Initials, "dlyd", "3 subject=道路拥堵"},
	{Initials, "ybjs", "3 subject=医保结算; 2 item=医保结算金额"},
	{Initials, "dqzl", "3 subject=空气质量"},
	{Initials, "yfjz", "3 subject=疫苗接种"},

	{Typos, "空气质良", "3 subject=空气质量"},
	{Typos, "公交客留", "3 subject=公交客流"},
	{Typos, "充电庄", "3 subject=充电桩"},
	{Typos, "停车泊卫", "3 subject=停车泊位"},
	{Typos, "光服发电", "3 subject=光伏发电"},
	{Typos, "垃圾清云", "3 subject=垃圾清运"},
	{Typos, "air qualty", "3 subject=空气质量"},
	{Typos, "hourly rainfal", "3 subject=逐时降水"},
	{Typos, "vacination", "3 subject=疫苗接种"},
	{Typos, "solar generaton", "3 subject=光伏发电"},
	{Typos, "ambulence dispatch", "3 subject=急救调度"},
	{Typos, "粮食产辆", "3 subject=粮食产量"},
	{Typos, "非遗项木", "3 subject=非遗项目"},
	{Typos, "parking spcae", "3 subject=停车泊位"},
	{Typos, "yimiao jiezhog", "3 subject=疫苗接种"},
	{Typos, "住房组赁", "3 subject=住房租赁"},
	{Typos, "涪城区公交客硫", "3 where=涪城区 subject=公交客流"},
	{Typos, "buses", "3 subject=公交客流; 2 unit=公交集团"},
	{Typos, "licences", "3 subject=证照核验; 2 item=证照类型"},
	{Typos, "一苗", "3 subject=疫苗接种"},
	{Typos, "冲电", "3 subject=充电桩; 2 item=充电次数"},
	{Typos, "空氣質量", "3 subject=空气质量"},
	{Typos, "醫保結算", "3 subject=医保结算; 2 item=医保结算金额"},
	{Typos, "停車位", "3 subject=停车泊位"},
	{Typos, "hotle occupancy", "3 subject=酒店入住"},
	{Typos, "patnt transfer", "3 subject=专利转化"},

	{Mixed, "fucheng 公交客流", "3 where=涪城区 subject=公交客流"},
	{Mixed, "空气 quality", "3 subject=空气质量"},
	{Mixed, "锦江区 air quality", "3 where=锦江区 subject=空气质量"},
	{Mixed, "kqzl 指数", "3 subject=空气质量 shape=指数"},
	{Mixed, "充电桩 index", "3 subject=充电桩 shape=指数"},
	{Mixed, "yimiao 月度统计", "3 subject=疫苗接种 shape=月度统计"},
	{Mixed, "锦江区 hotel", "3 where=锦江区 subject=酒店入住"},
	{Mixed, "PM2.5 浓度", "3 item=细颗粒物浓度"},
	{Mixed, "双流区 tcbw", "3 where=双流区 subject=停车泊位"},
	{Mixed, "solar 发电", "3 subject=光伏发电"},
	{Mixed, "bus客流", "3 subject=公交客流"},
	{Mixed, "zhuanli zhuanhua index", "3 subject=专利转化 shape=指数"},
	{Mixed, "ICD-11 用药剂量", "3 item=疾病编码(ICD-11) item=用药剂量"},
	{Mixed, "双流区 tingchewei", "3 where=双流区 subject=停车泊位"},
	{Mixed, "taiyangneng发电", "3 subject=光伏发电"},

	{Short, "公交客流量", "3 subject=公交客流"},
	{Short, "空气质量报告", "3 subject=空气质量"},
	{Short, "空气质量怎么查", "3 subject=空气质量"},
	{Short, "企业征信报告", "3 subject=企业信用"},
	{Short, "信用分", "3 subject=企业信用,纳税信用 shape=风险评分; 2 subject=企业信用,纳税信用"},
	{Short, "充电桩位置", "3 subject=充电桩"},
	{Short, "水库水位查询", "3 subject=水库水位"},
	{Short, "公积金怎么查", "3 subject=公积金缴存"},
	{Short, "疫苗接种点", "3 subject=疫苗接种"},
	{Short, "垃圾清运时间表", "3 subject=垃圾清运"},
	{Short, "停车泊位收费", "3 subject=停车泊位"},
	{Short, "涪城区充电桩地图", "3 where=涪城区 subject=充电桩"},
	{Short, "用电量查询", "3 item=用电量"},
	{Short, "粮食产量排名", "3 subject=粮食产量"},
	{Short, "双流区企业信用报告", "3 where=双流区 subject=企业信用"},
	{Short, "景区客流量查询", "3 subject=景区客流"},
	{Short, "专利转化补贴", "3 subject=专利转化"},
	{Short, "住房租赁价格表", "3 subject=住房租赁"},
	{Short, "轨道客流 app", "3 subject=轨道客流"},
	{Short, "air quality report", "3 subject=空气质量"},
	{Short, "parking space lookup", "3 subject=停车泊位"},
	{Short, "solar generation xyzzy", "3 subject=光伏发电"},
	{Short, "hotel occupancy list", "3 subject=酒店入住"},
	{Short, "涪城区公交客流指数怎么查询", "3 where=涪城区 subject=公交客流 shape=指数"},

	{Questions, "我想做奶茶店选址，需要涪城区的公交客流数据", "3 where=涪城区 subject=公交客流; 1 subject=公交客流"},
	{Questions, "请问有没有成都市空气质量的预测数据", "3 where=成都市 subject=空气质量 shape=预测模型; 2 where=成都市 subject=空气质量; 1 subject=空气质量"},
	{Questions, "银行想了解青羊区小微贷款的风险评分", "3 where=青羊区 subject=小微贷款 shape=风险评分; 2 where=青羊区 subject=小微贷款; 1 subject=小微贷款"},
	{Questions, "哪里可以查到各区县充电桩的分布情况", "3 subject=充电桩 shape=空间分布; 2 subject=充电桩"},
	{Questions, "有没有可以用于保险定价的森林火险数据", "3 subject=森林火险 use=保险定价; 2 subject=森林火险"},
	{Questions, "医院床位周转有没有季度的统计", "3 subject=床位周转 shape=季度简报,月度统计; 2 subject=床位周转"},
	{Questions, "How is the air quality in Wuhou District compared with last year", "3 where=武侯区 subject=空气质量 shape=同比对照; 2 where=武侯区 subject=空气质量; 1 subject=空气质量"},
	{Questions, "where can I find parking space data for Youxian District", "3 where=游仙区 subject=停车泊位; 1 subject=停车泊位"},
	{Questions, "想知道江油市的房子租金和住房租赁市场趋势", "3 where=江油市 subject=住房租赁; 1 subject=住房租赁"},
	{Questions, "我们公司要评估供应商的企业信用和行政处罚", "3 subject=企业信用,行政处罚"},
	{Questions, "阆中市景区客流太多的时候有没有预警", "3 where=阆中市 subject=景区客流 shape=预警提示; 2 where=阆中市 subject=景区客流; 1 subject=景区客流"},
	{Questions, "用于商业选址的商圈消费热力图在哪里", "3 subject=商圈消费 shape=热力图 use=商业选址; 2 subject=商圈消费 shape=热力图; 1 subject=商圈消费"},
	{Questions, "请帮我找绵阳市水库水位的监测数据", "3 where=绵阳市 subject=水库水位; 1 subject=水库水位"},
	{Questions, "教育部门统计的学位供给缺口预测在哪里看", "3 subject=学位供给 shape=预测模型; 2 subject=学位供给"},

	{Nothing, "区块链挖矿", ""},
	{Nothing, "海洋渔业捕捞", ""},
	{Nothing, "卫星遥感影像", ""},
	{Nothing, "彩票开奖号码", ""},
	{Nothing, "机场航班时刻", ""},
	{Nothing, "石油期货", ""},
	{Nothing, "股票行情", ""},
	{Nothing, "足球联赛", ""},
	{Nothing, "cryptocurrency", ""},
	{Nothing, "submarine cable", ""},
	{Nothing, "航天发射", ""},
	{Nothing, "殡葬墓地", ""},
	{Nothing, "宠物登记", ""},
	{Nothing, "海关报关单", ""},
	{Nothing, "潮汐", ""},
	{Nothing, "jqkxwz", ""},
	{Nothing, "bank", ""},
	{Nothing, "brain", ""},
	{Nothing, "量子加密", ""},
	{Nothing, "网络游戏充值", ""},
	{Nothing, "SCDR-510700-9999999", ""},
	{Nothing, "南极科考", ""},
	{Nothing, "SCDR-999999-0000001", ""},
	{Nothing, "ABC-DEF-123", ""},
	{Nothing, "比特币价格指数", ""},
	{Nothing, "航班查询", ""},
	{Nothing, "签证怎么办理", ""},
	{Nothing, "彩票统计表", ""},
	{Nothing, "海关报关查询", ""},
	{Nothing, "宠物医院排名", ""},
	{Nothing, "火箭发射报告", ""},
	{Nothing, "足球联赛积分榜", ""},
	{Nothing, "football report", ""},
	{Nothing, "wine price list", ""},
}
