package market

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/plan"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// MaxPlans is how many plans a product may offer at a time.
const MaxPlans = 20

// MaxPlanOrders bounds the number to which a plan may be limited.
const MaxPlanOrders = 1_000_000

// PlanInput is a way to pay for a product.
type PlanInput struct {
	Name, NameEn string
	Tariff       pricing.Tariff
	// Settlement is PREPAID where it is empty.
	Settlement pricing.Settlement
	TermMonths int
	// Trial marks a trial price (试行), which no cap binds (P65).
	Trial bool
	// LimitedTo is how many orders there may be of it, nil for any number.
	LimitedTo *int
}

// PlanAdd adds a plan to a product of the viewer's organisation, also while it is listed, and returns its id.
// Refused with everything that is wrong with it, with PRICE_OVER_CAP when its effective price exceeds the cap in force,
// and on a listed product with CAP_MISSING when there is none; a trial price is held against no cap, and refused with TRIAL_OVER
// after the operator's first complete operating year.
func (m *Market) PlanAdd(ctx context.Context, productID uuid.UUID, in PlanInput) (id uuid.UUID, err error) {
	err = m.changeOwn(ctx, productID, authorisation.AddPlan, func(ctx context.Context, tx *store.Tx, p *db.Product) error {
		if err := checkPlan(p.Status, in); err != nil {
			return err
		}
		plans, err := tx.Plan.Query().Where(plan.ProductID(productID)).All(ctx)
		if err != nil {
			return fmt.Errorf("read the plans of a product: %w", err)
		}
		binding, err := tx.CapOf(ctx, productID, in.Tariff)
		if err != nil {
			return err
		}
		if err := checkOffer(p.Status, in, offered(plans), binding); err != nil {
			return err
		}
		policies, err := tx.Policies(ctx)
		if err != nil {
			return err
		}
		since, err := tx.OperatesSince(ctx, p.OperatorID)
		if err != nil {
			return err
		}
		if err := checkTrial(in, since, policies.Pricing, authorisation.DayOf(tx.Now())); err != nil {
			return err
		}
		if err := tx.ChangeProduct(ctx, p, store.Touched); err != nil {
			return err
		}
		row, err := tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(productID).SetPosition(len(plans)).SetName(in.Name).SetNameEn(in.NameEn).
			SetMode(in.Tariff.Mode).SetSettlement(cmp.Or(in.Settlement, pricing.Prepaid)).SetTariff(in.Tariff).SetTermMonths(in.TermMonths).SetTrial(in.Trial).
			SetNillableLimitedTo(in.LimitedTo).Save(ctx)
		if err != nil {
			return fmt.Errorf("save a plan: %w", err)
		}
		id = row.ID
		return m.repriced(ctx, tx, p, store.Act{Name: "planAdd", Kind: "Plan", ID: id, Change: map[string]any{
			"product": productID, "tariff": in.Tariff, "settlement": row.Settlement, "trial": in.Trial,
			"limitedTo": in.LimitedTo,
		}})
	})
	return id, err
}

// PlanVerdict is what PlanAdd would say to a plan.
type PlanVerdict struct {
	// Refusal is what PlanAdd would refuse it with now, nil when it would take it.
	Refusal error
	// Cap is the cap in force that binds the plan, nil while there is none; a trial price is not held against it.
	Cap *db.PriceCap
	// Dearest is the quantity at which a unit costs the most above the cap, or the least below, and without a cap the most.
	// It is nil while the tariff is not valid.
	Dearest *pricing.Effective
	// Margin is how the plan stands to its cap, nil without one.
	Margin *pricing.Margin
}

// PlanCheck says what PlanAdd would say to a plan for a product of the viewer's organisation, by the same rules and
// without saving anything; any member may ask.
func (m *Market) PlanCheck(ctx context.Context, productID uuid.UUID, in PlanInput) (PlanVerdict, error) {
	p, err := m.Store.Read().Product.Get(ctx, productID)
	if db.IsNotFound(err) {
		return PlanVerdict{}, fault.Absent("product").At("productId")
	}
	if err != nil {
		return PlanVerdict{}, fmt.Errorf("read a product: %w", err)
	}
	if err := access.FromContext(ctx).MayActFor(p.OperatorID, "product", access.Operator); err != nil {
		return PlanVerdict{}, err
	}
	out := PlanVerdict{Refusal: checkPlan(p.Status, in)}
	dearest, err := pricing.Dearest(in.Tariff)
	if err != nil {
		return out, nil // the refusal names all that is wrong with the tariff
	}
	out.Dearest = &dearest
	plans, err := m.Store.Read().Plan.Query().Where(plan.ProductID(productID)).All(ctx)
	if err != nil {
		return PlanVerdict{}, fmt.Errorf("read the plans of a product: %w", err)
	}
	row, binding, err := m.Store.CapOf(ctx, productID, in.Tariff)
	if err != nil {
		return PlanVerdict{}, err
	}
	if out.Refusal == nil {
		policies, err := m.Store.Policies(ctx)
		if err != nil {
			return PlanVerdict{}, err
		}
		since, err := m.Store.OperatesSince(ctx, p.OperatorID)
		if err != nil {
			return PlanVerdict{}, err
		}
		out.Refusal = firstOf(checkOffer(p.Status, in, offered(plans), binding), checkTrial(in, since, policies.Pricing, authorisation.DayOf(m.Store.Now())))
	}
	if binding == nil {
		return out, nil
	}
	margin, err := pricing.MarginOf(in.Tariff, *binding)
	if err != nil {
		return PlanVerdict{}, err // a cap that binds a valid tariff can always be set beside it
	}
	out.Cap, out.Margin, out.Dearest = row, &margin, &margin.Worst
	return out, nil
}

// checkPlan judges a plan by itself, for a product in a state: everything that is wrong with it.
func checkPlan(status authorisation.ProductStatus, in PlanInput) error {
	if err := notRetired(status); err != nil {
		return err
	}
	wrong := append(checkText("input.name", in.Name, 400, true), checkText("input.nameEn", in.NameEn, 400, false)...)
	wrong = append(wrong, fault.All(at(in.Tariff.Validate("input"), moneyFields))...)
	wrong = append(wrong, fault.All(at(in.Tariff.CheckSettlement(in.Settlement, "input"), moneyFields))...)
	if in.TermMonths < 1 || in.TermMonths > ordering.MaxMonths {
		wrong = append(wrong, fault.New(fault.Invalid, "TERM_INVALID", "A plan is for 1 to %d months.", ordering.MaxMonths).
			At("input.termMonths").With("max", ordering.MaxMonths))
	}
	if in.LimitedTo != nil && (*in.LimitedTo < 1 || *in.LimitedTo > MaxPlanOrders) {
		wrong = append(wrong, fault.New(fault.Invalid, "LIMIT_INVALID", "A plan that is limited in number is for 1 to %d orders.", MaxPlanOrders).
			At("input.limitedTo").With("max", MaxPlanOrders))
	}
	return wrong.OrNil()
}

// moneyFields are where the input takes amounts, which it takes in yuan.
var moneyFields = map[string]string{
	"input.package.feeFen": "input.package.fee", "input.minimumFen": "input.minimum", "input.maximumFen": "input.maximum",
}

// checkOffer judges a plan that is right by itself among the plans that are offered, and against the cap in force.
// Before listing a cap may still be missing: the gate waits for it.
func checkOffer(status authorisation.ProductStatus, in PlanInput, offered int, binding *pricing.Cap) error {
	if err := roomForPlan(offered); err != nil {
		return err
	}
	switch {
	case in.Trial:
		return nil
	case binding != nil:
		return at(pricing.CheckCap(in.Tariff, *binding), map[string]string{"": "input.bands"})
	case status == authorisation.ProductListed:
		return fault.New(fault.Conflict, "CAP_MISSING", "There is no cap yet for this way of charging.").At("input.mode")
	}
	return nil
}

// checkTrial refuses a trial price with TRIAL_OVER once the operator has had a complete operating year.
func checkTrial(in PlanInput, since authorisation.Day, policy pricing.Policy, today authorisation.Day) error {
	if in.Trial && authorisation.TrialOver(since, policy.TrialMonths, today) {
		return trialOver().At("input.trial")
	}
	return nil
}

func offered(plans []*db.Plan) (n int) {
	for _, p := range plans {
		if p.WithdrawnAt == nil {
			n++
		}
	}
	return n
}

// PlanWithdraw stops selling a plan of the viewer's organisation; what was bought under it stays. Done twice, it is done once.
// A listed product that has no plan left leaves the market.
func (m *Market) PlanWithdraw(ctx context.Context, id uuid.UUID) error {
	v := access.FromContext(ctx)
	if err := doesAny(v, authorisation.WithdrawPlan); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := tx.Plan.Get(ctx, id)
		if db.IsNotFound(err) {
			return fault.Absent("plan")
		}
		if err != nil {
			return fmt.Errorf("read a plan: %w", err)
		}
		p, err := tx.ProductByID(ctx, row.ProductID)
		if err != nil {
			return err
		}
		if err := mayDo(v, authorisation.WithdrawPlan, p); err != nil || row.WithdrawnAt != nil {
			return err
		}
		if err := tx.ChangeProduct(ctx, p, store.Touched); err != nil {
			return err
		}
		if err := tx.Plan.UpdateOne(row).SetWithdrawnAt(tx.Now()).AddVersion(1).Exec(ctx); err != nil {
			return fmt.Errorf("withdraw a plan: %w", err)
		}
		return m.repriced(ctx, tx, p, store.Act{Name: "planWithdraw", Kind: "Plan", ID: id, Change: map[string]any{"product": p.ID}})
	})
}

// repriced finishes a change of what a product costs: the act is recorded, and what may no longer be listed leaves the
// market. The product was changed before what belongs to it, so that of two at once the later one is CHANGED_MEANWHILE.
func (m *Market) repriced(ctx context.Context, tx *store.Tx, p *db.Product, act store.Act) error {
	if err := tx.Record(ctx, act); err != nil {
		return err
	}
	if p.Status != authorisation.ProductListed {
		return m.scoreProduct(ctx, tx, p.ID)
	}
	_, err := m.recheck(ctx, tx, p.ID)
	return err
}
