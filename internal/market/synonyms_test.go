package market

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/search"
)

// synonymKeepers lays who may keep synonyms and who may not, and takes the built-in groups away.
func (w *world) synonymKeepers(t *testing.T) (may, mayNot map[string]context.Context) {
	t.Helper()
	agency := w.organisation(t, "数据局", access.AdministrativeOrgan, access.ImplementingAgency)
	platform := w.organisation(t, "平台", access.Enterprise, access.Platform)
	operator := w.organisation(t, "运营公司", access.Enterprise, access.Operator)
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.SynonymGroup.Delete().Exec(ctx)
		return err
	})
	return map[string]context.Context{
			"the agency's publisher": w.person(t, agency, access.Publisher), "its approver": w.person(t, agency, access.Approver),
			"the platform's administrator": w.person(t, platform, access.Administrator), "its approver there": w.person(t, platform, access.Approver),
		}, map[string]context.Context{
			"a stranger": access.With(t.Context(), access.Viewer{}), "an operator": w.person(t, operator, access.Publisher, access.Approver, access.Administrator),
			"the agency's security": w.person(t, agency, access.Security), "the platform's finance": w.person(t, platform, access.Finance),
		}
}

func (w *world) groups(t *testing.T) (words [][]string) {
	t.Helper()
	rows, err := w.Store.Read().SynonymGroup.Query().All(store.AsSystem(t.Context()))
	must(t, err)
	for _, row := range rows {
		words = append(words, row.Words)
	}
	return words
}

func TestWhoKeepsTheCatalogueKeepsItsSynonyms(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		may, mayNot := w.synonymKeepers(t)
		n := 0
		for who, as := range may {
			n++
			words := []string{fmt.Sprintf("甲词%d", n), fmt.Sprintf("乙词%d", n)}
			id, err := w.SynonymGroupSave(as, SynonymGroupInput{Words: words})
			if err != nil {
				t.Errorf("%s may not add: %v", who, err)
				continue
			}
			if seen, err := w.Store.Read().SynonymGroup.Query().Count(as); err != nil || seen != 1 {
				t.Errorf("%s sees %d groups, %v", who, seen, err)
			}
			for other, as := range mayNot {
				if _, err := w.SynonymGroupSave(as, SynonymGroupInput{Words: []string{"丙", "丁"}}); !fault.Refused(err) {
					t.Errorf("%s adds: %v", other, err)
				}
				if _, err := w.SynonymGroupSave(as, SynonymGroupInput{ID: id, Version: 1, Words: []string{"丙", "丁"}}); !fault.Refused(err) {
					t.Errorf("%s replaces: %v", other, err)
				}
				if err := w.SynonymGroupRemove(as, id, 1); !fault.Refused(err) {
					t.Errorf("%s removes: %v", other, err)
				}
				seen, err := w.Store.Read().SynonymGroup.Query().Count(as)
				if v := access.FromContext(as); err != nil || (seen > 0) != (v.Is(access.ImplementingAgency) || v.Is(access.Platform)) {
					t.Errorf("%s sees %d groups, %v", other, seen, err)
				}
			}
			if groups := w.groups(t); len(groups) != 1 || !slices.Equal(groups[0], words) {
				t.Errorf("the groups are %v", groups)
			}
			if err := w.SynonymGroupRemove(as, id, 1); err != nil {
				t.Errorf("%s may not remove: %v", who, err)
			}
			refused(t, w.SynonymGroupRemove(as, id, 1), "NOT_FOUND")
		}
	})
}

func TestSynonymsAreChecked(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		may, _ := w.synonymKeepers(t)
		as := may["its approver"]
		id, err := w.SynonymGroupSave(as, SynonymGroupInput{Words: []string{" 公交  车 ", "巴士", "Bus"}})
		must(t, err)
		if groups := w.groups(t); !slices.Equal(groups[0], []string{"公交 车", "巴士", "Bus"}) {
			t.Errorf("they are kept as %q", groups)
		}
		many := make([]string, 21)
		for i := range many {
			many[i] = fmt.Sprintf("词%d", i)
		}
		for _, row := range []struct {
			sentence string
			in       SynonymGroupInput
			want     []string
		}{
			{"none", SynonymGroupInput{}, []string{"SYNONYMS_INVALID input.words"}},
			{"one", SynonymGroupInput{Words: []string{"水"}}, []string{"SYNONYMS_INVALID input.words"}},
			{"too many", SynonymGroupInput{Words: many}, []string{"SYNONYMS_INVALID input.words"}},
			{"as many as there may be, too long by one", SynonymGroupInput{Words: append(slices.Clone(many[:19]), strings.Repeat("水", 41))}, []string{"SYNONYMS_INVALID input.words.19"}},
			{"blank and without a letter", SynonymGroupInput{Words: []string{"水", " \t", "12", "!"}},
				[]string{"SYNONYMS_INVALID input.words.1", "SYNONYMS_INVALID input.words.2", "SYNONYMS_INVALID input.words.3"}},
			{"twice, whatever the case", SynonymGroupInput{Words: []string{"Tram", "水", " tram "}}, []string{"SYNONYMS_INVALID input.words.2"}},
			{"twice, whatever the width and the signs", SynonymGroupInput{Words: []string{"信用a", "水", "信用Ａ。"}}, []string{"SYNONYMS_INVALID input.words.2"}},
			{"in another group, whatever the signs", SynonymGroupInput{Words: []string{"电车", "ｂｕｓ.", "-巴士"}}, []string{"SYNONYM_ELSEWHERE input.words.1", "SYNONYM_ELSEWHERE input.words.2"}},
			{"in another group", SynonymGroupInput{Words: []string{"电车", "BUS", "巴士"}}, []string{"SYNONYM_ELSEWHERE input.words.1", "SYNONYM_ELSEWHERE input.words.2"}},
			{"no such group", SynonymGroupInput{ID: uuid.New(), Version: 1, Words: []string{"甲", "乙"}}, []string{"NOT_FOUND "}},
			{"another version", SynonymGroupInput{ID: id, Version: 2, Words: []string{"巴士", "客车"}}, []string{"CHANGED_MEANWHILE "}},
			{"no version", SynonymGroupInput{ID: id, Words: []string{"巴士", "客车"}}, []string{"CHANGED_MEANWHILE "}},
		} {
			_, err := w.SynonymGroupSave(as, row.in)
			var got []string
			for _, f := range fault.All(err) {
				got = append(got, f.Code+" "+f.Field)
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("%s: %q, and not %q", row.sentence, got, row.want)
			}
		}
		_, err = w.SynonymGroupSave(as, SynonymGroupInput{Words: []string{"电车", "BUS"}})
		want := map[string]any{"word": "BUS", "group": publicid.Encode("syn", id), "words": "公交 车, 巴士, Bus"}
		if all := fault.All(err); len(all) != 1 || !maps.Equal(all[0].Params, want) || !strings.Contains(all[0].Message, "公交 车, 巴士, Bus") {
			t.Errorf("whose the word is is not said: %v", err)
		}
		if _, err := w.SynonymGroupSave(as, SynonymGroupInput{ID: id, Version: 1, Words: []string{"巴士", "客车"}}); err != nil {
			t.Errorf("its own words are refused: %v", err)
		}
		refused(t, w.SynonymGroupRemove(as, id, 1), "CHANGED_MEANWHILE")
		if groups := w.groups(t); len(groups) != 1 || !slices.Equal(groups[0], []string{"巴士", "客车"}) {
			t.Errorf("the groups are %v", groups)
		}
		if _, err := w.SynonymGroupSave(as, SynonymGroupInput{Words: append(slices.Clone(many[:19]), strings.Repeat("水", 40))}); err != nil {
			t.Errorf("twenty words are refused: %v", err)
		}
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			groups := make([][]string, mostSynonymGroups-2)
			for i := range groups {
				groups[i] = []string{fmt.Sprintf("左%d", i), fmt.Sprintf("右%d", i)}
			}
			_, err := tx.AddSynonyms(ctx, groups...)
			return err
		})
		_, err = w.SynonymGroupSave(as, SynonymGroupInput{Words: []string{"甲", "乙"}})
		refused(t, err, "SYNONYMS_FULL")
		if _, err := w.SynonymGroupSave(as, SynonymGroupInput{ID: id, Version: 2, Words: []string{"甲", "乙"}}); err != nil {
			t.Errorf("where it is full none is replaced: %v", err)
		}
	})
}

func TestTheSynonymsThatComeWithTheProgramAreLoadedOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if n := len(w.groups(t)); n != len(search.Synonyms) { // by the first LoadPolicies
			t.Errorf("%d groups are there of %d", n, len(search.Synonyms))
		}
		_, err := w.LoadPolicies(t.Context())
		must(t, err)
		if n := len(w.groups(t)); n != len(search.Synonyms) {
			t.Errorf("loaded again there are %d groups", n)
		}
		agency := w.person(t, w.organisation(t, "数据局", access.AdministrativeOrgan, access.ImplementingAgency), access.Approver)
		rows, err := w.Store.Read().SynonymGroup.Query().All(agency)
		must(t, err)
		for _, row := range rows {
			must(t, w.SynonymGroupRemove(agency, row.ID, row.Version))
		}
		_, err = w.LoadPolicies(t.Context())
		must(t, err)
		if groups := w.groups(t); len(groups) > 0 {
			t.Errorf("what the agency removed is there again: %v", groups)
		}
	})
}
