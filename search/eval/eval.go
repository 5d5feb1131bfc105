// Package eval judges how well an engine finds what people mean.
//
// It owns two markets (the demo's products and a large synthetic market), queries of several classes with graded
// judgements over them, the measures, and two baselines to compare with. A judgement is written by hand or derived
// from what the generator of the large market knows; none comes from what an engine answers.
package eval

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/search"
)

// Market is a set of products that queries are judged over.
type Market struct {
	Name      string
	documents []search.Document
	products  []product // what is known of each document, in the same order
}

// Documents are what an engine is given to index.
func (m Market) Documents() []search.Document { return m.documents }

// product is what judgements are derived from: the key of a demo product, or the parts of one of the large market.
type product struct {
	key                                               string
	city, district, sector, subject, shape, use, unit int
	items                                             []int
}

// Engine answers with the ids of at most ten products, the best first.
type Engine interface {
	// Load makes the engine hold exactly the documents.
	Load(ctx context.Context, documents []search.Document) error
	Find(ctx context.Context, text string) ([]uuid.UUID, error)
}

// Class is a way of asking.
type Class string

// The classes, in the order in which they are shown.
const (
	Names     Class = "names"
	Items     Class = "items"
	Synonyms  Class = "synonyms"
	Pinyin    Class = "pinyin"
	Initials  Class = "initials"
	Typos     Class = "typos"
	Mixed     Class = "mixed"
	Short     Class = "short"
	Questions Class = "long questions"
	Nothing   Class = "nothing to find"
)

// Classes lists the classes.
var Classes = []Class{Names, Items, Synonyms, Pinyin, Initials, Typos, Mixed, Short, Questions, Nothing}

// Query is a text with what is known of its answers.
type Query struct {
	Class Class
	Text  string
	// grade judges a product: 3 is what was meant, 2 answers much of it, 1 is related, 0 is not relevant.
	grade func(product) int
}

// shown is how many hits are looked at.
const shown = 10

// Score is how well an engine does on queries: each measure is a mean over Queries, 0 to 1.
type Score struct {
	Queries int
	// Found is the share of relevant hits among the first ten, of as many as there can be.
	Found float64
	// MRR is the reciprocal place of the first relevant hit, NDCG the discounted gain of the first ten by grade.
	MRR, NDCG float64
	// Empty is the share of queries that were answered with nothing.
	Empty float64
}

// add mixes the scores of two sets of queries.
func (s Score) add(o Score) Score {
	n, m := float64(s.Queries), float64(o.Queries)
	mean := func(a, b float64) float64 { return (a*n + b*m) / max(n+m, 1) }
	return Score{s.Queries + o.Queries, mean(s.Found, o.Found), mean(s.MRR, o.MRR), mean(s.NDCG, o.NDCG), mean(s.Empty, o.Empty)}
}

// Report is the scores of one engine. Overall leaves out the class Nothing, of which only Empty means something.
type Report struct {
	Classes map[Class]Score
	Overall Score
	// Weak are the queries that were answered with less than all there is, for whoever wants to look into them.
	Weak []string
}

// Judge lets an engine answer all queries of the markets.
func Judge(ctx context.Context, engine Engine, markets ...Market) (Report, error) {
	report := Report{Classes: map[Class]Score{}}
	for _, m := range markets {
		if err := engine.Load(ctx, m.documents); err != nil {
			return report, fmt.Errorf("load the %s market: %w", m.Name, err)
		}
		products := make(map[uuid.UUID]product, len(m.documents))
		for i, d := range m.documents {
			products[d.ID] = m.products[i]
		}
		for _, q := range m.Queries() {
			hits, err := engine.Find(ctx, q.Text)
			if err != nil {
				return report, fmt.Errorf("find %q: %w", q.Text, err)
			}
			grades := make([]int, 0, shown)
			for _, id := range hits[:min(len(hits), shown)] {
				grades = append(grades, q.grade(products[id]))
			}
			score := measure(grades, m.ideal(q))
			report.Classes[q.Class] = report.Classes[q.Class].add(score)
			if q.Class != Nothing {
				report.Overall = report.Overall.add(score)
			}
			if q.Class == Nothing && score.Empty == 0 || q.Class != Nothing && min(score.Found, score.NDCG) < 0.9 {
				report.Weak = append(report.Weak, fmt.Sprintf("%s, %s: %q found %.2f, nDCG %.2f, grades %v", m.Name, q.Class, q.Text, score.Found, score.NDCG, grades))
			}
		}
	}
	return report, nil
}

// ideal are the grades of all relevant products, the best first.
func (m Market) ideal(q Query) []int {
	var grades []int
	for _, p := range m.products {
		if grade := q.grade(p); grade > 0 {
			grades = append(grades, grade)
		}
	}
	slices.SortFunc(grades, func(a, b int) int { return b - a })
	return grades
}

// measure compares the grades of the hits with those of all there is.
func measure(got, ideal []int) Score {
	s := Score{Queries: 1}
	if len(got) == 0 {
		s.Empty = 1
	}
	relevant, possible := 0, min(len(ideal), shown)
	for i, grade := range got {
		if grade == 0 {
			continue
		}
		if relevant++; relevant == 1 {
			s.MRR = 1 / float64(i+1)
		}
	}
	if possible > 0 {
		s.Found = float64(relevant) / float64(possible)
		s.NDCG = gain(got) / gain(ideal[:possible])
	}
	return s
}

func gain(grades []int) float64 {
	sum := 0.0
	for i, grade := range grades {
		sum += (math.Exp2(float64(grade)) - 1) / math.Log2(float64(i+2))
	}
	return sum
}

// Table writes the reports side by side: found / MRR / nDCG by class, and for nothing to find the share answered empty.
func Table(names []string, reports []Report) string {
	var b strings.Builder
	b.WriteString("| class | queries |")
	for _, name := range names {
		fmt.Fprintf(&b, " %s |", name)
	}
	b.WriteString("\n|---|--:|" + strings.Repeat("---|", len(names)) + "\n")
	row := func(name string, score func(Report) Score, empty bool) {
		fmt.Fprintf(&b, "| %s | %d |", name, score(reports[0]).Queries)
		for _, r := range reports {
			if s := score(r); empty {
				fmt.Fprintf(&b, " empty %.3f |", s.Empty)
			} else {
				fmt.Fprintf(&b, " %.3f / %.3f / %.3f |", s.Found, s.MRR, s.NDCG)
			}
		}
		b.WriteString("\n")
	}
	for _, class := range Classes {
		row(string(class), func(r Report) Score { return r.Classes[class] }, class == Nothing)
	}
	row("all but nothing to find", func(r Report) Score { return r.Overall }, false)
	return b.String()
}
