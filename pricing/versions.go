package pricing

import (
	_ "embed"
	"encoding/json"
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

// Published is a price list of an authority, as an example of what a tariff can say.
type Published struct {
	// Code is the market's own.
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEn string `json:"nameEn"`
	// Illustrative says that no authority published it.
	Illustrative bool `json:"illustrative,omitempty"`
	// Versions each begin on a later day than the one before.
	Versions []TariffVersion `json:"versions"`
}

// InForce is the version of a day, as 2006-01-02; nil before the first.
func (p *Published) InForce(day string) (in *TariffVersion) {
	for i := range p.Versions {
		if p.Versions[i].From <= day {
			in = &p.Versions[i]
		}
	}
	return in
}

//go:embed examples/tariffs.json
var published []byte

// Examples are published price lists: credit reports and registrations of pledges, meteorology, and a graduated one.
func Examples() ([]Published, error) {
	var list []Published
	return list, json.Unmarshal(published, &list)
}
