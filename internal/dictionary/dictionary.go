// Package dictionary owns what a product's data dictionary may say: the columns that a dataset is typed by.
// Reading data by a dictionary belongs to package dataset; whether a column may leave, to package outputcontrol.
package dictionary

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"

	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
)

// Type is the type of a column.
type Type string

// The column types.
const (
	Text     Type = "TEXT"
	Integer  Type = "INTEGER"
	Decimal  Type = "DECIMAL"
	Date     Type = "DATE"     // 2006-01-02
	DateTime Type = "DATETIME" // RFC 3339, stored in UTC
	Boolean  Type = "BOOLEAN"  // true or false
)

// Values lists the stored forms.
func (Type) Values() []string {
	return []string{"TEXT", "INTEGER", "DECIMAL", "DATE", "DATETIME", "BOOLEAN"}
}

// Known reports whether t is one of the types.
func (t Type) Known() bool {
	switch t {
	case Text, Integer, Decimal, Date, DateTime, Boolean:
		return true
	}
	return false
}

// Column is one column of a dataset.
type Column struct {
	// Name is the header in files and the name in data calls: lower-case letters, digits and underscores.
	Name string `json:"name"`
	// Label and LabelEn name the column for people.
	Label   string `json:"label"`
	LabelEn string `json:"labelEn,omitempty"`
	Type    Type   `json:"type"`
	// Unit is the unit of measurement, "" where there is none; it is a free text (Measured).
	Unit          string                    `json:"unit,omitempty"`
	Description   string                    `json:"description"`
	DescriptionEn string                    `json:"descriptionEn,omitempty"`
	Sensitivity   authorisation.Sensitivity `json:"sensitivity"`
	// QuasiIdentifier marks what could single a person out together with other such columns (GB/T 42460).
	QuasiIdentifier bool `json:"quasiIdentifier,omitempty"`
	// Required refuses empty cells.
	Required bool `json:"required,omitempty"`
	// Filterable lets data calls filter on the column.
	Filterable bool `json:"filterable,omitempty"`
	// ItemIDs are the data items, among those that the product is made of, that the column comes from; none where it comes from
	// all of them in general, or from social data.
	ItemIDs []string `json:"itemIds,omitempty"`
}

// Measured reports whether the column holds quantities: numbers of a unit of measure that is known. A unit that is only
// typed in tells nothing of them.
func (c Column) Measured() bool {
	return (c.Type == Integer || c.Type == Decimal) && slices.Contains(units, c.Unit)
}

// MaxColumns bounds a dictionary.
const MaxColumns = 100

var columnName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)

// Check returns everything that is wrong with the columns, each with its path under field.
// An empty dictionary is right here: that a product needs one is the listing rule's to say.
func Check(columns []Column, field string) error {
	var wrong fault.List
	if len(columns) > MaxColumns {
		wrong = append(wrong, fault.New(fault.Invalid, "DICTIONARY_TOO_LONG", "A dictionary has at most %d columns.", MaxColumns).At(field).With("max", MaxColumns))
		return wrong
	}
	seen := map[string]bool{}
	for i, c := range columns {
		at := func(name string) string { return field + "." + strconv.Itoa(i) + "." + name }
		switch {
		case !columnName.MatchString(c.Name):
			wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_NAME_INVALID", "A column name is lower-case letters, digits and underscores, beginning with a letter.").At(at("name")))
		case seen[c.Name]:
			wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_NAME_TAKEN", "The column %s is there twice.", c.Name).At(at("name")).With("name", c.Name))
		}
		seen[c.Name] = true
		if c.Label == "" {
			wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_LABEL_MISSING", "A column needs a label.").At(at("label")))
		}
		if c.Description == "" {
			wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_DESCRIPTION_MISSING", "A column needs a description.").At(at("description")))
		}
		if !c.Type.Known() {
			wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_TYPE_UNKNOWN", "There is no such column type.").At(at("type")))
		}
		if c.Sensitivity == "" {
			wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_SENSITIVITY_MISSING", "A column states its sensitivity.").At(at("sensitivity")))
		}
	}
	return wrong.OrNil()
}

// CheckItems returns what is wrong with the items that columns come from, each with its path under field: every one is among
// those of the product, and a column names it once.
func CheckItems(columns []Column, items []string, field string) error {
	var wrong fault.List
	for i, c := range columns {
		for j, id := range c.ItemIDs {
			at := field + "." + strconv.Itoa(i) + ".itemIds." + strconv.Itoa(j)
			switch {
			case !slices.Contains(items, id):
				wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_ITEM_UNKNOWN", "The column %s comes from a data item that the product is not made of.", c.Name).At(at).With("column", c.Name))
			case slices.Contains(c.ItemIDs[:j], id):
				wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_ITEM_TWICE", "The column %s names the same data item twice.", c.Name).At(at).With("column", c.Name))
			}
		}
	}
	return wrong.OrNil()
}

// WithItems returns columns that come from nothing but these items: what else they named is left out.
func WithItems(columns []Column, items []string) []Column {
	out := slices.Clone(columns)
	for i, c := range out {
		out[i].ItemIDs = nil
		for _, id := range c.ItemIDs {
			if slices.Contains(items, id) {
				out[i].ItemIDs = append(out[i].ItemIDs, id)
			}
		}
	}
	return out
}

// TypeAlike reports whether two dictionaries type data alike; from which items columns come, types nothing.
func TypeAlike(a, b []Column) bool {
	return reflect.DeepEqual(WithItems(a, nil), WithItems(b, nil))
}

// QuasiIdentifiers returns the positions of the columns marked so.
func QuasiIdentifiers(columns []Column) []int {
	var at []int
	for i, c := range columns {
		if c.QuasiIdentifier {
			at = append(at, i)
		}
	}
	return at
}
