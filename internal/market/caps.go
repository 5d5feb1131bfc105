package market

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// CapInput is an upper limit of a product's price from a day on.
type CapInput struct {
	ProductID uuid.UUID
	Mode      pricing.ChargingMode
	Rate      decimal.Decimal
	Period    pricing.Period
	// PermittedRevenueID is the permitted revenue that the cap is under, that in force of the year of EffectiveFrom, uuid.Nil while there is
	// none; Forecast is how many units the
	// product is expected to sell at it in that year.
	PermittedRevenueID uuid.UUID
	Forecast           int64
	EffectiveFrom      authorisation.Day
	SourceDocument     string
	Reason             string
}

// CapSet sets the cap of a product for a charging mode (上限收费标准, P65) and returns its id. The authorising body may: the agency, or the
// industry authority of a public-utility enterprise whose data the product is made of.
//
// Products all of whose plans are above a cap that is in force today leave the market in the same transaction; a later one binds from its
// day on. The operator is told, and how many of its plans will break it. A cap is never edited: CAP_SET_ALREADY when there is one for that day.
// Once a permitted revenue is in force for the year of its first day it is set under that one, else PERMITTED_REVENUE_REQUIRED; of the one
// that is named PERMITTED_REVENUE_NOT_IN_FORCE, PERMITTED_REVENUE_OF_OTHER_YEAR, and NOT_FOUND for another operator's. It is refused with
// CAPS_OVER_PERMITTED as pricing.CheckCaps says, for each year in which it holds and a permitted revenue is in force, and with FORECAST_MISSING.
func (m *Market) CapSet(ctx context.Context, in CapInput) (id uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if err := doesAny(v, authorisation.SetCap); err != nil {
		return uuid.Nil, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := checkCapInput(in, authorisation.DayOf(tx.Now())); err != nil {
			return err
		}
		p, err := tx.ProductByID(ctx, in.ProductID)
		if err != nil {
			return at(err, map[string]string{"": "productId"})
		}
		authorities, err := tx.CapAuthorities(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := firstOf(mayDo(v, authorisation.SetCap, p), setsCapsOf(v, authorities)); err != nil {
			return err
		}
		if err := tx.Alone(ctx, pricesLock(p.OperatorID)); err != nil {
			return err
		}
		if err := underPermitted(ctx, tx, p, in); err != nil {
			return err
		}
		if err := tx.ChangeProduct(ctx, p, store.Touched); err != nil {
			return err
		}
		create := tx.PriceCap.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetAuthorityID(v.OrganisationID).SetPersonID(v.PersonID).
			SetMode(in.Mode).SetRate(in.Rate.String()).SetPeriodUnit(string(in.Period.Unit)).SetPeriodCount(in.Period.Count).
			SetForecast(in.Forecast).SetEffectiveFrom(in.EffectiveFrom.String()).SetSourceDocument(in.SourceDocument).SetReason(in.Reason)
		if in.PermittedRevenueID != uuid.Nil {
			create.SetPermittedRevenueID(in.PermittedRevenueID)
		}
		row, err := create.Save(ctx)
		if store.IsTaken(err) {
			return fault.New(fault.Conflict, "CAP_SET_ALREADY", "There is a cap for this way of charging from that day on.").At("input.effectiveOn")
		}
		if err != nil {
			return fmt.Errorf("save a cap: %w", err)
		}
		id = row.ID
		if err := tellCap(ctx, tx, p, row); err != nil {
			return err
		}
		return m.repriced(ctx, tx, p, store.Act{Name: "capSet", Kind: "Product", ID: p.ID, Reason: in.Reason, Change: map[string]any{
			"cap": id, "mode": in.Mode, "rate": in.Rate.String(), "period": in.Period, "effectiveFrom": in.EffectiveFrom.String(),
			"permittedRevenue": in.PermittedRevenueID, "forecast": in.Forecast, "sourceDocument": in.SourceDocument,
		}})
	})
	return id, err
}

// setsCapsOf refuses a body that does not set the caps of a product: the industry authorities of the public-utility enterprises that its
// data comes from do, and where there is none the agency.
func setsCapsOf(v access.Viewer, authorities []uuid.UUID) error {
	if len(authorities) == 0 {
		return v.MayAct(access.ImplementingAgency, access.Approver)
	}
	if !slices.Contains(authorities, v.OrganisationID) {
		return fault.New(fault.Forbidden, "NOT_THE_AUTHORISING_BODY",
			"The caps of this product are set by the industry authority of the enterprise that its data comes from.")
	}
	return v.MayAct(access.IndustryAuthority, access.Approver)
}

// underPermitted refuses a cap that is not under the permitted revenue in force of its year, and one by which the caps of a year would earn more
// than is permitted in it: that of its first day, and those after it for which one is in force already.
func underPermitted(ctx context.Context, tx *store.Tx, p *db.Product, in CapInput) error {
	inForce, err := tx.PermittedInForce(ctx, p.OperatorID)
	if err != nil {
		return err
	}
	if err := namesPermitted(ctx, tx, p, in, inForce); err != nil {
		return err
	}
	caps, err := tx.CapsOf(ctx, p.OperatorID)
	if err != nil {
		return err
	}
	added := pricing.DatedCap{
		Product: p.ID.String(), Cap: pricing.Cap{Mode: in.Mode, Rate: in.Rate, Period: in.Period}, From: in.EffectiveFrom.String(), Forecast: in.Forecast,
	}
	for _, permitted := range inForce {
		if err := pricing.CheckCaps(caps, added, permitted.Year, permitted.LeftFen()); err != nil {
			return at(err, map[string]string{"": "input.rate"})
		}
	}
	return nil
}

// namesPermitted refuses a cap that does not name the permitted revenue in force of its year where there is one, or names another.
func namesPermitted(ctx context.Context, tx *store.Tx, p *db.Product, in CapInput, inForce []store.PermittedRevenue) error {
	year := in.EffectiveFrom.Year()
	if in.PermittedRevenueID == uuid.Nil {
		if slices.ContainsFunc(inForce, func(other store.PermittedRevenue) bool { return other.Year == year }) {
			return fault.New(fault.Conflict, "PERMITTED_REVENUE_REQUIRED", "A permitted revenue is in force for %d: the cap is set under it.", year).
				At("input.permittedRevenueId").With("year", year)
		}
		return nil
	}
	permitted, err := tx.PermittedRevenueByID(ctx, in.PermittedRevenueID)
	if err == nil && permitted.OperatorID != p.OperatorID {
		err = fault.Absent("permitted revenue")
	}
	if err != nil {
		return at(err, map[string]string{"": "input.permittedRevenueId"})
	}
	if !slices.ContainsFunc(inForce, func(other store.PermittedRevenue) bool { return other.ID == permitted.ID }) {
		return fault.New(fault.Conflict, "PERMITTED_REVENUE_NOT_IN_FORCE", "This permitted revenue is not approved, or another one took its place.").
			At("input.permittedRevenueId")
	}
	if permitted.Year != year {
		return fault.New(fault.Conflict, "PERMITTED_REVENUE_OF_OTHER_YEAR", "This permitted revenue is of %d, and the cap begins in %d.", permitted.Year, year).
			At("input.permittedRevenueId").With("permitted", permitted.Year).With("year", year)
	}
	return nil
}

// tellCap tells an operator of a cap of its product, with how many of its plans will break it.
func tellCap(ctx context.Context, tx *store.Tx, p *db.Product, row *db.PriceCap) error {
	breaking, err := tx.BreakingPlans(ctx, row)
	if err != nil {
		return err
	}
	return tx.Notify(ctx, store.Notice{To: []uuid.UUID{p.OperatorID}, Kind: notice.CapSet, Subject: notice.Product, SubjectID: p.ID,
		Params: store.ProductParams(p, "mode", string(row.Mode), "rate", row.Rate, "effectiveOn", row.EffectiveFrom, "plans", strconv.Itoa(len(breaking)))})
}

func checkCapInput(in CapInput, today authorisation.Day) error {
	limit := pricing.Cap{Mode: in.Mode, Rate: in.Rate, Period: in.Period}
	wrong := fault.List(fault.All(limit.Validate("input")))
	if in.EffectiveFrom.Before(today) {
		wrong = append(wrong, fault.New(fault.Invalid, "EFFECTIVE_FROM_PAST", "A cap holds from today at the earliest.").At("input.effectiveOn"))
	}
	switch {
	case in.PermittedRevenueID == uuid.Nil && in.Forecast != 0:
		wrong = append(wrong, fault.New(fault.Invalid, "FORECAST_NOT_USED", "Only a cap under a permitted revenue has a forecast.").At("input.forecast"))
	case in.PermittedRevenueID != uuid.Nil && in.Forecast == 0:
		wrong = append(wrong, fault.New(fault.Invalid, "FORECAST_MISSING", "Say how many units are expected to be sold in that year.").At("input.forecast"))
	case in.PermittedRevenueID != uuid.Nil && (in.Forecast < 1 || in.Forecast > pricing.MaxQuantity):
		wrong = append(wrong, fault.New(fault.Invalid, "QUANTITY_INVALID", "The quantity is 1 to %d.", int64(pricing.MaxQuantity)).
			With("max", int64(pricing.MaxQuantity)).At("input.forecast"))
	}
	wrong = append(wrong, checkText("input.sourceDocument", in.SourceDocument, 600, true)...)
	return append(wrong, checkText("input.reason", in.Reason, 8000, true)...).OrNil()
}
