//go:build unix

package inverted_test

import (
	"context"
	"flag"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gongshu/search"
	"gongshu/search/eval"
	"gongshu/search/inverted"
)

// marketSize is how many products the benchmarks are made with: -market 1000000 for a large one.
var marketSize = flag.Int("market", eval.LargeSize, "products of the benchmarks")

// market makes the products anew, so that they are no burden to what is measured once they are indexed.
func market() []search.Document { return eval.Large(*marketSize, eval.Seed).Documents() }

var built = sync.OnceValue(func() *inverted.Index {
	index := inverted.Memory()
	if err := index.SetSynonyms(context.Background(), search.Synonyms); err != nil {
		panic(err)
	}
	if err := index.Rebuild(context.Background(), sequence(market())); err != nil {
		panic(err)
	}
	return index
})

// asked are queries as people make them: mostly words, some with filters, each with facets and the total.
func asked() []search.Query {
	domain := search.Filter{DomainIDs: []string{"Transport", "Health"}}
	both := search.Filter{DomainIDs: []string{"Transport", "Health"}, Deliveries: []string{"API"}}
	queries := []search.Query{
		{}, {Filter: domain}, {Filter: both, Order: search.PriceLow}, {Order: search.PriceHigh},
		{Text: "公交客流"}, {Text: "公交客流", Filter: both}, {Text: "涪城区公交客流指数"}, {Text: "空气质量 指数"}, {Text: "绵阳"}, {Text: "统计"},
		{Text: "air quality"}, {Text: "hourly rainfall forecast"}, {Text: "降水量"}, {Text: "统一社会信用代码"}, {Text: "ICD-11"},
		{Text: "公共汽车客流"}, {Text: "充电站", Filter: search.Filter{Deliveries: []string{"FILE"}}}, {Text: "gongjiao keliu"}, {Text: "kqzl"},
		{Text: "fucheng 公交"}, {Text: "空气质良"}, {Text: "卫星遥感影像"}, {Text: "SCDR-510700-0004242"}, {Text: "请问有没有成都市空气质量的预测数据"},
	}
	for i := range queries {
		queries[i].First, queries[i].Facets, queries[i].CountTotal = 20, true, true
	}
	return queries
}

// BenchmarkSearch16 is sixteen connections that search at once, each waiting for its turn after an answer as a connection
// waits for its next request. It reports the times of single searches, and what one takes of the cores. All of them ask again
// what was asked before, as most of what people look for is; BenchmarkSearch16New never does.
func BenchmarkSearch16(b *testing.B) {
	search16(b, func(q search.Query, _ int) search.Query { return q })
}

// BenchmarkSearch16New is BenchmarkSearch16 where nobody has asked for the same: of each text another word is excluded.
func BenchmarkSearch16New(b *testing.B) {
	search16(b, func(q search.Query, n int) search.Query {
		if q.Text != "" {
			q.Text, q.Operators = q.Text+" -x"+strconv.Itoa(n), true
		}
		return q
	})
}

func search16(b *testing.B, ask func(q search.Query, n int) search.Query) {
	index, queries := built(), asked()
	var next atomic.Int64
	var guard sync.Mutex
	var times []time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	spent := cpu(b)
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			var own []time.Duration
			for {
				n := int(next.Add(1))
				if n > b.N {
					break
				}
				began := time.Now()
				if _, err := index.Search(b.Context(), ask(queries[n%len(queries)], n)); err != nil {
					b.Error(err)
				}
				own = append(own, time.Since(began))
				runtime.Gosched()
			}
			guard.Lock()
			defer guard.Unlock()
			times = append(times, own...)
		})
	}
	group.Wait()
	b.StopTimer()
	b.ReportMetric(float64((cpu(b)-spent).Microseconds())/float64(b.N), "µs-cpu/op")
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs/p50")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs/p99")
}

// BenchmarkSearchLeast is what a new search takes when nothing disturbs it: the fastest of each query's, on average over the
// queries. It compares sizes of a market on a machine that does other work too, where both are asked as often: -benchtime 100x.
func BenchmarkSearchLeast(b *testing.B) {
	index, queries := built(), asked()
	least := make([]time.Duration, len(queries))
	for b.Loop() {
		for i, q := range queries {
			index.Forget()
			began := time.Now()
			if _, err := index.Search(b.Context(), q); err != nil {
				b.Fatal(err)
			}
			if took := time.Since(began); least[i] == 0 || took < least[i] {
				least[i] = took
			}
		}
	}
	sum := time.Duration(0)
	for _, took := range least {
		sum += took
	}
	b.ReportMetric(float64(sum.Nanoseconds())/float64(1000*len(queries)), "µs/least")
}

// cpu is what this process took of the cores so far, which says more than the time where others work on the machine too.
func cpu(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// hard are texts that ask as much as a text can.
func hard() []search.Query {
	long := []rune{}
	for _, d := range eval.Large(50, eval.Seed).Documents() {
		if long = append(long, []rune(d.Description)...); len(long) >= search.MaxTextRunes {
			break
		}
	}
	var texts []search.Query
	for _, text := range []string{
		string(long[:search.MaxTextRunes]), strings.Repeat("公交客流气象", 33), strings.Repeat("gongjiaokeliu ", 14), strings.Repeat("z", search.MaxTextRunes),
		strings.Repeat("qx ", 66), strings.Repeat("wether ", 28), "请问" + strings.Repeat("月度统计", 49),
	} {
		texts = append(texts, search.Query{Text: text, First: 20, Facets: true})
	}
	return texts
}

// BenchmarkSearch is each query alone, as if nobody had asked it before.
func BenchmarkSearch(b *testing.B) {
	index := built()
	for _, q := range append(asked(), hard()...) {
		name := string([]rune(q.Text)[:min(30, len([]rune(q.Text)))])
		if name == "" {
			name = "everything"
		}
		if len(q.Filter.DomainIDs)+len(q.Filter.Deliveries) > 0 {
			name += " filtered"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				index.Forget()
				if _, err := index.Search(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSuggest(b *testing.B) {
	index := built()
	for _, prefix := range []string{"公", "公交", "gongji", "gjk", "air q", "卫生"} {
		b.Run(prefix, func(b *testing.B) {
			for b.Loop() {
				if _, err := index.Suggest(b.Context(), prefix, 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRebuild reports what the index takes of memory beside the documents that it is made of, and at most meanwhile,
// with what was not yet collected.
func BenchmarkRebuild(b *testing.B) {
	documents := market()
	for b.Loop() {
		before := heap()
		index := inverted.Memory()
		began, peak := time.Now(), uint64(0)
		watched := func(yield func(search.Document, error) bool) {
			for i, d := range documents {
				if i%1000 == 0 {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapAlloc)
				}
				if !yield(d, nil) {
					return
				}
			}
		}
		if err := index.Rebuild(b.Context(), watched); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/rebuild")
		b.ReportMetric(float64(heap()-before)/(1<<20), "MB")
		b.ReportMetric(float64(peak-before)/(1<<20), "MB-peak")
		runtime.KeepAlive(index)
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkPut(b *testing.B) {
	index, documents := built(), market()
	n := 0
	for b.Loop() {
		d := documents[n*7919%len(documents)]
		d.Name += "改"
		if err := index.Put(b.Context(), d); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// BenchmarkPutKept is BenchmarkPut with a file, for so long that it is written anew: -benchtime 100000x. It reports the
// longest change too, and the longest search meanwhile.
func BenchmarkPutKept(b *testing.B) {
	documents := market()
	index, _, err := inverted.Open(b.TempDir())
	if err == nil {
		err = index.Rebuild(b.Context(), sequence(documents))
	}
	if err != nil {
		b.Fatal(err)
	}
	defer index.Close()
	stop, stopped := make(chan struct{}), make(chan time.Duration)
	go func() {
		longest := time.Duration(0)
		for {
			select {
			case <-stop:
				stopped <- longest
				return
			case <-time.After(time.Millisecond):
				begun := time.Now()
				if _, err := index.Search(context.Background(), search.Query{Text: "公交客流", First: 20}); err != nil {
					b.Error(err)
				}
				longest = max(longest, time.Since(begun))
			}
		}
	}()
	n, longest := 0, time.Duration(0)
	for b.Loop() {
		d := documents[n*7919%len(documents)]
		d.Name += "改"
		begun := time.Now()
		if err := index.Put(b.Context(), d); err != nil {
			b.Fatal(err)
		}
		longest = max(longest, time.Since(begun))
		n++
	}
	close(stop)
	b.ReportMetric(float64(longest.Milliseconds()), "ms/longest")
	b.ReportMetric(float64((<-stopped).Milliseconds()), "ms/longest-search")
}
