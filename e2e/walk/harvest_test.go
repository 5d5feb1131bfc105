package walk

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"gongshu/e2e/conformance"
	"gongshu/e2e/program"
	"gongshu/internal/testdb"
)

// What is harvested of the demo market is what its catalogue lists, and all of it conforms to what was published.
func TestTheDemoMarketIsHarvested(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		p := program.Start(t, url, "GONGSHU_DEMO=true", "GONGSHU_RATE=off")
		answer, err := http.Post(p.Base+"/graphql", "application/json", strings.NewReader(`{"query":"{ products { totalCount } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var listed struct {
			Data struct{ Products struct{ TotalCount int } }
		}
		if err := json.NewDecoder(answer.Body).Decode(&listed); err != nil {
			t.Fatal(err)
		}
		if listed.Data.Products.TotalCount < 10 {
			t.Fatalf("the demo market lists %d products", listed.Data.Products.TotalCount)
		}
		conformance.Harvest(t, p.Base, listed.Data.Products.TotalCount)
	})
}
