package eval

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestJudgements tests that the judgements speak of what there is.
func TestJudgements(t *testing.T) {
	markets := []Market{Demo(), Large(LargeSize, Seed)}
	total := 0
	for _, m := range markets {
		seen := map[string]bool{}
		for _, q := range m.Queries() {
			total++
			if seen[q.Text] {
				t.Errorf("%s: %q is asked twice", m.Name, q.Text)
			}
			seen[q.Text] = true
			if !slices.Contains(Classes, q.Class) {
				t.Errorf("%q is of no class", q.Text)
			}
			if best := m.ideal(q); (len(best) == 0) != (q.Class == Nothing) {
				t.Errorf("%s, %s: %q has %d relevant products", m.Name, q.Class, q.Text, len(best))
			} else if len(best) > 0 && best[0] != 3 {
				t.Errorf("%s: nothing is what %q means", m.Name, q.Text)
			}
		}
	}
	if total < 150 {
		t.Errorf("there are %d queries, want at least 150", total)
	}
	for _, list := range [][]judged{demoQueries, largeQueries} {
		for _, j := range list {
			for _, c := range parse(j.judgement) {
				if len(c.conditions) == 0 {
					t.Errorf("%q: a clause without a condition makes everything relevant", j.text)
				}
			}
		}
	}
}

func TestLargeIsTheSameForASeed(t *testing.T) {
	a, b, c := Large(500, 1), Large(500, 1), Large(500, 2)
	names := map[string]bool{}
	for i := range a.documents {
		if a.documents[i].Name != b.documents[i].Name || a.documents[i].Description != b.documents[i].Description {
			t.Fatalf("product %d differs", i)
		}
		names[a.documents[i].Name] = true
	}
	if len(names) != 500 {
		t.Errorf("500 products have %d names", len(names))
	}
	if a.documents[0].Name == c.documents[0].Name && a.documents[1].Name == c.documents[1].Name {
		t.Error("another seed makes the same market")
	}
}

func TestMeasure(t *testing.T) {
	for _, row := range []struct {
		sentence   string
		got, ideal []int
		want       Score
	}{
		{"all that there is, in the best order", []int{3, 1}, []int{3, 1}, Score{1, 1, 1, 1, 0}},
		{"ten of the best are all that can be", slices.Repeat([]int{3}, 10), slices.Repeat([]int{3}, 50), Score{1, 1, 1, 1, 0}},
		{"nothing", nil, []int{3}, Score{1, 0, 0, 0, 1}},
		{"nothing where there is nothing", nil, nil, Score{1, 0, 0, 0, 1}},
		{"something where there is nothing", []int{0}, nil, Score{1, 0, 0, 0, 0}},
		{"the only one in the second place", []int{0, 3}, []int{3}, Score{1, 1, 0.5, 1 / math.Log2(3), 0}},
		{"half of it", []int{3}, []int{3, 3}, Score{1, 0.5, 1, 1 / (1 + 1/math.Log2(3)), 0}},
	} {
		got := measure(row.got, row.ideal)
		if got.Queries != 1 || math.Abs(got.Found-row.want.Found)+math.Abs(got.MRR-row.want.MRR)+math.Abs(got.NDCG-row.want.NDCG)+math.Abs(got.Empty-row.want.Empty) > 1e-9 {
			t.Errorf("%s is measured as %v, want %v", row.sentence, got, row.want)
		}
	}
	worse, better := measure([]int{1, 3}, []int{3, 1}), measure([]int{3, 1}, []int{3, 1})
	if worse.NDCG >= better.NDCG {
		t.Error("the order by grade does not count")
	}
}

func TestTableHasEveryClass(t *testing.T) {
	table := Table([]string{"one"}, []Report{{Classes: map[Class]Score{}}})
	for _, class := range Classes {
		if !strings.Contains(table, "| "+string(class)+" |") {
			t.Errorf("%s is missing in\n%s", class, table)
		}
	}
}
