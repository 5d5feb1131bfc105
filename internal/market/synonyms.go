package market

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"gongshu/ent/db"
	"gongshu/ent/db/auditrecord"
	"gongshu/ent/db/synonymgroup"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/search"
)

// synonymsLock is what changes of synonyms wait for each other by.
const synonymsLock = "synonyms"

// The bounds of synonyms: they are all in memory, and every search looks at them.
const (
	mostSynonymGroups = 1000
	mostSynonyms      = 20
	longestSynonym    = 40
)

// SynonymGroupInput is words that mean the same.
type SynonymGroupInput struct {
	// ID is the group whose words are replaced, Nil for a new one; Version is that which was read of it.
	ID      uuid.UUID
	Version int
	Words   []string
}

// SynonymGroupSave adds a group of words that mean the same to the search, or replaces the words of one, and returns its
// id. Whoever keeps the catalogue may.
//
// Refused with SYNONYMS_INVALID at a word that is blank, too long, without a letter or given twice, or where there are not 2
// to 20; with SYNONYM_ELSEWHERE at one that another group has, which it names; with SYNONYMS_FULL; with CHANGED_MEANWHILE.
func (m *Market) SynonymGroupSave(ctx context.Context, in SynonymGroupInput) (id uuid.UUID, err error) {
	if err := keepsCatalogue(access.FromContext(ctx)); err != nil {
		return uuid.Nil, err
	}
	words, err := synonyms(in.Words)
	if err != nil {
		return uuid.Nil, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Alone(ctx, synonymsLock); err != nil {
			return err
		}
		groups, err := tx.SynonymGroup.Query().All(ctx)
		if err != nil {
			return fmt.Errorf("read synonyms: %w", err)
		}
		if err := inOthers(words, in.ID, groups); err != nil {
			return err
		}
		change := map[string]any{"words": words}
		if in.ID == uuid.Nil {
			if len(groups) >= mostSynonymGroups {
				return fault.New(fault.Conflict, "SYNONYMS_FULL", "There are %d groups of synonyms already.", mostSynonymGroups).With("max", mostSynonymGroups)
			}
			if id, err = tx.AddSynonyms(ctx, words); err != nil {
				return err
			}
		} else {
			i := slices.IndexFunc(groups, func(g *db.SynonymGroup) bool { return g.ID == in.ID })
			if i < 0 {
				return fault.Absent("synonym group")
			}
			id, change["words"] = in.ID, [][]string{groups[i].Words, words}
			if err := tx.ReplaceSynonyms(ctx, in.ID, in.Version, words); err != nil {
				return err
			}
		}
		if err := tx.SynonymsChanged(ctx); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "synonymGroupSave", Kind: "SynonymGroup", ID: id, Change: change})
	})
	return id, err
}

// SynonymGroupRemove removes a group. Whoever keeps the catalogue may. Refused with CHANGED_MEANWHILE.
func (m *Market) SynonymGroupRemove(ctx context.Context, id uuid.UUID, version int) error {
	if err := keepsCatalogue(access.FromContext(ctx)); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		group, err := tx.SynonymGroup.Get(ctx, id)
		if db.IsNotFound(err) {
			return fault.Absent("synonym group")
		}
		if err != nil {
			return fmt.Errorf("read synonyms: %w", err)
		}
		if err := tx.RemoveSynonyms(ctx, id, version); err != nil {
			return err
		}
		if err := tx.SynonymsChanged(ctx); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "synonymGroupRemove", Kind: "SynonymGroup", ID: id, Change: map[string]any{"words": group.Words}})
	})
}

// synonyms are the words without what surrounds them.
func synonyms(given []string) (words []string, err error) {
	var wrong fault.List
	invalid := func(field string) *fault.Error {
		return fault.New(fault.Invalid, "SYNONYMS_INVALID", "A group has 2 to %d different words of 1 to %d characters.", mostSynonyms, longestSynonym).
			At(field).With("max", mostSynonyms).With("maxCharacters", longestSynonym)
	}
	if len(given) > mostSynonyms { // each is held against all others
		return nil, invalid("input.words")
	}
	for i, word := range given {
		word = strings.Join(strings.Fields(word), " ")
		if !strings.ContainsFunc(word, unicode.IsLetter) || utf8.RuneCountInString(word) > longestSynonym ||
			slices.ContainsFunc(words, func(other string) bool { return sameWord(other, word) }) {
			wrong = append(wrong, invalid(fmt.Sprintf("input.words.%d", i)))
		}
		words = append(words, word)
	}
	if len(words) < 2 {
		wrong = append(wrong, invalid("input.words"))
	}
	return words, wrong.OrNil()
}

// sameWord reports whether two words are one to the search, which looks at neither case, width nor signs.
func sameWord(a, b string) bool {
	plain := func(word string) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(norm.NFKC.String(word)), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}), " ")
	}
	return plain(a) == plain(b)
}

// inOthers refuses words that another group has: the two would be one.
func inOthers(words []string, own uuid.UUID, groups []*db.SynonymGroup) error {
	var wrong fault.List
	for i, word := range words {
		for _, g := range groups {
			if g.ID != own && slices.ContainsFunc(g.Words, func(other string) bool { return sameWord(other, word) }) {
				theirs := strings.Join(g.Words, ", ")
				wrong = append(wrong, fault.New(fault.Conflict, "SYNONYM_ELSEWHERE", "Another group has this word: %s.", theirs).
					At(fmt.Sprintf("input.words.%d", i)).With("word", word).With("group", publicid.Encode("syn", g.ID)).With("words", theirs))
			}
		}
	}
	return wrong.OrNil()
}

// loadSynonyms gives a market the words that mean the same that this program comes with, once: what the agency makes of
// them stays.
func loadSynonyms(ctx context.Context, tx *store.Tx) error {
	if err := tx.Alone(ctx, synonymsLock); err != nil {
		return err
	}
	there, err := tx.SynonymGroup.Query().Exist(store.AsSystem(ctx))
	if err != nil || there {
		return err
	}
	const act = "synonymsLoad"
	loaded, err := tx.AuditRecord.Query().Where(auditrecord.Action(act)).Exist(store.AsSystem(ctx))
	if err != nil || loaded {
		return err
	}
	if _, err := tx.AddSynonyms(ctx, search.Synonyms...); err != nil {
		return err
	}
	if err := tx.SynonymsChanged(ctx); err != nil {
		return err
	}
	return tx.Record(ctx, store.Act{Name: act, Kind: "SynonymGroup", Change: map[string]any{"added": len(search.Synonyms)}})
}

// readSynonyms tells the search which words mean the same.
func (m *Market) readSynonyms(ctx context.Context) error {
	rows, err := m.Store.Read().SynonymGroup.Query().Order(db.Asc(synonymgroup.FieldID)).All(ctx)
	if err != nil {
		return fmt.Errorf("read synonyms: %w", err)
	}
	groups := make([][]string, len(rows))
	for i, row := range rows {
		groups[i] = row.Words
	}
	for _, part := range m.Search.parts(m) {
		if index, ok := part.index.(search.Synonymous); ok {
			if err := index.SetSynonyms(ctx, groups); err != nil {
				return fmt.Errorf("tell the search which words mean the same: %w", err)
			}
		}
	}
	return nil
}
