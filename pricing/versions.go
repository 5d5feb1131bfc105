package pricing

import (
	_ "embed"
	"encoding/json"
	"time"

	"gongshu/internal/fault"
)

// TariffVersion is a tariff and the day it is in force from, until the next begins. A version that has begun is never changed.
type TariffVersion struct {
	// From is a day as 2006-01-02.
	From string `json:"from"`
	// FromAssumed says that the document was not read for its day: the version serves as an example only.
	FromAssumed bool   `json:"fromAssumed,omitempty"`
	Document    string `json:"document,omitempty"`
	Tariff      Tariff `json:"tariff"`
}

// Versions are those of one price, each from a later day than the one before.
type Versions []TariffVersion

// InForce is the version of a day, as 2006-01-02; false before the first.
func (v Versions) InForce(day string) (in TariffVersion, found bool) {
	for _, version := range v {
		if version.From > day {
			break
		}
		in, found = version, true
	}
	return in, found
}

// Validate returns everything that is wrong with the versions, with paths below field.
func (v Versions) Validate(field string) error {
	var list fault.List
	for i := range v {
		if _, err := time.Parse(time.DateOnly, v[i].From); err != nil {
			list = append(list, fault.New(fault.Invalid, "VERSION_DAY_INVALID", "A version begins on a day.").At(path(field, join(i, "from"))))
		} else if i > 0 && v[i].From <= v[i-1].From {
			list = append(list, fault.New(fault.Invalid, "VERSION_NOT_LATER", "A version begins after the one before.").At(path(field, join(i, "from"))))
		}
		list = append(list, v[i].Tariff.faults(path(field, join(i, "tariff")))...)
	}
	return list.OrNil()
}

// Published is a price list of an authority, as an example of what a tariff can say.
type Published struct {
	// Code is the market's own.
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEn string `json:"nameEn"`
	// Illustrative says that no authority published it.
	Illustrative bool     `json:"illustrative,omitempty"`
	Versions     Versions `json:"versions"`
}

//go:embed examples/tariffs.json
var published []byte

// Examples are published price lists: credit reports and registrations of pledges, meteorology, and a graduated one.
func Examples() ([]Published, error) {
	var list []Published
	return list, json.Unmarshal(published, &list)
}
