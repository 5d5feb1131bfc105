package policy

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gongshu/internal/fault"
	"gongshu/internal/legible"
)

// CodeTable is a code table with the document that it comes from; its codes are in their order.
type CodeTable struct {
	Name   string
	Codes  []Code
	Source string
}

// Code is one code of a table, with what it means in Chinese and, where it is known, in English.
type Code struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEn string `json:"nameEn,omitempty"`
}

// What a code table is bounded by.
const (
	MaxCodes     = 1000
	MaxNameBytes = 200
)

// fixed are the codes behind the closed sets of the rules, by table (NDI-TR-2025-06): authorisation.UpdateFrequency,
// Delivery and ProvisionMethod. A table may have more codes than these, never fewer or others under their names.
var fixed = map[string]map[string]string{
	"updateFrequency": {"001": "实时", "002": "每日", "003": "每周", "004": "每月", "005": "每季度", "006": "每半年", "007": "每年", "008": "不定期", "009": "历史数据"},
	"delivery":        {"001": "数据集", "002": "接口"},
	"service":         {"002": "接口", "003": "文件", "004": "库表"},
}

// CodeTablesFile reads code tables from JSON, in the form of data/code-tables.json: {"tables": {"delivery": {"001":
// "数据集 dataset"}}}; what follows the first blank is the name in English. Each table is whole. Without a source document of
// its own the file takes the given one.
//
// Refused, all at once by place: POLICY_FILE_BROKEN, POLICY_FILE_TOO_LARGE, MEMBER_TWICE, TABLE_NAME_INVALID, TABLE_EMPTY,
// TABLE_TOO_LONG, CODE_INVALID, CODE_TWICE, NAME_INVALID, CODE_FIXED, SOURCE_MISSING, SOURCE_INVALID; and
// POLICY_FAULTS_MORE where more than MaxFaults are wrong.
func CodeTablesFile(raw []byte, source string) ([]CodeTable, error) {
	var file struct {
		Note   string                       `json:"note"`
		Source string                       `json:"source"`
		Tables map[string]map[string]string `json:"tables"`
	}
	if err := decode(raw, &file); err != nil {
		return nil, err
	}
	t := codeTables{faults: faults{otherwise: source}}
	for _, name := range slices.Sorted(maps.Keys(file.Tables)) {
		table := t.table(name, at("tables."+name), file.Source)
		for _, code := range slices.Sorted(maps.Keys(file.Tables[name])) {
			label, labelEn, _ := strings.Cut(file.Tables[name][code], " ")
			t.add(table, Code{code, label, labelEn}, at("tables."+name+"."+code))
		}
	}
	if len(file.Tables) == 0 {
		t.refuse(at("tables"), fault.New(fault.Invalid, "TABLE_EMPTY", "The file has no code table."))
	}
	return t.whole()
}

// codeTables gathers code tables and what is wrong with them.
type codeTables struct {
	faults
	byName map[string]*gatheredTable
}

// gatheredTable is a code table on its way.
type gatheredTable struct {
	CodeTable
	place place
	// said counts the codes that the file has, be they refused.
	said int
	// places are where its codes stand.
	places map[string]place
}

var tableName = regexp.MustCompile(`^[a-z][A-Za-z0-9]{0,39}$`)

// table returns the table of a name; source is what is said of its source document here, "" for nothing.
func (t *codeTables) table(name string, here place, source string) *gatheredTable {
	table, known := t.byName[name]
	if !known {
		if !tableName.MatchString(name) {
			t.refuse(here, fault.New(fault.Invalid, "TABLE_NAME_INVALID", "A code table is named as updateFrequency: Latin letters and digits, at most 40."))
		}
		table = &gatheredTable{CodeTable: CodeTable{Name: name}, place: here, places: map[string]place{}}
		if t.byName == nil {
			t.byName = map[string]*gatheredTable{}
		}
		t.byName[name] = table
	}
	t.say(&table.Source, source, here)
	return table
}

var codeText = regexp.MustCompile(`^[A-Za-z0-9]{1,20}$`)

func (t *codeTables) add(table *gatheredTable, code Code, here place) {
	table.said++
	for _, name := range []string{code.Name, code.NameEn} {
		if len(name) > MaxNameBytes || legible.Line(name) != nil || code.Name == "" {
			t.refuse(here, fault.New(fault.Invalid, "NAME_INVALID", "A code has a name, one line of at most %d bytes.", MaxNameBytes).With("max", MaxNameBytes))
			break
		}
	}
	if !codeText.MatchString(code.Code) {
		t.refuse(here, fault.New(fault.Invalid, "CODE_INVALID", "A code has 1 to 20 Latin letters and digits."))
		return
	}
	if table.places[code.Code] != nil {
		t.refuse(here, fault.New(fault.Invalid, "CODE_TWICE", "The code %s is there twice.", code.Code).With("code", code.Code))
		return
	}
	if len(table.Codes) == MaxCodes {
		t.refuse(here, fault.New(fault.Invalid, "TABLE_TOO_LONG", "A code table has at most %d codes.", MaxCodes).With("max", MaxCodes))
	}
	table.places[code.Code] = here
	table.Codes = append(table.Codes, code)
}

// whole returns the tables by name, their codes in order, or everything that is wrong.
func (t *codeTables) whole() ([]CodeTable, error) {
	var tables []CodeTable
	for _, name := range slices.Sorted(maps.Keys(t.byName)) {
		table := t.byName[name]
		if table.said == 0 {
			t.refuse(table.place, fault.New(fault.Invalid, "TABLE_EMPTY", "A code table is loaded whole; this one has no code."))
		}
		t.settleSource(&table.Source, table.place)
		t.checkFixed(table)
		slices.SortFunc(table.Codes, func(a, b Code) int { return cmp.Compare(a.Code, b.Code) })
		tables = append(tables, table.CodeTable)
	}
	if err := t.orNil(); err != nil {
		return nil, err
	}
	return tables, nil
}

// checkFixed refuses a table that lacks or contradicts a code which the rules know.
func (t *codeTables) checkFixed(table *gatheredTable) {
	said := map[string]string{}
	for _, code := range table.Codes {
		said[code.Code] = code.Name
	}
	for _, code := range slices.Sorted(maps.Keys(fixed[table.Name])) {
		name := fixed[table.Name][code]
		if said[code] == name {
			continue
		}
		here, what := table.places[code], fmt.Sprintf("says %q", said[code])
		if here == nil {
			here, what = table.place, "lacks it"
		}
		t.refuse(here, fault.New(fault.Conflict, "CODE_FIXED", "The rules know %s of %s as %q; the file %s.", code, table.Name, name, what).
			With("table", table.Name).With("code", code).With("name", name))
	}
}
