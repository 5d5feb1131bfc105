package catalogue

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongshu/internal/fault"
	"gongshu/internal/tabular"
)

// Columns are those of a catalogue as a table. A table without a column for the notes of items has them in brackets
// behind the names: 上车人次(小时粒度).
var Columns = []tabular.Column{
	{Key: "number", Title: "序号", TitleEn: "No.", Names: []string{"编号", "no", "number"}, Ignored: true},
	{Key: "domain", Title: "领域", TitleEn: "Domain", Names: []string{"所属领域", "领域名称", "行业领域", "应用领域"}, Needed: true},
	{Key: "domainEn", Title: "领域英文名", TitleEn: "Domain in English", Names: []string{"领域(英文)", "所属领域(英文)", "domain (english)", "domainEn"}},
	{Key: "sourceUnit", Title: "数源单位", TitleEn: "Source unit", Names: []string{"资源提供单位", "数据提供单位", "提供单位", "数源部门", "sourceUnit"}, Needed: true},
	{Key: "sourceUnitEn", Title: "数源单位英文名", TitleEn: "Source unit in English", Names: []string{"数源单位(英文)", "资源提供单位(英文)", "source unit (english)", "sourceUnitEn"}},
	{Key: "name", Title: "数据资源名称", TitleEn: "Resource", Names: []string{"资源名称", "数据资源", "信息资源名称", "公共数据资源名称", "resource name"}, Needed: true},
	{Key: "nameEn", Title: "数据资源英文名", TitleEn: "Resource in English", Names: []string{"数据资源名称(英文)", "资源名称(英文)", "资源英文名", "resource (english)", "resource name (english)"}},
	{Key: "item", Title: "数据项名称", TitleEn: "Data items", Names: []string{"数据项", "信息项", "信息项名称", "item", "items", "data item"}, Needed: true},
	{Key: "itemEn", Title: "数据项英文名", TitleEn: "Data items in English", Names: []string{"数据项名称(英文)", "数据项(英文)", "信息项(英文)", "items (english)", "data items (english)"}},
	{Key: "itemNote", Title: "数据项说明", TitleEn: "Item note", Names: []string{"数据项备注", "信息项说明", "信息项备注"}},
	{Key: "masked", Title: "是否脱敏", TitleEn: "Masked", Names: []string{"脱敏"}},
	{Key: "updateCycle", Title: "更新周期", TitleEn: "Update cycle", Names: []string{"更新频率", "update frequency"}, Needed: true},
	{Key: "updateCycleCode", Title: "更新周期代码", TitleEn: "Update cycle code", Names: []string{"更新频率代码"}},
	{Key: "provision", Title: "提供方式", TitleEn: "Provision", Names: []string{"共享方式", "供给方式", "数据提供方式", "provision methods"}, Needed: true},
	{Key: "note", Title: "备注", TitleEn: "Note", Names: []string{"说明", "资源备注", "资源说明", "notes", "remarks"}},
}

// TableFacts are what the rows above the header say of the whole catalogue. A title may also stand alone in a row.
// All but the English names are needed.
var TableFacts = []tabular.Column{
	{Key: "title", Title: "目录名称", TitleEn: "Catalogue", Names: []string{"目录标题", "标题", "title"}, Needed: true},
	{Key: "titleEn", Title: "目录英文名", TitleEn: "Catalogue in English", Names: []string{"目录名称(英文)", "catalogue (english)", "title (english)"}},
	{Key: "source", Title: "来源文件", TitleEn: "Source document", Names: []string{"发文字号", "文号", "文件依据", "source"}, Needed: true},
	{Key: "issued", Title: "发布日期", TitleEn: "Issued on", Names: []string{"印发日期", "成文日期", "发文日期", "issued"}, Needed: true},
	{Key: "implementingAgency.name", Title: "实施机构", TitleEn: "Implementing agency", Names: []string{"发布机构", "agency"}, Needed: true},
	{Key: "implementingAgency.nameEn", Title: "实施机构英文名", TitleEn: "Implementing agency in English", Names: []string{"实施机构(英文)", "implementing agency (english)"}},
}

// Example begins the cells of a template's example rows, which are refused where they are left in.
const Example = "示例："

// FromTable reads a catalogue from a table with Columns. It gives the catalogue that Parse gives for the same content:
// a row without a resource's name continues the resource above it, and so does one that repeats its name; a cell may list
// several items, divided by 、；; or line breaks; a domain or source unit that is not said is the one above; a bracket
// behind an item says that it is masked (脱敏), or is its note, unless two items differ by their brackets alone.
//
// Refused, beside all that Parse refuses and together with it: ROW_CONTRADICTS where a row says otherwise than the
// resource it continues, ROW_EXAMPLE, ITEM_COMMA, ITEM_BRACKETS, ITEMS_UNEVEN where English names, notes or marks do
// not match the items of their cell, MASKED_UNKNOWN, FACT_TWICE. wrong is what is known to be wrong with the table
// already and comes back with the rest, in the order of the sheet. Places say where faults of the catalogue are.
func FromTable(t tabular.Table, wrong fault.List) (Catalogue, Places, error) {
	r := tableReader{places: Places{}, table: t, wrong: wrong, english: map[string]string{}}
	r.facts()
	if len(t.Rows) == 0 && len(wrong) > 0 {
		return Catalogue{}, nil, wrong // the columns are wrong: rows cannot be judged
	}
	for _, row := range t.Rows {
		if r.row(row); r.count > maxTableItems {
			return Catalogue{}, nil, fault.List{fault.New(fault.TooLarge, "CATALOGUE_TOO_LARGE", "A catalogue as a table has at most %d items.", maxTableItems).With("max", maxTableItems)}
		}
	}
	r.finish()
	raw, err := json.Marshal(r.form)
	if err != nil {
		panic("catalogue: a table's form: " + err.Error()) // texts, flags and lists of them always encode
	}
	c, err := Parse(raw)
	all := append(r.wrong, fault.All(r.places.Locate(err))...)
	if len(all) == 0 {
		return c, r.places, nil
	}
	return Catalogue{}, nil, ordered(all)
}

// ordered returns faults in the order of the sheet, no more than are named, and then says that there are more.
func ordered(all fault.List) fault.List {
	isMore := func(f *fault.Error) bool { return f.Code == moreFaults().Code }
	more := slices.ContainsFunc(all, isMore)
	all = slices.DeleteFunc(all, isMore)
	tabular.Sort(all)
	if more || len(all) > MaxFaults {
		all = append(all[:min(len(all), MaxFaults)], moreFaults())
	}
	return all
}

// Places are where in a table the members of its catalogue stand, by path: resources.3.updateCycle.
// Of a catalogue that was no table there are none.
type Places map[string]tabular.Place

// Locate returns the faults of a catalogue with their places in the table instead of paths.
func (p Places) Locate(err error) error {
	if p == nil || len(fault.All(err)) == 0 {
		return err
	}
	var located fault.List
	for _, f := range fault.All(err) {
		located = append(located, p.locate(f))
	}
	return located
}

func (p Places) locate(f *fault.Error) *fault.Error {
	path := f.Field
	if fact := slices.IndexFunc(TableFacts, func(c tabular.Column) bool { return c.Key == path }); fact >= 0 && p[path].Row == 0 {
		c := TableFacts[fact]
		return fault.New(f.Kind, f.Code, "Above the header a row with %s (%s) is needed, and in the next cell its value.", c.Title, c.TitleEn).At(path).With("column", c.Title)
	}
	at, there := p[path]
	for !there && strings.Contains(path, ".") {
		path = path[:strings.LastIndex(path, ".")]
		at, there = p[path]
	}
	if !there {
		return f
	}
	if first, is := f.Params["first"].(int); is { // the position of the one before it: of a resource, of an item
		list := path[:strings.LastIndex(strings.TrimSuffix(path, ".name"), ".")]
		row := p[list+"."+strconv.Itoa(first)].Row
		f = fault.New(f.Kind, f.Code, "This name is already there, in row %d.", row).With("first", row)
	}
	return at.Refuse(f)
}

// form is a catalogue as Parse reads it.
type form struct {
	Title     string         `json:"title,omitempty"`
	TitleEn   string         `json:"titleEn,omitempty"`
	Source    string         `json:"source,omitempty"`
	Issued    string         `json:"issued,omitempty"`
	Agency    agencyForm     `json:"implementingAgency"`
	Resources []resourceForm `json:"resources,omitempty"`
}

type agencyForm struct {
	Name   string `json:"name,omitempty"`
	NameEn string `json:"nameEn,omitempty"`
}

type resourceForm struct {
	Domain          string     `json:"domain,omitempty"`
	DomainEn        string     `json:"domainEn,omitempty"`
	SourceUnit      string     `json:"sourceUnit,omitempty"`
	SourceUnitEn    string     `json:"sourceUnitEn,omitempty"`
	Name            string     `json:"name,omitempty"`
	NameEn          string     `json:"nameEn,omitempty"`
	Items           []itemForm `json:"items,omitempty"`
	UpdateCycle     string     `json:"updateCycle,omitempty"`
	UpdateCycleCode string     `json:"updateCycleCode,omitempty"`
	Provision       []string   `json:"provision,omitempty"`
	Note            string     `json:"note,omitempty"`
}

type itemForm struct {
	Name   string `json:"name,omitempty"`
	NameEn string `json:"nameEn,omitempty"`
	Note   string `json:"note,omitempty"`
	Masked bool   `json:"masked,omitempty"`

	bracketed string // the name with its note, for items that differ by it alone
}

// tableReader turns rows into a form, and remembers where everything came from.
type tableReader struct {
	table  tabular.Table
	form   form
	places Places
	wrong  fault.List
	// started is the number of the row that the present resource begins with.
	started int
	// english holds the English names of domains and source units that were said already.
	english map[string]string
	count   int // items so far
}

// maxTableItems bounds the memory that a table's items take before they are judged; the first batch has 68.
const maxTableItems = 100_000

// refuse keeps one more mistake than are named: rows come in order, so those that are kept are the first.
func (r *tableReader) refuse(f *fault.Error) {
	if len(r.wrong) <= MaxFaults {
		r.wrong = append(r.wrong, f)
	}
}

// attachment is what stands above a title in letters: 附件1.
var attachment = regexp.MustCompile(`(?i)^(附件|附表|附|annex|attachment)\s*[0-9一二三四五六七八九十]*\s*[:：]?$`)

func (r *tableReader) facts() {
	facts, twice := r.table.Facts(TableFacts)
	for _, f := range twice {
		r.refuse(f)
	}
	for _, c := range TableFacts {
		if at, there := facts.Place(c.Key); there {
			r.places[c.Key] = at
		}
	}
	r.form = form{
		Title: facts.Text("title"), TitleEn: facts.Text("titleEn"), Source: facts.Text("source"), Issued: tabular.Day(facts.Text("issued")),
		Agency: agencyForm{Name: facts.Text("implementingAgency.name"), NameEn: facts.Text("implementingAgency.nameEn")},
	}
	titles := slices.DeleteFunc(facts.Lines, func(l tabular.Line) bool { return attachment.MatchString(l.Text) })
	if r.form.Title == "" && len(titles) == 1 {
		titles[0].Place.Title = TableFacts[0].Title
		r.form.Title, r.places["title"] = titles[0].Text, titles[0].Place
	}
	for _, c := range TableFacts {
		if at, text := r.places[c.Key], facts.Text(c.Key); isExample(text) {
			r.refuse(at.Refuse(example()))
		}
	}
}

func isExample(text string) bool {
	return strings.HasPrefix(text, "示例：") || strings.HasPrefix(text, "示例:") || strings.HasPrefix(text, "Example:")
}

func example() *fault.Error {
	return fault.New(fault.Invalid, "ROW_EXAMPLE", "This is an example of the template; delete it.")
}

func (r *tableReader) row(row tabular.Record) {
	empty := true
	for _, c := range Columns {
		if isExample(row.Text(c.Key)) {
			r.refuse(row.Refuse(c.Key, example()))
			return
		}
		empty = empty && row.Text(c.Key) == ""
	}
	switch {
	case empty: // but for a number
		return
	case r.continues(row):
		r.agree(row)
	default:
		r.begin(row)
	}
	r.items(row)
}

// present is the resource that the last row belongs to, nil before the first.
func (r *tableReader) present() *resourceForm {
	if len(r.form.Resources) == 0 {
		return nil
	}
	return &r.form.Resources[len(r.form.Resources)-1]
}

func (r *tableReader) continues(row tabular.Record) bool {
	present := r.present()
	if present == nil {
		return false
	}
	unit := row.Text("sourceUnit")
	return row.Text("name") == "" || row.Text("name") == present.Name && (unit == "" || unit == present.SourceUnit)
}

// ofResource are the columns whose cells speak of the whole resource, and what is read in them.
var ofResource = []struct {
	key  string
	read func(resourceForm) string
}{
	{"domain", func(f resourceForm) string { return f.Domain }},
	{"domainEn", func(f resourceForm) string { return f.DomainEn }},
	{"sourceUnit", func(f resourceForm) string { return f.SourceUnit }},
	{"sourceUnitEn", func(f resourceForm) string { return f.SourceUnitEn }},
	{"nameEn", func(f resourceForm) string { return f.NameEn }},
	{"updateCycle", func(f resourceForm) string { return f.UpdateCycle }},
	{"updateCycleCode", func(f resourceForm) string { return f.UpdateCycleCode }},
	{"provision", func(f resourceForm) string { return strings.Join(f.Provision, "、") }},
	{"note", func(f resourceForm) string { return f.Note }},
}

// said is what a row itself says of its resource.
func said(row tabular.Record) resourceForm {
	return resourceForm{
		Domain: row.Text("domain"), DomainEn: row.Text("domainEn"), SourceUnit: row.Text("sourceUnit"), SourceUnitEn: row.Text("sourceUnitEn"),
		Name: row.Text("name"), NameEn: row.Text("nameEn"),
		UpdateCycle: cycleWord(row.Text("updateCycle")), UpdateCycleCode: strings.ToUpper(row.Text("updateCycleCode")),
		Provision: provisionWords(row.Text("provision")), Note: row.Text("note"),
	}
}

// agree refuses a row that says otherwise than the resource it continues.
func (r *tableReader) agree(row tabular.Record) {
	here, before := said(row), *r.present()
	for _, c := range ofResource {
		if text := c.read(here); text != "" && text != c.read(before) {
			r.refuse(row.Refuse(c.key, fault.New(fault.Invalid, "ROW_CONTRADICTS",
				"This row continues the resource of row %d, which says otherwise here; a new resource needs its name.", r.started).With("first", r.started)))
		}
	}
}

// begin starts the resource of a row. What is merged with the row above is as there.
func (r *tableReader) begin(row tabular.Record) {
	above := r.present()
	if above == nil {
		above = &resourceForm{}
	}
	next := said(row)
	if next.SourceUnit == "" && (next.Domain == "" || row.Covered("sourceUnit")) {
		next.SourceUnit = above.SourceUnit
	}
	if next.Domain == "" {
		next.Domain = above.Domain
	}
	if row.Covered("updateCycle") {
		next.UpdateCycle = above.UpdateCycle
	}
	if row.Covered("updateCycleCode") {
		next.UpdateCycleCode = above.UpdateCycleCode
	}
	if row.Covered("provision") {
		next.Provision = above.Provision
	}
	if row.Covered("note") {
		next.Note = above.Note
	}
	next.DomainEn = r.inEnglish("domain "+next.Domain, next.DomainEn)
	next.SourceUnitEn = r.inEnglish("unit "+next.SourceUnit, next.SourceUnitEn)
	at := "resources." + strconv.Itoa(len(r.form.Resources))
	for _, c := range ofResource {
		r.places[at+"."+c.key] = row.Place(c.key)
	}
	r.places[at], r.places[at+".name"] = row.Place("name"), row.Place("name")
	r.places[at+".items"] = row.Place("item")
	r.form.Resources = append(r.form.Resources, next)
	r.started = row.Number
}

// inEnglish returns the English name, or the one that was said the first time.
func (r *tableReader) inEnglish(of, said string) string {
	if said == "" {
		return r.english[of]
	}
	if r.english[of] == "" {
		r.english[of] = said
	}
	return said
}

// items adds the items of a row to the present resource.
func (r *tableReader) items(row tabular.Record) {
	names, wrong := split(row.Text("item"))
	if wrong != nil {
		r.refuse(row.Refuse("item", wrong))
	}
	if r.count += len(names); r.count > maxTableItems {
		return // the whole table is refused
	}
	english, note, masked := listed(row.Text("itemEn")), row.Text("itemNote"), row.Text("masked")
	if len(english) > 0 && len(english) != len(names) {
		r.refuse(row.Refuse("itemEn", fault.New(fault.Invalid, "ITEMS_UNEVEN", "There are %d English names for %d items.", len(english), len(names))))
		english = nil
	}
	for _, key := range []string{"itemNote", "masked"} {
		if row.Text(key) != "" && len(names) != 1 {
			r.refuse(row.Refuse(key, fault.New(fault.Invalid, "ITEMS_UNEVEN", "This can be said of one item only, and the row has %d; give each a row.", len(names))))
		}
	}
	isMasked, known := yesOrNo[strings.ToLower(masked)]
	if !known {
		r.refuse(row.Refuse("masked", fault.New(fault.Invalid, "MASKED_UNKNOWN", "是 (yes) or 否 (no) is needed here.")))
	}
	present := r.present()
	resource := "resources." + strconv.Itoa(len(r.form.Resources)-1)
	for i, name := range names {
		item := itemOf(name, r.table.Has("itemNote"))
		item.Masked = item.Masked || isMasked
		if note != "" {
			item.Note = note
		}
		if len(english) > 0 {
			item.NameEn = english[i]
		}
		at := resource + ".items." + strconv.Itoa(len(present.Items))
		r.places[at] = row.Place("item")
		if r.table.Has("itemEn") {
			r.places[at+".nameEn"] = row.Place("itemEn")
		}
		if r.table.Has("itemNote") {
			r.places[at+".note"] = row.Place("itemNote")
		}
		present.Items = append(present.Items, item)
	}
}

var yesOrNo = map[string]bool{"": false, "否": false, "no": false, "false": false, "是": true, "yes": true, "true": true, "√": true, "脱敏": true}

// finish gives back their brackets to items that differ by them alone.
func (r *tableReader) finish() {
	for _, resource := range r.form.Resources {
		bare := map[string]int{}
		for _, item := range resource.Items {
			bare[item.Name]++
		}
		for i, item := range resource.Items {
			if bare[item.Name] > 1 && item.bracketed != item.Name {
				resource.Items[i].Name, resource.Items[i].Note = item.bracketed, ""
			}
		}
	}
}

// divides reports what stands between two items of a list.
func divides(c rune) bool { return strings.ContainsRune("、；;\n", c) }

// split returns the items that a cell lists. What stands in brackets divides nothing.
func split(cell string) ([]string, *fault.Error) {
	text := strings.NewReplacer("（", "(", "）", ")").Replace(cell)
	depth, comma := 0, false
	var items []string
	from := 0
	for i, c := range text + "\n" {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && (c == '，' || c == ','):
			comma = true
		case depth == 0 && divides(c):
			if item := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text[from:i]), "。")); item != "" {
				items = append(items, item)
			}
			from = i + len(string(c))
		}
		if depth < 0 {
			break
		}
	}
	switch {
	case depth != 0:
		return []string{text}, fault.New(fault.Invalid, "ITEM_BRACKETS", "A bracket in this cell is not closed, or not opened.")
	case comma:
		return items, fault.New(fault.Invalid, "ITEM_COMMA", "Items are divided by 、 or ； or line breaks; a comma may stand in brackets only.")
	}
	return items, nil
}

// listed returns what a cell lists, for texts in which commas and brackets mean nothing.
func listed(cell string) []string {
	var texts []string
	for _, text := range strings.FieldsFunc(cell, divides) {
		if text = strings.TrimSpace(text); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// itemOf reads an item with its brackets. Where notes have a column of their own, brackets other than (脱敏) belong to the name.
// A text that is longer than any item is its own name, which is then refused.
func itemOf(text string, notesApart bool) itemForm {
	if len(text) > MaxNameBytes+MaxNoteBytes+16 { // with (脱敏) and brackets
		return itemForm{Name: text, bracketed: text}
	}
	item := itemForm{Name: text}
	var notes []string
	kept := ""
	for strings.HasSuffix(item.Name, ")") {
		open := opening(item.Name)
		if open <= 0 {
			break
		}
		note, masked := withoutMask(item.Name[open+1 : len(item.Name)-1])
		item.Name, item.Masked = strings.TrimSpace(item.Name[:open]), item.Masked || masked
		if note != "" {
			notes = append([]string{note}, notes...)
			kept = "(" + note + ")" + kept
		}
	}
	item.bracketed = item.Name + kept
	item.Note = strings.Join(notes, "；")
	if notesApart {
		item.Name, item.Note = item.bracketed, ""
	}
	return item
}

// withoutMask returns what a bracket says beside that the item is masked.
func withoutMask(inside string) (note string, masked bool) {
	var others []string
	for _, word := range strings.FieldsFunc(inside, func(c rune) bool { return divides(c) || c == '，' || c == ',' }) {
		if masks[strings.ToLower(strings.TrimSpace(word))] {
			masked = true
		} else {
			others = append(others, strings.TrimSpace(word))
		}
	}
	if !masked {
		return strings.TrimSpace(inside), false // as it is written
	}
	return strings.Join(others, "，"), true
}

var masks = map[string]bool{"脱敏": true, "已脱敏": true, "脱敏后": true, "masked": true}

// opening returns the place of the bracket that the last one of the text closes, -1 when there is none.
func opening(text string) int {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// cyclesEn are the English words for the update cycles.
var cyclesEn = map[string]string{
	"periodic": "定期", "real-time": "实时", "real time": "实时", "real_time": "实时", "daily": "每日", "weekly": "每周", "monthly": "每月", "quarterly": "每季度",
	"semi-annual": "每半年", "semi_annual": "每半年", "annual": "每年", "irregular": "不定期", "historical": "历史数据",
}

// cycleWord returns the Chinese word for an update cycle, or what is written where it is not known.
func cycleWord(text string) string {
	if word, known := cyclesEn[strings.ToLower(text)]; known {
		return word
	}
	return text
}

// provisionsEn are the English words and codes for the provision methods.
var provisionsEn = map[string]string{"api": "接口", "table": "库表", "database": "库表", "file": "文件"}

// provisionWords returns the Chinese words for the provision methods of a cell; those that are not known stay.
func provisionWords(cell string) []string {
	var words []string
	for _, word := range strings.FieldsFunc(cell, func(c rune) bool { return divides(c) || strings.ContainsRune(",，/ +", c) }) {
		if known := provisionsEn[strings.ToLower(word)]; known != "" {
			word = known
		}
		words = append(words, word)
	}
	return words
}
