package metadata

import (
	"cmp"
	"fmt"
	"slices"

	"gongshu/internal/authorisation"
)

// Resource is what of a resource shows in its score.
type Resource struct {
	Name, NameEn, Note string
	UpdateFrequency    authorisation.UpdateFrequency // "" where the catalogue's text has no code
	Provision          []authorisation.ProvisionMethod
	Published          bool
	Items              []Item
	// CataloguedOn is the day of its newest catalogue version.
	CataloguedOn authorisation.Day
}

// Item is what of a data item shows in the score of its resource.
type Item struct {
	Name, NameEn string
	// Classified: grade, linkage and sensitivity are stated.
	Classified bool
}

const (
	leastNote = 10
	// oldestCatalogue is how many days a catalogue entry is taken to hold: two years.
	oldestCatalogue = 731
)

var ofResource = maxima{Findable: 30, Accessible: 20, Interoperable: 20, Reusable: 20, Current: 10}

// OfResource scores the description of a resource on a day.
func OfResource(r Resource, today authorisation.Day) Score {
	t := tally{of: ofResource}
	t.names(r.Name, r.NameEn, 4, 6)
	if len(r.Items) == 0 {
		t.lose(10, ItemsMissing, Findable, "items", "没有数据项。", "It has no data item.")
	}
	if r.UpdateFrequency == "" {
		t.lose(6, UpdateFrequencyMissing, Current, "updateFrequency", "更新周期没有对应的代码，请补报。", "Its update cycle has no code yet; state it.")
	}
	if !long(r.Note, leastNote) {
		t.lose(10, NoteShort, Findable, "note", fmt.Sprintf("目录里的备注不足 %d 字：写清数据的范围和口径。", leastNote), fmt.Sprintf("The note in the catalogue has fewer than %d characters: say what the data covers and how it is counted.", leastNote))
	}
	if len(r.Provision) == 0 {
		t.lose(10, ProvisionUnstated, Accessible, "provision", "没有写明提供方式。", "It does not say how it is provided.")
	}
	if !r.Published {
		t.lose(10, NotPublished, Accessible, "status", "尚未发布，运营机构不能申请。", "It is not published, so that no operator can apply for it.")
	}
	direct := func(m authorisation.ProvisionMethod) bool { return m != authorisation.ProvisionFile }
	if !slices.ContainsFunc(r.Provision, direct) {
		t.lose(8, ProvisionFilesOnly, Interoperable, "provision", "没有接口或库表，程序不能直接读取。", "There is neither an interface nor a table, so that no program can read it directly.")
	}
	t.items(r.Items)
	if r.CataloguedOn.AddDays(oldestCatalogue).Before(today) {
		t.lose(4, CatalogueOld, Current, "contentNumber", fmt.Sprintf("目录是 %s 的，已满两年，请核对后更新。", r.CataloguedOn), fmt.Sprintf("The catalogue entry is of %s, two years old: check it and renew it.", r.CataloguedOn))
	}
	return t.score()
}

func (t *tally) items(items []Item) {
	var untranslated, unclassified []thing
	for _, i := range items {
		if !latin(i.NameEn) {
			untranslated = append(untranslated, thing{i.Name, i.Name})
		}
		if !i.Classified {
			unclassified = append(unclassified, thing{i.Name, cmp.Or(i.NameEn, i.Name)})
		}
	}
	if len(items) == 0 { // what is not there lacks everything
		untranslated, unclassified = []thing{{"-", "-"}}, []thing{{"-", "-"}}
	}
	if len(untranslated) > 0 {
		names, namesEn := named(untranslated)
		t.lose(share(12, len(untranslated), max(len(items), 1)), ItemNameEnMissing, Interoperable, "items", "数据项没有英文名："+names+"。", "Data items have no name in English: "+namesEn+".")
	}
	if len(unclassified) > 0 {
		names, namesEn := named(unclassified)
		t.lose(share(20, len(unclassified), max(len(items), 1)), ItemUnclassified, Reusable, "items", "数据项没有分类分级："+names+"。", "Data items are not classified: "+namesEn+".")
	}
}
