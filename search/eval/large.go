package eval

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/search"
)

// LargeSize is the number of products that the queries of the large market are judged for.
const LargeSize = 100_000

// Seed makes the large market that the queries are judged for.
const Seed = 20260731

// word is something in Chinese and in English.
type word struct{ zh, en string }

// words reads pairs that are written 中文|English and parted by semicolons.
func words(text string) []word {
	var list []word
	for _, pair := range strings.Split(text, ";") {
		zh, en, ok := strings.Cut(strings.TrimSpace(pair), "|")
		if !ok {
			panic("eval: no English in " + pair)
		}
		list = append(list, word{zh, en})
	}
	return list
}

// sector is a domain of the large market with what its products are about.
type sector struct {
	word
	units, subjects, items []word
	measure                word
}

func newSector(name, units, subjects, items, measure string) sector {
	return sector{words(name)[0], words(units), words(subjects), words(items), words(measure)[0]}
}

var sectors = []sector{
	newSector("普惠金融|Inclusive finance", "市场监管局|Administration for Market Regulation;地方金融局|Financial Bureau;税务服务中心|Tax Service Centre",
		"企业信用|Enterprise credit;小微贷款|Small-business lending;经营异常|Abnormal operation;行政处罚|Administrative penalty;产业链|Supply chain;股权结构|Shareholding;开票活跃度|Invoicing activity;融资担保|Financing guarantee;纳税信用|Taxpayer credit;动产抵押|Chattel mortgage",
		"统一社会信用代码|Unified social credit code;法人代表姓名|Legal representative's name;注册资本|Registered capital;处罚内容|Penalty;黑名单类型|Blacklist type;开票金额|Invoiced amount;担保余额|Guarantee balance;贷款余额|Loan balance;信用等级|Credit grade;案号|Case number", "企业数|Enterprises"),
	newSector("交通运输|Transport", "公交集团|Bus Group;交通运输局|Transport Bureau;停车管理公司|Parking Company",
		"公交客流|Bus passenger flow;道路拥堵|Road congestion;停车泊位|Parking space;网约车运力|Ride-hailing capacity;货运车流|Freight traffic;站点换乘|Station transfer;公路养护|Road maintenance;出行热区|Travel hotspot;轨道客流|Metro passenger flow;共享单车|Shared bicycle",
		"线路编号|Line number;站点名称|Stop name;上车人次|Boardings;早晚高峰时段统计|Peak statistics;泊位数|Bays;平均车速|Average speed;拥堵时长|Congestion time;车牌归属地|Plate origin;载重吨位|Load tonnage;换乘时间|Transfer time", "出行人次|Trips"),
	newSector("卫生健康|Health", "卫生健康委|Health Commission;疾控中心|Disease Control Centre;医疗保障局|Healthcare Security Bureau",
		"门诊量|Outpatient visits;慢性病管理|Chronic disease care;疫苗接种|Vaccination;医保结算|Medical insurance settlement;床位周转|Bed turnover;药品使用|Medicine use;中医诊疗|Traditional medicine;体检结果|Health check-up;急救调度|Ambulance dispatch;传染病监测|Infectious disease surveillance",
		"诊断时间|Diagnosis time;疾病编码(ICD-11)|Disease code (ICD-11);检查影像编号|Imaging study number;用药剂量|Medication dose;医保结算金额|Medical-insurance settlement amount;手术记录编号|Surgery record number;接种剂次|Vaccine doses;床位使用率|Bed occupancy;随访记录|Follow-up records;药品名称|Medicine name", "就诊人次|Visits"),
	newSector("农业农村|Agriculture and rural affairs", "农业农村局|Bureau of Agriculture and Rural Affairs;供销合作社|Supply and Marketing Cooperative",
		"土地流转|Land transfer;粮食产量|Grain output;生猪养殖|Pig farming;农机作业|Farm machinery;农产品价格|Farm produce price;农业保险|Agricultural insurance;高标准农田|High-standard farmland;乡村民宿|Rural homestay;茶叶种植|Tea growing;病虫害测报|Pest forecasting",
		"承包方编码|Contractor code;地块位置|Plot location;亩数|Area in mu;承包期限|Contract term;流转价格|Transfer price;主营品类|Main product;种植面积|Planted area;存栏量|Livestock on hand;农机型号|Machinery model;亩均收益|Income per mu", "地块数|Plots"),
	newSector("教育服务|Education", "教育体育局|Bureau of Education and Sports;人社局|Human Resources Bureau",
		"学位供给|School places;职业培训|Vocational training;就业去向|Graduate employment;技能证书|Skill certificate;校园餐|School meals;课后服务|After-school care;实训基地|Training base;师资配置|Teaching staff;体育场馆|Sports venue;老年教育|Education for the elderly",
		"参保人编码|Insured person's code;缴费基数|Contribution base;参保类型|Enrolment type;累计缴费月数|Months contributed;班级规模|Class size;证书等级|Certificate level;就业率|Employment rate;课程类型|Course type;师生比|Student-teacher ratio;学校名称|School name", "学员人次|Learners"),
	newSector("气象服务|Meteorology", "气象局|Meteorological Bureau",
		"逐时降水|Hourly rainfall;强对流预警|Severe convection warning;积温|Accumulated temperature;风能资源|Wind resource;雾霾能见度|Haze and visibility;寒潮预警|Cold wave warning;雷电监测|Lightning detection;日照时数|Sunshine hours",
		"降水量|Rainfall amount;气温|Air temperature;风速|Wind speed;相对湿度|Relative humidity;能见度|Visibility;预警等级|Warning level;观测站编号|Station number;气压|Air pressure", "观测次数|Observations"),
	newSector("生态环境|Ecology and environment", "生态环境局|Ecology and Environment Bureau",
		"空气质量|Air quality;水质断面|Water quality section;噪声监测|Noise monitoring;排污许可|Discharge permit;碳排放|Carbon emission;固废处置|Solid waste disposal;土壤污染|Soil pollution;自然保护地|Nature reserve",
		"细颗粒物浓度|PM2.5 concentration;臭氧浓度|Ozone concentration;断面名称|Section name;化学需氧量|Chemical oxygen demand;许可证编号|Permit number;噪声级|Noise level;排放口|Discharge outlet;重金属含量|Heavy metal content", "监测次数|Measurements"),
	newSector("文化旅游|Culture and tourism", "文广旅局|Bureau of Culture and Tourism",
		"景区客流|Scenic-area visitors;酒店入住|Hotel occupancy;非遗项目|Intangible heritage;演出票务|Performance ticketing;研学线路|Study tour;博物馆参观|Museum visits;图书借阅|Library lending;红色旅游|Revolutionary heritage tourism",
		"景区名称|Scenic area;接待人次|Visitors received;客房出租率|Room occupancy rate;客源地|Visitor origin;票价|Ticket price;项目级别|Project level;开放时间|Opening hours;馆藏数量|Collection size", "游客人次|Tourists"),
	newSector("城市管理|City management", "城市管理局|City Management Bureau",
		"市政设施|Municipal facility;垃圾清运|Waste collection;占道经营|Street vending;热线工单|Hotline work order;路灯能耗|Street-light energy;井盖隐患|Manhole hazard;园林绿化|Urban greening;户外广告|Outdoor advertising",
		"设施编号|Facility number;工单类型|Work-order type;处置时长|Handling time;清运量|Tonnage collected;网格编号|Grid number;满意度|Satisfaction;上报时间|Time of report;绿地面积|Green area", "工单数|Work orders"),
	newSector("科技创新|Science and innovation", "科技局|Science and Technology Bureau",
		"专利转化|Patent transfer;高新企业|High-tech enterprise;研发投入|Research spending;仪器共享|Instrument sharing;技术合同|Technology contract;孵化器入驻|Incubator tenancy;人才引进|Talent recruitment;成果登记|Research result registration",
		"专利号|Patent number;技术领域|Field of technology;研发费用|Research expense;合同金额|Contract value;仪器名称|Instrument;共享机时|Shared hours;学历层次|Level of education;孵化面积|Incubator area", "项目数|Projects"),
	newSector("商贸流通|Commerce", "商务局|Commerce Bureau",
		"商圈消费|Shopping-district spending;冷链物流|Cold chain;菜价监测|Vegetable price;电商发货|E-commerce dispatch;成品油零售|Fuel retail;外贸出口|Foreign trade export;家政服务|Domestic service;二手车交易|Used-car trade",
		"商圈名称|Shopping district;零售额|Retail sales;批发价|Wholesale price;库容|Storage capacity;发货量|Dispatches;业态|Type of business;出口额|Export value;成交均价|Average deal price", "交易笔数|Transactions"),
	newSector("住房建设|Housing and construction", "住房建设局|Housing and Construction Bureau",
		"住房租赁|Housing rental;工程进度|Construction progress;房屋安全|Building safety;物业服务|Property service;保障房分配|Affordable housing allocation;农村危房|Unsafe rural housing;装配式建筑|Prefabricated building;施工扬尘|Construction dust",
		"楼盘名称|Estate;租金|Rent;建筑面积|Floor area;竣工日期|Completion date;安全等级|Safety class;施工许可|Building permit;物业费|Property fee;扬尘浓度|Dust concentration", "套数|Dwellings"),
	newSector("水利水务|Water", "水利局|Water Bureau;水务集团|Water Group",
		"水库水位|Reservoir level;用水量|Water consumption;河道流量|River flow;管网漏损|Pipe leakage;灌溉用水|Irrigation water;供水水压|Water supply pressure;取水许可|Water abstraction permit;山洪预警|Flash flood warning",
		"水位|Water level;流量|Flow rate;蓄水量|Stored volume;用水性质|Type of use;漏损率|Leakage rate;测站|Gauge;水压值|Pressure;取水量|Abstracted volume", "读数次数|Readings"),
	newSector("能源电力|Energy", "能源服务中心|Energy Service Centre;供电公司|Power Supply Company",
		"用电负荷|Power load;充电桩|Charging point;光伏发电|Solar generation;燃气消费|Gas consumption;停电计划|Outage schedule;储能电站|Energy storage;能效诊断|Energy efficiency audit;热力供应|Heat supply",
		"用电量|Electricity used;最大负荷|Peak load;装机容量|Installed capacity;充电次数|Charging sessions;用气量|Gas used;行业分类|Industry class;停电时长|Outage duration;供热面积|Heated area", "计量点数|Metering points"),
	newSector("应急安全|Emergency and safety", "应急管理局|Emergency Management Bureau;消防救援支队|Fire and Rescue Detachment",
		"隐患排查|Hazard inspection;避难场所|Emergency shelter;地质灾害点|Geological hazard;消防设施|Fire protection;危化品储存|Hazardous chemical storage;森林火险|Forest fire risk;救援物资|Relief supplies;矿山安全|Mine safety",
		"隐患类型|Type of hazard;整改期限|Time to rectify;容纳人数|Capacity;灾害等级|Disaster level;设施状态|State of facility;物资数量|Quantity of supplies;火险等级|Fire risk level;储罐编号|Tank number", "检查次数|Inspections"),
	newSector("政务服务|Government services", "政务服务中心|Government Service Centre;数据局|Data Bureau",
		"办件时效|Handling time of cases;证照核验|Licence check;惠企政策|Business support;窗口排队|Counter queue;电子签章|Electronic seal;婚姻登记|Marriage registration;公积金缴存|Housing fund contribution;户籍迁移|Household registration transfer",
		"事项名称|Service;办结时间|Completion time;证照类型|Licence type;政策文号|Policy number;等候时长|Waiting time;签章次数|Seals applied;缴存基数|Deposit base;迁入地|Place of arrival", "办件数|Cases"),
}

// places are the cities with their districts; the first of each is the city itself.
var places = [][]word{
	words("绵阳市|Mianyang City;涪城区|Fucheng District;游仙区|Youxian District;安州区|Anzhou District;江油市|Jiangyou City;三台县|Santai County;盐亭县|Yanting County;梓潼县|Zitong County;平武县|Pingwu County"),
	words("成都市|Chengdu City;锦江区|Jinjiang District;青羊区|Qingyang District;金牛区|Jinniu District;武侯区|Wuhou District;成华区|Chenghua District;龙泉驿区|Longquanyi District;双流区|Shuangliu District;郫都区|Pidu District;都江堰市|Dujiangyan City;金堂县|Jintang County"),
	words("德阳市|Deyang City;旌阳区|Jingyang District;罗江区|Luojiang District;广汉市|Guanghan City;什邡市|Shifang City;绵竹市|Mianzhu City;中江县|Zhongjiang County"),
	words("广元市|Guangyuan City;利州区|Lizhou District;昭化区|Zhaohua District;剑阁县|Jiange County;苍溪县|Cangxi County;旺苍县|Wangcang County"),
	words("南充市|Nanchong City;顺庆区|Shunqing District;高坪区|Gaoping District;嘉陵区|Jialing District;阆中市|Langzhong City;南部县|Nanbu County;仪陇县|Yilong County"),
	words("宜宾市|Yibin City;翠屏区|Cuiping District;叙州区|Xuzhou District;长宁县|Changning County;高县|Gao County;珙县|Gong County;屏山县|Pingshan County"),
	words("泸州市|Luzhou City;江阳区|Jiangyang District;纳溪区|Naxi District;龙马潭区|Longmatan District;合江县|Hejiang County;古蔺县|Gulin County"),
	words("乐山市|Leshan City;沙湾区|Shawan District;五通桥区|Wutongqiao District;峨眉山市|Emeishan City;犍为县|Qianwei County;夹江县|Jiajiang County"),
	words("达州市|Dazhou City;通川区|Tongchuan District;达川区|Dachuan District;万源市|Wanyuan City;宣汉县|Xuanhan County;渠县|Qu County"),
	words("遂宁市|Suining City;船山区|Chuanshan District;安居区|Anju District;射洪市|Shehong City;蓬溪县|Pengxi County"),
}

var (
	shapes = words("指数|index;月度统计|monthly statistics;趋势分析|trend analysis;风险评分|risk score;核验服务|verification service;热力图|heat map;预测模型|forecast model;分级名录|graded directory;同比对照|year-on-year comparison;预警提示|early warning;供需画像|supply and demand profile;明细台账|detailed register;季度简报|quarterly brief;空间分布|spatial distribution;标签查询|label look-up")
	uses   = words("信贷准入与贷后管理|lending decisions and monitoring;商业选址|site selection;保险定价|insurance pricing;运力调度|capacity planning;政策评估|policy evaluation;供应链协同|supply-chain coordination;公共安全研判|public-safety assessment;学术研究|academic research;市场调研|market research")
	stores = words("信息库|information base;台账|register;监测数据|monitoring data;业务记录|business records;汇总表|summary")
	openen = words("按区县和月份汇总|Sums up;面向全市提供|Offers;逐日更新|Updated daily:;整合历史|Brings together past")
	rivers = words("涪江|Fujiang;安昌|Anchang;芙蓉|Furong;富乐|Fule;越王|Yuewang;科创|Kechuang;仙海|Xianhai;窦圌|Douchuan")
	trades = words("数据|Data;智算|Computing;信息|Information;数字|Digital;云图|Cloud Map")
)

// Large is a synthetic market of n products, the same for the same n and seed. No two products have the same name
// up to some 150,000; after that names repeat.
func Large(n int, seed uint64) Market {
	m := Market{Name: "large", products: make([]product, 0, n), documents: make([]search.Document, 0, n)}
	r := rand.New(rand.NewPCG(seed, 1))
	var combinations []product
	for city := range places {
		for district := range places[city] {
			for s := range sectors {
				for subject := range sectors[s].subjects {
					for shape := range shapes {
						combinations = append(combinations, product{city: city, district: district, sector: s, subject: subject, shape: shape})
					}
				}
			}
		}
	}
	r.Shuffle(len(combinations), func(i, j int) { combinations[i], combinations[j] = combinations[j], combinations[i] })
	for i := range n {
		p := combinations[i%len(combinations)]
		p.key, p.use, p.unit = registration(i), r.IntN(len(uses)), r.IntN(len(sectors[p.sector].units))
		p.items = r.Perm(len(sectors[p.sector].items))[:2+r.IntN(4)]
		m.products = append(m.products, p)
		m.documents = append(m.documents, p.document(r, i))
	}
	return m
}

func (p product) document(r *rand.Rand, i int) search.Document {
	s, where, city := sectors[p.sector], places[p.city][p.district], places[p.city][0]
	subject, shape, use, unit := s.subjects[p.subject], shapes[p.shape], uses[p.use], s.units[p.unit]
	store, opening, operator := stores[r.IntN(len(stores))], openen[r.IntN(len(openen))], r.IntN(200)
	river, trade := rivers[operator%len(rivers)], trades[operator/len(rivers)%len(trades)]
	var items, itemsEn []string
	for _, n := range p.items {
		items, itemsEn = append(items, s.items[n].zh), append(itemsEn, s.items[n].en)
	}
	modes := []string{"PER_PRODUCT", "PER_CALL", "PER_PERIOD", "PER_VOLUME"}
	mode := r.IntN(len(modes))
	d := search.Document{
		ID:   uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "large %d", i)),
		Name: where.zh + subject.zh + shape.zh, NameEn: fmt.Sprintf("%s %s, %s", subject.en, shape.en, where.en),
		Description:   fmt.Sprintf("%s%s，用于%s。", opening.zh, strings.Join(items, "、"), use.zh),
		DescriptionEn: fmt.Sprintf("%s %s, for %s.", opening.en, strings.ToLower(strings.Join(itemsEn, ", ")), use.en),
		Items:         items, ItemsEn: itemsEn,
		Resources:   []string{city.zh + subject.zh + store.zh, subject.en + " " + store.en},
		Columns:     append([]string{"区县", "District", "月份", "Month", s.measure.zh, s.measure.en, "环比", "Change"}, items[0], itemsEn[0]),
		Codes:       []string{registration(i)},
		SourceUnits: []search.Party{{ID: party(city.zh + unit.zh), Name: city.zh + unit.zh, NameEn: strings.TrimSuffix(city.en, " City") + " " + unit.en}},
		DomainIDs:   []string{s.en}, DomainNames: []string{s.zh, s.en},
		Operator: search.Party{
			ID: party(fmt.Sprint("operator ", operator)), Name: fmt.Sprintf("%s%s运营有限公司%03d", river.zh, trade.zh, operator),
			NameEn: fmt.Sprintf("%s %s Operation Co., Ltd. %03d", river.en, trade.en, operator),
		},
		ChargingModes: []string{modes[mode]}, Delivery: []string{"API", "API", "FILE"}[r.IntN(3)],
		UpdateFrequency: []string{"MONTHLY", "MONTHLY", "DAILY", "REAL_TIME", "WEEKLY", "QUARTERLY", "ANNUAL"}[r.IntN(7)],
		Priced:          [][]search.Priced{{search.Paid}, {search.Free, search.Paid}, {search.Free}}[r.IntN(3)],
		PriceFen:        int64(r.IntN(400)) * 50, ListedAt: time.Date(2025, 9, 10, 1, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(55*24*3600)) * time.Second),
	}
	if r.IntN(3) == 0 {
		d.ChargingModes = append(d.ChargingModes, modes[(mode+1)%len(modes)])
	}
	return d
}

// registration is the registration code of the i-th product.
func registration(i int) string { return fmt.Sprintf("SCDR-510700-%07d", i) }
