package market

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// AllocationInput is what was agreed among whom a product's fee is shared.
type AllocationInput struct {
	ProductID uuid.UUID
	// Rule is the agreement; its version is given by the market.
	Rule pricing.AllocationRule
	// EffectiveFrom is its first day; zero is from its approval on.
	EffectiveFrom  authorisation.Day
	SourceDocument string
}

// AllocationAgree records a new agreement on who shares the fee of a product of the viewer's organisation (CITY 11.3) and
// returns its id. Its number is one more than the last; orders keep the one they were placed under.
//
// The rule of a draft is approved with the product, by the review that reads it. Any later one is approved by the agency in a
// proceeding of its own, and until then the one before holds.
//
// Contributors are the operator, the source units of the product's inputs, those who bring its social data, and the
// platform; anybody else is CONTRIBUTOR_NOT_ALLOWED. Who would be paid into its own account is verified, else PAYEE_NOT_VERIFIED.
// Refused too with the faults of the rule, RULE_MONTH_CLOSED for a first day in a month with a final statement, and
// PROFIT_OVER_PERMITTED.
func (m *Market) AllocationAgree(ctx context.Context, in AllocationInput) (id uuid.UUID, err error) {
	err = m.changeOwn(ctx, in.ProductID, authorisation.AgreeAllocation, func(ctx context.Context, tx *store.Tx, p *db.Product) error {
		number, err := tx.NextRuleNumber(ctx, p.ID)
		if err != nil {
			return err
		}
		in.Rule.Version = number
		if err := m.checkAllocation(ctx, tx, p, in); err != nil {
			return err
		}
		if err := tx.ChangeProduct(ctx, p, store.Touched); err != nil {
			return err
		}
		if id, err = tx.AddAllocationRule(ctx, p.ID, access.FromContext(ctx).PersonID, in.Rule, in.EffectiveFrom, in.SourceDocument); err != nil {
			return err
		}
		if p.Status != authorisation.ProductDraft {
			if _, err := m.open(ctx, tx, opening{kind: authorisation.ProceedingAllocation, subjectID: id, subjectName: p.Name}); err != nil {
				return err
			}
		}
		return tx.Record(ctx, store.Act{Name: "allocationAgree", Kind: "Product", ID: p.ID, Change: map[string]any{
			"allocationRule": id, "rule": in.Rule, "effectiveFrom": in.EffectiveFrom, "sourceDocument": in.SourceDocument,
		}})
	})
	return id, err
}

func (m *Market) checkAllocation(ctx context.Context, tx *store.Tx, p *db.Product, in AllocationInput) error {
	allowed, err := tx.Contributors(ctx, p)
	if err != nil {
		return err
	}
	wrong := fault.List(fault.All(in.Rule.Validate("input")))
	var ids []uuid.UUID
	for i, part := range in.Rule.Parts {
		id, err := uuid.Parse(part.Contributor)
		if err != nil || !allowed[id] {
			wrong = append(wrong, fault.New(fault.Conflict, "CONTRIBUTOR_NOT_ALLOWED",
				"A share goes to the operator, to who provides the data, or to the platform.").At(fmt.Sprintf("input.parts.%d.contributorId", i)))
			continue
		}
		ids = append(ids, id)
	}
	wrong = append(wrong, checkText("input.sourceDocument", in.SourceDocument, 600, true)...)
	if len(wrong) > 0 {
		return wrong
	}
	if err := m.checkPayees(ctx, tx, in.Rule, ids); err != nil {
		return err
	}
	if err := m.checkEffective(ctx, tx, in.EffectiveFrom); err != nil {
		return err
	}
	return at(withinProfit(ctx, tx, p.OperatorID, in.Rule, in.EffectiveFrom), map[string]string{"": "input.parts"})
}

// withinProfit refuses a rule that would give out more profit than is permitted in the year of its first day, zero for today, with
// PROFIT_OVER_PERMITTED. While nothing is permitted for that year there is nothing to hold it against.
func withinProfit(ctx context.Context, tx *store.Tx, operator uuid.UUID, rule pricing.AllocationRule, begins authorisation.Day) error {
	if begins.IsZero() {
		begins = authorisation.DayOf(tx.Now())
	}
	permitted, found, err := tx.PermittedIn(ctx, operator, begins.Year())
	if err != nil || !found {
		return err
	}
	return rule.CheckProfit(permitted.RevenueFen, permitted.ProfitFen)
}

// checkPayees refuses parts that would be paid into the account of an organisation which nobody has verified; an
// administrative organ's goes to the treasury, whoever the organ is.
func (m *Market) checkPayees(ctx context.Context, tx *store.Tx, rule pricing.AllocationRule, ids []uuid.UUID) error {
	payees, err := payeesOf(ctx, tx, rule)
	if err != nil {
		return err
	}
	verified, err := tx.VerifiedAmong(ctx, ids)
	if err != nil {
		return err
	}
	var wrong fault.List
	for i, id := range ids {
		if payees[rule.Parts[i].Contributor].Kind == pricing.AccountContributor && !verified[id] {
			wrong = append(wrong, fault.New(fault.Conflict, "PAYEE_NOT_VERIFIED", "This organisation is not verified, so nothing can be paid to it.").
				At(fmt.Sprintf("input.parts.%d.contributorId", i)))
		}
	}
	return wrong.OrNil()
}

// checkEffective refuses a first day in a month whose statements are final.
func (m *Market) checkEffective(ctx context.Context, tx *store.Tx, from authorisation.Day) error {
	if from.IsZero() {
		return nil
	}
	closed, err := tx.LastClosedMonth(ctx)
	if err != nil {
		return err
	}
	if month := pricing.MonthOf(from.Start()).String(); month <= closed {
		return fault.New(fault.Conflict, "RULE_MONTH_CLOSED", "The statements up to %s are final; a rule begins after them.", closed).
			At("input.effectiveOn").With("month", closed)
	}
	return nil
}

// allocationDecided makes an approved rule the one that holds from its day on, by what is permitted and closed when it is approved.
func (m *Market) allocationDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	if p.State != authorisation.StateApproved {
		return nil
	}
	ctx = store.AsSystem(ctx) // whoever decides
	rule, err := tx.AllocationRule.Get(ctx, p.SubjectID)
	if err != nil {
		return fmt.Errorf("read an allocation rule: %w", err)
	}
	var begins authorisation.Day
	if rule.EffectiveFrom != "" {
		if begins, err = authorisation.ParseDay(rule.EffectiveFrom); err != nil {
			return err
		}
	}
	if err := at(m.checkEffective(ctx, tx, begins), map[string]string{"input.effectiveOn": ""}); err != nil {
		return err
	}
	product, err := tx.ProductByID(ctx, rule.ProductID)
	if err != nil {
		return err
	}
	if err := withinProfit(ctx, tx, product.OperatorID, store.RuleAllocation(rule), begins); err != nil {
		return err
	}
	return tx.ApproveAllocation(ctx, rule.ID)
}

// Replay is what the revenue of a product would have been under another rule, part by part.
type Replay struct {
	// Entries is how many payments were divided anew; NetFen what they brought.
	Entries int64
	NetFen  pricing.Fen
	Parts   []ReplayPart
}

// ReplayPart is what a contributor received on a ground, and would receive. One that a rule does not know has 0 under it.
type ReplayPart struct {
	ContributorID          uuid.UUID
	Channel                pricing.Channel
	Basis                  string
	PostedFen, ReplayedFen pricing.Fen
}

// AllocationReplay divides what a product of the viewer's organisation earned in some months of Asia/Shanghai, both included,
// once more by another of its rules, payment by payment, and stores nothing: what a rule would change is seen before it is
// adopted. The operator and the agency may. Refused with NOT_FOUND, MONTH_INVALID, PERIOD_INVALID and PERIOD_TOO_LONG.
func (m *Market) AllocationReplay(ctx context.Context, ruleID uuid.UUID, fromMonth, toMonth string) (Replay, error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return Replay{}, err
	}
	row, rule, err := m.Store.AllocationRule(ctx, ruleID)
	if err != nil {
		return Replay{}, err
	}
	first, last, err := m.period(fromMonth, toMonth, "fromMonth", "toMonth")
	if err != nil {
		return Replay{}, err
	}
	from, until := first.Start(), last.Next().Start()
	type key struct {
		contributor, channel, basis string
	}
	var out Replay
	places := map[key]int{}
	place := func(k key) *ReplayPart {
		i, known := places[k]
		if !known {
			i = len(out.Parts)
			places[k] = i
			id, _ := uuid.Parse(k.contributor)
			out.Parts = append(out.Parts, ReplayPart{ContributorID: id, Channel: pricing.Channel(k.channel), Basis: k.basis})
		}
		return &out.Parts[i]
	}
	for _, part := range rule.Parts {
		place(key{part.Contributor, string(part.Channel), part.Basis})
	}
	divide := func(net pricing.Fen) error {
		shares, err := rule.Split(net)
		if err != nil {
			return err
		}
		out.Entries++
		out.NetFen += net
		for _, s := range shares {
			place(key{s.Contributor, string(s.Channel), s.Basis}).ReplayedFen += s.AmountFen
		}
		return nil
	}
	if err := m.Store.NetOfEntries(ctx, row.ProductID, from, until, divide); err != nil {
		return Replay{}, err
	}
	posted, err := m.Store.PostedShares(ctx, row.ProductID, from, until)
	if err != nil {
		return Replay{}, err
	}
	// Grounds are reworded from rule to rule: what has the channel of one part of its contributor alone is held against that.
	held := func(k key) key {
		alone := k
		for _, part := range rule.Parts {
			switch {
			case part.Contributor != k.contributor || string(part.Channel) != k.channel:
			case part.Basis == k.basis || alone != k: // it is there itself, or there are two
				return k
			default:
				alone.basis = part.Basis
			}
		}
		return alone
	}
	for _, p := range posted {
		place(held(key{p.ContributorID.String(), string(p.Channel), p.Basis})).PostedFen += p.AmountFen
	}
	return out, nil
}
