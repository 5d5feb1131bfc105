package market

import (
	"math"
	"math/rand/v2"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
)

// transport returns the products made of bus passenger flow, which is counted per stop and hour and is about nobody.
// SubscribedPlan is the plan that the bank subscribed to in the month before.
const SubscribedPlan = "按季订阅"

// SubscribedProduct is what it subscribed to: three contributors share it.
const SubscribedProduct = "公交商圈客流热度"

// MeteredPlan is the plan under which the insurer has used a product for a month.
const MeteredPlan = "按月后付"

func transport() []Product {
	flow := func(items ...string) []Input { return from(busGroup, "公交线路客流数据", items...) }
	return []Product{
		{
			Key: "bus-hourly-flow", Name: "公交线路小时客流", NameEn: "Hourly passenger flow by bus line",
			Description:   "按线路、站点和小时统计的公交上车人次，用于运力调度与商业选址分析。",
			DescriptionEn: "Boardings by line, stop and hour, for scheduling and site analysis.",
			Domain:        "交通运输", Inputs: flow("线路编号", "站点名称", "上车人次"),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.Daily,
			Dictionary: []dictionary.Column{
				column(dictionary.Date, "service_on", "运营日期", "Day of service", "", "运营日期", "Day of service", filterable),
				column(dictionary.Integer, "hour", "小时", "Hour", "", "起始小时，6至23", "Hour of the day, 6 to 23", filterable),
				lineColumn(), stopColumn(),
				column(dictionary.Integer, "boardings", "上车人次", "Boardings", "人次", "该小时上车人次", "Boardings within the hour"),
			},
			Plans: []Plan{
				perCall("按次阶梯", "Calls in bands", "GRADUATED", "0.60", bands("5000", "0.60", "50000", "0.36", "", "0.12")),
				perPeriod("按月订阅", "Monthly subscription", 1, "1800", "2000"),
				metered(perCall(MeteredPlan, "Billed monthly", "GRADUATED", "0.60", bands("5000", "0.60", "50000", "0.36", "", "0.12")), 100),
			},
			Allocation: shared(50, unitPart(busGroup, 45)),
			generate:   hourlyFlow,
		},
		{
			Key: "bus-peak-index", Name: "公交早晚高峰指数", NameEn: "Bus peak-hour index",
			Description:   "按月统计的各线路早晚高峰客流与拥挤指数。",
			DescriptionEn: "Monthly peak-hour flow and crowding index of every line.",
			Domain:        "交通运输", Inputs: flow("线路编号", "站点名称", "早晚高峰时段统计"),
			Delivery: authorisation.DeliveryAPI, UpdateFrequency: authorisation.Monthly,
			Dictionary: []dictionary.Column{
				monthColumn(), lineColumn(),
				column(dictionary.Text, "peak", "高峰时段", "Peak", "", "早高峰或晚高峰", "Morning or evening peak", filterable),
				dayKindColumn(),
				column(dictionary.Integer, "average_boardings", "平均上车人次", "Average boardings", "人次", "时段日均上车人次", "Average boardings of the peak on a day"),
				column(dictionary.Decimal, "crowding_index", "拥挤指数", "Crowding index", "", "0至100，越大越拥挤", "0 to 100, the greater the more crowded"),
				column(dictionary.Text, "busiest_stop", "最繁忙站点", "Busiest stop", "", "时段内上车人次最多的站点", "Stop with the most boardings"),
			},
			Plans: []Plan{
				perPeriod("按月订阅", "Monthly subscription", 1, "600", "800"),
				try(perCall("按次", "Per call", "FLAT", "", bands("", "0.20"))),
			},
			Allocation: shared(55, unitPart(busGroup, 40)),
			generate:   peakIndex,
		},
		{
			Key: "bus-retail-heat", Name: SubscribedProduct, NameEn: "Footfall of retail areas by bus",
			Description:   "公交站点客流与数商商业网点数据融合形成的商圈热度。",
			DescriptionEn: "Footfall of retail areas, from stop counts joined with a data vendor's shop counts.",
			Domain:        "交通运输", Inputs: flow("站点名称", "上车人次"),
			SocialInputs: []SocialInput{{"商业网点分布数据", "数商自有采集的合成网点数据，按双方数据合作演示协议使用", Vendor}},
			Delivery:     authorisation.DeliveryAPI, UpdateFrequency: authorisation.Monthly,
			Dictionary: []dictionary.Column{
				monthColumn(), stopColumn(), districtColumn(), dayKindColumn(),
				column(dictionary.Text, "time_band", "时段", "Time of day", "", "上午、下午或夜间", "Morning, afternoon or night", filterable),
				column(dictionary.Integer, "average_boardings", "平均上车人次", "Average boardings", "人次", "时段日均上车人次", "Average boardings of the time of day"),
				column(dictionary.Integer, "shop_count", "商业网点数", "Shops", "个", "站点500米内商业网点数（数商数据）", "Shops within 500 metres (vendor's data)"),
				column(dictionary.Decimal, "heat_index", "热度指数", "Heat index", "", "0至100", "0 to 100"),
			},
			Plans: []Plan{
				try(perVolume("按流量", "Per megabyte", "VOLUME", "", bands("100", "3.00", "1000", "2.20", "", "1.50"))),
				perPeriod(SubscribedPlan, "Quarterly subscription", 3, "2400", "2700"),
			},
			Allocation: shared(45, unitPart(busGroup, 30), vendorPart(20)),
			generate:   retailHeat,
		},
	}
}

func lineColumn() dictionary.Column {
	return column(dictionary.Text, "line", "线路编号", "Line", "", "公交线路编号", "Bus line number", filterable)
}

func stopColumn() dictionary.Column {
	return column(dictionary.Text, "stop", "站点名称", "Stop", "", "公交站点名称", "Bus stop", filterable)
}

func dayKindColumn() dictionary.Column {
	return column(dictionary.Text, "day_kind", "日期类型", "Kind of day", "", "工作日或周末", "Working day or weekend", filterable)
}

var lines = []string{"1路", "2路", "3路", "5路", "6路", "8路", "9路", "10路", "11路", "12路", "15路", "16路", "18路", "19路", "22路",
	"25路", "26路", "29路", "31路", "35路", "37路", "39路", "49路", "62路", "66路", "72路", "80路", "85路", "88路", "98路"}

// stops are in three districts of the city; ten in each.
var stops = []string{
	"火车站", "临园口", "铁牛广场", "人民公园", "涪城万达", "平政桥", "高水", "科技馆", "火炬广场", "园艺山",
	"富乐山", "越王楼", "五里堆", "开元场", "游仙客运站", "三星路口", "东津大桥", "芙蓉溪", "沈家坝", "仙人桥",
	"安州客运站", "花荄", "桑枣", "秀水", "界牌", "安州汽车南站", "文胜", "银河大道", "文苑", "飞水",
}

var dayKinds = []string{"工作日", "周末"}

// commuting is the share of a day's boardings in an hour: two peaks on working days, one broad hill at weekends.
func commuting(hour int, weekend bool) float64 {
	hill := func(at, width float64) float64 { return math.Exp(-math.Pow((float64(hour)-at)/width, 2)) }
	if weekend {
		return 0.25 + 0.6*hill(14, 5)
	}
	return 0.15 + hill(8, 1.3) + 0.9*hill(18, 1.6) + 0.25*hill(13, 2)
}

func hourlyFlow(_ uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for day, on := range []string{"2026-06-12", "2026-06-13"} { // a Friday and a Saturday
		for i, line := range lines[:6] {
			for s := range 10 {
				stop, busy := stops[(i*7+s*3)%len(stops)], logNormal(r, 60, 0.5)
				for hour := 6; hour <= 23; hour++ {
					boardings := int(busy * commuting(hour, day == 1) * around(r, 1, 0.15, 0.5, 1.5))
					rows = append(rows, []string{on, whole(hour), line, stop, whole(boardings)})
				}
			}
		}
	}
	return rows
}

func peakIndex(_ uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for _, month := range months(12) {
		for _, line := range lines {
			for _, peak := range []string{"早高峰", "晚高峰"} {
				for weekend, kind := range dayKinds {
					boardings := logNormal(r, 900, 0.4) / float64(1+weekend)
					index := min(100, boardings/22*around(r, 1, 0.1, 0.7, 1.3))
					rows = append(rows, []string{month, line, peak, kind, whole(int(boardings)), decimal(index, 1), pick(r, stops)})
				}
			}
		}
	}
	return rows
}

func retailHeat(_ uint64, r *rand.Rand) [][]string {
	var rows [][]string
	for s, stop := range stops {
		shops := 5 + int(logNormal(r, 60, 0.8))
		for _, month := range months(12) {
			for weekend, kind := range dayKinds {
				for band, share := range []float64{0.9, 1.1, 0.7} {
					boardings := logNormal(r, 400, 0.35) * (share + 0.3*float64(weekend))
					index := min(100, 12*math.Log1p(boardings)*math.Log1p(float64(shops))/4)
					rows = append(rows, []string{month, stop, districts[s/10].name, kind, []string{"上午", "下午", "夜间"}[band],
						whole(int(boardings)), whole(shops), decimal(index, 1)})
				}
			}
		}
	}
	return rows
}
