package searchtest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gongshu/search"
)

// Lack is something of RunLanguage that an adapter does not have, and says so.
type Lack string

const (
	// Corrections: mistyped characters are not found. Mistyped letters are, and what they were taken for is told as letters.
	Corrections Lack = "corrections"
	// Precision: words that are nearly the same are found too where others are there as they stand.
	Precision Lack = "precision"
	// Questions: what has most of a text is not found.
	Questions Lack = "questions"
	// Codes: a code is found where it is all of a text, not in quotation marks or beside words.
	Codes Lack = "codes"
)

// RunLanguage tests an adapter that understands more of what a person may mean than Run asks for: pinyin, initials,
// mistyped words, synonyms, operators, codes; and that suggests and highlights. open is as that of Run.
func RunLanguage(t *testing.T, open func(t *testing.T) search.Index, lacks ...Lack) {
	index := open(t)
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	weather, water, tax := shelf["weather"], shelf["water"], shelf["tax"]
	water.Columns = []string{"抄表日期", "Meter reading date"}
	tax.Codes = []string{"91510700MA6DEMO01X", "SC-2026/7"}
	water.Codes = []string{"#/"}
	if err := index.Put(t.Context(), weather, water, tax); err != nil {
		t.Fatal(err)
	}
	names := map[string]search.Document{"weather": weather, "water": water, "tax": tax}
	t.Run("understanding", func(t *testing.T) { understanding(t, index, names, !slices.Contains(lacks, Corrections)) })
	t.Run("operators", func(t *testing.T) { operators(t, index, names, !slices.Contains(lacks, Codes)) })
	t.Run("matched fields", func(t *testing.T) { matchedFields(t, index) })
	t.Run("synonyms", func(t *testing.T) { synonyms(t, index, names, !slices.Contains(lacks, Precision)) })
	t.Run("suggestions", func(t *testing.T) { suggestions(t, index) })
	t.Run("highlights", func(t *testing.T) { highlights(t, index, names, !slices.Contains(lacks, Corrections)) })
	t.Run("weird text", func(t *testing.T) { weirdLanguage(t, index) })
	if rester, ok := index.(search.Rester); ok {
		if err := rester.Rest(t.Context()); err != nil {
			t.Errorf("rest: %v", err)
		}
		t.Run("at rest", func(t *testing.T) { understanding(t, index, names, !slices.Contains(lacks, Corrections)) })
	}
	if !slices.Contains(lacks, Questions) {
		t.Run("questions", func(t *testing.T) { questions(t, index, names) })
	}
}

// finds compares what a query finds with names of the shelf, in any order.
func finds(t *testing.T, index search.Index, q search.Query, names map[string]search.Document, want string) search.Result {
	t.Helper()
	q.First = 10
	result := ask(t, index, q)
	got := ids(result)
	for name, d := range names {
		if wanted := slices.Contains(strings.Fields(want), name); wanted != slices.Contains(got, d.ID) {
			t.Errorf("%q finds %s: %t", q.Text, name, !wanted)
		}
	}
	return result
}

func understanding(t *testing.T, index search.Index, names map[string]search.Document, corrects bool) {
	for _, row := range []struct{ sentence, text, found, corrected string }{
		{"pinyin in one piece", "qixiang", "weather", ""},
		{"pinyin of several words", "qiye nashui", "tax", ""},
		{"pinyin syllable by syllable", "gong shui", "water", ""},
		{"pinyin in capitals", "QIXIANG", "weather", ""},
		{"full-width pinyin", "ｑｉｘｉａｎｇ", "weather", ""},
		{"a single syllable", "jiang", "weather", ""},
		{"pinyin with marks of tones", "qìxiàng", "weather", ""},
		{"pinyin of several words with marks of tones", "qǐyè nàshuì", "tax", ""},
		{"pinyin with marks of tones that are letters of their own", "qi\u0300xia\u0300ng", "weather", ""},
		{"pinyin with digits of tones", "qi4xiang4", "weather", ""},
		{"initials", "qxgc", "weather", ""},
		{"initials of an item", "jsl", "weather", ""},
		{"a character with several readings", "jiangshuiliang", "weather", ""},
		{"characters and pinyin", "企业gongshui", "water", ""},
		{"characters and initials", "企业gs", "water", ""},
		{"Chinese and English apart", "气象 observations", "weather", ""},
		{"a column", "抄表日期", "water", ""},
		{"an English column", "meter reading", "water", ""},
		{"a code", "91510700MA6DEMO01X", "tax", ""},
		{"a code in small letters, grouped", "91510700-ma6demo01x", "tax", ""},
		{"a part of a code", "91510700MA6", "", ""},
		{"another code", "91510700MA6DEMO02X", "", ""},
		{"a character that sounds the same", "气像观测", "weather", "气象观测"},
		{"one of two characters that sounds the same", "气像", "weather", "气象"},
		{"one of two characters that does not", "气家", "", ""},
		{"another character", "企业纳锐信用", "tax", "企业纳税信用"},
		{"traditional script", "氣象觀測", "weather", ""},
		{"a character too many between two words", "气象观观测", "weather", ""},
		{"a letter too few", "wether", "weather", "weather"},
		{"letters the other way round", "precipitaiton", "weather", "precipitation"},
		{"mistyped pinyin", "qixinag", "weather", "气象"},
		{"a word that nothing is near to", "区块链", "", ""},
		{"an English word that nothing is near to", "cryptocurrency", "", ""},
		{"letters that spell nothing", "xqzw", "", ""},
	} {
		if !corrects && row.corrected != "" && strings.ContainsFunc(row.text, isHan) {
			continue
		}
		t.Run(row.sentence, func(t *testing.T) {
			got := finds(t, index, search.Query{Text: row.text}, names, row.found).Corrected
			if !corrects && strings.ContainsFunc(row.corrected, isHan) {
				if got == "" || strings.ContainsFunc(got, isHan) {
					t.Errorf("%q is corrected to %q, want letters", row.text, got)
				}
				return
			}
			if got != row.corrected {
				t.Errorf("%q is corrected to %q, want %q", row.text, got, row.corrected)
			}
		})
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func operators(t *testing.T, index search.Index, names map[string]search.Document, codes bool) {
	rows := []struct{ sentence, text, found string }{
		{"a quoted phrase stands as it is", `"企业供水"`, "water"},
		{"a quoted phrase in another order is not found", `"供水企业"`, ""},
		{"a quoted English phrase", `"water supply check"`, "water"},
		{"quoted English words that do not follow each other", `"water check"`, ""},
		{"Chinese quotation marks", "“气象观测”", "weather"},
		{"a quoted phrase is not corrected", `"气像观测"`, ""},
		{"a word that must not be there", "企业 -供水", "tax"},
		{"a phrase that must not be there", `企业 -"纳税信用"`, "water"},
		{"a phrase without an end that must not be there", `企业 -"纳税 信用`, "water"},
		{"only what must not be there", "-企业", "weather"},
		{"a minus within a word is none", "PM2.5-企业", ""},
		{"a minus before nothing is none", "气象 -", "weather"},
		{"an open quotation mark is none", `"气象`, "weather"},
		{"nothing in quotation marks", `气象 ""`, "weather"},
		{"operators without words", `-"" "" -`, ""},
		{"a code that must not be there", "-91510700-MA6DEMO01X", "weather water"},
		{"a word, and a code that must not be there", "企业 -91510700MA6DEMO01X", "water"},
		{"a quoted code that must not be there", `-"91510700 MA6DEMO01X"`, "weather water"},
		{"nothing but signs", "_", ""},
		{"nothing but a character that controls", "\x01", ""},
	}
	if codes {
		rows = append(rows, []struct{ sentence, text, found string }{
			{"a quoted code", `"91510700-MA6DEMO01X"`, "tax"},
			{"a code before a word", "91510700-MA6DEMO01X 企业", "tax"},
			{"a word before a code", "纳税 sc-2026/7", "tax"},
			{"a code beside a word that its product lacks", "sc-2026/7 供水", ""},
			{"a code of signs beside a word", "#/- 供水", "water"},
		}...)
	}
	for _, row := range rows {
		t.Run(row.sentence, func(t *testing.T) {
			finds(t, index, search.Query{Text: row.text, Operators: true}, names, row.found)
		})
	}
	if got := finds(t, index, search.Query{Text: `wether -"supply check" -xyzzy`, Operators: true}, names, "weather").Corrected; got != `weather -"supply check" -xyzzy` {
		t.Errorf("what is corrected becomes %q", got)
	}
	q := search.Query{Text: "企业 -供水", Operators: true, First: 1}
	q.After = ask(t, index, q).Hits[0].Cursor
	q.Operators = false
	refused(t, index, q, "CURSOR_INVALID", "after")
}

func matchedFields(t *testing.T, index search.Index) {
	for _, row := range []struct {
		text string
		want search.Field
	}{
		{"气象观测数据", search.FieldName}, {"降水量", search.FieldItem}, {"抄表日期", search.FieldColumn}, {"税务局", search.FieldOrigin},
		{"公用事业", search.FieldDomain}, {"风速", search.FieldDescription}, {"qixiang guance", search.FieldName},
	} {
		hits := ask(t, index, search.Query{Text: row.text, First: 1}).Hits
		if len(hits) != 1 || len(hits[0].Matched) == 0 || hits[0].Matched[0] != row.want {
			t.Errorf("%q matches in %v, want %s first", row.text, hits, row.want)
		}
	}
	if hits := ask(t, index, search.Query{First: 1}).Hits; len(hits[0].Matched) != 0 {
		t.Errorf("a blank text matches in %v", hits[0].Matched)
	}
}

func synonyms(t *testing.T, index search.Index, names map[string]search.Document, precise bool) {
	told, ok := index.(search.Synonymous)
	if !ok {
		t.Fatal("the index takes no synonyms")
	}
	finds(t, index, search.Query{Text: "天气观测"}, names, "")
	if err := told.SetSynonyms(t.Context(), [][]string{{"气象", "天气", "meteo"}, {"天气", "气候"}, {"supply", "供应"}, {"用水", "12319热线"}, {"供水", "自来水"}, {"!"}, {}}); err != nil {
		t.Fatal(err)
	}
	for text, found := range map[string]string{
		"天气": "weather", "天气观测": "weather", "meteo": "weather", "气候观测": "weather", "Meteo 降水": "weather", "气象": "weather",
		"tianqi": "weather", "tiānqì": "weather", "qihou guance": "weather", "zilaishui": "water", "企业zilaishui": "water", "zls": "water",
		"供应": "water", "天气 企业": "", "企业供应": "water", "12319热线": "water", "企业12319热线": "water", "12319": "",
	} {
		among := names
		if text == "meteo" && !precise { // the water has a meter
			among = map[string]search.Document{"weather": names["weather"], "tax": names["tax"]}
		}
		finds(t, index, search.Query{Text: text}, among, found)
	}
	if err := told.SetSynonyms(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"天气观测", "zilaishui"} {
		finds(t, index, search.Query{Text: text}, names, "")
	}
}

func suggestions(t *testing.T, index search.Index) {
	suggester, ok := index.(search.Suggester)
	if !ok {
		t.Fatal("the index suggests nothing")
	}
	for _, row := range []struct{ prefix, want string }{
		{"企业", "企业供水核验API"}, {"q", "企业供水核验API"}, {"qi", "企业供水核验API"}, {"qiye", "企业供水核验API"}, {"qy", "企业纳税信用等级"}, {"气象观", "气象观测数据"}, {"降", "降水量"}, {"jiangs", "降水量"},
		{"市水务", "市水务集团"}, {"meteorol", "Mianyang Meteorological Bureau"}, {"weath", "Weather Observations"}, {"  用水 ", "用水量"},
	} {
		got, err := suggester.Suggest(t.Context(), row.prefix, 10)
		if err != nil || !slices.ContainsFunc(got, func(s search.Suggestion) bool { return s.Text == row.want && s.Count == 1 }) {
			t.Errorf("%q suggests %v: %v, want %s", row.prefix, got, err, row.want)
		}
	}
	for _, prefix := range []string{"", " ", "!", "\x00", "\xff", "区块链", strings.Repeat("\"", search.MaxTextRunes)} {
		if got, err := suggester.Suggest(t.Context(), prefix, 10); err != nil || len(got) != 0 {
			t.Errorf("%q suggests %v: %v", prefix, got, err)
		}
	}
	if got, err := suggester.Suggest(t.Context(), "企业", 1); err != nil || len(got) != 1 {
		t.Errorf("one suggestion was asked for, got %v: %v", got, err)
	}
	if _, err := suggester.Suggest(t.Context(), strings.Repeat("象", search.MaxTextRunes+1), 10); err == nil {
		t.Error("a prefix without end is taken")
	}
	gone := search.Document{ID: id('s', 1), Name: "即将下架的产品", Items: []string{"独有数据项"}, SourceUnits: []search.Party{{ID: id('u', 9), Name: "独有单位"}}, ListedAt: since}
	if err := index.Put(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	if err := index.Remove(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"即将", "独有", "dy", "jijiang"} {
		if got, err := suggester.Suggest(t.Context(), prefix, 10); err != nil || len(got) != 0 {
			t.Errorf("what is gone is suggested for %q: %v %v", prefix, got, err)
		}
	}
}

func highlights(t *testing.T, index search.Index, names map[string]search.Document, corrects bool) {
	highlighter, ok := index.(search.Highlighter)
	if !ok {
		t.Fatal("the index highlights nothing")
	}
	for _, row := range []struct {
		text, document string
		field          search.Field
		want           string // of the text, with what matched in brackets
		corrected      bool
	}{
		{"观测", "weather", search.FieldName, "气象[观测]数据", false},
		{"observation", "weather", search.FieldName, "Weather [Observations]", false},
		{"qixiang", "weather", search.FieldName, "[气象]观测数据", false},
		{"气象数据", "weather", search.FieldName, "[气象]观测[数据]", false},
		{"信用Ａ级", "tax", search.FieldOrigin, "纳税[信用Ａ级]名单", false},
		{"风速", "weather", search.FieldDescription, "逐小时的温度、降水与[风速]", false},
		{"气像观测", "weather", search.FieldName, "[气象观测]数据", true},
	} {
		if row.corrected && !corrects {
			continue
		}
		var got []string
		for _, m := range highlighter.Highlight(search.Query{Text: row.text}, names[row.document]) {
			if m.Field == row.field {
				got = append(got, bracketed(m))
			}
		}
		if !slices.Contains(got, row.want) {
			t.Errorf("%q highlights %v, want %s", row.text, got, row.want)
		}
	}
	for _, text := range []string{"", "\"", "区块链"} {
		if got := highlighter.Highlight(search.Query{Text: text}, names["weather"]); len(got) != 0 {
			t.Errorf("%q highlights %v", text, got)
		}
	}
	strange := search.Document{Name: "\xff气象\xc3ﷺİ", ID: uuid.UUID{1}}
	for _, m := range highlighter.Highlight(search.Query{Text: "气象"}, strange) {
		if got := bracketed(m); got != "\xff[气象]\xc3ﷺİ" {
			t.Errorf("strange text is highlighted as %q", got)
		}
	}
}

func bracketed(m search.Match) string {
	text := m.Text
	for _, r := range slices.Backward(m.Ranges) {
		text = text[:r[0]] + "[" + text[r[0]:r[1]] + "]" + text[r[1]:]
	}
	return text
}

// questions tests that a text is answered by most of its words: a sentence by what has any share of it, a few words by what
// has more than half of them.
func questions(t *testing.T, index search.Index, names map[string]search.Document) {
	result := ask(t, index, search.Query{Text: "请问哪里可以查到企业的纳税信用等级和罚款记录", First: 10})
	if len(result.Hits) == 0 || result.Hits[0].ID != names["tax"].ID || !slices.Equal(result.Dropped, []string{"和罚款记录"}) {
		t.Errorf("a question finds %v without %v", result.Hits, result.Dropped)
	}
	finds(t, index, search.Query{Text: "气象 供水 纳税"}, names, "")
	for _, row := range []struct{ sentence, text, found, dropped string }{
		{"a word for the form in which something comes", "气象观测报告", "weather", "报告"},
		{"an English one", "taxpayer credit report", "tax", "report"},
		{"a measure", "企业核验量", "water", "量"},
		{"a word that nothing has", "weather observations xyzzy", "weather", "xyzzy"},
		{"two characters that nothing has", "企业纳税补贴", "tax", "补贴"},
		{"a word that others have", "企业纳税 气象", "tax", "气象"},
		{"parts in their order", "甲企业纳税乙", "tax", "甲|乙"},
		{"words that follow each other", "降水量 气象观测 xyzzy plugh", "weather", "xyzzy plugh"},
		{"as it was typed", "企業納稅 Ｘyzzy", "tax", "Ｘyzzy"},
		{"what nearly everything has and what has a form, in their order", "供水企业数据核验报告", "water", "数据|报告"},
		{"a wish to look something up", "企业供水查询", "water", ""},
		{"a question how to", "企业供水怎么查", "water", ""},
		{"one known word of two", "weather xyzzy", "", ""},
		{"a known half", "供水补贴", "", ""},
		{"a foreign subject in a known form", "区块链名单", "", ""},
		{"two characters of three", "信用卡", "", ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := strings.Join(finds(t, index, search.Query{Text: row.text}, names, row.found).Dropped, "|"); got != row.dropped {
				t.Errorf("%q drops %q, want %q", row.text, got, row.dropped)
			}
		})
	}
	finds(t, index, search.Query{Text: "请问哪里可以查到区块链和加密货币的行情走势"}, names, "")
}

// weirdLanguage tests that no text does harm where texts have a syntax.
func weirdLanguage(t *testing.T, index search.Index) {
	suggester, highlighter := index.(search.Suggester), index.(search.Highlighter)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"\"", "“", "-", "−", " ", "气象", "观", "氣", "量", "报告", "查询", "qi", "xiang", "qxgc", "wether", "，", "\x00", "\xff", "的", "有没有", "a", "ICD-11", "9"})
		q := search.Query{Text: strings.Join(rapid.SliceOfN(words, 0, 30).Draw(t, "words"), ""), Operators: rapid.Bool().Draw(t, "operators"), First: 3, Facets: true}
		result, err := index.Search(context.Background(), q)
		if err != nil {
			t.Fatalf("search %q: %v", q.Text, err)
		}
		if result.HasMore {
			q.After = result.Hits[2].Cursor
			if _, err := index.Search(context.Background(), q); err != nil {
				t.Fatalf("search the next page of %q: %v", q.Text, err)
			}
		}
		if _, err := suggester.Suggest(context.Background(), q.Text, 5); err != nil {
			t.Fatalf("suggest %q: %v", q.Text, err)
		}
		highlighter.Highlight(q, shelf["weather"])
	})
	for _, text := range []string{strings.Repeat("象", 10_000), strings.Repeat("\"", 10_000)} {
		refused(t, index, search.Query{Text: text, Operators: true}, "SEARCH_TEXT_TOO_LONG", "query")
	}
}
