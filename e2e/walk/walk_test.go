// Package walk walks the whole path over HTTP, through the program as it is built, on SQLite and on Postgres:
// from an empty market and a first administrator to a metered call and everyone's share.
package walk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongshu/data"
	"gongshu/e2e/program"
	"gongshu/internal/authorisation"
	"gongshu/internal/testdb"
)

const password = "a long enough passphrase"

// walk is one market and the people in it, by the name of their part.
type walk struct {
	t       *testing.T
	program *program.Program
	as      map[string]*client
	ids     map[string]string
	codes   int
}

func TestFromAnEmptyMarketToEveryonesShare(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		w := &walk{t: t, program: program.Start(t, url), as: map[string]*client{}, ids: map[string]string{}}
		w.found()
		w.importCatalogue()
		w.appoint()
		w.signUp("operator", "甲数据运营有限公司", "OPERATOR", "PUBLISHER", "FINANCE", "ADMINISTRATOR")
		w.signUp("buyer", "乙银行", "BUYER", "BUYER", "ADMINISTRATOR")
		w.signUp("welfare", "丙公益基金会", "BUYER", "BUYER", "ADMINISTRATOR")
		w.publishResource()
		w.signAgreement()
		w.grant()
		w.draftProduct()
		w.list()
		w.find()
		w.quoteForEveryPurpose()
		w.buyAndCall()
		w.applyAndCall()
		w.share()
		w.suspend()
		w.program.Reconcile()
	})
}

// creditCode makes a valid code of its own for every organisation, of its kind of body.
func (w *walk) creditCode(legalForm string) string {
	w.codes++
	kind := map[string]string{"ADMINISTRATIVE_ORGAN": "11", "ENTERPRISE": "91", "SOCIAL_ORGANISATION": "52"}[legalForm]
	code, err := authorisation.NewCreditCode(fmt.Sprintf("%s510700MA6WALK%02d", kind, w.codes))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(code)
}

func (w *walk) signIn(part, email string) *client {
	w.t.Helper()
	c := newClient(w.t, w.program.Base)
	c.do(`mutation($e: String!, $p: String!) { signIn(input: {email: $e, password: $p}) { viewer { organisation { name } } errors { code } } }`,
		variables{"e": email, "p": password})
	w.as[part] = c
	return c
}

// found makes the platform by command, as the README says, and signs its administrator in.
func (w *walk) found() {
	admin(w.t, w.program, w.creditCode("ENTERPRISE"), "platform@walk.example", password)
	w.signIn("platform", "platform@walk.example")
}

// importCatalogue loads the real first batch, by the platform; a second time changes nothing.
func (w *walk) importCatalogue() {
	const document = `mutation($d: String!) { catalogueImport(document: $d) { added changed unchanged errors { code field } } }`
	c := w.as["platform"]
	c.do(document, variables{"d": string(data.CatalogueBatch1)}).want("added", "13")
	again := c.do(document, variables{"d": string(data.CatalogueBatch1)})
	again.want("added", "0")
	again.want("unchanged", "13")
}

// join invites a person into an organisation and accepts for them.
func (w *walk) join(by *client, part, organisation string, roles ...string) {
	w.t.Helper()
	invited := by.do(`mutation($o: ID!, $i: MemberInviteInput!) { memberInvite(organisationId: $o, input: $i) { token errors { code field } } }`,
		variables{"o": organisation, "i": variables{"email": part + "@walk.example", "roles": roles}})
	c := newClient(w.t, w.program.Base)
	c.do(`mutation($i: InvitationAcceptInput!) { invitationAccept(input: $i) { viewer { roles } errors { code field } } }`,
		variables{"i": variables{"token": invited.text("token"), "displayName": part, "password": password}})
	w.signIn(part, part+"@walk.example")
}

// appoint verifies the public bodies: those that the catalogue named, and the registrar and an industry authority.
func (w *walk) appoint() {
	platform := w.as["platform"]
	bodies := map[string]string{}
	for _, edge := range platform.ask(`{ organisations(first: 100) { edges { node { id name } } } }`, nil).list("organisations.edges") {
		bodies[edge.text("node.name")] = edge.text("node.id")
	}
	confirm := func(part, name string, parties ...string) {
		w.ids[part] = bodies[name]
		platform.do(`mutation($id: ID!, $i: OrganisationConfirmInput!) { organisationConfirm(id: $id, input: $i) { organisation { status } errors { code field } } }`,
			variables{"id": bodies[name], "i": variables{"creditCode": w.creditCode("ADMINISTRATIVE_ORGAN"), "legalForm": "ADMINISTRATIVE_ORGAN", "parties": parties, "reason": "by office"}}).
			want("organisation.status", "VERIFIED")
	}
	confirm("agency", "绵阳市数据局", "IMPLEMENTING_AGENCY")
	confirm("source", "市发展改革委", "SOURCE_UNIT")
	for part, party := range map[string]string{"authority": "INDUSTRY_AUTHORITY", "registrar": "REGISTRAR"} {
		w.ids[part] = platform.do(`mutation($i: OrganisationAppointInput!) { organisationAppoint(input: $i) { organisation { id } errors { code field } } }`,
			variables{"i": variables{"name": "演练" + part, "creditCode": w.creditCode("ADMINISTRATIVE_ORGAN"), "legalForm": "ADMINISTRATIVE_ORGAN", "parties": []string{party}, "reason": "by office"}}).
			text("organisation.id")
	}
	w.join(platform, "agency", w.ids["agency"], "ADMINISTRATOR", "PUBLISHER", "APPROVER")
	w.join(w.as["agency"], "security", w.ids["agency"], "SECURITY")
	w.join(platform, "source", w.ids["source"], "ADMINISTRATOR", "PUBLISHER")
	w.join(platform, "authority", w.ids["authority"], "ADMINISTRATOR", "APPROVER")
	w.join(platform, "registrar", w.ids["registrar"], "ADMINISTRATOR", "APPROVER", "PUBLISHER")
}

// signUp signs an organisation up with evidence and has the platform verify it; its person then gets the roles.
func (w *walk) signUp(part, name, party string, roles ...string) {
	w.t.Helper()
	c := newClient(w.t, w.program.Base)
	w.as[part] = c
	form := "ENTERPRISE"
	if part == "welfare" {
		form = "SOCIAL_ORGANISATION"
	}
	w.ids[part] = c.do(`mutation($i: OrganisationSignUpInput!) { organisationSignUp(input: $i) { organisation { id } errors { code field } } }`,
		variables{"i": variables{"name": name, "creditCode": w.creditCode(form), "legalForm": form, "parties": []string{party}, "email": part + "-admin@walk.example", "displayName": part, "password": password}}).
		text("organisation.id")
	document := w.evidence(c, "licence.txt")
	proceeding := c.do(`mutation($i: VerificationApplyInput!) { verificationApply(input: $i) { proceeding { id dueOn calendarMissing } errors { code field } } }`,
		variables{"i": variables{"evidence": []string{document}, "idempotencyKey": "verify-" + part}}).text("proceeding.id")
	w.decide("platform", proceeding, "PLATFORM")
	w.join(c, part, w.ids[part], roles...)
}

func (w *walk) evidence(c *client, name string) string {
	w.t.Helper()
	return c.upload("/uploads/documents?name="+name, "text/plain", "Evidence for the walk, synthetic.\n").text("id")
}

func (w *walk) decide(part, proceeding, step string) {
	w.t.Helper()
	w.as[part].do(`mutation($id: ID!, $i: ProceedingDecideInput!) { proceedingDecide(id: $id, input: $i) { proceeding { state } errors { code message } } }`,
		variables{"id": proceeding, "i": variables{"step": step, "outcome": "APPROVE", "reason": "in order"}})
}

// publishResource brings one real resource from draft to published.
func (w *walk) publishResource() {
	domains := w.as["agency"].ask(`{ domains { id name } }`, nil)
	for _, d := range domains.list("domains") {
		if d.text("name") == "普惠金融" {
			w.ids["domain"] = d.text("id")
		}
	}
	w.as["agency"].do(`mutation($id: ID!, $i: DomainAssignInput!) { domainAssign(id: $id, input: $i) { domain { industryAuthority { id } } errors { code } } }`,
		variables{"id": w.ids["domain"], "i": variables{"industryAuthorityId": w.ids["authority"], "themeCode": "D0400"}})
	source := w.as["source"]
	resource := source.ask(`query($s: ID!) { resources(filter: {sourceUnitId: $s}) { totalCount edges { node { id name status updateFrequency items { id name grade } } } } }`,
		variables{"s": w.ids["source"]}).at("resources.edges.0.node")
	resource.want("name", "严重失信主体名单")
	resource.want("status", "DRAFT")
	w.ids["resource"] = resource.text("id")
	if code := source.refused(`mutation($id: ID!) { resourceRegister(id: $id) { errors { code } } }`, variables{"id": w.ids["resource"]}); code != "RESOURCE_NOT_CLASSIFIED" {
		w.t.Fatalf("an unclassified resource was answered %q", code)
	}
	var items []variables
	for _, item := range resource.list("items") {
		w.ids[item.text("name")] = item.text("id")
		items = append(items, variables{"itemId": item.text("id"), "grade": "GENERAL", "linkage": "NONE", "sensitivity": "PUBLIC", "protections": []string{}})
	}
	source.do(`mutation($id: ID!, $items: [ItemClassification!]!) { resourceClassify(id: $id, items: $items) { resource { items { grade } } errors { code field } } }`,
		variables{"id": w.ids["resource"], "items": items})
	proceeding := source.do(`mutation($id: ID!) { resourceRegister(id: $id) { proceeding { id } errors { code } } }`, variables{"id": w.ids["resource"]}).text("proceeding.id")
	desk := w.as["authority"].ask(`{ reviewDesk { edges { node { id kind allowedSteps } } } }`, nil)
	desk.want("reviewDesk.edges.0.node.id", proceeding)
	desk.want("reviewDesk.edges.0.node.allowedSteps.0", "INDUSTRY")
	w.decide("authority", proceeding, "INDUSTRY")
	w.as["agency"].do(`mutation($i: BatchPublishInput!) { batchPublish(input: $i) { resources { status } errors { code } } }`,
		variables{"i": variables{"title": "第一批", "sourceDocument": "绵数发〔2025〕14号", "resourceIds": []string{w.ids["resource"]}}}).
		want("resources.0.status", "PUBLISHED")
}

func (w *walk) signAgreement() {
	var clauses []variables
	for _, clause := range authorisation.Clause("").Values() {
		clauses = append(clauses, variables{"clause": clause, "text": "约定 " + clause})
	}
	agency := w.as["agency"]
	w.ids["agreement"] = agency.do(`mutation($i: AgreementDraftInput!) { agreementDraft(input: $i) { agreement { id status } errors { code field } } }`,
		variables{"i": variables{"operatorId": w.ids["operator"], "number": "WALK-1", "clauses": clauses, "publicisedOn": "2026-01-05"}}).text("agreement.id")
	agency.do(`mutation($id: ID!) { agreementSign(id: $id) { agreement { status startsOn endsOn } errors { code } } }`, variables{"id": w.ids["agreement"]}).
		want("agreement.status", "OPERATING")
}

func (w *walk) grant() {
	operator := w.as["operator"]
	day := authorisation.DayOf(time.Now())
	applied := operator.do(`mutation($i: GrantApplyInput!) { grantApply(input: $i) { grant { id } proceeding { id } errors { code field } } }`,
		variables{"i": variables{"agreementId": w.ids["agreement"], "itemIds": w.items(), "purposes": []string{"GOVERNANCE", "WELFARE", "INDUSTRY", "SECTOR"},
			"startsOn": day.String(), "endsOn": day.AddMonths(12).String(), "note": "失信名单核验产品", "idempotencyKey": "grant-1"}})
	w.ids["grant"] = applied.text("grant.id")
	w.decide("authority", applied.text("proceeding.id"), "INDUSTRY")
	w.decide("agency", applied.text("proceeding.id"), "AGENCY")
	operator.ask(`{ grants { edges { node { status } } } }`, nil).want("grants.edges.0.node.status", "ACTIVE")
}

func (w *walk) items() []string {
	return []string{w.ids["企业名称"], w.ids["统一社会信用代码"], w.ids["黑名单类型"], w.ids["区县市"]}
}

// draftProduct makes a product with plan, cap, rule and dataset; at first everything is in its way.
func (w *walk) draftProduct() {
	operator := w.as["operator"]
	columns := []variables{}
	for name, label := range map[string]string{"name": "企业名称", "credit_code": "统一社会信用代码", "kind": "黑名单类型", "district": "区县市"} {
		columns = append(columns, variables{"name": name, "label": label, "type": "TEXT", "description": label + "（合成数据）", "sensitivity": "PUBLIC", "filterable": true, "required": true})
	}
	sample := make([]string, len(columns))
	for i := range sample {
		sample[i] = "***"
	}
	w.ids["product"] = operator.do(`mutation($i: ProductDraftInput!) { productDraft(input: $i) { product { id status identifier obstacles { code } } errors { code field message } } }`,
		variables{"i": variables{"name": "失信主体名单核验", "nameEn": "Untrustworthy entity check", "description": "核对企业是否列入严重失信主体名单（合成数据）", "domainId": w.ids["domain"],
			"delivery": "API", "updateFrequency": "REAL_TIME", "itemIds": w.items(), "dictionary": columns, "sample": [][]string{sample}}}).text("product.id")
	w.as["agency"].ask(`query($id: ID!) { product(id: $id) { id } }`, variables{"id": w.ids["product"]})
	w.ids["plan"] = operator.do(`mutation($p: ID!, $i: PlanInput!) { planAdd(productId: $p, input: $i) { plan { id } errors { code field } } }`,
		variables{"p": w.ids["product"], "i": variables{"name": "按次", "mode": "PER_CALL", "scheme": "GRADUATED", "termMonths": 12, "trial": true,
			"bands": []variables{{"upTo": 100, "rate": "0.60"}, {"rate": "0.333"}}}}).text("plan.id")
	operator.do(`mutation($id: ID!, $i: AllocationAgreeInput!) { allocationAgree(productId: $id, input: $i) { allocationRule { number } errors { code field } } }`,
		variables{"id": w.ids["product"], "i": variables{"sourceDocument": "收益分配协议 1", "parts": []variables{
			{"contributorId": w.ids["source"], "weight": 3, "basis": "数据提供", "channel": "PROFIT"},
			{"contributorId": w.ids["operator"], "weight": 7, "basis": "加工运营", "channel": "PROFIT"},
		}}})
	var csv strings.Builder
	for i, c := range columns {
		if i > 0 {
			csv.WriteByte(',')
		}
		csv.WriteString(c["name"].(string))
	}
	csv.WriteByte('\n')
	for i := range 250 {
		cells := map[string]string{"name": fmt.Sprintf("合成企业%04d", i), "credit_code": w.creditCodeRow(i), "kind": "失信被执行人", "district": []string{"涪城区", "游仙区"}[i%2]}
		for j, c := range columns {
			if j > 0 {
				csv.WriteByte(',')
			}
			csv.WriteString(cells[c["name"].(string)])
		}
		csv.WriteByte('\n')
	}
	job := operator.upload("/uploads/datasets/"+w.ids["product"], "text/csv", csv.String()).text("job.id")
	const progress = `query($id: ID!) { job(id: $id) { state dataset { accepted } refusals { code } } }`
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		became := operator.ask(progress, variables{"id": job})
		if state := became.text("job.state"); state == "DONE" {
			became.want("job.dataset.accepted", "true")
			return
		} else if state != "QUEUED" && state != "RUNNING" || time.Now().After(until) {
			w.t.Fatalf("the upload is %s: %v", state, became)
		}
	}
}

func (w *walk) creditCodeRow(i int) string {
	code, err := authorisation.NewCreditCode(fmt.Sprintf("91510700MA6RAW%03d", i))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(code)
}

// list brings the product through review and registration onto the market; before, obstacles and refusal agree.
func (w *walk) list() {
	operator := w.as["operator"]
	const listDocument = `mutation($id: ID!) { productList(id: $id) { product { status } errors { code } } }`
	id := variables{"id": w.ids["product"]}
	if code := operator.refused(listDocument, id); code != "PRODUCT_NOT_LISTABLE" {
		w.t.Fatalf("a product that nobody reviewed was answered %q", code)
	}
	document := w.evidence(operator, "compliance.txt")
	proceeding := operator.do(`mutation($id: ID!, $e: [ID!]!) { productSubmit(id: $id, evidence: $e) { proceeding { id } errors { code message } } }`,
		variables{"id": w.ids["product"], "e": []string{document}}).text("proceeding.id")
	w.decide("security", proceeding, "SECURITY")
	w.decide("agency", proceeding, "COMPLIANCE")
	registrar := w.as["registrar"]
	proof := w.evidence(registrar, "code.txt")
	registrar.do(`mutation($id: ID!, $i: RegistrationRecordInput!) { registrationRecord(productId: $id, input: $i) { product { registrationCode } errors { code field } } }`,
		variables{"id": w.ids["product"], "i": variables{"code": "SC-WALK-0001", "codedOn": authorisation.DayOf(time.Now()).String(), "evidence": proof}})
	if rest := operator.ask(`query($id: ID!) { product(id: $id) { obstacles { code } canList } }`, id).list("product.obstacles"); len(rest) > 0 {
		w.t.Fatalf("in the way is %v", rest)
	}
	operator.do(listDocument, id).want("product.status", "LISTED")
}

// find searches in Chinese, as nobody in particular, until the index has followed.
func (w *walk) find() {
	nobody := newClient(w.t, w.program.Base)
	const document = `query($q: String!) { products(query: $q) { totalCount edges { node { id name operator { name } plans { name headline { amount } } resources { name sourceUnit { name } } } } facets { name values { value label count } } } }`
	w.eventually("the product is found", func() bool {
		found := nobody.ask(document, variables{"q": "失信名单"}).at("products")
		return found.text("totalCount") == "1" && found.text("edges.0.node.id") == w.ids["product"]
	})
	nobody.ask(document, variables{"q": "公交客流"}).want("products.totalCount", "0")
}

func (w *walk) eventually(what string, so func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if so() {
			return
		}
	}
	w.t.Fatalf("not within 5 s: %s", what)
}

func (w *walk) quoteForEveryPurpose() {
	nobody := newClient(w.t, w.program.Base)
	for purpose, want := range map[string][2]string{
		"GOVERNANCE": {"0.00", "FREE_BY_PURPOSE"}, "WELFARE": {"0.00", "FREE_BY_PURPOSE"},
		// 100 × 0.60 + 50 × 0.333 = 76.65
		"INDUSTRY": {"76.65", "PAID_BY_PURPOSE"}, "SECTOR": {"76.65", "PAID_BY_PURPOSE"},
	} {
		q := nobody.ask(`query($i: QuoteInput!) { quote(input: $i) { quotation { total { amount currency } net { amount } vat { amount } reason lines { rate amount { amount } } } errors { code } } }`,
			variables{"i": variables{"productId": w.ids["product"], "planId": w.ids["plan"], "purpose": purpose, "quantity": 150}}).at("quote.quotation")
		q.want("total.amount", want[0])
		q.want("reason", want[1])
	}
}

// buyAndCall orders, pays twice with one key, and uses what was bought.
func (w *walk) buyAndCall() {
	buyer := w.as["buyer"]
	licence := buyer.ask(`{ licence { version } }`, nil).text("licence.version")
	place := variables{"i": variables{"productId": w.ids["product"], "planId": w.ids["plan"], "purpose": "INDUSTRY", "quantity": 150, "licenceVersion": licence, "idempotencyKey": "order-1"}}
	const placeDocument = `mutation($i: OrderPlaceInput!) { orderPlace(input: $i) { order { id status total { amount } canPay } errors { code field } } }`
	order := buyer.do(placeDocument, place)
	order.want("order.total.amount", "76.65")
	buyer.do(placeDocument, place).want("order.id", order.text("order.id"))
	w.ids["order"] = order.text("order.id")
	const payDocument = `mutation($id: ID!, $k: String!) { orderPay(id: $id, input: {provider: "test", idempotencyKey: $k}) { order { status } payment { id state } entitlement { id quotaCalls } errors { code } } }`
	paid := buyer.do(payDocument, variables{"id": w.ids["order"], "k": "pay-1"})
	paid.want("order.status", "PAID")
	paid.want("entitlement.quotaCalls", "150")
	buyer.do(payDocument, variables{"id": w.ids["order"], "k": "pay-1"}).want("payment.id", paid.text("payment.id"))
	if code := buyer.refused(payDocument, variables{"id": w.ids["order"], "k": "pay-2"}); code != "ORDER_NOT_PAYABLE" {
		w.t.Fatalf("paying twice was answered %q", code)
	}
	secret := w.credential(buyer, paid.text("entitlement.id"), "INDUSTRY")
	entitlement := buyer.ask(`query($id: ID!) { entitlement(id: $id) { usedCalls usages { edges { node { idempotencyKey rowCount } } } } }`, variables{"id": paid.text("entitlement.id")})
	entitlement.want("entitlement.usedCalls", "1")
	if status, _, _ := buyer.call(w.rows(), secret, map[string]string{"Gongshu-Purpose": "WELFARE"}); status != 403 {
		w.t.Fatalf("a call for another purpose was answered %d", status)
	}
}

func (w *walk) rows() string { return "/data/v1/products/" + w.ids["product"] + "/rows?first=10" }

// credential issues one and makes a call with it, twice under one key, which is metered once.
func (w *walk) credential(c *client, entitlement, purpose string) string {
	w.t.Helper()
	secret := c.do(`mutation($id: ID!, $i: CredentialIssueInput!) { credentialIssue(entitlementId: $id, input: $i) { secret credential { hint } errors { code } } }`,
		variables{"id": entitlement, "i": variables{"idempotencyKey": "credential-" + purpose}}).text("secret")
	var first string
	for range 2 {
		status, headers, body := c.call(w.rows()+"&district=游仙区", secret, map[string]string{"Gongshu-Purpose": purpose, "Idempotency-Key": "call-" + purpose})
		if status != 200 {
			w.t.Fatalf("a call was answered %d %s", status, body)
		}
		var page struct {
			Rows []map[string]any `json:"rows"`
		}
		if err := json.Unmarshal(body, &page); err != nil || len(page.Rows) != 10 || page.Rows[0]["district"] != "游仙区" {
			w.t.Fatalf("the page is %s, %v", body, err)
		}
		if first == "" {
			first = headers.Get("X-Usage-Id")
		} else if headers.Get("X-Usage-Id") != first {
			w.t.Fatal("the same key was metered twice")
		}
	}
	if status, _, _ := c.call(w.rows(), "gsk_wrong", nil); status != 401 {
		w.t.Fatalf("a wrong credential was answered %d", status)
	}
	return secret
}

// applyAndCall gets the same product free for welfare, and loses it by using it otherwise.
func (w *walk) applyAndCall() {
	welfare := w.as["welfare"]
	licence := welfare.ask(`{ licence { version } }`, nil).text("licence.version")
	document := w.evidence(welfare, "scenario.txt")
	proceeding := welfare.do(`mutation($i: FreeUseApplyInput!) { freeUseApply(input: $i) { proceeding { id state } errors { code field } } }`,
		variables{"i": variables{"productId": w.ids["product"], "purpose": "WELFARE", "scenario": "核对捐赠合作企业的信用情况，保护受助人。", "evidence": []string{document}, "licenceVersion": licence, "idempotencyKey": "free-1"}}).text("proceeding.id")
	w.decide("agency", proceeding, "AGENCY")
	entitlement := welfare.ask(`query($id: ID!) { proceeding(id: $id) { state entitlement { id purpose usable } } }`, variables{"id": proceeding})
	entitlement.want("proceeding.state", "APPROVED")
	secret := w.credential(welfare, entitlement.text("proceeding.entitlement.id"), "WELFARE")
	if status, _, _ := welfare.call(w.rows(), secret, map[string]string{"Gongshu-Purpose": "INDUSTRY"}); status != 403 {
		w.t.Fatalf("drift was answered %d", status)
	}
	welfare.ask(`query($id: ID!) { entitlement(id: $id) { status } }`, variables{"id": entitlement.text("proceeding.entitlement.id")}).want("entitlement.status", "SUSPENDED")
}

// share reads who earned what: 76.65 with 6 % VAT is 72.31 net, of which 3/10 and 7/10.
func (w *walk) share() {
	report := w.as["operator"].ask(`{ revenueReport { gross { amount } vat { amount } net { amount } rows { payee amount { amount } contributor { name } } } }`, nil).at("revenueReport")
	report.want("gross.amount", "76.65")
	report.want("net.amount", "72.31")
	report.want("vat.amount", "4.34")
	shares := map[string]string{}
	for _, row := range report.list("rows") {
		shares[row.text("payee")] = row.text("amount.amount")
	}
	if shares["TREASURY"] != "21.69" || shares["CONTRIBUTOR"] != "50.62" {
		w.t.Fatalf("the shares are %v", shares)
	}
	w.as["source"].ask(`{ revenueReport { rows { amount { amount } } } }`, nil).want("revenueReport.rows.0.amount.amount", "21.69")
}

// suspend takes the resource off: the product leaves the market at once and the index within 5 s; the order stays readable.
func (w *walk) suspend() {
	w.as["source"].do(`mutation($id: ID!) { resourceSuspend(id: $id, reason: "数据质量核查") { resource { status } errors { code } } }`, variables{"id": w.ids["resource"]})
	nobody := newClient(w.t, w.program.Base)
	if got := nobody.ask(`query($id: ID!) { product(id: $id) { id } }`, variables{"id": w.ids["product"]}).at("product").data; got != nil {
		w.t.Fatal("a product on a suspended resource is still shown")
	}
	w.as["operator"].ask(`query($id: ID!) { product(id: $id) { status suspensionCode } }`, variables{"id": w.ids["product"]}).want("product.suspensionCode", "RESOURCE_NOT_PUBLISHED")
	w.eventually("the index lets it go", func() bool {
		return nobody.ask(`{ products(query: "失信名单") { totalCount } }`, nil).text("products.totalCount") == "0"
	})
	w.as["buyer"].ask(`query($id: ID!) { order(id: $id) { status product { name } } }`, variables{"id": w.ids["order"]}).want("order.status", "PAID")
}
