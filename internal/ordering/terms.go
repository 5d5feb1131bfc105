package ordering

import "gongshu/pricing"

// Terms are what was agreed when an order was placed. They are copied into the order and never change with the product.
type Terms struct {
	ProductName          string         `json:"productName"`
	ProductNameEn        string         `json:"productNameEn,omitempty"`
	ProductContentNumber int            `json:"productContentNumber"`
	PlanName             string         `json:"planName"`
	PlanNameEn           string         `json:"planNameEn,omitempty"`
	TermMonths           int            `json:"termMonths"`
	Tariff               pricing.Tariff `json:"tariff"`
	// Settlement is PREPAID where it is empty.
	Settlement pricing.Settlement `json:"settlement,omitempty"`
	// UserClass is that of the buyer when it ordered, Trial that the price is a trial price: a bill is rated under both.
	UserClass pricing.UserClass `json:"userClass,omitempty"`
	// Scenario is for what the buyer said that it uses the product, where policy gives a discount for that; nil where it said nothing.
	Scenario         *Scenario         `json:"scenario,omitempty"`
	Trial            bool              `json:"trial,omitempty"`
	Quotation        pricing.Quotation `json:"quotation"`
	AllocationRuleID string            `json:"allocationRuleId"`
	Licence          Licence           `json:"licence"`
}

// Scenario is a use that policy favours, by a code that its discount names.
type Scenario struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEn string `json:"nameEn"`
}

// ScenarioCode is the code of the terms' scenario, "" where there is none.
func (t *Terms) ScenarioCode() string {
	if t.Scenario == nil {
		return ""
	}
	return t.Scenario.Code
}

// Licence is the text under which a product may be used, with its purpose clause.
type Licence struct {
	Version string `json:"version"`
	Text    string `json:"text"`
	TextEn  string `json:"textEn"`
}
