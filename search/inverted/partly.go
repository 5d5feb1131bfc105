package inverted

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"gongshu/search"
	"gongshu/search/lex"
)

// The bounds of a long text that is answered by most of its words.
const (
	longRunes = 8
	longWords = 4
	// enough is the share of what the best hit has that another must have.
	enough = 0.15
)

// fieldWeights is what a match in each field is worth in a long text.
var fieldWeights = [fields]float64{1, 0.6, 0.5, 0.4, 0.3, 0.2}

// piece is a part of a long text that stands in documents.
type piece struct {
	text    string
	match   expression
	needles []string
	weight  float64
	spans   []span // where it stands in the text
}

// long reports whether a text is more than a few words.
func long(units []unit) bool {
	runes, words := 0, 0
	for _, u := range units {
		if r, _ := utf8.DecodeRuneInString(u.text); isCharacter(r) {
			runes += utf8.RuneCountInString(u.text)
		} else {
			words++
		}
	}
	return runes >= longRunes || words+runes/2 >= longWords
}

// wordSize is how many characters an English word counts for, and leastPart the characters that tell a part of a short text
// from a word that could be in any.
const (
	wordSize  = 2
	leastPart = 3
)

// maxParts bounds the parts of a short text that are looked at.
const maxParts = 6

// majority plans the documents that have more than half of a short text, ordinary words aside, counted in characters: the most
// of it that any has, and of what is as much the rarest.
func (p *planner) majority(done *plan, folded string, units []unit) {
	done.found = p.fresh()
	if slices.ContainsFunc(units, func(u unit) bool { return u.quoted }) {
		return
	}
	stronger := p.without(units, true)
	if len(stronger) == 0 {
		stronger = units
	}
	var parts []unit
	sizes, total := []int{}, 0
	for _, u := range stronger {
		known, size := p.known(u)
		total += size
		for _, part := range known {
			parts, sizes = append(parts, part), append(sizes, sizeOf(part.text))
		}
	}
	if len(parts) > maxParts {
		return
	}
	best, most, fewest := 0, max(total/2, leastPart-1), 0
	for choice := 1; choice < 1<<len(parts); choice++ {
		size := 0
		var matches []expression
		for i, part := range parts {
			if choice&(1<<i) != 0 {
				size += sizes[i]
				matches = append(matches, part.match)
			}
		}
		if size < most || size == most && best == 0 {
			continue
		}
		if n := p.count(conjunction(matches...), widest); n > 0 && (size > most || n < fewest) {
			best, most, fewest = choice, size, n
		}
	}
	if best == 0 {
		return
	}
	var chosen []unit
	for i, part := range parts {
		if best&(1<<i) != 0 {
			chosen = append(chosen, part)
		}
	}
	p.settle(done, folded, chosen)
	done.lacks = lacking(units, chosen)
}

// sizeOf is how much a part of a text counts, in characters.
func sizeOf(text string) int {
	if r, _ := utf8.DecodeRuneInString(text); isCharacter(r) {
		return utf8.RuneCountInString(text)
	}
	return wordSize
}

// known are the parts of a unit that documents have, and the size of the unit. A single character that ends it after such a
// part counts where it stands in a name: 信用分 is a 信用评分.
func (p *planner) known(u unit) (known []unit, size int) {
	size = sizeOf(u.text)
	if p.exists(u.match, widest) {
		return []unit{u}, size
	}
	if !isRun(u.text) {
		return nil, size
	}
	at := u.start
	for _, text := range p.segment([]rune(u.text)) {
		part := unit{text: text, start: at, end: at + len(text)}
		at = part.end
		if utf8.RuneCountInString(text) > 1 {
			part.match, part.exact, part.needles = p.run(text)
		} else if n := len(known); n > 0 && known[n-1].end == part.start && part.end == u.end {
			named := p.find(p.term(text), 0)
			part.match = fixed{named.kept()}
			p.reuse(named)
			part.exact = part.match
		} else {
			continue
		}
		known = append(known, part)
	}
	return known, size
}

// most plans the documents that have most of a long text, rare words counting more.
func (p *planner) most(done *plan, units []unit) {
	done.found = p.fresh()
	if slices.ContainsFunc(units, func(u unit) bool { return u.quoted }) {
		return
	}
	pieces, unknown := p.pieces(units)
	if len(pieces) < 2 {
		return
	}
	scores := make([]float32, len(p.entries))
	best := float32(0)
	at := p.fresh()
	for _, piece := range pieces {
		rest := p.find(piece.match, widest)
		for level := 0; level < fields && rest.size > 0; level++ {
			at.copy(rest)
			piece.match.keep(p.workspace, at, level)
			worth := float32(piece.weight * fieldWeights[level])
			for docs := range at.blocks() {
				for _, doc := range docs {
					scores[doc] += worth
					best = max(best, scores[doc])
				}
			}
			rest.andNot(at)
		}
		p.reuse(rest)
	}
	p.reuse(at)
	byRank := map[int64][]uint32{}
	for doc, score := range scores {
		if score > 0 && score >= enough*best {
			rank := int64(math.Round(50 * float64(score/best)))
			byRank[rank] = append(byRank[rank], uint32(doc))
		}
	}
	for rank, list := range byRank {
		docs := p.listed(list)
		done.found.or(docs)
		done.tiers = append(done.tiers, tier{rank: rank, match: fixed{docs}, level: widest})
	}
	slices.SortFunc(done.tiers, func(a, b tier) int { return cmp.Compare(b.rank, a.rank) })
	if len(done.tiers) == 0 {
		return
	}
	top := p.latest(done.tiers[0].match.(fixed).selection)
	done.lacks = unknown
	for _, piece := range pieces {
		if slices.ContainsFunc([]int{0, 1, 2, 3, 4, 5}, func(field int) bool { return piece.match.matches(top, field) }) {
			done.units = append(done.units, unit{text: piece.text, match: piece.match, exact: piece.match, needles: piece.needles})
		} else {
			done.lacks = append(done.lacks, piece.spans...)
		}
	}
}

// latest is the newest of some documents, which is shown first.
func (p *planner) latest(found *selection) uint32 {
	first := found.first()
	for docs := range found.blocks() {
		for _, doc := range docs {
			if p.before(newest, &p.entries[doc], &p.entries[first]) < 0 {
				first = doc
			}
		}
	}
	return first
}

// near are texts that find something, made of the parts of one that finds nothing: all that are known together, else one
// by one, the longest first. What the text excludes, as it is written there, is none of them.
func (p *planner) near(text string, operators bool) (near []string) {
	var known []string
	var excluded []lex.Span
	folded := lex.Fold(text)
	if operators {
		var quoted []lex.Span
		folded, quoted, excluded = lex.ReadOperators(folded)
		for _, q := range quoted {
			folded += " " + q.Text
		}
	}
	unwanted := func(part string) bool {
		return slices.ContainsFunc(excluded, func(not lex.Span) bool {
			return isRun(part) && strings.Contains(part, not.Text) || stem(part) == stem(not.Text)
		})
	}
	tokens := scan(folded)
	if p.looksLikeCode(folded, tokens) {
		return nil
	}
	for _, t := range tokens {
		parts := []string{t.text}
		if t.run {
			parts = nil
			for _, part := range wanted(t.text) {
				parts = append(parts, p.segment([]rune(part.Text))...)
			}
		}
		for _, part := range parts {
			if utf8.RuneCountInString(part) > 1 && !stops[part] && !slices.Contains(known, part) && !unwanted(part) && p.finds(part) {
				known = append(known, part)
			}
		}
	}
	if all := strings.Join(known, " "); len(known) > 1 && p.finds(all) {
		near = append(near, all)
	}
	slices.SortStableFunc(known, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	near = append(near, known...)
	return near[:min(len(near), search.MaxNear)]
}

// finds reports whether there are documents with all of a text as it stands.
func (p *planner) finds(text string) bool {
	var matches []expression
	for _, u := range p.units(scan(text)) {
		matches = append(matches, u.match)
	}
	return len(matches) > 0 && p.exists(conjunction(matches...), widest)
}

// pieces cuts units into the longest parts that stand in documents. What stands nowhere is unknown.
func (p *planner) pieces(units []unit) (pieces []piece, unknown []span) {
	total := float64(p.live.GetCardinality())
	add := func(u unit) {
		if i := slices.IndexFunc(pieces, func(one piece) bool { return one.text == u.text }); i >= 0 {
			pieces[i].spans = append(pieces[i].spans, span{u.start, u.end})
			return
		}
		n := float64(p.count(u.match, widest))
		if n == 0 {
			unknown = append(unknown, span{u.start, u.end})
			return
		}
		rare := math.Log(1 + total/n)
		pieces = append(pieces, piece{u.text, u.match, u.needles, rare * rare, []span{{u.start, u.end}}})
	}
	for _, u := range units {
		if !isRun(u.text) {
			add(u)
			continue
		}
		for _, part := range cut(u.text, weak) {
			at := u.start + part.Start
			for _, text := range p.segment([]rune(part.Text)) {
				if utf8.RuneCountInString(text) > 1 {
					add(p.runUnit(text, at))
				} else {
					unknown = append(unknown, span{at, at + len(text)})
				}
				at += len(text)
			}
		}
	}
	return pieces, unknown
}

// The bounds of cutting a run into parts: how long a part is, and what it costs to leave a character out, as the logarithm
// of how rare a part is.
const (
	longestPart = 8
	leftOut     = 4.0
)

// segment cuts a run into parts that stand in documents, or mean the same as one that does, and single characters that are
// left out, so that the parts are few and common.
func (p *planner) segment(runes []rune) []string {
	total := float64(p.live.GetCardinality())
	costs, from := make([]float64, len(runes)+1), make([]int, len(runes)+1)
	for end := 1; end <= len(runes); end++ {
		costs[end], from[end] = math.Inf(1), end-1
	}
	reach := func(start, end int, cost float64) {
		if costs[start]+cost < costs[end] {
			costs[end], from[end] = costs[start]+cost, start
		}
	}
	for start := range runes {
		reach(start, start+1, leftOut)
		if word := p.synonyms.longest(string(runes[start:])); word != "" {
			if alternatives, _ := p.alternatives(p.synonyms.runs[word]); alternatives.cost() > 0 {
				reach(start, start+utf8.RuneCountInString(word), math.Log(1+total/float64(alternatives.cost())))
			}
		}
		for end := start + 2; end <= min(len(runes), start+longestPart); end++ {
			part := string(runes[start:end])
			n, ok := p.counted[part]
			if !ok {
				n = p.count(p.phrase(part), widest)
				p.counted[part] = n
			}
			if n == 0 {
				break
			}
			reach(start, end, math.Log(1+total/float64(n)))
		}
	}
	var parts []string
	for end := len(runes); end > 0; end = from[end] {
		parts = append(parts, string(runes[from[end]:end]))
	}
	slices.Reverse(parts)
	return parts
}
