package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongshu/internal/testdb"
)

func TestPercentilesAreNearestRanks(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for _, c := range []struct {
		name   string
		sorted []time.Duration
		p      int
		want   time.Duration
	}{
		{"of none there is none", nil, 50, 0},
		{"of one it is that one", hundred[:1], 99, 1},
		{"half of two is the lower", hundred[:2], 50, 1},
		{"99 of 100 is the last but one", hundred, 99, 99},
		{"half of 100", hundred, 50, 50},
		{"99 of 10 is the slowest", hundred[:10], 99, 10},
	} {
		if got := percentile(c.sorted, c.p); got != c.want {
			t.Errorf("%s: want %d, got %d", c.name, c.want, got)
		}
	}
}

func TestTimesOfProcessesAreRead(t *testing.T) {
	p, err := parseStat("812 (a (b) c) S 7 812 812 0 -1 4194304 100 0 0 0 3 4 50 60 20 0 1 0 1308185 3133440 418\n")
	if err != nil || p.parent != 7 || p.used != 117*tick {
		t.Errorf("the process is %+v, %v", p, err)
	}
	m, err := parseMachine("cpu  100 2 30 1000 50 0 7 1 90 0\ncpu0 1 2 3 4\n")
	if err != nil || m.busy != 140*tick || m.total != 1190*tick {
		t.Errorf("the machine is %+v, %v", m, err)
	}
	used, err := parseMemory("Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\nRssAnon:\t  512 kB\nThreads:\t1\n")
	if err != nil || used.now != 1<<20 || used.most != 2<<20 || used.own != 1<<19 {
		t.Errorf("the memory is %+v, %v", used, err)
	}
	for name, wrong := range map[string]func() error{
		"a process": func() error { _, err := parseStat("812 (a) S 7"); return err },
		"a machine": func() error { _, err := parseMachine("cpu0 1 2 3 4 5 6 7 8"); return err },
		"a memory":  func() error { _, err := parseMemory("Name:\tx\n"); return err },
	} {
		if wrong() == nil {
			t.Errorf("%s that says nothing was read", name)
		}
	}
}

func TestAChildsTimeIsItsParents(t *testing.T) {
	before, err := cpuOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done").Run(); err != nil {
		t.Fatal(err)
	}
	after, err := cpuOf(os.Getpid())
	if err != nil || after-before < 2*tick {
		t.Errorf("a child worked, and its parent's time went from %v to %v, %v", before, after, err)
	}
}

func TestALineIsWhatChanged(t *testing.T) {
	seen := loaded{took: []time.Duration{3, 1, 2, 2}, elapsed: 2 * time.Second}
	before := counters{server: 5, postgres: 1, client: 2, machine: wholeMachine{busy: 100, total: 1000}, statements: 10}
	after := counters{server: 45, postgres: 9, client: 6, machine: wholeMachine{busy: 162, total: 1100}, statements: 30}
	want := result{requests: 4, perSecond: 2, p50: 2, p99: 3, server: 10, postgres: 2, client: 1, statements: 5, others: 0.1}
	if got := rowOf(seen, after.since(before)); got != want {
		t.Errorf("want %+v, got %+v", want, got)
	}
}

func TestAMetricIsAddedUp(t *testing.T) {
	const text = "# HELP x\nx_sum{type=\"query\"} 12\nx_sum{type=\"mutation\"} 1.5e+02\nx_sum_other{a=\"b\"} 7\nx_count{type=\"query\"} 3\n"
	if got, err := sumOf(text, "x_sum"); err != nil || got != 162 {
		t.Errorf("want 162, got %v, %v", got, err)
	}
}

func TestPagesBeginWhereAPageBeforeEnds(t *testing.T) {
	cursors := make([]string, 45)
	for i := range cursors {
		cursors[i] = string(rune('0' + i))
	}
	for _, c := range []struct {
		name       string
		from, most int
		want       []string
	}{
		{"of nothing there is the first page", 0, 5, []string{""}},
		{"a whole page has no next one", 20, 5, []string{""}},
		{"one more begins a second", 21, 5, []string{"", cursors[19]}},
		{"no more than asked for", 45, 2, []string{"", cursors[19]}},
		{"all of them", 45, 5, []string{"", cursors[19], cursors[39]}},
	} {
		if got := pagesOf(cursors[:c.from], c.most); !slices.Equal(got, c.want) {
			t.Errorf("%s: want %q, got %q", c.name, c.want, got)
		}
	}
}

func TestWordsAreChineseAndOfTheName(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		text := words(r, "公交客流 (API) 分析，x")
		if n := len([]rune(text)); n < 2 || n > 4 || !strings.Contains("公交客流分析", text) || text == "流分" {
			t.Fatalf("the words are %q", text)
		}
	}
	if got := words(r, "weather"); got != "weather" {
		t.Errorf("a name without Chinese is %q", got)
	}
}

// sample is a report of one line, with errors as many as said.
func sample(errors int) report {
	return report{
		options: options{alone: true, products: 2000, seed: 1, seconds: 5, warmUp: 1, databases: []string{"sqlite"}, connections: []int{1, 16, 64}, beside: []string{"postgraphile", "sql"}},
		machine: machine{cpu: "a CPU", cores: "2", memory: "24 GiB", system: "Linux", goVersion: "go1"}, version: "abc", day: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC),
		markets: []measured{{database: "sqlite", disk: "ext4", loaded: "loaded in 1 s", rows: []result{{
			name: "list", connections: 16, requests: 10, errors: errors, perSecond: 123.4, p50: 1500 * time.Microsecond, p99: 20 * time.Millisecond,
			server: 3 * time.Millisecond, client: 250 * time.Microsecond, memory: memory{100 << 20, 200 << 20, 50 << 20}, statements: 6, others: 0.034,
		}}}},
	}
}

func TestTheReportSaysEverything(t *testing.T) {
	text := sample(0).alone()
	for _, want := range []string{
		"2026-11-25, commit `abc`: 2000 listed products, seed 1, 5 s", "a CPU, 2 cores, 24 GiB; Linux, go1.",
		"`make bench BENCH_PRODUCTS=\"2000\" BENCH_DATABASES=\"sqlite\"`", "### SQLite", "On ext4; loaded in 1 s.",
		"| list | 16 | 123 | 1.50 | 20.0 | 0 | 3.00 | – | 0.25 | 6.0 | 100 | 200 | 50 | 3 |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	if text := sample(3).alone(); !strings.HasPrefix(text, "**3 requests failed") {
		t.Errorf("errors are not said first:\n%s", text)
	}
}

func TestADocumentIsRewrittenBetweenItsMarks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	for _, report := range []string{"first\n", "second\n"} {
		if report == "first\n" {
			write(t, file, "# Page\n"+aloneSection.begin+aloneSection.end+"rest\n")
		}
		if err := aloneSection.rewrite(file, report); err != nil {
			t.Fatal(err)
		}
		if got, want := read(t, file), "# Page\n"+aloneSection.begin+"\n"+report+"\n"+aloneSection.end+"rest\n"; got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	write(t, file, "# Page\n")
	if aloneSection.rewrite(file, "x") == nil || read(t, file) != "# Page\n" {
		t.Error("a document without marks was rewritten")
	}
}

func TestThePageHasBothSections(t *testing.T) {
	page := read(t, "../../docs/performance.md")
	for _, s := range []section{aloneSection, besideSection} {
		if _, rest, begins := strings.Cut(page, s.begin); !begins || !strings.Contains(rest, s.end) {
			t.Errorf("docs/performance.md has no %q with its end", s.begin)
		}
	}
}

func TestOptionsThatMeanNothingAreRefused(t *testing.T) {
	t.Setenv("GONGSHU_TEST_POSTGRES", "")
	for _, args := range []string{"-databases=oracle", "-databases=postgres", "-databases=", "-connections=none", "-connections=0", "-connections=", "-products=5", "-seconds=0", "-beside=oracle", "-terms=0"} {
		if _, err := parse(append([]string{"-databases=sqlite"}, args)); err == nil {
			t.Errorf("%s passed", args)
		}
	}
}

func TestMarketsOfOtherDaysAreForgotten(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"sqlite-100-1-aaa", "sqlite-100-1-bbb", "sqlite-20-2-aaa", "run-sqlite"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, name, "loaded.txt"), "x")
	}
	if err := forgetOthers(folder, "aaa"); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range left {
		names = append(names, entry.Name())
	}
	if want := []string{"run-sqlite", "sqlite-100-1-aaa", "sqlite-20-2-aaa"}; !slices.Equal(names, want) {
		t.Errorf("want %q, got %q", want, names)
	}
}

func TestIdsOfTheMarketAreThoseOfItsTables(t *testing.T) {
	for _, c := range []struct{ id, want string }{
		{"prd_01k963rza0eyfvvq0tv5mn668a", "019a4c3c-7d40-779f-bddc-1ad96953190a"},
		{"019a4c3c-7d40-779f-bddc-1ad96953190a", "019a4c3c-7d40-779f-bddc-1ad96953190a"},
		{"prd_", "prd_"}, {"PER_PERIOD", "PER_PERIOD"},
	} {
		if got := uuidOf(c.id); got != c.want {
			t.Errorf("%s is %s, not %s", c.id, got, c.want)
		}
	}
}

func TestTheSameIsAlikeHoweverItIsWritten(t *testing.T) {
	const ours = `{"data":{"orders":{"edges":[{"cursor":"a","node":{"id":"prd_01k963rza0eyfvvq0tv5mn668a","quantity":3,"paidAt":"2026-11-30T00:00:00Z","total":{"amount":"12.30"},"terms":{"termMonths":12}}}],"pageInfo":{"hasNextPage":true,"endCursor":"a"}}}}`
	const theirs = `{"data" : {"orders" : {"edges" : [{"cursor" : "b", "node" : {"id" : "019a4c3c-7d40-779f-bddc-1ad96953190a", "quantity" : "3", "paidAt" : "2026-11-30T08:00:00.000000+08:00", "totalFen" : "1230", "termMonths" : "12"}}], "pageInfo" : {"hasNextPage" : true}}}}`
	same := func(a, b string) string {
		t.Helper()
		x, err := contentOf([]byte(a))
		if err != nil {
			t.Fatal(err)
		}
		y, err := contentOf([]byte(b))
		if err != nil {
			t.Fatal(err)
		}
		return differ("", x, y)
	}
	if at := same(ours, theirs); at != "" {
		t.Errorf("they differ: %s", at)
	}
	const found = `{"data":{"products":{"totalCount":1,"edges":[{"cursor":"a","node":{"id":"x"}}],"pageInfo":{"hasNextPage":false,"endCursor":"a"}}}}`
	if at := same(found, `{"data":{"products":{"totalCount":"1","products":[{"id":"x"}],"more":false}}}`); at != "" {
		t.Errorf("they differ: %s", at)
	}
	for name, other := range map[string]string{
		"a number": strings.Replace(theirs, `"3"`, `"4"`, 1), "a moment": strings.Replace(theirs, "08:00:00.", "08:00:01.", 1),
		"what comes after": strings.Replace(theirs, "true", "false", 1), "money": strings.Replace(theirs, "1230", "123", 1),
		"an id": strings.Replace(theirs, "190a", "190b", 1), "a row more": strings.Replace(theirs, `[{`, `[{"node":{}},{`, 1),
		"a column less": strings.Replace(theirs, `, "termMonths" : "12"`, "", 1),
	} {
		if other == theirs || same(ours, other) == "" {
			t.Errorf("%s is another, and nothing is said of it", name)
		}
	}
}

func TestTheReportComparesTheMarketWithTheOthers(t *testing.T) {
	r := sample(0)
	if r.beside() != "" {
		t.Error("there is a report of nobody")
	}
	r.options.alone = false
	r.markets[0].beside = besideFound{names: []string{"Gongshu", "SQL"}, about: []string{"", "a program"}, agreed: "7 texts of 9", comparisons: []comparison{{results: []result{
		{name: "list", connections: 16, perSecond: 300, p99: 20 * time.Millisecond, server: 2 * time.Millisecond, postgres: time.Millisecond, bytes: 20_000},
		{name: "list", connections: 16, perSecond: 100, p99: 40 * time.Millisecond, server: time.Millisecond, postgres: 3 * time.Millisecond, errors: 2},
	}}}}
	text := r.beside()
	for _, want := range []string{
		"**2 requests failed", "`make besidebench BENCH_PRODUCTS=\"2000\"`", "Beside it: a program.", "7 texts of 9",
		"| list | 16 | Gongshu | 300 | 0.00 | 20.0 | 0 | 2.00 | 1.00 | 0.00 | 20.0 | 0 | 0 | 0 | 0 |\n", "| list | 16 | SQL | 100 |", "| list | 16 | 3.00 | 0.50 | 0.75 |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	if r.alone() != "" {
		t.Error("it tells of the market alone, which was not measured")
	}
}

// built is a program of the module, built for a test.
func built(t *testing.T, name, folder string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-o", program, folder).CombinedOutput(); err != nil {
		t.Fatalf("go build: %s", out)
	}
	return program
}

// All answer alike, for a moment each, and what they write holds.
func TestContestantsAnswerAsTheMarketDoes(t *testing.T) {
	o := options{
		program: built(t, "gongshu", "gongshu/cmd/gongshu"), bysql: built(t, "bysql", "gongshu/e2e/bench/bysql"), folder: t.TempDir(), postgres: testdb.Postgres(t),
		databases: []string{"postgres"}, connections: []int{2}, products: 300, seed: 1, seconds: 0.2, warmUp: 0.1, terms: 60, beside: []string{"sql"},
	}
	t.Setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
	switch _, _, _, err := postgraphile(); {
	case err == nil:
		o.beside = append(o.beside, "postgraphile")
	case errors.Is(err, errNotInstalled):
		t.Logf("without PostGraphile: %v", err)
	default:
		t.Fatal(err)
	}
	if err := run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	text := read(t, filepath.Join(o.folder, "report.md"))
	for _, op := range besideOperations {
		for _, name := range []string{"Gongshu", "SQL", "PostGraphile"}[:1+len(o.beside)] {
			if !strings.Contains(text, "| "+op.name+" | 2 | "+name+" | ") {
				t.Errorf("there is no line of %s by %s in\n%s", op.name, name, text)
			}
		}
	}
	if err := o.tell(t.Context(), append(os.Environ(), settings(o, "postgres", filepath.Join(o.folder, "run-postgres"), "127.0.0.1:0")...), "reconcile"); err != nil {
		t.Errorf("what was written does not hold: %v", err)
	}
	if len(o.beside) == 1 {
		t.Skip("PostGraphile was left out, the rest passed: it is not installed")
	}
}

// The whole of it, on a small market and for a moment, so that no case stops working unseen; and not in the database that
// whoever runs it works with.
func TestEveryCaseWorksOnASmallMarket(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
	folder := t.TempDir()
	document := filepath.Join(folder, "page.md")
	write(t, document, aloneSection.begin+aloneSection.end)
	o := options{
		program: built(t, "gongshu", "gongshu/cmd/gongshu"), folder: filepath.Join(folder, "bench"), document: document, alone: true, databases: []string{"sqlite"}, connections: []int{2},
		products: 100, seed: 1, seconds: 0.1,
	}
	if err := run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	text := read(t, document)
	for _, c := range (&world{}).cases() {
		if !strings.Contains(text, "| "+c.name+" | 2 | ") {
			t.Errorf("there is no line of %s in\n%s", c.name, text)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
