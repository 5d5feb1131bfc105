package market

import (
	"fmt"

	"gongshu/internal/authorisation"
)

// The organisations of the demo by name. The agency and the source units are those of the catalogue.
const (
	Agency         = "绵阳市数据局"
	Platform       = "绵阳公数平台演示运维中心"
	Operator       = "绵阳数据运营演示有限公司"
	Vendor         = "绵阳数商演示科技有限公司"
	Bank           = "涪江演示银行股份有限公司"
	Insurer        = "富乐演示农业保险有限公司"
	Welfare        = "绵阳乡村健康公益演示基金会"
	Registrar      = "四川公共数据资源登记演示中心"
	PriceAuthority = "四川省发展改革部门（演示）"

	TransportAuthority = "绵阳市交通运输主管部门（演示）"
	EducationAuthority = "绵阳市教育体育主管部门（演示）"
	FinanceAuthority   = "绵阳市地方金融主管部门（演示）"

	health      = "市卫生健康委"
	marketBody  = "市市场监管局"
	development = "市发展改革委"
	busGroup    = "绵阳公交集团"
	humanRes    = "市人社局"
	culture     = "市文广旅局"
	agriculture = "市农业农村局"
	land        = "市自然资源和规划局"
)

// Organisations returns everybody who takes part, always in the same order and with the same credit codes.
// The plan gives the agency and the source units no credit code, so that theirs are synthetic too.
func Organisations() []Organisation {
	const (
		organ       = "ADMINISTRATIVE_ORGAN"
		institution = "PUBLIC_INSTITUTION"
		enterprise  = "ENTERPRISE"
		social      = "SOCIAL_ORGANISATION"
	)
	all := []Organisation{
		{Name: Platform, NameEn: "Mianyang Gongshu Platform Demo Centre", Parties: []string{"PLATFORM"}, LegalForm: institution},
		{Name: Agency, NameEn: "Mianyang Municipal Data Bureau", Parties: []string{"IMPLEMENTING_AGENCY"}, LegalForm: organ},
		{Name: Operator, NameEn: "Mianyang Data Operation Demo Co., Ltd.", Parties: []string{"OPERATOR"}, LegalForm: enterprise},
		{Name: Vendor, NameEn: "Mianyang Data Vendor Demo Technology Co., Ltd.", Parties: []string{"DATA_VENDOR", "BUYER"}, LegalForm: enterprise},
		{Name: Bank, NameEn: "Fujiang Demo Bank Co., Ltd.", Parties: []string{"BUYER"}, LegalForm: enterprise},
		{Name: Insurer, NameEn: "Fule Demo Agricultural Insurance Co., Ltd.", Parties: []string{"BUYER"}, LegalForm: enterprise},
		{Name: Welfare, NameEn: "Mianyang Rural Health Welfare Demo Foundation", Parties: []string{"BUYER"}, LegalForm: social},
		{Name: Registrar, NameEn: "Sichuan Public Data Resource Registration Demo Centre", Parties: []string{"REGISTRAR"}, LegalForm: institution},
		{Name: PriceAuthority, NameEn: "Sichuan Development and Reform Authority (demo)", Parties: []string{"PRICE_AUTHORITY"}, LegalForm: organ},
		{Name: health, NameEn: "Municipal Health Commission", Parties: []string{"SOURCE_UNIT", "INDUSTRY_AUTHORITY"}, LegalForm: organ},
		{Name: marketBody, NameEn: "Municipal Administration for Market Regulation", Parties: []string{"SOURCE_UNIT"}, LegalForm: organ},
		{Name: development, NameEn: "Municipal Development and Reform Commission", Parties: []string{"SOURCE_UNIT"}, LegalForm: organ},
		{Name: busGroup, NameEn: "Mianyang Bus Group", Parties: []string{"SOURCE_UNIT"}, LegalForm: enterprise},
		{Name: humanRes, NameEn: "Municipal Human Resources and Social Security Bureau", Parties: []string{"SOURCE_UNIT"}, LegalForm: organ},
		{Name: culture, NameEn: "Municipal Bureau of Culture, Radio, Television and Tourism", Parties: []string{"SOURCE_UNIT"}, LegalForm: organ},
		{Name: agriculture, NameEn: "Municipal Bureau of Agriculture and Rural Affairs", Parties: []string{"SOURCE_UNIT", "INDUSTRY_AUTHORITY"}, LegalForm: organ},
		{Name: land, NameEn: "Municipal Bureau of Natural Resources and Planning", Parties: []string{"SOURCE_UNIT"}, LegalForm: organ},
		{Name: TransportAuthority, NameEn: "Mianyang Transport Authority (demo)", Parties: []string{"INDUSTRY_AUTHORITY"}, LegalForm: organ},
		{Name: EducationAuthority, NameEn: "Mianyang Education and Sports Authority (demo)", Parties: []string{"INDUSTRY_AUTHORITY"}, LegalForm: organ},
		{Name: FinanceAuthority, NameEn: "Mianyang Financial Authority (demo)", Parties: []string{"INDUSTRY_AUTHORITY"}, LegalForm: organ},
	}
	kinds := map[string]string{organ: "11", institution: "12", enterprise: "91", social: "53"}
	for i := range all {
		all[i].CreditCode = CreditCode(kinds[all[i].LegalForm]+"510700", i+1)
	}
	return all
}

// CreditCode is a valid credit code that shows it is synthetic: its organisation number is DEM and a serial number.
// The first eight characters are the kind of body and its region (GB 32100).
func CreditCode(kindAndRegion string, serial int) string {
	number := fmt.Sprintf("DEM%05d", serial)
	code, err := authorisation.NewCreditCode(kindAndRegion + number + organisationCheck(number))
	if err != nil {
		panic("demo market: " + err.Error()) // all of it is of the alphabet
	}
	return string(code)
}

// organisationCheck is the check character of an organisation number (GB 11714), the 17th of a credit code.
func organisationCheck(number string) string {
	sum := 0
	for i, weight := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		value := int(number[i] - '0')
		if number[i] >= 'A' {
			value = int(number[i]-'A') + 10
		}
		sum += value * weight
	}
	switch check := 11 - sum%11; check {
	case 10:
		return "X"
	case 11:
		return "0"
	default:
		return fmt.Sprint(check)
	}
}

// Domains returns the domains of the first batch with the bodies that answer for them in the demo.
// The theme code table is known in part only: 普惠金融 is filed under 信用, and 教育服务 under 社会保障, the theme of most of its items.
func Domains() []Domain {
	return []Domain{
		{"卫生健康", "C0200", health},
		{"普惠金融", "D0400", FinanceAuthority},
		{"交通运输", "B0300", TransportAuthority},
		{"教育服务", "C0300", EducationAuthority},
		{"农业农村", "B0100", agriculture},
	}
}

// People returns everybody who can sign in. Whoever registers a resource for a body never approves for it.
func People() []Person {
	return []Person{
		one("platform.admin", "平台管理员", Platform, "ADMINISTRATOR", "APPROVER"),
		one("platform.reviewer", "平台审核员", Platform, "REVIEWER"),
		one("platform.finance", "平台财务", Platform, "FINANCE"),
		one("platform.auditor", "平台审计员", Platform, "AUDITOR"),
		one("agency.admin", "数据局管理员", Agency, "ADMINISTRATOR"),
		one("agency.reviewer", "数据局经办人", Agency, "REVIEWER", "PUBLISHER"),
		one("agency.approver", "数据局审批人", Agency, "APPROVER"),
		one("agency.security", "数据局安全审查人", Agency, "APPROVER", "SECURITY"),
		one("agency.auditor", "数据局监督员", Agency, "AUDITOR"),
		one("operator.admin", "运营机构管理员", Operator, "ADMINISTRATOR", "MEMBER"),
		one("operator.publisher", "运营机构产品经理", Operator, "PUBLISHER"),
		one("operator.reviewer", "运营机构合规审查人", Operator, "REVIEWER", "APPROVER"),
		one("operator.security", "运营机构安全负责人", Operator, "SECURITY", "APPROVER"),
		one("operator.finance", "运营机构财务", Operator, "FINANCE"),
		one("operator.controller", "运营机构财务复核", Operator, "FINANCE"),
		one("operator.auditor", "运营机构内审", Operator, "AUDITOR"),
		one("vendor.admin", "数商管理员", Vendor, "ADMINISTRATOR", "PUBLISHER"),
		one("vendor.finance", "数商财务", Vendor, "FINANCE"),
		one("bank.admin", "银行管理员", Bank, "ADMINISTRATOR"),
		one("bank.buyer", "银行采购人", Bank, "BUYER", "MEMBER"),
		one("bank.finance", "银行财务", Bank, "FINANCE"),
		one("insurer.admin", "农险管理员", Insurer, "ADMINISTRATOR", "BUYER"),
		one("insurer.member", "农险分析员", Insurer, "MEMBER"),
		one("insurer.finance", "农险财务", Insurer, "FINANCE"),
		one("welfare.admin", "基金会管理员", Welfare, "ADMINISTRATOR", "BUYER"),
		one("welfare.member", "基金会项目官员", Welfare, "MEMBER"),
		one("registrar.reviewer", "登记受理人", Registrar, "ADMINISTRATOR", "REVIEWER"),
		one("registrar.approver", "登记审核人", Registrar, "APPROVER"),
		one("price.reviewer", "价格经办人", PriceAuthority, "ADMINISTRATOR", "REVIEWER"),
		one("price.approver", "价格审批人", PriceAuthority, "APPROVER"),
		one("health.source", "卫健委数据管理员", health, "ADMINISTRATOR", "PUBLISHER"),
		one("health.authority", "卫健委行业审批人", health, "REVIEWER", "APPROVER"),
		one("market-regulation.source", "市场监管局数据管理员", marketBody, "ADMINISTRATOR", "PUBLISHER"),
		one("development.source", "发改委数据管理员", development, "ADMINISTRATOR", "PUBLISHER"),
		one("bus.source", "公交集团数据管理员", busGroup, "ADMINISTRATOR", "PUBLISHER", "FINANCE"),
		one("human-resources.source", "人社局数据管理员", humanRes, "ADMINISTRATOR", "PUBLISHER"),
		one("culture.source", "文广旅局数据管理员", culture, "ADMINISTRATOR", "PUBLISHER"),
		one("agriculture.source", "农业农村局数据管理员", agriculture, "ADMINISTRATOR", "PUBLISHER"),
		one("agriculture.authority", "农业农村局行业审批人", agriculture, "REVIEWER", "APPROVER"),
		one("land.source", "自然资源局数据管理员", land, "ADMINISTRATOR", "PUBLISHER"),
		one("transport.authority", "交通行业审批人", TransportAuthority, "ADMINISTRATOR", "REVIEWER", "APPROVER"),
		one("education.authority", "教育行业审批人", EducationAuthority, "ADMINISTRATOR", "REVIEWER", "APPROVER"),
		one("finance.authority", "金融行业审批人", FinanceAuthority, "ADMINISTRATOR", "REVIEWER", "APPROVER"),
		// One person of two organisations: what may be done depends on whom it is done as.
		{Email: "adviser@demo.gongshu.example", DisplayName: "数据顾问（演示）", Memberships: []Membership{
			{Vendor, []string{"MEMBER"}}, {Bank, []string{"BUYER"}},
		}},
	}
}

func one(mailbox, name, organisation string, roles ...string) Person {
	return Person{
		Email: mailbox + "@demo.gongshu.example", DisplayName: name + "（演示）",
		Memberships: []Membership{{organisation, roles}},
	}
}
