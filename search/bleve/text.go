package bleve

import (
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	tokenizer "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/search/query"
	"golang.org/x/text/unicode/norm"
)

// Documents are indexed by characters and pairs of them; queries ask for pairs, and for a character only where it stands alone.
var (
	documentAnalyzer = analyzer(true)
	queryAnalyzer    = analyzer(false)
	stopWords        = englishStopWords()
)

func analyzer(singles bool) analysis.Analyzer {
	return &analysis.DefaultAnalyzer{
		Tokenizer: tokenizer.NewUnicodeTokenizer(),
		TokenFilters: []analysis.TokenFilter{
			en.NewPossessiveFilter(),
			porter.NewPorterStemmer(),
			cjk.NewCJKBigramFilter(singles),
		},
	}
}

// englishStopWords are the stems of the words that a query may hold without meaning them.
func englishStopWords() map[string]bool {
	words := analysis.NewTokenMap()
	if err := words.LoadBytes(en.EnglishStopWords); err != nil {
		panic("search index: " + err.Error())
	}
	stems := map[string]bool{}
	for word := range words {
		for _, token := range queryAnalyzer.Analyze([]byte(word)) {
			stems[string(token.Term)] = true
		}
	}
	return stems
}

// fold makes text of any origin comparable: valid, full width as half width, lower case, names_like_this as words.
func fold(text string) string {
	text = norm.NFKC.String(strings.ToValidUTF8(text, " "))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsControl(r) {
			return ' '
		}
		return unicode.ToLower(r)
	}, text))
}

// find is the query for a person's text: every word must be somewhere in the document.
func find(text string) query.Query {
	text = fold(text)
	if text == "" {
		return query.NewMatchAllQuery()
	}
	words := split(text)
	if len(words) == 0 {
		return query.NewMatchNoneQuery()
	}
	all := make([]query.Query, len(words))
	for i, word := range words {
		all[i] = word.query()
	}
	return query.NewConjunctionQuery(all)
}

// word is a word of a query as the terms that it is found by: an English stem, or the pairs of a run of characters.
type word []string

// split cuts folded text into words, each once. English stop words count only where there is nothing else.
func split(text string) []word {
	var words []word
	end := -1
	for _, token := range queryAnalyzer.Analyze([]byte(text)) {
		term := string(token.Term)
		if token.Type == analysis.Double && token.Start < end { // the second character of the pair before
			words[len(words)-1] = append(words[len(words)-1], term)
		} else {
			words = append(words, word{term})
		}
		end = token.End
	}

	seen := map[string]bool{}
	var telling, all []word
	for _, w := range words {
		key := strings.Join(w, " ")
		if seen[key] {
			continue
		}
		seen[key] = true
		all = append(all, w)
		if !stopWords[key] {
			telling = append(telling, w)
		}
	}
	if len(telling) == 0 {
		return all
	}
	return telling
}

// query finds documents with the word. Chinese is written without spaces, so that a run of characters is often several
// words and some of its pairs straddle two of them (气象数据 has 象数): up to a third of the pairs may be missing.
// Documents that have them all rank higher.
func (w word) query() query.Query {
	pairs := make([]query.Query, 0, len(w))
	seen := map[string]bool{}
	for _, term := range w {
		if !seen[term] {
			seen[term] = true
			pairs = append(pairs, anywhere(term))
		}
	}
	if len(pairs) == 1 {
		return pairs[0]
	}
	enough := query.NewDisjunctionQuery(pairs)
	enough.SetMin(float64(len(pairs) - len(pairs)/3))
	return enough
}

// anywhere finds a term in any field of text.
func anywhere(term string) query.Query {
	fields := make([]query.Query, len(textFields))
	for i, field := range textFields {
		q := query.NewTermQuery(term)
		q.SetField(field.name)
		q.SetBoost(field.boost)
		fields[i] = q
	}
	return query.NewDisjunctionQuery(fields)
}
