// Package catalogue owns the form in which an implementing agency's catalogue of public data resources
// arrives (CITY annex 1): reading it strictly, and saying how it differs from what is already known.
// Storing it, and classifying what it names, is left to others: everything imported starts as a draft.
// It promises that input never panics, that all mistakes of a file are named at once, each by its place,
// and that the same two catalogues always compare alike.
package catalogue

import (
	"gongshu/internal/authorisation"
)

// Catalogue is one published list of resources.
type Catalogue struct {
	Title   string
	TitleEn string
	// Source names the document that the list is a part of: 绵数发〔2025〕14号 附件1.
	Source string
	// IssuedOn is the day of the document, 2006-01-02.
	IssuedOn string
	Agency   Agency
	// Resources are in the order of the file, no two with the same key.
	Resources []Resource
}

// Agency is the implementing agency (实施机构) that publishes the catalogue.
type Agency struct {
	Name   string
	NameEn string
}

// Resource is one public data resource as its catalogue describes it.
type Resource struct {
	Domain       string
	DomainEn     string
	SourceUnit   string
	SourceUnitEn string
	Name         string
	NameEn       string
	Note         string
	// UpdateCycleText is 更新周期 in the catalogue's own words: 定期.
	UpdateCycleText string
	// UpdateFrequency is the standard code of the cycle, nil where none is stated: 定期 has none.
	UpdateFrequency *authorisation.UpdateFrequency
	// Provision lists how the source unit provides the resource, in the order of the file, none twice.
	Provision []authorisation.ProvisionMethod
	// Items are in the order of the file, no two with the same name.
	Items []Item
}

// Item is one data item (数据项) of a resource.
type Item struct {
	Name   string `json:"name"`
	NameEn string `json:"nameEn"`
	// Note is what the catalogue adds in brackets: a unit, a granularity, the values there are.
	Note string `json:"note"`
	// Masked says that the catalogue offers the item masked only (脱敏); it stays personal information all the same.
	Masked bool `json:"masked"`
}

// Key identifies a resource: the plan gives neither resources nor source units a code.
type Key struct {
	SourceUnit string
	Name       string
}

// Key returns what identifies the resource.
func (r Resource) Key() Key { return Key{SourceUnit: r.SourceUnit, Name: r.Name} }

// Unit is a source unit (数源单位) as a catalogue names it.
type Unit struct {
	Name   string
	NameEn string
}

// Domain is a domain (领域) as a catalogue names it.
type Domain struct {
	Name   string
	NameEn string
}

// Units returns the distinct source units in the order of the file; the first English name counts.
func (c Catalogue) Units() []Unit {
	var units []Unit
	seen := map[string]bool{}
	for _, r := range c.Resources {
		if !seen[r.SourceUnit] {
			seen[r.SourceUnit] = true
			units = append(units, Unit{r.SourceUnit, r.SourceUnitEn})
		}
	}
	return units
}

// Domains returns the distinct domains in the order of the file; the first English name counts.
func (c Catalogue) Domains() []Domain {
	var domains []Domain
	seen := map[string]bool{}
	for _, r := range c.Resources {
		if !seen[r.Domain] {
			seen[r.Domain] = true
			domains = append(domains, Domain{r.Domain, r.DomainEn})
		}
	}
	return domains
}
