package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/policyrow"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/policy"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

// Policies are the policy rows in force on a day, as the rules take them. They are shared: nobody changes what they hold.
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
	// QualityFloor is the least score of its metadata with which a product is listed, 0 where nothing is stated.
	QualityFloor int
	// FloodSeason are the days of a flood season; zero where none are stated, and none is sold.
	FloodSeason pricing.Season
	// ReservationHours is how long an order waits for its payment.
	ReservationHours int
	// BillDueDays is how many days after its issue a bill is due, BillRemindDays how many days before that its buyer is reminded, and
	// BillSuspendDays how many days after it was told that a bill is overdue the right is suspended; 0 for never.
	BillDueDays, BillRemindDays, BillSuspendDays int
	// Discounts are those in force, by the names of their kinds: DISCOUNT_… of 0 percent is none any more.
	Discounts []pricing.Discount
	// Scenarios are those that a discount is for, each once.
	Scenarios []*ordering.Scenario
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
var needed = []string{"VAT_RATE", "AGREEMENT", "DEADLINES", "REGISTRATION", "LICENCE", "FREE_USE", "PAYEE", "OUTPUT_CONTROL", "NOTIFICATIONS", "BILLING", "PRICING", "RESERVATION"}

// optional are those that may be missing; discounts are named as they like.
var optional = []string{"LISTING", "FLOOD_SEASON", "METADATA_QUALITY"}

// LoadPolicies adds the rows that are not there yet and returns them; rows are never edited, a change is a row with a later
// first day.
func (tx *Tx) LoadPolicies(ctx context.Context, rows []policy.Row) (added []policy.Row, err error) {
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

// PolicyRows reads all rows by their first days, those that are to come as well; not those that have files of their own.
func (tx *Tx) PolicyRows(ctx context.Context) ([]policy.Row, error) {
	found, err := tx.PolicyRow.Query().Where(policyrow.Not(policyrow.Or(policyrow.KindHasPrefix(codeTableKind), policyrow.KindHasPrefix(calendarKind)))).
		Order(db.Asc(policyrow.FieldEffectiveFrom)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read policy rows: %w", err)
	}
	rows := make([]policy.Row, len(found))
	for i, row := range found {
		rows[i] = policy.Row{Kind: row.Kind, EffectiveFrom: row.EffectiveFrom, Value: row.Value, Source: row.SourceDocument}
	}
	return rows, nil
}

// Policies reads what is in force on the transaction's day.
func (tx *Tx) Policies(ctx context.Context) (Policies, error) {
	return tx.PoliciesOn(ctx, authorisation.DayOf(tx.now))
}

// PoliciesOn reads what is in force on a day.
func (tx *Tx) PoliciesOn(ctx context.Context, day authorisation.Day) (Policies, error) {
	return tx.store.policiesOn(ctx, tx.Client, day)
}

// Policies reads what is in force today.
func (s *Store) Policies(ctx context.Context) (Policies, error) {
	return s.policiesOn(ctx, s.read, authorisation.DayOf(s.now()))
}

// PoliciesOn reads what is in force on a day.
func (s *Store) PoliciesOn(ctx context.Context, day authorisation.Day) (Policies, error) {
	return s.policiesOn(ctx, s.read, day)
}

// ofDay are the policies that follow from some rows on a day.
type ofDay struct {
	day      authorisation.Day
	rows     []*db.PolicyRow
	ids      []uuid.UUID
	policies Policies
}

// policiesOn reads all rows at once but the code tables, which no rule takes and which are long: there are a few dozen, and
// one statement is cheaper than asking by kind. A kind that is needed and has no row in force is an error.
//
// What was read last is kept. As rows are never edited, it is right for as long as c sees the same ones, of which it asks for
// the ids alone: whatever others committed or rolled back, a transaction decides by the rows that it sees itself.
func (s *Store) policiesOn(ctx context.Context, c *db.Client, today authorisation.Day) (Policies, error) {
	of := c.PolicyRow.Query().Where(policyrow.Not(policyrow.KindHasPrefix(codeTableKind))).Order(db.Asc(policyrow.FieldEffectiveFrom))
	kept := s.policies.Load()
	var rows []*db.PolicyRow
	if kept != nil {
		ids, err := of.Clone().IDs(ctx)
		if err != nil {
			return Policies{}, fmt.Errorf("read which policy rows there are: %w", err)
		}
		if slices.Equal(kept.ids, sortedIDs(ids)) {
			if kept.day == today {
				return kept.policies, nil
			}
			rows = kept.rows
		}
	}
	if rows == nil {
		var err error
		if rows, err = of.All(ctx); err != nil {
			return Policies{}, fmt.Errorf("read policy rows: %w", err)
		}
	}
	p, err := policiesOf(rows, today)
	if err == nil {
		ids := make([]uuid.UUID, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		s.policies.Store(&ofDay{today, rows, sortedIDs(ids), p})
	}
	return p, err
}

// sortedIDs sorts in place: rows of one day come in any order.
func sortedIDs(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

func policiesOf(rows []*db.PolicyRow, today authorisation.Day) (Policies, error) {
	p := Policies{Listing: authorisation.DefaultListingPolicy()}
	inForce, discounts := map[string]bool{}, map[string]*db.PolicyRow{}
	for _, row := range rows {
		if row.EffectiveFrom > today.String() {
			continue
		}
		if err := p.take(row, loosely); err != nil {
			return Policies{}, fmt.Errorf("policy %s of %s: %w", row.Kind, row.EffectiveFrom, err)
		}
		inForce[row.Kind] = true
		if strings.HasPrefix(row.Kind, discountKind) {
			discounts[row.Kind] = row
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(discounts)) {
		if err := p.takeDiscount(discounts[kind], loosely); err != nil {
			return Policies{}, fmt.Errorf("policy %s of %s: %w", kind, discounts[kind].EffectiveFrom, err)
		}
	}
	for _, kind := range needed {
		if !inForce[kind] {
			return Policies{}, fmt.Errorf("no policy %s is in force on %s", kind, today)
		}
	}
	p.Listing.TrialMonths, p.Listing.QualityFloor = p.Pricing.TrialMonths, p.QualityFloor
	years, err := calendarYears(rows)
	if err != nil {
		return Policies{}, err
	}
	p.Calendar, err = calendarOf(years)
	return p, err
}

// take reads one row over what an earlier one said.
func (p *Policies) take(row *db.PolicyRow, read reading) (err error) {
	switch row.Kind {
	case "VAT_RATE":
		var v struct {
			Rate string `json:"rate"`
		}
		if err = read(row.Value, &v); err == nil {
			p.VATRate, err = decimal.Parse(v.Rate)
		}
	case "AGREEMENT":
		p.Agreement, err = valueAs[authorisation.AgreementPolicy](row, read)
	case "DEADLINES":
		p.Deadlines, err = valueAs[authorisation.PolicyDays](row, read)
		p.deadlines = append(p.deadlines, datedDays{row.EffectiveFrom, p.Deadlines})
	case "LISTING":
		p.Listing, err = valueAs[authorisation.ListingPolicy](row, read)
	case "REGISTRATION":
		var v struct {
			ValidMonths int `json:"validMonths"`
		}
		err = read(row.Value, &v)
		p.RegistrationMonths = v.ValidMonths
	case "PRICING":
		p.Pricing, err = valueAs[pricing.Policy](row, read)
	case "FREE_USE":
		var v struct {
			Months int `json:"months"`
		}
		err = read(row.Value, &v)
		p.FreeUseMonths = v.Months
	case "BILLING":
		var v struct {
			DueDays          int `json:"dueDays"`
			RemindDays       int `json:"remindDays"`
			SuspendAfterDays int `json:"suspendAfterDays"`
		}
		err = read(row.Value, &v)
		p.BillDueDays, p.BillRemindDays, p.BillSuspendDays = v.DueDays, v.RemindDays, v.SuspendAfterDays
	case "RESERVATION":
		var v struct {
			Hours int `json:"hours"`
		}
		err = read(row.Value, &v)
		p.ReservationHours = v.Hours
	case "METADATA_QUALITY":
		var v struct {
			Floor int `json:"floor"`
		}
		err = read(row.Value, &v)
		p.QualityFloor = v.Floor
	case "FLOOD_SEASON":
		p.FloodSeason, err = valueAs[pricing.Season](row, read)
	case "OUTPUT_CONTROL":
		p.OutputControl, err = valueAs[outputcontrol.Policy](row, read)
	case "NOTIFICATIONS":
		p.Notifications, err = valueAs[notice.Policy](row, read)
	case "PAYEE":
		p.Payees, err = payees(row.Value, read)
	case "LICENCE":
		p.Licence, err = valueAs[ordering.Licence](row, read)
	}
	return err
}

// reading reads a value: strictly what is to be stored; loosely what is there, which a newer program may have written beside us.
type reading func(value map[string]any, into any) error

func valueAs[T any](row *db.PolicyRow, read reading) (v T, err error) {
	err = read(row.Value, &v)
	return v, err
}

func loosely(value map[string]any, into any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// discountKind begins the kinds of reductions by policy (政策优惠): one name for each, so that several hold at a time and each ends by
// a later row of its own.
const discountKind = "DISCOUNT_"

// takeDiscount reads a reduction; its lines name its row by id. Of 0 percent it is none.
func (p *Policies) takeDiscount(row *db.PolicyRow, read reading) error {
	var v struct {
		Purpose  purpose.Purpose   `json:"purpose,omitempty"`
		Class    pricing.UserClass `json:"class,omitempty"`
		Scenario string            `json:"scenario,omitempty"`
		Name     string            `json:"name,omitempty"` // of the scenario
		NameEn   string            `json:"nameEn,omitempty"`
		Percent  string            `json:"percent"`
	}
	if err := read(row.Value, &v); err != nil {
		return err
	}
	percent, err := decimal.Parse(v.Percent)
	if err != nil || percent.IsZero() {
		return err
	}
	p.Discounts = append(p.Discounts, pricing.Discount{Policy: row.ID.String(), Purpose: v.Purpose, Class: v.Class, Scenario: v.Scenario, Percent: percent})
	if v.Scenario != "" && p.Scenario(v.Scenario) == nil {
		p.Scenarios = append(p.Scenarios, &ordering.Scenario{Code: v.Scenario, Name: v.Name, NameEn: v.NameEn})
	}
	return nil
}

// Scenario is one that a discount in force is for, nil for a code that is none.
func (p *Policies) Scenario(code string) *ordering.Scenario {
	for _, one := range p.Scenarios {
		if one.Code == code {
			return one
		}
	}
	return nil
}

// payees reads whose money goes where; every legal form has its place.
func payees(value map[string]any, read reading) (stated map[access.LegalForm]pricing.AccountKind, err error) {
	if err := read(value, &stated); err != nil {
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
