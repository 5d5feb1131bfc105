package inverted

import (
	"fmt"
	"os"
	"testing"

	"gongshu/search"
	"gongshu/search/eval"
)

func TestDebug(t *testing.T) {
	ix := Memory()
	ix.SetSynonyms(t.Context(), search.Synonyms)
	m := eval.Large(100000, eval.Seed)
	docs := m.Documents()
	ix.Rebuild(t.Context(), func(y func(search.Document, error) bool) {
		for _, d := range docs {
			if !y(d, nil) {
				return
			}
		}
	})
	names := map[string]string{}
	for _, d := range docs {
		names[d.ID.String()] = d.Name + " | " + fmt.Sprint(d.Items, d.Description)
	}
	for _, q := range []string{"想知道江油市的房子租金和住房租赁市场趋势", "教育部门统计的学位供给缺口预测在哪里看", "where can I find parking space data for Youxian District"} {
		p := ix.state.planner(ix.synonyms)
		units := p.units(scan(fold(q)))
		for _, u := range units {
			fmt.Println("unit", u.text, u.match.within(p.live, widest).GetCardinality())
		}
		pieces, unknown := p.pieces(units)
		for _, x := range pieces {
			fmt.Println("  piece", x.text, x.weight)
		}
		fmt.Println("  unknown", unknown)
		r, _ := ix.Search(t.Context(), search.Query{Text: q, First: 10, CountTotal: true})
		fmt.Println(r.Total, r.Corrected, r.Dropped)
		for _, h := range r.Hits {
			fmt.Println("   ", names[h.ID.String()])
		}
	}
	_ = os.Args
}
