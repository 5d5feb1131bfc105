package market

import (
	"encoding/csv"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"slices"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
)

// sampleSeed makes the samples; datasets of another seed have other figures.
const sampleSeed = 510700

// generator makes the rows of a product. The seed also fixes the firms, which several products share.
type generator func(seed uint64, r *rand.Rand) [][]string

// Products returns the products of the demo, always the same.
func Products() []Product {
	products := slices.Concat(transport(), finance(), healthcare(), education(), rural())
	for i := range products {
		p := &products[i]
		p.Description += "本产品数据均为合成演示数据，不反映任何真实个人、企业或机构。"
		p.DescriptionEn += " All data of this product is synthetic and describes no real person, business or body."
		p.Sample = p.sample()
	}
	return products
}

// Header returns the header row of the product's files: the names of its dictionary.
func (p Product) Header() []string {
	header := make([]string, len(p.Dictionary))
	for i, c := range p.Dictionary {
		header[i] = c.Name
	}
	return header
}

// Rows returns 300 to 3,000 synthetic rows under the product's dictionary, without header; the same for the same seed.
func (p Product) Rows(seed uint64) [][]string {
	h := fnv.New64a()
	h.Write([]byte(p.Key))
	return p.generate(seed, rand.New(rand.NewPCG(seed, h.Sum64())))
}

// WriteCSV writes header and rows as CSV.
func (p Product) WriteCSV(w io.Writer, seed uint64) error {
	out := csv.NewWriter(w)
	if err := out.Write(p.Header()); err != nil {
		return err
	}
	return out.WriteAll(p.Rows(seed))
}

// sample takes five rows from all over a dataset and hides half of every text that is not public.
func (p Product) sample() [][]string {
	const size = 5
	rows := p.Rows(sampleSeed)
	sample := make([][]string, size)
	for i := range sample {
		sample[i] = slices.Clone(rows[i*len(rows)/size])
		for j, c := range p.Dictionary {
			if c.Type == dictionary.Text && c.Sensitivity != authorisation.SensitivityPublic {
				sample[i][j] = masked(sample[i][j])
			}
		}
	}
	return sample
}

func masked(text string) string {
	letters := []rune(text)
	for i := (len(letters) + 1) / 2; i < len(letters); i++ {
		letters[i] = '*'
	}
	return string(letters)
}

// from names items of one resource.
func from(unit, resource string, items ...string) []Input {
	inputs := make([]Input, len(items))
	for i, item := range items {
		inputs[i] = Input{unit, resource, item}
	}
	return inputs
}

// mark says something more about a column.
type mark func(*dictionary.Column)

func filterable(c *dictionary.Column) { c.Filterable = true }
func optional(c *dictionary.Column)   { c.Required = false }
func internal(c *dictionary.Column)   { c.Sensitivity = authorisation.SensitivityInternal }

// quasi marks what narrows down the persons behind an aggregate; every combination of such columns has at least 21 rows.
func quasi(c *dictionary.Column) { c.QuasiIdentifier = true }

// column is a required, public column; unit is "" where there is none.
func column(t dictionary.Type, name, label, labelEn, unit, about, aboutEn string, marks ...mark) dictionary.Column {
	c := dictionary.Column{
		Name: name, Label: label, LabelEn: labelEn, Type: t, Unit: unit, Description: about, DescriptionEn: aboutEn,
		Sensitivity: authorisation.SensitivityPublic, Required: true,
	}
	for _, m := range marks {
		m(&c)
	}
	return c
}

func districtColumn(marks ...mark) dictionary.Column {
	return column(dictionary.Text, "district", "区县", "District", "", "绵阳市所辖区、县、市", "District, county or city of Mianyang", append(marks, filterable)...)
}

func monthColumn() dictionary.Column {
	return column(dictionary.Text, "month", "月份", "Month", "", "统计月份，如 2025-07", "Month of the figures, such as 2025-07", filterable)
}

func creditCodeColumn() dictionary.Column {
	return column(dictionary.Text, "credit_code", "统一社会信用代码", "Unified social credit code", "", "合成的统一社会信用代码，18位", "Synthetic credit code of 18 characters", filterable, internal)
}

func capitalColumns() []dictionary.Column {
	return []dictionary.Column{
		column(dictionary.Decimal, "registered_capital", "注册资本", "Registered capital", "万元", "登记的注册资本", "Registered capital, in 10,000 yuan"),
		column(dictionary.Text, "capital_band", "注册资本区间", "Capital bracket", "", "注册资本所在区间", "Bracket of the registered capital", filterable),
		column(dictionary.Integer, "penalty_count", "行政处罚次数", "Penalties", "次", "近三年行政处罚记录数", "Administrative penalties of the past three years"),
	}
}

func classSizeColumn(unit, about, aboutEn string) dictionary.Column {
	return column(dictionary.Integer, ClassSize, "汇总数", "Class size", unit, about+"，不少于21", aboutEn+"; never fewer than 21")
}

// once, perCall, perVolume and perPeriod are plans under a cap; try turns one into a trial plan.
func once(rate, capRate string, termMonths int) Plan {
	return Plan{Name: "单次购买", NameEn: "One-off purchase", Mode: "PER_PRODUCT", Scheme: "FLAT", Bands: bands("", rate), TermMonths: termMonths, CapRate: capRate}
}

func perCall(name, nameEn, scheme, capRate string, b []Band) Plan {
	return Plan{Name: name, NameEn: nameEn, Mode: "PER_CALL", Scheme: scheme, Bands: b, TermMonths: 12, CapRate: capRate}
}

func perVolume(name, nameEn, scheme, capRate string, b []Band) Plan {
	return Plan{Name: name, NameEn: nameEn, Mode: "PER_VOLUME", Scheme: scheme, Bands: b, TermMonths: 12, CapRate: capRate}
}

func perPeriod(name, nameEn string, months int, rate, capRate string) Plan {
	return Plan{Name: name, NameEn: nameEn, Mode: "PER_PERIOD", Scheme: "FLAT", Bands: bands("", rate), PeriodMonths: months, TermMonths: months, CapRate: capRate}
}

func perItem(name, nameEn string, months int, rate, capRate string) Plan {
	p := perPeriod(name, nameEn, months, rate, capRate)
	p.Mode = "PER_ITEM_PERIOD"
	return p
}

// metered is a plan whose use is billed by the month, so many units of each free.
func metered(p Plan, freeEachMonth int64) Plan {
	p.Metered, p.FreeEachMonth = true, freeEachMonth
	return p
}

func try(p Plan) Plan {
	p.Name, p.NameEn, p.Trial, p.CapRate = p.Name+"（试行）", p.NameEn+" (trial)", true, ""
	return p
}

// bands reads pairs of last unit and rate.
func bands(pairs ...string) []Band {
	var all []Band
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, Band{pairs[i], pairs[i+1]})
	}
	return all
}

// permittedProfit is the operator's part of a fee that is profit, in hundredths: most of what it receives pays what it spent,
// as profit is a few percent of what is permitted (P65).
const permittedProfit = 4

// shared divides a fee: the operator and the platform are always there, the rest contributes data.
func shared(operator int64, others ...Part) []Part {
	return append([]Part{
		{Operator, operator - permittedProfit, "产品加工、运营与销售投入", "COST"},
		{Operator, permittedProfit, "准许利润", "PROFIT"},
		{Platform, 5, "平台运行投入", "COST"},
	}, others...)
}

func unitPart(unit string, weight int64) Part {
	return Part{unit, weight, "提供公共数据资源并保障质量", "COST"}
}

func vendorPart(weight int64) Part {
	return Part{Vendor, weight, "提供社会数据", "COST"}
}
