package meilitest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// query is a text as it is understood on one index.
type query struct {
	*index
	on              map[int]bool // the attributes that are searched, all where empty
	terms           []*term
	nodes           []node
	negativeWords   []string
	negativePhrases [][]string
	blank           bool
}

// term is a word of the query, or a phrase.
type term struct {
	phrase   []string // of one word, or what is quoted
	quoted   bool
	prefix   bool
	position int
	matches  map[*document]match // by document
	words    map[string]int      // what it stands for, with how many typos
	synonyms [][]string
}

// node is a run of terms that stand for one word: one term, or two or three written as one.
type node struct {
	from, size int
	*term
}

// match is how a term is best matched by a document.
type match struct {
	typos, attribute, position int
	exact                      bool
}

// maxWords is how many words of a query count.
const maxWords = 10

// parse understands a text as Meilisearch's parse_query does.
func (x *index) parse(text string, on map[int]bool) *query {
	p := &query{index: x, on: on}
	var phrase []string
	inPhrase, negativePhrase, negativeNext, blank := false, false, false, true
	position := 0
	end := func() {
		if len(phrase) > 0 {
			if negativePhrase {
				p.negativePhrases = append(p.negativePhrases, phrase)
			} else {
				p.terms = append(p.terms, &term{phrase: phrase, quoted: true, position: position})
			}
		}
		phrase = nil
	}
	tokens := x.tokens.tokenize(text)
	for i, t := range tokens {
		if len(p.terms) >= maxWords {
			break
		}
		if !t.separator {
			switch position++; {
			case inPhrase:
				phrase = append(phrase, t.lemma)
			case negativeNext:
				p.negativeWords = append(p.negativeWords, t.lemma)
				negativeNext = false
			default:
				p.terms = append(p.terms, &term{phrase: []string{t.lemma}, prefix: i+1 == len(tokens), position: position})
			}
			blank = false
			continue
		}
		if t.hard {
			position += 7
			if inPhrase {
				end()
			}
		}
		if t.lemma == `"` {
			if inPhrase {
				end()
				inPhrase, negativePhrase = false, false
			} else {
				inPhrase, negativePhrase = true, negativeNext
			}
		}
		negativeNext = !inPhrase && t.lemma == "-" && blank
		r, _ := utf8.DecodeLastRuneInString(t.lemma)
		blank = unicode.IsSpace(r)
	}
	if inPhrase {
		end()
	}
	p.blank = len(p.terms) == 0
	for i := range p.terms {
		for size := 1; size <= 3 && i+size <= len(p.terms); size++ {
			if t := p.joined(p.terms[i : i+size]); t != nil {
				p.resolve(t, size)
				p.nodes = append(p.nodes, node{i, size, t})
			}
		}
	}
	return p
}

// joined is a run of terms as one word, nil where they are not plain neighbours.
func (p *query) joined(terms []*term) *term {
	if len(terms) == 1 {
		return terms[0]
	}
	word := ""
	var words []string
	for i, t := range terms {
		if t.quoted || i > 0 && t.position != terms[i-1].position+1 {
			return nil
		}
		word += t.phrase[0]
		words = append(words, t.phrase[0])
	}
	last := terms[len(terms)-1]
	t := &term{phrase: []string{word}, prefix: last.prefix, position: terms[0].position}
	t.synonyms = p.synonymsOf(words)
	return t
}

// synonymsOf are the texts that a run of words may also be.
func (p *query) synonymsOf(words []string) [][]string {
	var all [][]string
	for from, others := range p.settings.Synonyms {
		if !slices.Equal(p.lemmas(from), words) {
			continue
		}
		for _, other := range others {
			all = append(all, p.lemmas(other))
		}
	}
	return all
}

func (x *index) lemmas(text string) []string {
	var all []string
	for _, t := range x.tokens.tokenize(text) {
		if !t.separator {
			all = append(all, t.lemma)
		}
	}
	return all
}

// typosAllowed is how many letters of a word may be wrong, of one that stands for several words the fewer.
func (p *query) typosAllowed(word string, size int) int {
	tolerance := p.settings.TypoTolerance
	n := utf8.RuneCountInString(word)
	switch {
	case !tolerance.Enabled, n < tolerance.MinWordSizeForTypos.OneTypo, slices.Contains(tolerance.DisableOnWords, word),
		tolerance.DisableOnNumbers && strings.Trim(word, "0123456789.") == "":
		return 0
	case n < tolerance.MinWordSizeForTypos.TwoTypos:
		return max(0, 1-(size-1))
	default:
		return max(0, 2-(size-1))
	}
}

// resolve finds the documents of a term.
func (p *query) resolve(t *term, size int) {
	t.matches, t.words = map[*document]match{}, map[string]int{}
	if t.quoted {
		p.phrase(t, t.phrase, true)
		return
	}
	word := t.phrase[0]
	if size == 1 {
		t.synonyms = p.synonymsOf(t.phrase)
	}
	allowed := p.typosAllowed(word, size)
	if allowed == 0 && !t.prefix {
		if _, ok := p.words[word]; ok {
			t.words[word] = 0
		}
	} else {
		for known := range p.words {
			if known == word || t.prefix && strings.HasPrefix(known, word) {
				t.words[known] = 0
			} else if n := typos(word, known, allowed, t.prefix); n <= allowed {
				t.words[known] = n
			}
		}
	}
	for known, typos := range t.words {
		for d := range p.words[known] {
			for _, at := range d.places[known] {
				if !p.searches(at.attribute) || typos > 0 && p.exactOnly(at.attribute) {
					continue
				}
				t.take(d, match{typos, at.attribute, at.position, known == word})
			}
		}
	}
	for _, synonym := range t.synonyms {
		p.phrase(t, synonym, false)
	}
}

func (p *query) searches(attribute int) bool { return len(p.on) == 0 || p.on[attribute] }

// exactOnly reports whether no typo is allowed in an attribute.
func (p *query) exactOnly(attribute int) bool {
	names := p.settings.SearchableAttributes
	return attribute < len(names) && slices.Contains(p.settings.TypoTolerance.DisableOnAttributes, names[attribute])
}

func (t *term) take(d *document, m match) {
	old, ok := t.matches[d]
	if !ok || m.typos < old.typos || m.typos == old.typos && (m.attribute < old.attribute || m.attribute == old.attribute && m.position < old.position) {
		m.exact = m.exact || ok && old.exact
		t.matches[d] = m
	}
}

// phrase finds words that follow each other in one attribute.
func (p *query) phrase(t *term, words []string, exact bool) {
	if len(words) == 0 {
		return
	}
	for d := range p.words[words[0]] {
		for _, at := range d.places[words[0]] {
			if p.searches(at.attribute) && follows(d, words[1:], at) {
				t.take(d, match{0, at.attribute, at.position, exact})
			}
		}
	}
}

func follows(d *document, words []string, at place) bool {
	for i, word := range words {
		if !slices.Contains(d.places[word], place{at.attribute, at.position + i + 1}) {
			return false
		}
	}
	return true
}

// typos is how many letters are wrong in a word, more than allowed where there are too many. A wrong first letter counts
// twice, two letters the other way round once. With prefix the beginning of the other word is compared.
func typos(word, other string, allowed int, prefix bool) int {
	a, b := []rune(word), []rune(other)
	if allowed == 0 || len(b) < len(a)-allowed || !prefix && len(b) > len(a)+allowed {
		return allowed + 1
	}
	b = b[:min(len(b), len(a)+allowed)]
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			switch {
			case i == 0:
				rows[i][j] = j
			case j == 0:
				rows[i][j] = i
			default:
				cost := 1
				if a[i-1] == b[j-1] {
					cost = 0
				}
				rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
				}
			}
		}
	}
	n := rows[len(a)][len(b)]
	if prefix {
		n = slices.Min(rows[len(a)])
	}
	if n > 0 && a[0] != b[0] {
		n++
	}
	return n
}

// hit is a document that was found, with what it is ranked by.
type hit struct {
	*document
	words, typos, proximity, attribute, position, exact int
}

// match reports how a document matches, nil where it does not.
func (p *query) match(d *document, strategy string) *hit {
	for _, word := range p.negativeWords {
		if len(d.places[word]) > 0 {
			return nil
		}
	}
	for _, words := range p.negativePhrases {
		for _, at := range d.places[words[0]] {
			if follows(d, words[1:], at) {
				return nil
			}
		}
	}
	if p.blank {
		return &hit{document: d}
	}
	left := make([]bool, len(p.terms)) // the terms that are left out
	for n := len(p.terms); n > 0; n-- {
		if h := p.path(d, left); h != nil {
			h.words = n
			return h
		}
		if strategy == "all" {
			return nil
		}
		drop := n - 1
		if strategy == "frequency" {
			most := -1
			for i, t := range p.terms {
				if !left[i] && len(t.matches) > most {
					drop, most = i, len(t.matches)
				}
			}
		}
		left[drop] = true
	}
	return nil
}

// path finds the best way through the terms.
func (p *query) path(d *document, left []bool) *hit {
	best := make([]*hit, len(p.terms)+1)
	last := make([]match, len(p.terms)+1)
	best[0] = &hit{document: d}
	for i := range p.terms {
		if best[i] == nil {
			continue
		}
		if left[i] {
			if best[i+1] == nil {
				best[i+1], last[i+1] = best[i], last[i]
			}
			continue
		}
		for _, n := range p.nodes {
			m, ok := n.matches[d]
			if n.from != i || !ok || slices.Contains(left[i:i+n.size], true) {
				continue
			}
			h := *best[i]
			h.typos += m.typos + n.size - 1
			h.attribute += m.attribute
			h.position += m.position
			if m.exact {
				h.exact++
			}
			if i > 0 {
				h.proximity += near(last[i], m)
			}
			if to := i + n.size; best[to] == nil || h.typos < best[to].typos {
				best[to], last[to] = &h, m
			}
		}
	}
	return best[len(p.terms)]
}

// near is how far two matches are apart, 8 at most.
func near(a, b match) int {
	if a.attribute != b.attribute {
		return 8
	}
	d := b.position - a.position
	if d < 0 {
		d = 1 - d
	}
	return min(d, 8)
}

// rank sorts hits by the ranking rules. What they leave equal stays in the order of the ids, where Meilisearch promises none.
func (p *query) rank(found []*hit, sorts []sorting) {
	slices.SortFunc(found, func(a, b *hit) int {
		for _, rule := range p.settings.RankingRules {
			order := 0
			switch rule {
			case "sort":
				for _, s := range sorts {
					if order = s.compare(a.document, b.document); order != 0 {
						break
					}
				}
			case "words":
				order = b.words - a.words
			case "typo":
				order = a.typos - b.typos
			case "proximity":
				order = a.proximity - b.proximity
			case "attribute":
				if order = a.attribute - b.attribute; order == 0 {
					order = a.position - b.position
				}
			case "attributeRank":
				order = a.attribute - b.attribute
			case "wordPosition":
				order = a.position - b.position
			case "exactness":
				order = b.exact - a.exact
			default:
				attribute, direction, _ := strings.Cut(rule, ":")
				order = sorting{attribute, direction == "desc"}.compare(a.document, b.document)
			}
			if order != 0 {
				return order
			}
		}
		return strings.Compare(a.id, b.id)
	})
}

// marks are the words of a text that the query matches.
func (p *query) marks(text string) []token {
	var all []token
	tokens := slices.DeleteFunc(p.tokens.tokenize(text), func(t token) bool { return t.separator })
	for i, t := range tokens {
		matched := slices.ContainsFunc(p.nodes, func(n node) bool {
			if _, ok := n.words[t.lemma]; ok && !n.quoted {
				return true
			}
			phrases := n.synonyms
			if n.quoted {
				phrases = append(slices.Clone(phrases), n.phrase)
			}
			return slices.ContainsFunc(phrases, func(words []string) bool {
				for from := max(0, i-len(words)+1); from <= i && from+len(words) <= len(tokens); from++ {
					same := true
					for j, word := range words {
						same = same && tokens[from+j].lemma == word
					}
					if same {
						return true
					}
				}
				return false
			})
		})
		if matched {
			all = append(all, t)
		}
	}
	return all
}
