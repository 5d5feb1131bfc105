package scale

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/internal/authorisation"
	"gongshu/pricing"
)

// plan is a charging plan with its cap, nil for a trial price.
type plan struct {
	id     uuid.UUID
	name   word
	tariff pricing.Tariff
	term   int
	cap    *pricing.Cap
}

// product is made anew from its number whenever it is needed, so that no product stays in memory.
type product struct {
	n                   int
	id, rule            uuid.UUID
	createdAt, listedAt time.Time
	operator            *operator
	resource            *resource
	inputs              []input
	name                word
	topic               string // what its description says it is about
	delivery            authorisation.Delivery
	often               authorisation.UpdateFrequency
	aggregate           bool
	plans               []plan
	parts               []pricing.Part
	dataset             uuid.UUID
}

type input struct {
	item     item
	resource *resource
}

func (s *scheme) product(n int) product {
	r := s.of("product", n)
	at := productsAt.Add(time.Duration(float64(n) / float64(s.count) * float64(productsTake))).Truncate(time.Millisecond)
	o := &s.operators[s.popular.pick(r)]
	x := &s.resources[o.resources[s.held.pick(r)%len(o.resources)]]
	p := product{
		n: n, id: s.id("products", n, at), createdAt: at, listedAt: at.Add(50 * time.Hour), operator: o, resource: x,
		often: pick(r, frequencies), delivery: authorisation.DeliveryAPI,
	}
	if chance(r, 30) {
		p.delivery = authorisation.DeliveryFile
	}
	p.rule, p.dataset = s.id("allocation_rules", n, at), s.id("datasets", n, at)
	s.compose(r, &p)
	for _, in := range p.inputs {
		p.aggregate = p.aggregate || in.item.as.Linkage != authorisation.LinkageNone
	}
	s.price(r, &p)
	p.parts = s.share(r, p)
	return p
}

// compose chooses what a product is made of, and its name.
func (s *scheme) compose(r *rand.Rand, p *product) {
	for _, place := range r.Perm(len(p.resource.items))[:2+r.IntN(len(p.resource.items)-2)] {
		p.inputs = append(p.inputs, input{p.resource.items[place], p.resource})
	}
	for _, place := range p.operator.resources { // now and then joined with another resource of the domain
		if other := &s.resources[place]; other.field == p.resource.field && other != p.resource && chance(r, 20) {
			if it := pick(r, other.items); !slices.ContainsFunc(p.inputs, func(in input) bool { return in.item.zh == it.zh }) {
				p.inputs = append(p.inputs, input{it, other})
			}
			break
		}
	}
	where, subject, form, use := pick(r, districts), pick(r, fields[p.resource.field].subjects), pick(r, forms), pick(r, uses)
	p.name = word{
		fmt.Sprintf("%s%s%s（合成%07d）", where.zh, subject.zh, form.zh, p.n+1),
		fmt.Sprintf("%s %s, %s (synthetic %07d)", subject.en, form.en, where.en, p.n+1),
	}
	p.topic = use.zh + "|" + use.en
}

// describe says what a product is for, and that it is synthetic.
func (p product) describe() word {
	useZh, useEn, _ := strings.Cut(p.topic, "|")
	var itemsZh, itemsEn []string
	for _, in := range p.inputs {
		itemsZh, itemsEn = append(itemsZh, in.item.zh), append(itemsEn, in.item.en)
	}
	return word{
		fmt.Sprintf("按区县和月份汇总%s，用于%s。本产品及其数据均为合成演示，不反映任何真实个人、企业或机构。", strings.Join(itemsZh, "、"), useZh),
		fmt.Sprintf("Sums up %s by district and month, for %s. Product and data are synthetic and describe no real person, business or body.", strings.Join(itemsEn, ", "), useEn),
	}
}

// What prices are drawn from, in fen: per call, per megabyte, per month, per product.
var (
	callFen    = []int64{2, 5, 10, 20, 36, 60, 120, 250, 500}
	volumeFen  = []int64{1, 2, 5, 8, 15, 40, 100}
	monthFen   = []int64{5000, 9900, 19900, 49900, 99900, 299900}
	productFen = []int64{2000, 9900, 50000, 128000, 480000, 1980000}
	periods    = []struct {
		months int
		name   word
	}{{1, word{"包月", "By the month"}}, {3, word{"包季", "By the quarter"}}, {12, word{"包年", "By the year"}}}
	terms = []int{12, 24, 24, 36}
	// modes are those that plans are drawn of; what is counted at a counter is not among them.
	modes = []pricing.ChargingMode{pricing.PerCall, pricing.PerPeriod, pricing.PerVolume, pricing.PerProduct}
)

// price gives a product one to three plans, no two of one mode, each within its cap or at a trial price.
func (s *scheme) price(r *rand.Rand, p *product) {
	modes := slices.Clone(modes)
	if p.delivery == authorisation.DeliveryFile {
		modes = modes[1:] // nobody calls a file
	}
	r.Shuffle(len(modes), func(i, j int) { modes[i], modes[j] = modes[j], modes[i] })
	if chance(r, 4) {
		p.plans = []plan{s.free(p)}
		return
	}
	for position, mode := range modes[:1+r.IntN(3)] {
		made := tariffOf(r, mode)
		made.id = s.id("plans", p.n*4+position, p.createdAt)
		if made.term == 0 {
			made.term = pick(r, terms)
		}
		if chance(r, 12) {
			made.cap, made.name = nil, word{made.name.zh + "（试行）", made.name.en + " (trial)"}
		}
		p.plans = append(p.plans, made)
	}
}

// free is a plan that costs nothing for whatever purpose.
func (s *scheme) free(p *product) plan {
	return plan{
		id: s.id("plans", p.n*4, p.createdAt), name: word{"免费开放", "Free of charge"}, term: 12,
		tariff: pricing.Tariff{Mode: pricing.PerProduct, Schedule: pricing.Schedule{Scheme: pricing.Flat, Bands: []pricing.Band{{Rate: yuan(0)}}}},
		cap:    &pricing.Cap{Mode: pricing.PerProduct, Rate: yuan(100)},
	}
}

// tariffOf draws a plan of a mode. A cap lies a quarter above the first band, which is the dearest.
func tariffOf(r *rand.Rand, mode pricing.ChargingMode) plan {
	made := plan{tariff: pricing.Tariff{Mode: mode, Schedule: pricing.Schedule{Scheme: pricing.Flat}}}
	var fen int64
	switch mode {
	case pricing.PerProduct:
		fen, made.name = pick(r, productFen), word{"单次购买", "One-off purchase"}
	case pricing.PerPeriod:
		period := pick(r, periods)
		made.tariff.Period, made.term, made.name = pricing.Months(period.months), period.months, period.name
		fen = pick(r, monthFen) * int64(period.months)
	case pricing.PerCall:
		fen, made.name = pick(r, callFen), word{"按次", "By the call"}
	case pricing.PerVolume:
		fen, made.name = pick(r, volumeFen), word{"按数据量", "By volume"}
	}
	made.tariff.Bands = []pricing.Band{{Rate: yuan(fen)}}
	made.cap = &pricing.Cap{Mode: mode, Rate: yuan(fen + (fen+3)/4), Period: made.tariff.Period}
	if mode == pricing.PerVolume && chance(r, 10) { // below a fen, as rates may be
		made.tariff.Bands[0].Rate, made.cap.Rate = decimal.MustNew(5, 3), decimal.MustNew(8, 3)
	} else if (mode == pricing.PerCall || mode == pricing.PerVolume) && chance(r, 60) {
		made.tariff.Scheme, made.name = pricing.Graduated, word{made.name.zh + "阶梯", made.name.en + ", in bands"}
		if chance(r, 40) {
			made.tariff.Scheme = pricing.Volume
		}
		made.tariff.Bands = []pricing.Band{{UpTo: new(int64(1000)), Rate: yuan(fen)}, {UpTo: new(int64(20000)), Rate: yuan(max(fen*4/5, 1))}, {Rate: yuan(max(fen*3/5, 1))}}
	}
	return made
}

func yuan(fen int64) decimal.Decimal { return decimal.MustNew(fen, 2) }

// share divides the fee among operator, platform and the source units.
func (s *scheme) share(r *rand.Rand, p product) []pricing.Part {
	operator := int64(50 + 5*r.IntN(5))
	parts := []pricing.Part{
		{Contributor: p.operator.id.String(), Weight: operator - 4, Basis: "产品加工、运营与销售成本", Channel: pricing.ChannelCost},
		{Contributor: p.operator.id.String(), Weight: 4, Basis: "准许利润", Channel: pricing.ChannelProfit},
		{Contributor: s.platform.id.String(), Weight: 5, Basis: "平台运行投入", Channel: pricing.ChannelCost},
	}
	rest := 95 - operator
	for _, unit := range p.contributors() {
		weight := rest / int64(len(p.contributors()))
		parts = append(parts, pricing.Part{Contributor: unit.id.String(), Weight: weight, Basis: "提供公共数据资源并保障质量", Channel: pricing.ChannelCost})
	}
	return parts
}

// contributors are the source units that a product's data comes from.
func (p product) contributors() []*body {
	var units []*body
	for _, in := range p.inputs {
		if !slices.Contains(units, in.resource.unit) {
			units = append(units, in.resource.unit)
		}
	}
	return units
}

// layProduct writes a listed product with everything under it.
func (s *scheme) layProduct(b *batch, p product) error {
	about, from := p.describe(), s.served[p.resource.field]
	columns := p.columns(from.columns)
	identifier, err := authorisation.NewIdentifier(authorisation.IdentifiesProduct, authorisation.CreditCode(p.operator.creditCode), authorisation.RegionMianyang,
		fmt.Sprintf("%08s", strings.ToUpper(strconv.FormatInt(int64(p.n), 36))))
	if err != nil {
		return fmt.Errorf("product %d: %w", p.n, err)
	}
	reviewedAt, listedOn := p.listedAt.Add(-time.Hour), authorisation.DayOf(p.listedAt)
	registered := authorisation.RegistrationTerm(listedOn, s.policies.RegistrationMonths, authorisation.Agreement{EndsOn: s.agreed.EndsOn})
	b.add("products", p.id, p.createdAt, 8, p.name.zh, p.name.en, about.zh, about.en, authorisation.ProductListed, p.delivery, p.often, p.aggregate,
		jsonOf(columns), from.sampleJSON, jsonOf([]authorisation.SocialInput(nil)), string(identifier), fmt.Sprintf("SYNTHETIC-%07d", p.n+1), s.proof,
		registered.StartsOn.String(), registered.EndsOn.String(), reviewedAt, p.listedAt, p.listedAt, p.dataset, true, s.scoreProduct(p, about, columns), p.operator.id, s.domainOf(p))
	for i, in := range p.inputs {
		b.add("product_inputs", s.id("product_inputs", p.n*16+i, p.createdAt), p.createdAt, p.id, in.item.id, in.resource.id)
	}
	for position, pl := range p.plans {
		b.add("plans", pl.id, p.createdAt, position, pl.name.zh, pl.name.en, pl.tariff.Mode, pricing.Prepaid, jsonOf(pl.tariff), pl.term, pl.cap == nil, p.id)
		if pl.cap != nil {
			b.add("price_caps", s.id("price_caps", p.n*4+position, p.createdAt), p.createdAt, pl.cap.Mode, pl.cap.Rate.String(), string(pl.cap.Period.Unit), pl.cap.Period.Count,
				authorisation.DayOf(p.createdAt).String(), "上限收费标准（合成）", "按合成的成本调查确定", p.id, s.agency.id, s.agency.person)
		}
	}
	b.add("allocation_rules", p.rule, p.createdAt, 1, pricing.FixedWeights(1, p.parts).Whole, jsonOf(p.parts), p.createdAt, "收益分配协议（合成）", p.id, p.operator.person)
	b.add("datasets", p.dataset, p.createdAt, 1, true, from.rows, from.csv.Bytes, from.csv.SHA256, from.key, from.columnsJSON, from.egressJSON, p.id, p.operator.person)
	s.layProceeding(b, proceeding{
		kind: authorisation.ProceedingProductReview, n: p.n, subject: p.id, subjectName: p.name.zh, applicant: p.operator.id, submitter: p.operator.person,
		evidence: []uuid.UUID{p.operator.assessment}, at: p.createdAt.Add(47 * time.Hour),
		decisions: []decided{{authorisation.StepSecurity, s.agency.id, s.security}, {authorisation.StepCompliance, s.agency.id, s.agency.person}},
	})
	return nil
}

func (s *scheme) domainOf(p product) uuid.UUID { return s.id("domains", p.resource.field, foundedAt) }
