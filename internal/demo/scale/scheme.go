package scale

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/data"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/catalogue"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// How large the scheme is, whatever the number of products.
const (
	operatorCount   = 200
	resourceCount   = 2000
	ownResources    = resourceCount / operatorCount // each resource is granted to somebody
	sharedResources = 20                            // at most, granted to an operator beside its own
)

// When everything happened; the clock of whoever loads plays no part.
var (
	foundedAt   = time.Date(2025, time.August, 1, 1, 0, 0, 0, time.UTC)
	publishedAt = time.Date(2025, time.August, 20, 1, 0, 0, 0, time.UTC)
	signedAt    = time.Date(2025, time.September, 1, 1, 0, 0, 0, time.UTC)
	grantedAt   = time.Date(2025, time.September, 3, 1, 0, 0, 0, time.UTC)
	productsAt  = time.Date(2025, time.September, 10, 1, 0, 0, 0, time.UTC)
	ordersAt    = time.Date(2025, time.November, 10, 1, 0, 0, 0, time.UTC)
	// wholeOn is the first day on which all of it has happened.
	wholeOn = authorisation.DayFrom(2026, time.March, 1)
)

const (
	productsTake = 55 * 24 * time.Hour
	ordersTake   = 100 * 24 * time.Hour
)

// body is an organisation, with the person who acts for it most.
type body struct {
	id, person uuid.UUID
	name       word
	creditCode string
	form       access.LegalForm
}

type item struct {
	word
	id     uuid.UUID
	masked bool
	as     spec.Classification
}

type resource struct {
	id    uuid.UUID
	name  string
	field int
	unit  *body
	items []item
	often authorisation.UpdateFrequency
}

type operator struct {
	body
	agreement uuid.UUID
	// resources are the places of those that it was granted.
	resources []int
	// pays are the purposes that pay for which its grants allow use.
	pays []purpose.Purpose
	// assessment is the document that its products were submitted with.
	assessment uuid.UUID
}

// scheme is what stays in memory: everybody who takes part and what was granted, on which products and orders are made.
type scheme struct {
	draw
	policies store.Policies
	served   []served // by field
	evidence file
	count    int // of products

	platform, agency, registrar body
	security                    uuid.UUID // who reviews security for the agency
	authorities                 []body    // by field
	units                       [][]body  // by field
	resources                   []resource
	operators                   []operator
	buyers                      []body // businesses, which pay
	welfare                     []body // organisations that use for free
	proof                       uuid.UUID
	accounts                    map[string]uuid.UUID // by code
	agreed                      authorisation.Term
	today                       authorisation.Day

	serial int // of organisations and people
	popular, ordering, buying,
	held skewed
}

// lay makes the scheme and writes its rows into a batch.
func (s *scheme) lay(b *batch) error {
	s.accounts = map[string]uuid.UUID{}
	s.agreed = authorisation.Term{StartsOn: authorisation.DayOf(signedAt), EndsOn: authorisation.DayOf(signedAt).TermEnd(s.policies.Agreement.TermMonths)}
	s.layBodies(b)
	if err := s.layAccounts(b); err != nil {
		return err
	}
	if err := s.layResources(b); err != nil {
		return err
	}
	for i := range s.operators {
		s.layGrants(b, i)
	}
	s.popular = newSkewed(operatorCount, 4, 1.1)
	s.ordering = newSkewed(s.count, 20, 1.05)
	s.buying = newSkewed(len(s.buyers), 5, 1)
	s.held = newSkewed(ownResources+sharedResources, 6, 1)
	return nil
}

// member is somebody of a body, with the mailbox that they sign in with.
type member struct {
	mailbox, name string
	roles         []access.Role
}

func (s *scheme) layBodies(b *batch) {
	organ, institution, enterprise := access.AdministrativeOrgan, access.PublicInstitution, access.Enterprise
	s.platform, _ = s.layBody(b, word{"绵阳公数平台（合成演示）", "Mianyang Gongshu Platform (synthetic)"}, institution, []access.Party{access.Platform},
		member{"platform.admin", "平台管理员", []access.Role{access.Administrator, access.Approver}})
	var people []uuid.UUID
	s.agency, people = s.layBody(b, word{"绵阳市数据局（合成演示）", "Mianyang Municipal Data Bureau (synthetic)"}, organ, []access.Party{access.ImplementingAgency},
		member{"agency.approver", "数据局审批人", []access.Role{access.Administrator, access.Approver}},
		member{"agency.security", "数据局安全审查人", []access.Role{access.Approver, access.Security}})
	s.security = people[1]
	s.registrar, _ = s.layBody(b, word{"公共数据资源登记中心（合成演示）", "Public Data Resource Registration Centre (synthetic)"}, institution, []access.Party{access.Registrar},
		member{"registrar.approver", "登记审核人", []access.Role{access.Administrator, access.Approver}})
	for i, f := range fields {
		authority, _ := s.layBody(b, word{f.zh + "行业主管部门（合成）", f.en + " Authority (synthetic)"}, organ, []access.Party{access.IndustryAuthority},
			member{fmt.Sprintf("authority%d", i+1), "行业审批人", []access.Role{access.Administrator, access.Approver}})
		s.authorities = append(s.authorities, authority)
		s.units = append(s.units, s.layUnits(b, f))
	}
	for i := range operatorCount {
		s.layOperator(b, i)
	}
	for i := range min(max(s.count/50, 20), 2000) {
		r := s.of("buyer", i)
		river, trade := pick(r, rivers), pick(r, buyerTrades)
		buyer, _ := s.layBody(b, word{fmt.Sprintf("%s%s有限公司（合成%04d）", river.zh, trade.zh, i+1), fmt.Sprintf("%s %s Co., Ltd. (synthetic %04d)", river.en, trade.en, i+1)},
			enterprise, []access.Party{access.Buyer}, member{fmt.Sprintf("buyer%d", i+1), "采购人", []access.Role{access.Administrator, access.BuyerRole, access.Finance}})
		s.buyers = append(s.buyers, buyer)
	}
	for i := range min(max(s.count/500, 5), 200) {
		where := districts[i%len(districts)]
		w, _ := s.layBody(b, word{fmt.Sprintf("%s公益服务中心（合成%03d）", where.zh, i+1), fmt.Sprintf("%s Welfare Centre (synthetic %03d)", where.en, i+1)},
			access.SocialOrganisation, []access.Party{access.Buyer}, member{fmt.Sprintf("welfare%d", i+1), "公益项目官员", []access.Role{access.Administrator, access.BuyerRole}})
		s.welfare = append(s.welfare, w)
	}
	s.proof = s.layDocument(b, s.registrar, "登记凭证（合成）.txt")
	for i := range s.operators {
		s.operators[i].assessment = s.layDocument(b, s.operators[i].body, "产品安全与合规自评（合成）.txt")
	}
}

// layUnits makes the source units of a domain: of each kind the city's and those of three districts.
func (s *scheme) layUnits(b *batch, f field) []body {
	var units []body
	for _, kind := range f.units {
		form := access.AdministrativeOrgan
		switch {
		case strings.HasSuffix(kind.zh, "中心"):
			form = access.PublicInstitution
		case strings.HasSuffix(kind.zh, "集团"), strings.HasSuffix(kind.zh, "公司"), strings.HasSuffix(kind.zh, "合作社"):
			form = access.Enterprise
		}
		for _, where := range append([]word{{"绵阳市", "Mianyang"}}, districts[:3]...) {
			unit, _ := s.layBody(b, word{where.zh + kind.zh + "（合成）", where.en + " " + kind.en + " (synthetic)"}, form, []access.Party{access.SourceUnit},
				member{fmt.Sprintf("source%d", s.serial+1), "数据管理员", []access.Role{access.Administrator, access.Publisher}})
			units = append(units, unit)
		}
	}
	return units
}

func (s *scheme) layOperator(b *batch, i int) {
	river, trade := rivers[i%len(rivers)], trades[i/len(rivers)%len(trades)]
	o := operator{pays: []purpose.Purpose{purpose.Industry, purpose.Sector}}
	if i%10 == 9 {
		o.pays = o.pays[:1]
	}
	o.body, _ = s.layBody(b, word{fmt.Sprintf("%s%s运营有限公司（合成%03d）", river.zh, trade.zh, i+1), fmt.Sprintf("%s %s Operation Co., Ltd. (synthetic %03d)", river.en, trade.en, i+1)},
		access.Enterprise, []access.Party{access.Operator},
		member{fmt.Sprintf("operator%d.publisher", i+1), "产品经理", []access.Role{access.Administrator, access.Publisher}},
		member{fmt.Sprintf("operator%d.finance", i+1), "财务", []access.Role{access.Finance}})
	r := s.of("granted", i)
	for k := range ownResources {
		o.resources = append(o.resources, i*ownResources+k)
	}
	for range sharedResources {
		if place := r.IntN(resourceCount); !slices.Contains(o.resources, place) {
			o.resources = append(o.resources, place)
		}
	}
	s.operators = append(s.operators, o)
}

// prefixes of a credit code by legal form: the kind of body and its region (GB 32100).
var prefixes = map[access.LegalForm]string{
	access.AdministrativeOrgan: "11510700", access.PublicInstitution: "12510700", access.Enterprise: "91510700", access.SocialOrganisation: "53510700",
}

// firstSerial leaves the numbers below it to the ordinary demo.
const firstSerial = 30000

func (s *scheme) layBody(b *batch, name word, form access.LegalForm, parties []access.Party, members ...member) (body, []uuid.UUID) {
	s.serial++
	at := foundedAt.Add(time.Duration(s.serial) * time.Second)
	o := body{id: s.id("organisations", s.serial, at), name: name, creditCode: spec.CreditCode(prefixes[form], firstSerial+s.serial), form: form}
	b.add("organisations", o.id, at, name.zh, name.en, o.creditCode, form, access.OrganisationVerified, true)
	for i, party := range parties {
		b.add("parties", s.id("parties", s.serial*4+i, at), at, o.id, party)
	}
	var people []uuid.UUID
	for i, m := range members {
		person := s.id("persons", s.serial*4+i, at)
		b.add("persons", person, at, m.mailbox+mailHost, m.name+"（合成演示）", passwordHash)
		b.add("memberships", s.id("memberships", s.serial*4+i, at), at, person, o.id, jsonOf(m.roles))
		people = append(people, person)
	}
	o.person = people[0]
	return o, people
}

func (s *scheme) layDocument(b *batch, of body, name string) uuid.UUID {
	at := publishedAt
	id := s.id("documents of "+of.creditCode, 0, at)
	b.add("documents", id, at, name, "text/plain", s.evidence.size, s.evidence.sha256, s.evidence.key, of.id, of.person)
	return id
}

// layAccounts opens the accounts of the ledger: the four that there is one of, and one for each body that is paid itself.
func (s *scheme) layAccounts(b *batch) error {
	all := []store.Account{{Kind: pricing.AccountClearing}, {Kind: pricing.AccountVAT}, {Kind: pricing.AccountTreasury}, {Kind: pricing.AccountProvider, Provider: provider}}
	paid := []body{s.platform}
	for _, units := range s.units {
		paid = append(paid, units...)
	}
	for _, o := range s.operators {
		paid = append(paid, o.body)
	}
	for _, o := range paid {
		account, err := s.payee(o)
		if err != nil {
			return err
		}
		if account.Kind == pricing.AccountContributor {
			all = append(all, account)
		}
	}
	for i, a := range all {
		id := s.id("accounts", i, foundedAt)
		var whose any
		if a.OrganisationID != uuid.Nil {
			whose = a.OrganisationID
		}
		b.add("accounts", id, foundedAt, a.Code(), a.Kind, whose)
		s.accounts[a.Code()] = id
	}
	return nil
}

// payee is the account that a body's share goes to, as policy says by its legal form.
func (s *scheme) payee(o body) (store.Account, error) {
	switch kind := s.policies.Payees[o.form]; kind {
	case pricing.AccountTreasury:
		return store.Account{Kind: kind}, nil
	case pricing.AccountContributor:
		return store.Account{Kind: kind, OrganisationID: o.id}, nil
	default:
		return store.Account{}, fmt.Errorf("no policy names a payee for the legal form %s", o.form)
	}
}

// itemsOf are the data items that the resources of each field choose from: the first batch's where it has the domain.
func itemsOf() ([][]item, error) {
	batch, err := catalogue.Parse(data.CatalogueBatch1)
	if err != nil {
		return nil, fmt.Errorf("read the first batch: %w", err)
	}
	classes := map[string]spec.Classification{}
	for _, c := range spec.Classifications() {
		classes[c.SourceUnit+"/"+c.Resource+"/"+c.Item] = c
	}
	all := make([][]item, len(fields))
	for i, f := range fields {
		seen := map[string]bool{}
		for _, r := range batch.Resources {
			for _, it := range r.Items {
				if r.Domain == f.zh && !seen[it.Name] {
					seen[it.Name] = true
					all[i] = append(all[i], item{word: word{it.Name, it.NameEn}, masked: it.Masked, as: classes[r.SourceUnit+"/"+r.Name+"/"+it.Name]})
				}
			}
		}
		for _, w := range f.items {
			all[i] = append(all[i], item{word: w, as: spec.Classification{Grade: authorisation.GradeGeneral, Linkage: authorisation.LinkageNone, Sensitivity: authorisation.SensitivityInternal}})
		}
	}
	return all, nil
}

var (
	cycles = map[authorisation.UpdateFrequency]string{
		authorisation.RealTime: "实时", authorisation.Daily: "每日", authorisation.Weekly: "每周", authorisation.Monthly: "每月",
		authorisation.Quarterly: "每季度", authorisation.SemiAnnual: "每半年", authorisation.Annual: "每年",
	}
	// frequencies are as common as they are there.
	frequencies = []authorisation.UpdateFrequency{
		authorisation.Monthly, authorisation.Monthly, authorisation.Monthly, authorisation.Daily, authorisation.Daily, authorisation.RealTime,
		authorisation.Weekly, authorisation.Quarterly, authorisation.Quarterly, authorisation.SemiAnnual, authorisation.Annual,
	}
)

const batchSize = 100 // resources published together

func (s *scheme) layResources(b *batch) error {
	items, err := itemsOf()
	if err != nil {
		return err
	}
	domains := make([]uuid.UUID, len(fields))
	for i, f := range fields {
		domains[i] = s.id("domains", i, foundedAt)
		b.add("domains", domains[i], foundedAt, f.zh, f.en, f.theme, s.authorities[i].id)
	}
	spread := newSkewed(len(fields), 1, 1.2)
	var published uuid.UUID
	for n := range resourceCount {
		if n%batchSize == 0 {
			published = s.id("resource_batches", n, publishedAt)
			b.add("resource_batches", published, publishedAt, fmt.Sprintf("第%d批公共数据资源（合成）", n/batchSize+1), sourceDocument, s.agency.id)
		}
		r := s.of("resource", n)
		f := spread.pick(r)
		if n < len(fields) {
			f = n // no domain is empty
		}
		s.layResource(b, n, f, items[f], domains[f], published, r)
	}
	return nil
}

func (s *scheme) layResource(b *batch, n, f int, from []item, domain, published uuid.UUID, r *rand.Rand) {
	unit := &s.units[f][r.IntN(len(s.units[f]))]
	subject, form := pick(r, fields[f].subjects), pick(r, resourceForms)
	registered := foundedAt.Add(24*time.Hour + time.Duration(n)*time.Minute)
	x := resource{
		id: s.id("resources", n, registered), field: f, unit: unit, often: pick(r, frequencies),
		name: fmt.Sprintf("%s%s（合成%04d）", subject.zh, form.zh, n+1),
	}
	said := catalogue.Resource{
		Domain: fields[f].zh, DomainEn: fields[f].en, SourceUnit: unit.name.zh, SourceUnitEn: unit.name.en, Name: x.name,
		NameEn:          fmt.Sprintf("%s %s (synthetic %04d)", subject.en, form.en, n+1),
		UpdateCycleText: cycles[x.often], UpdateFrequency: &x.often, Provision: []authorisation.ProvisionMethod{authorisation.ProvisionAPI, authorisation.ProvisionTable},
	}
	for position, place := range r.Perm(len(from))[:min(len(from), 4+r.IntN(4))] {
		it := from[place]
		it.id = s.id("data_items", n*100+position, registered)
		x.items = append(x.items, it)
		said.Items = append(said.Items, catalogue.Item{Name: it.zh, NameEn: it.en, Masked: it.masked})
		b.add("data_items", it.id, registered, position, it.zh, it.en, it.masked, it.as.Grade, it.as.Linkage, it.as.Sensitivity, jsonOf(slices.Concat([]authorisation.Protection{}, it.as.Protections)), x.id)
	}
	b.add("resources", x.id, registered, 5, x.name, said.NameEn, said.UpdateCycleText, x.often, jsonOf(said.Provision), authorisation.ResourcePublished, unit.person, publishedAt, s.scoreResource(x, said.NameEn, said.Provision, authorisation.DayOf(registered)), unit.id, domain, published)
	b.add("resource_versions", s.id("resource_versions", n, registered), registered, 1, json.RawMessage(said.Canonical()), sourceDocument, x.id)
	s.resources = append(s.resources, x)
	s.layProceeding(b, proceeding{
		kind: authorisation.ProceedingResourceApproval, n: n, subject: x.id, subjectName: x.name, applicant: unit.id, submitter: unit.person,
		at: registered, decisions: []decided{{authorisation.StepIndustry, s.authorities[f].id, s.authorities[f].person}},
	})
}

// layGrants signs an operator's agreement and grants it its resources, domain by domain.
func (s *scheme) layGrants(b *batch, i int) {
	o := &s.operators[i]
	o.agreement = s.id("agreements", i, signedAt)
	clauses := map[authorisation.Clause]string{}
	for _, c := range authorisation.Clause("").Values() {
		clauses[authorisation.Clause(c)] = "合成条款：" + c
	}
	b.add("agreements", o.agreement, signedAt, 2, fmt.Sprintf("SYNTHETIC-2025-%04d", i+1), []authorisation.AgreementMode{authorisation.ModeWhole, authorisation.ModeDomain, authorisation.ModeScenario}[i%3],
		authorisation.AgreementOperating, jsonOf(clauses), "2025-08-15", s.agreed.StartsOn.String(), s.agreed.EndsOn.String(), signedAt, s.agency.id, o.id)
	purposes := append([]purpose.Purpose{purpose.Governance, purpose.Welfare}, o.pays...)
	for f := range fields {
		n := i*len(fields) + f
		grant := s.id("grants", n, signedAt)
		items := 0
		for _, place := range o.resources {
			for _, it := range s.resources[place].items {
				if s.resources[place].field == f {
					b.add("grant_items", s.id("grant_items", n*1000+items, signedAt), signedAt, grant, it.id)
					items++
				}
			}
		}
		if items == 0 {
			continue
		}
		b.add("grants", grant, signedAt, 2, authorisation.GrantActive, jsonOf(purposes), authorisation.DayOf(grantedAt).String(), s.agreed.EndsOn.String(), grantedAt, o.agreement, o.id)
		s.layProceeding(b, proceeding{
			kind: authorisation.ProceedingGrant, n: n, subject: grant, subjectName: fields[f].zh, applicant: o.id, submitter: o.person, at: signedAt,
			decisions: []decided{{authorisation.StepAgency, s.agency.id, s.agency.person}, {authorisation.StepIndustry, s.authorities[f].id, s.authorities[f].person}},
		})
	}
}

// proceeding is one that was approved at every step.
type proceeding struct {
	kind                 authorisation.ProceedingKind
	n                    int
	subject              uuid.UUID
	subjectName          string
	applicant, submitter uuid.UUID
	application          authorisation.Application
	evidence             []uuid.UUID
	key                  string
	at                   time.Time
	decisions            []decided
}

type decided struct {
	step         authorisation.Step
	body, person uuid.UUID
}

// decidedAt is when the last step of a proceeding was decided.
func (p proceeding) decidedAt() time.Time {
	return p.at.Add(time.Duration(len(p.decisions)) * time.Hour)
}

func (s *scheme) layProceeding(b *batch, p proceeding) uuid.UUID {
	table := string(p.kind)
	id := s.id(table, p.n, p.at)
	var due, key any
	if day, missing := s.policies.Calendar.Deadline(authorisation.DayOf(p.at), s.policies.Deadlines[p.kind]); !missing {
		due = day.String()
	}
	hash := ""
	if p.key != "" {
		key, hash = p.key, fingerprint(p.key)
	}
	b.add("proceedings", id, p.at, 1+len(p.decisions), p.kind, authorisation.StateApproved, p.subject, p.subjectName, jsonOf(p.application), jsonOf(p.evidence),
		due, p.decidedAt(), key, hash, p.applicant, p.submitter)
	for i, d := range p.decisions {
		at := p.at.Add(time.Duration(i+1) * time.Hour)
		b.add("requirements", s.id(table+" requirement", p.n*4+i, p.at), p.at, d.step, false, id, d.body)
		b.add("decisions", s.id(table+" decision", p.n*4+i, at), at, d.step, authorisation.OutcomeApprove, "合成：符合要求", jsonOf([]uuid.UUID(nil)), id, d.body, d.person)
	}
	return id
}
