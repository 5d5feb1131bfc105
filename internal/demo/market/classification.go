package market

import (
	"slices"

	"gongshu/internal/authorisation"
)

// class is one way of classifying an item; the classes below are the ones in use.
type class struct {
	grade       authorisation.Grade
	linkage     authorisation.Linkage
	sensitivity authorisation.Sensitivity
	protections []authorisation.Protection
}

var (
	// open is about nobody and public anyway; plain is about bodies or things and for internal use.
	open  = class{authorisation.GradeGeneral, authorisation.LinkageNone, authorisation.SensitivityPublic, nil}
	plain = class{authorisation.GradeGeneral, authorisation.LinkageNone, authorisation.SensitivityInternal, nil}
	// linked describes a person without naming it (S18: anonymised before it is granted).
	linked = class{authorisation.GradeGeneral, authorisation.LinkageLinked, authorisation.SensitivitySensitive,
		[]authorisation.Protection{authorisation.ProtectionAnonymised}}
	// named is a person's name or share, which the catalogue already offers masked only.
	named = class{authorisation.GradeGeneral, authorisation.LinkageLinked, authorisation.SensitivitySensitive,
		[]authorisation.Protection{authorisation.ProtectionMasked, authorisation.ProtectionAnonymised}}
	// located is where a household's land lies: precise geography is important data (GB/T 43697).
	located = class{authorisation.GradeImportant, authorisation.LinkageLinked, authorisation.SensitivitySensitive,
		[]authorisation.Protection{authorisation.ProtectionAnonymised}}
	// coded singles a person out, or is its illness or default (CITY 9.2: all three protections).
	coded = class{authorisation.GradeGeneral, authorisation.LinkageHigh, authorisation.SensitivitySensitive,
		[]authorisation.Protection{authorisation.ProtectionMasked, authorisation.ProtectionAnonymised, authorisation.ProtectionEncrypted}}
)

type classified struct {
	item string
	as   class
}

// register is the classification of the first batch, in the order of the catalogue. frequency is stated where it says 定期.
var register = []struct {
	unit, resource string
	frequency      authorisation.UpdateFrequency
	items          []classified
}{
	{health, "居民健康档案库", authorisation.Monthly, []classified{
		{"诊断时间", linked}, {"疾病编码(ICD-11)", linked}, {"检查影像编号", coded}, {"用药剂量", linked}, {"医保结算金额", linked}, {"手术记录编号", coded}}},
	{health, "传统医学信息库", authorisation.Annual, []classified{
		{"医学名称", open}, {"历史沿革", open}, {"名医名家", linked}, {"典型病例", linked}, {"相关研究", open}, {"教育机构", open}}},
	{marketBody, "企业信用信息库", "", []classified{
		{"统一社会信用代码", plain}, {"法人代表姓名", named}, {"注册资本", plain}, {"股权结构", named}, {"行政处罚记录", plain}}},
	{development, "严重失信主体名单", "", []classified{
		{"区县市", open}, {"企业名称", open}, {"统一社会信用代码", open}, {"来源部门", open}, {"处罚部门", open}, {"处罚内容", open},
		{"黑名单类型", open}, {"处罚时间", open}, {"案号", open}}},
	{busGroup, "公交线路客流数据", "", []classified{
		{"线路编号", open}, {"站点名称", open}, {"上车人次", plain}, {"早晚高峰时段统计", plain}}},
	{humanRes, "社保参保信息库", authorisation.Monthly, []classified{
		{"参保人编码", coded}, {"缴费基数", linked}, {"参保类型", linked}, {"累计缴费月数", linked}, {"待遇领取金额", plain}}},
	{culture, "文旅教育资源库", authorisation.SemiAnnual, []classified{
		{"基地名称", open}, {"地理位置", open}, {"接待容量", open}, {"课程类型", open}, {"合作学校名单", plain}}},
	{humanRes, "社保医保关联信息库", "", []classified{
		{"参保人编码", coded}, {"养老保险缴费基数", linked}, {"医保报销比例", linked}, {"大病保险记录", coded}, {"是否失信人标识", coded}}},
	{agriculture, "耕地承包经营权数据库", authorisation.Monthly, []classified{
		{"承包方编码", coded}, {"地块位置", located}, {"亩数", plain}, {"承包期限", plain}, {"流转状态", plain}, {"流转价格", plain}}},
	{agriculture, "新型农业主体经营库", authorisation.Monthly, []classified{
		{"主体类型", plain}, {"年收入区间", linked}, {"主营品类", plain}, {"种植面积", plain}}},
	{land, "农村不动产登记库", "", []classified{
		{"竣工日期", plain}, {"房屋结构", plain}, {"宗地面积(㎡)", plain}, {"宗地面积(亩)", plain}}},
	{marketBody, "涉农企业工商信息库", "", []classified{
		{"统一社会信用代码", plain}, {"注册资本", plain}, {"股权结构", named}, {"行政处罚记录", plain}, {"经营异常名录状态", open}}},
	{health, "农村健康保障库", "", []classified{
		{"居民健康档案编号", coded}, {"慢性病类型", linked}, {"随访记录", coded}, {"医保结算金额", linked}}},
}

// Classifications returns how every item of the first batch is classified, in the order of the catalogue.
// It is a plausible example and no decision of any source unit.
func Classifications() []Classification {
	var all []Classification
	for _, r := range register {
		for _, i := range r.items {
			all = append(all, Classification{r.unit, r.resource, i.item, i.as.grade, i.as.linkage, i.as.sensitivity, slices.Clone(i.as.protections)})
		}
	}
	return all
}

// Frequencies returns the code stated for every resource whose catalogue says 定期, in the order of the catalogue.
func Frequencies() []Frequency {
	var all []Frequency
	for _, r := range register {
		if r.frequency != "" {
			all = append(all, Frequency{r.unit, r.resource, r.frequency})
		}
	}
	return all
}
