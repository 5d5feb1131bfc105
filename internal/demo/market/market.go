// Package market owns the demo market as plain data: who takes part, how the first batch of resources is classified,
// which products are made of it, at what prices, and rows for each.
// Putting it into a database is left to the demo command; the names of resources and items are the catalogue's.
//
// It promises that nothing in it is real: participants and people have 演示 in their names, credit codes and rows are
// synthetic, and every description says so. The same seed always gives the same rows. What it describes passes the
// market's own rules: protections, dictionaries, caps, allocation and output control for a public environment.
package market

import (
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
)

// Organisation is a body that takes part in the demo.
type Organisation struct {
	// Name identifies the organisation everywhere in this package; for source units it is the catalogue's.
	Name   string
	NameEn string
	// CreditCode is synthetic and valid (GB 32100); no real body has it.
	CreditCode string
	// Parties are stored forms of access.Party, LegalForm is one of access.LegalForm.
	Parties   []string
	LegalForm string
}

// Person is somebody who signs in to the demo.
type Person struct {
	Email       string
	DisplayName string
	Memberships []Membership
}

// Membership is a person's place in an organisation.
type Membership struct {
	Organisation string
	// Roles are stored forms of access.Role.
	Roles []string
}

// Domain says which body answers for a domain of the catalogue, and its theme code (NDI-TR-2025-06).
type Domain struct {
	Name              string
	ThemeCode         string
	IndustryAuthority string
}

// Classification is how a data item is graded, marked for person-linkage and protected (GB/T 43697, CITY 9.2, S18).
type Classification struct {
	SourceUnit  string
	Resource    string
	Item        string
	Grade       authorisation.Grade
	Linkage     authorisation.Linkage
	Sensitivity authorisation.Sensitivity
	Protections []authorisation.Protection
}

// Frequency is the update-frequency code that a source unit states for a resource whose catalogue says 定期.
type Frequency struct {
	SourceUnit string
	Resource   string
	Code       authorisation.UpdateFrequency
}

// Product is the specification of a demo product.
type Product struct {
	// Key is stable and short: enterprise-credit-check.
	Key           string
	Name          string
	NameEn        string
	Description   string
	DescriptionEn string
	Domain        string
	Inputs        []Input
	// SocialInputs are declared social data that is joined to the public data (CITY 5.3).
	SocialInputs    []SocialInput
	Delivery        authorisation.Delivery
	UpdateFrequency authorisation.UpdateFrequency
	// Aggregate says that no row is about one person; each then counts what it sums up in the column ClassSize.
	// It holds whenever an input is linked to persons (S18).
	Aggregate  bool
	Dictionary []dictionary.Column
	Plans      []Plan
	// Allocation is the agreed division of the fee (CITY 11.3); the weights sum to 100.
	Allocation []Part
	// Sample is five masked rows under the dictionary.
	Sample [][]string

	generate generator
}

// ClassSize is the column of aggregates that says how many persons, plots or bodies a row sums up, 21 at least.
const ClassSize = "class_size"

// Input is a data item that a product is made from.
type Input struct {
	SourceUnit string
	Resource   string
	Item       string
}

// SocialInput is social data of the operator or a 数商.
type SocialInput struct {
	Name string
	// Provenance says where the data comes from and by what right it is used.
	Provenance string
	// Contributor is the organisation that brings it.
	Contributor string
}

// Plan is a way to pay for a product (收费方案); prices include VAT.
type Plan struct {
	Name   string
	NameEn string
	// Mode and Scheme are stored forms of pricing.ChargingMode and pricing.Scheme.
	Mode   string
	Scheme string
	Bands  []Band
	// PeriodMonths is the length of one period when Mode is PER_PERIOD or PER_ITEM_PERIOD, 0 otherwise.
	PeriodMonths int
	// TermMonths is how long what was bought may be used.
	TermMonths int
	// Metered says that each month's use is billed; so many units of a month are then free.
	Metered       bool
	FreeEachMonth int64
	// Trial marks a trial price (P65), which has no cap.
	Trial bool
	// CapRate is the cap in decimal yuan per unit, "" for a trial price. Plans of one product and mode have the same.
	CapRate string
}

// Band is one step of a tariff.
type Band struct {
	// UpTo is the last unit of the band as digits, "" when it has no end.
	UpTo string
	// Rate is decimal yuan per unit.
	Rate string
}

// Part is one contributor's weight.
type Part struct {
	Organisation string
	Weight       int64
	Basis        string
	// Channel is a stored form of pricing.Channel.
	Channel string
}
