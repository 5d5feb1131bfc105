package inverted

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongshu/search/lex"
	"gongshu/search/pinyin"
)

// plan is how a text is understood: which documents it finds and in which tiers, the best first.
type plan struct {
	everything bool       // the text is blank
	found      *selection // the caller's to reuse
	tiers      []tier
	// units are the parts of the text, to say where a hit matches and to highlight.
	units     []unit
	corrected string
	// lacks are the parts of the folded text that some or all of what is found lacks, dropped what was typed there.
	lacks    []span
	dropped  []string
	excludes []expression
}

// span is a part of the folded text.
type span struct{ from, to int }

// tier is a set of documents that are equally good.
type tier struct {
	rank  int64
	match expression
	level int
}

// unit is a part of the text that a document must have.
type unit struct {
	text       string // as it stands in the folded text
	start, end int
	match      expression
	// exact is the text as it stands, without what it may mean beside.
	exact expression
	// needles are what the unit looks like in a document: runs of characters, stems, and several of these that follow each other.
	needles []string
	weak    bool
	quoted  bool
}

// planner understands one text on one state.
type planner struct {
	*workspace
	synonyms *synonyms
	visits   int // that decoding has left
	// alone says that the text is one word.
	alone bool
	// counted is how many documents have a run in one piece, of those that were asked for.
	counted map[string]int
	// sample is some of the documents, nil before one is needed.
	sample *selection
}

// sampleSize is how many documents are looked at before all of them.
const sampleSize = 256

// exists reports whether any document matches in the first fields up to the level. What many match is found in a sample: the
// more there are, the more all of them would cost.
func (p *planner) exists(e expression, level int) bool {
	if int(e.cost()) > len(p.entries)/sparse {
		if p.sample == nil {
			along := p.orders[newest]
			docs := make([]uint32, min(sampleSize, len(along)))
			for i := range docs {
				docs[i] = along[i*len(along)/len(docs)]
			}
			slices.Sort(docs)
			p.sample = p.listed(docs)
		}
		found := p.fresh()
		found.copy(p.sample)
		e.keep(p.workspace, found, level)
		exists := found.size > 0
		p.reuse(found)
		if exists {
			return true
		}
	}
	return p.count(e, level) > 0
}

// plan understands a text. A text without letters and digits finds nothing, and a blank one everything.
func (p *planner) plan(asked string, operators bool) plan {
	if strings.TrimSpace(asked) == "" {
		return plan{everything: true, found: p.everything()}
	}
	folded := lex.Fold(asked)
	rest := folded
	var quoted, excluded []lex.Span
	if operators {
		rest, quoted, excluded = lex.ReadOperators(folded)
	}
	done := plan{}
	if len(excluded) == 0 {
		if found := p.find(p.code(asked), widest); found.size > 0 {
			return plan{found: found, tiers: []tier{{0, fixed{found.kept()}, widest}}}
		} else {
			p.reuse(found)
		}
		if tokens := scan(folded); p.looksLikeCode(folded, tokens) {
			if !p.settle(&done, folded, p.asWritten(tokens)) {
				done.found = p.fresh()
			}
			return done
		}
	}
	for _, not := range excluded {
		if e := p.excluded(not.Text); e != nil {
			done.excludes = append(done.excludes, e)
		}
	}
	var units []unit
	for _, q := range quoted {
		if u := p.asItStands(q); u.match != nil {
			units = append(units, u)
		}
	}
	folded = rest
	for _, piece := range p.codes(folded) {
		units = append(units, p.asItStands(piece))
		rest = rest[:piece.Start] + strings.Repeat(" ", len(piece.Text)) + rest[piece.Start+len(piece.Text):]
	}
	tokens := scan(rest)
	p.alone = len(tokens) == 1 && len(units) == 0
	units = append(units, p.units(tokens)...)
	if len(units) == 0 {
		if len(done.excludes) == 0 {
			return plan{found: p.fresh()}
		}
		done.found = p.fresh()
		done.found.load(p.live)
		p.exclude(done.found, done.excludes)
		done.tiers = []tier{{0, fixed{done.found.kept()}, widest}}
		return done
	}
	p.answer(&done, folded, units)
	if done.corrected != "" {
		done.corrected = lex.WriteOperators(done.corrected, quoted, excluded)
	}
	done.dropped = typed(asked, done.lacks)
	p.exclude(done.found, done.excludes)
	return done
}

// code is the documents with a code, however it is grouped.
func (p *planner) code(text string) expression { return coded{p.term(codeMark + lex.Code(text))} }

// codes are the pieces of a folded text, parted by blanks, that are codes. One of letters alone is a word.
func (p *planner) codes(folded string) (codes []lex.Span) {
	at := 0
	for piece := range strings.SplitSeq(folded, " ") {
		if strings.ContainsAny(piece, "-0123456789") && p.code(piece).cost() > 0 {
			codes = append(codes, lex.Span{Text: piece, Start: at})
		}
		at += len(piece) + 1
	}
	return codes
}

// written is what has a text as it stands, or as its code, which may be of signs alone. It is nil for a text that is neither.
func (p *planner) written(text string) expression {
	e, code := p.quote(text), p.code(text)
	switch {
	case len(e) > 0 && code.cost() > 0:
		return some{code, e}
	case len(e) > 0:
		return e
	case code.cost() > 0:
		return code
	}
	return nil
}

// asItStands is a part of a text that means nothing else, without a match where it is neither words nor a code.
func (p *planner) asItStands(part lex.Span) unit {
	e := p.written(part.Text)
	return unit{text: part.Text, start: part.Start, end: part.Start + len(part.Text), match: e, exact: e, needles: needlesOf(part.Text), quoted: true}
}

// typed are parts of a text as they were typed, in their order, those with nothing but blanks between in one piece.
func typed(asked string, parts []span) (texts []string) {
	if len(parts) == 0 {
		return nil
	}
	folded, marks := lex.Fold(asked), lex.NewMarks(asked)
	parts = slices.SortedFunc(slices.Values(parts), func(a, b span) int { return a.from - b.from })
	for i := 0; i < len(parts); {
		whole := parts[i]
		for i++; i < len(parts) && strings.TrimSpace(folded[whole.to:max(whole.to, parts[i].from)]) == ""; i++ {
			whole.to = max(whole.to, parts[i].to)
		}
		text := folded[whole.from:whole.to]
		if marks.Folded == folded { // else characters became one that were several
			text = marks.Original(whole.from, whole.to)
		}
		if text = strings.TrimSpace(text); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// excluded is what a text leaves out: what has it, or where nothing has a word, what its letters stand for.
func (p *planner) excluded(text string) expression {
	e := p.written(text)
	if e == nil {
		return nil
	}
	if tokens := scan(text); len(tokens) == 1 && !tokens[0].run && !p.exists(e, widest) {
		return p.wordUnit(tokens[0]).match
	}
	return e
}

func (p *planner) exclude(found *selection, excludes []expression) {
	these := p.fresh()
	for _, e := range excludes {
		if e.cost() == 0 {
			continue
		}
		these.copy(found)
		e.keep(p.workspace, these, widest)
		found.andNot(these)
	}
	p.reuse(these)
}

// looksLikeCode reports whether a text is in one piece and grouped by hyphens as codes are, and no word that means the same
// as another. What it may spell is not meant then.
func (p *planner) looksLikeCode(folded string, tokens []token) bool {
	text := strings.TrimSpace(folded)
	if hyphens := strings.Count(text, "-"); hyphens == 0 || hyphens == 1 && !hasDigit(text) || len(tokens) < 2 || tokens[0].start > 0 && folded[tokens[0].start-1] == '-' {
		return false
	}
	for _, r := range text {
		if r != '-' && !('a' <= r && r <= 'z') && !('0' <= r && r <= '9') {
			return false
		}
	}
	size, _ := p.synonyms.words(tokens)
	return size == 0
}

// asWritten are words that mean nothing else.
func (p *planner) asWritten(tokens []token) []unit {
	units := make([]unit, len(tokens))
	for i, t := range tokens {
		own := p.word(t.text)
		units[i] = unit{text: t.text, start: t.start, end: t.end(), match: own, exact: own, needles: []string{stem(t.text)}}
	}
	return units
}

// answer looks for documents with all units, then with what the units may have been meant to be, then without the weak
// words, then without the forms too, and at last with most of it.
func (p *planner) answer(done *plan, folded string, units []unit) {
	asks := asking(folded)
	if p.settle(done, folded, units) {
		if asks && done.found.size < few {
			p.more(done, units)
		}
		return
	}
	corrected, repaired := p.repair(folded, units)
	if repaired != nil && p.settle(done, corrected, repaired) {
		done.corrected = corrected
		return
	}
	for _, forms := range []bool{false, true} {
		stronger := p.without(units, forms)
		if len(stronger) == 0 {
			continue
		}
		if p.settle(done, folded, stronger) {
			done.lacks = lacking(units, stronger)
			if asks && done.found.size < few {
				p.more(done, stronger)
			}
			return
		}
		if corrected, repaired := p.repair(folded, stronger); repaired != nil && p.settle(done, corrected, repaired) {
			done.corrected, done.lacks = corrected, lacking(units, stronger)
			return
		}
	}
	if long(units) {
		p.most(done, units)
	} else {
		p.majority(done, folded, units)
	}
}

// few is how many documents answer a question well enough.
const few = 10

// asking reports whether a text is a question or a wish in a sentence, not the words of a search.
func asking(folded string) bool {
	idle, tokens := 0, scan(folded)
	for _, t := range tokens {
		if t.run {
			for _, part := range cut(t.text, lookups) {
				if parts := cut(part.Text, askings); len(parts) != 1 || parts[0].Text != part.Text {
					return true
				}
			}
		} else if stops[t.text] {
			idle++
		}
	}
	return idle >= 3
}

// more adds to the few documents that have all of a question those that have most of it.
func (p *planner) more(done *plan, units []unit) {
	if !long(units) {
		return
	}
	var others plan
	p.most(&others, units)
	these := fixed{done.found.kept()}
	for i, t := range done.tiers { // so that they look at the few only
		done.tiers[i].match = all{these, t.match}
	}
	for _, t := range others.tiers {
		t.rank -= belowAll
		done.tiers = append(done.tiers, t)
	}
	done.found.or(others.found)
	p.reuse(others.found)
}

// belowAll parts the ranks of documents that lack something from those that have it all.
const belowAll = 1000

// settle reports whether there are documents with all units, and plans them: in each field and those before it first the
// whole text in one piece, then its parts in one piece each, then whatever they may mean. Weak words do not count for that.
// An item that is the whole text comes right after the names that are.
func (p *planner) settle(done *plan, folded string, units []unit) bool {
	var matches, exacts, needed []expression
	for _, u := range units {
		needed = append(needed, u.match)
		if !u.weak {
			matches, exacts = append(matches, u.match), append(exacts, u.exact)
		}
	}
	found := p.find(conjunction(needed...), widest)
	if found.size == 0 {
		p.reuse(found)
		return false
	}
	done.found = found
	if len(matches) == 0 { // all of them are weak
		matches, exacts = needed, needed
	}
	done.units = units
	match, exact := conjunction(matches...), conjunction(exacts...)
	whole := p.quote(folded) // nil where all of it was quoted
	rank := int64(3 * fields)
	add := func(match expression, level int) {
		if one, ok := match.(phrase); ok && len(one) == 0 {
			return
		}
		done.tiers = append(done.tiers, tier{rank, match, level})
		rank--
	}
	add(whole, 0)
	if len(whole) > 1 {
		add(whole, 1) // an item that is called so is more than a name that has the words apart
	}
	for level := range fields {
		add(whole, level)
		add(exact, level)
		add(match, level)
	}
	return true
}

// units are the parts of a text. English stop words and what only asks count only where there is nothing else.
func (p *planner) units(tokens []token) []unit {
	var units, idle []unit
	tokens = p.synonyms.part(tokens)
	for i := 0; i < len(tokens); {
		if size, group := p.synonyms.words(tokens[i:]); size > 0 {
			first, last := tokens[i], tokens[i+size-1]
			var words []expression
			var needles []string
			for _, t := range tokens[i : i+size] {
				if t.run {
					words = append(words, p.phrase(t.text))
				} else {
					words = append(words, p.word(t.text))
				}
				needles = append(needles, stem(t.text))
			}
			own := conjunction(words...)
			alternatives, more := p.alternatives(group)
			units = append(units, unit{text: strings.Join(needles, " "), start: first.start, end: last.end(), match: either(own, alternatives), exact: own, needles: append(needles, more...)})
			i += size
			continue
		}
		t := tokens[i]
		size := 1
		for i+size < len(tokens) && tokens[i+size].start == tokens[i+size-1].end() {
			size++
		}
		if size > 1 { // characters and letters in one piece: gj客流
			if u, ok := p.compound(tokens[i : i+size]); ok {
				units = append(units, u)
				i += size
				continue
			}
		}
		if t.run {
			if parts := wanted(t.text); len(parts) > 0 {
				units = append(units, p.runUnits(t, parts)...)
			} else {
				idle = append(idle, p.runUnits(t, []lex.Span{{Text: t.text}})...)
			}
			i++
			continue
		}
		if size, u := p.syllables(tokens[i:]); size > 0 {
			units = append(units, u)
			i += size
			continue
		}
		u := p.wordUnit(t)
		if alone := size == 1 && (i == 0 || tokens[i-1].end() < t.start); alone && (stops[stem(t.text)] || stops[t.text]) {
			idle = append(idle, u)
		} else {
			units = append(units, u)
		}
		i++
	}
	if len(units) == 0 {
		units = idle
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(units, func(u unit) bool {
		again := seen[u.text]
		seen[u.text] = true
		return again
	})
}

// word is the documents with an English word.
func (p *planner) word(word string) expression { return p.term(stem(word)) }

// wordUnit is an English word, or what its letters may stand for: where it is all there is, a single syllable too.
func (p *planner) wordUnit(t token) unit {
	own := p.word(t.text)
	u := unit{text: t.text, start: t.start, end: t.end(), match: own, exact: own, needles: []string{stem(t.text)}, weak: weakWords[stem(t.text)]}
	letters, numbered, ok := pinyin.Letters(t.text)
	if !ok || own.cost() > 0 {
		return u // Youxian is a district, whatever else its letters may spell
	}
	meant := p.spelled(letters, full)
	if meant.none() && p.alone {
		meant = p.syllable(letters)
	}
	if meant.none() && !numbered {
		meant = p.spelled(letters, initials)
	}
	if meant.none() {
		meant = p.spelledApart(letters, numbered)
	}
	if !meant.none() {
		u.match, u.exact, u.needles = meant.match, meant.exact, meant.needles
	}
	return u
}

// meaning is what letters may stand for. exact is without words that only mean the same.
type meaning struct {
	match, exact some
	needles      []string
}

func (m meaning) none() bool { return len(m.match) == 0 }

// decode lists the runs that letters may stand for, in the documents or in words that mean the same as others.
func (p *planner) decode(pattern string, how spelling, apart bool) []string {
	beside := p.synonyms.lexicon
	if how == initials { // they are known as a whole
		beside = noLexicon
	}
	return p.lexicon.decode(pattern, how, apart, beside, &p.visits)
}

// spelled is what letters, or letters and characters in one piece, stand for.
func (p *planner) spelled(pattern string, how spelling) meaning {
	if utf8.RuneCountInString(pattern) < 2 {
		return meaning{}
	}
	m := p.standing(p.decode(pattern, how, false), widest-1, widest)
	if how == initials {
		for _, word := range p.synonyms.initials[pattern] {
			if alternatives, needles := p.alternatives(p.synonyms.runs[word]); len(alternatives) > 0 {
				m.match, m.exact, m.needles = either(m.match, alternatives), either(m.exact, alternatives), append(m.needles, needles...)
			}
		}
	}
	return m
}

// syllable is the characters that are mostly read so.
func (p *planner) syllable(letters string) (m meaning) {
	for _, r := range p.lexicon.first[letters[0]] {
		if p.lexicon.characters[r].readings[0] == letters {
			if t := p.term(string(r)); t.cost() > 0 {
				m.match, m.exact, m.needles = append(m.match, t), append(m.exact, t), append(m.needles, string(r))
			}
		}
	}
	return m
}

// spelledApart is runs of two words or more. Four initials may be two words of a name, of which the first begins it; more
// would be anything.
func (p *planner) spelledApart(pattern string, syllables bool) meaning {
	if m := p.standing(p.decode(pattern, full, true), widest-1, widest); !m.none() || syllables || len(pattern) != 4 {
		return m
	}
	runs := slices.DeleteFunc(p.decode(pattern, initials, true), func(run string) bool { return !p.begins(run) })
	return p.standing(runs, 0)
}

// begins reports whether a name begins with the first of two words and has the other further on.
func (p *planner) begins(run string) bool {
	first, second, apart := strings.Cut(run, " ")
	if !apart {
		return false
	}
	found := p.find(conjunction(p.phrase(first), p.phrase(second)), 0)
	defer p.reuse(found)
	for docs := range found.blocks() {
		for _, doc := range docs {
			if rest, ok := strings.CutPrefix(p.names.of(doc)[0], first); ok && strings.Contains(rest, second) {
				return true
			}
		}
	}
	return false
}

// standing keeps those runs that stand in a document, or for which words stand there that mean the same, pieces apart from
// each other, at the first of the levels that has any: descriptions count only where nothing else has them.
func (p *planner) standing(runs []string, levels ...int) (m meaning) {
	for _, level := range levels {
		for _, run := range runs {
			var matches, exacts []expression
			var needles []string
			for _, piece := range strings.Fields(run) {
				match, exact, more := p.piece(piece)
				matches, exacts, needles = append(matches, match), append(exacts, exact), append(needles, more...)
			}
			match, exact := conjunction(matches...), conjunction(exacts...)
			if !p.exists(match, level) {
				continue
			}
			m.match, m.needles = either(m.match, match), append(m.needles, needles...)
			if p.exists(exact, level) {
				m.exact = append(m.exact, exact)
			}
		}
		if !m.none() {
			break
		}
	}
	return m
}

// piece is the documents with a run in one piece, or with what means the same as words in it. exact is in one piece.
func (p *planner) piece(run string) (match, exact expression, needles []string) {
	exact = p.phrase(run)
	parts := p.synonyms.split(run)
	if len(parts) == 0 {
		return exact, exact, []string{run}
	}
	match, needles = p.joined(parts, p.phrase)
	return either(exact, match), exact, append(needles, run)
}

// maxSyllables bounds the words that are read as one spelling.
const maxSyllables = 8

// syllables reads words that are no English here as one spelling: gong jiao ke liu.
func (p *planner) syllables(tokens []token) (int, unit) {
	var spelled []string
	for _, t := range tokens[:min(len(tokens), maxSyllables)] {
		letters, _, ok := pinyin.Letters(t.text)
		if t.run || !ok || !p.term(stem(t.text)).none() {
			break
		}
		spelled = append(spelled, letters)
	}
	for size := len(spelled); size > 1; size-- {
		joined := strings.Join(spelled[:size], "")
		m := p.spelled(joined, full)
		if m.none() {
			continue
		}
		// Apart they are found too, after those in one piece.
		apart := make([]expression, 0, size)
		for _, t := range tokens[:size] {
			u := p.wordUnit(t)
			apart, m.needles = append(apart, u.match), append(m.needles, u.needles...)
		}
		return size, unit{text: joined, start: tokens[0].start, end: tokens[size-1].end(), match: either(m.match, conjunction(apart...)), exact: m.exact, needles: m.needles}
	}
	return 0, unit{}
}

// compound reads characters and letters that are written in one piece.
func (p *planner) compound(tokens []token) (unit, bool) {
	text, written := "", ""
	spelling, numbered := false, false
	for _, t := range tokens {
		letters := t.text
		if !t.run {
			plain, toned, ok := pinyin.Letters(t.text)
			if !ok {
				return unit{}, false
			}
			letters, numbered = plain, numbered || toned
			spelling = spelling || p.term(stem(t.text)).none()
		}
		text, written = text+letters, written+t.text
	}
	if !spelling {
		return unit{}, false
	}
	m := p.spelled(text, full)
	if m.none() && !numbered {
		m = p.spelled(text, initials)
	}
	if m.none() {
		m = p.standing(p.decode(text, full, true), widest-1, widest)
	}
	if m.none() {
		return unit{}, false
	}
	// Apart they are found too, after those in one piece.
	var apart []expression
	for _, t := range tokens {
		match, needles := expression(nil), []string(nil)
		if t.run {
			match, _, needles = p.run(t.text)
		} else {
			u := p.wordUnit(t)
			match, needles = u.match, u.needles
		}
		apart, m.needles = append(apart, match), append(m.needles, needles...)
	}
	return unit{text: written, start: tokens[0].start, end: tokens[len(tokens)-1].end(), match: either(m.match, conjunction(apart...)), exact: m.exact, needles: m.needles}, true
}

// runUnits are the parts of a run of characters as units.
func (p *planner) runUnits(t token, parts []lex.Span) []unit {
	units := make([]unit, len(parts))
	for i, part := range parts {
		units[i] = p.runUnit(part.Text, t.start+part.Start)
		units[i].weak = slices.Contains(weak, part.Text)
	}
	return units
}

// runUnit is a run of characters, by where it begins in the text.
func (p *planner) runUnit(run string, start int) unit {
	match, exact, needles := p.run(run)
	return unit{text: run, start: start, end: start + len(run), match: match, exact: exact, needles: needles}
}

// wanted are the parts of a run that do not only ask.
func wanted(run string) []lex.Span { return cut(run, lookups, askings) }

// run is the documents with a run of characters: in one piece, in words that need not stand next to each other, or with
// words that mean the same. exact is in one piece.
func (p *planner) run(run string) (match, exact expression, needles []string) {
	match, exact, needles = p.words(run), p.phrase(run), []string{run}
	parts := p.synonyms.split(run)
	if len(parts) == 0 {
		return match, exact, needles
	}
	split, more := p.joined(parts, p.words)
	return either(match, split), exact, append(needles, more...)
}

// joined is the documents with all parts of a run, or what means the same as they do.
func (p *planner) joined(parts []part, own func(run string) expression) (expression, []string) {
	var all []expression
	var needles []string
	for _, part := range parts {
		e := own(part.text)
		needles = append(needles, part.text)
		if part.group != nil {
			alternatives, more := p.alternatives(part.group)
			e, needles = either(e, alternatives), append(needles, more...)
		}
		all = append(all, e)
	}
	return conjunction(all...), needles
}

// alternatives are documents with any word of a group.
func (p *planner) alternatives(group []string) (alternatives some, needles []string) {
	for _, text := range group {
		if e := p.quote(text); e != nil && e.cost() > 0 {
			alternatives, needles = either(alternatives, e), append(needles, needlesOf(text)...)
		}
	}
	return alternatives, needles
}

// phrase is a run in one piece.
func (p *planner) phrase(run string) expression {
	if utf8.RuneCountInString(run) == 1 {
		return p.term(run)
	}
	var pairs phrase
	lex.Pairs(run, func(pair string) { pairs = append(pairs, p.term(pair)) })
	return pairs.rarestFirst()
}

// words is a run in words of two characters or more that each stand in one piece: every character belongs to a pair that
// the document has, so that of two neighbouring pairs one may straddle two words (气象数据 has 象数).
func (p *planner) words(run string) expression {
	if utf8.RuneCountInString(run) <= 3 {
		return p.phrase(run)
	}
	var pairs []expression
	lex.Pairs(run, func(pair string) { pairs = append(pairs, p.term(pair)) })
	last := len(pairs) - 1
	parts := []expression{pairs[0], pairs[last]}
	for i := 1; i <= last-1; i++ {
		if i+1 <= last-1 {
			parts = append(parts, some{pairs[i], pairs[i+1]})
		}
	}
	return conjunction(parts...)
}

// quote is a text as it stands, in one field. It is nil for a text without letters and digits.
func (p *planner) quote(text string) phrase {
	var list phrase
	previous := ""
	for _, t := range scan(text) {
		if t.run {
			previous = ""
			if utf8.RuneCountInString(t.text) == 1 {
				list = append(list, p.term(t.text))
			}
			lex.Pairs(t.text, func(pair string) { list = append(list, p.term(pair)) })
			continue
		}
		word := stem(t.text)
		list = append(list, p.term(word))
		if previous != "" {
			list = append(list, p.term(previous+" "+word))
		}
		previous = word
	}
	return list.rarestFirst()
}

// needlesOf is what a text looks like as it stands: words that follow each other, and what is written in one piece, together.
func needlesOf(text string) []string {
	var list []string
	var previous token
	for i, t := range scan(text) {
		switch last := len(list) - 1; {
		case i > 0 && !t.run && !previous.run:
			list[last] += " " + stem(t.text)
		case i > 0 && t.start == previous.end():
			list[last] += stem(t.text)
		default:
			list = append(list, stem(t.text))
		}
		previous = t
	}
	return list
}

// without leaves out what nearly everything could be called, and where forms is true also the words for the form in which
// something comes; nil where that leaves all or nothing.
func (p *planner) without(units []unit, forms bool) (kept []unit) {
	left := false
	for _, u := range units {
		switch run := u.text; {
		case u.quoted:
			kept = append(kept, u)
		case u.weak || forms && formWords[stem(run)]:
			left = true
		case !isRun(run):
			kept = append(kept, u)
		default:
			if forms {
				run = trimForms(run)
			}
			parts := cut(run, weak)
			if len(parts) == 1 && parts[0].Text == u.text {
				kept = append(kept, u)
				continue
			}
			left = true
			for _, part := range parts {
				kept = append(kept, p.runUnit(part.Text, u.start+part.Start))
			}
		}
	}
	if !left {
		return nil
	}
	return kept
}

// lacking is what the kept parts leave of the units.
func lacking(units, kept []unit) (lacks []span) {
	for _, u := range units {
		at := u.start
		for _, part := range kept {
			if u.start <= part.start && part.end <= u.end {
				if at < part.start {
					lacks = append(lacks, span{at, part.start})
				}
				at = part.end
			}
		}
		if at < u.end {
			lacks = append(lacks, span{at, u.end})
		}
	}
	return lacks
}

// repair replaces units that nothing has by what they may have been meant to be. It is nil where there are none such, or
// where nothing near is in the documents.
func (p *planner) repair(folded string, units []unit) (string, []unit) {
	repaired := slices.Clone(units)
	changed := false
	var corrected strings.Builder
	at := 0
	for i, u := range units {
		if u.quoted || p.exists(u.match, widest) {
			continue
		}
		text := folded[u.start:u.end]
		better, becomes := p.better(text)
		if better == nil {
			return "", nil
		}
		changed = true
		repaired[i].match, repaired[i].exact, repaired[i].needles = better, p.quote(becomes), needlesOf(becomes)
		if u.start >= at {
			corrected.WriteString(folded[at:u.start] + becomes)
			at = u.end
		}
	}
	if !changed {
		return "", nil
	}
	return strings.TrimSpace(corrected.String() + folded[at:]), repaired
}

// better is what a text that nothing has may have been meant to be: what most documents have, of what sounds the same
// if there is any.
func (p *planner) better(text string) (expression, string) {
	tokens := scan(text)
	if len(tokens) != 1 {
		joined := ""
		for _, t := range tokens {
			if t.run || !lex.Letters(t.text) {
				return nil, ""
			}
			joined += t.text
		}
		text = joined
	} else if tokens[0].run {
		return p.betterRun(tokens[0].text)
	}
	var best expression
	becomes, most := "", 0
	for _, word := range p.lexicon.near(text) {
		if e := p.word(word); int(e.cost()) > most {
			best, becomes, most = e, word, int(e.cost())
		}
	}
	if best != nil || len(text) < 5 || len(text) > maxTypoWord || !lex.Letters(text) {
		return best, becomes
	}
	seen := map[string]bool{}
	for _, other := range mistyped(text) {
		for _, run := range p.lexicon.decode(other, full, false, noLexicon, &p.visits) {
			if seen[run] {
				continue
			}
			seen[run] = true
			e := p.phrase(run)
			if n := p.instances(run, e); n > most {
				best, becomes, most = e, run, n
			}
		}
	}
	return best, becomes
}

// itemLevel is the level of names and items.
const itemLevel = 1

// instances is how many documents have a run in names and items. One does not count unless the run stands in several of its
// fields or at an end of its name: it may be a fragment there, the end of a word and the beginning of the next.
func (p *planner) instances(run string, match expression) int {
	found := p.find(match, itemLevel)
	defer p.reuse(found)
	if found.size != 1 {
		return found.size
	}
	doc, places := found.first(), 0
	for field := range fields {
		if match.matches(doc, field) {
			places++
		}
	}
	name := p.names.of(doc)[0]
	if places > 1 || strings.HasPrefix(name, run) || strings.HasSuffix(name, run) {
		return 1
	}
	return 0
}

// maxTypoRun bounds the runs of characters that are looked at for mistyped ones.
const maxTypoRun = 24

func (p *planner) betterRun(run string) (best expression, becomes string) {
	count := utf8.RuneCountInString(run)
	if count < 2 || count > maxTypoRun {
		return nil, ""
	}
	if count == 2 {
		return p.homophone(run)
	}
	most, sounds := 0, false
	for _, c := range p.lexicon.meant(run) {
		if sounds && !c.sounds || count == 3 && !c.sounds {
			continue
		}
		level := widest
		if !c.sounds {
			level-- // descriptions have whatever comes to stand together
		}
		e := p.phrase(c.run)
		if n := p.count(e, level); n > most || n > 0 && c.sounds && !sounds {
			best, becomes, most, sounds = e, c.run, n, c.sounds
		}
	}
	if best == nil && count > 3 {
		for _, c := range p.lexicon.meant(run) {
			e := p.words(c.run)
			if n := p.count(e, widest); c.sounds && n > most {
				best, becomes, most = e, c.run, n
			}
		}
	}
	if best != nil {
		best, _, _ = p.run(becomes)
		return best, becomes
	}
	return p.betterParts([]rune(run))
}

// betterParts is what two words that were written in one piece may have been meant to be, one of which sounds like another word
// and the other is as it was meant: of all places to part them the one that most documents have. A blank parts what becomes of them.
func (p *planner) betterParts(run []rune) (best expression, becomes string) {
	most := 0
	for at := 2; at <= len(run)-2; at++ {
		for _, wrong := range []int{0, 1} {
			parts := [2]string{string(run[:at]), string(run[at:])}
			if known := parts[1-wrong]; p.instances(known, p.phrase(known)) == 0 {
				continue
			}
			heard, means := p.soundsLike(parts[wrong])
			if heard == nil {
				continue
			}
			parts[wrong] = means
			e := conjunction(heard, p.phrase(parts[1-wrong]))
			if n := p.count(e, widest); n > most {
				best, becomes, most = e, parts[0]+" "+parts[1], n
			}
		}
	}
	return best, becomes
}

// soundsLike is the word of two or three characters that a mistyped one sounds like.
func (p *planner) soundsLike(run string) (expression, string) {
	switch utf8.RuneCountInString(run) {
	case 2:
		return p.homophone(run)
	case 3:
		return p.betterRun(run)
	}
	return nil, ""
}

// homophone is the word that most names and items have of those that are mostly read as two characters are, one of which is
// another.
func (p *planner) homophone(run string) (best expression, becomes string) {
	most := 0
	for _, c := range p.lexicon.meant(run) {
		if !soundsAlike(run, c.run) {
			continue
		}
		e := p.phrase(c.run)
		if n := p.instances(c.run, e); n > most {
			becomes, most = c.run, n
		}
	}
	if becomes != "" {
		best, _, _ = p.run(becomes)
	}
	return best, becomes
}
