package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/legible"
	"gongshu/internal/policy"
	"gongshu/pricing"
)

// discountName is what a discount may be called, and the code of its scenario.
var discountName = regexp.MustCompile(`^[A-Z0-9_]{1,32}$`)

// CheckPolicyRow refuses what no rule could take, before it is stored: POLICY_KIND_UNKNOWN, also for what has files of its own, and
// POLICY_VALUE_INVALID at value, with what is wrong. Policy may be stricter than the law, not laxer.
func CheckPolicyRow(row policy.Row) error {
	name, isDiscount := strings.CutPrefix(row.Kind, discountKind)
	if !slices.Contains(needed, row.Kind) && !slices.Contains(optional, row.Kind) && !(isDiscount && discountName.MatchString(name)) {
		return fault.New(fault.Invalid, "POLICY_KIND_UNKNOWN", "There is no such kind of policy in these files.").At("kind")
	}
	var p Policies
	of := &db.PolicyRow{Kind: row.Kind, Value: row.Value}
	err := p.take(of, strictly)
	if err == nil && isDiscount {
		err = p.takeDiscount(of, strictly)
	}
	if err == nil {
		err = p.within(row.Kind)
	}
	if err != nil {
		return fault.New(fault.Invalid, "POLICY_VALUE_INVALID", "This is no value of such a policy: %s.", err).At("value").With("reason", err.Error())
	}
	return nil
}

// strictly reads a value without members that are unknown, missing, empty or there twice: an absent number must not read as 0.
func strictly(value map[string]any, into any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	stated := map[string]bool{} // in lower case, as they are read
	for name, member := range value {
		low := strings.ToLower(name)
		if stated[low] || member == nil {
			return fmt.Errorf("%s is there twice, or empty", name)
		}
		stated[low] = true
	}
	read, err := reencode[map[string]any](into)
	for _, name := range slices.Sorted(maps.Keys(read)) {
		if !stated[strings.ToLower(name)] {
			return fmt.Errorf("%s is missing", name)
		}
	}
	return err
}

// What the law and the city's plan set; policy may be stricter (CITY: 5 working days of publicity; P65: 10 %).
const leastPublicity = 5

var mostTolerance = decimal.MustParse("0.10")

// maxLicence bounds what every order copies.
const maxLicence = 20_000

func atMost(name string, d, most decimal.Decimal) error {
	if d.IsNeg() || d.Cmp(most) > 0 {
		return fmt.Errorf("%s is 0 to %s", name, most)
	}
	return nil
}

// within reports what of a kind is outside of what the law and the rules allow.
func (p *Policies) within(kind string) error {
	number := func(name string, n, least, most int) error {
		if n < least || n > most {
			return fmt.Errorf("%s is %d to %d", name, least, most)
		}
		return nil
	}
	share := func(name string, d decimal.Decimal, most int64) error {
		if d.IsNeg() || d.Cmp(decimal.MustNew(most, 0)) > 0 {
			return fmt.Errorf("%s is 0 to %d", name, most)
		}
		return nil
	}
	switch kind {
	case "VAT_RATE":
		if p.VATRate.Scale() > pricing.MaxRateDecimals {
			return fmt.Errorf("rate has at most %d decimals", pricing.MaxRateDecimals)
		}
		return share("rate", p.VATRate, 1)
	case "AGREEMENT":
		a := p.Agreement
		return errors.Join(number("maxTermMonths", a.MaxTermMonths, 1, 60), number("termMonths", a.TermMonths, 1, a.MaxTermMonths), number("publicityDays", a.PublicityDays, leastPublicity, 60))
	case "DEADLINES":
		for of, days := range p.Deadlines {
			if !slices.Contains(of.Values(), string(of)) {
				return fmt.Errorf("%s is no kind of proceeding", of)
			}
			if err := number(string(of), days, 1, 250); err != nil {
				return err
			}
		}
		if len(p.Deadlines) == 0 {
			return errors.New("a deadline is missing")
		}
	case "REGISTRATION":
		return number("validMonths", p.RegistrationMonths, 1, 120)
	case "PRICING":
		r := p.Pricing
		_, err := time.Parse("2006-01-02", "2023-"+r.ReportDue)
		if err != nil {
			err = errors.New("reportDue is a day of every year, as 03-31")
		}
		return errors.Join(err, atMost("tolerance", r.Tolerance, mostTolerance), share("maxSpreadPoints", r.MaxSpreadPoints, pricing.MaxSpreadPoints),
			number("maxCycleYears", r.MaxCycleYears, 1, pricing.MaxCycleYears), number("trialMonths", r.TrialMonths, 1, 12))
	case "FREE_USE":
		return number("months", p.FreeUseMonths, 1, 60)
	case "BILLING":
		return errors.Join(number("dueDays", p.BillDueDays, 1, 365), number("remindDays", p.BillRemindDays, 0, p.BillDueDays), number("suspendAfterDays", p.BillSuspendDays, 0, 365))
	case "METADATA_QUALITY":
		return number("floor", p.QualityFloor, 0, 100)
	case "RESERVATION":
		return number("hours", p.ReservationHours, 1, 24*90)
	case "FLOOD_SEASON":
		if _, _, ok := (pricing.Period{Unit: pricing.FloodSeason, Count: 1}).Stretch(time.Now(), p.FloodSeason); !ok {
			return errors.New("from and to are days of every year, as 05-01, and to is not before from")
		}
	case "OUTPUT_CONTROL":
		return p.OutputControl.Check("value")
	case "NOTIFICATIONS":
		n := p.Notifications
		return errors.Join(number("keepMonths", n.KeepMonths, 1, 120), number("endingDays", n.EndingDays, 1, 365), number("dueWorkingDays", n.DueWorkingDays, 1, 60))
	case "PAYEE":
		if p.Payees[access.AdministrativeOrgan] != pricing.AccountTreasury {
			return errors.New("ADMINISTRATIVE_ORGAN is paid by TREASURY: its income is the treasury's")
		}
		if len(p.Payees) > len(access.LegalForm("").Values()) {
			return errors.New("there is no such legal form")
		}
	case "LICENCE":
		l := p.Licence
		for _, text := range []string{l.Version, l.Text, l.TextEn} {
			if strings.TrimSpace(text) == "" || len(text) > maxLicence || legible.Lines(text) != nil {
				return fmt.Errorf("version, text and textEn say something that can be read, in at most %d bytes", maxLicence)
			}
		}
	}
	for _, d := range p.Discounts {
		switch {
		case d.Percent.IsNeg() || d.Percent.Cmp(decimal.Hundred) > 0 || d.Percent.Scale() > pricing.MaxPercentDecimals:
			return fmt.Errorf("percent is 0 to 100 with at most %d decimals, 0 to end a discount", pricing.MaxPercentDecimals)
		case d.Purpose == "" && d.Class == "" && d.Scenario == "":
			return errors.New("purpose, class or scenario says what the discount is for")
		case d.Purpose != "" && !d.Purpose.Known():
			return errors.New("purpose is none of using public data")
		case d.Class.Validate("") != nil:
			return errors.New("class is a code of capital letters, digits and underscores")
		case d.Scenario != "" && !discountName.MatchString(d.Scenario):
			return errors.New("scenario is a code of capital letters, digits and underscores")
		}
	}
	for _, one := range p.Scenarios {
		if legible.Line(one.Name) != nil || legible.Line(one.NameEn) != nil || one.Name == "" || one.NameEn == "" || len(one.Name)+len(one.NameEn) > 200 {
			return errors.New("name and nameEn say in a few words what the scenario is")
		}
	}
	return nil
}
