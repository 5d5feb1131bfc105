package dictionary

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"gongshu/internal/authorisation"
)

// open is an item that is no one's and free for all to see.
var open = authorisation.Item{Linkage: authorisation.LinkageNone, Sensitivity: authorisation.SensitivityPublic}

func TestAColumnIsGuessedFromItsItem(t *testing.T) {
	for _, row := range []struct {
		sentence, name, nameEn string
		column                 string
		kind                   Type
		unit                   string
		filterable             bool
	}{
		{"a name becomes one in lower case", "站点名称", "Stop name", "stop_name", Text, "", true},
		{"what is no letter or digit is a gap", "疾病编码(ICD-11)", "Disease code (ICD-11)", "disease_code_icd_11", Text, "", true},
		{"a genitive is dropped", "法人代表姓名", "Legal representative's name", "legal_representative_name", Text, "", false},
		{"without an English name the place is the name", "历史沿革", "", "column_1", Text, "", false},
		{"a name that begins with a digit gets a word before it", "早晚高峰", "2 peaks", "column_2_peaks", Text, "", false},
		{"a long name ends at a word", "备注", strings.Repeat("word ", 12), "word_word_word_word_word_word_word_word_word", Text, "", false},
		{"one long word is cut", "备注", strings.Repeat("w", 60), strings.Repeat("w", 48), Text, "", false},
		{"a day", "竣工日期", "Completion date", "completion_date", Date, "", true},
		{"a moment", "诊断时间", "Diagnosis time", "diagnosis_time", DateTime, "", true},
		{"a count", "上车人次", "Boardings", "boardings", Integer, "人次", false},
		{"an amount of money", "医保结算金额", "Settlement amount", "settlement_amount", Decimal, "元", false},
		{"a ratio", "医保报销比例", "Reimbursement ratio", "reimbursement_ratio", Decimal, "", false},
		{"a unit in brackets", "宗地面积(㎡)", "Parcel area", "parcel_area", Decimal, "㎡", false},
		{"a unit in full-width brackets", "宗地面积（亩）", "Parcel area", "parcel_area", Decimal, "亩", false},
		{"what is in brackets is no unit", "金额(含税)", "Amount", "amount", Decimal, "元", false},
		{"a code is text, or its zeros would be lost", "线路编号", "Line number", "line_number", Text, "", true},
		{"a bracket of numbers is text", "年收入区间", "Income bracket", "income_bracket", Text, "", true},
		{"a yes or no", "是否失信人标识", "Flag", "flag", Boolean, "", true},
		{"nothing known is text", "股权结构", "Structure", "structure", Text, "", false},
	} {
		c := Draft([]Source{{Name: row.name, NameEn: row.nameEn, Item: open}})[0]
		if c.Name != row.column || c.Type != row.kind || c.Unit != row.unit || c.Filterable != row.filterable || c.Label != row.name || c.LabelEn != row.nameEn ||
			c.Sensitivity != authorisation.SensitivityPublic || c.QuasiIdentifier || c.Required {
			t.Errorf("%s: %+v", row.sentence, c)
		}
	}
}

func TestWhatTheSourceUnitSaidIsTakenOver(t *testing.T) {
	columns := Draft([]Source{
		{ID: "i-1", Name: "缴费金额", NameEn: "Amount paid", Qualifier: "按月", ResourceName: "社保库", Masked: true, Item: open},
		{Name: "缴费金额", NameEn: "Amount paid", Item: authorisation.Item{Linkage: authorisation.LinkageHigh, Sensitivity: authorisation.SensitivityInternal}},
		{Name: "名称", NameEn: "Amount paid", Item: authorisation.Item{}},
		{Name: "日期", NameEn: "Amount paid 2", Item: authorisation.Item{
			Linkage: authorisation.LinkageNone, Sensitivity: authorisation.SensitivityInternal, Protections: []authorisation.Protection{authorisation.ProtectionMasked},
		}},
	})
	want := []Column{
		{Name: "amount_paid", Label: "缴费金额", LabelEn: "Amount paid", Type: Text, Description: "缴费金额（按月），取自「社保库」，已脱敏。", Sensitivity: authorisation.SensitivityPublic, ItemIDs: []string{"i-1"}},
		{Name: "amount_paid_2", Label: "缴费金额", LabelEn: "Amount paid", Type: Decimal, Unit: "元", Description: "缴费金额。", Sensitivity: authorisation.SensitivitySensitive, QuasiIdentifier: true},
		{Name: "amount_paid_3", Label: "名称", LabelEn: "Amount paid", Type: Text, Description: "名称。", Sensitivity: authorisation.SensitivitySensitive, QuasiIdentifier: true},
		{Name: "amount_paid_2_2", Label: "日期", LabelEn: "Amount paid 2", Type: Text, Description: "日期，已脱敏。", Sensitivity: authorisation.SensitivityInternal},
	}
	for i := range want {
		if !reflect.DeepEqual(columns[i], want[i]) {
			t.Errorf("got  %+v\nwant %+v", columns[i], want[i])
		}
	}
}

// The real catalogue, all of it in one dictionary, is what a draft has to be right about.
func TestADraftOfTheRealCatalogueIsADictionary(t *testing.T) {
	raw, err := os.ReadFile("../../data/catalogue-batch-1.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Resources []struct {
			Name  string
			Items []struct{ Name, NameEn, Qualifier string }
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	var sources []Source
	for _, r := range file.Resources {
		for _, i := range r.Items {
			sources = append(sources, Source{Name: i.Name, NameEn: i.NameEn, Qualifier: i.Qualifier, ResourceName: r.Name, Item: open})
		}
	}
	columns := Draft(sources)
	if len(columns) < 60 || Check(columns, "") != nil {
		t.Fatalf("%d columns: %v", len(columns), Check(columns, ""))
	}
	kinds := map[Type]int{}
	for _, c := range columns {
		kinds[c.Type]++
	}
	if got := fmt.Sprint(kinds); kinds[Text] == len(columns) || kinds[Date] == 0 || kinds[Decimal] == 0 || kinds[Integer] == 0 {
		t.Errorf("the types are %s", got)
	}
}
