package gongshu

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layer is where a folder stands. Imports point to the same layer or to a lower one, never up.
type layer int

const (
	rules      layer = iota // pure: values in, a decision out
	mechanisms              // what keeps, finds and carries, each behind a small port
	useCases                // what people do
	edges                   // where requests and jobs come in
	program                 // what picks the adapters
)

// folder is one line of the table: where it stands and what it may import beside the standard library.
type folder struct {
	layer layer
	// own are folders of this module, others modules of others; each with all that is below it.
	own, others []string
}

const (
	uuids    = "github.com/google/uuid"
	decimals = "github.com/govalues/decimal"
	ent      = "entgo.io/ent"
	gqlgen   = "github.com/99designs/gqlgen"
	gqlparse = "github.com/vektah/gqlparser/v2"
	river    = "github.com/riverqueue/river"
	postgres = "github.com/lib/pq"
	texts    = "golang.org/x/text/unicode/norm"
	sqlite   = "modernc.org/sqlite"
	stripe   = "github.com/stripe/stripe-go/v76"
)

// allRules are the rules that ent's enums, the store and everything above take their types from.
var allRules = []string{
	"internal/access", "internal/authorisation", "internal/bankstatement", "internal/catalogue", "internal/dictionary", "internal/fault",
	"internal/job", "internal/metadata", "internal/notice", "internal/ordering", "internal/outputcontrol", "internal/policy", "internal/purpose", "internal/todo", "pricing",
}

// table says what every folder with Go in it may import. A folder that is not here has no place yet.
// ent/db, graph/generated and graph/model are generated, and committed as they are.
var table = map[string]folder{
	"internal/fault":         {layer: rules},
	"internal/purpose":       {layer: rules},
	"internal/access":        {layer: rules, own: []string{"internal/fault", "internal/purpose"}, others: []string{uuids}},
	"internal/authorisation": {layer: rules, own: []string{"internal/fault", "internal/purpose"}, others: []string{uuids}},
	"internal/bankstatement": {layer: rules, own: []string{"internal/fault", "internal/legible", "internal/ordering", "internal/tabular", "pricing"}, others: []string{texts}},
	"internal/catalogue":     {layer: rules, own: []string{"internal/authorisation", "internal/fault", "internal/legible", "internal/tabular"}},
	"internal/dictionary":    {layer: rules, own: []string{"internal/authorisation", "internal/fault"}},
	"internal/harvest":       {layer: rules, own: []string{"internal/authorisation", "internal/dictionary", "internal/publicid", "internal/purpose", "internal/rdf"}, others: []string{uuids}},
	"internal/job":           {layer: rules, own: []string{"internal/fault"}},
	"internal/legible":       {layer: rules, own: []string{"internal/fault"}},
	"internal/metadata":      {layer: rules, own: []string{"internal/authorisation", "internal/dictionary", "internal/purpose"}},
	"internal/notice":        {layer: rules, own: []string{"internal/access"}},
	"internal/ordering":      {layer: rules, own: []string{"internal/fault", "internal/purpose", "pricing"}, others: []string{uuids, texts}},
	"internal/outputcontrol": {layer: rules, own: []string{"internal/authorisation", "internal/fault"}},
	"internal/policy":        {layer: rules, own: []string{"internal/authorisation", "internal/fault", "internal/legible", "internal/tabular"}},
	"internal/publicid":      {layer: rules, others: []string{uuids}},
	"internal/rdf":           {layer: rules},
	"internal/tabular":       {layer: rules, own: []string{"internal/fault"}},
	"internal/todo":          {layer: rules, own: []string{"internal/access", "internal/authorisation", "internal/ordering"}, others: []string{uuids}},
	"pricing":                {layer: rules, own: []string{"internal/fault", "internal/purpose"}, others: []string{decimals}},
	"data":                   {layer: rules},

	"ent":                          {layer: mechanisms, others: []string{ent}},
	"ent/schema":                   {layer: mechanisms, own: allRules, others: []string{ent, uuids}},
	"ent/db":                       {layer: mechanisms, own: append([]string{"ent/db", "ent/schema"}, allRules...), others: []string{ent, uuids}},
	"ent/migrations":               {layer: mechanisms, others: []string{ent + "/dialect"}},
	"ent/migrations/make":          {layer: mechanisms, own: []string{"ent/db/migrate"}, others: []string{"ariga.io/atlas", ent, postgres, sqlite}},
	"internal/store":               {layer: mechanisms, own: append([]string{"ent/db", "ent/migrations", "internal/legible", "internal/outbox"}, allRules...), others: []string{ent, uuids, decimals, postgres, sqlite}},
	"internal/store/storetest":     {layer: mechanisms, own: append([]string{"ent/db", "internal/blob", "internal/dataset", "internal/store"}, allRules...), others: []string{uuids, decimals}},
	"internal/feed":                {layer: mechanisms, own: []string{"internal/access", "internal/fault", "internal/store"}, others: []string{uuids}},
	"internal/outbox":              {layer: mechanisms, others: []string{ent + "/dialect", uuids, river}},
	"internal/blob":                {layer: mechanisms, others: []string{"gocloud.dev"}},
	"internal/dataset":             {layer: mechanisms, own: []string{"internal/authorisation", "internal/dictionary", "internal/fault", "internal/outputcontrol", "internal/spreadsheet"}, others: []string{sqlite}},
	"internal/spreadsheet":         {layer: mechanisms, own: []string{"internal/fault", "internal/tabular"}, others: []string{"github.com/xuri/excelize/v2", "golang.org/x/text"}},
	"internal/payment":             {layer: mechanisms, own: []string{"internal/ordering", "pricing"}, others: []string{uuids}},
	"internal/payment/test":        {layer: mechanisms, own: []string{"internal/ordering", "internal/payment", "pricing"}, others: []string{uuids}},
	"internal/payment/bank":        {layer: mechanisms, own: []string{"internal/ordering", "internal/payment"}},
	"internal/payment/paymenttest": {layer: mechanisms, own: []string{"internal/ordering", "internal/payment", "pricing"}, others: []string{uuids}},
	"search":                       {layer: mechanisms, own: []string{"internal/fault"}, others: []string{uuids}},
	"search/inverted":              {layer: mechanisms, own: []string{"internal/hold", "search", "search/lex", "search/pinyin"}, others: []string{"github.com/RoaringBitmap/roaring/v2", uuids}},
	"search/meili":                 {layer: mechanisms, own: []string{"internal/fault", "search", "search/lex", "search/pinyin"}, others: []string{"github.com/meilisearch/meilisearch-go", texts, uuids}},
	"search/meili/meilitest":       {layer: mechanisms, others: []string{texts}},
	"search/pinyin":                {layer: mechanisms, own: []string{"search/lex"}, others: []string{"github.com/mozillazg/go-pinyin", texts}},
	"internal/hold":                {layer: mechanisms},
	"search/eval":                  {layer: mechanisms, own: []string{"search"}, others: []string{"github.com/blevesearch", uuids}},
	"search/eval/table":            {layer: program, own: []string{"search", "search/eval", "search/inverted", "search/meili"}, others: []string{postgres}},
	"search/lex":                   {layer: mechanisms, others: []string{texts}},
	"search/searchtest":            {layer: mechanisms, own: []string{"internal/fault", "search"}, others: []string{uuids, "pgregory.net/rapid"}},
	"internal/testdb":              {layer: mechanisms, others: []string{postgres, sqlite}},

	"internal/payment/stripe":         {layer: mechanisms, own: []string{"internal/ordering", "internal/payment", "pricing"}, others: []string{uuids, stripe}},
	"internal/payment/stripe/standin": {layer: mechanisms},

	"internal/market": {layer: useCases, own: append([]string{
		"data", "ent/db", "internal/blob", "internal/dataset", "internal/harvest", "internal/outbox", "internal/payment", "internal/payment/bank", "internal/publicid", "internal/spreadsheet", "internal/store",
		"internal/tabular", "search", "search/lex",
	}, allRules...), others: []string{ent, uuids, decimals, "github.com/alexedwards/argon2id", "golang.org/x/text"}},

	"graph": {layer: edges, own: append([]string{
		"ent/db", "graph/generated", "graph/model", "graph/records", "graph/scalar", "graph/view", "internal/dataset", "internal/feed", "internal/legible", "internal/market", "internal/publicid",
		"internal/store", "search",
	}, allRules...), others: []string{ent, gqlgen + "/graphql", gqlparse + "/ast", uuids, decimals, "github.com/tidwall/gjson", "github.com/vikstrous/dataloadgen"}},
	"graph/generated": {layer: edges, own: append([]string{"ent/db", "graph/model", "graph/scalar", "graph/view", "internal/dataset", "internal/feed", "search"}, allRules...), others: []string{gqlgen, gqlparse, decimals}},
	"graph/model":     {layer: edges, own: append([]string{"ent/db", "graph/scalar", "internal/dataset", "internal/feed", "search"}, allRules...), others: []string{gqlgen, decimals}},
	"graph/records": {layer: edges, own: []string{"internal/access", "internal/authorisation", "internal/publicid", "internal/store"}, others: []string{
		gqlgen + "/graphql", gqlparse + "/ast", uuids, "github.com/hashicorp/golang-lru/v2",
	}},
	"graph/scalar": {layer: edges, own: []string{"internal/authorisation", "internal/fault", "pricing"}, others: []string{gqlgen, decimals}},
	"graph/view":   {layer: edges, own: []string{"ent/db", "graph/scalar", "internal/access", "internal/fault", "pricing"}, others: []string{decimals}},

	"internal/server": {layer: edges, own: []string{
		"ent/db", "graph", "graph/records", "internal/access", "internal/fault", "internal/feed", "internal/gateway", "internal/harvest", "internal/market", "internal/outbox", "internal/payment", "internal/publicid", "internal/server", "internal/spreadsheet", "internal/store", "web-client",
	}, others: []string{gqlgen, gqlparse, uuids, "github.com/prometheus/client_golang"}},
	"internal/server/accept":      {layer: edges},
	"internal/server/graphqlhttp": {layer: edges, own: []string{"internal/fault", "internal/server/accept", "internal/server/limits"}, others: []string{gqlgen, gqlparse}},
	"internal/server/limits":      {layer: edges, own: []string{"internal/fault"}, others: []string{gqlgen + "/graphql", gqlparse}},
	"internal/server/ratelimit":   {layer: edges, own: []string{"internal/fault"}},
	"internal/server/session":     {layer: edges, own: []string{"internal/access", "internal/fault", "internal/market", "internal/store"}, others: []string{"github.com/alexedwards/scs/v2", uuids}},
	"internal/server/uploads":     {layer: edges, own: []string{"internal/fault", "internal/market", "internal/publicid"}},
	"internal/gateway":            {layer: edges, own: append([]string{"internal/dataset", "internal/market", "internal/publicid", "internal/store"}, allRules...), others: []string{uuids}},
	"internal/worker":             {layer: edges, own: []string{"internal/outbox", "internal/store"}, others: []string{uuids, river}},
	"web-client":                  {layer: edges},

	"internal/config":      {layer: program, others: []string{"github.com/alecthomas/kong"}},
	"internal/demo":        {layer: program, own: append([]string{"data", "ent/db", "internal/demo/market", "internal/market", "internal/store"}, allRules...), others: []string{uuids, decimals}},
	"internal/demo/market": {layer: program, own: allRules},
	"internal/demo/scale": {layer: program, own: append([]string{
		"data", "internal/blob", "internal/dataset", "internal/demo", "internal/demo/market", "internal/market", "internal/store",
	}, allRules...), others: []string{uuids, decimals}},
	"cmd/gongshu": {layer: program, own: []string{
		"graph", "internal/authorisation", "internal/blob", "internal/config", "internal/dataset", "internal/demo", "internal/fault", "internal/market", "internal/ordering", "internal/payment", "internal/server",
		"internal/hold", "internal/store", "internal/worker", "search/inverted", "search/meili",
	}, others: []string{"golang.org/x/term"}},
	"e2e/bench":       {layer: program, others: []string{postgres, sqlite}},
	"e2e/bench/bysql": {layer: program, others: []string{postgres}},
	"e2e/browser":     {layer: program},
	"e2e/conformance": {layer: program},
	"e2e/program":     {layer: program},

	"e2e/stripestandin": {layer: program, own: []string{"internal/payment/stripe/standin"}},
}

func TestImportsPointOneWay(t *testing.T) {
	for name, f := range table {
		for _, target := range f.own {
			below, ok := table[placeOf(target)]
			if !ok {
				t.Errorf("%s may import %s, which has no place", name, target)
			} else if below.layer > f.layer {
				t.Errorf("%s may import %s, which is above it", name, target)
			}
		}
		if f.layer == rules {
			for _, module := range f.others {
				if module != uuids && module != decimals && module != texts {
					t.Errorf("%s holds rules and may not import %s", name, module)
				}
			}
		}
	}
}

// Tests may import more than what they test; they are not looked at.
func TestEveryFolderImportsWhatTheTableSays(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		if entry.IsDir() && file != "." && (entry.Name() == "node_modules" || entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		place := placeOf(path.Dir(file))
		allowed, ok := table[place]
		if !ok {
			t.Errorf("%s: the folder is not in the table of arch_test.go", file)
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !mayImport(allowed, name) {
				t.Errorf("%s imports %s, which the table of arch_test.go does not allow", file, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mayImport(f folder, name string) bool {
	if own, ok := strings.CutPrefix(name, "gongshu/"); ok {
		return slices.ContainsFunc(f.own, func(allowed string) bool { return within(own, allowed) })
	}
	first, _, _ := strings.Cut(name, "/")
	if !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(f.others, func(allowed string) bool { return within(name, allowed) })
}

func within(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

// placeOf is the line of the table for a folder: ent/db holds a generated folder for each table.
func placeOf(folder string) string {
	if strings.HasPrefix(folder, "ent/db/") {
		return "ent/db"
	}
	return folder
}
