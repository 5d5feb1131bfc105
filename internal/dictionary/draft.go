package dictionary

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongshu/internal/authorisation"
)

// Source is a data item that a column is drafted from.
type Source struct {
	// ID is the item's.
	ID string
	// Name and NameEn are those of the catalogue; Qualifier is what it adds about the item.
	Name, NameEn string
	Qualifier    string
	ResourceName string
	// Masked says that the source unit provides the item masked.
	Masked bool
	// Item carries how it was classified and is protected.
	Item authorisation.Item
}

// Draft drafts a dictionary from data items, one column each in their order, for the operator to go over.
//
// It takes over what the catalogue says (label, qualifier, sensitivity, masking) and guesses the rest from the item's name:
// the column's name from the English one, the type and the unit from how the Chinese one ends, and TEXT where it ends in
// nothing known, as what names or numbers a thing is: a code's leading zeros stay. An item linked to persons is marked as
// a quasi-identifier, and is neither filterable nor less than SENSITIVE; so is one that nobody classified. What is masked is
// text, since it is no number or day any more, and not filterable.
// A draft passes Check as long as it has no more columns than MaxColumns.
func Draft(sources []Source) []Column {
	columns := make([]Column, len(sources))
	taken := map[string]bool{}
	for i, s := range sources {
		g := guess(s.Name)
		linked := s.Item.Linkage != authorisation.LinkageNone
		columns[i] = Column{
			Name: untaken(columnNameOf(s.NameEn, i), taken), Label: s.Name, LabelEn: s.NameEn, Type: g.kind, Unit: g.unit,
			Description: s.description(), Sensitivity: s.Item.Sensitivity, QuasiIdentifier: linked, Filterable: g.filterable && !linked && !s.masked(),
		}
		if s.ID != "" {
			columns[i].ItemIDs = []string{s.ID}
		}
		if linked || s.Item.Sensitivity == "" {
			columns[i].Sensitivity = authorisation.SensitivitySensitive
		}
		if g.kind != Text && s.masked() {
			columns[i].Type, columns[i].Unit = Text, ""
		}
	}
	return columns
}

func (s Source) masked() bool {
	return s.Masked || slices.Contains(s.Item.Protections, authorisation.ProtectionMasked)
}

// description says where the column comes from, and that it comes masked.
func (s Source) description() string {
	text := s.Name
	if s.Qualifier != "" {
		text += "（" + s.Qualifier + "）"
	}
	if s.ResourceName != "" {
		text += "，取自「" + s.ResourceName + "」"
	}
	if s.masked() {
		text += "，已脱敏"
	}
	return text + "。"
}

// ending is what the end of an item's name tells of its values.
type ending struct {
	of         string
	kind       Type
	unit       string
	filterable bool
}

// endings are looked through from the top; the first that a name ends in holds.
var endings = []ending{
	{"区间", Text, "", true},
	{"日期", Date, "", true}, {"时间", DateTime, "", true},
	{"人次", Integer, "人次", false}, {"人数", Integer, "人", false}, {"户数", Integer, "户", false}, {"月数", Integer, "月", false}, {"天数", Integer, "天", false},
	{"次数", Integer, "次", false}, {"数量", Integer, "", false}, {"个数", Integer, "个", false}, {"年份", Integer, "", true},
	{"金额", Decimal, "元", false}, {"资本", Decimal, "元", false}, {"基数", Decimal, "元", false}, {"价格", Decimal, "元", false}, {"单价", Decimal, "元", false},
	{"亩数", Decimal, "亩", false}, {"面积", Decimal, "", false}, {"比例", Decimal, "", false}, {"占比", Decimal, "", false}, {"率", Decimal, "", false},
	{"剂量", Decimal, "", false}, {"容量", Decimal, "", false}, {"经度", Decimal, "°", false}, {"纬度", Decimal, "°", false}, {"温度", Decimal, "℃", false}, {"雨量", Decimal, "mm", false},
	{"标识", Boolean, "", true}, {"编号", Text, "", true}, {"编码", Text, "", true}, {"代码", Text, "", true}, {"名称", Text, "", true},
	{"类型", Text, "", true}, {"品类", Text, "", true}, {"状态", Text, "", true}, {"区县市", Text, "", true}, {"部门", Text, "", true},
}

// units are the units of measure that are known: they may stand in brackets behind a name, 宗地面积(㎡), where anything else is no unit.
var units = []string{
	"元", "万元", "亿元", "美元", "亩", "㎡", "m²", "平方米", "平方公里", "公顷", "km", "公里", "千米", "m", "米", "厘米", "mm", "毫米",
	"t", "吨", "万吨", "kg", "千克", "公斤", "g", "克", "m³", "立方米", "L", "升", "kW", "千瓦", "kWh", "千瓦时", "度",
	"人", "人次", "户", "个", "家", "件", "次", "辆", "台", "套", "年", "月", "天", "日", "小时", "分钟", "秒", "%", "℃", "°",
}

var bracketed = regexp.MustCompile(`^(.*?)\s*[（(]([^（()）]*)[)）]$`)

// guess tells from the name of an item what its values are.
func guess(name string) ending {
	inBrackets := ""
	if m := bracketed.FindStringSubmatch(name); m != nil {
		name, inBrackets = m[1], m[2]
	}
	g := ending{kind: Text}
	if strings.HasPrefix(name, "是否") {
		g = ending{kind: Boolean, filterable: true}
	} else if at := slices.IndexFunc(endings, func(e ending) bool { return strings.HasSuffix(name, e.of) }); at >= 0 {
		g = endings[at]
	}
	if slices.Contains(units, inBrackets) && (g.kind == Decimal || g.kind == Integer) {
		g.unit = inBrackets
	}
	return g
}

var notOfName = regexp.MustCompile(`[^a-z0-9]+`)

// maxColumnName is the longest name that columnName takes.
const maxColumnName = 48

// columnNameOf makes a column's name from an English one, and column_1, column_2 … where there is none.
func columnNameOf(nameEn string, at int) string {
	name := strings.ReplaceAll(strings.ToLower(nameEn), "'s ", " ")
	name = strings.Trim(notOfName.ReplaceAllString(name, "_"), "_")
	if name == "" {
		return "column_" + strconv.Itoa(at+1)
	}
	if name[0] < 'a' {
		name = "column_" + name
	}
	return shortened(name, maxColumnName)
}

// shortened cuts a name at a word, where it has more than one.
func shortened(name string, most int) string {
	if len(name) <= most {
		return name
	}
	name = name[:most+1]
	if at := strings.LastIndexByte(name, '_'); at > 0 {
		return name[:at]
	}
	return name[:most]
}

// untaken numbers a name that another column has already.
func untaken(name string, taken map[string]bool) string {
	free := name
	for n := 2; taken[free]; n++ {
		suffix := "_" + strconv.Itoa(n)
		free = shortened(name, maxColumnName-len(suffix)) + suffix
	}
	taken[free] = true
	return free
}
