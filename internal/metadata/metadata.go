// Package metadata owns how good the description of a product or a resource is: a score of 0 to 100 in five dimensions, and the
// list of what to mend. The dimensions are those of FAIR and of the EU's metadata quality assessment (MQA), with currency in
// the place of context; the criteria are what this market has, and docs/quality.md is their table.
//
// It promises that the same facts give the same score, that the score is 100 less what its findings cost, and that mending a
// finding takes it away and never lowers the score. What the floor for listing is belongs to policy, what a floor means to
// package authorisation.
package metadata

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongshu/internal/authorisation"
)

// Dimension is what a criterion is about.
type Dimension string

// The dimensions, in the order in which they are shown.
const (
	Findable      Dimension = "FINDABLE"
	Accessible    Dimension = "ACCESSIBLE"
	Interoperable Dimension = "INTEROPERABLE"
	Reusable      Dimension = "REUSABLE"
	Current       Dimension = "CURRENT"
)

// Values lists the stored forms, in the order in which dimensions are shown.
func (Dimension) Values() []string {
	return []string{"FINDABLE", "ACCESSIBLE", "INTEROPERABLE", "REUSABLE", "CURRENT"}
}

// Code says what is to be mended.
type Code string

// The codes of a product, then those that only a resource has, in the order in which they are reported.
const (
	NameShort              Code = "NAME_SHORT"
	NameEnMissing          Code = "NAME_EN_MISSING"
	DescriptionShort       Code = "DESCRIPTION_SHORT"
	DescriptionEnShort     Code = "DESCRIPTION_EN_SHORT"
	ItemsMissing           Code = "ITEMS_MISSING"
	DatasetMissing         Code = "DATASET_MISSING"
	SampleMissing          Code = "SAMPLE_MISSING"
	SampleShort            Code = "SAMPLE_SHORT"
	FilterMissing          Code = "FILTER_MISSING"
	DictionaryMissing      Code = "DICTIONARY_MISSING"
	ColumnLabelEnMissing   Code = "COLUMN_LABEL_EN_MISSING"
	ColumnDescriptionShort Code = "COLUMN_DESCRIPTION_SHORT"
	ColumnDescriptionEn    Code = "COLUMN_DESCRIPTION_EN_MISSING"
	ColumnUnitMissing      Code = "COLUMN_UNIT_MISSING"
	ColumnItemsMissing     Code = "COLUMN_ITEMS_MISSING"
	PurposesMissing        Code = "PURPOSES_MISSING"
	RegistrationMissing    Code = "REGISTRATION_MISSING"
	TermsMissing           Code = "TERMS_MISSING"
	UpdateFrequencyMissing Code = "UPDATE_FREQUENCY_MISSING"
	DatasetUndated         Code = "DATASET_UNDATED"
	DatasetOverdue         Code = "DATASET_OVERDUE"
	NoteShort              Code = "NOTE_SHORT"
	ProvisionUnstated      Code = "PROVISION_UNSTATED"
	NotPublished           Code = "NOT_PUBLISHED"
	ProvisionFilesOnly     Code = "PROVISION_FILES_ONLY"
	ItemNameEnMissing      Code = "ITEM_NAME_EN_MISSING"
	ItemUnclassified       Code = "ITEM_UNCLASSIFIED"
	CatalogueOld           Code = "CATALOGUE_OLD"
)

// Values lists the stored forms.
func (Code) Values() []string {
	return []string{"NAME_SHORT", "NAME_EN_MISSING", "DESCRIPTION_SHORT", "DESCRIPTION_EN_SHORT", "ITEMS_MISSING", "DATASET_MISSING",
		"SAMPLE_MISSING", "SAMPLE_SHORT", "FILTER_MISSING", "DICTIONARY_MISSING", "COLUMN_LABEL_EN_MISSING", "COLUMN_DESCRIPTION_SHORT",
		"COLUMN_DESCRIPTION_EN_MISSING", "COLUMN_UNIT_MISSING", "COLUMN_ITEMS_MISSING", "PURPOSES_MISSING", "REGISTRATION_MISSING",
		"TERMS_MISSING", "UPDATE_FREQUENCY_MISSING", "DATASET_UNDATED", "DATASET_OVERDUE", "NOTE_SHORT", "PROVISION_UNSTATED",
		"NOT_PUBLISHED", "PROVISION_FILES_ONLY", "ITEM_NAME_EN_MISSING", "ITEM_UNCLASSIFIED", "CATALOGUE_OLD"}
}

// Points are what a dimension has of its maximum.
type Points struct {
	Dimension       Dimension
	Points, Maximum int
}

var labels = map[Dimension][2]string{
	Findable: {"可查找", "Findable"}, Accessible: {"可获取", "Accessible"}, Interoperable: {"可互操作", "Interoperable"},
	Reusable: {"可重用", "Reusable"}, Current: {"时效", "Current"},
}

// Label names the dimension in Chinese.
func (p Points) Label() string { return labels[p.Dimension][0] }

// LabelEn names the dimension in English.
func (p Points) LabelEn() string { return labels[p.Dimension][1] }

// Finding is one thing to mend.
type Finding struct {
	Code      Code
	Dimension Dimension
	// Field is what of the product or resource it is about: nameEn, dictionary.
	Field string
	// Points are what it costs; it never costs nothing.
	Points int
	// Message and MessageEn say what to mend.
	Message, MessageEn string
}

// Score is how good a description is.
type Score struct {
	// Total is 0 to 100: the sum of the dimensions' points.
	Total      int
	Dimensions []Points
	// Findings are in the order of Code.
	Findings []Finding
}

// maxima are the points of the dimensions; each sums to 100.
type maxima map[Dimension]int

// tally begins with all points and takes away.
type tally struct {
	of       maxima
	findings []Finding
}

// lose takes points away for something to mend.
func (t *tally) lose(points int, code Code, in Dimension, field, message, messageEn string) {
	if points > 0 {
		t.findings = append(t.findings, Finding{code, in, field, points, message, messageEn})
	}
}

func (t *tally) score() Score {
	codes := Code("").Values()
	rank := func(f Finding) int { return slices.Index(codes, string(f.Code)) }
	s := Score{Findings: slices.SortedStableFunc(slices.Values(t.findings), func(a, b Finding) int { return rank(a) - rank(b) })}
	if s.Findings == nil {
		s.Findings = []Finding{}
	}
	for _, name := range Dimension("").Values() {
		p := Points{Dimension: Dimension(name), Points: t.of[Dimension(name)], Maximum: t.of[Dimension(name)]}
		for _, f := range t.findings {
			if f.Dimension == p.Dimension {
				p.Points -= f.Points
			}
		}
		s.Dimensions = append(s.Dimensions, p)
		s.Total += p.Points
	}
	return s
}

// share is what of the most points is lost where some of all lack something: at least one point.
func share(most, lacking, all int) int { return (most*lacking + all - 1) / all }

// long reports whether a text has so many characters, blanks at its ends not counted.
func long(text string, least int) bool {
	return utf8.RuneCountInString(strings.TrimSpace(text)) >= least
}

// latin reports whether a text has a Latin letter, as what is said in English has.
func latin(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' })
}

// namedAtMost is how many a message names.
const namedAtMost = 5

// thing is a column or a data item by its names in Chinese and English.
type thing struct{ name, nameEn string }

// named lists things for a message: the first few, and how many there are in all.
func named(things []thing) (text, textEn string) {
	var names, namesEn []string
	for _, one := range things[:min(len(things), namedAtMost)] {
		names, namesEn = append(names, one.name), append(namesEn, one.nameEn)
	}
	text, textEn = strings.Join(names, "、"), strings.Join(namesEn, ", ")
	if more := len(things) - len(names); more > 0 {
		text, textEn = fmt.Sprintf("%s 等 %d 项", text, len(things)), fmt.Sprintf("%s and %d more", textEn, more)
	}
	return text, textEn
}

// oldest are how many days old the data of a product may be that is renewed so often: the period and some days for the work.
// Data that is renewed irregularly, or no more, is never too old.
var oldest = map[authorisation.UpdateFrequency]int{
	authorisation.RealTime: 1, authorisation.Daily: 2, authorisation.Weekly: 10, authorisation.Monthly: 40,
	authorisation.Quarterly: 110, authorisation.SemiAnnual: 200, authorisation.Annual: 400,
}
