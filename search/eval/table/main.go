// Command table judges the embedded engine and the baselines, and prints the table of the scores. Where MEILI_URL names a
// Meilisearch server (MEILI_KEY its key), that is judged too, in an index gongshu_eval that stays there.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"time"

	_ "github.com/lib/pq"

	"gongshu/search"
	"gongshu/search/eval"
	"gongshu/search/inverted"
	"gongshu/search/meili"
)

func main() {
	products := flag.Int("products", eval.LargeSize, "size of the large market; the queries are judged for the default")
	baselines := flag.Bool("baselines", true, "judge the baselines too")
	weak := flag.Bool("weak", false, "list the queries that the embedded engine answers badly")
	flag.Parse()
	if err := run(context.Background(), *products, *baselines, *weak); err != nil {
		fmt.Fprintln(os.Stderr, "search-eval:", err)
		os.Exit(1)
	}
}

type engine struct {
	name string
	eval.Engine
}

func run(ctx context.Context, products int, baselines, weak bool) error {
	engines := []engine{{"embedded", eval.Index{Index: inverted.Memory(), Synonyms: search.Synonyms}}}
	if baselines {
		engines = append(engines, engine{"bleve, stock cjk", &eval.Stock{}})
		if source := os.Getenv("GONGSHU_TEST_POSTGRES"); source != "" {
			db, err := sql.Open("postgres", source)
			if err != nil {
				return err
			}
			defer db.Close()
			engines = append(engines, engine{"Postgres, bigrams", &eval.Postgres{DB: db}})
		} else {
			fmt.Println("Postgres is left out: GONGSHU_TEST_POSTGRES is not set.")
		}
		if url := os.Getenv("MEILI_URL"); url != "" {
			index, _, err := meili.Open(ctx, meili.Config{URL: url, Key: os.Getenv("MEILI_KEY"), Index: "gongshu_eval"})
			if err != nil {
				return err
			}
			defer index.Close()
			engines = append(engines, engine{"Meilisearch", eval.Index{Index: index, Synonyms: search.Synonyms}})
		} else {
			fmt.Println("Meilisearch is left out: MEILI_URL is not set.")
		}
	}
	markets := []eval.Market{eval.Demo(), eval.Large(products, eval.Seed)}
	var names []string
	var reports []eval.Report
	for _, e := range engines {
		began := time.Now()
		report, err := eval.Judge(ctx, e, markets...)
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", e.name, time.Since(began).Round(time.Millisecond))
		names, reports = append(names, e.name), append(reports, report)
	}
	fmt.Println("found / MRR / nDCG@10")
	fmt.Println()
	fmt.Print(eval.Table(names, reports))
	if weak {
		fmt.Println()
		for _, line := range reports[0].Weak {
			fmt.Println(line)
		}
	}
	return nil
}
