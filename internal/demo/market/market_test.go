package market_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/data"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/catalogue"
	"gongshu/internal/dataset"
	"gongshu/internal/demo/market"
	"gongshu/internal/dictionary"
	"gongshu/internal/outputcontrol"
	"gongshu/pricing"
)

func firstBatch(t *testing.T) catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Parse(data.CatalogueBatch1)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// classified returns the classification of every item by what names it in an input.
func classified() map[market.Input]market.Classification {
	all := map[market.Input]market.Classification{}
	for _, c := range market.Classifications() {
		all[market.Input{SourceUnit: c.SourceUnit, Resource: c.Resource, Item: c.Item}] = c
	}
	return all
}

func TestEveryOrganisationIsOfTheCatalogueOrShowsThatItIsADemo(t *testing.T) {
	c := firstBatch(t)
	given := map[string]bool{c.Agency.Name: true}
	for _, u := range c.Units() {
		given[u.Name] = true
	}
	names, codes, parties := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, o := range market.Organisations() {
		if !given[o.Name] && !strings.Contains(o.Name, "演示") {
			t.Errorf("%s looks real", o.Name)
		}
		if names[o.Name] || codes[o.CreditCode] {
			t.Errorf("%s or its code is there twice", o.Name)
		}
		names[o.Name], codes[o.CreditCode] = true, true
		if _, err := authorisation.ParseCreditCode(o.CreditCode, "code"); err != nil || !strings.Contains(o.CreditCode, "DEM") {
			t.Errorf("%s has the credit code %s: %v", o.Name, o.CreditCode, err)
		}
		if !slices.Contains(access.LegalForm("").Values(), o.LegalForm) || o.NameEn == "" || len(o.Parties) == 0 {
			t.Errorf("%+v", o)
		}
		for _, p := range o.Parties {
			if !slices.Contains(access.Party("").Values(), p) {
				t.Errorf("%s takes part as %s", o.Name, p)
			}
			parties[p]++
		}
	}
	for name := range given {
		if !names[name] {
			t.Errorf("%s of the catalogue is missing", name)
		}
	}
	want := map[string]int{"PLATFORM": 1, "IMPLEMENTING_AGENCY": 1, "OPERATOR": 1, "DATA_VENDOR": 1, "BUYER": 4, "REGISTRAR": 1,
		"PRICE_AUTHORITY": 1, "SOURCE_UNIT": 8, "INDUSTRY_AUTHORITY": 5}
	if !reflect.DeepEqual(parties, want) {
		t.Errorf("parties %v", parties)
	}
}

func TestEveryOrganisationHasSomebodyAndEverybodyShowsThatTheyAreADemo(t *testing.T) {
	organisations := map[string]market.Organisation{}
	for _, o := range market.Organisations() {
		organisations[o.Name] = o
	}
	emails, of := map[string]bool{}, map[string][]market.Person{}
	for _, p := range market.People() {
		if !strings.HasSuffix(p.Email, "@demo.gongshu.example") || emails[p.Email] || !strings.Contains(p.DisplayName, "演示") {
			t.Errorf("%+v", p)
		}
		emails[p.Email] = true
		for _, m := range p.Memberships {
			if _, there := organisations[m.Organisation]; !there || len(m.Roles) == 0 {
				t.Errorf("%s is of %s with %v", p.Email, m.Organisation, m.Roles)
			}
			for _, role := range m.Roles {
				if !slices.Contains(access.Role("").Values(), role) {
					t.Errorf("%s has the role %s", p.Email, role)
				}
			}
			of[m.Organisation] = append(of[m.Organisation], p)
		}
	}
	for name, o := range organisations {
		if len(of[name]) == 0 {
			t.Errorf("%s has nobody", name)
		}
		both := slices.Contains(o.Parties, "SOURCE_UNIT") && slices.Contains(o.Parties, "INDUSTRY_AUTHORITY")
		if !both {
			continue
		}
		for _, p := range of[name] {
			roles := p.Memberships[0].Roles
			if len(of[name]) < 2 || slices.Contains(roles, "PUBLISHER") && slices.Contains(roles, "APPROVER") {
				t.Errorf("%s is source unit and authority, and %s may both register and approve", name, p.Email)
			}
		}
	}
}

func TestEveryDomainHasAThemeAndAnAuthority(t *testing.T) {
	var named []string
	for _, d := range firstBatch(t).Domains() {
		named = append(named, d.Name)
	}
	var answered []string
	for _, d := range market.Domains() {
		answered = append(answered, d.Name)
		if !bytes.Contains(data.CodeTables, []byte(`"`+d.ThemeCode+`"`)) {
			t.Errorf("%s has the theme %s, which the table does not know", d.Name, d.ThemeCode)
		}
		if !slices.ContainsFunc(market.Organisations(), func(o market.Organisation) bool {
			return o.Name == d.IndustryAuthority && slices.Contains(o.Parties, "INDUSTRY_AUTHORITY")
		}) {
			t.Errorf("%s is answered for by %s", d.Name, d.IndustryAuthority)
		}
	}
	if !slices.Equal(named, answered) {
		t.Errorf("domains %v, want %v", answered, named)
	}
}

func TestEveryItemOfTheFirstBatchIsClassifiedAndGrantable(t *testing.T) {
	all, n := classified(), 0
	for _, r := range firstBatch(t).Resources {
		for _, item := range r.Items {
			n++
			c, there := all[market.Input{SourceUnit: r.SourceUnit, Resource: r.Name, Item: item.Name}]
			if !there {
				t.Errorf("%s %s is not classified", r.Name, item.Name)
				continue
			}
			if item.Masked && !slices.Contains(c.Protections, authorisation.ProtectionMasked) {
				t.Errorf("%s %s is masked in the catalogue only", r.Name, item.Name)
			}
			wrong := authorisation.Grantable(authorisation.Resource{ID: uuid.New(), Name: r.Name, Status: authorisation.ResourcePublished},
				authorisation.Item{ID: uuid.New(), Name: item.Name, Grade: c.Grade, Linkage: c.Linkage, Sensitivity: c.Sensitivity, Protections: c.Protections})
			if len(wrong) > 0 {
				t.Errorf("%s: %v", r.Name, wrong)
			}
			if c.Linkage != authorisation.LinkageNone && c.Sensitivity != authorisation.SensitivitySensitive {
				t.Errorf("%s %s is linked to persons and %s", r.Name, item.Name, c.Sensitivity)
			}
		}
	}
	if n != len(all) || n != len(market.Classifications()) {
		t.Errorf("%d items, %d classified", n, len(all))
	}
}

func TestWhatIdentifiesAPersonIsMarkedAsLinked(t *testing.T) {
	for _, item := range []struct {
		input market.Input
		want  authorisation.Linkage
	}{
		{market.Input{SourceUnit: "市人社局", Resource: "社保参保信息库", Item: "参保人编码"}, authorisation.LinkageHigh},
		{market.Input{SourceUnit: "市卫生健康委", Resource: "农村健康保障库", Item: "居民健康档案编号"}, authorisation.LinkageHigh},
		{market.Input{SourceUnit: "市农业农村局", Resource: "耕地承包经营权数据库", Item: "承包方编码"}, authorisation.LinkageHigh},
		{market.Input{SourceUnit: "市市场监管局", Resource: "企业信用信息库", Item: "法人代表姓名"}, authorisation.LinkageLinked},
	} {
		if got := classified()[item.input].Linkage; got != item.want {
			t.Errorf("%s is %s, want %s", item.input.Item, got, item.want)
		}
	}
}

func TestExactlyTheResourcesWithoutAnUpdateCodeStateOne(t *testing.T) {
	var without, stated []catalogue.Key
	for _, r := range firstBatch(t).Resources {
		if r.UpdateFrequency == nil {
			without = append(without, r.Key())
		}
	}
	for _, f := range market.Frequencies() {
		stated = append(stated, catalogue.Key{SourceUnit: f.SourceUnit, Name: f.Resource})
		if !slices.Contains(f.Code.Values(), string(f.Code)) {
			t.Errorf("%s is updated %s", f.Resource, f.Code)
		}
	}
	if !slices.Equal(without, stated) {
		t.Errorf("stated for %v, want %v", stated, without)
	}
}

func TestTheProductsTogetherShowTheWholeMarket(t *testing.T) {
	domains, resources, modes, schemes := map[string]bool{}, map[catalogue.Key]bool{}, map[string]bool{}, map[string]bool{}
	keys := map[string]bool{}
	trials, capped, joined := 0, 0, 0
	for _, p := range market.Products() {
		keys[p.Key], domains[p.Domain] = true, true
		for _, in := range p.Inputs {
			resources[catalogue.Key{SourceUnit: in.SourceUnit, Name: in.Resource}] = true
		}
		if len(p.SocialInputs) > 0 {
			joined++
		}
		for _, plan := range p.Plans {
			modes[plan.Mode], schemes[plan.Scheme] = true, true
			if plan.Trial {
				trials++
			} else {
				capped++
			}
		}
	}
	for _, c := range []struct {
		what       string
		got, least int
	}{
		{"products", len(keys), 14}, {"domains", len(domains), 5}, {"resources", len(resources), 13},
		{"charging modes", len(modes), len(pricing.ChargingMode("").Values())}, {"schemes", len(schemes), len(pricing.Scheme("").Values())},
		{"trial plans", trials, 3}, {"plans under a cap", capped, 10}, {"products joined with social data", joined, 3},
	} {
		if c.got < c.least {
			t.Errorf("%d %s, want %d at least", c.got, c.what, c.least)
		}
	}
	if len(keys) != len(market.Products()) {
		t.Error("a key is there twice")
	}
}

func TestEveryProductAgreesWithTheCatalogue(t *testing.T) {
	c, classes := firstBatch(t), classified()
	provision := map[catalogue.Key][]authorisation.ProvisionMethod{}
	domainOf := map[catalogue.Key]string{}
	for _, r := range c.Resources {
		provision[r.Key()], domainOf[r.Key()] = r.Provision, r.Domain
	}
	for _, p := range market.Products() {
		t.Run(p.Key, func(t *testing.T) {
			seen, person, own := map[market.Input]bool{}, false, false
			for _, in := range p.Inputs {
				class, there := classes[in]
				if !there || seen[in] {
					t.Errorf("the input %+v is unknown or there twice", in)
				}
				seen[in] = true
				person = person || class.Linkage != authorisation.LinkageNone
				key := catalogue.Key{SourceUnit: in.SourceUnit, Name: in.Resource}
				own = own || domainOf[key] == p.Domain
				if fileOnly := slices.Equal(provision[key], []authorisation.ProvisionMethod{authorisation.ProvisionFile}); fileOnly && p.Delivery != authorisation.DeliveryFile {
					t.Errorf("%s is provided as files only", in.Resource)
				}
			}
			if person != p.Aggregate {
				t.Errorf("linked to persons: %v, aggregate: %v", person, p.Aggregate)
			}
			if !own {
				t.Errorf("no input is of the domain %s", p.Domain)
			}
			if p.Name == "" || p.NameEn == "" || !strings.Contains(p.Description, "合成") || !strings.Contains(p.DescriptionEn, "synthetic") {
				t.Error("a name is missing, or a description does not say that the data is synthetic")
			}
			if !slices.Contains(p.Delivery.Values(), string(p.Delivery)) || !slices.Contains(p.UpdateFrequency.Values(), string(p.UpdateFrequency)) {
				t.Errorf("delivered %s, updated %s", p.Delivery, p.UpdateFrequency)
			}
		})
	}
}

func TestEveryPlanIsAValidTariffWithinItsCap(t *testing.T) {
	for _, p := range market.Products() {
		modes, caps := map[string]bool{}, map[string]string{}
		if len(p.Plans) == 0 {
			t.Errorf("%s has no plan", p.Key)
		}
		for _, plan := range p.Plans {
			t.Run(p.Key+" "+plan.Name, func(t *testing.T) {
				if before, there := caps[plan.Mode]; there && before != plan.CapRate {
					t.Error("two plans of one mode have two caps")
				}
				modes[plan.Mode], caps[plan.Mode] = true, plan.CapRate
				tariff := pricing.Tariff{
					Mode: pricing.ChargingMode(plan.Mode), Period: pricing.Months(plan.PeriodMonths), Schedule: pricing.Schedule{Scheme: pricing.Scheme(plan.Scheme)},
				}
				for _, b := range plan.Bands {
					band := pricing.Band{Rate: decimal.MustParse(b.Rate)}
					if b.UpTo != "" {
						upTo, err := strconv.ParseInt(b.UpTo, 10, 64)
						if err != nil {
							t.Fatal(err)
						}
						band.UpTo = &upTo
					}
					tariff.Bands = append(tariff.Bands, band)
				}
				if err := tariff.Validate("tariff"); err != nil {
					t.Error(err)
				}
				if plan.TermMonths < 1 || plan.Name == "" || plan.NameEn == "" || plan.Trial != (plan.CapRate == "") {
					t.Errorf("%+v", plan)
				}
				if plan.Trial {
					return
				}
				limit := pricing.Cap{Mode: tariff.Mode, Rate: decimal.MustParse(plan.CapRate), Period: tariff.Period}
				if err := pricing.CheckCap(tariff, limit); err != nil {
					t.Error(err)
				}
			})
		}
		if p.Delivery == authorisation.DeliveryFile && modes["PER_CALL"] {
			t.Errorf("%s is a file and is charged by calls", p.Key)
		}
	}
}

func TestEveryFeeIsSharedAmongExactlyThoseWhoContribute(t *testing.T) {
	for _, p := range market.Products() {
		want := map[string]bool{market.Operator: true, market.Platform: true}
		for _, in := range p.Inputs {
			want[in.SourceUnit] = true
		}
		for _, s := range p.SocialInputs {
			want[s.Contributor] = true
			if s.Name == "" || !strings.Contains(s.Provenance, "合成") {
				t.Errorf("%s joins %+v", p.Key, s)
			}
		}
		var parts []pricing.Part
		total := int64(0)
		got := map[string]bool{}
		for _, part := range p.Allocation {
			got[part.Organisation] = true
			total += part.Weight
			parts = append(parts, pricing.Part{Contributor: part.Organisation, Weight: part.Weight, Basis: part.Basis, Channel: pricing.Channel(part.Channel)})
		}
		// The operator has two parts, its cost and its profit.
		if !reflect.DeepEqual(got, want) || len(p.Allocation) != len(want)+1 || total != 100 {
			t.Errorf("%s: %v share %d, want %v", p.Key, got, total, want)
		}
		if err := pricing.FixedWeights(1, parts).Validate("rule"); err != nil {
			t.Errorf("%s: %v", p.Key, err)
		}
	}
}

func TestEveryDatasetReadsUnderItsDictionaryAndMayLeave(t *testing.T) {
	for _, p := range market.Products() {
		t.Run(p.Key, func(t *testing.T) {
			if err := dictionary.Check(p.Dictionary, "dictionary"); err != nil {
				t.Fatal(err)
			}
			size := slices.IndexFunc(p.Dictionary, func(c dictionary.Column) bool { return c.Name == market.ClassSize })
			quasi := dictionary.QuasiIdentifiers(p.Dictionary)
			if (size >= 0) != p.Aggregate || (len(quasi) > 0) != p.Aggregate {
				t.Fatalf("aggregate: %v, class size at %d, quasi-identifiers %v", p.Aggregate, size, quasi)
			}
			for seed := range uint64(3) {
				var file bytes.Buffer
				if err := p.WriteCSV(&file, seed); err != nil {
					t.Fatal(err)
				}
				rows, err := csv.NewReader(bytes.NewReader(file.Bytes())).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(rows[0], p.Header()) || !reflect.DeepEqual(rows[1:], p.Rows(seed)) {
					t.Fatal("the file is not header and rows")
				}
				rows = rows[1:]
				if len(rows) < 300 || len(rows) > 3000 {
					t.Errorf("%d rows", len(rows))
				}
				report, err := dataset.Read(context.Background(), &file, p.Dictionary, dataset.Limits{}, func([]any) error { return nil })
				if err != nil {
					t.Fatalf("%v: %+v", err, report.Rejects[:min(3, len(report.Rejects))])
				}
				checkRows(t, p, rows, size)
				if evidence := outputcontrol.Evaluate(outputcontrol.DefaultPolicy(), outputcontrol.Public, classes(p, rows, quasi)); !evidence.Leaves {
					t.Errorf("may not leave: %+v", evidence)
				}
			}
		})
	}
}

// checkRows looks at what no dictionary says: class sizes, credit codes, and that no row is there twice.
func checkRows(t *testing.T, p market.Product, rows [][]string, size int) {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range rows {
		if size >= 0 {
			if n, err := strconv.Atoi(row[size]); err != nil || n < 21 {
				t.Fatalf("a class of %s", row[size])
			}
		}
		for i, c := range p.Dictionary {
			switch c.Name {
			case "credit_code":
				if _, err := authorisation.ParseCreditCode(row[i], c.Name); err != nil || !strings.Contains(row[i], "DEM") {
					t.Fatalf("credit code %s: %v", row[i], err)
				}
			case "enterprise_name", "base_name", "school", "partner_schools", "case_number":
				if !strings.Contains(row[i], "演示") {
					t.Fatalf("%s looks real", row[i])
				}
			}
		}
		line := strings.Join(row, "\x00")
		if seen[line] {
			t.Fatalf("the row %q is there twice", row)
		}
		seen[line] = true
	}
}

// classes counts the equivalence classes.
func classes(p market.Product, rows [][]string, quasi []int) outputcontrol.Classes {
	counted := outputcontrol.Classes{Sizes: map[int64]int64{}}
	groups := map[string]int64{}
	for _, row := range rows {
		key := ""
		for _, at := range quasi {
			key += row[at] + "\x00"
		}
		groups[key]++
	}
	for _, at := range quasi {
		counted.QuasiIdentifiers = append(counted.QuasiIdentifiers, p.Dictionary[at].Name)
	}
	for _, n := range groups {
		counted.Sizes[n]++
	}
	return counted
}

func TestEverySampleIsFiveMaskedRowsUnderTheDictionary(t *testing.T) {
	for _, p := range market.Products() {
		if len(p.Sample) != 5 {
			t.Errorf("%s has %d rows of sample", p.Key, len(p.Sample))
		}
		var file bytes.Buffer
		if err := csv.NewWriter(&file).WriteAll(append([][]string{p.Header()}, p.Sample...)); err != nil {
			t.Fatal(err)
		}
		if report, err := dataset.Read(context.Background(), &file, p.Dictionary, dataset.Limits{}, func([]any) error { return nil }); err != nil {
			t.Errorf("%s: %v %+v", p.Key, err, report.Rejects)
		}
		for _, row := range p.Sample {
			for i, c := range p.Dictionary {
				if hidden := strings.HasSuffix(row[i], "*"); hidden != (c.Type == dictionary.Text && c.Sensitivity != authorisation.SensitivityPublic) {
					t.Errorf("%s shows %s as %q", p.Key, c.Name, row[i])
				}
			}
		}
	}
}

func TestTheSameSeedGivesTheSameRowsAndAnotherSeedOthers(t *testing.T) {
	for _, p := range market.Products() {
		if !reflect.DeepEqual(p.Rows(7), p.Rows(7)) {
			t.Errorf("%s differs from itself", p.Key)
		}
		if reflect.DeepEqual(p.Rows(7), p.Rows(8)) {
			t.Errorf("%s is the same for every seed", p.Key)
		}
	}
	if !reflect.DeepEqual(market.Organisations(), market.Organisations()) {
		t.Error("the organisations differ")
	}
}

func TestABusinessIsTheSameInEveryProductOfOneSeed(t *testing.T) {
	rows := map[string][][]string{}
	for _, p := range market.Products() {
		rows[p.Key] = p.Rows(7)
	}
	listed := map[string]bool{}
	for _, row := range rows["dishonesty-list"] {
		listed[row[2]] = true
	}
	penalties := map[string]string{}
	for _, row := range rows["enterprise-credit-check"] {
		penalties[row[0]] = row[3]
	}
	onList := 0
	for _, row := range rows["sme-credit-score"] {
		if row[2] != penalties[row[0]] {
			t.Fatalf("%s has %s penalties here and %q there", row[0], row[2], penalties[row[0]])
		}
		if (row[3] == "true") != listed[row[0]] {
			t.Fatalf("%s is listed in one product only", row[0])
		}
		if listed[row[0]] {
			onList++
		}
	}
	if onList == 0 || onList != len(listed) {
		t.Errorf("%d of %d listed businesses have a score", onList, len(listed))
	}
}

func TestPassengersCommute(t *testing.T) {
	byHour := map[string]int{}
	for _, p := range market.Products() {
		if p.Key != "bus-hourly-flow" {
			continue
		}
		for _, row := range p.Rows(7) {
			if n, err := strconv.Atoi(row[4]); err == nil && row[0] == "2026-06-12" {
				byHour[row[1]] += n
			}
		}
	}
	if byHour["8"] < 2*byHour["10"] || byHour["18"] < 2*byHour["22"] || byHour["10"] == 0 {
		t.Errorf("no peaks: %v", byHour)
	}
}
