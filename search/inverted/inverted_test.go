package inverted_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/search"
	"gongshu/search/eval"
	"gongshu/search/inverted"
	"gongshu/search/searchtest"
)

func memory(*testing.T) search.Index   { return inverted.Memory() }
func onDisk(t *testing.T) search.Index { return open(t, t.TempDir(), true) }

func TestMemory(t *testing.T)         { searchtest.Run(t, memory) }
func TestDisk(t *testing.T)           { searchtest.Run(t, onDisk) }
func TestMemoryLanguage(t *testing.T) { searchtest.RunLanguage(t, memory) }
func TestDiskLanguage(t *testing.T)   { searchtest.RunLanguage(t, onDisk) }

// open opens the index in dir, expecting it to be fresh or not.
func open(t testing.TB, dir string, wantFresh bool) *inverted.Index {
	t.Helper()
	index, fresh, err := inverted.Open(dir)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = index.Close() })
	if fresh != wantFresh {
		t.Fatalf("fresh is %t", fresh)
	}
	return index
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func sequence(documents []search.Document) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		for _, d := range documents {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// answers is everything that an index says of a market.
func answers(t *testing.T, index *inverted.Index) string {
	t.Helper()
	var b strings.Builder
	for _, text := range []string{"", "公交客流", "gongjiao", "kqzl", "air quality", "降水量", "绵阳", "空气质良", "SCDR-510700-0000007"} {
		for _, order := range []search.Order{search.Relevance, search.PriceLow} {
			result, err := index.Search(t.Context(), search.Query{Text: text, Order: order, First: 50, Facets: true, CountTotal: true})
			must(t, err)
			fmt.Fprintln(&b, result)
		}
		suggested, err := index.Suggest(t.Context(), text, 20)
		must(t, err)
		fmt.Fprintln(&b, suggested)
	}
	return b.String()
}

func TestOpenKeepsWhatWasBuilt(t *testing.T) {
	documents, dir := eval.Large(400, 7).Documents(), t.TempDir()
	index := open(t, dir, true)
	must(t, index.SetBuiltFrom(t.Context(), "early"))
	must(t, index.Rebuild(t.Context(), sequence(documents[:300])))
	must(t, index.Put(t.Context(), documents[250:400]...))
	must(t, index.Remove(t.Context(), documents[3].ID, documents[260].ID))
	must(t, index.SetBuiltFrom(t.Context(), "late"))
	want := answers(t, index)

	killed := filepath.Join(t.TempDir(), "killed") // the files of a process that was killed here
	must(t, os.CopyFS(killed, os.DirFS(dir)))
	must(t, index.Close())
	for name, dir := range map[string]string{"closed": dir, "killed": killed} {
		index := open(t, dir, false)
		if got := answers(t, index); got != want {
			t.Errorf("%s: the index answers otherwise when it is opened again", name)
		}
		if mark, err := index.BuiltFrom(t.Context()); err != nil || mark != "late" {
			t.Errorf("%s: the mark is %q: %v", name, mark, err)
		}
		must(t, index.Put(t.Context(), documents[3]))
	}
}

// TestOpenNeverBelievesHalfAFile cuts and changes the file everywhere: it is rebuilt, or holds all that was put.
func TestOpenNeverBelievesHalfAFile(t *testing.T) {
	documents, dir := eval.Large(40, 7).Documents(), t.TempDir()
	index := open(t, dir, true)
	must(t, index.Rebuild(t.Context(), sequence(documents[:30])))
	saved := size(t, dir)
	for _, d := range documents[30:] {
		must(t, index.Put(t.Context(), d))
	}
	whole, err := os.ReadFile(filepath.Join(dir, "products.index"))
	must(t, err)
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		part := slices.Clone(whole[:r.IntN(len(whole))])
		if r.IntN(2) == 0 {
			part = slices.Clone(whole)
			part[r.IntN(len(part))] ^= 1 << r.IntN(8)
		}
		half := t.TempDir()
		must(t, os.WriteFile(filepath.Join(half, "products.index"), part, 0o600))
		index, fresh, err := inverted.Open(half)
		must(t, err)
		count, err := index.Count(t.Context())
		must(t, err)
		// A file that ends between two changes is whole for all that one can see.
		if !fresh && (len(part) == len(whole) || len(part) < saved || count < 30) {
			t.Errorf("a file of %d of %d bytes is believed, with %d products", len(part), len(whole), count)
		}
		if fresh && count != 0 {
			t.Errorf("a fresh index has %d products", count)
		}
		must(t, index.Close())
	}
}

// TestTheFileDoesNotGrowForEver changes an index for long: its file stays about as large as what it holds, and whatever
// process is killed, and whenever, the next one finds everything. What such a one was writing goes.
func TestTheFileDoesNotGrowForEver(t *testing.T) {
	documents, dir := eval.Large(1200, 7).Documents(), t.TempDir()
	index := open(t, dir, true)
	must(t, index.Rebuild(t.Context(), sequence(documents)))
	saved, written, anew, last := size(t, dir), 0, 0, 0
	searching, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(searching)
		for {
			select {
			case <-done:
				return
			default:
				if _, err := index.Search(context.Background(), search.Query{Text: "公交", First: 5}); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	for n := 0; anew < 3; n++ {
		d := documents[n*7919%len(documents)]
		d.PriceFen = int64(n)
		if n%5 == 0 {
			must(t, index.Remove(t.Context(), d.ID))
		} else {
			must(t, index.Put(t.Context(), d))
		}
		must(t, index.SetBuiltFrom(t.Context(), strconv.Itoa(n)))
		now := size(t, dir)
		if now < last {
			anew++
		}
		if last = now; now > 2*max(saved, 1<<20)+64<<10 {
			t.Fatalf("of %d bytes the file has grown to %d", saved, now)
		}
		written = n
	}
	close(done)
	<-searching
	want := answers(t, index)
	killed := filepath.Join(t.TempDir(), "killed")
	must(t, os.CopyFS(killed, os.DirFS(dir)))
	must(t, os.WriteFile(filepath.Join(killed, "products.123.new"), []byte("half of it"), 0o600))
	again := open(t, killed, false)
	if got := answers(t, again); got != want {
		t.Error("the index answers otherwise when it is opened again")
	}
	if mark, err := again.BuiltFrom(t.Context()); err != nil || mark != strconv.Itoa(written) {
		t.Errorf("the mark is %q and not %d: %v", mark, written, err)
	}
	if left, err := filepath.Glob(filepath.Join(killed, "*.new")); err != nil || len(left) > 0 {
		t.Errorf("there is still %v, %v", left, err)
	}
	// Where it cannot be written anew, as nothing can be made in the folder, what is there goes on being good.
	must(t, os.RemoveAll(dir))
	for n := range 6000 {
		must(t, index.Put(t.Context(), documents[n%len(documents)]))
	}
}

// TestAnIndexRests puts what changed with what is saved: nothing is found otherwise after it, nor when it is opened again.
func TestAnIndexRests(t *testing.T) {
	documents, dir := eval.Large(8000, 7).Documents(), t.TempDir()
	index := open(t, dir, true)
	must(t, index.Rebuild(t.Context(), sequence(documents)))
	built := size(t, dir)
	if built < 5<<20 {
		t.Fatalf("of %d bytes it is saved anew before it is worth a rest", built)
	}
	must(t, index.Put(t.Context(), documents[0]))
	must(t, index.Rest(t.Context()))
	if now := size(t, dir); now <= built {
		t.Errorf("one change was not worth it: of %d bytes there are %d", built, now)
	}
	grown := 0
	for n := 0; grown < built+5<<18; n++ {
		changed := documents[n%len(documents)]
		changed.PriceFen = int64(n)
		must(t, index.Put(t.Context(), changed))
		grown = size(t, dir)
	}
	must(t, index.Remove(t.Context(), documents[1].ID))
	want, before := answers(t, index), index.State()
	must(t, index.Rest(t.Context()))
	if now := size(t, dir); now >= grown {
		t.Errorf("after it rested there are %d bytes, before it %d", now, grown)
	}
	if index.State() == before {
		t.Error("what changed is held in memory still")
	}
	if got := answers(t, index); got != want {
		t.Error("it answers otherwise after it rested")
	}
	must(t, index.Put(t.Context(), documents[2]))
	want = answers(t, index)
	killed := filepath.Join(t.TempDir(), "killed")
	must(t, os.CopyFS(killed, os.DirFS(dir)))
	if got := answers(t, open(t, killed, false)); got != want {
		t.Error("it answers otherwise when it is opened again")
	}
	// Without a rest it is saved anew too, before the changes take half as much as it.
	for n, last := 0, size(t, dir); ; n++ {
		must(t, index.Put(t.Context(), documents[n%len(documents)]))
		now := size(t, dir)
		if now < last {
			break
		}
		if last = now; now > built*3/2 {
			t.Fatalf("of %d bytes the file has grown to %d", built, now)
		}
	}
	must(t, index.Close())
	if err := index.Rest(t.Context()); err == nil {
		t.Error("an index that is closed rested")
	}
}

func size(t *testing.T, dir string) int {
	t.Helper()
	about, err := os.Stat(filepath.Join(dir, "products.index"))
	must(t, err)
	return int(about.Size())
}

func TestOpenBeginsAnew(t *testing.T) {
	documents := eval.Large(20, 7).Documents()
	for _, row := range []struct {
		sentence string
		do       func(t *testing.T, index *inverted.Index)
	}{
		{"an index that was never rebuilt", func(t *testing.T, index *inverted.Index) { must(t, index.Put(t.Context(), documents[0])) }},
		{"an index whose last rebuild failed", func(t *testing.T, index *inverted.Index) {
			must(t, index.Rebuild(t.Context(), sequence(documents)))
			broken := errors.New("away")
			err := index.Rebuild(t.Context(), func(yield func(search.Document, error) bool) { yield(search.Document{}, broken) })
			if !errors.Is(err, broken) {
				t.Fatalf("the rebuild says %v", err)
			}
			must(t, index.Put(t.Context(), documents[0]))
		}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			dir := t.TempDir()
			index := open(t, dir, true)
			row.do(t, index)
			must(t, index.Close())
			again := open(t, dir, true)
			if count, err := again.Count(t.Context()); err != nil || count != 0 {
				t.Errorf("it holds %d: %v", count, err)
			}
		})
	}
}

// A document that makes reading it panic keeps no other from the index, nor leaves anything of itself in it.
func TestADocumentThatCannotBeReadIsRefused(t *testing.T) {
	documents, dir := eval.Large(400, 7).Documents(), t.TempDir()
	index := open(t, dir, true)
	must(t, index.Rebuild(t.Context(), sequence(documents[:200])))
	before := documents[20]
	bad := before
	bad.Columns = append(slices.Clone(bad.Columns), "unreadable")
	other := documents[201]
	other.ItemsEn = []string{"Taken Item", "unreadable item"}
	undo := inverted.PanicAt("unreadable")
	defer undo()
	refuses := func(err error, ids ...uuid.UUID) {
		t.Helper()
		var refused search.Refused
		if !errors.As(err, &refused) || len(refused) != len(ids) {
			t.Fatalf("it answers %v", err)
		}
		for i, one := range refused {
			if one.ID != ids[i] || !strings.Contains(one.Reason.Error(), "UNREADABLE") {
				t.Errorf("%s is refused because %v", one.ID, one.Reason)
			}
		}
	}
	refuses(index.Put(t.Context(), documents[200], bad, other, documents[202]), bad.ID, other.ID)
	refuses(index.Put(t.Context(), append(slices.Clone(documents[203:]), other)...), other.ID) // many at once
	expected := inverted.Memory()
	must(t, expected.Put(t.Context(), slices.DeleteFunc(slices.Clone(documents), func(d search.Document) bool { return d.ID == other.ID })...))
	same := func(index *inverted.Index) {
		t.Helper()
		if answers(t, index) != answers(t, expected) {
			t.Error("the index answers otherwise than one that never saw what is refused")
		}
		if result, err := index.Search(t.Context(), search.Query{Text: "taken item", First: 5}); err != nil || len(result.Hits) > 0 {
			t.Errorf("what was read of a refused document is found: %v %v", result.Hits, err)
		}
	}
	same(index)
	must(t, index.Close())
	index = open(t, dir, false)
	same(index)
	must(t, expected.Remove(t.Context(), before.ID))
	documents[20] = bad
	documents[201] = other
	refuses(index.Rebuild(t.Context(), sequence(documents)), bad.ID, other.ID)
	same(index)
	for i := range documents[:search.MaxRefused+1] {
		documents[i].NameEn = "unreadable"
	}
	var refused search.Refused
	if err := index.Rebuild(t.Context(), sequence(documents)); err == nil || errors.As(err, &refused) {
		t.Errorf("where nearly nothing can be read it answers %v", err)
	}
	same(index)
}

func TestOpenTwice(t *testing.T) {
	dir := t.TempDir()
	index := open(t, dir, true)
	if second, _, err := inverted.Open(dir); err == nil {
		_ = second.Close()
		t.Fatal("two can have the index open at once")
	}
	must(t, index.Close())
	must(t, open(t, dir, true).Close())
}

func TestOpenWhereNothingCanBe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(path, nil, 0o600))
	if index, _, err := inverted.Open(filepath.Join(path, "index")); err == nil {
		_ = index.Close()
		t.Error("an index is opened under a file")
	}
}

// TestManyChangesAreARebuild compares an index that was changed thousands of times, so that it swept what was gone and
// used its numbers again, with one that was made of what is left.
func TestManyChangesAreARebuild(t *testing.T) {
	documents := eval.Large(1500, 7).Documents()
	changed, made := inverted.Memory(), inverted.Memory()
	must(t, changed.Rebuild(t.Context(), sequence(documents[:1000])))
	there := map[uuid.UUID]search.Document{}
	for _, d := range documents[:1000] {
		there[d.ID] = d
	}
	r := rand.New(rand.NewPCG(2, 2))
	for range 6000 {
		d := documents[r.IntN(len(documents))]
		if r.IntN(3) == 0 {
			must(t, changed.Remove(t.Context(), d.ID))
			delete(there, d.ID)
			continue
		}
		d.PriceFen = int64(r.IntN(50))
		must(t, changed.Put(t.Context(), d))
		there[d.ID] = d
	}
	var left []search.Document
	for _, d := range documents {
		if d, ok := there[d.ID]; ok {
			left = append(left, d)
		}
	}
	must(t, made.Rebuild(t.Context(), sequence(left)))
	if a, b := answers(t, changed), answers(t, made); a != b {
		t.Error("the changed index answers otherwise than one that was made of what is left")
	}
}

// TestGoals tests what docs/search.md promises of the judged queries.
func TestGoals(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds an index of 100,000 products")
	}
	report, err := eval.Judge(t.Context(), eval.Index{Index: inverted.Memory(), Synonyms: search.Synonyms}, eval.Demo(), eval.Large(eval.LargeSize, eval.Seed))
	must(t, err)
	if all := report.Overall; all.Found < 0.97 || all.NDCG < 0.9 {
		t.Errorf("over all classes found is %.3f, nDCG %.3f", all.Found, all.NDCG)
	}
	for class, score := range report.Classes {
		if class == eval.Nothing {
			if score.Empty < 0.95 {
				t.Errorf("%.3f of %s is answered empty", score.Empty, class)
			}
		} else if score.Found < 0.9 || score.NDCG < 0.9 {
			t.Errorf("%s: found is %.3f, nDCG %.3f", class, score.Found, score.NDCG)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(report.Weak, "\n"))
	}
}

// What finds nothing says what is near: what is known of it, together where that finds something.
func TestNothingFoundSaysWhatIsNear(t *testing.T) {
	index := inverted.Memory()
	for _, d := range []search.Document{
		{ID: uuid.New(), Name: "公交线路小时客流", NameEn: "Bus passenger flow by line and hour", Description: "按线路统计的公交客流"},
		{ID: uuid.New(), Name: "空气质量指数", NameEn: "Air quality index"},
	} {
		if err := index.Put(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string][]string{
		"公交 龙卷风":                  {"公交"},
		`bus "xyzzy" flow`:        {"bus flow", "flow", "bus"},
		"客流 空气":                   {"客流", "空气"},
		"公交 -客流":                  {"公交"}, // and not what is not wanted
		"公交 -公交":                  nil,
		`龙卷风 -"客流" "公交"`:          {"公交"},
		`"xyzzy" bus flow -buses`: {"flow"},
		`"xyzzy" bus flow -us`:    {"bus flow", "flow", "bus"},
		"龙卷风查询":                   nil,
		"GJ-KL-LXK":               nil, // a code
		"的":                       nil,
		"?":                       nil,
		"":                        nil,
		"公交":                      nil, // which finds something
	} {
		result, err := index.Search(t.Context(), search.Query{Text: text, Operators: true, First: 10})
		if err != nil || !slices.Equal(result.Near, want) {
			t.Errorf("near %q is %q, want %q (%v)", text, result.Near, want, err)
		}
		for _, near := range result.Near {
			if found, err := index.Search(t.Context(), search.Query{Text: near, First: 10}); err != nil || len(found.Hits) == 0 {
				t.Errorf("%q is near %q and finds nothing (%v)", near, text, err)
			}
		}
	}
}

// Letters stand for words: initials of two for the one that begins a name and one further on, and mistyped ones for none that is
// only the end of a word and the beginning of the next.
func TestLettersStandForWords(t *testing.T) {
	index := inverted.Memory()
	must(t, index.Put(t.Context(), search.Document{ID: uuid.New(), Name: "公交线路小时客流", Columns: []string{"结算金额中位数", "客流公里"}, Description: "按线路统计的客流"}))
	for text, found := range map[string]bool{
		"gjkl": true, "gjxs": true, "xlkl": false, "klgj": false, "xianlu": true, "xianluu": true, "luxiaoo": false, "ezhongg": false, "zhong": true,
	} {
		result, err := index.Search(t.Context(), search.Query{Text: text, First: 10})
		must(t, err)
		if got := len(result.Hits) > 0; got != found {
			t.Errorf("%q finds the product: %t, as %q", text, got, result.Corrected)
		}
	}
}

// Letters leave out what they stand for, where they are no word themselves.
func TestLettersLeaveOutWhatTheyStandFor(t *testing.T) {
	index := inverted.Memory()
	for i, name := range []string{"公交小时客流", "公交高峰指数 peak"} {
		must(t, index.Put(t.Context(), search.Document{ID: uuid.UUID{byte(i + 1)}, Name: name}))
	}
	for text, first := range map[string]byte{"公交 -keliu": 2, "公交 -peak": 1, "公交 -gaofeng": 1} {
		result, err := index.Search(t.Context(), search.Query{Text: text, Operators: true, First: 10})
		must(t, err)
		if len(result.Hits) != 1 || result.Hits[0].ID[0] != first {
			t.Errorf("%q finds %v, want the one of %d alone", text, result.Hits, first)
		}
	}
}

// Of two words in one piece the one that sounds like another is put right.
func TestOneOfTwoWordsIsPutRight(t *testing.T) {
	index := inverted.Memory()
	must(t, index.Put(t.Context(), search.Document{ID: uuid.UUID{1}, Name: "公交商圈客流热度", Items: []string{"客流指数"}}))
	for text, corrected := range map[string]string{"公焦客流": "公交 客流", "公交客刘": "公交客流", "公焦火星": "", "火星客流": ""} {
		result, err := index.Search(t.Context(), search.Query{Text: text, First: 10})
		must(t, err)
		if result.Corrected != corrected || (len(result.Hits) > 0) != (corrected != "") {
			t.Errorf("%q is corrected to %q and finds %d, want %q", text, result.Corrected, len(result.Hits), corrected)
		}
	}
}

// What is typed on the way to initials of two words that stand apart is completed as they are.
func TestInitialsAreCompletedOnTheirWay(t *testing.T) {
	index := inverted.Memory()
	must(t, index.Rebuild(t.Context(), sequence(eval.Demo().Documents())))
	must(t, index.SetSynonyms(t.Context(), search.Synonyms))
	for _, typed := range []string{"gj", "gjk", "gjkl", "gōngj", "gong1jiao1 xian4"} {
		got, err := index.Suggest(t.Context(), typed, 8)
		if err != nil || !slices.ContainsFunc(got, func(s search.Suggestion) bool { return s.Text == "公交线路小时客流" }) {
			t.Errorf("%q suggests %v: %v", typed, got, err)
		}
	}
	for _, typed := range []string{"zhengx", "zhengxin"} { // 征信 is in no name
		got, err := index.Suggest(t.Context(), typed, 8)
		if err != nil || !slices.ContainsFunc(got, func(s search.Suggestion) bool { return s.Text == "企业信用核验" }) {
			t.Errorf("%q suggests %v: %v", typed, got, err)
		}
	}
	if got, err := index.Suggest(t.Context(), "gjq", 8); err != nil || slices.ContainsFunc(got, func(s search.Suggestion) bool { return s.Text == "公交线路小时客流" }) {
		t.Errorf("initials that are not there suggest %v: %v", got, err)
	}
}

func TestPlurals(t *testing.T) {
	index := inverted.Memory()
	must(t, index.Put(t.Context(), search.Document{ID: uuid.New(), NameEn: "Bus status, cause of disease, licence by house"}))
	for _, text := range []string{"buses", "bus", "statuses", "causes", "diseases", "licences", "houses"} {
		if result, err := index.Search(t.Context(), search.Query{Text: text, First: 1}); err != nil || len(result.Hits) != 1 || result.Corrected != "" {
			t.Errorf("%q finds %v, corrected to %q (%v)", text, result.Hits, result.Corrected, err)
		}
	}
}

// What is found by words that mean the same is marked as they stand: all of them, one after the other.
func TestSynonymsAreMarkedWhole(t *testing.T) {
	index := inverted.Memory()
	must(t, index.SetSynonyms(t.Context(), [][]string{{"客流", "passenger flow"}, {"政务热线", "12345热线", "12345热线工单"}}))
	d := search.Document{ID: uuid.New(), Name: "便民12345热线", NameEn: "Flow of passengers", Description: "政务热线", DescriptionEn: "Passenger flows, cash flow"}
	must(t, index.Put(t.Context(), d))
	for text, want := range map[string]string{
		"客流":            "[Passenger flows], cash flow",
		"政务热线":          "便民[12345热线] [政务热线]",
		"请问12345热线吗":    "便民[12345热线] [政务热线]",
		"12345热线工单 怎么查": "便民[12345热线] [政务热线]",
	} {
		q := search.Query{Text: text, First: 1}
		if result, err := index.Search(t.Context(), q); err != nil || len(result.Hits) != 1 || len(result.Dropped) > 0 {
			t.Errorf("%q finds %v without %q (%v)", text, result.Hits, result.Dropped, err)
		}
		var got []string
		for _, m := range index.Highlight(q, d) {
			for _, r := range slices.Backward(m.Ranges) {
				m.Text = m.Text[:r[0]] + "[" + m.Text[r[0]:r[1]] + "]" + m.Text[r[1]:]
			}
			got = append(got, m.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q marks %q, want %q", text, got, want)
		}
	}
}
