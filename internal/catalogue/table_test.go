package catalogue_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongshu/data"
	"gongshu/internal/catalogue"
	"gongshu/internal/fault"
	"gongshu/internal/spreadsheet"
)

// read reads a catalogue as a table.
func read(raw []byte) (catalogue.Catalogue, error) {
	table, wrong := spreadsheet.Read(context.Background(), raw, catalogue.Columns)
	c, _, err := catalogue.FromTable(table, fault.All(wrong))
	return c, err
}

func golden(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestTheFirstBatchIsTheSameAsATable(t *testing.T) {
	want, err := catalogue.Parse(data.CatalogueBatch1)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"batch-1.gb18030.csv", "batch-1.utf-8.csv", "batch-1.xlsx"} {
		t.Run(name, func(t *testing.T) {
			got, err := read(golden(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				for i, r := range got.Resources {
					if i < len(want.Resources) && !reflect.DeepEqual(r, want.Resources[i]) {
						t.Errorf("resource %d is\n%+v\nwant\n%+v", i, r, want.Resources[i])
					}
				}
				t.Errorf("the catalogue differs: %d resources; %q %q %q %q %+v", len(got.Resources), got.Title, got.TitleEn, got.Source, got.IssuedOn, got.Agency)
			}
		})
	}
}

// The annex prints brackets without saying which belong to a name; data/catalogue-batch-1.json was read by a person.
func TestTheAnnexIsReadAsItIsPrinted(t *testing.T) {
	want, err := catalogue.Parse(data.CatalogueBatch1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(golden(t, "annex-1.gb18030.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != want.Title || got.Source != want.Source || got.IssuedOn != want.IssuedOn || got.Agency.Name != want.Agency.Name || len(got.Resources) != len(want.Resources) {
		t.Fatalf("%q, %q of %s by %q, with %d resources", got.Title, got.Source, got.IssuedOn, got.Agency.Name, len(got.Resources))
	}
	var differs []string
	for i, w := range want.Resources {
		g := got.Resources[i]
		if g.Domain != w.Domain || g.Key() != w.Key() || g.UpdateCycleText != w.UpdateCycleText || !reflect.DeepEqual(g.UpdateFrequency, w.UpdateFrequency) || !slices.Equal(g.Provision, w.Provision) || len(g.Items) != len(w.Items) {
			t.Errorf("resource %d is %+v, want %+v", i, g, w)
			continue
		}
		for j, item := range g.Items {
			note, _, _ := strings.Cut(w.Items[j].Note, " (") // the English in it is ours
			if item.Name != w.Items[j].Name || item.Masked != w.Items[j].Masked || item.Note != note {
				differs = append(differs, fmt.Sprintf("%s[%s]%v", item.Name, item.Note, item.Masked))
			}
		}
	}
	if want := []string{"疾病编码[ICD-11]false", "手术记录编号[不含个人身份和特征信息]false", "宗地面积(亩)[]false"}; !slices.Equal(differs, want) {
		t.Errorf("read otherwise than by a person: %q, want %q", differs, want)
	}
}

// aTable is a small catalogue in CSV with other rows and columns.
func aTable(rows ...string) []byte {
	return []byte("目录名称,甲目录\n来源文件,乙发〔2025〕1号\n发布日期,2025/7/2\n实施机构,市数据局\n领域,数源单位,资源名称,数据项,更新周期,提供方式\n" + strings.Join(rows, "\n") + "\n")
}

// shape is a catalogue's resources in one line each.
func shape(c catalogue.Catalogue) (lines []string) {
	for _, r := range c.Resources {
		var items []string
		for _, i := range r.Items {
			text := i.Name
			if i.Note != "" {
				text += "[" + i.Note + "]"
			}
			if i.Masked {
				text += "*"
			}
			items = append(items, text)
		}
		frequency := ""
		if r.UpdateFrequency != nil {
			frequency = string(*r.UpdateFrequency)
		}
		lines = append(lines, fmt.Sprintf("%s/%s/%s: %s; %s %s %v", r.Domain, r.SourceUnit, r.Name, strings.Join(items, " "), r.UpdateCycleText, frequency, r.Provision))
	}
	return lines
}

func TestRowsBecomeResources(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []string
		want []string
	}{
		{"one row, items in one cell", []string{"丙,丁局,戊库,己、庚；辛;壬。,每日,接口"}, []string{"丙/丁局/戊库: 己 庚 辛 壬; 每日 DAILY [API]"}},
		{"items by line breaks", []string{"丙,丁局,戊库,\"己\r\n庚\n\n辛\",定期,\"接口\n库表\""}, []string{"丙/丁局/戊库: 己 庚 辛; 定期  [API TABLE]"}},
		{"items on rows of their own", []string{"丙,丁局,戊库,己,每日,接口", ",,,庚,,", "", ",,,辛,,"}, []string{"丙/丁局/戊库: 己 庚 辛; 每日 DAILY [API]"}},
		{"a resource that is repeated on every row", []string{"丙,丁局,戊库,己,每日,接口、文件", "丙,丁局,戊库,庚,每日,\"接口，文件\""}, []string{"丙/丁局/戊库: 己 庚; 每日 DAILY [API FILE]"}},
		{"a domain and a unit that are said once", []string{"丙,丁局,戊库,己,每日,接口", ",,辛库,庚,定期,文件", ",壬局,癸库,子,定期,文件"},
			[]string{"丙/丁局/戊库: 己; 每日 DAILY [API]", "丙/丁局/辛库: 庚; 定期  [FILE]", "丙/壬局/癸库: 子; 定期  [FILE]"}},
		{"brackets of both kinds", []string{"丙,丁局,戊库,己（亩）、庚(脱敏)、辛（已脱敏，小时粒度）、壬（甲、乙）(脱敏),每日,接口"},
			[]string{"丙/丁局/戊库: 己[亩] 庚* 辛[小时粒度]* 壬[甲、乙]*; 每日 DAILY [API]"}},
		{"brackets that tell items apart", []string{"丙,丁局,戊库,面积（亩）、面积（㎡）,每日,接口"}, []string{"丙/丁局/戊库: 面积(亩) 面积(㎡); 每日 DAILY [API]"}},
		{"words in English and codes", []string{"丙,丁局,戊库,己,Real-time,API/table", "丙,丁局,辛库,己,MONTHLY,FILE"},
			[]string{"丙/丁局/戊库: 己; 实时 REAL_TIME [API TABLE]", "丙/丁局/辛库: 己; 每月 MONTHLY [FILE]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := read(aTable(c.rows...))
			if err != nil || !slices.Equal(shape(got), c.want) {
				t.Errorf("%v\n got %q\nwant %q", err, shape(got), c.want)
			}
		})
	}
}

func TestMistakesOfATableAreNamedByCellAllAtOnce(t *testing.T) {
	const header = "领域,数源单位,资源名称,数据项,更新周期,提供方式\n"
	for _, c := range []struct {
		name string
		raw  string
		want []string
	}{
		{"several in several rows", string(aTable("丙,丁局,戊库,己,每天,接口", "丙,丁局,辛库,,每日,传真", "丙,丁局,壬库,己、己,,接口")),
			[]string{"E6 UPDATE_CYCLE_UNKNOWN", "D7 ITEMS_MISSING", "F7 PROVISION_UNKNOWN", "D8 ITEM_TWICE", "E8 UPDATE_CYCLE_MISSING"}},
		{"a resource twice", string(aTable("丙,丁局,戊库,己,每日,接口", "丙,丁局,辛库,己,每日,接口", "丙,丁局,戊库,庚,每日,接口")), []string{"C8 RESOURCE_TWICE"}},
		{"a row that contradicts its resource", string(aTable("丙,丁局,戊库,己,每日,接口", ",壬局,,庚,每月,")), []string{"B7 ROW_CONTRADICTS", "E7 ROW_CONTRADICTS"}},
		{"a first row without a name", string(aTable("丙,丁局,,己,每日,接口")), []string{"C6 NAME_MISSING"}},
		{"a new domain without a unit", string(aTable("丙,丁局,戊库,己,每日,接口", "辛,,壬库,己,每日,接口")), []string{"B7 SOURCE_UNIT_MISSING"}},
		{"a comma between items", string(aTable("丙,丁局,戊库,\"己，庚\",每日,接口")), []string{"D6 ITEM_COMMA"}},
		{"an open bracket", string(aTable("丙,丁局,戊库,己(亩、庚,每日,接口")), []string{"D6 ITEM_BRACKETS"}},
		{"a provision twice", string(aTable("丙,丁局,戊库,己,每日,接口、API")), []string{"F6 PROVISION_TWICE"}},
		{"a line break in a name", string(aTable("丙,丁局,\"戊\n库\",己,每日,接口")), []string{"C6 TEXT_INVALID"}},
		{"an example that was left in", string(aTable("丙,丁局,示例：戊库,己,每日,接口", "丙,丁局,辛库,己,每日,接口")), []string{"C6 ROW_EXAMPLE"}},
		{"no facts", header + "丙,丁局,戊库,己,每日,接口\n", []string{"title TITLE_MISSING", "source SOURCE_MISSING", "issued ISSUED_MISSING", "implementingAgency.name NAME_MISSING"}},
		{"facts twice, and one that is none", "目录名称,甲,目录名称,乙\n来源文件：丙\n发布日期,明天\n实施机构,市数据局\n" + header + "丙,丁局,戊库,己,每日,接口\n", []string{"D1 FACT_TWICE", "B3 ISSUED_INVALID"}},
		{"two titles", "甲\n乙\n来源文件,丙\n发布日期,2025-07-22\n实施机构,市数据局\n" + header + "丙,丁局,戊库,己,每日,接口\n", []string{"title TITLE_MISSING"}},
		{"needed columns missing and others unknown", "目录名称,甲\n领域,单位,资源名称,数据项\n丙,丁局,戊库,己\n", []string{"sourceUnit COLUMN_MISSING", "updateCycle COLUMN_MISSING", "provision COLUMN_MISSING", "B2 COLUMN_UNKNOWN"}},
		{"an unknown column, and mistakes below", strings.Replace(string(aTable("丙,丁局,戊库,己,每天,接口,子")), "提供方式", "提供方式,经办人", 1), []string{"G5 COLUMN_UNKNOWN", "E6 UPDATE_CYCLE_UNKNOWN"}},
		{"no rows", string(aTable()), []string{"resources RESOURCES_MISSING"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read([]byte(c.raw))
			if got := placesAndCodes(err); !slices.Equal(got, c.want) {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
	_, err := read(aTable("丙,丁局,戊库,己,每日,接口", "丙,丁局,辛库,己,每日,接口", "丙,丁局,戊库,庚,每天,接口"))
	all := fault.All(err)
	if len(all) != 2 || all[0].Params["row"] != 8 || all[0].Params["column"] != "资源名称" || !strings.Contains(all[0].Message, "in row 6") {
		t.Errorf("a fault says %+v", all)
	}
}

// What an earlier row said counts for its resource, in whatever way it is said again.
func TestARowMayRepeatWhatItsResourceSays(t *testing.T) {
	const facts = "目录名称,甲\n来源文件,丙\n发布日期,2025年7月2日\n实施机构,市数据局\n"
	const header = "领域,领域英文名,数源单位,数源单位英文名,资源名称,数据项,更新周期,更新周期代码,提供方式\n"
	for sentence, rows := range map[string]string{
		"an English name that another resource gave": "丙,Bing,丁局,Ding,戊库,己,每日,,接口\n丙,,丁局,,辛库,己,每日,,接口\n,Bing,,Ding,,庚,,,\n",
		"a cycle in English":                         "丙,,丁局,,戊库,己,每月,,接口\n,,,,,庚,monthly,,\n",
		"a cycle in Chinese":                         "丙,,丁局,,戊库,己,Monthly,,接口\n,,,,,庚,每月,,\n",
		"a code in another case":                     "丙,,丁局,,戊库,己,定期,DAILY,接口\n,,,,,庚,,daily,api\n",
	} {
		if _, err := read([]byte(facts + header + rows)); err != nil {
			t.Errorf("%s: %v", sentence, err)
		}
	}
	_, err := read([]byte(facts + header + "丙,Bing,丁局,,戊库,己,定期,DAILY,接口\n,Ping,,,,庚,每日,WEEKLY,文件\n"))
	if got, want := placesAndCodes(err), []string{"B7 ROW_CONTRADICTS", "G7 ROW_CONTRADICTS", "H7 ROW_CONTRADICTS", "I7 ROW_CONTRADICTS"}; !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestWhatIsMergedFromAboveMayBeRepeated(t *testing.T) {
	f := excelize.NewFile()
	for i, row := range [][]any{
		{"目录名称", "甲"}, {"来源文件", "丙"}, {"发布日期", "2025-07-02"}, {"实施机构", "市数据局"},
		{"领域", "数源单位", "资源名称", "数据项", "更新周期", "提供方式", "备注"},
		{"丙", "丁局", "戊库", "己", "每日", "接口", "注"},
		{"丙", "丁局", "辛库", "己", nil, nil, nil},
		{nil, nil, nil, "庚", "每日", "API", "注"},
	} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, column := range []string{"E", "F", "G"} {
		if err := f.MergeCell("Sheet1", column+"6", column+"7"); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if c, err := read(b.Bytes()); err != nil || len(c.Resources) != 2 || len(c.Resources[1].Items) != 2 || c.Resources[1].Note != "注" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestACellOfBracketsIsRefusedAtOnce(t *testing.T) {
	const n = 400_000
	for sentence, cell := range map[string]string{
		"side by side": "己" + strings.Repeat("(a)", n), "in each other": "己" + strings.Repeat("(", n) + strings.Repeat(")", n),
	} {
		began := time.Now()
		_, err := read(aTable("丙,丁局,戊库," + cell + ",每日,接口"))
		if got := placesAndCodes(err); !slices.Equal(got, []string{"D6 TEXT_TOO_LONG"}) {
			t.Errorf("%s: %q", sentence, got)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: it took %s", sentence, took)
		}
	}
	name, note := strings.Repeat("名", 66), strings.Repeat("注", 166)
	if c, err := read(aTable("丙,丁局,戊库," + name + "（" + note + "）（脱敏）,每日,接口")); err != nil || c.Resources[0].Items[0].Note != note || !c.Resources[0].Items[0].Masked {
		t.Errorf("the longest item: %v", err)
	}
}

func TestOfTooManyMistakesTheFirstAreNamed(t *testing.T) {
	rows := make([]string, 1500)
	for i := range rows {
		rows[i] = fmt.Sprintf("丙,丁局,库%d,己,每天,\"传真，接口\"", i)
	}
	rows[1] = "子,丁局,,庚,,"
	_, err := read(aTable(rows...))
	got := placesAndCodes(err)
	if want := []string{"E6 UPDATE_CYCLE_UNKNOWN", "F6 PROVISION_UNKNOWN", "A7 ROW_CONTRADICTS", "E8 UPDATE_CYCLE_UNKNOWN"}; len(got) != catalogue.MaxFaults+1 || !slices.Equal(got[:4], want) || got[catalogue.MaxFaults] != " CATALOGUE_FAULTS_MORE" {
		t.Errorf("%d mistakes: %q … %q", len(got), got[:4], got[len(got)-1])
	}
	_, err = read(aTable("丙,丁局,戊库," + strings.Repeat("己、", 300_000) + ",每日,接口"))
	if got := placesAndCodes(err); !slices.Equal(got, []string{" CATALOGUE_TOO_LARGE"}) {
		t.Errorf("items without end: %q", got)
	}
}

func TestItemsHaveColumnsOfTheirOwn(t *testing.T) {
	const facts = "目录名称,甲\n来源文件,丙\n发布日期,2025年7月2日\n实施机构,市数据局\n"
	c, err := read([]byte(facts + "领域,数源单位,资源名称,数据项,数据项英文名,数据项说明,是否脱敏,更新周期,更新周期代码,提供方式,备注\n" +
		"丙,丁局,戊库,疾病编码（ICD-11）,Disease code,国际编码,是,定期,DAILY,接口,说明\n,,,庚、辛,Geng;Xin,,,,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []catalogue.Item{{Name: "疾病编码(ICD-11)", NameEn: "Disease code", Note: "国际编码", Masked: true}, {Name: "庚", NameEn: "Geng"}, {Name: "辛", NameEn: "Xin"}}
	if r := c.Resources[0]; !reflect.DeepEqual(r.Items, want) || r.Note != "说明" || r.UpdateCycleText != "定期" || r.UpdateFrequency == nil || *r.UpdateFrequency != "DAILY" || c.IssuedOn != "2025-07-02" {
		t.Errorf("%+v", c)
	}
	_, err = read([]byte(facts + "领域,数源单位,资源名称,数据项,数据项英文名,数据项说明,是否脱敏,更新周期,提供方式\n" +
		"丙,丁局,戊库,己、庚,Ji,注,是,定期,接口\n,,,辛,,,也许,,\n"))
	if got, want := placesAndCodes(err), []string{"E6 ITEMS_UNEVEN", "F6 ITEMS_UNEVEN", "G6 ITEMS_UNEVEN", "G7 MASKED_UNKNOWN"}; !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func FuzzFromTable(f *testing.F) {
	f.Add(string(aTable("丙,丁局,戊库,己（亩）、庚(脱敏)；辛,每日,接口", ",,,壬,,", ",,癸库,子,定期,\"库表\n文件\"")))
	f.Add(string(golden(f, "batch-1.utf-8.csv")))
	f.Add("甲目录\n来源文件：乙\n发布日期：2025.7.2,实施机构：丙\n领域,数源单位,资源名称,数据项,数据项英文名,数据项说明,是否脱敏,更新周期,提供方式,备注\n丁,戊,己,庚(1)(2)、辛,G;X,,是,daily,API/FILE,注\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := read([]byte(text))
		if err != nil {
			for _, wrong := range fault.All(err) {
				if wrong.Code == "CATALOGUE_BROKEN" || wrong.Code == "CATALOGUE_TYPE_WRONG" || strings.HasPrefix(wrong.Field, "resources.") {
					t.Fatalf("a mistake without its place in the table: %v at %q", wrong, wrong.Field)
				}
			}
			if len(fault.All(err)) == 0 {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		keys := map[catalogue.Key]bool{}
		for _, r := range c.Resources {
			if keys[r.Key()] || r.Name == "" || r.Domain == "" || len(r.Items) == 0 || len(r.Provision) == 0 {
				t.Fatalf("accepted %+v", r)
			}
			keys[r.Key()] = true
		}
	})
}
