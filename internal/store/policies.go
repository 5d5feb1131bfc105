package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/policyrow"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

// Policies are the policy rows in force on a day, as the rules take them.
type Policies struct {
	VATRate            decimal.Decimal
	Agreement          authorisation.AgreementPolicy
	Deadlines          authorisation.PolicyDays
	Listing            authorisation.ListingPolicy
	RegistrationMonths int
	Pricing            pricing.Policy
	// FreeUseMonths is how long an approved free use lasts.
	FreeUseMonths int
	OutputControl outputcontrol.Policy
	Notifications notice.Policy
	Licence       ordering.Licence
	// BillDueDays is how many days after its issue a bill is due.
	BillDueDays int
	// Discounts are those in force, by the names of their kinds: DISCOUNT_… of 0 percent is none any more.
	Discounts []pricing.Discount
	// Payees says, by legal form, into which account a contributor's share goes: TREASURY or its own.
	Payees   map[access.LegalForm]pricing.AccountKind
	Calendar authorisation.Calendar
	// deadlines are all rows of Deadlines so far, earliest first.
	deadlines []datedDays
}

type datedDays struct {
	from string
	days authorisation.PolicyDays
}

// DeadlineDays is how many working days a proceeding has that was submitted on a day up to today: those of the policy of
// that day, whatever holds since; set is false where it gave its kind no deadline.
func (p Policies) DeadlineDays(kind authorisation.ProceedingKind, submittedOn authorisation.Day) (n int, set bool) {
	for _, row := range slices.Backward(p.deadlines) {
		if row.from <= submittedOn.String() {
			n, set = row.days[kind]
			return n, set
		}
	}
	return 0, false
}

// needed are the kinds of policy without which nothing is decided: an absent number must not read as 0.
var needed = []string{"VAT_RATE", "AGREEMENT", "DEADLINES", "REGISTRATION", "LICENCE", "FREE_USE", "PAYEE", "OUTPUT_CONTROL", "NOTIFICATIONS", "BILLING", "PRICING"}

// PolicyRow is a row of dated policy as a file states it.
type PolicyRow struct {
	Kind          string         `json:"kind"`
	EffectiveFrom string         `json:"effectiveFrom"`
	Value         map[string]any `json:"value"`
	Source        string         `json:"source"`
}

// LoadPolicies adds the rows that are not there yet and returns them; rows are never edited, a change is a row with a later
// first day.
func (tx *Tx) LoadPolicies(ctx context.Context, rows []PolicyRow) (added []PolicyRow, err error) {
	for _, row := range rows {
		there, err := tx.PolicyRow.Query().Where(policyrow.Kind(row.Kind), policyrow.EffectiveFrom(row.EffectiveFrom)).Exist(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for policy %s: %w", row.Kind, err)
		}
		if there {
			continue
		}
		err = tx.PolicyRow.Create().SetCreatedAt(tx.now).SetKind(row.Kind).SetEffectiveFrom(row.EffectiveFrom).
			SetValue(row.Value).SetSourceDocument(row.Source).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("add policy %s: %w", row.Kind, err)
		}
		added = append(added, row)
	}
	return added, nil
}

// Policies reads what is in force on the transaction's day.
func (tx *Tx) Policies(ctx context.Context) (Policies, error) {
	return policiesOn(ctx, tx.Client, authorisation.DayOf(tx.now))
}

// Policies reads what is in force today.
func (s *Store) Policies(ctx context.Context) (Policies, error) {
	return policiesOn(ctx, s.read, authorisation.DayOf(s.now()))
}

// PoliciesOn reads what is in force on a day.
func (s *Store) PoliciesOn(ctx context.Context, day authorisation.Day) (Policies, error) {
	return policiesOn(ctx, s.read, day)
}

// policiesOn reads all rows at once but the code tables, which no rule takes and which are long: there are a few dozen, and
// one statement is cheaper than asking by kind. A kind that is needed and has no row in force is an error.
func policiesOn(ctx context.Context, c *db.Client, today authorisation.Day) (Policies, error) {
	rows, err := c.PolicyRow.Query().Where(policyrow.Not(policyrow.KindHasPrefix(codeTableKind))).
		Order(db.Asc(policyrow.FieldEffectiveFrom)).All(ctx)
	if err != nil {
		return Policies{}, fmt.Errorf("read policy rows: %w", err)
	}
	p := Policies{Listing: authorisation.DefaultListingPolicy()}
	inForce, discounts := map[string]bool{}, map[string]*db.PolicyRow{}
	for _, row := range rows {
		if row.EffectiveFrom > today.String() {
			continue
		}
		if err := p.take(row); err != nil {
			return Policies{}, fmt.Errorf("policy %s of %s: %w", row.Kind, row.EffectiveFrom, err)
		}
		inForce[row.Kind] = true
		if strings.HasPrefix(row.Kind, discountKind) {
			discounts[row.Kind] = row
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(discounts)) {
		if err := p.takeDiscount(discounts[kind]); err != nil {
			return Policies{}, fmt.Errorf("policy %s of %s: %w", kind, discounts[kind].EffectiveFrom, err)
		}
	}
	for _, kind := range needed {
		if !inForce[kind] {
			return Policies{}, fmt.Errorf("no policy %s is in force on %s", kind, today)
		}
	}
	p.Listing.TrialMonths = p.Pricing.TrialMonths
	years, err := calendarYears(rows)
	if err != nil {
		return Policies{}, err
	}
	p.Calendar, err = calendarOf(years)
	return p, err
}

// take reads one row over what an earlier one said.
func (p *Policies) take(row *db.PolicyRow) (err error) {
	switch row.Kind {
	case "VAT_RATE":
		var v struct{ Rate string }
		if v, err = reencode[struct{ Rate string }](row.Value); err == nil {
			p.VATRate, err = decimal.Parse(v.Rate)
		}
	case "AGREEMENT":
		p.Agreement, err = reencode[authorisation.AgreementPolicy](row.Value)
	case "DEADLINES":
		p.Deadlines, err = reencode[authorisation.PolicyDays](row.Value)
		p.deadlines = append(p.deadlines, datedDays{row.EffectiveFrom, p.Deadlines})
	case "LISTING":
		p.Listing, err = reencode[authorisation.ListingPolicy](row.Value)
	case "REGISTRATION":
		var v struct{ ValidMonths int }
		v, err = reencode[struct{ ValidMonths int }](row.Value)
		p.RegistrationMonths = v.ValidMonths
	case "PRICING":
		p.Pricing, err = reencode[pricing.Policy](row.Value)
	case "FREE_USE":
		var v struct{ Months int }
		v, err = reencode[struct{ Months int }](row.Value)
		p.FreeUseMonths = v.Months
	case "BILLING":
		var v struct{ DueDays int }
		v, err = reencode[struct{ DueDays int }](row.Value)
		p.BillDueDays = v.DueDays
	case "OUTPUT_CONTROL":
		p.OutputControl, err = reencode[outputcontrol.Policy](row.Value)
	case "NOTIFICATIONS":
		p.Notifications, err = reencode[notice.Policy](row.Value)
	case "PAYEE":
		p.Payees, err = payees(row.Value)
	case "LICENCE":
		p.Licence, err = reencode[ordering.Licence](row.Value)
	}
	return err
}

// discountKind begins the kinds of reductions by policy (政策优惠): one name for each, so that several hold at a time and each ends by
// a later row of its own.
const discountKind = "DISCOUNT_"

// takeDiscount reads a reduction; its lines name its row by id.
func (p *Policies) takeDiscount(row *db.PolicyRow) error {
	v, err := reencode[struct {
		Purpose  purpose.Purpose
		Class    pricing.UserClass
		Scenario string
		Percent  string
	}](row.Value)
	if err != nil {
		return err
	}
	percent, err := decimal.Parse(v.Percent)
	if err == nil && !percent.IsZero() {
		p.Discounts = append(p.Discounts, pricing.Discount{Policy: row.ID.String(), Purpose: v.Purpose, Class: v.Class, Scenario: v.Scenario, Percent: percent})
	}
	return err
}

// payees reads whose money goes where; every legal form has its place.
func payees(value map[string]any) (map[access.LegalForm]pricing.AccountKind, error) {
	stated, err := reencode[map[access.LegalForm]pricing.AccountKind](value)
	if err != nil {
		return nil, err
	}
	for _, form := range access.LegalForm("").Values() {
		if kind := stated[access.LegalForm(form)]; kind != pricing.AccountTreasury && kind != pricing.AccountContributor {
			return nil, fmt.Errorf("%s is paid by %q, neither TREASURY nor CONTRIBUTOR", form, kind)
		}
	}
	return stated, nil
}

func reencode[T any](v any) (out T, err error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(raw, &out)
}
