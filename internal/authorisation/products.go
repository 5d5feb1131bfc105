package authorisation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// Product is a data product (数据产品) with everything that its listing depends on.
type Product struct {
	ID          uuid.UUID
	Name        string
	Description string
	Status      ProductStatus
	// Suspension is the obstacle that it was taken off the market for, "" for none.
	Suspension ObstacleCode
	Agreement  Agreement
	// OperatorVerified: the operator is a verified organisation and not suspended.
	OperatorVerified bool
	// Purposes are those for which the product is offered, each of which the grants must allow; none declared asks nothing
	// of the grants. A product offered for free purposes only needs neither plan nor allocation rule.
	Purposes []purpose.Purpose
	Inputs   []Input
	// RowsAggregated: its rows are verification answers or aggregates and no records of single persons.
	RowsAggregated bool
	// Columns is how many columns its dictionary has.
	Columns   int
	HasSample bool
	Dataset   DatasetState
	// Reviewed: security and compliance approved this version.
	Reviewed          bool
	Registration      Registration
	Plans             []Plan
	HasAllocationRule bool
	// OperatesSince is the first day of its operator's first agreement.
	OperatesSince Day
	// CapSetters are the industry authorities that set its caps; none where the agency does.
	CapSetters []uuid.UUID
	// Quality is the score of its metadata, 0 to 100.
	Quality int
	// TurnsOn is OfferTurns of the day on which this was gathered.
	TurnsOn Day
}

// Input is a data item that a product is made from.
type Input struct {
	Item     Item
	Resource Resource
	// Grants are those among which one must cover the item; what does not apply is passed over.
	Grants []Grant
	// GrantEnded: a grant covered the item until its agreement came to its end by expiry or exit.
	GrantEnded bool
}

// DatasetState is what became of the newest dataset of a product.
type DatasetState string

// The states; "" is DatasetNone.
const (
	DatasetNone     DatasetState = "NONE"
	DatasetRefused  DatasetState = "REFUSED"
	DatasetAccepted DatasetState = "ACCEPTED"
)

// Values lists the stored forms.
func (DatasetState) Values() []string { return []string{"NONE", "REFUSED", "ACCEPTED"} }

// Plan is a charging plan (收费方案) that the product offers, judged by package pricing.
type Plan struct {
	ID   uuid.UUID
	Name string
	// Trial: the price is a trial price (试行), which needs no cap (P65).
	Trial bool
	// HasCap: a cap is in force for its charging mode. WithinCap: the effective price does not exceed it.
	HasCap, WithinCap bool
	// CapFrom is the first day of the cap in force.
	CapFrom Day
}

// Registration is the registrar's code of a product and the days for which it is valid (R26).
type Registration struct {
	// Code is "" while the registrar has issued none.
	Code string
	Term
}

// RegistrationTerm returns the days for which a registration is valid: so many months (R26: three years) from the day
// of coding, but not past the end of the agreement under which the product is made.
func RegistrationTerm(codedOn Day, months int, agreement Agreement) Term {
	end := codedOn.TermEnd(months)
	if !agreement.EndsOn.IsZero() && agreement.EndsOn.Before(end) {
		end = agreement.EndsOn
	}
	return Term{codedOn, end}
}

// PersonLinked reports whether the product is made from an item that is linked to persons.
func (p Product) PersonLinked() bool {
	return slices.ContainsFunc(p.Inputs, func(in Input) bool { return in.Item.personLinked() })
}

func (i Item) personLinked() bool { return i.Linkage == LinkageLinked || i.Linkage == LinkageHigh }

// sold reports whether the product is offered for a purpose that pays.
func (p Product) sold() bool {
	pays := func(p purpose.Purpose) bool { return !p.Free() }
	return len(p.Purposes) == 0 || slices.ContainsFunc(p.Purposes, pays)
}

// ListingPolicy is what policy says about listing.
type ListingPolicy struct {
	// RegistrationCodeRequired asks for the registrar's code before listing; otherwise an application within 20 working
	// days of the first delivery is enough (R26 art. 9).
	RegistrationCodeRequired bool `json:"registrationCodeRequired"`
	// QualityFloor is the least score of its metadata with which a product is put on the market, 0 for any (METADATA_QUALITY).
	// One that is there already stays when its score falls below.
	QualityFloor int `json:"-"`
	// TrialMonths is how long trial prices may be asked from the first day of an operator's first agreement on (PRICING).
	TrialMonths int `json:"-"`
}

// DefaultListingPolicy holds where no policy row says otherwise: the code is required, and a year is twelve months.
func DefaultListingPolicy() ListingPolicy {
	return ListingPolicy{RegistrationCodeRequired: true, TrialMonths: 12}
}

// ObstacleCode says what kind of thing stands in the way of a product.
type ObstacleCode string

// The obstacles, in the order in which they are reported.
const (
	AgreementNotInForce     ObstacleCode = "AGREEMENT_NOT_IN_FORCE"
	AgreementEnded          ObstacleCode = "AGREEMENT_ENDED"
	OperatorNotVerified     ObstacleCode = "OPERATOR_NOT_VERIFIED"
	DescriptionMissing      ObstacleCode = "DESCRIPTION_MISSING"
	NoInputs                ObstacleCode = "NO_INPUTS"
	ResourceNotPublished    ObstacleCode = "RESOURCE_NOT_PUBLISHED"
	ProviderConsentMissing  ObstacleCode = "PROVIDER_CONSENT_MISSING"
	UpdateFrequencyMissing  ObstacleCode = "UPDATE_FREQUENCY_MISSING"
	ItemNotGranted          ObstacleCode = "ITEM_NOT_GRANTED"
	GrantEnded              ObstacleCode = "GRANT_ENDED"
	PurposeNotGranted       ObstacleCode = "PURPOSE_NOT_GRANTED"
	ItemWithdrawn           ObstacleCode = "ITEM_WITHDRAWN"
	ItemNotClassified       ObstacleCode = "ITEM_NOT_CLASSIFIED"
	ItemCoreNeverGranted    ObstacleCode = "ITEM_CORE_NEVER_GRANTED"
	ItemUnprotected         ObstacleCode = "ITEM_UNPROTECTED"
	LinkedItemNotAggregated ObstacleCode = "LINKED_ITEM_NOT_AGGREGATED"
	DictionaryMissing       ObstacleCode = "DICTIONARY_MISSING"
	SampleMissing           ObstacleCode = "SAMPLE_MISSING"
	DatasetMissing          ObstacleCode = "DATASET_MISSING"
	DatasetRefusedObstacle  ObstacleCode = "DATASET_REFUSED"
	NotReviewed             ObstacleCode = "NOT_REVIEWED"
	RegistrationCodeMissing ObstacleCode = "REGISTRATION_CODE_MISSING"
	RegistrationExpired     ObstacleCode = "REGISTRATION_EXPIRED"
	NoPlan                  ObstacleCode = "NO_PLAN"
	CapMissing              ObstacleCode = "CAP_MISSING"
	PriceOverCap            ObstacleCode = "PRICE_OVER_CAP"
	TrialOverObstacle       ObstacleCode = "TRIAL_OVER"
	AllocationRuleMissing   ObstacleCode = "ALLOCATION_RULE_MISSING"
	QualityBelowFloor       ObstacleCode = "QUALITY_BELOW_FLOOR" // last: what else is missing shows in it
)

// Values lists the stored forms, in the order in which obstacles are reported.
func (ObstacleCode) Values() []string {
	return []string{"AGREEMENT_NOT_IN_FORCE", "AGREEMENT_ENDED", "OPERATOR_NOT_VERIFIED", "DESCRIPTION_MISSING", "NO_INPUTS",
		"RESOURCE_NOT_PUBLISHED", "PROVIDER_CONSENT_MISSING", "UPDATE_FREQUENCY_MISSING", "ITEM_NOT_GRANTED", "GRANT_ENDED",
		"PURPOSE_NOT_GRANTED", "ITEM_WITHDRAWN", "ITEM_NOT_CLASSIFIED", "ITEM_CORE_NEVER_GRANTED", "ITEM_UNPROTECTED",
		"LINKED_ITEM_NOT_AGGREGATED", "DICTIONARY_MISSING", "SAMPLE_MISSING", "DATASET_MISSING", "DATASET_REFUSED",
		"NOT_REVIEWED", "REGISTRATION_CODE_MISSING", "REGISTRATION_EXPIRED", "NO_PLAN", "CAP_MISSING", "PRICE_OVER_CAP",
		"TRIAL_OVER", "ALLOCATION_RULE_MISSING", "QUALITY_BELOW_FLOOR"}
}

// SubjectKind is what an obstacle is found at.
type SubjectKind string

// The subjects.
const (
	SubjectProduct   SubjectKind = "PRODUCT"
	SubjectAgreement SubjectKind = "AGREEMENT"
	SubjectOperator  SubjectKind = "OPERATOR"
	SubjectResource  SubjectKind = "RESOURCE"
	SubjectItem      SubjectKind = "ITEM"
	SubjectPlan      SubjectKind = "PLAN"
)

// Values lists the stored forms.
func (SubjectKind) Values() []string {
	return []string{"PRODUCT", "AGREEMENT", "OPERATOR", "RESOURCE", "ITEM", "PLAN"}
}

// Subject is the thing that must change before an obstacle goes away.
type Subject struct {
	Kind SubjectKind
	ID   uuid.UUID
	Name string
}

// Obstacle is one thing that keeps a product from being on the market.
type Obstacle struct {
	Code    ObstacleCode
	Subject Subject
	// Message is one English sentence; Params are the values that another language needs beside the subject's name.
	Message string
	Params  map[string]any
}

// fault returns the obstacle as a conflict with its own code; params gain subjectKind, subjectId and subjectName.
func (o Obstacle) fault() *fault.Error {
	e := fault.New(fault.Conflict, string(o.Code), "%s", o.Message).
		With("subjectKind", string(o.Subject.Kind)).With("subjectId", o.Subject.ID.String()).With("subjectName", o.Subject.Name)
	for name, value := range o.Params {
		e = e.With(name, value)
	}
	return e
}

// Obstacles returns everything that keeps the product from being listed, and a listed one from staying so, in the order
// of ObstacleCode and within it of the inputs, purposes and plans; each subject has an obstacle once.
//
// The gate: the operator is verified and its agreement in force; every item used is granted today, for every purpose
// offered, by a published resource whose update frequency has a code, classified, not core and protected (CITY 9.2, S18),
// and what is linked to persons leaves as aggregates only; dictionary, sample and accepted dataset are there; the version
// is reviewed (A27 art. 14) and its registration valid (R26); some plan is within its cap or a trial price that may still be
// asked (P65), for of several a plan that is not stops alone; and it is agreed who shares the revenue (CITY 11.3). A product
// that is not listed also needs the score of its metadata that the platform asks for.
func Obstacles(product Product, policy ListingPolicy, today Day) []Obstacle {
	found := obstacles{}
	found.ofOperator(product, today)
	found.ofContent(product)
	found.ofQuality(product, policy)
	for _, input := range product.Inputs {
		found.ofResource(input.Resource)
		found.ofItem(product, input, today)
	}
	found.ofRegistration(product, policy, today)
	found.ofPrice(product, policy, today)
	return found.ordered()
}

type obstacles []Obstacle

// add keeps one obstacle per code and subject, except that an item may lack several purposes.
func (os *obstacles) add(code ObstacleCode, subject Subject, message string, params map[string]any) {
	same := func(o Obstacle) bool { return o.Code == code && o.Subject == subject && o.Message == message }
	if !slices.ContainsFunc(*os, same) {
		*os = append(*os, Obstacle{code, subject, message, params})
	}
}

func (os obstacles) ordered() []Obstacle {
	rank := map[ObstacleCode]int{}
	for i, code := range ObstacleCode("").Values() {
		rank[ObstacleCode(code)] = i
	}
	slices.SortStableFunc(os, func(a, b Obstacle) int { return rank[a.Code] - rank[b.Code] })
	return os
}

func (os *obstacles) ofOperator(p Product, today Day) {
	switch {
	case p.Agreement.InForce(today):
	case p.Agreement.Ended(today):
		os.add(AgreementEnded, Subject{SubjectAgreement, p.Agreement.ID, p.Agreement.OperatorName},
			"The operation agreement came to its end.", nil)
	default:
		os.add(AgreementNotInForce, Subject{SubjectAgreement, p.Agreement.ID, p.Agreement.OperatorName},
			"The operation agreement is not in force.", nil)
	}
	if !p.OperatorVerified {
		os.add(OperatorNotVerified, Subject{SubjectOperator, p.Agreement.OperatorID, p.Agreement.OperatorName},
			"The operator is not a verified organisation.", nil)
	}
}

// ofContent looks at what the operator prepares itself before the product is submitted, and at the version's dataset and review.
func (os *obstacles) ofContent(p Product) {
	os.ofDraft(p)
	subject := p.subject()
	switch p.Dataset {
	case DatasetAccepted:
	case DatasetRefused:
		os.add(DatasetRefusedObstacle, subject, "The newest dataset was refused.", nil)
	default:
		os.add(DatasetMissing, subject, "The product has no dataset.", nil)
	}
	if !p.Reviewed || p.Status == ProductDraft || p.Status == ProductSubmitted {
		os.add(NotReviewed, subject, "Security and compliance have not both approved this version.", nil)
	}
}

// ofQuality asks for the floor of those that are to come onto the market only: a score also falls by time alone, and who
// relies on a product is not to lose it for how it is described.
func (os *obstacles) ofQuality(p Product, policy ListingPolicy) {
	if p.Status != ProductListed && p.Quality < policy.QualityFloor {
		os.add(QualityBelowFloor, p.subject(), fmt.Sprintf("The quality of its metadata is %d; %d are asked for.", p.Quality, policy.QualityFloor),
			map[string]any{"floor": policy.QualityFloor, "quality": p.Quality})
	}
}

func (os *obstacles) ofDraft(p Product) {
	subject := p.subject()
	if strings.TrimSpace(p.Description) == "" {
		os.add(DescriptionMissing, subject, "The product has no description.", nil)
	}
	if len(p.Inputs) == 0 {
		os.add(NoInputs, subject, "The product names no data item that it is made from.", nil)
	}
	if p.Columns == 0 {
		os.add(DictionaryMissing, subject, "The product has no data dictionary.", nil)
	}
	if !p.HasSample {
		os.add(SampleMissing, subject, "The product has no masked sample.", nil)
	}
	if p.sold() && len(p.Plans) == 0 {
		os.add(NoPlan, subject, "The product has no plan.", nil)
	}
}

func (os *obstacles) ofResource(r Resource) {
	subject := Subject{SubjectResource, r.ID, r.Name}
	for _, reason := range grantableResource(r) {
		os.add(ObstacleCode(reason.Code), subject, reason.Message, nil)
	}
	if !known(r.UpdateFrequency) {
		os.add(UpdateFrequencyMissing, subject, "The update frequency of the resource "+r.Name+" has no code yet.", nil)
	}
}

func (os *obstacles) ofItem(p Product, in Input, today Day) {
	subject := Subject{SubjectItem, in.Item.ID, in.Item.Name}
	holds := func(g Grant) bool {
		return g.AgreementID == p.Agreement.ID && g.ActiveOn(today) && g.Covers(in.Item.ID)
	}
	if !slices.ContainsFunc(in.Grants, holds) && in.GrantEnded {
		os.add(GrantEnded, subject, "The grant of the data item "+in.Item.Name+" ended with its agreement.", nil)
	} else if !slices.ContainsFunc(in.Grants, holds) {
		os.add(ItemNotGranted, subject, "No active grant covers the data item "+in.Item.Name+".", nil)
	} else {
		for _, offered := range p.Purposes {
			if !slices.ContainsFunc(in.Grants, func(g Grant) bool { return holds(g) && g.Allows(offered) }) {
				os.add(PurposeNotGranted, subject, "The data item "+in.Item.Name+" is not granted for the purpose "+string(offered)+".",
					map[string]any{"purpose": string(offered)})
			}
		}
	}
	for _, reason := range grantableItem(in.Item) {
		code, params := ObstacleCode(reason.Code), map[string]any(nil)
		if missing, ok := reason.Params["missing"]; ok {
			code, params = ItemUnprotected, map[string]any{"missing": missing}
		}
		os.add(code, subject, reason.Message, params)
	}
	if in.Item.personLinked() && !p.RowsAggregated {
		os.add(LinkedItemNotAggregated, subject,
			"The data item "+in.Item.Name+" is linked to persons and leaves only as a verification answer or an aggregate.", nil)
	}
}

// Offered decides whether a product may be used for a purpose on a day: every data item that it is made from must be
// granted for it. Refused with PURPOSE_NOT_GRANTED at input.purpose (params purpose, and items: their names).
func Offered(product Product, p purpose.Purpose, today Day) error {
	var names []string
	for _, in := range product.Inputs {
		allows := func(g Grant) bool {
			return g.AgreementID == product.Agreement.ID && g.ActiveOn(today) && g.Covers(in.Item.ID) && g.Allows(p)
		}
		if !slices.ContainsFunc(in.Grants, allows) {
			names = append(names, in.Item.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, "PURPOSE_NOT_GRANTED", "For this purpose these data items of the product are not granted: %s.",
		strings.Join(names, ", ")).At("input.purpose").With("purpose", string(p)).With("items", names)
}

// OfferTurns is the first day after one on which Offered may answer otherwise though nobody changes anything: an agreement of the
// operator begins or has ended, so that another is its agreement, or a grant of an item does. The zero Day for none.
func OfferTurns(agreements []Agreement, inputs []Input, after Day) Day {
	var turns []Day
	add := func(starts, ends Day) {
		if turns = append(turns, starts); !ends.IsZero() {
			turns = append(turns, ends.AddDays(1))
		}
	}
	for _, a := range agreements {
		add(a.StartsOn, a.EndsOn)
	}
	for _, in := range inputs {
		for _, g := range in.Grants {
			add(g.StartsOn, g.EndsOn)
		}
	}
	return Next(after, turns...)
}

func (os *obstacles) ofRegistration(p Product, policy ListingPolicy, today Day) {
	switch r := p.Registration; {
	case r.Code == "" && policy.RegistrationCodeRequired:
		os.add(RegistrationCodeMissing, p.subject(), "The registrar has issued no code for the product.", nil)
	case r.Code != "" && !r.Contains(today):
		os.add(RegistrationExpired, p.subject(), "The registration of the product is not valid today.",
			map[string]any{"endsOn": r.EndsOn.String()})
	}
}

// TrialOver reports whether an operator that operates since a day has had a complete operating year: trial prices end with it (P65).
func TrialOver(since Day, months int, today Day) bool {
	return !since.IsZero() && today.After(since.TermEnd(months))
}

// StopsPlan is what keeps a plan of the product from being sold, "" where nothing does; other plans are not concerned.
func (p Product) StopsPlan(plan Plan, policy ListingPolicy, today Day) ObstacleCode {
	switch {
	case plan.Trial && TrialOver(p.OperatesSince, policy.TrialMonths, today):
		return TrialOverObstacle
	case plan.Trial:
		return ""
	case !plan.HasCap:
		return CapMissing
	case !plan.WithinCap:
		return PriceOverCap
	}
	return ""
}

// ofPrice: as long as one plan may be sold, the product stays and the others stop.
func (os *obstacles) ofPrice(p Product, policy ListingPolicy, today Day) {
	stopped := obstacles{}
	for _, plan := range p.Plans {
		subject := Subject{SubjectPlan, plan.ID, plan.Name}
		switch code := p.StopsPlan(plan, policy, today); code {
		case CapMissing:
			stopped.add(code, subject, "The plan "+plan.Name+" has no price cap yet.", nil)
		case PriceOverCap:
			stopped.add(code, subject, "The price of the plan "+plan.Name+" exceeds its cap.", nil)
		case TrialOverObstacle:
			stopped.add(code, subject, "The trial price of the plan "+plan.Name+" ended with the operator's first operating year.", nil)
		}
	}
	if len(stopped) == len(p.Plans) {
		*os = append(*os, stopped...)
	}
	if p.sold() && !p.HasAllocationRule {
		os.add(AllocationRuleMissing, p.subject(), "No rule says who shares the revenue of the product.", nil)
	}
}

func (p Product) subject() Subject { return Subject{SubjectProduct, p.ID, p.Name} }

// List decides whether the product may go on the market.
//
// What stands in the way is returned all at once, as a list that begins with PRODUCT_NOT_LISTABLE (param obstacles: how many)
// and goes on with one fault for each of Obstacles, in its order: the first lets a client recognise the refusal, each other
// has the obstacle's own code, sentence and params, and subjectKind, subjectId and subjectName.
// A product that is listed already or retired is MOVE_NOT_ALLOWED and nothing else.
func List(product Product, policy ListingPolicy, today Day) (ProductStatus, error) {
	if product.Status == ProductListed || product.Status == ProductRetired {
		return "", Move(product.Status, ProductListed)
	}
	if err := refusal("PRODUCT_NOT_LISTABLE", "cannot be listed yet", Obstacles(product, policy, today)); err != nil {
		return "", err
	}
	if err := Move(product.Status, ProductListed); err != nil {
		return "", err
	}
	return ProductListed, nil
}

// Submit decides whether the operator may submit a draft for review: it needs description, inputs, dictionary, sample and,
// if it is sold, a plan. What is missing is returned like the obstacles of List, after PRODUCT_NOT_SUBMITTABLE.
// MOVE_NOT_ALLOWED when it is no draft.
func Submit(product Product) (ProductStatus, error) {
	if err := Move(product.Status, ProductSubmitted); err != nil {
		return "", err
	}
	found := obstacles{}
	found.ofDraft(product)
	if err := refusal("PRODUCT_NOT_SUBMITTABLE", "cannot be submitted yet", found.ordered()); err != nil {
		return "", err
	}
	return ProductSubmitted, nil
}

func refusal(code, what string, found []Obstacle) error {
	if len(found) == 0 {
		return nil
	}
	list := fault.List{fault.New(fault.Conflict, code, "The product %s; obstacles: %d.", what, len(found)).With("obstacles", len(found))}
	for _, obstacle := range found {
		list = append(list, obstacle.fault())
	}
	return list
}
