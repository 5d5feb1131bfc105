package bleve_test

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/search"
	"gongshu/search/bleve"
	"gongshu/search/searchtest"
)

func TestMemory(t *testing.T) {
	searchtest.Run(t, func(*testing.T) search.Index { return bleve.Memory() })
}

func TestDisk(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Index { return open(t, t.TempDir(), true) })
}

// open opens the index in dir, expecting it to be fresh or not.
func open(t testing.TB, dir string, wantFresh bool) *bleve.Index {
	t.Helper()
	index, fresh, err := bleve.Open(dir)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = index.Close() })
	if fresh != wantFresh {
		t.Fatalf("fresh is %t", fresh)
	}
	return index
}

func shut(t testing.TB, index *bleve.Index) {
	t.Helper()
	if err := index.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
}

func count(t testing.TB, index *bleve.Index, want int) {
	t.Helper()
	if got, err := index.Count(t.Context()); err != nil || got != want {
		t.Fatalf("count is %d, want %d: %v", got, want, err)
	}
}

// documents is a sequence of n synthetic products.
func documents(n int, end error) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		for i := range n {
			if !yield(synthetic(i), nil) {
				return
			}
		}
		if end != nil {
			yield(search.Document{}, end)
		}
	}
}

func TestOpenKeepsWhatWasBuilt(t *testing.T) {
	dir := t.TempDir()
	index := open(t, dir, true)
	if err := index.Rebuild(t.Context(), documents(20, nil)); err != nil {
		t.Fatal(err)
	}
	if err := index.Put(t.Context(), synthetic(20)); err != nil {
		t.Fatal(err)
	}
	if err := index.Remove(t.Context(), synthetic(3).ID); err != nil {
		t.Fatal(err)
	}
	shut(t, index)

	index = open(t, dir, false)
	count(t, index, 20)
	page, err := index.Search(t.Context(), search.Query{Text: "产品20", First: 3})
	if err != nil || len(page.Hits) == 0 || page.Hits[0].ID != synthetic(20).ID {
		t.Errorf("what was put before closing is not found: %v %v", page, err)
	}
}

func TestOpenBeginsAnew(t *testing.T) {
	for _, row := range []struct {
		sentence string
		build    func(t *testing.T, index *bleve.Index)
		damage   func(t *testing.T, dir string)
	}{
		{"an index that was never rebuilt", func(t *testing.T, index *bleve.Index) {
			if err := index.Put(t.Context(), synthetic(1)); err != nil {
				t.Fatal(err)
			}
		}, nil},
		{"an index whose last rebuild failed", func(t *testing.T, index *bleve.Index) {
			built(t, index)
			if err := index.Rebuild(t.Context(), documents(3, errors.New("away"))); err == nil {
				t.Fatal("the rebuild did not fail")
			}
		}, nil},
		{"an empty description", built, truncate("index_meta.json", 0)},
		{"a description that is no JSON", built, truncate("index_meta.json", 5)},
		{"an empty list of segments", built, truncate("store/root.bolt", 0)},
		{"a short list of segments", built, truncate("store/root.bolt", 100)},
		{"an empty segment", built, truncate("store/*.zap", 0)},
		{"a short segment", built, truncate("store/*.zap", 10)},
		{"a missing segment", built, remove("store/*.zap")},
		{"a missing store", built, remove("store")},
		{"a file where the folder should be", built, func(t *testing.T, dir string) {
			remove("")(t, dir)
			if err := os.WriteFile(dir, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			dir := t.TempDir()
			beside := filepath.Join(dir, "beside")
			if err := os.WriteFile(beside, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			index := open(t, dir, true)
			row.build(t, index)
			shut(t, index)
			if row.damage != nil {
				row.damage(t, filepath.Join(dir, "products.bleve"))
			}
			index = open(t, dir, true)
			count(t, index, 0)
			built(t, index)
			shut(t, index)
			count(t, open(t, dir, false), 20)
			if _, err := os.Stat(beside); err != nil {
				t.Errorf("a file beside the index: %v", err)
			}
		})
	}
}

func built(t *testing.T, index *bleve.Index) {
	t.Helper()
	if err := index.Rebuild(t.Context(), documents(20, nil)); err != nil {
		t.Fatal(err)
	}
}

// each calls do for the files that match, of which there must be one.
func each(pattern string, do func(path string) error) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no file matches %s: %v", pattern, err)
		}
		for _, path := range paths {
			if err := do(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func truncate(pattern string, size int64) func(t *testing.T, dir string) {
	return each(pattern, func(path string) error { return os.Truncate(path, size) })
}

func remove(pattern string) func(t *testing.T, dir string) { return each(pattern, os.RemoveAll) }

func TestOpenTwice(t *testing.T) {
	dir := t.TempDir()
	index := open(t, dir, true)
	built(t, index)
	if second, _, err := bleve.Open(dir); err == nil {
		_ = second.Close()
		t.Fatal("two can have the index open at once")
	}
	count(t, index, 20)
	shut(t, index)
	count(t, open(t, dir, false), 20)
}

func TestOpenWhereNothingCanBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if index, _, err := bleve.Open(filepath.Join(file, "index")); err == nil {
		_ = index.Close()
		t.Error("an index is opened under a file")
	}
}

var (
	topics      = []string{"气象", "供水", "纳税", "信用", "交通", "医疗", "教育", "社保", "不动产", "环境", "农业", "旅游", "能源", "招投标", "司法", "人才"}
	kinds       = []string{"观测数据", "核验接口", "统计报表", "等级查询", "分布热力", "趋势分析", "风险评分"}
	english     = []string{"weather", "water", "tax", "credit", "traffic", "health", "education", "insurance", "property", "environment", "farming", "tourism", "energy", "bidding", "justice", "talent"}
	modes       = []string{"PER_PRODUCT", "PER_CALL", "PER_PERIOD", "PER_VOLUME"}
	frequencies = []string{"REAL_TIME", "DAILY", "WEEKLY", "MONTHLY", "ANNUAL"}
)

// synthetic is the i-th product of a synthetic market.
func synthetic(i int) search.Document {
	topic, other := topics[i%len(topics)], topics[i*7%len(topics)]
	return search.Document{
		ID:            uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%d", i)),
		Name:          fmt.Sprintf("%s%s产品%d", topic, kinds[i%len(kinds)], i),
		NameEn:        fmt.Sprintf("%s product %d", english[i%len(english)], i),
		Description:   fmt.Sprintf("面向产业发展的%s公共数据，结合%s，按授权范围脱敏加工，提供第%d类服务，可用于金融风控、城市治理与商业选址等场景。", topic, other, i),
		DescriptionEn: fmt.Sprintf("Public %s data joined with %s, masked and processed within the grant.", english[i%len(english)], english[i*7%len(english)]),
		Items:         []string{topic + "编号", "统一社会信用代码", "行政区划", other + "状态", "更新时间"},
		ItemsEn:       []string{"code", "credit_code", "region", "status", "updated_at"},
		Resources:     []string{fmt.Sprintf("绵阳市%s信息资源%d", topic, i%800)},
		SourceUnits:   []search.Party{{ID: uuid.UUID{15: byte(i % 60)}, Name: fmt.Sprintf("绵阳市第%d单位", i%60)}},
		DomainIDs:     []string{fmt.Sprintf("D%02d", i%20)}, DomainNames: []string{topic + "服务"},
		Operator:      search.Party{ID: uuid.UUID{14: byte(1 + i%5)}, Name: fmt.Sprintf("第%d运营机构", i%5)},
		ChargingModes: []string{modes[i%4], modes[i/4%4]}, Delivery: []string{"API", "FILE"}[i%2], UpdateFrequency: frequencies[i%5],
		Priced: []search.Priced{search.Free, search.Paid}, PriceFen: int64(i%50) * 100, ListedAt: time.Date(2025, 9, 1, 0, i, 0, 0, time.UTC),
	}
}

const benchmarkMarket = 10_000

func BenchmarkSearch(b *testing.B) {
	index := open(b, b.TempDir(), true)
	if err := index.Rebuild(b.Context(), documents(benchmarkMarket, nil)); err != nil {
		b.Fatal(err)
	}
	for _, row := range []struct {
		name  string
		query search.Query
	}{
		{"everything", search.Query{}},
		{"everything with facets", search.Query{Facets: true}},
		{"everything by price with two filters and facets", search.Query{Order: search.PriceLow, Facets: true, Filter: search.Filter{DomainIDs: []string{"D01", "D02"}, Deliveries: []string{"API"}}}},
		{"a word of one product in sixteen", search.Query{Text: "气象"}},
		{"a word of one product in sixteen with facets", search.Query{Text: "气象", Facets: true}},
		{"words of all products with facets", search.Query{Text: "公共数据 产品", Facets: true}},
		{"the longest text", search.Query{Text: longest(), Facets: true}},
	} {
		b.Run(row.name, func(b *testing.B) {
			row.query.First = 20
			b.ReportAllocs()
			for b.Loop() {
				if _, err := index.Search(b.Context(), row.query); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// longest is a text of 200 characters that are all in the market.
func longest() string {
	text := []rune{}
	for i := 0; len(text) < search.MaxTextRunes; i++ {
		text = append(text, []rune(synthetic(i).Description)...)
	}
	return string(text[:search.MaxTextRunes])
}

func BenchmarkPut(b *testing.B) {
	index := open(b, b.TempDir(), true)
	if err := index.Rebuild(b.Context(), documents(benchmarkMarket, nil)); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		if err := index.Put(b.Context(), synthetic(n%benchmarkMarket)); err != nil {
			b.Fatal(err)
		}
		n++
	}
}
