package metadata

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/purpose"
)

// Product is what of a product shows in its score.
type Product struct {
	Name, NameEn               string
	Description, DescriptionEn string
	Delivery                   authorisation.Delivery
	UpdateFrequency            authorisation.UpdateFrequency // "" while nobody said so
	// Items is how many data items it is made of; JoinsSocial says that it joins data beside them.
	Items       int
	JoinsSocial bool
	Columns     []dictionary.Column
	SampleRows  int
	// DatasetOn is the day of the dataset that it serves, zero for none.
	DatasetOn authorisation.Day
	// Purposes are those for which every item is granted today.
	Purposes []purpose.Purpose
	// Registered: a registrar's code is valid today. HasPlan: some plan is offered.
	Registered, HasPlan bool
}

// What texts have to be long enough for, in characters.
const (
	leastName          = 4
	leastDescription   = 30
	leastDescriptionEn = 40
	leastSample        = 3
)

var ofProduct = maxima{Findable: 25, Accessible: 20, Interoperable: 25, Reusable: 15, Current: 15}

// OfProduct scores the description of a product on a day.
func OfProduct(p Product, today authorisation.Day) Score {
	t := tally{of: ofProduct}
	t.names(p.Name, p.NameEn, 4, 4)
	if !long(p.Description, leastDescription) {
		t.lose(7, DescriptionShort, Findable, "description", fmt.Sprintf("说明不足 %d 字：写清数据是什么、能做什么、不能做什么。", leastDescription),
			fmt.Sprintf("The description has fewer than %d characters: say what the data is, what it is good for and what not.", leastDescription))
	}
	if !long(p.DescriptionEn, leastDescriptionEn) || !latin(p.DescriptionEn) {
		t.lose(5, DescriptionEnShort, Findable, "descriptionEn", fmt.Sprintf("英文说明没有写，或不足 %d 个字符。", leastDescriptionEn),
			fmt.Sprintf("The English description is missing or has fewer than %d characters.", leastDescriptionEn))
	}
	if p.Items == 0 {
		t.lose(5, ItemsMissing, Findable, "items", "没有写明由哪些数据项加工而成，来源单位因此不可知。", "It names no data item that it is made of, so nobody knows whose data it is.")
	}
	t.access(p)
	t.columns(p)
	t.terms(p)
	t.age(p, today)
	return t.score()
}

func (t *tally) names(name, nameEn string, forName, forNameEn int) {
	if !long(name, leastName) {
		t.lose(forName, NameShort, Findable, "name", fmt.Sprintf("名称不足 %d 字，看不出是什么数据。", leastName), fmt.Sprintf("The name has fewer than %d characters and does not say which data it is.", leastName))
	}
	if !latin(nameEn) {
		t.lose(forNameEn, NameEnMissing, Findable, "nameEn", "没有英文名称。", "It has no name in English.")
	}
}

func (t *tally) access(p Product) {
	if p.DatasetOn.IsZero() {
		t.lose(9, DatasetMissing, Accessible, "dataset", "没有通过输出管控的数据集。", "There is no dataset that passed output control.")
	}
	switch {
	case p.SampleRows == 0:
		t.lose(6, SampleMissing, Accessible, "sample", "没有脱敏样例。", "There is no masked sample.")
	case p.SampleRows < leastSample:
		t.lose(3, SampleShort, Accessible, "sample", fmt.Sprintf("样例不足 %d 行。", leastSample), fmt.Sprintf("The sample has fewer than %d rows.", leastSample))
	}
	filterable := slices.ContainsFunc(p.Columns, func(c dictionary.Column) bool { return c.Filterable })
	if p.Delivery == authorisation.DeliveryAPI && !filterable {
		t.lose(5, FilterMissing, Accessible, "dictionary", "接口没有可筛选的列，调用方只能逐页读完全部数据。", "No column can be filtered on, so that a call can only read all data page by page.")
	}
}

// columns looks at the dictionary: each criterion costs as much of its points as columns lack it.
func (t *tally) columns(p Product) {
	if len(p.Columns) == 0 {
		t.lose(25, DictionaryMissing, Interoperable, "dictionary", "没有数据字典。", "There is no data dictionary.")
		return
	}
	lacking := func(lacks func(dictionary.Column) bool) (found []thing) {
		for _, c := range p.Columns {
			if lacks(c) {
				found = append(found, thing{c.Label, cmp.Or(c.LabelEn, c.Name)})
			}
		}
		return found
	}
	lose := func(most int, code Code, these []thing, all int, message, messageEn string) {
		if len(these) > 0 {
			names, namesEn := named(these)
			t.lose(share(most, len(these), all), code, Interoperable, "dictionary", fmt.Sprintf(message, names), fmt.Sprintf(messageEn, namesEn))
		}
	}
	all := len(p.Columns)
	lose(5, ColumnLabelEnMissing, lacking(func(c dictionary.Column) bool { return !latin(c.LabelEn) }), all, "这些列没有英文名：%s。", "These columns have no label in English: %s.")
	lose(5, ColumnDescriptionShort, lacking(saysNothing), all, "这些列没有说明，或说明只是重复列名：%s。", "These columns have no description, or one that only repeats the label: %s.")
	lose(5, ColumnDescriptionEn, lacking(func(c dictionary.Column) bool { return !latin(c.DescriptionEn) }), all, "这些列没有英文说明：%s。", "These columns have no description in English: %s.")
	numbers := len(lacking(isNumber))
	lose(4, ColumnUnitMissing, lacking(func(c dictionary.Column) bool { return isNumber(c) && strings.TrimSpace(c.Unit) == "" }), numbers,
		"这些数值列没有单位（无量纲写 1）：%s。", "These columns of numbers have no unit (write 1 where there is none): %s.")
	unlinked := lacking(func(c dictionary.Column) bool { return len(c.ItemIDs) == 0 })
	if p.JoinsSocial && len(unlinked) < all { // a column may come from the social data alone
		return
	}
	lose(6, ColumnItemsMissing, unlinked, all, "这些列没有写明来自哪些数据项：%s。", "These columns do not say which data items they come from: %s.")
}

func saysNothing(c dictionary.Column) bool {
	text := strings.TrimRight(strings.TrimSpace(c.Description), "。.")
	return text == "" || text == strings.TrimSpace(c.Label)
}

func isNumber(c dictionary.Column) bool {
	return c.Type == dictionary.Integer || c.Type == dictionary.Decimal
}

func (t *tally) terms(p Product) {
	if len(p.Purposes) == 0 {
		t.lose(6, PurposesMissing, Reusable, "items", "没有一种用途是全部数据项都获授权的。", "There is no purpose for which all of its data items are granted.")
	}
	if !p.Registered {
		t.lose(5, RegistrationMissing, Reusable, "registrationCode", "没有有效的登记编码。", "There is no registration code that is valid.")
	}
	pays := func(p purpose.Purpose) bool { return !p.Free() }
	if !p.HasPlan && (len(p.Purposes) == 0 || slices.ContainsFunc(p.Purposes, pays)) {
		t.lose(4, TermsMissing, Reusable, "plans", "没有收费方案，使用者不知道代价。", "No plan says what its use costs.")
	}
}

// age: how often data is renewed must be said, or its age says nothing.
func (t *tally) age(p Product, today authorisation.Day) {
	const frequency, dataset = 5, 10
	if p.UpdateFrequency == "" {
		points := frequency
		if !p.DatasetOn.IsZero() {
			points += dataset
		}
		t.lose(points, UpdateFrequencyMissing, Current, "updateFrequency", "没有写明更新频率，也就无从判断数据是否过时。", "It does not say how often its data is renewed, so nobody can tell whether it is out of date.")
	}
	if p.DatasetOn.IsZero() {
		t.lose(dataset, DatasetUndated, Current, "dataset", "没有数据集，谈不上更新。", "There is no dataset that could be up to date.")
		return
	}
	most, limited := oldest[p.UpdateFrequency]
	if limited && p.DatasetOn.AddDays(most).Before(today) {
		t.lose(dataset, DatasetOverdue, Current, "dataset", fmt.Sprintf("数据集是 %s 的，按更新频率最多可以旧 %d 天。", p.DatasetOn, most),
			fmt.Sprintf("The dataset is of %s; by its update frequency it may be at most %d days old.", p.DatasetOn, most))
	}
}
