package scale

// word is something in Chinese and in English.
type word struct{ zh, en string }

// field is a domain of the scale market with what its products are about.
type field struct {
	word
	// theme is the theme code as far as the table is known (NDI-TR-2025-06), else "".
	theme string
	// units are the kinds of source unit that the domain has.
	units []word
	// subjects are what products are about, measure what their datasets count.
	subjects []word
	measure  word
	// items are data items beside those that the first batch has for the domain.
	items []word
}

// fields are the domains, the largest first: the first three hold most resources and products. The first five are those
// of the first batch, and their data items are the batch's.
var fields = []field{
	{word{"普惠金融", "Inclusive finance"}, "D0400", []word{{"市场监管局", "Administration for Market Regulation"}, {"地方金融局", "Financial Bureau"}, {"税务服务中心", "Tax Service Centre"}},
		[]word{{"企业信用", "Enterprise credit"}, {"小微贷款", "Small-business lending"}, {"经营异常", "Abnormal operation"}, {"行政处罚", "Administrative penalty"}, {"产业链", "Supply chain"}, {"股权结构", "Shareholding"}, {"开票活跃度", "Invoicing activity"}, {"担保", "Guarantee"}}, word{"企业数", "Enterprises"}, nil},
	{word{"交通运输", "Transport"}, "B0300", []word{{"公交集团", "Bus Group"}, {"交通运输局", "Transport Bureau"}, {"停车管理公司", "Parking Company"}},
		[]word{{"公交客流", "Bus passenger flow"}, {"道路拥堵", "Road congestion"}, {"停车泊位", "Parking space"}, {"网约车运力", "Ride-hailing capacity"}, {"货运车流", "Freight traffic"}, {"站点换乘", "Station transfer"}, {"公路养护", "Road maintenance"}, {"出行热区", "Travel hotspot"}}, word{"出行人次", "Trips"}, nil},
	{word{"卫生健康", "Health"}, "C0200", []word{{"卫生健康委", "Health Commission"}, {"疾控中心", "Disease Control Centre"}, {"医疗保障局", "Healthcare Security Bureau"}},
		[]word{{"门诊量", "Outpatient visits"}, {"慢性病管理", "Chronic disease care"}, {"疫苗接种", "Vaccination"}, {"医保结算", "Medical insurance settlement"}, {"床位周转", "Bed turnover"}, {"药品使用", "Medicine use"}, {"中医诊疗", "Traditional medicine"}, {"体检结果", "Health check-up"}}, word{"就诊人次", "Visits"}, nil},
	{word{"农业农村", "Agriculture and rural affairs"}, "B0100", []word{{"农业农村局", "Bureau of Agriculture and Rural Affairs"}, {"供销合作社", "Supply and Marketing Cooperative"}},
		[]word{{"土地流转", "Land transfer"}, {"粮食产量", "Grain output"}, {"生猪养殖", "Pig farming"}, {"农机作业", "Farm machinery"}, {"农产品价格", "Farm produce price"}, {"农业保险", "Agricultural insurance"}, {"高标准农田", "High-standard farmland"}, {"乡村民宿", "Rural homestay"}}, word{"地块数", "Plots"}, nil},
	{word{"教育服务", "Education"}, "C0300", []word{{"教育体育局", "Bureau of Education and Sports"}, {"人社局", "Human Resources Bureau"}},
		[]word{{"学位供给", "School places"}, {"职业培训", "Vocational training"}, {"就业去向", "Graduate employment"}, {"技能证书", "Skill certificate"}, {"校园餐", "School meals"}, {"课后服务", "After-school care"}, {"实训基地", "Training base"}, {"师资配置", "Teaching staff"}}, word{"学员人次", "Learners"}, nil},
	{word{"气象服务", "Meteorology"}, "", []word{{"气象局", "Meteorological Bureau"}},
		[]word{{"逐时降水", "Hourly rainfall"}, {"强对流预警", "Severe convection warning"}, {"积温", "Accumulated temperature"}, {"风能资源", "Wind resource"}, {"雾霾能见度", "Haze and visibility"}}, word{"观测次数", "Observations"},
		[]word{{"降水量", "Rainfall"}, {"气温", "Air temperature"}, {"风速", "Wind speed"}, {"相对湿度", "Relative humidity"}, {"能见度", "Visibility"}, {"预警等级", "Warning level"}, {"观测站编号", "Station number"}}},
	{word{"生态环境", "Ecology and environment"}, "", []word{{"生态环境局", "Ecology and Environment Bureau"}},
		[]word{{"空气质量", "Air quality"}, {"水质断面", "Water quality section"}, {"噪声监测", "Noise monitoring"}, {"排污许可", "Discharge permit"}, {"碳排放", "Carbon emission"}}, word{"监测次数", "Measurements"},
		[]word{{"细颗粒物浓度", "PM2.5 concentration"}, {"臭氧浓度", "Ozone concentration"}, {"断面名称", "Section name"}, {"化学需氧量", "Chemical oxygen demand"}, {"许可证编号", "Permit number"}, {"噪声级", "Noise level"}, {"排放口", "Discharge outlet"}}},
	{word{"文化旅游", "Culture and tourism"}, "", []word{{"文广旅局", "Bureau of Culture and Tourism"}},
		[]word{{"景区客流", "Scenic-area visitors"}, {"酒店入住", "Hotel occupancy"}, {"非遗项目", "Intangible heritage"}, {"演出票务", "Performance ticketing"}, {"研学线路", "Study tour"}}, word{"游客人次", "Visitors"},
		[]word{{"景区名称", "Scenic area"}, {"接待人次", "Visitors received"}, {"客房出租率", "Room occupancy rate"}, {"客源地", "Visitor origin"}, {"票价", "Ticket price"}, {"项目级别", "Project level"}, {"开放时间", "Opening hours"}}},
	{word{"城市管理", "City management"}, "", []word{{"城市管理局", "City Management Bureau"}},
		[]word{{"市政设施", "Municipal facility"}, {"垃圾清运", "Waste collection"}, {"占道经营", "Street vending"}, {"热线工单", "Hotline work order"}, {"路灯能耗", "Street-light energy"}}, word{"工单数", "Work orders"},
		[]word{{"设施编号", "Facility number"}, {"工单类型", "Work-order type"}, {"处置时长", "Handling time"}, {"清运量", "Tonnage collected"}, {"网格编号", "Grid number"}, {"满意度", "Satisfaction"}, {"上报时间", "Time of report"}}},
	{word{"科技创新", "Science and innovation"}, "", []word{{"科技局", "Science and Technology Bureau"}},
		[]word{{"专利转化", "Patent transfer"}, {"高新企业", "High-tech enterprise"}, {"研发投入", "R&D spending"}, {"仪器共享", "Instrument sharing"}}, word{"项目数", "Projects"},
		[]word{{"专利号", "Patent number"}, {"技术领域", "Field of technology"}, {"研发费用", "R&D expense"}, {"合同金额", "Contract value"}, {"仪器名称", "Instrument"}, {"共享机时", "Shared hours"}}},
	{word{"商贸流通", "Commerce"}, "", []word{{"商务局", "Commerce Bureau"}},
		[]word{{"商圈消费", "Shopping-district spending"}, {"冷链物流", "Cold chain"}, {"菜价监测", "Vegetable price"}, {"电商发货", "E-commerce dispatch"}}, word{"交易笔数", "Transactions"},
		[]word{{"商圈名称", "Shopping district"}, {"零售额", "Retail sales"}, {"批发价", "Wholesale price"}, {"库容", "Storage capacity"}, {"发货量", "Dispatches"}, {"业态", "Type of business"}}},
	{word{"住房建设", "Housing and construction"}, "", []word{{"住房建设局", "Housing and Construction Bureau"}},
		[]word{{"住房租赁", "Housing rental"}, {"工程进度", "Construction progress"}, {"房屋安全", "Building safety"}, {"物业服务", "Property service"}}, word{"套数", "Dwellings"},
		[]word{{"楼盘名称", "Estate"}, {"租金", "Rent"}, {"建筑面积", "Floor area"}, {"竣工日期", "Completion date"}, {"安全等级", "Safety class"}, {"施工许可", "Building permit"}}},
	{word{"水利水务", "Water"}, "", []word{{"水利局", "Water Bureau"}},
		[]word{{"水库水位", "Reservoir level"}, {"用水量", "Water consumption"}, {"河道流量", "River flow"}, {"管网漏损", "Pipe leakage"}}, word{"读数次数", "Readings"},
		[]word{{"水位", "Water level"}, {"流量", "Flow"}, {"蓄水量", "Storage"}, {"用水性质", "Type of use"}, {"漏损率", "Leakage rate"}, {"测站", "Gauge"}}},
	{word{"能源电力", "Energy"}, "", []word{{"能源服务中心", "Energy Service Centre"}},
		[]word{{"用电负荷", "Power load"}, {"充电桩", "Charging point"}, {"光伏发电", "Solar generation"}, {"燃气消费", "Gas consumption"}}, word{"计量点数", "Metering points"},
		[]word{{"用电量", "Electricity used"}, {"最大负荷", "Peak load"}, {"装机容量", "Installed capacity"}, {"充电次数", "Charging sessions"}, {"用气量", "Gas used"}, {"行业分类", "Industry class"}}},
	{word{"应急安全", "Emergency and safety"}, "", []word{{"应急管理局", "Emergency Management Bureau"}},
		[]word{{"隐患排查", "Hazard inspection"}, {"避难场所", "Emergency shelter"}, {"地质灾害点", "Geological hazard"}, {"消防设施", "Fire protection"}}, word{"检查次数", "Inspections"},
		[]word{{"隐患类型", "Type of hazard"}, {"整改期限", "Time to rectify"}, {"容纳人数", "Capacity"}, {"灾害等级", "Hazard level"}, {"设施状态", "State of facility"}}},
	{word{"政务服务", "Government services"}, "", []word{{"政务服务中心", "Government Service Centre"}},
		[]word{{"办件时效", "Handling time"}, {"证照核验", "Licence check"}, {"惠企政策", "Business support"}, {"窗口排队", "Counter queue"}}, word{"办件数", "Cases"},
		[]word{{"事项名称", "Service"}, {"办结时间", "Completion time"}, {"证照类型", "Licence type"}, {"政策文号", "Policy number"}, {"等候时长", "Waiting time"}}},
}

// forms are what a product makes of its subject, uses what it is good for.
var (
	forms = []word{
		{"指数", "index"}, {"月度统计", "monthly statistics"}, {"趋势分析", "trend analysis"}, {"风险评分", "risk score"}, {"核验服务", "verification service"},
		{"热力图", "heat map"}, {"预测", "forecast"}, {"分级名录", "graded directory"}, {"同比对照", "year-on-year comparison"}, {"预警提示", "early warning"}, {"供需画像", "supply and demand profile"},
	}
	uses = []word{
		{"信贷准入与贷后管理", "lending decisions and monitoring"}, {"商业选址", "site selection"}, {"保险定价", "insurance pricing"}, {"运力调度", "capacity planning"},
		{"政策评估", "policy evaluation"}, {"供应链协同", "supply-chain coordination"}, {"公共安全研判", "public-safety assessment"}, {"学术研究", "academic research"}, {"市场调研", "market research"},
	}
	districts = []word{
		{"涪城区", "Fucheng District"}, {"游仙区", "Youxian District"}, {"安州区", "Anzhou District"}, {"江油市", "Jiangyou City"}, {"三台县", "Santai County"},
		{"盐亭县", "Yanting County"}, {"梓潼县", "Zitong County"}, {"北川羌族自治县", "Beichuan Qiang Autonomous County"}, {"平武县", "Pingwu County"},
	}
	resourceForms = []word{{"信息库", "information"}, {"台账", "register"}, {"监测数据", "monitoring data"}, {"业务记录", "business records"}, {"汇总表", "summary"}}
	trades        = []word{{"数据", "Data"}, {"智算", "Computing"}, {"信息", "Information"}, {"数字", "Digital"}, {"云图", "Cloud Map"}, {"慧联", "Link"}}
	buyerTrades   = []word{{"银行", "Bank"}, {"保险", "Insurance"}, {"物流", "Logistics"}, {"零售", "Retail"}, {"咨询", "Consulting"}, {"地产", "Property"}, {"软件", "Software"}, {"文旅", "Tourism"}}
	rivers        = []word{{"涪江", "Fujiang"}, {"安昌", "Anchang"}, {"芙蓉", "Furong"}, {"富乐", "Fule"}, {"越王", "Yuewang"}, {"科创", "Kechuang"}, {"仙海", "Xianhai"}, {"窦圌", "Douchuan"}}
)
